"""Proxies: the asset's or the environment's, with credentials that stay there (promise S4)."""

import base64
import logging
import select
import socket
import traceback

import pytest

from cado_sentinelone.clients.tls import tls_context
from cado_sentinelone.errors import AssetError, ConnectorError, DeadlineError, UnavailableError

from .conftest import TOKEN, http_reply

PATH = "/api/v3/things"
USER, PASSWORD = "soar", "canary-p@ss/word"
CREDENTIALS = "soar:canary-p%40ss%2Fword"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture(autouse=True)
def fresh_context():
    tls_context.cache_clear()


def tunnel(port, *, user=BASIC):
    """An answer that opens a tunnel to `port` for who says `user`, whatever host is asked for."""

    def answer(request, connection):
        if user and f"Proxy-Authorization: Basic {user}\r\n".encode() not in request:
            return http_reply(b"who are you, canary?", "407 Proxy Authentication Required")
        with socket.create_connection(("127.0.0.1", port)) as target:
            connection.sendall(OPENED)
            ends = {connection: target, target: connection}
            while True:
                for source in select.select(list(ends), [], [])[0]:
                    data = source.recv(65536)
                    if not data:
                        return None
                    ends[source].sendall(data)

    return answer


@pytest.fixture
def target(serve, certificate):
    """The vendor behind the proxy, a server that only the proxy can find: (server, bundle)."""
    path, context = certificate("DNS:vendor.example.com", "DNS:proxy.example.com", "IP:127.0.0.1")
    return serve(http_reply(), context), path


def with_credentials(server, credentials=CREDENTIALS):
    return server.url.replace("://", f"://{credentials}@")


def test_the_assets_proxy_opens_a_tunnel(serve, connect, target, names):
    """S4: the password goes to the proxy, the token to the vendor, neither to the other."""
    server, bundle = target
    proxy = serve(tunnel(server.port))
    transport = connect(
        "https://vendor.example.com", proxy_url=with_credentials(proxy), ca_bundle=bundle
    )
    assert transport.send("GET", PATH).json() == {"data": 1}
    assert proxy.requests[0].startswith(b"CONNECT vendor.example.com:443 HTTP/1")
    assert TOKEN.encode() not in b"".join(proxy.requests)
    assert b"Proxy-Authorization" not in b"".join(server.requests)
    assert BASIC.encode() not in b"".join(server.requests)
    # The proxy resolves the vendor's name; we only look up the proxy.
    assert set(names.lookups) == {"127.0.0.1"}


def test_a_tunnel_is_kept_alive(serve, connect, target):
    server, bundle = target
    proxy = serve(tunnel(server.port))
    transport = connect(
        "https://vendor.example.com", proxy_url=with_credentials(proxy), ca_bundle=bundle
    )
    for _ in range(3):
        transport.send("GET", PATH)
    assert (len(proxy.requests), proxy.connections, server.connections) == (1, 1, 1)


def test_a_proxy_may_itself_speak_tls(serve, connect, target, certificate):
    server, bundle = target
    _, context = certificate("DNS:vendor.example.com", "DNS:proxy.example.com", "IP:127.0.0.1")
    proxy = serve(tunnel(server.port), context)
    transport = connect(
        "https://vendor.example.com", proxy_url=with_credentials(proxy), ca_bundle=bundle
    )
    assert transport.send("GET", PATH).json() == {"data": 1}
    untrusting = connect("https://vendor.example.com", proxy_url=with_credentials(proxy))
    with pytest.raises(UnavailableError, match="certificate is not trusted"):
        untrusting.send("GET", PATH)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_environments_proxy_is_used(serve, connect, target, monkeypatch, name):
    """S4."""
    server, bundle = target
    proxy = serve(tunnel(server.port))
    transport = connect("https://vendor.example.com", ca_bundle=bundle)
    # Without a scheme, as many environments write it.
    monkeypatch.setenv(name, with_credentials(proxy).removeprefix("http://"))
    assert transport.send("GET", PATH).status == 200
    assert proxy.requests


def test_no_proxy_is_obeyed(serve, connect, target, names, monkeypatch):
    server, bundle = target
    proxy = serve(http_reply())
    names.table["vendor.example.com"] = [["127.0.0.1"]]
    transport = connect(f"https://vendor.example.com:{server.port}", ca_bundle=bundle)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert transport.send("GET", PATH).status == 200
    assert proxy.requests == []


def test_the_assets_proxy_goes_before_the_environments(serve, connect, target, monkeypatch):
    server, bundle = target
    proxy, other = serve(tunnel(server.port)), serve(http_reply())
    transport = connect(
        "https://vendor.example.com", proxy_url=with_credentials(proxy), ca_bundle=bundle
    )
    monkeypatch.setenv("HTTPS_PROXY", other.url)
    monkeypatch.setenv("NO_PROXY", "*")
    assert transport.send("GET", PATH).status == 200
    assert other.requests == []


def test_plain_http_goes_through_the_proxy_whole(serve, connect):
    proxy = serve(http_reply())
    transport = connect("http://127.0.0.1:9", proxy_url=with_credentials(proxy))
    assert transport.send("GET", PATH, params=[("q", "1")]).status == 200
    assert proxy.requests[0].startswith(f"GET http://127.0.0.1:9{PATH}?q=1 HTTP/1.1".encode())
    assert BASIC.encode() in proxy.requests[0]


def test_plain_http_by_name_is_not_given_to_a_proxy(serve, connect):
    """S3: only the proxy would know whether the token crosses the internet open."""
    proxy = serve(http_reply())
    with pytest.raises(AssetError, match="must be https"):
        connect("http://vendor.example.com", proxy_url=proxy.url).send("GET", PATH)
    assert proxy.requests == []


def test_the_literal_target_is_checked_behind_a_proxy_too(connect):
    """S3."""
    with pytest.raises(AssetError, match="cado_url"):
        connect("https://169.254.169.254", allow_private_addresses=False, proxy_url="http://p:1")


def leaks(error, caplog):
    """Everything that an error or the log shows to anybody, in one text."""
    shown = "".join(traceback.format_exception(error)) + caplog.text
    while error:
        shown += f"{error!r} {error.args!r} {vars(error)!r}"
        error = error.__cause__ or error.__context__
    return shown


@pytest.mark.parametrize(
    ("status", "lasting"),
    [("407 Proxy Authentication Required canary", True), ("502 Bad Gateway canary", False)],
)
def test_a_proxy_that_refuses_is_told_without_the_password(serve, connect, caplog, status, lasting):
    """S4, S5."""
    caplog.set_level(logging.DEBUG)
    proxy = serve(http_reply(b"canary", status))
    transport = connect("https://vendor.example.com", proxy_url=with_credentials(proxy))
    with pytest.raises(UnavailableError, match=f"status {status[:3]}") as raised:
        transport.send("POST", PATH)
    assert type(raised.value) is UnavailableError
    assert "proxy_url" in raised.value.remedy
    assert raised.value.retryable is not lasting
    assert len(proxy.requests) == (1 if lasting else 5)
    shown = leaks(raised.value, caplog)
    for secret in (TOKEN, PASSWORD, CREDENTIALS, BASIC, "canary"):
        assert secret not in shown


def test_a_proxy_that_is_not_there_is_told_without_the_password(connect, caplog):
    """S4, S5."""
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    transport = connect(
        "https://vendor.example.com", proxy_url=f"http://{CREDENTIALS}@127.0.0.1:{port}"
    )
    with pytest.raises(UnavailableError, match="Connection refused") as raised:
        transport.send("GET", PATH)
    shown = leaks(raised.value, caplog)
    assert "canary" not in shown
    assert BASIC not in shown


def test_a_proxy_that_dribbles_ends_in_time(serve, connect):
    """R8."""

    def answer(request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not proxy.stopping.wait(0.01):
            connection.sendall(b"x")

    proxy = serve(answer)
    transport = connect("https://vendor.example.com", proxy_url=proxy.url, timeout_seconds=0.2)
    with pytest.raises(DeadlineError, match=r"timeout_seconds of 0\.2 s passed"):
        transport.send("POST", PATH)


def test_what_is_not_a_proxy_is_told(serve, connect):
    proxy = serve(b"220 mail.example.com ready\r\n\r\n")
    transport = connect("https://vendor.example.com", proxy_url=proxy.url)
    with pytest.raises(UnavailableError, match="no connection could be made"):
        transport.send("POST", PATH)


@pytest.mark.parametrize("url", ["socks5://soar:canary@proxy:1080", "http://soar:can@ary@proxy"])
def test_a_bad_proxy_in_the_environment_is_told_without_its_password(connect, monkeypatch, url):
    """S4, S5."""
    transport = connect("https://vendor.example.com")
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(AssetError, match="proxy that the environment names") as raised:
        transport.send("GET", PATH)
    assert "can" not in str(raised.value)


def test_no_error_of_a_call_shows_the_token(serve, connect, caplog):
    """S5, over the ways a call can end; the errors' chains included."""
    caplog.set_level(logging.DEBUG)

    def cut(request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")

    replies = [
        http_reply(b"{}", "401 Unauthorized"),
        http_reply(b"<html>", "200 OK"),
        http_reply(b"", "302 Found", ["Location: https://evil.example.net"]),
        http_reply(b"x" * 100, "200 OK"),
        http_reply(b"x", "200 OK", ["Content-Encoding: gzip"]),
        cut,
    ]
    for reply in replies:
        transport = connect(serve(reply).url)
        for method in ("GET", "POST"):
            with pytest.raises(ConnectorError) as raised:
                transport.send(method, PATH, max_bytes=90).json()
            assert TOKEN not in leaks(raised.value, caplog)
            assert raised.value.__context__ is None
