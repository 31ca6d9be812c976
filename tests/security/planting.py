"""The CRM, with unguessable values planted in every field of records of somebody nobody works with."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from lowcode.flows.operations import commands
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import keep
from tests.flows.app import MONDAY

GHOST, OUTSIDER = "ghost", "outsider"
NUMBERS = iter(random.SystemRandom().sample(range(700_000_000, 900_000_000), 100_000))
"""No number is planted twice: one that somebody may read would be taken for another that they may not."""


@dataclass
class Planted:
    """The host, and for each record (form, id) the values that were planted, by field."""

    host: Host
    canaries: dict[tuple[str, int], dict[str, list[str]]] = field(default_factory=dict)
    ghosts: dict[str, int] = field(default_factory=dict)
    """The record of each form that belongs to nobody's colleague."""
    own: dict[tuple[str, str], int] = field(default_factory=dict)
    """The record of each form that belongs to a person, linked to those of the ghost."""

    def forbidden(self, actor: Actor) -> set[str]:
        """Every value this actor may not read: of records outside the row filter, and of fields kept from them."""
        found: set[str] = set()
        for (form, identity), values in self.canaries.items():
            record_type = self.host.types[form]
            grant = self.host.grant(record_type, actor)
            readable = grant.may("read") and self._allowed(grant, form, identity, actor)
            for name, each in values.items():
                steps = name.split(".")
                ways = {".".join(steps[: length + 1]) for length in range(len(steps))}
                if not readable or ways & grant.hidden:
                    found.update(each)
        return found

    def _allowed(self, grant: Any, form: str, identity: int, actor: Actor) -> bool:
        """By the row filter as Python evaluates it, so that the filter in SQL is not its own judge."""
        with self.host.session(APP) as context:
            moment = self.host.context(context.unit, actor).moment()
            facts = context.facts(form, [identity], grant.needs("read"))
            return bool(grant.allows("read", facts[identity], moment))


def planted(path: str, database: str, roles: Iterable[str]) -> Planted:
    """The app with one person per role, an outsider, a ghost, and records of all of them."""
    host = Host(path, database, clock=FrozenClock(MONDAY))
    host.publish()
    found = Planted(host)
    with host.session(APP) as context:
        context.ask("identity.save_department", name="elsewhere", title="Elsewhere")
        context.ask("identity.save_person", login=GHOST, name="Ghost", roles=list(roles), department="elsewhere")
        for role in roles:
            context.ask("identity.save_department", name=f"unit {role}", title=role)
            context.ask("identity.save_person", login=role, name=role, roles=[role], department=f"unit {role}")
        context.ask("identity.save_person", login=OUTSIDER, name=OUTSIDER, roles=[])
    people = {login: host.actor(login).id for login in (GHOST, OUTSIDER, *roles)}
    forms = [each for each in host.types.values() if each.parent is None]
    with host.database.transaction() as unit:
        found.ghosts = {each.name: unit.new_ids(each.table, 1)[0] for each in forms}
        for each in forms:
            _record(found, unit, each, found.ghosts[each.name], people[GHOST])
        for login in (OUTSIDER, *roles):
            for each in forms:
                identity = found.own[login, each.name] = unit.new_ids(each.table, 1)[0]
                _record(found, unit, each, identity, people[login])
    _around(found)
    return found


def _record(found: Planted, unit: Unit, record_type: RecordType, identity: int, owner: int | None) -> None:
    values: dict[str, list[str]] = {}
    row = _row(found, record_type, record_type.table, values, owner)
    row.update(id=identity, version=2, created_at=MONDAY, updated_at=MONDAY, created_by=owner, updated_by=owner,
               owner=owner, deleted_at=None)  # fmt: skip
    content = f"content of {_text(values, '@file')}".encode()
    context = found.host.context(unit, APP)
    for each in record_type.fields.values():
        if each.options_type in ("attachment", "image"):
            kept = keep(context, f"{_text(values, each.name)}.txt", "text/plain", content)
            row[each.name] = [kept["id"]]
            unit.insert(t.file_use, file=kept["id"], record_type=record_type.name, record_id=identity)
    unit.insert(record_type.table, **{name: row.get(name) for name in tuple(record_type.table.columns.keys())})
    lying_in = {"": identity}
    for way, rows in record_type.rows_below:
        inner: dict[str, list[str]] = {}
        line = _row(found, rows, rows.table, inner, owner)
        lying_in[way] = unit.new_ids(rows.table, 1)[0]
        line.update(id=lying_in[way], parent=lying_in[way.rpartition(".")[0]], position=0)
        unit.insert(rows.table, **{name: line.get(name) for name in tuple(rows.table.columns.keys())})
        for name, tokens in inner.items():
            values.setdefault(f"{way}.{name}", []).extend(tokens)
    changes = {
        name: [_number(values, name) if tokens[0].isdigit() else _text(values, name), tokens[0]]
        for name, tokens in list(values.items())
        if name in record_type.fields and record_type.fields[name].kind is not None
    }
    unit.insert(record_type.history, record_id=identity, version=2, at=MONDAY, actor=owner, kind="updated",
                changes=changes)  # fmt: skip
    unit.insert(t.comment, record_type=record_type.name, record_id=identity, at=MONDAY, actor=owner,
                text=_text(values, "@comment"), mentions=[])  # fmt: skip
    unit.insert(t.event, at=MONDAY, name="record.updated", record_type=record_type.name, record_id=identity,
                actor=owner, causes="", body={"note": _text(values, "@event")})  # fmt: skip
    found.canaries[record_type.name, identity] = values


def _text(values: dict[str, list[str]], name: str) -> str:
    token = f"cnry{secrets.token_hex(8)}"
    values.setdefault(name, []).append(token)
    return token


def _number(values: dict[str, list[str]], name: str) -> str:
    number = str(next(NUMBERS))
    values.setdefault(name, []).append(number)
    return number


def _row(
    found: Planted, record_type: RecordType, table: sa.Table, values: dict[str, list[str]], owner: int | None
) -> dict[str, Any]:
    """A value for each column: a canary wherever one fits, links to the ghost's records, people that are the owner."""
    row: dict[str, Any] = {}
    taken = (record_type.name, found.ghosts.get(record_type.name, 0)) in found.canaries
    links = {each.name for each in record_type.fields.values() if each.options_type == "link"}
    once = {unique.fields[-1] for unique in record_type.unique if links.issuperset(unique.fields)} if taken else set()
    for each in record_type.fields.values():
        if each.name not in table.c:
            continue
        type_ = table.c[each.name].type
        if each.options_type == "link":
            # Links that may occur together only once are the ghost's already.
            row[each.name] = None if each.name in once else found.ghosts.get(each.target or "")
        elif each.options_type == "link_any":
            form = each.options.to[0]  # type: ignore[attr-defined]
            row[each.name] = f"{form}/{found.ghosts[form]}"
        elif each.options_type == "member":
            row[each.name] = owner
        elif each.options_type == "department":
            row[each.name] = None
        elif each.options_type == "state":
            row[each.name] = each.options.states[0].name  # type: ignore[attr-defined]
        elif each.options_type == "select":
            row[each.name] = each.options.options[0].name  # type: ignore[attr-defined]
        elif isinstance(type_, sa.Text):
            row[each.name] = _text(values, each.name)
        elif "Decimal" in type(type_).__name__:
            row[each.name] = Decimal(_number(values, each.name))
        elif type(type_).__name__ == "Day":
            row[each.name] = MONDAY.date()
        elif type(type_).__name__ == "Instant":
            row[each.name] = MONDAY
        else:
            row[each.name] = None
    return row


def _around(found: Planted) -> None:
    """Flows that run, paper that was printed, notices that were sent: all about the ghost's records."""
    host = found.host
    ghost = host.actor(GHOST)
    for flow in host.app.plans["flows"].flows.values():
        with host.session(APP) as context:
            commands.begin(context, flow, found.ghosts[flow.form], ghost.id)
    for template, plan in host.app.plans["printing"].templates.items():
        try:
            host.ask(APP, "printing.render", template=template, id=found.ghosts[plan.form], keep=True)
        except Rejected:
            continue
    with host.session(APP) as context:
        for form, identity in found.ghosts.items():
            text = _text(found.canaries[form, identity], "@notice")
            context.ask("notifications.send", to=[ghost.id], title=text, form=form, record=identity)


def told(value: Any) -> str:
    """Everything an answer says, as one text; sheets are unpacked, numbers lose their separators."""
    import io
    import zipfile

    if isinstance(value, bytes):
        if value[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(value)) as archive:
                return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return " ".join(f"{told(name)} {told(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return " ".join(told(each) for each in value)
    if isinstance(value, Iterator):  # a file that is made while it is sent
        return told(b"".join(value))
    return str(value)
