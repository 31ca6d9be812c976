"""Reads the corpus: JSON cases to shapes, records and moments, and results back to JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from lowcode.kernel.expressions import Expression, FieldShape, Moment, Place, RecordShape, Shapes, Type
from lowcode.kernel.expressions import compile_expression as compile_text
from lowcode.kernel.expressions.types import Kind

FOLDER = Path(__file__).parent
OPTIONS = ("choice", "multi")


@dataclass(frozen=True)
class Case:
    """One line of the corpus with the defaults of its file."""

    file: str
    number: int
    expression: str
    fields: Mapping[str, str]
    record: Mapping[str, Any]
    moment: Mapping[str, Any]
    wanted: Mapping[str, Any]
    more: Mapping[str, Any]
    """Where and what for it is compiled: `place`, `of` (the record type), `variables`, `expect`, the forms that are
    `trees`, and `long`: what stands in place of `…`, and how often."""

    def __str__(self) -> str:
        return f"{self.file}-{self.number}"

    @property
    def shapes(self) -> Shapes:
        return shapes_of(self.fields, self.more.get("trees", ()))

    @property
    def place(self) -> str:
        return str(self.more.get("place", "read"))

    @property
    def text(self) -> str:
        """The expression, whole."""
        piece, often = self.more.get("long", ("…", 1))
        return self.expression.replace("…", piece * often)

    def compile(self) -> Expression:
        return compile_text(
            self.text, self.shapes, self.more.get("of", "subject"), place=Place(self.place),
            variables={name: type_of(kind) for name, kind in self.more.get("variables", {}).items()},
            expect=type_of(self.more["expect"]) if "expect" in self.more else None,
        )  # fmt: skip

    def python_record(self) -> dict[str, Any]:
        return flat_record(self.fields, self.record)

    def python_moment(self) -> Moment:
        return moment_of(self.moment, self.fields)


def cases() -> Iterator[Case]:
    """Every case of every file."""
    for path in sorted(FOLDER.glob("*.json")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        for number, one in enumerate(kept["cases"], 1):
            fields = {**kept.get("fields", {}), **one.get("fields", {})}
            record = {**kept.get("record", {}), **one.get("record", {})}
            moment = {**kept.get("moment", {}), **one.get("moment", {})}
            wanted = {key: one[key] for key in ("result", "error", "told") if key in one}
            assert {*wanted} in ({"result"}, {"error", "told"}), (path.name, number, "a case has a result or an error")
            yield Case(path.stem, number, one["expression"], fields, record, moment, wanted, one)


def type_of(notation: str) -> Type:
    """`number:2`, `choice:a|b`, `record:customer`; a final ! means never blank, `b<a` an option b that was called a."""
    nullable = not notation.endswith("!")
    kind, _, rest = notation.rstrip("!").partition(":")
    scale = int(rest) if kind == "number" and rest else None
    written = [one.partition("<") for one in rest.split("|")] if kind in OPTIONS and rest else []
    options = tuple(now for now, _, _ in written) or None
    former = tuple((then, now) for now, _, then in written if then)
    record = rest if kind in ("record", "rows") else "user" if kind == "user" else None
    return Type(cast(Kind, kind), scale, options, record, nullable, former)


def shapes_of(fields: Mapping[str, str], trees: Collection[str] = ()) -> Shapes:
    """Record types from dotted names; the record itself is `subject`."""
    records: dict[str, dict[str, FieldShape]] = {"subject": {}, "user": {}}
    for dotted in sorted(fields, key=lambda name: name.count(".")):
        kind = type_of(fields[dotted])
        owner = "subject"
        for part in dotted.split(".")[:-1]:
            owner = records[owner][part].type.record or ""
        name = dotted.split(".")[-1]
        records.setdefault(owner, {})[name] = FieldShape(name, f"{owner}_{name}", kind, label=name.title())
        if kind.record:
            records.setdefault(kind.record, {})
    return Shapes({name: RecordShape(name, found, tree=name in trees) for name, found in records.items()})


def read(value: Any, kind: Type) -> Any:
    """A JSON value as Python holds it."""
    if value is None:
        return None
    if kind.kind == "number":
        return Decimal(str(value))
    if kind.kind == "date":
        return date.fromisoformat(value)
    if kind.kind == "datetime":
        return datetime.fromisoformat(value).astimezone(UTC)
    if kind.kind == "time":
        return time.fromisoformat(value)
    return list(value) if kind.kind == "multi" else value


def flat_record(fields: Mapping[str, str], record: Mapping[str, Any]) -> dict[str, Any]:
    """The flat record an expression reads, every path present."""
    relations = [name for name, notation in fields.items() if notation.startswith("rows")]
    flat: dict[str, Any] = {"id": record.get("id", 1)}
    for name, notation in fields.items():
        within = [one for one in relations if name.startswith(one + ".")]
        if within:
            continue
        if notation.startswith("rows"):
            inner = {key[len(name) + 1 :]: kind for key, kind in fields.items() if key.startswith(name + ".")}
            flat[name] = [
                flat_record(inner, {"id": number, **row}) for number, row in enumerate(record.get(name) or (), 1)
            ]
        else:
            flat[name] = read(record.get(name), type_of(notation))
    return flat


def moment_of(stored: Mapping[str, Any], fields: Mapping[str, str]) -> Moment:
    """The moment of a case; the default is noon of 29 February 2024, UTC."""
    old = stored.get("old")
    return Moment(
        now=datetime.fromisoformat(stored.get("now", "2024-02-29T12:00:00Z")).astimezone(UTC),
        zone=ZoneInfo(stored.get("zone", "UTC")),
        me=stored.get("me"),
        roles=frozenset(stored.get("roles", ())),
        team=frozenset(stored.get("team", ())),
        units=frozenset(stored.get("units", ())),
        old=flat_record(fields, old) if old is not None else None,
        is_new=stored.get("is_new", False),
    )


def written(value: Any, kind: Type) -> Any:
    """A Python value as the corpus writes it, numbers as the shortest text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, Decimal)) and kind.kind in ("number", "any"):
        return shortest(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value


def shortest(value: Any) -> str:
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def expected(case: Case, kind: Type) -> Any:
    """The result a case asks for, numbers as the shortest text."""
    wanted = case.wanted["result"]
    if isinstance(wanted, bool) or wanted is None:
        return wanted
    return shortest(str(wanted)) if kind.kind in ("number", "any") and not isinstance(wanted, list) else wanted
