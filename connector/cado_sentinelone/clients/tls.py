"""The one TLS context of the process, made when the first https call is made."""

from __future__ import annotations

import ssl
from functools import lru_cache
from pathlib import Path

from cado_sentinelone.clients.sockets import TlsSocket
from cado_sentinelone.errors import AssetError


@lru_cache
def tls_context(verify: bool, ca_bundle: str) -> ssl.SSLContext:
    """The context for every https call with these settings; TLS 1.2 at least.

    `ca_bundle` adds private CAs to the public ones, because one vendor may be in the house and
    the other in the cloud. The environment is not asked (SSL_CERT_FILE, SSLKEYLOGFILE).
    Raises AssetError when the bundle cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = TlsSocket
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    import certifi

    context.load_verify_locations(certifi.where())
    if ca_bundle:
        _add(context, ca_bundle)
    return context


def _add(context: ssl.SSLContext, ca_bundle: str) -> None:
    try:
        context.load_verify_locations(cadata=Path(ca_bundle).read_text(encoding="utf-8"))
    except (ssl.SSLError, ValueError):
        reason = "it is not a PEM file"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    else:
        return
    raise AssetError(
        f"ca_bundle cannot be used: {ca_bundle}: {reason}",
        remedy="Name a readable file with the CA's certificates in PEM form in ca_bundle.",
    )
