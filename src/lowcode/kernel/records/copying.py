"""What a copy of a record starts with: `records.copy` answers with values for `records.create`, and writes nothing.

A copy takes what whoever copies can see and set: fields, links, files by reference, rows with the rows in them. It does
not take what each record has for itself (serial numbers, unique values, the state it is in), what is kept from this
person, and fields whose author said `"copied": false`; of what was there and is not taken it says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.records import words
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.linked import beyond, names_any
from lowcode.kernel.records.listing import OfType
from lowcode.kernel.records.operations import Get, get
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType


class Copy(OfType):
    """The record to copy."""

    id: int


def copy(context: Context, params: Copy) -> Annotated[dict[str, Any], has(values=dict, left=list[dict], hidden=bool)]:
    """What a new record starts with.

    `values`: what is taken; of a field with a default also that it was blank. `left`: each field, or column of rows by
    its way (`items.code`), that had a value and is not taken, with `why`: `unique`, `numbered`, `state`, `secret`,
    `masked`, `fixed`, `read_only`, `not_copied`, or `unreadable` of a link to what this person may not read. `hidden`:
    the form has more than this person sees, and nothing of that is taken."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    if not grant.may("create"):
        raise Forbidden(words.problem("may-not", "", action="create", form=record_type.name))
    record = get(context, Get(type=params.type, id=params.id))
    found = _Copying(grant, beyond(context, record_type, record))
    values = found.of(record_type, record)
    for name in _apart(record_type, values):
        found.leave(name, "unique")
        del values[name]
    left = [{"field": path, "why": why} for path, why in found.left.items()]
    return {"values": values, "left": left, "hidden": _sees_not_all(record_type, grant)}


@dataclass(slots=True)
class _Copying:
    """The taking over of values, and what of them was left."""

    grant: Grant
    beyond: set[tuple[str, int]]
    """Records that must not be linked to."""
    left: dict[str, str] = field(default_factory=dict)

    def of(self, owner: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
        """What is taken of a record or row."""
        values: dict[str, Any] = {}
        for each in owner.fields.values():
            value, path = record.get(each.name), f"{owner.way}.{each.name}".lstrip(".")
            why = self._why_not(each, path)
            if value is None or value == []:
                if why is None and each.options.default is not None:
                    values[each.name] = None  # blank is what it was: no default fills it
            elif why is not None:
                if why != "computed":
                    self.leave(path, why)
            elif each.rows is None and names_any(each, value, self.beyond):
                self.leave(path, "unreadable")
            elif each.rows is not None:
                values[each.name] = [self.of(each.rows, row) for row in value]
            else:
                values[each.name] = list(value) if isinstance(value, (list, tuple)) else value
        return values

    def leave(self, path: str, why: str) -> None:
        """Something stays behind."""
        self.left.setdefault(path, why)

    def _why_not(self, each: Field, path: str) -> str | None:
        """Why a field is not taken; None when it is."""
        if each.options_type in ("serial", "state"):
            return "numbered" if each.options_type == "serial" else "state"
        if each.computed or (each.kind is None and each.rows is None):
            return "computed"
        if not each.options.copied:
            return "not_copied"
        if each.confidential:
            return "secret"
        if path in self.grant.veiled:
            return "masked"
        if path in self.grant.fixed:
            return "fixed"
        if each.options.read_only:
            return "read_only"
        return "unique" if each.options.unique and "." not in path else None


def _apart(record_type: RecordType, values: Mapping[str, Any]) -> Iterator[str]:
    """Of fields that are unique only together, the last of each rule that would be broken."""
    gone: set[str] = set()
    for rule in record_type.unique:
        if gone.isdisjoint(rule.fields) and all(name in values for name in rule.fields):
            gone.add(rule.fields[-1])
            yield rule.fields[-1]


def _sees_not_all(record_type: RecordType, grant: Grant) -> bool:
    """Whether something that can be set is kept from this person; not whether it has a value."""
    owners: Sequence[tuple[str, RecordType]] = (("", record_type), *record_type.rows_below)
    return any(
        f"{way}.{name}".lstrip(".") in grant.kept for way, owner in owners for name, each in owner.fields.items()
        if not each.computed
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "records.copy", copy, Copy, writes=False, granted=True,
        summary={"en": "What a copy of a record starts with", "zh-CN": "复制记录时的初始内容"},
    ),
)  # fmt: skip
