"""S14: an archive from an endpoint is unpacked whole and inside its folder, or not at all."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile

import pytest

from cado_sentinelone.engine import archives
from cado_sentinelone.engine.archives import unpack
from cado_sentinelone.errors import RefusedError


def zipped(*members):
    """A zip of these (name, content) pairs; a ZipInfo stands for a name with more to say."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def of_kind(kind, name="x"):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outputs").mkdir()
    return tmp_path / "outputs" / "col-1"


def everything(folder):
    return sorted(path for path in folder.parent.parent.rglob("*") if path.is_file())


def test_files_are_written_with_their_digests(folder):
    files = unpack(zipped(("out.log", b"hello"), ("sub/more.txt", b""), ("sub/", b"")), folder)
    assert [(file.path, file.size_bytes) for file in files] == [
        (folder / "out.log", 5),
        (folder / "sub/more.txt", 0),
    ]
    assert files[0].sha256 == hashlib.sha256(b"hello").hexdigest()
    assert (folder / "out.log").read_bytes() == b"hello"


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "../evil", "a/../../evil", "a/./b", "a//b", "..", ".", "C:/evil", "c:evil",
        "..\\evil", "\\\\host\\share", "a\\b", "a\nb", "a\x1bb", "x" * 300, "CON", "con.txt",
        "sub/LPT1.log", "name.", "name ", "file:stream", "aux/x", "\u200bfine/../../x",
    ],
)  # fmt: skip
def test_hostile_names_are_refused_before_anything_is_written(folder, name):
    content = zipped(("first.txt", b"fine"), (name, b"evil"))
    with pytest.raises(RefusedError, match="not unpacked"):
        unpack(content, folder)
    assert everything(folder) == [] and not folder.exists()


def test_a_name_with_a_nul_is_refused(folder):
    content = zipped(("a_b.txt", b"x")).getvalue().replace(b"a_b.txt", b"a\0b.txt")
    with pytest.raises(RefusedError):
        unpack(io.BytesIO(content), folder)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_links_and_devices_are_refused(folder, kind):
    with pytest.raises(RefusedError, match="link or a device"):
        unpack(zipped((of_kind(kind), b"/etc/passwd")), folder)
    assert everything(folder) == []


def test_names_that_are_one_on_some_system_are_refused(folder):
    with pytest.raises(RefusedError, match="twice"):
        unpack(zipped(("A.txt", b"1"), ("a.TXT", b"2")), folder)


def test_bombs_are_refused(folder, monkeypatch):
    with pytest.raises(RefusedError, match="far more"):
        unpack(zipped(("zeros", b"\0" * 20_000_000)), folder)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    with pytest.raises(RefusedError, match="more than 2 members"):
        unpack(zipped(("a", b""), ("b", b""), ("c", b"")), folder)
    monkeypatch.setattr(archives, "MOST_BYTES", 5)
    with pytest.raises(RefusedError, match="more than 5 bytes"):
        unpack(zipped(("a", b"abc"), ("b", b"abc")), folder)
    assert everything(folder) == []


@pytest.mark.parametrize("cut", [10, 60, -30])
def test_a_broken_archive_is_refused_and_leaves_nothing(folder, cut):
    with pytest.raises(RefusedError):
        unpack(io.BytesIO(zipped(("out.log", bytes(range(256)) * 50)).getvalue()[:cut]), folder)
    assert everything(folder) == []


def test_damaged_content_leaves_nothing(folder):
    whole = zipped(("a.txt", b"first"), ("out.log", bytes(range(256)) * 50))
    content = bytearray(whole.getvalue())
    content[120] ^= 0xFF
    with pytest.raises(RefusedError):
        unpack(io.BytesIO(content), folder)
    assert everything(folder) == []
