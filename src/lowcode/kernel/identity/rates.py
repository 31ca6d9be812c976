"""How often: a bucket per key, address or the like, in this process alone."""

from __future__ import annotations

import ipaddress
import threading
from datetime import datetime

from lowcode.kernel.diagnostics import Problem, TooManyRequests

KNOWN_LIMIT = 50_000
ROOM = 0.9
"""So full they may stay when room is made: it is made for many at once."""
TOO_MANY = {"en": "too many requests; try again in {seconds} seconds", "zh-CN": "请求过于频繁，请在 {seconds} 秒后重试"}

OF_A_SITE = 10
"""So many times what one address may send may a site of IPv6 (/48)."""
KEPT_FOR_OTHERS = 5
"""One part in so many of what all may send together."""


def network(address: str) -> str:
    """What counts as one address: of IPv6 the network of a household or server (/64), as each has more addresses of its
    own than anybody could count; one of IPv4 written as IPv6 is the one of IPv4."""
    return _network(address, 64)


def site(address: str) -> str:
    """What whoever has many networks has them of: of IPv6 the network of a site (/48), which is 65,536 of those that
    count as one address; of IPv4 the address."""
    return _network(address, 48)


def _network(address: str, bits: int) -> str:
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    rest = 128 - bits
    return str(ipaddress.IPv6Network((int(found) >> rest << rest, bits)))


class Rates:
    """Buckets that fill again over a minute. With several processes each counts for itself."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, per_minute: int, now: datetime, code: str, *, keep: int = 0) -> bool:
        """Count one request; whether it is the first within a minute. So many are kept for others. Raises
        TooManyRequests, under the code, with the seconds to wait."""
        instant = now.timestamp()
        with self._lock:
            first = name not in self._buckets or instant - self._buckets[name][1] >= 60
            left, at = self._buckets.get(name, (float(per_minute), instant))
            left = min(float(per_minute), left + max(0.0, instant - at) * per_minute / 60)
            if left < keep + 1:
                seconds = max(1, round((keep + 1 - left) * 60 / per_minute + 0.5))
                raise TooManyRequests(Problem(code, TOO_MANY, "", {"seconds": seconds}), retry_after=seconds)
            if len(self._buckets) >= KNOWN_LIMIT:
                self._make_room(instant)
            self._buckets[name] = (left - 1, instant)
            return first

    def take_of_anybody(self, name: str, address: str, limits: tuple[int, int], now: datetime, code: str) -> None:
        """Count what anybody may send: of an address (the first limit), of a site that has many, of all together (the
        second). Of that a share is kept for who has sent nothing for a minute, so that some hundred addresses that
        send all they may shut nobody else out. Raises TooManyRequests."""
        limit, total = limits
        own, wide = network(address), site(address)
        first = self.take(f"{name} {own}", limit, now, code)
        if wide != own:
            first = self.take(f"{name} {wide}", limit * OF_A_SITE, now, code)
        self.take(f"{name}\0all", total, now, code, keep=0 if first else total // KEPT_FOR_OTHERS)

    def _make_room(self, instant: float) -> None:
        """Forget what is full again, which is as if it had never been; then who has some left; at last everybody.
        Somebody with addresses without number shall not be let in anew by using them up."""
        for keep in (
            lambda left, at: instant - at < 60,
            lambda left, at: left < 1,
            lambda left, at: False,
        ):
            self._buckets = {name: each for name, each in self._buckets.items() if keep(*each)}
            if len(self._buckets) < KNOWN_LIMIT * ROOM:
                return
