"""Which addresses may be called."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from lowcode.api.addresses import is_public, permitted, resolve, split
from lowcode.kernel.diagnostics import Rejected

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "198.18.0.1", "240.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, and whatever wraps one of them."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    """The internet."""
    assert is_public(ip_address(address))


def test_the_host_program_allows_networks() -> None:
    """Named networks only, or all."""
    address = ip_address("10.1.2.3")
    assert permitted(address, ["192.168.0.0/16", "10.1.0.0/16"])
    assert not permitted(address, ["10.2.0.0/16", "fc00::/7"])
    assert permitted(address, True)
    assert not permitted(address, False)


def test_names_are_judged_by_their_addresses() -> None:
    """A name that leads inside is refused, however it is spelt."""
    for name in ("localhost", "127.1", "2130706433", "0x7f.1"):
        with pytest.raises(Rejected):
            resolve(name, 80, False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "http://",
        "https://user@example.com/",
        "javascript:alert(1)",
        "http://a:99999/",
        "//x",
        "http://[x",
    ],
)
def test_what_is_no_address(url: str) -> None:
    """Only http and https, and no login in it."""
    with pytest.raises(Rejected):
        split(url)
