"""Addresses of services by which people sign in: which are safe to use, and parameters put on them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from lowcode.kernel.bounds import LOOPBACK


def safe(address: str) -> bool:
    """Whether an address of a provider keeps what is sent there to itself: TLS, or this machine."""
    parts = urlsplit(address)
    return (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """An address with parameters more."""
    return address + ("&" if urlsplit(address).query else "?") + urlencode(parameters)
