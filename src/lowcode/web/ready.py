"""One record, answered by what was worked out when it was first asked for in this form by somebody of this standing.

The gate (`Context.ask`) says the same of `records.get` to everybody who acts for themselves: they are signed in, the
form is there, a whole number is one. What differs stands in the statement and its parameters: which rows they may read,
and of which columns. So the first answer goes through the gate, and those that follow run the statement it made. It is
forgotten with everything else that was derived from a version of the app; the session is asked for before, as ever.
Whoever comes with a key, and forms of which more has to be read or said by a record's values, take the whole way.
Decision 0246.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.identity.actor import Standing
from lowcode.kernel.records import operations
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.records.plan import RecordType
from lowcode.web.messages import JSON, Request, Response, to_json
from lowcode.web.present import Presenter, only_people, people_of
from lowcode.web.session import Caller
from lowcode.web.situation import known_of

if TYPE_CHECKING:
    from lowcode.web.door import Door

PRIVATE = ("Cache-Control", "private, no-store")
LISTS = frozenset({"buttons", "flows", "print"})
"""What engines add to that by a list; where one says anything else, the whole situation is worked out."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The statement and what makes JSON of its values, the paths that hold people and the one that names the record
    (blank where links, files or more have to be put in place), and what may be done with any of them."""

    record_type: RecordType
    statement: sa.Select[Any]
    shows: Mapping[str, Callable[[Any], Any]]
    people: tuple[str, ...]
    called: str
    meta: Mapping[str, Any]


def answer_of(door: Door, request: Request, caller: Caller, form: str, id: int) -> Response | None:
    """The answer, where all of it is known but the record; None where it has to be asked for."""
    host, actor = door.host, caller.actor
    if actor.id is None or actor.key or request.query or "if-none-match" in request.headers:
        return None
    found = _kept(host).get((form, actor.standing))
    if found is None:
        return None
    with host.database.reading() as unit:
        context = host.context(unit, actor)
        rows = unit.fetch(found.statement, found.shows, record_id=id, **moment_parameters(context, found.statement))
        if not rows:
            return None
        shown = rows[0]
        meta = {**found.meta}
        for name, value in host.situations(context, found.record_type, shown):
            if name not in LISTS:
                return None
            meta[name] = [*meta[name], *value]
        if found.called:
            people = people_of(context)
            for path in found.people:
                if shown[path] is not None:
                    shown[path] = people[shown[path]]
            shown["_label"] = shown[found.called] or str(id)
        else:
            shown = Presenter(context, found.record_type).show(rows, as_json=True)[0]
        shown["_meta"] = meta
    return Response(200, to_json(shown), JSON, [("ETag", f'"{shown["version"]}"'), PRIVATE])


def get_ready(context: Any, record_type: RecordType, names: tuple[str, ...]) -> None:
    """Keep what the answers that follow need, after the whole record was read in this context; `names` of it."""
    if context.actor.limits or context.actor.narrowed:
        return
    kept, key = _kept(context.host), (record_type.name, context.actor.standing)
    if key not in kept:
        kept[key] = _ready(context, record_type, names)


def _kept(host: Any) -> dict[tuple[str, Standing], Ready | None]:
    """What was worked out by form and standing: None where there is nothing to keep. It goes with the version."""
    found: dict[tuple[str, Standing], Ready | None] = host.cached("ready", dict)
    return found


def _ready(context: Any, record_type: RecordType, names: tuple[str, ...]) -> Ready | None:
    known, reading = known_of(context, record_type), operations.reading_of(context, record_type)
    if known.by_values or reading is None or context.app.operations["records.get"].run is not operations.get:
        return None
    people, called = only_people(Presenter(context, record_type), names)
    meta = {
        "can": {"edit": known.edit, "delete": known.delete}, "read_only": sorted(known.fixed), "transitions": {},
        "buttons": [], "flows": [], "print": [],
    }  # fmt: skip
    return Ready(record_type, reading.statement, reading.shows, people, called, meta)
