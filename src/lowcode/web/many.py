"""Many records over the network: in bulk, by a key of theirs, added up, and with what they link to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Conflict, Problem, Rejected, nearest
from lowcode.kernel.records.fields.link_any import parts
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.linked import name_in
from lowcode.kernel.records.plan import RecordType, Relation
from lowcode.kernel.records.references import references
from lowcode.kernel.records.show import plain
from lowcode.web.messages import Request, Response, answer
from lowcode.web.once import once
from lowcode.web.present import Presenter
from lowcode.web.session import Caller
from lowcode.web.tags import ANY, is_changed, wanted

if TYPE_CHECKING:
    from lowcode.web.door import Door

AGGREGATE = ("group", "sum", "average", "where", "search")
LINKS = ("link", "links", "link_any")
PAGE = 200
EXPANDED = 1000
"""So many records of a form come along; whoever wants more lists them."""
NOT_A_LINK = {
    "en": "'{name}' links to no record that could come along; possible: {possible}. {near}",
    "zh-CN": "“{name}”不是可展开的关联字段；可用：{possible}。{near}",
}


def bulk(door: Door, request: Request, caller: Caller, form: str) -> Response:
    """Make, change and delete up to a thousand records; each is answered for itself."""
    sent = request.json()

    def work(context: Any) -> tuple[int, Any]:
        return 200, context.ask("records.bulk", **{**sent, "type": form})

    status, body = once(door, request, caller, work)
    return answer(body, status)


def upsert(door: Door, request: Request, caller: Caller, form: str, by: str, value: str) -> Response:
    """Change the record that has this value in a unique field, or make it."""
    sent = request.json()
    match = wanted(request)

    def work(context: Any) -> tuple[int, Any]:
        def put(version: int | None) -> Mapping[str, Any]:
            found = context.ask("records.upsert", type=form, by=by, value=value, values=sent, version=version)
            if match is not None and found["done"] == "created":
                raise match.not_there()  # what was made is undone with it
            return found  # type: ignore[no-any-return]

        found = put(None) if match is None else match.ask(context, put)
        shown = Presenter(context, record_type_of(context, form)).show([found["record"]])[0]
        return 201 if found["done"] == "created" else 200, shown

    try:
        status, body = once(door, request, caller, work)
    except Conflict as conflict:
        if not is_changed(conflict.problems):
            raise
        raise (match or ANY).refusal(conflict.problems) from None
    return answer(body, status, [("Location", f"{form}/{body['id']}"), ("ETag", f'"{body["version"]}"')])


def aggregate(door: Door, request: Request, caller: Caller, form: str) -> Response:
    """Count and add up by the values of some fields."""
    given = request.known(AGGREGATE, AGGREGATE[:3])
    lists = {name: _split(given[name]) for name in ("group", "sum", "average") if given.get(name)}
    texts = {name: given[name] for name in ("where", "search") if given.get(name)}
    with door.host.database.reading() as unit:
        context = door.host.context(unit, caller.actor)
        found = context.ask("records.aggregate", type=form, **lists, **texts)
        _name_groups(context, form, lists.get("group", ()), found["items"])
    return answer(found)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _name_groups(context: Any, form: str, group: Iterable[str], items: list[dict[str, Any]]) -> None:
    """Values as they leave the process; records and people with the words that name them."""
    shapes = context.app.scope.shapes.records
    for name in group:
        type_ = shapes[form].fields[name].type if name in shapes[form].fields else None
        target = type_ and (type_.record or ("user" if type_.kind == "user" else None))
        ids = [each["values"][name] for each in items if each["values"][name] is not None]
        words = references(context, target, ids) if target else {}
        for each in items:
            value = each["values"][name]
            each["values"][name] = words[value] if target and value is not None else value
    for each in items:
        for measure in ("sum", "average"):
            each[measure] = {
                name: None if value is None else str(plain(value)) for name, value in each[measure].items()
            }


def expanded(
    context: Any, record_type: RecordType, names: Iterable[str], records: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The records that links name and those of relations, as far as the person may see them: `{form: {id: record}}`.
    `records`: those whose links these are, not yet shown (`Presenter`, which then knows what they link to by name)."""
    wanted: dict[str, set[int]] = {}
    back: list[tuple[Relation, list[int]]] = []
    grant = context.host.grant(record_type, context.actor)
    for name in names:
        if name in record_type.relations and name not in grant.hidden:
            back.append((record_type.relations[name], [each["id"] for each in records]))
            continue
        field = record_type.fields.get(name)
        followed = field is not None and field.options_type in LINKS and name not in grant.hidden
        if field is None or not followed or field.target in ("user", "department"):
            known = [each.name for each in record_type.fields.values() if each.options_type in LINKS]
            known = [each for each in (*known, *record_type.relations) if each not in grant.hidden]
            values = {"name": name, "possible": ", ".join(known) or "–", "near": nearest(name, known) or ""}
            raise Rejected(Problem("http.not-a-link", NOT_A_LINK, "/expand", values))
        several = field.options_type == "link_any"
        for record in records:
            value = record.get(name)
            for each in value if isinstance(value, (list, tuple)) else (value,):
                if each is not None:
                    form, identity = parts(each) if several else (field.target or "", each)
                    wanted.setdefault(form, set()).add(identity)
    found: dict[str, dict[str, Any]] = {}
    for target, ids in wanted.items():
        ordered = sorted(ids)
        _add(context, found, target, [
            {"ids": ordered[at : at + PAGE], "sort": ("id",)} for at in range(0, len(ordered), PAGE)
        ])  # fmt: skip
    for relation, owners in back:
        field = context.app.types[relation.record_type].fields[relation.by]
        named = [name_in(field, record_type.name, each) for each in owners]
        wheres = [{"where": f"{relation.by} in ({each})"} for each in _listed(named)]
        _add(context, found, relation.record_type, wheres)
    return found


def _listed(values: Iterable[int | str]) -> Iterable[str]:
    """Values as expressions list them, so many at a time."""
    ordered = sorted(values, key=str)
    for at in range(0, len(ordered), PAGE):
        yield ", ".join(f'"{each}"' if isinstance(each, str) else str(each) for each in ordered[at : at + PAGE])


def _add(
    context: Any, found: dict[str, dict[str, Any]], target: str, conditions: Iterable[Mapping[str, Any]]
) -> None:  # fmt: skip
    """The records of a form that a list finds by any of some conditions, if the person may read any of that form."""
    record_type = record_type_of(context, target)
    if not context.host.grant(record_type, context.actor).may("read"):
        return
    records: list[Any] = []
    for condition in conditions:
        after = None
        while len(records) < EXPANDED:
            page = context.ask("records.list", type=target, limit=PAGE, after=after, as_json=True, **condition)
            records += page["items"]
            after = page["next"]
            if after is None:
                break
    shown = Presenter(context, record_type).show(records[:EXPANDED], as_json=True)
    found.setdefault(target, {}).update({str(each["id"]): each for each in shown})
