"""Two who bring in files that change the same records, each in another order."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations import bringing, incoming
from lowcode.kernel.storage import tables as t
from tests.forms.firm import Firm, firm
from tests.forms.test_bringing import begun, csv_of, lines


def file_of(first: str, second: str, budget: int) -> bytes:
    """The second row names the record of the first, so the first is saved before the second is looked at."""
    rows = (f"{first},{first}@example.com,{budget},", f"{second},{second}@example.com,{budget},{first}")
    return "\n".join(("名称,邮箱,预算,总部", *rows)).encode()


def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has saved a first row waits until the other one has, too: from there on each wants what the other one
    holds. Only once: whoever is undone then comes back alone."""
    both, met, save = threading.Barrier(2), threading.local(), incoming._save

    def saved(*given: Any) -> None:
        save(*given)
        if not getattr(met, "once", False):
            met.once = True
            given[0].unit.begin()
            if given[0].unit.database.dialect_name == "postgresql":
                given[0].unit.flush()
                both.wait(30)

    monkeypatch.setattr(incoming, "_save", saved)


def budgets(app: Firm) -> dict[str, tuple[int, int]]:
    table = app.host.types["customer"].table.c
    with app.host.database.reading() as unit:
        rows = unit.fetch(sa.select(table.name, table.budget, table.version))
    return {row["name"]: (int(row["budget"]), row["version"]) for row in rows}


@pytest.mark.requirement("SF10", "F18")
def test_both_come_in(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server undoes one of them so that the other one goes on; that one is done once more, and nobody is told to
    try again."""
    with firm(database_url) as app:
        for name in ("甲", "乙"):
            app.create("ann", "customer", name=name, email=f"{name}@example.com")
        meeting(monkeypatch)
        asked: dict[str, Any] = {"form": "customer", "name": "x.csv", "keys": ("email",), "duplicates": "update"}
        answers: list[Any] = []

        def bring(content: bytes) -> None:
            try:
                answers.append(app.ask("ann", "forms.import", content=content, **asked))
            except Exception as error:
                answers.append(error)

        files = (file_of("甲", "乙", 1), file_of("乙", "甲", 2))
        threads = [threading.Thread(target=bring, args=(each,)) for each in files]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert not [each for each in answers if isinstance(each, Exception)]
        assert [(2, []), (2, [])] == [(each["update"], each["problems"]) for each in answers]
        (one, other) = budgets(app).values()
        assert one == other  # one file after the other, and not one row of each
        assert (one[0] in (1, 2), 3) == (True, one[1])


def test_a_job_that_was_undone_so_is_done_again_at_once() -> None:
    """Nothing is there to wait for any more."""

    class Entangled(Exception):
        sqlstate = "40P01"

    with firm("sqlite://") as app:
        fails = [Entangled("deadlock detected")]

        def bring(*_: Any, **__: Any) -> None:
            if fails:
                raise fails.pop()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bringing, "_bring", bring)
            begun(app, csv_of(lines(3)))
            app.host.deliver()
        assert not fails
        with app.host.database.reading() as unit:
            (job,) = unit.fetch(sa.select(t.job.c.state, t.job.c.attempts).where(t.job.c.name == "forms.import_part"))
        assert ("done", 2) == (job["state"], job["attempts"])
