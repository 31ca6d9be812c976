"""A pool, understood; and the rules by which it takes records back, as documents like any other rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.expressions import Expression
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.scope import Scope
from lowcode.rules.actions.kind import Site, known
from lowcode.rules.compile_trigger import span_of
from lowcode.rules.diagnostics import MESSAGES
from lowcode.rules.pools.documents import PoolDocument
from lowcode.rules.pools.pool import Limits, Pool


def compile_pool(document: PoolDocument, source: SourceDocument, scope: Scope, report: Report) -> Pool | None:
    """The pool, or None with findings."""
    errors = len(report.errors)
    if not known(scope, "form", document.form, source.place("/form"), report):
        return None
    reading = _Reading(document, source, scope, report)
    reading.check_fields()
    reading.check_roles()
    where = reading.condition(document.where, "/where")
    holding_where = reading.condition(document.claim.holding_where, "/claim/holding_where")
    reading.condition(document.protect, "/protect")
    enter, leave = reading.values(document.enter, "/enter"), reading.values(document.leave, "/leave")
    if len(report.errors) > errors:
        return None
    claim, view = document.claim, document.view
    return Pool(
        name=document.name,
        title=document.title or document.name,
        form=document.form,
        field=document.field,
        where=where,
        members=frozenset(document.members),
        managers=frozenset(document.managers),
        limits=Limits(
            claim.per_day,
            claim.holding,
            holding_where,
            span_of(claim.cool_down) if claim.cool_down is not None else None,
            view.per_day if view is not None else None,
        ),
        shown=tuple(view.fields) if view is not None else (),
        keep=document.keep,
        enter=enter,
        leave=leave,
        reclaims=tuple(rule_name(document, each.name) for each in document.reclaim),
    )


class _Reading:
    """The parts of one pool."""

    def __init__(self, document: PoolDocument, source: SourceDocument, scope: Scope, report: Report) -> None:
        self.document, self.source, self.scope, self.report = document, source, scope, report
        self.site = Site(scope, source, report, "", document.form, {})

    def condition(self, text: str | None, pointer: str) -> Expression | None:
        if text is None:
            return None
        place, form = self.source.place(pointer), self.document.form
        return self.scope.expression(text, place, self.report, record=form, expect=BOOLEAN)

    def values(self, written: Mapping[str, str], pointer: str) -> Mapping[str, Expression]:
        return self.site.values(written, self.document.form, pointer) or {}

    def check_fields(self) -> None:
        document = self.document
        for name, pointer in ((document.field, "/field"), (document.keep, "/keep")):
            shape = self.site.field(document.form, name, pointer) if name is not None else None
            if shape is not None and shape.type.kind != "user":
                place = self.source.place(pointer)
                self.report.add(MESSAGES.diagnostic("pool-field", place, seen=name, type=shape.type.text))
        fields = self.scope.shapes.records[document.form].fields
        for at, name in enumerate(document.view.fields if document.view is not None else ()):
            if name not in fields:
                self.site.refuse(
                    "unknown-field", f"/view/fields/{at}", seen=name, form=document.form, known=list(fields)
                )

    def check_roles(self) -> None:
        for what in ("members", "managers"):
            for at, role in enumerate(getattr(self.document, what)):
                self.scope.find("role", role, self.source.place(f"/{what}/{at}"), self.report)


def rule_name(document: PoolDocument, name: str) -> str:
    """What the rule is called by which a pool takes records back."""
    return f"{document.name}_{name}"


def reclaims_of(source: SourceDocument) -> Iterator[tuple[str, str, SourceDocument]]:
    """The rules a pool stands for before it is understood: name, place and what others may ask of it."""
    entries = source.data.get("reclaim")
    for at, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
            name, pointer = f"{source.name}_{entry['name']}", f"/reclaim/{at}/name"
            said = {"name": name, "form": source.data.get("form"), "on": {"inactive": entry.get("inactive")}}
            yield name, pointer, SourceDocument("rules", _Placed(source, said, {}, f"/reclaim/{at}"))


def reclaim_rules(document: PoolDocument, source: SourceDocument) -> list[SourceDocument]:
    """The rules by which a pool takes records back; findings stand at the places of the pool."""
    return [_reclaim_rule(document, source, at) for at in range(len(document.reclaim))]


def _reclaim_rule(document: PoolDocument, source: SourceDocument, at: int) -> SourceDocument:
    written, pointer = source.data["reclaim"][at], f"/reclaim/{at}"
    entry = document.reclaim[at]
    back = {
        "return_to_pool": {
            "field": document.field,
            "pool": document.name,
            "notify": entry.notify,
            **({"reason": written["reason"]} if "reason" in written else {}),
        }
    }
    actions = [*written.get("actions", ()), back]
    data: dict[str, Any] = {
        "name": rule_name(document, entry.name),
        "title": written.get("title") or source.data.get("title") or document.name,
        "form": document.form,
        "when": _when(document, entry.when),
        "run_as": "app",
    }
    places = {"/title": f"{pointer}/title", "/when": f"{pointer}/when" if entry.when else pointer}
    if entry.date is not None:
        data |= {"on": {"date": written["date"]}, "actions": actions}
        places |= {"/on/date": f"{pointer}/date", "/actions": f"{pointer}/actions"}
    elif not entry.warn:
        data |= {"on": {"inactive": written["inactive"]}, "actions": actions}
        places |= {"/on/inactive": f"{pointer}/inactive", "/actions": f"{pointer}/actions"}
    else:
        idle = {name: value for name, value in written["inactive"].items() if name != "for"}
        last = {"after": written["inactive"].get("for", {"days": 0}), "actions": actions}
        data |= {"on": {"inactive": idle}, "steps": [*written["warn"], last]}
        places |= {"/on/inactive": f"{pointer}/inactive", f"/steps/{len(entry.warn)}/after": f"{pointer}/inactive/for"}
        places |= {f"/steps/{len(entry.warn)}/actions": f"{pointer}/actions", "/steps": f"{pointer}/warn"}
    return SourceDocument("rules", _Placed(source, data, places, pointer))


def _when(document: PoolDocument, own: str | None) -> str:
    """A record goes back when somebody has it, it is one of the pool's, its own condition holds, and nothing protects
    it; a protection that cannot be decided does not protect."""
    parts = [f"{document.field} is not blank"]
    parts += [f"({each})" for each in (document.where, own) if each]
    if document.protect:
        parts.append(f"IF({document.protect}, false, true)")
    return " and ".join(parts)


class _Placed(Source):
    """A document made from parts of another: what is found in it stands at the places of those parts."""

    def __init__(self, source: SourceDocument, data: dict[str, Any], places: Mapping[str, str], other: str) -> None:
        super().__init__(source.path, None, data)
        self._origin, self._places, self._other = source, places, other

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """Where the part stands that a pointer of the made document came from."""
        best = max((each for each in self._places if pointer.startswith(each)), key=len, default=None)
        at = self._other if best is None else self._places[best] + pointer[len(best) :]
        return self._origin.place(at, key=key)
