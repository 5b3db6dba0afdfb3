"""Where scripts download from: pages by their path, plain and over TLS."""

from __future__ import annotations

import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        page = self.server.pages.get(self.path)
        body = page if isinstance(page, bytes) else b""
        self.send_response(404 if page is None else 200 if isinstance(page, bytes) else 302)
        self.send_header("Content-Length", str(len(body)))
        if isinstance(page, str):
            self.send_header("Location", page)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that does not trust the certificate goes away in the middle."""


class Downloads:
    """A server's address, and what it has: a page's bytes, or where a page has gone."""

    def __init__(self, url, pages):
        self.url, self.pages = url, pages


@contextmanager
def serving(context=None):
    """Downloads on loopback, over TLS when there is a `context`."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.pages = {"/empty": b""}
        if context:
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        scheme = "https" if context else "http"
        yield Downloads(f"{scheme}://127.0.0.1:{server.server_port}", server.pages)
        server.shutdown()
        thread.join()


def certified(openssl, folder):
    """A certificate for loopback that is its own authority: (its path, a server's context)."""
    stem = folder / "server"
    command = [openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=test"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", f"{stem}.key", "-out", f"{stem}.pem"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{stem}.pem", f"{stem}.key")
    return f"{stem}.pem", context
