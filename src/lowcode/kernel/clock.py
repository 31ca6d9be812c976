"""Time comes from a clock that a host owns, never from the system directly, so tests can advance it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the instant, always aware and in UTC."""

    def now(self) -> datetime:
        """This instant."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands until it is advanced; for tests and for trying an app out."""

    def __init__(self, instant: datetime | None = None) -> None:
        self._instant = (instant or datetime.now(UTC)).astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The instant it stands at."""
        return self._instant

    def advance(self, by: timedelta) -> datetime:
        """Move on by a span of time; a negative span is a clock set back."""
        with self._lock:
            self._instant += by
            return self._instant

    def set(self, instant: datetime) -> None:
        """Stand at another instant."""
        with self._lock:
            self._instant = instant.astimezone(UTC)
