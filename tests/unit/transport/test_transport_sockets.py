"""Calls over real sockets: deadlines, cut-off and oversized answers, lost connections."""

import gzip
import http.server
import socket
import subprocess
import sys
import threading
import zlib

import pytest

from cado_sentinelone.errors import (
    AnswerLostError,
    AssetError,
    DeadlineError,
    UnavailableError,
    VendorError,
)

from .conftest import TOKEN, http_reply

PATH = "/api/v3/things"
READ_AND_WRITE = [("GET", DeadlineError), ("POST", AnswerLostError)]


def dribble(start, drop):
    """An answer that begins with `start` and goes on with one `drop` at a time, for ever."""

    def answer(request, connection):
        server = answer.server
        connection.sendall(start)
        while not server.stopping.wait(0.01):
            connection.sendall(drop)

    return answer


@pytest.fixture
def serve_dribble(serve):
    def start(*args, context=None):
        answer = dribble(*args)
        answer.server = serve(answer, context)
        return answer.server

    return start


def test_a_call_over_a_socket(serve, connect):
    server = serve(http_reply(headers=["X-RQID: rq-1"]))
    reply = connect(server.url).send("GET", PATH, params=[("q", "1")])
    assert reply.json() == {"data": 1}
    assert reply.request_id == "rq-1"
    head = server.requests[0].decode()
    assert head.startswith(f"GET {PATH}?q=1 HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}\r\n" in head
    assert "Cookie" not in head


def test_connections_are_kept_alive(serve, connect):
    server = serve(http_reply(headers=["Set-Cookie: a=b"]))
    transport = connect(server.url)
    for _ in range(3):
        transport.send("GET", PATH)
        transport.send("POST", PATH, body={"x": 1})
    assert server.connections == 1
    assert len(server.requests) == 6
    assert not any(b"Cookie" in request for request in server.requests)


def test_threads_share_a_transport(serve, connect):
    both = threading.Barrier(2, timeout=10)

    def answer(request, connection):
        both.wait()
        return http_reply(b'"%s"' % request.split(b" ")[1])

    transport = connect(serve(answer).url)
    found = {}

    def call(path):
        found[path] = transport.send("GET", path).json()

    threads = [threading.Thread(target=call, args=(path,)) for path in ("/a", "/b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"/a": "/a", "/b": "/b"}


@pytest.mark.parametrize(("method", "error"), READ_AND_WRITE)
@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 2", b"0"),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 429 No\r\nContent-Length: 1000000\r\n\r\n", b" "),
    ],
    ids=["status", "header", "headers", "body", "chunks", "until closed", "error body"],
)
def test_a_server_that_dribbles_ends_in_time(serve_dribble, connect, method, error, start, drop):
    """R8: every byte comes well within the timeout, all of them never."""
    server = serve_dribble(start, drop)
    with pytest.raises(error, match=r"timeout_seconds of 0\.2 s passed") as raised:
        connect(server.url, timeout_seconds=0.2).send(method, PATH)
    assert type(raised.value) is error
    assert len(server.requests) == 1


def test_a_server_that_says_nothing_ends_in_time(serve, connect):
    """R8."""

    def answer(request, connection):
        connection.recv(1)  # until the client leaves

    with pytest.raises(DeadlineError, match="timeout_seconds"):
        connect(serve(answer).url, timeout_seconds=0.1).send("GET", PATH)


def test_the_runs_own_deadline_counts_too_and_is_named(serve_dribble, connect, run):
    """R8."""
    run.start_deadline(0.1)
    server = serve_dribble(b"HTTP/1.1 200 OK\r\n\r\n", b" ")
    with pytest.raises(DeadlineError, match="total_timeout_seconds of 300 s passed"):
        connect(server.url).send("GET", PATH)


def test_a_server_that_does_not_read_ends_in_time(serve, connect):
    """R8: a body larger than the buffers between us, which nobody takes."""
    listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(AnswerLostError, match="timeout_seconds"):
            connect(url, timeout_seconds=0.2).send("POST", PATH, body="x" * 20_000_000)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b'{"data": 1}',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"dat\r\n',
        http_reply(gzip.compress(b'{"data": 1}')[:-9], headers=["Content-Encoding: gzip"]),
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"this is not HTTP\r\n\r\n",
        b"",
    ],
    ids=["length", "chunked", "gzip", "headers", "not http", "nothing"],
)
def test_a_cut_off_answer_is_tried_again_for_a_read_and_lost_for_a_write(serve, connect, reply):
    """R1, R2: dropped after the work was done."""

    def answer(request, connection):
        if len(server.requests) == 2:
            return http_reply()
        connection.sendall(reply)
        return None

    server = serve(answer)
    transport = connect(server.url)
    assert transport.send("GET", PATH).json() == {"data": 1}
    assert len(server.requests) == 2
    with pytest.raises(AnswerLostError) as raised:
        transport.send("POST", PATH)
    assert len(server.requests) == 3
    assert raised.value.__context__ is None


@pytest.mark.parametrize(("method", "error"), [("GET", VendorError), ("POST", AnswerLostError)])
@pytest.mark.parametrize("announced", [True, False])
def test_an_answer_over_the_limit_is_cut_off(serve, connect, method, error, announced):
    """R8."""
    body = b"x" * 2000

    def answer(request, connection):
        if announced:
            return http_reply(body)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        return None

    server = serve(answer)
    with pytest.raises(error, match="larger than 1000 bytes") as raised:
        connect(server.url).send(method, PATH, max_bytes=1000)
    assert type(raised.value) is error
    assert len(server.requests) == 1


def test_what_was_not_read_is_not_taken_for_the_next_answer(serve, connect):
    def answer(request, connection):
        return (
            http_reply(b"x" * 4_000_000) if len(server.requests) == 1 else http_reply(b'"second"')
        )

    server = serve(answer)
    transport = connect(server.url)
    with pytest.raises(VendorError):
        transport.send("GET", PATH, max_bytes=1000)
    assert transport.send("GET", PATH).json() == "second"
    assert server.connections == 2


def test_compressed_answers_are_taken(serve, connect):
    server = serve(http_reply(gzip.compress(b'{"data": 1}'), headers=["Content-Encoding: gzip"]))
    assert connect(server.url).send("GET", PATH).json() == {"data": 1}
    assert b"Accept-Encoding: gzip\r\n" in server.requests[0]


def test_a_gzip_bomb_is_cut_off(serve, connect):
    """R8."""
    compressor = zlib.compressobj(9, wbits=31)
    bomb = b"".join(compressor.compress(bytes(1_000_000)) for _ in range(100))
    server = serve(http_reply(bomb + compressor.flush(), headers=["Content-Encoding: gzip"]))
    with pytest.raises(VendorError, match="larger than 50000 bytes"):
        connect(server.url).send("GET", PATH, max_bytes=50_000)


def test_a_head_has_no_body(serve, connect):
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n")
    assert connect(server.url).send("HEAD", PATH).body == b""


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_is_tried_again_because_nothing_was_sent(connect, clock, method):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnavailableError, match="Connection refused") as raised:
        connect(f"http://127.0.0.1:{port}").send(method, PATH)
    assert type(raised.value) is UnavailableError
    assert raised.value.retryable
    assert clock.pauses == [0.5, 1, 2, 4]
    assert raised.value.__context__ is None


def test_a_write_goes_out_once_the_connection_is_there(serve, connect, monkeypatch):
    """R1: not sent, then sent once."""
    server = serve(http_reply())
    real, failed = socket.socket.connect, []

    def refuse_once(self, address):
        if not failed:
            failed.append(address)
            raise ConnectionRefusedError(111, "Connection refused")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse_once)
    assert connect(server.url).send("POST", PATH).status == 200
    assert len(server.requests) == 1


def test_netrc_is_not_asked(serve, connect, tmp_path, monkeypatch):
    """S4."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login canary password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(http_reply())
    connect(server.url).send("GET", PATH)
    assert f"Authorization: Bearer {TOKEN}".encode() in server.requests[0]
    assert b"Basic" not in server.requests[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_server_never_sees_a_redirected_call(serve, connect, status):
    """S3: on the same host, with another port."""
    other = serve(http_reply())
    server = serve(http_reply(status=f"{status} Moved", headers=[f"Location: {other.url}/x"]))
    for method in ("GET", "POST"):
        with pytest.raises(Exception, match=str(other.port) if method == "GET" else str(status)):
            connect(server.url).send(method, PATH)
    assert other.requests == []


def test_the_loopback_is_never_looked_for_behind_the_environments_proxy(
    serve, connect, monkeypatch
):
    transport = connect(serve(http_reply()).url)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    assert transport.send("GET", PATH).status == 200


def test_a_plain_web_server_is_understood(connect):
    """Against an implementation of HTTP that is not ours."""

    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(201)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        transport = connect(f"http://127.0.0.1:{server.server_port}")
        try:
            assert transport.send("POST", PATH, body={"a": [1]}).json() == {"a": [1]}
        finally:
            transport.close()
            server.shutdown()
            thread.join()


def test_a_private_answer_for_a_public_name_is_refused_before_connecting(
    connect, names, monkeypatch
):
    """S3."""
    connected = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: connected.append(address))
    for addresses in (
        ["10.0.0.5"],
        ["8.8.8.8", "127.0.0.1"],
        ["::ffff:169.254.169.254"],
        ["fd00::1"],
    ):
        names.table["vendor.example.com"] = [addresses]
        transport = connect("https://vendor.example.com", allow_private_addresses=False)
        with pytest.raises(AssetError, match=r"cado_url leads to .*, which is") as raised:
            transport.send("GET", PATH)
        assert "allow_private_addresses" in raised.value.remedy
        assert raised.value.__context__ is None
    assert connected == []


def test_the_address_that_was_checked_is_the_one_connected_to(connect, names, monkeypatch):
    """S3: a name that answers differently the second time is not asked a second time."""
    connected = []

    def refuse(self, address):
        connected.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    names.table["vendor.example.com"] = [["8.8.8.8"], ["127.0.0.1"]]
    transport = connect("https://vendor.example.com", allow_private_addresses=False)
    # The first try connects to what it checked; the second resolves, checks and refuses.
    with pytest.raises(AssetError, match=r"127\.0\.0\.1"):
        transport.send("GET", PATH)
    assert connected == ["8.8.8.8"]
    assert names.lookups == ["vendor.example.com"] * 2


def test_http_by_name_must_lead_to_a_private_address(connect, names):
    names.table["vendor.example.com"] = [["8.8.8.8"]]
    with pytest.raises(AssetError, match="must be https"):
        connect("http://vendor.example.com").send("GET", PATH)


def test_the_next_address_is_tried(serve, connect, names):
    server = serve(http_reply())
    # Nobody listens on the second loopback address.
    names.table["vendor.example.com"] = [["127.0.0.2", "127.0.0.1"]]
    transport = connect(f"http://vendor.example.com:{server.port}")
    assert transport.send("GET", PATH).status == 200
    assert f"Host: vendor.example.com:{server.port}".encode() in server.requests[0]


def test_an_address_that_swallows_packets_leaves_time_for_the_next(connect, names, monkeypatch):
    """R8: of the 10 seconds that the call has."""
    allowed = []

    def swallow(self, address):
        allowed.append(self.gettimeout())
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", swallow)
    names.table["vendor.example.com"] = [["127.0.0.2", "127.0.0.1"]]
    with pytest.raises(UnavailableError, match="in time"):
        connect("https://vendor.example.com").send("GET", PATH)
    assert allowed[0] <= 5 < allowed[1] <= 10


def test_a_name_that_does_not_exist_is_not_tried_again(connect, names, clock):
    with pytest.raises(UnavailableError, match="its name does not resolve"):
        connect("https://vendor.example.com").send("GET", PATH)
    assert clock.pauses == []


def test_nothing_heavy_is_imported_before_the_first_call():
    """A refused request must not pay for requests, TLS or sockets."""
    heavy = {"requests", "urllib3", "ssl", "http.client", "asyncio", "concurrent.futures"}
    script = (
        f"import sys; sys.path[:] = {sys.path!r}; import cado_sentinelone.clients.transport;"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    assert found.stdout.strip() == "[]"
