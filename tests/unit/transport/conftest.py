"""A server that says exactly the bytes a test gives it, and a run whose clock stands still."""

import shutil
import socket
import ssl
import subprocess
import threading
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from cado_sentinelone.clients import transport as transport_module
from cado_sentinelone.clients.transport import Transport
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.asset import Asset

TOKEN = "canary-token-that-nobody-may-see"  # noqa: S105


def http_reply(body=b'{"data": 1}', status="200 OK", headers=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Server:
    """Answers on loopback with what `answer(request, connection)` returns; None closes.

    A request's bytes, whole, are kept in `requests`. `answer` may also write to the connection
    itself, and look at `stopping` to know when to give up.
    """

    def __init__(self, answer, context=None):
        self.answer = answer
        self.context = context
        self.requests = []
        self.connections = 0
        self.stopping = threading.Event()
        self._threads = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"
        self._start(self._accept)

    def _start(self, work, *args):
        thread = threading.Thread(target=work, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._converse, connection)

    def _converse(self, connection):
        connection.settimeout(10)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            while request := receive(connection):
                self.requests.append(request)
                reply = self.answer(request, connection)
                if reply is None:
                    return
                connection.sendall(reply)
        except OSError:
            pass  # the client left
        finally:
            connection.close()

    def close(self):
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


def receive(connection):
    """One whole request; b"" when the peer closed."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        part = connection.recv(65536)
        if not part:
            return b""
        seen += part
    head, _, body = seen.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


@pytest.fixture
def serve():
    """Starts servers and stops them."""
    servers = []

    def start(answer, context=None):
        given = answer if callable(answer) else lambda request, connection: answer
        servers.append(Server(given, context))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def clock():
    """Time that only sleeping moves; `pauses` are the sleeps."""
    clock = SimpleNamespace(now=0.0, pauses=[])

    def sleep(seconds):
        clock.pauses.append(seconds)
        clock.now += seconds

    clock.sleep = sleep
    return clock


@pytest.fixture
def run(clock):
    return Run(monotonic=lambda: clock.now, sleep=clock.sleep)


class Explained(ConnectorError):
    """What the vendor's client would make of an error answer."""

    kind = "forbidden"


@pytest.fixture
def connect(run, monkeypatch):
    """Makes transports to a URL, with the environment's proxies out of the way."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(transport_module, "_warned_unverified", threading.Event())
    made = []

    def to(url, *, explain=None, rates=None, vendor="cado", token=TOKEN, **settings):
        asset = Asset(**{"allow_private_addresses": True, "timeout_seconds": 10, **settings})
        made.append(
            Transport(
                vendor=vendor,
                base_url=url,
                authorization=SecretStr(f"Bearer {token}"),
                asset=asset,
                run=run,
                explain=explain or (lambda reply: Explained("explained", http_status=reply.status)),
                rates=rates,
            )
        )
        return made[-1]

    yield to
    for transport in made:
        transport.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Makes self-signed certificates, each once: (certificate's path, server's TLS context)."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl command to make certificates with")
    folder = tmp_path_factory.mktemp("certificates")
    made = {}

    def certificate_for(*names):
        if names not in made:
            stem = folder / str(len(made))
            command = f"{openssl} req -x509 -nodes -days 2 -subj /CN=test -newkey ec".split()
            command += ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
            command += ["-addext", f"subjectAltName={','.join(names)}"]
            command += ["-keyout", f"{stem}.key", "-out", f"{stem}.pem"]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{stem}.pem", f"{stem}.key")
            made[names] = f"{stem}.pem", context
        return made[names]

    return certificate_for


@pytest.fixture
def names(monkeypatch):
    """Resolves the given names to the given addresses, whatever is asked for else fails.

    A name with several lists of addresses gets the next one at every lookup.
    """
    table = {}
    lookups = []
    real = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        host = host.decode() if isinstance(host, bytes) else host
        lookups.append(host)
        if host.replace(".", "").isdigit():
            return real(host, port, *args, **kwargs)
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answers = table[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return SimpleNamespace(table=table, lookups=lookups)
