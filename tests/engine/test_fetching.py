"""A large result file comes part by part, and goes on where it broke off (S13)."""

from __future__ import annotations

import hashlib
import os

import pytest

from cado_sentinelone.clients.presigned import Part
from cado_sentinelone.engine import fetching
from cado_sentinelone.engine.fetching import fetch_file
from cado_sentinelone.errors import (
    ConnectorError,
    ParamsError,
    RefusedError,
    UnavailableError,
    VendorError,
)

CONTENT = bytes(range(256)) * 3


class Server:
    """A link's other end: hands out parts, and breaks off when it is told to."""

    def __init__(self, content=CONTENT, tag='"a"', *, parts=True):
        self.content, self.tag, self.parts = content, tag, parts
        self.asked, self.breaks_at = [], None

    def part(self, start, size_bytes):
        self.asked.append(start)
        if len(self.asked) - 1 == self.breaks_at:
            raise UnavailableError("the connection broke off")
        tag = self.tag() if callable(self.tag) else self.tag
        if not self.parts:
            return Part(self.content, 0, len(self.content), tag)
        if start >= len(self.content):
            return None
        return Part(self.content[start : start + size_bytes], start, len(self.content), tag)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(fetching, "PART_BYTES", 100)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "col-1.zip"


def fetch(server, target, said=None):
    progress = [].append if said is None else said.append
    return fetch_file(server, target, field="folder", progress=progress)


def left_in(target):
    return [path.name for path in target.parent.iterdir()]


def broken_off(server, target):
    server.breaks_at = 3
    with pytest.raises(UnavailableError):
        fetch(server, target)
    assert not target.exists() and len(left_in(target)) == 1
    server.breaks_at, server.asked = None, []


def test_it_is_whole_and_told_as_it_comes(target):
    server, said = Server(), []
    assert fetch(server, target, said) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert target.read_bytes() == CONTENT and target.stat().st_mode & 0o777 == 0o600
    assert server.asked == list(range(0, 768, 100))
    assert (said[0], said[-1]) == ("fetched 100 of 768 bytes", "fetched 768 of 768 bytes")
    assert left_in(target) == ["col-1.zip"]


def test_it_goes_on_where_it_broke_off(target):
    server = Server()
    broken_off(server, target)
    assert fetch(server, target) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert server.asked[0] == 300 and target.read_bytes() == CONTENT


@pytest.mark.parametrize("content", [CONTENT[::-1], CONTENT[:50]])
def test_parts_of_two_files_never_become_one(target, content):
    broken_off(Server(), target)
    assert fetch(Server(content, '"b"'), target).size_bytes == len(content)
    assert target.read_bytes() == content and left_in(target) == ["col-1.zip"]


def test_what_has_no_mark_is_fetched_anew(target):
    server = Server(tag="")
    broken_off(server, target)
    fetch(server, target)
    assert server.asked[0] == 0 and target.read_bytes() == CONTENT


def test_a_server_without_parts_gives_it_all_at_once(target):
    broken_off(Server(), target)
    server = Server(parts=False)
    assert fetch(server, target).size_bytes == len(CONTENT)
    assert server.asked == [300] and target.read_bytes() == CONTENT


def test_a_file_that_never_stands_still_is_given_up(target):
    tags = iter(range(100))
    with pytest.raises(VendorError, match="changes while"):
        fetch(Server(tag=lambda: f'"{next(tags)}"'), target)
    assert not target.exists()


def test_an_empty_one_is_said(target):
    with pytest.raises(VendorError, match="empty"):
        fetch(Server(b""), target)
    assert left_in(target) == []


def test_one_that_is_too_large_is_refused_before_it_is_written(target, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 500)
    with pytest.raises(RefusedError, match="500 bytes"):
        fetch(Server(), target)
    assert left_in(target) == []


def test_what_somebody_else_wrote_meanwhile_is_noticed(target):
    server = Server()
    hand_out = server.part

    def meddled(start, size_bytes):
        for path in target.parent.glob(".*.part"):
            path.write_bytes(b"x" * path.stat().st_size)
        return hand_out(start, size_bytes)

    server.part = meddled
    with pytest.raises(ConnectorError, match="somebody else"):
        fetch(server, target)
    assert left_in(target) == []


def test_where_nothing_can_be_written_the_parameter_is_named(tmp_path):
    with pytest.raises(ParamsError, match="folder: "):
        fetch(Server(), tmp_path / "missing" / "col-1.zip")


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_that_lies_in_the_way_is_not_followed(target, tmp_path, monkeypatch):
    """In a folder that others can write, a part may be somebody else's link."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    part = fetching._part_path(target, '"a"')
    part.symlink_to(victim)
    with pytest.raises(RefusedError, match="is a link"):
        fetch(Server(), target)
    # Nor is one that was laid after the look.
    monkeypatch.setattr(fetching, "_kept", lambda target: None)
    with pytest.raises(ParamsError, match="folder: "):
        fetch(Server(), target)
    assert victim.read_bytes() == b"mine"
