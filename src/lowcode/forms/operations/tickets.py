"""Tickets of registrations: what a code says to whoever opens it, and the scan that notes that somebody came."""

from __future__ import annotations

from typing import Annotated, Any

from lowcode.forms.operations.check import shown
from lowcode.forms.operations.submitting import KEY, public_of
from lowcode.forms.public import signing
from lowcode.forms.public.plan import Public
from lowcode.forms.public.words import problem
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.holding import hold
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.visible import visible_facts


class Ticket(Parameters):
    """The token of a code."""

    token: str


def ticket(context: Context, params: Ticket) -> Annotated[dict[str, Any], has(form=str, name=str)]:
    """What a code says: to everybody which form it belongs to, to a colleague who may see it whose it is and whether
    they were here."""
    record_type, face, identity = _of(context, params.token)
    found: dict[str, Any] = {"form": record_type.name, "name": face.definition.name, "colleague": False}
    if context.actor.id is None:
        return found
    try:
        record = context.ask("records.get", type=record_type.name, id=identity)
    except Rejected:
        return found
    return {**found, "colleague": True, **_whose(context, record_type, face, record)}


def check_in(
    context: Context, params: Ticket
) -> Annotated[dict[str, Any], has(again=bool, id=int, label=str, came=bool, values=dict)]:
    """Note that somebody came, as the person who scans; a second time changes nothing."""
    record_type, face, identity = _of(context, params.token)
    context.ask("records.get", type=record_type.name, id=identity)  # whoever may not see it holds nothing
    hold(context, record_type, [identity])  # of two doors that scan copies of one ticket, one is second
    record = context.ask("records.get", type=record_type.name, id=identity)
    again = _came(face, record)
    if not again:
        facts = visible_facts(context, record_type.name, identity, [needs_of(face.ticket.values())])
        values = {name: each.evaluate(facts, context.moment()) for name, each in face.ticket.items()}
        record = context.ask("records.update", type=record_type.name, id=identity, values=values)
    return {"again": again, **_whose(context, record_type, face, record)}


def _of(context: Context, token: str) -> tuple[RecordType, Public, int]:
    key = context.unit.one(KEY)
    said = signing.read(key["key"], "ticket", token) if key is not None else None
    if said is None:
        raise NotFound(problem("no-ticket"))
    record_type, face = public_of(context, said["form"], said["name"])
    if face.definition.ticket is None:
        raise NotFound(problem("no-ticket"))
    return record_type, face, int(said["id"])


def _came(face: Public, record: dict[str, Any]) -> bool:
    """Whether the first thing that a scan sets is there."""
    name = next(iter(face.ticket))
    return record.get(name) not in (None, "", [], False)


def _whose(context: Context, record_type: RecordType, face: Public, record: dict[str, Any]) -> dict[str, Any]:
    assert face.definition.ticket is not None
    identity = record["id"]
    names = [*face.definition.ticket.show, *face.ticket]
    return {
        "id": identity,
        "label": label_of(context, record_type.name, [identity]).get(identity, str(identity)),
        "came": _came(face, record),
        "values": {
            name: shown(context, record_type.fields[name], record[name])
            for name in names
            if record.get(name) is not None
        },
    }


OPERATIONS = (
    Operation(
        "forms.ticket", ticket, Ticket, "anyone", writes=False,
        summary={"en": "What a ticket says", "zh-CN": "查看签到码"},
    ),
    Operation(
        "forms.check_in", check_in, Ticket,
        summary={"en": "Check somebody in by their ticket", "zh-CN": "扫码签到"},
    ),
)  # fmt: skip
