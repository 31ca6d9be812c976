"""How often: what is remembered when more ask than can be remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lowcode.kernel.diagnostics import TooManyRequests
from lowcode.kernel.identity import rates
from lowcode.kernel.identity.rates import Rates

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_addresses_without_number_let_nobody_in_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has used up theirs stays refused while others come, ten for each place there is; those that are forgotten
    had some left."""
    monkeypatch.setattr(rates, "KNOWN_LIMIT", 100)
    counted = Rates()
    for _ in range(3):
        counted.take("guesser", 3, NOW, "x.too-many")
    for each in range(1000):
        counted.take(f"address {each}", 3, NOW, "x.too-many")
        assert len(counted._buckets) <= 100
    with pytest.raises(TooManyRequests):
        counted.take("guesser", 3, NOW, "x.too-many")
    later = NOW + timedelta(seconds=61)
    for each in range(200):
        counted.take(f"other {each}", 1, later, "x.too-many")
    counted.take("guesser", 3, later, "x.too-many")
