"""What a call does: one step after the other, each asked for as whoever it acts as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lowcode.api.diagnostics import problem
from lowcode.api.endpoints.conditions import Condition, quoted
from lowcode.api.endpoints.plan import Aggregate, Ask, Change, Endpoint, Find, Reads, Refusal, Step, Tell, Write
from lowcode.api.schemas import read
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Problem, Rejected
from lowcode.kernel.records.nested import flattened

ITEMS = 1000
"""So many records a call makes at most."""
PAGE = 200
READ = ("/fields", "/where", "/sort", "/type", "/group", "/sum", "/average")
"""Where what an author reads is found wrong, in the questions an endpoint asks."""
STATUSES: Mapping[int, type[Rejected]] = {403: Forbidden, 404: NotFound, 409: Conflict, 422: Rejected}


@dataclass
class Call:
    """One call on its way: what was sent, and what was found so far."""

    context: Context
    endpoint: Endpoint
    payload: Mapping[str, Any]
    values: dict[str, Any]
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def value(self, expression: Any, more: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression over what was sent and found."""
        return expression.evaluate({}, self.context.moment(), **({**self.values, **more} if more else self.values))

    def written(self, expressions: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The values of several, by name."""
        return {name: self.value(each, more) for name, each in expressions.items()}

    def where(self, condition: Condition | None, more: Mapping[str, Any] | None = None) -> str | None:
        """A condition with its values."""
        if condition is None:
            return None
        try:
            return condition.text({**self.values, **more} if more else self.values)
        except ValueError as error:
            name, value = error.args
            pointer = "/" + name.removeprefix("payload.").replace(".", "/")
            raise Rejected(problem("not-a-value", pointer, name=name, seen=str(value)[:100])) from None


def take(call: Call, step: Step) -> None:
    """Take one step, unless its condition does not hold. Raises Rejected."""
    if step.when is not None and not step.when.test({}, call.context.moment(), **call.values):
        return
    match step.action:
        case Find() as found:
            (_list if found.many else _find)(call, found)
        case Aggregate() as aggregate:
            _aggregate(call, aggregate)
        case Write() as write:
            _write(call, write)
        case Change() as change:
            _change(call, change)
        case Tell() as tell:
            _tell(call, tell)
        case Ask() as ask:
            _report(call, ask)
        case Refusal() as refusal:
            words = refusal.message.render_all({}, call.context.moment(), **call.values)
            raise STATUSES[refusal.status](Problem(f"endpoint.{refusal.code}", words, refusal.pointer))


def _read_by(call: Call, operation: str, **asked: Any) -> Any:
    """Read as whoever it acts as. What the author wrote and they may not see is nothing they sent."""
    try:
        return call.context.ask(operation, **asked)
    except Rejected as refused:
        if all(each.pointer.startswith(READ) for each in refused.problems):
            raise Forbidden(problem("beyond-caller", name=call.endpoint.name)) from refused
        raise


def _find(call: Call, found: Find) -> None:
    page = _read_by(
        call, "records.list", type=found.form, where=call.where(found.where), sort=found.sort,
        fields=_fields(found.reads),
        limit=1,
    )  # fmt: skip
    if page["items"]:
        _keep(call, found.form, found.name, page["items"][0], found.reads)
    elif found.needed:
        title = call.context.app.types[found.form].title or found.form
        raise NotFound(problem("nothing-found", form=title))


def _list(call: Call, found: Find) -> None:
    after = call.value(found.after) if found.after is not None else None
    page = _read_by(
        call, "records.list", type=found.form, where=call.where(found.where), sort=found.sort,
        fields=_fields(found.reads),
        limit=found.limit, after=after, count=found.count,
    )  # fmt: skip
    items = page["items"]
    for item in items if found.reads.rows else ():
        item.update(_rows(call, found.form, item["id"], found.reads))
    call.lists[found.name] = items
    call.values[f"{found.name}.next"] = page["next"]
    if found.count:
        call.values[f"{found.name}.count"] = page["count"]["value"]


def _aggregate(call: Call, aggregate: Aggregate) -> None:
    """What the records come to that whoever it acts as may see."""
    parts = {"group": aggregate.group, "sum": aggregate.sum, "average": aggregate.average}
    asked = {name: tuple(dict.fromkeys(part.values())) for name, part in parts.items()}
    found = _read_by(call, "records.aggregate", type=aggregate.form, where=call.where(aggregate.where), **asked)
    rows = [_summed(aggregate, item) for item in found["items"]]
    if aggregate.group:
        call.lists[aggregate.name] = rows
        call.values[f"{aggregate.name}.capped"] = found["capped"]
    else:
        call.values.update({f"{aggregate.name}.{name}": value for name, value in rows[0].items()})


def _summed(aggregate: Aggregate, item: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: item["values"][path] for name, path in aggregate.group.items()}
    if aggregate.count is not None:
        row[aggregate.count] = item["count"]
    row |= {name: item["sum"][path] for name, path in aggregate.sum.items()}
    return row | {name: item["average"][path] for name, path in aggregate.average.items()}


def _fields(reads: Reads) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("id", *reads.paths)))


def _keep(call: Call, form: str, name: str, record: Mapping[str, Any], reads: Reads) -> None:
    """What is read of a record from here on."""
    call.values[f"{name}.id"] = record["id"]
    for path in reads.paths:
        call.values[f"{name}.{path}"] = record[path]
    if reads.rows:
        for rows, found in _rows(call, form, record["id"], reads).items():
            call.lists[f"{name}.{rows}"] = found


def _rows(call: Call, form: str, identity: int, reads: Reads) -> dict[str, list[dict[str, Any]]]:
    """The rows of a record, with what their links lead to, as far as whoever asks may read it."""
    tops = tuple(dict.fromkeys(way.partition(".")[0] for way in reads.rows))
    whole = _read_by(call, "records.get", type=form, id=identity, fields=("id", *tops))
    for way, row_reads in reads.rows.items():
        rows = flattened(whole, way)
        for link, (target, paths) in row_reads.hops.items():
            known = _named(call, target, {row[link] for row in rows if row.get(link) is not None}, paths)
            for row in rows:
                there = known.get(row.get(link), {})
                row.update({f"{link}.{path}": there.get(path) for path in paths})
    return {name: list(whole.get(name) or ()) for name in tops}


def _named(call: Call, form: str, ids: set[int], paths: tuple[str, ...]) -> dict[Any, Mapping[str, Any]]:
    ordered = sorted(ids)
    known: dict[Any, Mapping[str, Any]] = {}
    for at in range(0, len(ordered), PAGE):
        where = f"id in ({', '.join(map(str, ordered[at : at + PAGE]))})"
        page = _read_by(call, "records.list", type=form, where=where, fields=("id", *paths), limit=PAGE)
        known |= {each["id"]: each for each in page["items"]}
    return known


def _write(call: Call, write: Write) -> None:
    if write.for_each is None:
        identity, outcome = _saved(call, write, {})
        call.values[f"{write.name}.outcome"] = outcome
        _look(call, write.form, write.name, identity, write.reads)
        return
    entries: Any = call.payload
    for name in write.for_each.split("."):
        entries = entries.get(name) if isinstance(entries, Mapping) else None
    entries = entries or []
    if len(entries) > ITEMS:
        raise Rejected(problem("too-many-items", f"/{write.for_each.replace('.', '/')}", limit=ITEMS))
    problems: list[Problem] = []
    made: list[int] = []
    for index, entry in enumerate(entries):
        pointer = f"/{write.for_each.replace('.', '/')}/{index}"
        try:
            more = {**_typed(write, entry, pointer), "position": index + 1}
            with call.context.unit.savepoint():
                made.append(_saved(call, write, more)[0])
        except Rejected as refused:
            problems += [replace(each, pointer=pointer + each.pointer) for each in refused.problems]
    if problems:
        raise Rejected(problems)
    call.lists[write.name] = [_read(call, write.form, each, write.reads) for each in made]


def _typed(write: Write, entry: Any, pointer: str) -> dict[str, Any]:
    types = {name: type_ for name, type_ in write.items.items() if name.startswith("item.")}
    try:
        return dict(read(types, entry))
    except ValueError as error:
        path, value = error.args
        words = {"reason": f"'{value}' is not a date", "rule": "format"}
        raise Rejected(problem("payload", "/" + "/".join(path.split(".")[1:]), **words)) from None


def _saved(call: Call, write: Write, more: Mapping[str, Any]) -> tuple[int, str]:
    """The record made or changed, and which of both; somebody may make it at the same moment."""
    values = {name: value for name, value in call.written(write.values, more).items() if value is not None}
    _look_up(call, write, values)
    if write.by is None:
        return int(call.context.ask("records.create", type=write.form, values=values)["id"]), "created"
    if write.by not in values:
        raise Rejected(problem("key-blank", name=write.by))
    where = call.where(write.condition, {"@by": values[write.by]})
    for attempt in (1, 2):
        page = call.context.ask("records.list", type=write.form, where=where, fields=("id",), sort=("-id",), limit=1)
        if page["items"]:
            identity = int(page["items"][0]["id"])
            call.context.ask("records.update", type=write.form, id=identity, values=values)
            return identity, "updated"
        try:
            with call.context.unit.savepoint():
                return int(call.context.ask("records.create", type=write.form, values=values)["id"]), "created"
        except Rejected as refused:
            if attempt == 2 or not any(each.code == "records.taken" for each in refused.problems):
                raise
    raise AssertionError("the second attempt returns or raises")


def _look_up(call: Call, write: Write, values: dict[str, Any]) -> None:
    """Put the numbers of records in the place of what names them outside."""
    types, problems = call.context.app.types, []
    for name, by in write.find.items():
        if name not in values:
            continue
        target = types[types[write.form].fields[name].target or ""]
        where = f"{by} = {quoted(str(values[name]))}"
        page = call.context.ask("records.list", type=target.name, where=where, fields=("id",), limit=1)
        if page["items"]:
            values[name] = page["items"][0]["id"]
            continue
        words = {"form": target.title, "field": target.fields[by].title, "seen": str(values[name])}
        problems.append(problem("not-found-by", f"/{name}", **words))
    if problems:
        raise Rejected(problems)


def _look(call: Call, form: str, name: str, identity: int, reads: Reads) -> None:
    _keep(call, form, name, _read(call, form, identity, Reads(reads.paths)), reads)


def _read(call: Call, form: str, identity: int, reads: Reads) -> dict[str, Any]:
    """A record as it is after a write, as far as something reads it."""
    found: dict[str, Any] = {"id": identity}
    if set(reads.paths) - {"id"}:
        found = _read_by(call, "records.get", type=form, id=identity, fields=_fields(reads))
    return found | (_rows(call, form, identity, reads) if reads.rows else {})


def _change(call: Call, change: Change) -> None:
    identity = call.values.get(f"{change.record}.id")
    if identity is None:
        return
    if change.delete:
        call.context.ask("records.delete", type=change.form, id=identity)
        return
    call.context.ask("records.update", type=change.form, id=identity, values=call.written(change.values))
    _look(call, change.form, change.record, identity, change.reads)


def _tell(call: Call, tell: Tell) -> None:
    identity = call.values.get(f"{tell.record}.id")
    if identity is None:
        return
    if tell.flow is not None:
        call.context.ask("flows.start", flow=tell.flow, id=identity)
        return
    body = call.written(tell.body)
    call.context.ask("flows.message", name=tell.message, form=tell.form, id=identity, body=body)


def _report(call: Call, ask: Ask) -> None:
    filters = {name: value for name, value in call.written(ask.filters).items() if value is not None}
    result = call.context.ask("reports.run", report=ask.report, filters=filters)
    names = [str(column["name"]) for column in result["columns"]]
    call.lists[ask.name] = [dict(zip(names, row, strict=True)) for row in result["rows"]]
