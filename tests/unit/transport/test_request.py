"""What may be asked, and where a redirect may take it (promise S3)."""

import pytest
from requests.structures import CaseInsensitiveDict

from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.request import Request
from cado_sentinelone.errors import InternalError, RefusedError
from cado_sentinelone.urls import check_base_url

BASE = check_base_url("https://console.example.com", field="cado_url", allow_private=False)
START = Request.of("cado", "GET", "/api/v3/x", [("q", "1")], None)


def redirect(location):
    reply = Reply("cado", "GET", "/api/v3/x", 302, CaseInsensitiveDict(Location=location), b"")
    return START.redirected(reply, BASE)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "api/v3",
        "//evil.example.net/x",
        "/api//v3",
        "/api/../v3",
        "/api/./v3",
        "/api/%2e%2e/v3",
        "/api/.%2E/v3",
        "/api/v3?x=1",
        "/api/v3#x",
        "/api\\v3",
        "/api/v 3",
        "/api/v3\r\nX: y",
        "/api/é",
        "/@evil.example.net/../x?",
    ],
)
def test_a_path_that_another_parser_could_read_differently_is_a_mistake(path):
    with pytest.raises(InternalError, match="not a path") as raised:
        Request.of("cado", "GET", path, [], None)
    assert str(raised.value).isprintable()


def test_names_in_a_path_stay_quoted():
    assert Request.of("cado", "GET", "/api/v3/accounts/a%20%2F%3Fb", [], None).target == (
        "/api/v3/accounts/a%20%2F%3Fb"
    )


def test_the_query_is_encoded_once():
    """Contract 1.3: a cursor that is encoded twice is another cursor."""
    request = Request.of("cado", "GET", "/a", [("cursor", "ab=="), ("q", "a,b &é")], None)
    assert request.target == "/a?cursor=ab%3D%3D&q=a%2Cb+%26%C3%A9"


def test_values_are_in_no_repr():
    """S5."""
    request = Request.of("cado", "POST", "/a", [("q", "canary")], {"token": "canary"})
    assert "canary" not in repr(request) + str(request)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/api/v3/y", "/api/v3/y"),
        ("/api/v3/y?z=1#f", "/api/v3/y?z=1"),
        ("y", "/api/v3/y"),
        ("https://console.example.com/y", "/y"),
        ("https://CONSOLE.example.com:443/y", "/y"),
        ("//console.example.com/y", "/y"),
        ("https:evil.example.net", "/api/v3/evil.example.net"),
    ],
)
def test_a_redirect_on_the_same_server_is_followed(location, target):
    following = redirect(location)
    assert (following.method, following.target) == ("GET", target)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example.net/y",
        "//evil.example.net/y",
        "http://console.example.com/y",
        "https://console.example.com:8443/y",
        "https://console.example.com.evil.net/y",
        "https://console.example.com@evil.example.net/y",
        "https://user:pass@console.example.com/y",
        "https://console.example.com\\@evil.example.net/y",
        "https://127.0.0.1/y",
        "/\\evil.example.net/y",
        "\\\\evil.example.net/y",
        "/../../y%2e%2e/%2e%2e",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://[::1/y",
        "/y?\x00",
        "https://console.example.com",
    ],
)
def test_every_other_redirect_is_refused(location):
    """S3."""
    with pytest.raises(RefusedError, match="the token is not sent there") as raised:
        redirect(location)
    assert raised.value.http_status == 302
    assert "cado_url" in raised.value.remedy
    assert raised.value.__context__ is None
    assert str(raised.value).isprintable()
    assert "user:pass" not in str(raised.value)


def test_a_redirect_to_nowhere_is_the_same_place_again():
    assert redirect("").target == START.target


@pytest.mark.parametrize(
    ("method", "path", "is_write"),
    [
        ("GET", "/web/api/v2.1/agents", False),
        ("POST", "/web/api/v2.1/remote-scripts/fetch-files", False),
        ("POST", "/web/api/v2.1/remote-scripts/execute", True),
        ("POST", "/web/api/v2.1/remote-scripts/fetch-files/x", True),
        ("PUT", "/api/v3/pipelines/1", True),
    ],
)
def test_what_only_asks_may_be_asked_again(method, path, is_write):
    assert Request.of("sentinelone", method, path, [], None).is_write is is_write
