"""Connections that go to a checked address only, and that say whether they were made."""

from __future__ import annotations

import re
import socket
import ssl
from base64 import b64encode
from http.client import HTTPException
from typing import TYPE_CHECKING, ClassVar

from urllib3 import HTTPConnectionPool, PoolManager, ProxyManager, disable_warnings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, InsecureRequestWarning

from cado_sentinelone.clients.sockets import TcpSocket, seconds_left
from cado_sentinelone.clients.tls import tls_context
from cado_sentinelone.errors import AssetError
from cado_sentinelone.urls import BaseUrl, ProxyUrl

_MOST_KEPT_ALIVE = 16

if TYPE_CHECKING:
    _Base = HTTPConnection
else:
    _Base = object


class NotSent(Exception):
    """No connection was made, so the request cannot have arrived.

    `lasting` says that a second try would end the same. Not an OSError on purpose: urllib3 and
    requests let it pass as it is.
    """

    def __init__(self, reason: str, *, remedy: str = "", lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.lasting = lasting


class _Checked(_Base):
    """Resolves the target itself, and connects to the very address that it checked (S3)."""

    target: ClassVar[BaseUrl]

    def connect(self) -> None:
        """Connects. Raises NotSent, or AssetError for an address that is not allowed."""
        try:
            super().connect()
            return
        except (OSError, HTTPException, HTTPError) as error:
            not_sent = _explain(error, self.target)
        raise not_sent

    def _new_conn(self) -> socket.socket:
        # A proxy is the operator's own choice and resolves the target's name itself.
        direct = self.proxy is None
        host, port = (self.target.host, self.target.port) if direct else (self.host, self.port)
        # As bytes, because every str goes through the idna codec, whose import is slow.
        found = socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
        if direct:
            for *_, address in found:
                _check(self.target, str(address[0]))
        for number, (family, kind, protocol, _, address) in enumerate(found, 1):
            last = number == len(found)
            sock = TcpSocket(family, kind, protocol)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # An address that swallows packets must leave time for the ones after it.
                sock.settimeout(seconds_left() / (1 if last else 2))
                sock.connect(address)
                return sock
            except OSError:
                sock.close()
                if last:
                    raise
        raise OSError(f"{host} has no address")


def open_pool(
    target: BaseUrl, proxy: ProxyUrl | None, *, verify: bool, ca_bundle: str
) -> HTTPConnectionPool:
    """The kept-alive connections to `target`, through `proxy` where there is one.

    The proxy's credentials go into its own header and nowhere else: not into the URL that
    errors show, not into what the target gets (promise S4).
    """
    https = "https" in (target.scheme, proxy.scheme if proxy else "")
    context = tls_context(verify, ca_bundle) if https else None
    if not verify:
        disable_warnings(InsecureRequestWarning)  # the transport's own warning says more
    manager = PoolManager(maxsize=_MOST_KEPT_ALIVE, ssl_context=context)
    if proxy:
        manager = ProxyManager(
            proxy.origin,
            proxy_headers=_credentials(proxy),
            proxy_ssl_context=context,
            maxsize=_MOST_KEPT_ALIVE,
            ssl_context=context,
        )
    pool = manager.connection_from_host(target.host, target.port, target.scheme)
    library_class = HTTPSConnection if pool.scheme == "https" else HTTPConnection
    pool.ConnectionCls = type("Connection", (_Checked, library_class), {"target": target})
    return pool


def _credentials(proxy: ProxyUrl) -> dict[str, str]:
    if not proxy.user:
        return {}
    return {"Proxy-Authorization": f"Basic {b64encode(proxy.user.encode()).decode()}"}


def _check(target: BaseUrl, address: str) -> None:
    try:
        target.check_address(address)
    except ValueError as error:
        reason = str(error)
    else:
        return
    raise AssetError(
        reason,
        remedy=f"Correct {target.field}, or set allow_private_addresses if it is meant.",
    )


def _explain(error: Exception, target: BaseUrl) -> NotSent:
    """What kept a connection from being made, in words for an operator."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotSent(
            f"its certificate is not trusted ({error.verify_message})",
            remedy="If a private CA signed it, put the file with that CA's certificate into"
            f" ca_bundle; if it was made for another name, correct {target.field}.",
            lasting=True,
        )
    if isinstance(error, ssl.SSLError):
        return NotSent(f"no TLS connection could be made ({error.reason or 'it broke off'})")
    if isinstance(error, socket.gaierror):
        return NotSent("its name does not resolve", lasting=error.errno != socket.EAI_AGAIN)
    if isinstance(error, TimeoutError):
        return NotSent("no connection was made in time")
    if tunnel := re.match(r"Tunnel connection failed: (\d{3})", str(error)):
        return NotSent(
            f"the proxy refused to connect (status {tunnel[1]})",
            remedy="Check the proxy's address, user and password in proxy_url and what it allows.",
            lasting=tunnel[1] in ("401", "403", "407"),
        )
    if isinstance(error, OSError) and error.strerror:
        return NotSent(f"no connection could be made ({error.strerror})")
    return NotSent(f"no connection could be made ({type(error).__name__})")
