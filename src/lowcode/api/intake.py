"""What comes in: who sent it, what it says, which record it becomes. The request is kept, whatever came of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import proofs, run
from lowcode.api.diagnostics import problem
from lowcode.api.plan import NEWEST, Intake, Signed, plan_of
from lowcode.api.tables import request as request_table
from lowcode.kernel import reasons
from lowcode.kernel.answers import Page, has
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected, Unauthenticated, Unavailable, nearest
from lowcode.kernel.identity.acting import acting_as
from lowcode.kernel.identity.rates import Rates, network
from lowcode.kernel.records import certain
from lowcode.kernel.records.taken import unique_problem

log = logging.getLogger("lowcode.api")

ONE = sa.select(request_table).where(request_table.c.id == sa.bindparam("request_id"))
REPLAYED = (
    sa.update(request_table)
    .where(request_table.c.id == sa.bindparam("request_id"))
    .values(
        state=sa.bindparam("new_state"),
        outcome=sa.bindparam("new_outcome"),
        record=sa.bindparam("new_record", type_=sa.BigInteger),
        problems=sa.bindparam("new_problems", type_=request_table.c.problems.type),
        replays=request_table.c.replays + 1,
    )
)
SEEN = (
    sa.select(request_table.c.outcome, request_table.c.record)
    .where(request_table.c.intake == sa.bindparam("of_intake"), request_table.c.message == sa.bindparam("of_message"))
    .where(request_table.c.state != "refused")
    .limit(1)
)
"""What became of a message that came before; one that was refused may come again."""
TAKEN = (
    sa.select(request_table.c.id)
    .where(request_table.c.intake == sa.bindparam("of_intake"), request_table.c.message == sa.bindparam("of_message"))
    .where(request_table.c.state != "refused", request_table.c.id != sa.bindparam("but"))
    .limit(1)
)
"""Another request by which a message was taken in."""
WRONG_RATE = 60
"""So many wrong signatures a minute from one address, as of wrong keys."""
ADOPTED = 200
"""So many of the newest earlier records are taken along."""
SHOWN = [column for column in request_table.c if column.name != "body"]
LIST = (
    sa.select(*SHOWN)
    .where(request_table.c.id < sa.bindparam("before", type_=sa.BigInteger))
    .where(sa.or_(sa.bindparam("of_state", type_=sa.Text).is_(None), request_table.c.state == sa.bindparam("of_state")))
    .where(
        sa.or_(sa.bindparam("of_intake", type_=sa.Text).is_(None), request_table.c.intake == sa.bindparam("of_intake"))
    )
    .order_by(request_table.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)


class Receive(Parameters):
    """A request as it came."""

    name: str
    method: str = "POST"
    headers: Mapping[str, str] = Key(default_factory=dict)
    body: bytes = b""
    address: str = ""
    query: Mapping[str, str] = Key(default_factory=dict)


class OneRequest(Parameters):
    """A kept request."""

    id: int


class ListRequests(Parameters):
    """A page of kept requests, the newest first."""

    intake: str | None = None
    state: str | None = None
    limit: int = Key(50, ge=1, le=200)
    after: int | None = None


def intake_of(context: Context, name: str) -> Intake:
    """An intake by name. Raises NotFound with the nearest."""
    intakes = plan_of(context).intakes
    if name not in intakes:
        raise NotFound(problem("no-intake", name=name, near=nearest(name, intakes) or ""))
    return intakes[name]


def receive(context: Context, params: Receive, rates: Rates) -> dict[str, Any]:
    """Take one request in: `{"status", "body", "headers"}`, with `refused` when it was refused."""
    intake = intake_of(context, params.name)
    headers = cors_headers(intake, params.headers.get("origin"))
    if params.method == "OPTIONS":
        return {"status": 204, "body": None, "headers": headers}
    try:
        message = _admit(context, intake, params, rates)
    except Rejected as refused:
        return {"status": refused.status, "body": None, "headers": headers, "refused": refused}
    if message is not None:
        certain.claim(context, f"intake:{intake.name}")
        before = context.unit.one(SEEN, of_intake=intake.name, of_message=message)
        if before is not None:
            body = {"status": before["outcome"], "form": intake.form, "id": before["record"]}
            return {"status": 200, "body": body, "headers": headers}
    media_type = params.headers.get("content-type", "")
    state, outcome, record, refused_by = _attempt(context, intake, media_type, params.body)
    context.unit.insert(
        request_table,
        intake=intake.name,
        at=context.now(),
        address=params.address,
        media_type=media_type,
        body=params.body[: run.BODY_LIMIT],
        key=context.actor.key or None,
        state=state,
        outcome=outcome,
        record=record,
        problems=reasons.problems_kept(refused_by),
        replays=0,
        message=message,
    )
    if refused_by is not None:
        return {"status": refused_by.status, "body": None, "headers": headers, "refused": refused_by}
    if intake.public:
        return {"status": 200, "body": {"status": "received"}, "headers": headers}
    body = {"status": outcome, "form": intake.form, "id": record}
    return {"status": 200 if outcome == "updated" else 201, "body": body, "headers": headers}


def cors_headers(intake: Intake, origin: str | None) -> list[tuple[str, str]]:
    """Which pages may send: only those of a public intake's origins."""
    if not intake.public or origin is None or not ({origin, "*"} & intake.origins):
        return []
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", "POST"),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Headers", "Content-Type"),
        ("Access-Control-Max-Age", "600"),
    ]


def _admit(context: Context, intake: Intake, params: Receive, rates: Rates) -> str | None:
    """Refuse who may not send; by what a signed message is known when it comes again. Raises Rejected."""
    actor, origin = context.actor, params.headers.get("origin")
    if intake.public:
        if origin is not None and intake.origins and not ({origin, "*"} & intake.origins):
            raise Forbidden(problem("origin", origin=origin))
        limits = intake.limit, intake.limit_total
        rates.take_of_anybody(intake.name, params.address, limits, context.now(), "api.too-many")
        return None
    if actor.is_app:
        return None
    if intake.signed is not None:
        rates.take(f"{intake.name} {network(params.address)}", intake.limit, context.now(), "api.too-many")
        return _proven(context, intake, intake.signed, params, rates)
    if actor.id is None or not actor.key:
        raise Unauthenticated(problem("needs-key"))
    if (actor.limits or actor.narrowed) and not ({"intake", f"intake:{intake.name}"} & actor.limits):
        raise Forbidden(problem("key-scope", name=intake.name))
    return None


def _proven(context: Context, intake: Intake, signed: Signed, params: Receive, rates: Rates) -> str:
    secret = context.host.secret(signed.secret.name)
    if not secret:  # the sender cannot help it, and needs not know what it is called here
        log.error("the intake %s refuses what is sent: set LOWCODE_SECRET_%s", intake.name, signed.secret.name)
        raise Unavailable(problem("not-set-up", name=intake.name))
    try:
        return proofs.proven(signed, str(secret), params.headers, params.body, int(context.now().timestamp()))
    except Unauthenticated:
        rates.take(f"wrong {network(params.address)}", WRONG_RATE, context.now(), "api.too-many")
        raise


def _attempt(
    context: Context, intake: Intake, media_type: str, body: bytes
) -> tuple[str, str | None, int | None, Rejected | None]:
    """State, outcome, record and refusal of one try; what is refused leaves nothing behind."""
    try:
        payload = run.read_body(intake.schema, media_type, body)
        if intake.honeypot is not None and payload.pop(intake.honeypot, None):
            return "flagged", None, None, None
        run.check(intake, payload)
        outcome, record = save(context, intake, payload)
        context.tell(
            "api.received", record_type=intake.form, record_id=record, intake=intake.name, outcome=outcome
        )  # fmt: skip
    except Rejected as refused:
        return "refused", None, None, refused
    return "accepted", outcome, record, None


def save(context: Context, intake: Intake, payload: Mapping[str, Any]) -> tuple[str, int]:
    """The record that a payload becomes: how (`created`, `updated`, `linked`), and its id. Raises Rejected."""
    acting = _acting(context, intake)
    record_type = context.app.types[intake.form]
    try:
        with context.unit.savepoint():
            values = _found(acting, intake, run.values_of(intake, payload, acting.moment()))
            same = None
            if intake.duplicates != "create":
                certain.claim(context, intake.form)
                same = certain.find(context, record_type, values)
            if same is not None and intake.duplicates == "refuse":
                raise Conflict(problem("duplicate", id=same))
            if same is not None and intake.duplicates == "update":
                acting.ask("records.update", type=intake.form, id=same, values=values)
                _adopt(acting, intake, payload, same)
                return "updated", same
            if same is not None and intake.link is not None:
                values[intake.link] = same
            made = acting.ask("records.create", type=intake.form, values=values)
            _adopt(acting, intake, payload, int(made["id"]))
            return "created" if same is None else "linked", int(made["id"])
    except Rejected:
        raise
    except Exception as error:
        taken = unique_problem(context, record_type, error)
        if taken is None:
            raise
        raise taken from None


def _found(context: Context, intake: Intake, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the ids of the records that were named by a field of theirs."""
    fields = context.app.types[intake.form].fields
    problems = []
    for name, by in intake.find.items():
        if name not in values:
            continue
        target = context.app.types[fields[name].target or ""]
        quoted = str(values[name]).replace('"', '""')
        where = f'{by} = "{quoted}"'
        page = context.ask("records.list", type=target.name, where=where, sort=("-id",), fields=("id",), limit=1)
        if page["items"]:
            values[name] = page["items"][0]["id"]
            continue
        if intake.unknown == "blank":
            del values[name]
            continue
        words = {"form": target.title, "field": target.fields[by].title, "seen": str(values[name])}
        problems.append(problem("not-found-by", f"/{name}", **words))
    if problems:
        raise Rejected(problems)
    return values


def _adopt(context: Context, intake: Intake, payload: Mapping[str, Any], record: int) -> None:
    """Earlier records of other forms that are now known to belong to this one."""
    known = run.known_of(intake.schema, payload) if intake.adopt else {}
    for each in intake.adopt:
        value = each.value.evaluate({}, context.moment(), **known)
        if value is None:
            continue
        quoted = str(value).replace('"', '""')
        where = f'{each.by} = "{quoted}" and {each.link} is blank'
        page = context.ask("records.list", type=each.form, where=where, fields=("id",), limit=ADOPTED)
        for row in page["items"]:
            context.ask("records.update", type=each.form, id=row["id"], values={each.link: record})


def _acting(context: Context, intake: Intake) -> Context:
    acting = acting_as(context, intake.run_as)
    if acting is None:
        raise Rejected(problem("no-person", login=intake.run_as))
    return acting


def replay(
    context: Context, params: OneRequest
) -> Annotated[dict[str, Any], has(id=int, state=str, outcome=str | None, record=int | None, problems=list)]:
    """Take a kept request in again, for instance after the mapping was corrected. Raises Conflict where its message was
    taken in by another request meanwhile."""
    row = context.unit.one(ONE, request_id=params.id)
    if row is None:
        raise NotFound(problem("no-row", id=params.id))
    intake = intake_of(context, row["intake"])
    if row["message"] is not None:
        certain.claim(context, f"intake:{intake.name}")
        other = context.unit.one(TAKEN, of_intake=intake.name, of_message=row["message"], but=params.id)
        if other is not None:
            raise Conflict(problem("taken-already", id=other["id"]))
    state, outcome, record, refused = _attempt(context, intake, row["media_type"], row["body"])
    if refused is not None and row["message"] is not None and row["state"] != "refused":
        raise refused  # were it kept as refused, the message would count anew when it is sent again
    problems = reasons.problems_kept(refused)
    context.unit.run(
        REPLAYED,
        request_id=params.id,
        new_state=state,
        new_outcome=outcome,
        new_record=record,
        new_problems=problems,
    )
    told = reasons.problems_told(problems, context.actor.locale)
    return {"id": params.id, "state": state, "outcome": outcome, "record": record, "problems": told}


def requests(context: Context, params: ListRequests) -> Page:
    """The kept requests, without their bodies."""
    before = params.after if params.after is not None else NEWEST
    rows = context.unit.fetch(
        LIST, before=before, of_state=params.state, of_intake=params.intake, count=params.limit + 1
    )
    locale = context.actor.locale
    items = [{**row, "problems": reasons.problems_told(row["problems"], locale)} for row in rows[: params.limit]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > params.limit else None}
