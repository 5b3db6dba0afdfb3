"""Which base and proxy URLs a token may be sent through, decided before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_AUTHORITY = re.compile(
    rf"(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?"
)
_NUMERIC_END = re.compile(r"(?:[^:]*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_UNWANTED = {
    "@": "a user or password",
    "?": "a query",
    "#": "a fragment",
    "\\": "a backslash",
}
_LOCAL_NAMES = re.compile(
    r"(?:.+\.)?(?:localhost|localdomain|local|internal|home\.arpa)"
    r"|ip6-localhost|ip6-loopback|metadata|metadata\.goog|instance-data"
)
# Metadata services that no property of ipaddress covers: Azure's address is public, Oracle's
# counts as public in older Pythons.
_METADATA = {"168.63.129.16", "192.0.0.192"}
_GLOBAL_UNICAST = 0b001  # 2000::/3: the only IPv6 addresses that are routed in public
_NAT64 = 0x64FF9B << 96  # 64:ff9b::/96, whose last 32 bits are the IPv4 address that is meant


@dataclass(frozen=True)
class BaseUrl:
    """A vendor's checked address: what was checked is what is connected to (promise S3).

    `field` is the asset's field that it came from, for errors.
    """

    field: str
    scheme: str
    host: str
    port: int
    allow_private: bool

    @property
    def origin(self) -> str:
        """Scheme, host and, unless it is the scheme's own, port."""
        return _origin(self.scheme, self.host, self.port)

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine by its very name."""
        address = _literal(self.host)
        return address.is_loopback if address else self.host.split(".")[-1] == "localhost"

    @property
    def is_name(self) -> bool:
        """Whether only resolving the host can tell where it is."""
        return _literal(self.host) is None

    def check_address(self, text: str) -> None:
        """Raises ValueError unless the host may be reached at the address `text`."""
        kind = _kind(ip_address(text))
        if kind and not self.allow_private:
            raise ValueError(f"{self.field} leads to {text}, which is {kind}")
        if not kind and self.scheme == "http":
            raise ValueError(f"{self.field} must be https: the token would cross the network open")


@dataclass(frozen=True)
class ProxyUrl:
    """A checked proxy; `user` is "name:password" as sent, empty when there is none."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)

    @property
    def origin(self) -> str:
        """The proxy's URL without the credentials."""
        return _origin(self.scheme, self.host, self.port)


def check_asset_urls(asset: Any) -> None:  # noqa: ANN401 - an asset, or what stands for one
    """Raises ValueError that names the field of `asset` whose URL must not be used."""
    for name in ("sentinelone_url", "cado_url"):
        if url := getattr(asset, name):
            check_base_url(url, field=name, allow_private=asset.allow_private_addresses)
    if proxy := asset.proxy_url.get_secret_value():
        check_proxy_url(proxy)


def check_base_url(url: str, *, field: str, allow_private: bool) -> BaseUrl:
    """`url` as the one object that everything else uses. Raises ValueError naming `field`.

    The grammar is narrower than any URL parser's, so that no two parsers can read it
    differently. The URL itself is never repeated in the error: it may hold a password.
    """
    rest = _without_scheme(url, field)
    for char, what in _UNWANTED.items():
        if char in rest:
            raise ValueError(f"{field} must not contain {what}")
    scheme, host, port = _parts(url, rest, field)
    base = BaseUrl(field, scheme, host, port, allow_private)
    if not base.is_name:
        base.check_address(host)
    elif not allow_private and _LOCAL_NAMES.fullmatch(host):
        raise ValueError(f"{field} names {host}, which is a private name")
    elif not allow_private and scheme == "http":
        raise ValueError(f"{field} must begin with https://")
    return base


def check_proxy_url(url: str, *, field: str = "proxy_url") -> ProxyUrl:
    """`url` taken apart. Raises ValueError naming `field`, without the URL or its password."""
    rest = _without_scheme(url, field)
    for char in "?#\\":
        if char in rest:
            raise ValueError(f"{field} must not contain {_UNWANTED[char]}")
    user, _, authority = rest.rpartition("@")
    if "@" in user or "/" in user:
        raise ValueError(f"{field} must have @ and / in its user and password percent-encoded")
    return ProxyUrl(*_parts(url, authority, field), user=unquote(user))


def _without_scheme(url: str, field: str) -> str:
    if not url.isascii():
        raise ValueError(f"{field} must be ASCII; write an international name in its xn-- form")
    if not url.isprintable() or " " in url:
        raise ValueError(f"{field} must not contain blanks or control characters")
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in _PORTS:
        raise ValueError(f"{field} must begin with https:// (or http:// where that is allowed)")
    return rest


def _parts(url: str, rest: str, field: str) -> tuple[str, str, int]:
    scheme = url.partition(":")[0].lower()
    authority, _, path = rest.partition("/")
    if path:
        raise ValueError(f"{field} must end after the host; the API's path is added to it")
    match = _AUTHORITY.fullmatch(authority.lower())
    if not match or len(match["host"]) > 253:
        raise ValueError(f"{field} must name a host, and a port only as :number")
    port = int(match["port"] or _PORTS[scheme])
    if not 0 < port < 65536:
        raise ValueError(f"{field} has a port outside 1 to 65535")
    host = match["host"].strip("[]")
    address = _literal(host)
    # What a resolver may take for an IPv4 address (127.1, 0x7f.1, 2130706433) must be one.
    if _NUMERIC_END.fullmatch(host) and not (address and address.version == 4):
        raise ValueError(f"{field} must write an IP address in its usual form")
    if "[" in match["host"] and not (address and address.version == 6):
        raise ValueError(f"{field} must write an IPv6 address, and only that, in brackets")
    return scheme, str(address or host), port


def _origin(scheme: str, host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port == _PORTS[scheme] else f"{scheme}://{name}:{port}"


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _kind(address: IPv4Address | IPv6Address) -> str:
    """What keeps `address` from being public, in words; empty when it is public."""
    number = int(address)
    if address.version == 6 and (address.ipv4_mapped or number >> 32 << 32 == _NAT64):
        return _kind(IPv4Address(number & 0xFFFFFFFF))
    if str(address) in _METADATA:
        return "a cloud's metadata service"
    if address.is_unspecified:
        return "no address at all"
    if address.is_loopback:
        return "this machine itself"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "a multicast address"
    if address.version == 6 and (address.sixtofour or address.teredo):
        return "an address inside a tunnel"
    if not address.is_global or (address.version == 6 and number >> 125 != _GLOBAL_UNICAST):
        return "private"
    return ""
