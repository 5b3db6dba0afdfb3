"""Downloads by pre-signed links: without our token, byte for byte, and never with a word of the link."""

from __future__ import annotations

import logging

import pytest
import responses
from pydantic import SecretStr

from cado_sentinelone.clients.presigned import Link, Part
from cado_sentinelone.errors import (
    AssetError,
    ConnectorError,
    ForbiddenError,
    NotFoundError,
    UnavailableError,
    VendorError,
)
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run
from cado_sentinelone.sandbox.running import RunningSandbox

URL = "https://bucket.example.com/rso/a%20b.zip?X-Amz-Expires=3600&X-Amz-Signature=canary%2Fsecret"


@pytest.fixture
def asset():
    return Asset(
        sentinelone_url="https://console.example.com", sentinelone_token=SecretStr("canary-token")
    )


@pytest.fixture
def mock():
    with responses.RequestsMock() as mock:
        yield mock


def link_to(asset, url=URL):
    return Link(SecretStr(url), asset, Run(sleep=lambda seconds: None))


def fetch(asset, url=URL, **more):
    with link_to(asset, url) as link:
        return link.whole(**more)


def test_the_link_is_sent_as_it_stands_and_no_token_with_it(mock, asset):
    mock.add("GET", "https://bucket.example.com/rso/a%20b.zip", body=b"content")
    assert fetch(asset) == b"content"
    request = mock.calls[0].request
    assert request.url == URL
    assert "Authorization" not in request.headers and "Cookie" not in request.headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, ForbiddenError), (404, NotFoundError), (410, NotFoundError), (503, UnavailableError)],
)
def test_a_link_that_has_expired_says_so_without_itself_s5(mock, asset, status, kind, caplog):
    body = "<Error><Message>canary-secret</Message></Error>"
    mock.add("GET", "https://bucket.example.com/rso/a%20b.zip", status=status, body=body)
    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as raised:
        fetch(asset)
    ours = [record.getMessage() for record in caplog.records if "cado" in record.name]
    assert "canary" not in raised.value.message + raised.value.remedy + "".join(ours)


def test_a_redirect_is_not_followed_s3(mock, asset):
    headers = {"Location": "https://elsewhere.example.com/?canary"}
    mock.add("GET", "https://bucket.example.com/rso/a%20b.zip", status=302, headers=headers)
    with pytest.raises(ConnectorError) as raised:
        fetch(asset)
    assert len(mock.calls) == 1 and "canary" not in raised.value.message


def test_more_than_was_allowed_is_cut_off_r8(mock, asset):
    mock.add("GET", "https://bucket.example.com/rso/a%20b.zip", body=b"x" * 1000)
    with pytest.raises(ConnectorError, match="larger than 100 bytes"):
        fetch(asset, max_bytes=100)


def test_a_part_is_asked_for_uncompressed(mock, asset):
    headers = {"Content-Range": "bytes 2-4/9", "ETag": '"a"'}
    mock.add("GET", "https://bucket.example.com/rso/a%20b.zip", b"cde", status=206, headers=headers)
    with link_to(asset) as link:
        assert link.part(2, 3) == Part(b"cde", 2, 9, '"a"')
    request = mock.calls[0].request
    assert (request.headers["Range"], request.url) == ("bytes=2-4", URL)
    assert request.headers["Accept-Encoding"] == "identity"


def test_a_server_that_knows_no_parts_gives_all(mock, asset):
    mock.add("GET", "https://bucket.example.com/rso/a%20b.zip", b"abcdefghi")
    with link_to(asset) as link:
        assert link.part(2, 3) == Part(b"abcdefghi", 0, 9, "")


@pytest.mark.parametrize(
    ("told", "body"),
    [
        ("", b"cde"),
        ("bytes 0-2/9", b"cde"),
        ("bytes 2-4/9", b"cd"),
        ("bytes 2-1/9", b""),
        ("bytes 2-4/*", b"cde"),
    ],
)
def test_a_part_that_was_not_asked_for_is_not_taken(mock, asset, told, body):
    url = "https://bucket.example.com/rso/a%20b.zip"
    mock.add("GET", url, body, status=206, headers={"Content-Range": told})
    with link_to(asset) as link, pytest.raises(UnavailableError):
        link.part(2, 3)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest?canary",
        "https://127.0.0.1/x?canary",
        "https://user:canary@bucket.example.com/x",
    ],
)
def test_addresses_that_are_refused_elsewhere_are_refused_here_s3(asset, url):
    with pytest.raises(AssetError) as raised:
        fetch(asset, url)
    assert "canary" not in raised.value.message


@pytest.mark.parametrize(
    "url", ["", "ftp://bucket.example.com/x", "nonsense", "file:///etc/passwd"]
)
def test_a_link_that_is_no_web_address(asset, url):
    with pytest.raises(VendorError):
        fetch(asset, url)


def test_over_real_sockets_from_a_bucket_that_refuses_tokens(caplog):
    caplog.set_level(logging.DEBUG)
    with RunningSandbox(endpoints=3) as sandbox:
        asset = Asset.model_validate(sandbox.asset)
        bucket = sandbox.world.bucket
        stored = bucket.put(bucket.form("f", sandbox.url)["fields"], "a b.bin", b"real")
        url = bucket.link(stored.key, sandbox.url)
        assert fetch(asset, url) == b"real"
        with link_to(asset, url) as link:
            tag = f'"{stored.sha256[:32]}"'
            assert link.part(0, 3) == Part(b"rea", 0, 4, tag)
            assert link.part(3, 3) == Part(b"l", 3, 4, tag)
            assert link.part(4, 3) is None
        sandbox.world.clock.advance(7200)
        with pytest.raises(ForbiddenError):
            fetch(asset, url)
    assert "Signature=" not in caplog.text and "/bucket/" in caplog.text
