"""Why somebody may or may not, and how a value came about: operations, asked through the one gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from lowcode.explain.saving import permission_entry
from lowcode.explain.words import words
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.expressions import Expression, Moment, lineage_of
from lowcode.kernel.expressions.explain import Trace
from lowcode.kernel.expressions.values import to_text
from lowcode.kernel.identity import Actor
from lowcode.kernel.records import query
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType


class OfPermission(Parameters):
    """May this person do this with this record (and this field of it)?"""

    form: str
    id: int
    login: str
    action: Literal["read", "edit", "delete"] = "read"
    field: str | None = None


class OfFormula(Parameters):
    """A formula or roll-up of a record."""

    form: str
    id: int
    field: str


def _about_oneself(context: Context, params: OfPermission) -> Problem | None:
    if context.actor.is_administrator or params.login == context.actor.login:
        return None
    return Problem("explain.not-yours", words("not-yours"), "/login")


def permission(
    context: Context, params: OfPermission
) -> Annotated[dict[str, Any], has(allowed=bool, words=object, lines=list[dict])]:
    """Each permission line with the reason why it does or does not apply, the decision, and what of the field.

    Who is no administrator is told only about records they may read: else a refusal would betray that one is there.
    """
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    if not context.actor.is_administrator:
        context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    person = _person(context, params.login)
    granted: Grant = host.grant(record_type, person)
    conditions = [line.where for line in granted.lines if line.where is not None]
    # The id is read too, so that a record that is not there is told apart from one without facts.
    facts = context.facts(record_type.name, [params.id], conditions).get(params.id)
    if facts is None or not _is_there(context, record_type, params.id):
        raise NotFound(Problem("records.not-found", {"en": f"there is no record {params.id} here"}, "/id"))
    acting = context if person == context.actor or person.id is None else context.as_user(person.id)
    moment = acting.moment()
    lines = []
    for line in granted.lines:
        gives = params.action in line.can
        holds = gives and (line.where is None or line.where.test(facts, moment))
        entry = {**permission_entry(line), "gives": gives, "holds": holds, "trace": None}
        if gives and line.where is not None:
            entry["trace"] = traced(context, record_type, line.where, facts, moment)
        lines.append(entry)
    allowed = granted.everything or any(each["holds"] for each in lines)
    return {
        "allowed": allowed,
        "words": _decided(params.action, person, granted, lines),
        "lines": lines,
        "field": None if params.field is None else _field(record_type, granted, params.field),
    }


def _is_there(context: Context, record_type: RecordType, identity: int) -> bool:
    found = context.as_app().ask("records.list", type=record_type.name, where=f"id = {identity}", fields=("id",))
    return bool(found["items"])


def _person(context: Context, login: str) -> Actor:
    if login == context.actor.login:
        return context.actor
    host: Any = context.host
    people = host.directory(context.unit)
    user = people.by_login.get(login)
    found: Actor | None = people.actor(user.id) if user is not None else None
    if found is None:
        raise NotFound(Problem("explain.no-person", words("no-person", login=login), "/login"))
    return found


def _decided(action: str, person: Actor, granted: Grant, lines: list[dict[str, Any]]) -> dict[str, str]:
    name = person.name or person.login
    if granted.everything:
        return words("administrator", name=name)
    for line in lines:
        if line["holds"]:
            return words("permitted", name=name, action=action, line=line["words"])
    if not any(line["gives"] for line in lines):
        return words("no-line", name=name, action=action, roles=", ".join(sorted(person.roles)) or "—")
    return words("no-row", name=name, action=action)


def _field(record_type: RecordType, granted: Grant, name: str) -> dict[str, Any]:
    if name not in record_type.fields:
        raise Rejected(Problem("records.unknown-field", {"en": f"there is no field '{name}'"}, "/field"))
    hidden, fixed = name in granted.hidden, name in granted.fixed
    key = "hidden" if hidden else "fixed" if fixed else "shown"
    by = [permission_entry(line) for line in granted.lines if name in (line.hide if hidden else line.read_only)]
    return {"name": name, "hidden": hidden, "read_only": fixed, "words": words(key, field=name), "lines": by}


def formula(
    context: Context, params: OfFormula
) -> Annotated[dict[str, Any], has(text=object, words=object, trace=object)]:
    """The value as it is read, and each part of its expression with its value."""
    record_type = record_type_of(context, params.form)
    field = record_type.fields.get(params.field)
    if field is None or field.expression is None:
        raise Rejected(
            Problem("explain.no-formula", words("no-formula", field=params.field, form=params.form), "/field")
        )
    record = context.ask("records.get", type=params.form, id=params.id, fields=(params.field,))
    facts = context.facts(record_type.name, [params.id], (field.expression,)).get(params.id, {})
    value, text = record[params.field], field.expression.written
    shown = "—" if value is None else to_text(value)
    return {
        "value": value,
        "text": text,
        "words": words("value", field=params.field, value=shown, text=text),
        "trace": traced(context, record_type, field.expression, facts, context.moment()),
    }


def traced(
    context: Context, record_type: RecordType, expression: Expression, facts: Any, moment: Moment
) -> dict[str, Any] | None:
    """The parts of an expression with their values; None when it reads what the person asking may not see."""
    host: Any = context.host
    granted = host.grant(record_type, context.actor)
    try:
        for path in _read(expression):
            query.check_path(context, record_type, granted, path, "")
    except Rejected:
        return None
    return _plain(expression.explain(facts, moment))


def _read(expression: Expression) -> Iterable[str]:
    yield from {lineage_of(path)[0] for path in expression.paths} - {""}
    for relation, paths in expression.rows.items():
        yield relation
        yield from (lineage_of(f"{relation}.{path}")[0] for path in paths)


def _plain(trace: Trace) -> dict[str, Any]:
    value = trace.value
    return {
        "text": trace.text,
        "value": value if value is None or isinstance(value, (bool, int, str)) else to_text(value),
        "blanks": list(trace.blanks),
        "parts": [_plain(each) for each in trace.parts],
    }


OPERATIONS = (
    Operation(
        "explain.permission", permission, OfPermission, _about_oneself, False,
        {"en": "Why a person may or may not", "zh-CN": "为何有或没有权限"},
    ),
    Operation(
        "explain.formula", formula, OfFormula, writes=False,
        summary={"en": "How a value came about", "zh-CN": "数值如何得出"},
    ),
)  # fmt: skip
