"""A secret in a file: what is taken, and what is refused with the file's name alone (S5)."""

from __future__ import annotations

import os

import pytest

from cado_sentinelone.errors import AssetError
from cado_sentinelone.secret_sources import resolved

CANARY = "canary-5f0c7a3a9d1e4b62"


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "acme"
    file.touch(0o600)  # whatever the umask here is
    return file


def read(path):
    return resolved("cado_api_key", {"from": "file", "path": str(path)}, {})


def refusal(path):
    with pytest.raises(AssetError) as raised:
        read(path)
    message = raised.value.message
    assert message.startswith(f"cado_api_key: the file {path} ")
    assert "canary" not in message + raised.value.remedy
    return message


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_one_line_break_at_the_end_is_dropped(secret, end):
    secret.write_bytes(f"{CANARY}{end}".encode())
    assert read(secret) == CANARY


def test_what_editors_put_first_is_dropped_and_blanks_are_kept(secret):
    secret.write_bytes(b"\xef\xbb\xbf " + CANARY.encode() + b" \n")
    assert read(secret) == f" {CANARY} "


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b" \r\n", "is empty"),
        (CANARY.encode() + b"\n\n", "has more than one line"),
        (CANARY.encode() + b"\nuser: x\n", "has more than one line"),
        (CANARY.encode() + b"\xff", "is not UTF-8"),
        (b"x" * (64 * 1024 + 1), "is larger than 64 KiB"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(secret, content, words):
    secret.write_bytes(content)
    assert words in refusal(secret)


def test_a_file_of_just_the_size_is_taken(secret):
    secret.write_bytes(b"x" * (64 * 1024))
    assert len(read(secret)) == 64 * 1024


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "cannot be read: No such file" in refusal(tmp_path / "nowhere")


@pytest.mark.skipif(os.name != "posix", reason="files have no such mode here")
@pytest.mark.parametrize("mode", [0o400, 0o600, 0o444, 0o644, 0o440])
def test_modes_that_containers_mount_secrets_with_are_taken(secret, mode):
    secret.write_text(CANARY)
    secret.chmod(mode)
    assert read(secret) == CANARY


@pytest.mark.skipif(os.name != "posix", reason="files have no such mode here")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o660])
def test_a_file_that_others_can_write_is_refused(secret, mode):
    secret.write_text(CANARY)
    secret.chmod(mode)
    assert "can be written by its group or by others" in refusal(secret)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes need no right here")
def test_links_are_followed_and_nothing_but_a_regular_file_is_read(secret, tmp_path):
    secret.write_text(CANARY)
    (tmp_path / "link").symlink_to(secret)
    assert read(tmp_path / "link") == CANARY
    assert "cannot be read: Is a directory" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    # Nobody writes into it: were it waited for, this would not end.
    assert "is not a regular file" in refusal(tmp_path / "pipe")
