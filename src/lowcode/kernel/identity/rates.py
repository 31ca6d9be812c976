"""How often: a bucket per key, address or the like, in this process alone."""

from __future__ import annotations

import threading
from datetime import datetime

from lowcode.kernel.diagnostics import Problem, TooManyRequests

KNOWN_LIMIT = 50_000
TOO_MANY = {"en": "too many requests; try again in {seconds} seconds", "zh-CN": "请求过于频繁，请在 {seconds} 秒后重试"}


class Rates:
    """Buckets that fill again over a minute. With several processes each counts for itself."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, per_minute: int, now: datetime, code: str) -> None:
        """Count one request. Raises TooManyRequests, under the code, with the seconds to wait."""
        instant = now.timestamp()
        with self._lock:
            left, at = self._buckets.get(name, (float(per_minute), instant))
            left = min(float(per_minute), left + max(0.0, instant - at) * per_minute / 60)
            if left < 1:
                seconds = max(1, round((1 - left) * 60 / per_minute + 0.5))
                raise TooManyRequests(Problem(code, TOO_MANY, "", {"seconds": seconds}), retry_after=seconds)
            if len(self._buckets) >= KNOWN_LIMIT:
                self._buckets.clear()
            self._buckets[name] = (left - 1, instant)
