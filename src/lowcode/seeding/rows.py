"""Rows of a seed file, written through the one write path with nobody listening."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa

from lowcode.context import WorkContext
from lowcode.host import Host
from lowcode.kernel.contract import Wanted
from lowcode.kernel.definitions import Source
from lowcode.kernel.diagnostics import DefinitionError, Rejected, Report
from lowcode.kernel.identity import APP
from lowcode.kernel.records import conditions, rollups, save, write
from lowcode.kernel.records.computing import compute_stage
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.save import SavePlan
from lowcode.kernel.storage import Unit
from lowcode.seeding.diagnostics import MESSAGES

SPANS = ("weeks", "days", "hours", "minutes")
TIME = "time"
TIMED = frozenset({*SPANS, TIME})
"""What a time is written with: how far from now, and at which time of that day."""
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
BATCH = 500


class QuietContext(WorkContext):
    """A context in which nobody listens."""

    __slots__ = ()

    def tell(self, event: str, *, record_type: str | None = None, record_id: int | None = None, **body: Any) -> None:
        """Nobody hears it."""

    def later(self, operation: str, *, at: datetime | None = None, key: str | None = None, **parameters: Any) -> None:
        """Nothing follows."""

    def later_many(self, operation: str, wanted: Iterable[Wanted]) -> None:
        """Nothing follows."""


def form_of(path: str) -> str:
    """The form a seed file is named after."""
    return re.sub(r"^\d+_", "", PurePosixPath(path).stem)


def span(value: Mapping[str, Any]) -> timedelta:
    """A length of time as it is written."""
    return timedelta(**{name: float(value[name]) for name in SPANS if name in value})


def instant(now: datetime, zone: tzinfo, value: Mapping[str, Any]) -> datetime:
    """The instant that is so far from now; with `time`, on that day in the app's zone at that time. Raises ValueError
    for a time no clock shows."""
    at = now + span(value)
    if TIME not in value:
        return at
    found = CLOCK.fullmatch(str(value[TIME]))
    if found is None:
        raise ValueError(value[TIME])
    day = at.astimezone(zone)
    return day.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0).astimezone(at.tzinfo)


class Rows:
    """One run: the keys given so far, and the quiet way to save each record type."""

    def __init__(self, host: Host, report: Report) -> None:
        self.host = host
        self.report = report
        self.now = host.clock.now()
        self.keys: dict[str, int] = {}
        self._plans: dict[str, SavePlan] = {}

    def write(self, path: str, source: Source, start: int) -> int:
        """Write one batch of a file in one transaction."""
        name = form_of(path)
        record_type = self.host.types.get(name)
        if record_type is None or record_type.parent is not None:
            self.report.add(MESSAGES.diagnostic("unknown-form", source.place(), seen=name, known=list(self.host.types)))
            return 0
        batch = source.data[start : start + BATCH]

        def work(unit: Unit) -> int:
            for offset, row in enumerate(batch):
                self._row(unit, record_type, row, source, start + offset)
            if not self.report.ok:
                raise DefinitionError(self.report)
            return len(batch)

        return self.host.database.write(work)

    def _row(self, unit: Unit, record_type: RecordType, row: Mapping[str, Any], source: Source, index: int) -> None:
        at = self.instant(row.get("@at") or {}, source, f"/{index}/@at")
        maker = self.person(row.get("@by", row.get("owner")), source, f"/{index}/owner")
        # The app's right to do everything, under the name of the maker: what was done long ago is not judged by roles.
        context = QuietContext(self.host, self.host.app, unit, replace(APP, id=maker), at)
        values = {
            name: self.value(record_type, name, value, source, f"/{index}/{name}")
            for name, value in row.items()
            if not name.startswith("@")
        }
        grant = Grant(record_type, True, ())
        stages = [
            (each["state"], self.instant(each.get("at") or {}, source, f"/{index}/@stages/{place}/at"))
            for place, each in enumerate(row.get("@stages") or ())
        ]
        state = record_type.states[0].name if record_type.states else None
        final = values.get(state) if state else None
        if stages and state:
            values[state] = stages[0][0]
        try:
            record = save.create(context, self._plan(record_type), grant, values)
            if stages and state:
                self._stages(context, record_type, record, state, stages, final)
        except Rejected as refused:
            for problem in refused.problems:
                place = source.place(f"/{index}{problem.pointer}")
                self.report.add(MESSAGES.diagnostic("refused", place, reason=problem.words("en")))
            return
        if "@key" in row:
            self.keys[f"@{str(row['@key']).removeprefix('@')}"] = record["id"]

    def _stages(
        self,
        context: QuietContext,
        record_type: RecordType,
        record: dict[str, Any],
        state: str,
        stages: Sequence[tuple[str, datetime]],
        final: Any,
    ) -> None:
        """Walk the record through the states it had, at the times it had them."""
        plan = self._plan(record_type)
        steps = [*stages[1:], *([(final, self.now)] if final and stages[-1][0] != final else [])]
        current = stages[0][0]
        for entered, at in steps:
            write.leave_state(context, plan, record["id"], state, at)
            write.enter_state(context, plan, record["id"], state, current, entered, at)
            current = entered
        table = record_type.table
        context.unit.run(sa.update(table).where(table.c.id == record["id"]).values(**{state: current}))
        own = [each for each in record_type.computed if each.expression and state in each.expression.paths]
        if own:
            rollups.refresh(context, record_type, [record["id"]], own)

    def _plan(self, record_type: RecordType) -> SavePlan:
        """Saving without the steps that watch: only what the kernel computes, and no transitions (history is told)."""
        found = self._plans.get(record_type.name)
        if found is None:
            stage = compute_stage(record_type)
            plan = self.host.save_plan(record_type)
            found = replace(plan, stages=(stage,) if stage else (), watched=(), conditions=conditions.NOTHING)
            self._plans[record_type.name] = found
        return found

    def value(self, record_type: RecordType, name: str, value: Any, source: Source, pointer: str) -> Any:
        field = record_type.fields.get(name)
        if name == "owner":
            return self.person(value, source, pointer)
        if field is None:
            return value
        if field.rows is not None and isinstance(value, list):
            return [
                {
                    key: self.value(field.rows, key, each, source, f"{pointer}/{index}/{key}")
                    for key, each in row.items()
                }
                for index, row in enumerate(value)
            ]
        if isinstance(value, list):
            return [self._single(field, each, source, pointer) for each in value]
        return self._single(field, value, source, pointer)

    def _single(self, field: Field, value: Any, source: Source, pointer: str) -> Any:
        if isinstance(value, Mapping) and value.keys() <= TIMED:
            at = self.instant(value, source, pointer)
            return at.astimezone(self.host.app.zone).date() if field.options_type == "date" else at
        if field.options_type in ("member", "members"):
            return self.person(value, source, pointer)
        if field.options_type in ("department", "departments") and isinstance(value, str):
            return next((d.id for d in self.host.directory().departments.values() if d.name == value), value)
        if isinstance(value, str) and value.startswith("@") and field.target is not None:
            if value not in self.keys:
                self.report.add(MESSAGES.diagnostic("unknown-key", source.place(pointer), seen=value, known=self.keys))
            return self.keys.get(value)
        return value

    def instant(self, value: Mapping[str, Any], source: Source, pointer: str) -> datetime:
        """A time as it is written; one that is none becomes a finding."""
        try:
            return instant(self.now, self.host.app.zone, value)
        except ValueError:
            self.report.add(MESSAGES.diagnostic("bad-time", source.place(f"{pointer}/{TIME}"), seen=value[TIME]))
            return self.now

    def person(self, value: Any, source: Source, pointer: str) -> Any:
        if value is None or isinstance(value, int):
            return value
        people = self.host.directory()
        user = people.by_login.get(value)
        if user is None:
            self.report.add(
                MESSAGES.diagnostic("unknown-person", source.place(pointer), seen=value, known=people.by_login)
            )
            return None
        return user.id

    def settle(self) -> None:
        """Bring every roll-up up to date, once, when all rows are there."""
        for record_type in self.host.types.values():
            gathered = self._gathered(record_type)
            if not gathered:
                continue

            def work(unit: Unit, record_type: RecordType = record_type, fields: Sequence[Field] = gathered) -> None:
                ids = [row["id"] for row in unit.fetch(sa.select(record_type.table.c.id))]
                context = QuietContext(self.host, self.host.app, unit, APP, self.now)
                rollups.refresh(context, record_type, ids, fields)

            self.host.database.write(work)

    def _gathered(self, record_type: RecordType) -> tuple[Field, ...]:
        return () if record_type.parent is not None else self.host.save_plan(record_type).gathered
