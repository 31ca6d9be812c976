"""Who else is at a record: told to whoever may read it, and over when it is not said again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lowcode.forms.operations.presence import BEAT, LASTS
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import NotFound
from tests.forms.firm import START, Firm, firm


def others(app: Firm, who: str, record: int, doing: str = "reads") -> list[tuple[str, bool]]:
    """Who else is there, and whether they edit."""
    answer: dict[str, Any] = app.ask(who, "forms.presence", form="customer", id=record, doing=doing)
    return [(each["person"]["label"], each["edits"]) for each in answer["others"]]


@pytest.mark.requirement("SC11", "SP19")
def test_colleagues_see_one_another_at_a_record(database_url: str) -> None:
    """Each sees the others and not themselves, whoever edits first; what is not said again is over."""
    clock = FrozenClock(START)
    with firm(database_url, clock=clock) as app:
        one, two = (app.create("ann", "customer", name=name, budget=1) for name in ("恒启", "百川"))
        assert others(app, "ann", one) == []
        assert others(app, "boss", one, "edits") == [("Ann", False)]
        assert others(app, "ann", one) == [("Boss", True)]
        assert others(app, "ann", two) == []
        assert others(app, "boss", one) == [("Ann", False)]
        assert others(app, "ann", one, "edits") == [("Boss", False)]
        clock.advance(timedelta(seconds=BEAT))
        assert others(app, "boss", one) == [("Ann", True)]
        clock.advance(LASTS - timedelta(seconds=BEAT) + timedelta(seconds=1))
        assert others(app, "boss", one) == []
        others(app, "ann", one)
        others(app, "boss", one, "leaves")
        assert others(app, "ann", one) == []


def test_presence_tells_nobody_what_they_may_not_read(database_url: str) -> None:
    """Whoever may not read the record, or when it is gone, learns nothing and leaves nothing."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="恒启", budget=1)
        others(app, "ann", one)
        with pytest.raises(NotFound):
            others(app, "ben", one)
        assert others(app, "ann", one) == []
        app.ask("ann", "records.delete", type="customer", id=one)
        with pytest.raises(NotFound):
            others(app, "ann", one)
