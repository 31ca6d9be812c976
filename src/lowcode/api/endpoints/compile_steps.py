"""The steps of an endpoint, understood one after the other: each may use what those before it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lowcode.api.compile_found import names_one
from lowcode.api.endpoints import definition as d
from lowcode.api.endpoints.conditions import Condition, Variable
from lowcode.api.endpoints.plan import Action, Aggregate, Ask, Change, Find, Refusal, Step, Tell, Write
from lowcode.api.endpoints.site import INTEGER, OUTCOME, Found, Site
from lowcode.api.schemas import properties, variables
from lowcode.kernel.expressions import Type
from lowcode.kernel.expressions.types import ANY, BOOLEAN, TEXT
from lowcode.kernel.records.many import GROUPED

MEAN = Type("number").optional
WRITES = (d.CreateStep, d.UpsertStep, d.UpdateStep, d.DeleteStep, d.StartFlowStep, d.SignalStep)


def steps_of(document: d.EndpointDocument, site: Site) -> list[Step]:
    """Every step that could be understood."""
    made: list[Step] = []
    for index, written in enumerate(document.steps):
        pointer = f"/steps/{index}"
        if site.mentions(site.source.at(pointer)):
            site.broken |= _keeps(written)
            continue
        if document.method == "GET" and isinstance(written, WRITES):
            site.refuse("writes-on-get", pointer)
        when = site.when(written.when, pointer)
        action = _action(document, written, site, pointer)
        if action is not None:
            made.append(Step(action, when))
        else:
            site.broken |= _keeps(written)
    return made


def _keeps(written: d.Step) -> set[str]:
    """The name under which a step would keep what it finds."""
    parts = [getattr(written, name) for name in type(written).model_fields]
    return {kept for part in parts if isinstance(kept := getattr(part, "kept", None), str)}


def completed(steps: list[Step], site: Site) -> tuple[Step, ...]:
    """The steps with what is read of each record, known once the answer is understood too."""
    made = []
    for step in steps:
        action = step.action
        if isinstance(action, (Find, Write)):
            found = site.found[action.name]
            action = replace(action, reads=found.reads())
            if isinstance(action, Find) and "count" in found.used:
                action = replace(action, count=True)
        elif isinstance(action, Change):
            action = replace(action, reads=site.found[action.record].reads())
        made.append(replace(step, action=action))
    return tuple(made)


def _action(document: d.EndpointDocument, written: d.Step, site: Site, pointer: str) -> Action | None:
    match written:
        case d.FindStep():
            return _find(written.find, site, f"{pointer}/find")
        case d.ListStep():
            return _list(written.list_, site, f"{pointer}/list")
        case d.AggregateStep():
            return _aggregate(written.aggregate, site, f"{pointer}/aggregate")
        case d.UpsertStep():
            return _write(written.upsert, document, site, f"{pointer}/upsert")
        case d.CreateStep():
            return _write(written.create, document, site, f"{pointer}/create")
        case d.UpdateStep():
            found = site.record(written.update.record, f"{pointer}/update/record")
            if found is None or found.form is None:
                return None
            values = site.values(written.update.values, found.form, f"{pointer}/update/values")
            return Change(found.form, written.update.record, values)
        case d.DeleteStep():
            found = site.record(written.delete.record, f"{pointer}/delete/record")
            return None if found is None or found.form is None else Change(found.form, written.delete.record, {}, True)
        case d.StartFlowStep():
            return _start(written.start_flow, site, f"{pointer}/start_flow")
        case d.SignalStep():
            return _signal(written.signal, site, f"{pointer}/signal")
        case d.ReportStep():
            return _report(written.report, site, f"{pointer}/report")
        case d.RefuseStep():
            refuse = written.refuse
            text = refuse.message
            words = text if isinstance(text, Mapping) else {"": text}
            known: dict[str, Type] = {}
            for each in words.values():
                known |= site.variables(_inside(each), {})
                site.note(_inside(each), known)
            place = site.source.place(f"{pointer}/refuse/message")
            message = site.scope.template(text, place, site.report, record=None, variables=known)
            return Refusal(message, refuse.code, refuse.status, refuse.field)


def _inside(text: str) -> str:
    """The expressions of a template, as one that names all they name."""
    found = [part.partition("}}")[0] for part in text.split("{{")[1:]]
    return " & ".join(f"({each})" for each in found)


def _form(form: str, site: Site, pointer: str) -> bool:
    return site.scope.find("form", form, site.source.place(f"{pointer}/form"), site.report) is not None


def _find(part: d.FindPart, site: Site, pointer: str) -> Find | None:
    if not _form(part.form, site, pointer):
        return None
    where = site.filter(part.where, part.form, f"{pointer}/where")
    sort = site.sort(part.sort, site.scope.records[part.form], f"{pointer}/sort")
    name = site.keep(part.kept, Found(part.form), pointer)
    return Find(part.form, name, where, sort or ("-id",), needed=part.missing == "refuse")


def _list(part: d.ListPart, site: Site, pointer: str) -> Find | None:
    if not _form(part.form, site, pointer):
        return None
    where = site.filter(part.where, part.form, f"{pointer}/where") if part.where is not None else None
    sort = site.sort(part.sort, site.scope.records[part.form], f"{pointer}/sort")
    after = site.expression(part.after, f"{pointer}/after", expect=TEXT) if part.after is not None else None
    found = Found(part.form, many=True, extra={"next": TEXT, "count": INTEGER})
    name = site.keep(part.kept, found, pointer)
    return Find(part.form, name, where, sort, many=True, limit=part.limit, after=after)


def _aggregate(part: d.AggregatePart, site: Site, pointer: str) -> Aggregate | None:
    if not _form(part.form, site, pointer):
        return None
    where = site.filter(part.where, part.form, f"{pointer}/where") if part.where is not None else None
    columns = _grouped(part, site, f"{pointer}/group")
    if part.count is not None:
        columns[part.count] = INTEGER
    for name, path in part.sum.items():
        columns[name] = _number(part.form, path, site, f"{pointer}/sum/{name}")
    for name, path in part.average.items():
        _number(part.form, path, site, f"{pointer}/average/{name}")
        columns[name] = MEAN
    many = bool(part.group)
    found = Found(None, many=True, extra={"capped": BOOLEAN}, columns=columns) if many else Found(None, extra=columns)
    name = site.keep(part.kept, found, pointer)
    return Aggregate(part.form, name, where, part.group, part.count, part.sum, part.average)


def _grouped(part: d.AggregatePart, site: Site, pointer: str) -> dict[str, Type]:
    """The columns by whose values is counted."""
    found: dict[str, Type] = {}
    for name, path in part.group.items():
        type_ = site.type_at(part.form, path)
        if type_ is None or type_.kind not in GROUPED:
            known = [each.name for each in site.scope.records[part.form].fields.values() if each.type.kind in GROUPED]
            site.refuse("no-group-field", f"{pointer}/{name}", form=part.form, seen=path, known=known)
            continue
        found[name] = type_
    return found


def _number(form: str, path: str, site: Site, pointer: str) -> Type:
    type_ = site.type_at(form, path)
    if type_ is None or type_.kind != "number":
        known = [each.name for each in site.scope.records[form].fields.values() if each.type.kind == "number"]
        site.refuse("no-number-field", pointer, form=form, seen=path, known=known)
        return MEAN
    return type_


def _write(part: d.CreatePart, document: d.EndpointDocument, site: Site, pointer: str) -> Write | None:
    if not _form(part.form, site, pointer):
        return None
    items = _items(part.for_each, document, site, pointer)
    if items is None:
        return None
    values = site.values(part.values, part.form, f"{pointer}/values", items, part.find)
    _check_found(part, site, pointer)
    by, where = None, None
    if isinstance(part, d.UpsertPart):
        unique = [each.fields[0] for each in site.scope.records[part.form].unique if len(each.fields) == 1]
        known = [each for each in unique if each in part.values]
        if part.by not in known:
            site.refuse("upsert-by", f"{pointer}/by", seen=part.by, form=part.form, known=known or unique)
            return None
        by, where = part.by, Condition((f"{part.by} = ", Variable("@by")))
    many = part.for_each is not None
    extra = {} if many else {"outcome": OUTCOME}
    found = Found(part.form, many=many, extra=extra)
    name = site.keep(part.kept, found, pointer)
    path = part.for_each.removeprefix("payload.") if part.for_each else None
    return Write(part.form, name, values, part.find, by, where, path, items)


def _check_found(part: d.CreatePart, site: Site, pointer: str) -> None:
    """What names a record from outside has to name one."""
    fields = site.scope.records[part.form].fields
    for name, by in part.find.items():
        field = fields.get(name)
        if name not in part.values or field is None or field.target not in site.scope.records:
            site.refuse("found-link", f"{pointer}/find/{name}", at_key=True, form=part.form, seen=name)
            continue
        known = [each.name for each in site.scope.records[field.target].fields.values() if names_one(each)]
        if by not in known:
            site.refuse("found-by", f"{pointer}/find/{name}", form=field.target, seen=by, known=known)


def _items(
    for_each: str | None, document: d.EndpointDocument, site: Site, pointer: str
) -> dict[str, Type] | None:  # fmt: skip
    """The variables of one entry of a list of the payload; None when there is no such list."""
    if for_each is None:
        return {}
    lists = dict(lists_of(document.payload))
    if for_each not in lists:
        site.refuse("no-list", f"{pointer}/for_each", seen=for_each, known=list(lists))
        return None
    return {**variables(lists[for_each], "item"), "position": INTEGER}


def lists_of(schema: Mapping[str, Any], prefix: str = "payload") -> Any:
    """The lists of objects in a payload, by their way, with the schema of an entry."""
    for name, part in properties(schema).items():
        path = f"{prefix}.{name}"
        entry = part.get("items") if isinstance(part, Mapping) else None
        if isinstance(entry, Mapping) and properties(entry):
            yield path, entry
        elif properties(part):
            yield from lists_of(part, path)


def _start(part: d.StartFlowPart, site: Site, pointer: str) -> Tell | None:
    found = site.record(part.record, f"{pointer}/record")
    flow = site.scope.find("flow", part.flow, site.source.place(f"{pointer}/flow"), site.report)
    if found is None or found.form is None or not isinstance(flow, Mapping):
        return None
    if flow.get("form") != found.form:
        form, other = str(flow.get("form")), found.form
        site.refuse(
            "flow-of-another-form", f"{pointer}/flow", seen=part.flow, form=form, record=part.record, other=other
        )  # fmt: skip
        return None
    return Tell(found.form, part.record, flow=part.flow)


def _signal(part: d.SignalPart, site: Site, pointer: str) -> Tell | None:
    found = site.record(part.record, f"{pointer}/record")
    if found is None or found.form is None:
        return None
    flows = [each for each in site.scope.names("flow").values() if isinstance(each, Mapping)]
    known = sorted({name for each in flows if each.get("form") == found.form for name in messages_of(each)})
    if part.message not in known:
        site.refuse("no-flow-waits", f"{pointer}/message", seen=part.message, form=found.form, known=known)
    return Tell(found.form, part.record, message=part.message, body=site.texts(part.body, f"{pointer}/body"))


def messages_of(part: Any) -> set[str]:
    """The messages a flow waits for, read from its document wherever they are named."""
    if isinstance(part, list):
        return {name for each in part for name in messages_of(each)}
    if not isinstance(part, Mapping):
        return set()
    own = part.get("message")
    return ({own} if isinstance(own, str) else set()) | {name for each in part.values() for name in messages_of(each)}


def _report(part: d.ReportPart, site: Site, pointer: str) -> Ask | None:
    place = site.source.place(f"{pointer}/report")
    known = site.scope.find("report", part.report, place, site.report)
    if known is None:
        return None
    columns = dict.fromkeys(columns_of(known), ANY) if isinstance(known, Mapping) else {}
    name = site.keep(part.kept, Found(None, many=True, columns=columns), pointer)
    return Ask(part.report, name, site.texts(part.filters, f"{pointer}/filters"))


def columns_of(document: Mapping[str, Any]) -> Any:
    """The names of a report's columns, as it writes them."""
    for each in (*(document.get("dimensions") or ()), *(document.get("measures") or ())):
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            yield str(each.get("name") or each.get("measure"))
