"""A value that has parts, understood: expressions, constants, objects, lists, and lists made of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.types import BOOLEAN, same_family
from lowcode.kernel.requests.diagnostics import MESSAGES
from lowcode.kernel.requests.offers import NOTHING_KNOWN, Shape
from lowcode.kernel.requests.request import Constant, Group, Part, Rows, Several

if TYPE_CHECKING:
    from lowcode.kernel.diagnostics import Place, Report
    from lowcode.kernel.scope import Scope

DEPTH = 12
OBJECT = {"en": "an object", "zh-CN": "对象"}
LIST = {"en": "a list", "zh-CN": "列表"}
ROWS = ("for_each", "where", "body")


class Site(Protocol):
    """Where a request stands while it is compiled: of a rule or of a flow."""

    @property
    def scope(self) -> Scope:
        """The names it may use."""
        ...

    @property
    def report(self) -> Report:
        """Where findings go."""
        ...

    @property
    def form(self) -> str | None:
        """The form of the record it is made for."""
        ...

    def place(self, below: str = "", /) -> Place:
        """Where something of the request stands."""
        ...

    def expression(self, text: str, below: str, /, *, expect: Type | None = None) -> Expression | None:
        """An expression over the record; what is wrong becomes a finding, and None is returned."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of one operation while they are understood. `rows`: the record type of the rows they are about."""

    site: Site
    operation: str
    rows: str | None = None

    def refuse(self, key: str, below: str, **values: Any) -> None:
        """Note a finding."""
        self.site.report.add(MESSAGES.diagnostic(key, self.site.place(below), operation=self.operation, **values))

    def part(self, written: Any, below: str, shape: Shape, depth: int = 0) -> Part | None:
        """One part; None where something is wrong, which is in the report then."""
        match written:
            case str():
                return self._value(written, below, shape)
            case None | bool() | int() | float():
                self._fits(_type_of(written), below, shape)
                return Constant(written)
            case Mapping() if "for_each" in written and depth <= DEPTH:
                return self._rows(written, below, shape, depth)
            case Mapping() if depth <= DEPTH:
                return self._group(written, below, shape, depth)
            case list() if depth <= DEPTH:
                return self._several(written, below, shape, depth)
            case _:
                self.refuse("not-a-part", below, seen=type(written).__name__)
                return None

    def _value(self, text: str, below: str, shape: Shape) -> Part | None:
        site = self.site
        if self.rows is None and rows_of(site, text.strip()) is not None:
            self.refuse("rows-alone", below, seen=text.strip())
            return None
        if self.rows is None:
            found = site.expression(text, below)
        else:
            found = site.scope.expression(text, site.place(below), site.report, record=self.rows)
        if found is not None:
            self._fits(found.type, below, shape)
            self._possible(found, below, shape.type.options)
        return found

    def _possible(self, found: Expression, below: str, options: tuple[str, ...] | None) -> None:
        tree = found.tree
        if options and isinstance(tree, n.Constant) and isinstance(tree.value, str) and tree.value not in options:
            self.refuse(
                "wrong-part",
                below,
                expected={"en": " or ".join(options), "zh-CN": "、".join(options)},
                seen=f"'{tree.value}'",
                known=options,
            )

    def _fits(self, type_: Type | None, below: str, shape: Shape) -> None:
        """Whether a value of a type can stand here: a number or a record where a number is wanted, anything that has
        one value where a text is."""
        wanted = shape.type.kind
        if type_ is None or type_.kind == "any" or (shape.simple and wanted == "any"):
            return
        if shape.entry is not None and type_.kind in ("multi", "users"):
            return
        good = shape.simple and type_.kind not in ("rows", "multi", "users")
        if good and wanted in ("number", "boolean"):
            good = same_family(type_, shape.type) or (wanted == "number" and type_.kind in ("record", "user"))
        if not good:
            self.refuse("wrong-part", below, expected=_words(shape), seen=type_.text)

    def _group(self, written: Mapping[str, Any], below: str, shape: Shape, depth: int) -> Part | None:
        if shape.entry is not None or (shape.simple and shape.type.kind != "any"):
            self.refuse("wrong-part", below, expected=_words(shape), seen=OBJECT)
            return None
        known = shape.parts or {}
        parts: dict[str, Part] = {}
        for name, each in written.items():
            at = f"{below}/{escape(str(name))}"
            if name not in known and shape.closed:
                self.refuse("unknown-part", at, seen=name, known=list(known))
                continue
            found = self.part(each, at, known.get(name, NOTHING_KNOWN), depth + 1)
            if found is not None:
                parts[name] = found
        for name in sorted(shape.required - written.keys()):
            self.refuse("missing-part", below, name=name)
        return Group(parts)

    def _several(self, written: list[Any], below: str, shape: Shape, depth: int) -> Part | None:
        if shape.parts is not None or (shape.entry is None and shape.type.kind != "any"):
            self.refuse("wrong-part", below, expected=_words(shape), seen=LIST)
            return None
        entry = shape.entry or NOTHING_KNOWN
        found = [self.part(each, f"{below}/{at}", entry, depth + 1) for at, each in enumerate(written)]
        return Several(tuple(each for each in found if each is not None))

    def _rows(self, written: Mapping[str, Any], below: str, shape: Shape, depth: int) -> Part | None:
        wrong = [name for name in written if name not in ROWS]
        if wrong or "body" not in written or self.rows is not None:
            self.refuse("not-a-part", below, seen=f"'{wrong[0]}'" if wrong else "'for_each' without a body, or in one,")
            return None
        if shape.entry is None and not (shape.simple and shape.type.kind == "any"):
            self.refuse("wrong-part", below, expected=_words(shape), seen=LIST)
            return None
        name = str(written["for_each"])
        record = rows_of(self.site, name)
        if record is None:
            known = list(_rows_known(self.site))
            self.refuse("no-rows", f"{below}/for_each", seen=name, form=self.site.form or "", known=known)
            return None
        inside = Reading(self.site, self.operation, record)
        where = None
        if "where" in written:
            site, place = self.site, self.site.place(f"{below}/where")
            where = site.scope.expression(str(written["where"]), place, site.report, record=record, expect=BOOLEAN)
        part = inside.part(written["body"], f"{below}/body", shape.entry or NOTHING_KNOWN, depth + 1)
        return Rows(name, where, part) if part is not None else None


def rows_of(site: Site, name: str) -> str | None:
    """The record type of some rows of the record."""
    return _rows_known(site).get(name)


def _rows_known(site: Site) -> Mapping[str, str]:
    record_type = site.scope.records.get(site.form or "")
    if record_type is None:
        return {}
    lines = {each.name: each.rows.name for each in record_type.fields.values() if each.rows is not None}
    return {each: relation.record_type for each, relation in record_type.relations.items()} | lines


def _type_of(value: Any) -> Type | None:
    if value is None:
        return None
    return Type("boolean") if isinstance(value, bool) else Type("number")


def _words(shape: Shape) -> Text:
    if shape.parts is not None:
        return OBJECT
    if shape.entry is not None:
        return LIST
    words = shape.type.text
    return {"en": f"a {words['en']}", "zh-CN": words["zh-CN"]}
