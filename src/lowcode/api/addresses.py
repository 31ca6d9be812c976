"""Which addresses may be called: everything public; what is private, only when the host program says so.

A name is resolved once, each of its addresses is judged, and the connection goes to exactly the address that was
judged, so a name that changes its answer in between gains nothing (SSRF, DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from lowcode.api.diagnostics import problem
from lowcode.kernel.diagnostics import Rejected

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
GIVEN_OUT = ipaddress.ip_network("2000::/3")
"""The only part of IPv6 of which the internet is made; beside it lie ways to write IPv4 (`::127.0.0.1`,
`::ffff:0:127.0.0.1`, `64:ff9b:1::/48`), sites (`fec0::/10`) and routers' own segments."""
EXAMPLES = ipaddress.ip_network("3fff::/20")
"""Documentation; the standard library of Python 3.11 takes it for public."""


def split(url: str) -> SplitResult:
    """The parts of an address to send to. Raises Rejected for anything but http and https without a login in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Rejected(problem("bad-address")) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or port == 0:
        raise Rejected(problem("bad-address"))
    return parts


def is_written(url: str) -> bool:
    """Whether it is written as an address of the web; whether it may be sent to is said where it is (`split`)."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def resolve(host: str, port: int, allowed: bool | Iterable[str]) -> str:
    """The address to connect to. Raises Rejected when one of the name may not be called."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        if not permitted(ipaddress.ip_address(text.partition("%")[0]), allowed):
            raise Rejected(problem("private-address", host=host, address=text))
    return found[0]


def permitted(address: Address, allowed: bool | Iterable[str]) -> bool:
    """Whether an address may be called."""
    if allowed is True or is_public(address):
        return True
    if allowed is False:
        return False
    networks = [ipaddress.ip_network(each, strict=False) for each in allowed]
    return any(address.version == each.version and address in each for each in networks)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet, looked at through every wrapping."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in TRANSLATED:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        for inner in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
            if inner is not None and not is_public(inner):
                return False
        if address.ipv4_mapped is not None:
            return True
        if address not in GIVEN_OUT or address in EXAMPLES:
            return False
    return address.is_global and not address.is_multicast
