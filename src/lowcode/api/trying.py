"""What the designer of intakes and mailboxes asks: a schema made of a sample, what an intake would do with it, and
whether a mailbox can be looked into. Nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Annotated, Any

from lowcode.api import imap, intake, mailboxes, run, schemas
from lowcode.api.advice import unreached
from lowcode.api.diagnostics import problem
from lowcode.api.endpoints import calling
from lowcode.api.plan import ApiPlan, Intake
from lowcode.api.samples import schema_of_sample, suggested
from lowcode.kernel import reasons
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.designing import told
from lowcode.kernel.diagnostics import LowcodeError, NotFound, Problem, Rejected, Report, localized, nearest

HELD = ("api.own-secret", "api.secret-bound", "api.secret-unbound", "api.secret-no-address")
"""What keeps a secret from being used by a document that is not published."""
Examined = Callable[[Context, Mapping[str, Any]], tuple[Report, ApiPlan]]
"""What is wrong with a document, and what was understood of it."""


class ReadSample(Parameters):
    """What another program sends, and the form it becomes a record of, if that is known."""

    sample: dict[str, Any]
    form: str | None = None


class TryIntake(Parameters):
    """An intake as it would be, and what is sent to it."""

    document: dict[str, Any]
    sample: dict[str, Any]


class TryMailbox(Parameters):
    """A mailbox as it would be."""

    document: dict[str, Any]


class TryEndpoint(Parameters):
    """An endpoint as it would be, and a call of it: its path and query as texts, as an address has them."""

    document: dict[str, Any]
    path: dict[str, str] = {}
    query: dict[str, str] = {}
    payload: dict[str, Any] = {}


class _Undone(Exception):
    """What was saved to see what comes of it is taken back."""


def read_sample(context: Context, params: ReadSample) -> Annotated[dict[str, Any], has(payload=dict, values=dict)]:
    """The schema of what is sent (`payload`), and by name the fields of the form that its parts are likely meant for
    (`values`)."""
    payload = schema_of_sample(params.sample)
    record_type = context.app.types.get(params.form or "")
    if params.form and record_type is None:
        raise NotFound(
            problem("no-form", "/form", name=params.form, near=nearest(params.form, context.app.types) or "")
        )
    return {"payload": payload, "values": {} if record_type is None else suggested(payload, record_type)}


def try_intake(
    context: Context, params: TryIntake, examined: Examined
) -> Annotated[dict[str, Any], has(findings=list[dict], problems=list, values=dict, saved=dict)]:
    """What an intake would do with a sample, as it is and before it is published. `findings`: what is wrong with it;
    `problems`: why the sample is refused; `values`: what each field gets, or why it gets nothing; `outcome` and
    `saved`: what would become of it, with everything that the form and its rules add; `before`: the record that it is
    known by. Nothing stays of it."""
    report, plan = examined(context, {**params.document, "enabled": True})
    found: dict[str, Any] = {"findings": told(report, context.actor.locale), "problems": [], "values": {},
                             "outcome": None, "saved": {}, "before": None}  # fmt: skip
    meant = plan.intakes.get(str(params.document.get("name")))
    if meant is None:
        return found
    try:
        payload = run.read_body(meant.schema, "application/json", json.dumps(params.sample).encode())
        if meant.honeypot is not None and payload.pop(meant.honeypot, None):
            return {**found, "outcome": "flagged"}
        run.check(meant, payload)
        found["values"] = _values(context, meant, payload)
        if report.ok:
            found.update(_saved(context, meant, payload))
    except Rejected as refused:
        found.update(outcome="refused", problems=_told(context, refused.problems))
    return found


def _values(context: Context, meant: Intake, payload: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    known, moment = run.known_of(meant.schema, payload), context.moment()
    found = {}
    for name, expression in meant.values.items():
        try:
            found[name] = {"value": expression.evaluate({}, moment, **known)}
        except LowcodeError as error:
            found[name] = {"error": str(error)}
    return found


def _saved(context: Context, meant: Intake, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of it, in the very way in which it is taken in; it is taken back at once."""
    found: dict[str, Any] = {}
    try:
        with context.unit.savepoint():
            outcome, record = intake.save(context, meant, payload)
            acting = context.as_app()
            shown = acting.ask("records.get", type=meant.form, id=record, fields=tuple(meant.values))
            found = {"outcome": outcome, "saved": {name: shown.get(name) for name in meant.values}}
            if outcome == "updated":
                label = acting.ask("records.label", type=meant.form, ids=(record,)).get(record)
                found["before"] = {"id": record, "label": label}
            raise _Undone
    except _Undone:
        return found


def _told(context: Context, problems: Iterable[Problem]) -> list[dict[str, Any]]:
    locale = context.actor.locale
    return [{"pointer": each.pointer, "code": each.code, "detail": each.words(locale)} for each in problems]


def try_mailbox(
    context: Context, params: TryMailbox, examined: Examined
) -> Annotated[dict[str, Any], has(done=bool, error=object)]:
    """Whether a mailbox can be looked into, as it is and before it is published: `{"done", "folder", "letters",
    "error"}`. No letter is read. A secret that the host has not said is for it is not used."""
    locale = context.actor.locale
    report, plan = examined(context, {**params.document, "enabled": True})
    meant = plan.mailboxes.get(str(params.document.get("name")))
    held = next((each for each in report if each.code in HELD), None)
    try:
        if held is not None:
            raise Rejected(Problem(held.code, {tag: " ".join(held.told(tag)) for tag in ("en", "zh-CN")}))
        if meant is None or meant.url is None:
            raise Rejected(problem("no-mailbox-address"))
        folder, letters = imap.look(mailboxes.address_of(context, meant), context.host.allow_private)
    except Rejected as refused:
        said = localized(reasons.of_refusal(refused), locale)
        return {"done": False, "folder": None, "letters": None, "error": said}
    except OSError as error:
        return {"done": False, "folder": None, "letters": None, "error": localized(unreached(error), locale)}
    return {"done": True, "folder": folder, "letters": letters, "error": None}


def try_endpoint(
    context: Context, params: TryEndpoint, examined: Examined
) -> Annotated[dict[str, Any], has(findings=list[dict], problems=list, status=int | None, answer=object)]:
    """What an endpoint would answer to a call of whoever tries it, as it is and before it is published. `findings`:
    what is wrong with it; `problems`: why the call is refused, with `status`; `answer`: what is answered. Nothing stays
    of it."""
    report, plan = examined(context, {**params.document, "enabled": True})
    found: dict[str, Any] = {"findings": told(report, context.actor.locale), "problems": [], "status": None,
                             "answer": None}  # fmt: skip
    meant = plan.endpoints.get(str(params.document.get("name")))
    if meant is None or not report.ok:
        return found
    try:
        with context.unit.savepoint():
            path = schemas.from_text(meant.path_schema, {name: [text] for name, text in params.path.items()})
            query = schemas.from_text(meant.query_schema, {name: [text] for name, text in params.query.items()})
            found["answer"] = calling.answer(context, meant, path, query, params.payload)
            raise _Undone
    except _Undone:
        found["status"] = found["answer"]["status"]
    except LowcodeError as refused:
        problems = getattr(refused, "problems", None)
        if not problems:
            raise
        found.update(problems=_told(context, problems), status=getattr(refused, "status", 422))
    return found


def operations(examined: Examined) -> Iterable[Operation]:
    """Every operation."""
    yield Operation(
        "api.read_sample", read_sample, ReadSample, "administrator", False,
        {"en": "A schema made of a sample", "zh-CN": "由示例生成数据结构"},
    )  # fmt: skip
    yield Operation(
        "api.try_intake", partial(try_intake, examined=examined), TryIntake, "administrator",
        summary={"en": "What an intake would do with a sample", "zh-CN": "用示例试运行数据入口"},
    )  # fmt: skip
    yield Operation(
        "api.try_endpoint", partial(try_endpoint, examined=examined), TryEndpoint,
        "administrator", summary={"en": "What an endpoint would answer", "zh-CN": "试运行接口"},
    )  # fmt: skip
    yield Operation(
        "api.try_mailbox", partial(try_mailbox, examined=examined), TryMailbox,
        "administrator", False,
        {"en": "Whether a mailbox can be looked into", "zh-CN": "测试邮箱连接"}, outside=True,
    )  # fmt: skip
