"""What must always hold of rules: however changes are batched, whenever the worker runs, whatever the clock does."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from tests.rules.apps import PEOPLE, START, Trial, host_of, rule

TASK: dict[str, Any] = {"create": {"form": "task", "values": {"title": '"x"', "lead": "id"}}}
RULES = (
    rule("big", {"becomes": "budget > 100"}, TASK),
    rule("moved", {"updated": True, "fields": ["stage"]}, TASK, when="stage <> OLD(stage)"),
    rule("left", {"left": {"field": "stage", "state": "new"}}, TASK),
    rule("silent", {"inactive": {"since": "touched_at", "for": {"hours": 5}}}, TASK),
    rule("ending", {"date": {"field": "meeting_at", "before": {"hours": 2}}}, TASK),
    rule("ending_late", {"date": {"field": "meeting_at", "before": {"hours": 2}, "late": "fire"}}, TASK),
    rule("over", {"date": {"field": "meeting_at", "after": {"hours": 1}}}, TASK),
    rule("over_late", {"date": {"field": "meeting_at", "after": {"hours": 1}, "late": "fire"}}, TASK),
)
Step = tuple[str, int]
steps = st.lists(
    st.tuples(st.sampled_from(["create", "budget", "stage", "touch", "meet", "wait"]), st.integers(0, 200)),
    min_size=2,
    max_size=9,
)
chances = st.lists(st.sampled_from(["nothing", "settle", "restart", "back", "tick"]), min_size=9, max_size=9)


class Run:
    """One way of doing the same changes: how they are batched, and what happens to the worker between them."""

    def __init__(self, folder: str, name: str) -> None:
        self.url = f"sqlite:///{Path(folder) / name}.sqlite3"
        self.clock = FrozenClock(START)
        self.host = host_of(self.url, *RULES, clock=self.clock)
        self.host.publish()
        with self.host.session(APP) as context:
            for person in PEOPLE:
                context.ask("identity.save_person", **person)
        self.host.settle()
        self.leads: list[int] = []
        self.moved: set[int] = set()
        """Leads whose meeting was moved: a late date is done if it still is what it was when the worker comes, so how
        often depends on when that is."""

    def restart(self) -> None:
        """The process ends and another begins."""
        self.host.close()
        self.host = host_of(self.url, *RULES, clock=self.clock)

    def do(self, batch: list[Step]) -> None:
        """Several changes in one transaction."""
        with self.host.session(APP) as context:
            for what, number in batch:
                self._do(context, what, number)

    def _do(self, context: Any, what: str, number: int) -> None:
        now = self.clock.now()
        if what == "create" or not self.leads:
            values = {"budget": number, "touched_at": now, "meeting_at": now + timedelta(hours=number % 12 - 4)}
            self.leads.append(context.ask("records.create", type="lead", values=values)["id"])
            return
        changes: dict[str, dict[str, Any]] = {
            "budget": {"budget": number},
            "stage": {"stage": ("new", "contacted", "won")[number % 3]},
            "touch": {"touched_at": now},
            "meet": {"meeting_at": now + timedelta(hours=number % 12 - 4)},
        }
        lead = self.leads[number % len(self.leads)]
        if what == "meet":
            self.moved.add(lead)
        context.ask("records.update", type="lead", id=lead, values=changes[what])

    def end(self) -> Counter[tuple[str, int]]:
        """Let everything happen; how often each rule was done for each record."""
        for _ in range(4):
            self.clock.advance(timedelta(hours=8))
            self.host.settle()
        app = Trial(self.host, self.clock)
        order = {identity: place for place, identity in enumerate(self.leads)}  # a restart takes ids of another block
        found = Counter(
            (each["rule"], order[each["record"]])
            for name in RULES
            for each in app.log(name["name"])
            if each["outcome"] == "done"
        )
        assert len(app.all()) == sum(found.values())
        self.host.close()
        late = {("over_late", order[each]) for each in self.moved} | {
            ("ending_late", order[each]) for each in self.moved
        }
        return Counter({each: count for each, count in found.items() if each not in late})


@pytest.mark.requirement("R5")
@given(steps, chances)
@settings(max_examples=6, deadline=None)
def test_the_same_comes_of_it(made: list[Step], chance: list[str]) -> None:
    """Changes one by one, or those of one instant in one transaction; a worker that runs all the time, never until the
    end, or dies between; a clock that is set back for a while; dates whose moment lies before the record had them:
    every rule is done for the same records equally often, nothing twice and nothing not at all."""
    with tempfile.TemporaryDirectory() as folder:
        plain, batched, troubled = (Run(folder, name) for name in ("plain", "batched", "troubled"))
        batch: list[Step] = []
        for (what, number), happens in zip(made, chance, strict=False):
            if what == "wait":
                batched.do(batch)
                batch = []
                for run in (plain, batched, troubled):
                    run.clock.advance(timedelta(minutes=number))
                plain.host.settle()
                _trouble(troubled, happens)
                continue
            batch.append((what, number))
            plain.do([(what, number)])
            plain.host.settle()
            troubled.do([(what, number)])
            _trouble(troubled, happens)
        batched.do(batch)
        expected = plain.end()
        assert batched.end() == expected
        assert troubled.end() == expected


def _trouble(run: Run, what: str) -> None:
    if what == "settle":
        run.host.settle()
    elif what == "restart":
        run.restart()
    elif what == "tick":
        run.host.tick()
    elif what == "back":
        run.clock.advance(-timedelta(minutes=30))
        run.host.settle()
        run.clock.advance(timedelta(minutes=30))
