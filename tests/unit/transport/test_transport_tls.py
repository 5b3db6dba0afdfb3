"""TLS: verified for every call, with a private CA where there is one (promises S1, S2)."""

import logging
import socket
import ssl

import pytest

from cado_sentinelone.clients.tls import tls_context
from cado_sentinelone.errors import AnswerLostError, AssetError, DeadlineError, UnavailableError

from .conftest import http_reply

PATH = "/api/v3/things"


@pytest.fixture(autouse=True)
def fresh_context():
    tls_context.cache_clear()


@pytest.fixture
def secure(serve, certificate):
    """A server with a self-signed certificate for 127.0.0.1: (server, certificate's path)."""
    path, context = certificate("IP:127.0.0.1")
    return serve(http_reply(), context), path


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_self_signed_server_is_refused_with_the_way_out(secure, connect, clock, method):
    """S1."""
    server, _ = secure
    with pytest.raises(UnavailableError, match="certificate is not trusted") as raised:
        connect(server.url).send(method, PATH)
    assert type(raised.value) is UnavailableError
    assert "ca_bundle" in raised.value.remedy
    assert not raised.value.retryable
    assert clock.pauses == []
    assert server.requests == []


def test_a_self_signed_server_is_accepted_with_its_ca_bundle(secure, connect):
    """S1."""
    server, path = secure
    assert connect(server.url, ca_bundle=path).send("GET", PATH).json() == {"data": 1}


def test_a_bundle_of_somebody_else_changes_nothing(secure, connect, certificate):
    """S1."""
    server, _ = secure
    other, _ = certificate("DNS:other.example.com")
    with pytest.raises(UnavailableError, match="certificate is not trusted"):
        connect(server.url, ca_bundle=other).send("GET", PATH)


def test_the_private_ca_is_added_to_the_public_ones(certificate):
    path, _ = certificate("IP:127.0.0.1")
    alone, both = tls_context(True, ""), tls_context(True, path)
    assert both.cert_store_stats()["x509"] == alone.cert_store_stats()["x509"] + 1 > 50


def test_a_certificate_for_another_name_is_refused(serve, connect, certificate):
    """S1: trusted, but not this host's."""
    path, context = certificate("DNS:other.example.com")
    server = serve(http_reply(), context)
    with pytest.raises(UnavailableError, match=r"not trusted.*mismatch") as raised:
        connect(server.url, ca_bundle=path).send("GET", PATH)
    assert "cado_url" in raised.value.remedy
    assert server.requests == []


def test_name_and_certificate_are_the_urls_while_the_address_is_the_checked_one(
    serve, connect, certificate, names
):
    """S3: SNI, Host and the certificate's check keep the name."""
    path, context = certificate("DNS:vendor.example.com")
    asked = []
    context.sni_callback = lambda connection, name, own: asked.append(name)
    server = serve(http_reply(), context)
    names.table["vendor.example.com"] = [["127.0.0.1"], ["127.0.0.9"]]
    url = f"https://vendor.example.com:{server.port}"
    assert connect(url, ca_bundle=path).send("GET", PATH).status == 200
    assert asked == ["vendor.example.com"]
    assert f"Host: vendor.example.com:{server.port}".encode() in server.requests[0]
    assert names.lookups == ["vendor.example.com"]


def test_verification_is_off_only_when_it_is_set_and_then_it_says_so(secure, connect, run, caplog):
    """S2; any warning of a library would fail this test."""
    server, _ = secure
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert connect(server.url, verify_tls=False).send("GET", PATH).status == 200
    assert run.warnings == ["TLS certificates are not verified: verify_tls is off"]
    assert [record.name for record in caplog.records] == ["cado_sentinelone"]


def test_one_context_serves_the_whole_process(secure, connect):
    server, path = secure
    connect(server.url, ca_bundle=path).send("GET", PATH)
    connect(server.url, ca_bundle=path, vendor="sentinelone").send("GET", PATH)
    assert tls_context.cache_info().misses == 1


def test_old_tls_is_refused(serve, connect, certificate):
    path, _ = certificate("IP:127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, path.replace(".pem", ".key"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    server = serve(http_reply(), context)
    with pytest.raises(UnavailableError, match="no TLS connection"):
        connect(server.url, ca_bundle=path).send("GET", PATH)


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), ("", "PEM"), ("x", "PEM"), ("\xff", "PEM")]
)
def test_a_bundle_that_cannot_be_used_is_the_assets_error(connect, tmp_path, content, reason):
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content, encoding="latin-1")
    with pytest.raises(AssetError, match=f"ca_bundle.*{reason}"):
        connect("https://127.0.0.1:1", ca_bundle=str(bundle)).send("GET", PATH)


def test_the_environment_names_no_ca(secure, connect, monkeypatch):
    """S4."""
    server, path = secure
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, path)
    with pytest.raises(UnavailableError, match="certificate is not trusted"):
        connect(server.url).send("GET", PATH)


def test_the_session_keys_are_not_written_where_the_environment_says(
    secure, connect, monkeypatch, tmp_path
):
    """S4, S5: a key log opens every recorded call."""
    log = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    server, path = secure
    connect(server.url, ca_bundle=path).send("GET", PATH)
    assert not log.exists()


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
    ],
)
@pytest.mark.parametrize(("method", "error"), [("GET", DeadlineError), ("POST", AnswerLostError)])
def test_a_dribble_inside_tls_ends_in_time(serve, connect, certificate, start, drop, method, error):
    """R8."""

    def answer(request, connection):
        connection.sendall(start)
        while not server.stopping.wait(0.01):
            connection.sendall(drop)

    path, context = certificate("IP:127.0.0.1")
    server = serve(answer, context)
    with pytest.raises(error, match=r"timeout_seconds of 0\.3 s passed"):
        connect(server.url, ca_bundle=path, timeout_seconds=0.3).send(method, PATH)


def test_a_handshake_that_never_ends_ends_in_time(connect):
    """R8: nothing was sent, so a write is not lost."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DeadlineError, match=r"timeout_seconds of 0\.1 s passed"):
            connect(url, timeout_seconds=0.1).send("POST", PATH)
