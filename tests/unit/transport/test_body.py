"""Bodies: whole, decompressed, never larger than allowed (promise R8)."""

import gzip
import tracemalloc
import zlib

import pytest

from cado_sentinelone.clients.body import BadBody, read_body

TEXT = b'{"data": "' + b"x" * 5000 + b'"}'


def chunked(body, size=100):
    return [body[at : at + size] for at in range(0, len(body), size)]


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_plain_body_is_joined(encoding):
    assert read_body(chunked(TEXT), encoding, len(TEXT)) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "GZIP"])
def test_a_compressed_body_is_decompressed(encoding):
    assert read_body(chunked(gzip.compress(TEXT, mtime=0), 7), encoding, len(TEXT)) == TEXT


def test_nothing_at_all_is_an_empty_body():
    assert read_body([], "gzip", 10) == b""


@pytest.mark.parametrize(("encoding", "body"), [("", TEXT), ("gzip", gzip.compress(TEXT, mtime=0))])
def test_one_byte_over_the_limit_is_too_much(encoding, body):
    """R8: the decompressed size counts."""
    with pytest.raises(BadBody, match="larger than 5011 bytes") as raised:
        read_body(chunked(body), encoding, len(TEXT) - 1)
    assert raised.value.lasting


def test_a_gzip_bomb_is_not_unpacked():
    """R8."""
    compressor = zlib.compressobj(9, wbits=31)
    million = bytes(1_000_000)
    bomb = b"".join(compressor.compress(million) for _ in range(200)) + compressor.flush()
    assert len(bomb) < 250_000
    tracemalloc.start()
    try:
        with pytest.raises(BadBody, match="larger than"):
            read_body([bomb], "gzip", 100_000)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_an_endless_body_is_cut_off_at_the_limit():
    """R8."""

    def endless():
        while True:
            yield b"x" * 1000

    with pytest.raises(BadBody, match="larger than"):
        read_body(endless(), "", 10_000)


@pytest.mark.parametrize("cut", [1, 8, 20, 100])
def test_a_compressed_body_cut_off_is_noticed(cut):
    with pytest.raises(BadBody, match="cut off") as raised:
        read_body([gzip.compress(TEXT, mtime=0)[:-cut]], "gzip", 10_000)
    assert not raised.value.lasting


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(TEXT, mtime=0) + b"more"])
def test_broken_compression_is_noticed(body):
    with pytest.raises(BadBody, match="broken"):
        read_body([body], "gzip", 10_000)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding):
    with pytest.raises(BadBody, match="not asked for"):
        read_body([TEXT], encoding, 10_000)
