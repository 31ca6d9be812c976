"""What becomes of what a visitor sent: a record through the one write path, at once or when the address is confirmed.

Only fields that the public form names are taken. What the visitor is told never depends on what is there already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.check import examined
from lowcode.forms.operations.letters import confirmation_letter, ticket_letter
from lowcode.forms.public import signing
from lowcode.forms.public.files import most
from lowcode.forms.public.opening import ensure_open
from lowcode.forms.public.plan import FILES, SOURCES, Public, variables
from lowcode.forms.public.words import problem
from lowcode.forms.tables import consent as consent_table
from lowcode.forms.tables import signing as signing_table
from lowcode.forms.tables import submission, submission_file, upload
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, localized, nearest
from lowcode.kernel.identity.acting import acting_as
from lowcode.kernel.records import certain, save, words
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import tables as kernel
from lowcode.kernel.storage.loose import hold

OFFERED = 200
KEY = sa.select(signing_table.c.key).where(signing_table.c.id == 1)
ONE = sa.select(submission).where(submission.c.id == sa.bindparam("submission_id")).with_for_update()
"""Held: a link is pressed twice at one moment, and by programs that look at letters beside whoever got it."""
SETTLED = (
    sa.update(submission)
    .where(submission.c.id == sa.bindparam("submission_id"))
    .values(
        state=sa.bindparam("new_state"),
        record=sa.bindparam("new_record", type_=sa.BigInteger),
        sent=sa.null(),
        until=sa.null(),
    )
)
LATE = sa.and_(
    submission.c.state == "waiting", submission.c.until <= sa.bindparam("now", type_=submission.c.until.type)
)
LET_GO = (
    sa.delete(submission_file).where(submission_file.c.submission.in_(sa.select(submission.c.id).where(LATE))),
    sa.delete(submission_file).where(submission_file.c.submission == sa.bindparam("submission_id")),
)
"""The files of what has expired, and of what is confirmed, are not held any more."""
SENT_IN = (
    sa.update(upload)
    .where(
        upload.c.uploaded.in_(sa.bindparam("sent_in", expanding=True)),
        sa.exists(sa.select(sa.literal(1)).where(kernel.file_use.c.file == upload.c.uploaded)),
    )
    .values(uploaded=sa.null())
)
"""A file that a record has is kept with the record from then on, also in its history."""
EXPIRED = sa.update(submission).where(LATE).values(state="expired", sent=sa.null())


class Submit(Parameters):
    """What a visitor sent by a public form, past the guard. `base` is where the app is for visitors."""

    form: str
    name: str
    values: Mapping[str, Any]
    consent: Mapping[str, bool] = Key(default_factory=dict)
    source: Mapping[str, str] = Key(default_factory=dict)
    language: str = ""
    nonce: str = ""
    address: str = ""


class Confirm(Parameters):
    """The token of the link in a letter."""

    token: str


def public_of(context: Context, form: str, name: str) -> tuple[RecordType, Public]:
    """A public form by its address. Raises NotFound."""
    forms = context.app.plans["forms"].forms
    faces = forms[form].public if form in forms else {}
    if name not in faces:
        raise NotFound(problem("no-public-form", near=nearest(name, faces) or ""))
    return forms[form].record_type, faces[name]


def key_of(context: Context) -> str:
    """The key of this database's tokens; made when there is none yet."""
    found = context.unit.one(KEY)
    if found is None:
        context.unit.insert(signing_table, id=1, key=signing.new_key())
        found = context.unit.one(KEY)
    assert found is not None
    return str(found["key"])


def acting(context: Context, face: Public) -> Context:
    """The context of whoever the public form acts as."""
    found = acting_as(context, face.definition.run_as)
    if found is None:
        raise Rejected(problem("public-no-person", login=face.definition.run_as))
    return found


def submit(context: Context, params: Submit) -> dict[str, Any]:
    """`{"status"}`: `received`, or `confirm` when a letter is on its way; with the token of a ticket, where there is
    one. Raises Rejected with everything that is wrong."""
    record_type, face = public_of(context, params.form, params.name)
    certain.claim(context, params.form)
    ensure_open(context, face)
    source = {name: str(params.source[name])[:500] for name in SOURCES if params.source.get(name)}
    values = {name: value for name, value in params.values.items() if value not in (None, "", [])}
    agreed = {each.purpose: bool(params.consent.get(each.purpose)) for each in face.definition.consent}
    problems = list(_wrong(context, record_type, face, params.values, agreed))
    doer = acting(context, face)
    host: Any = context.host
    plan = host.save_plan(record_type)
    whole = {**values, **_values(face, source, agreed, doer)}
    try:
        change = save.draft(doer, plan, host.grant(record_type, doer.actor), whole)
        problems += examined(doer, plan, change)
    except Rejected as refused:
        problems += refused.problems
    if problems:
        raise Rejected(list({(each.pointer, each.code): each for each in problems}.values()))
    sent = {"values": values, "consent": agreed, "language": params.language}
    row = {
        "form": params.form, "public": params.name, "at": context.now(), "nonce": params.nonce or signing.new_key(),
        "address": params.address, "source": source, "record": None,
    }  # fmt: skip
    confirm = face.definition.confirm
    if confirm is not None:
        until = context.now() + timedelta(hours=confirm.hours)
        held = hold(context.unit, _files(record_type, face, values))
        identity = context.unit.insert(submission, **row, state="waiting", sent=sent, until=until)
        assert identity is not None
        context.unit.insert_many(submission_file, [{"submission": identity, "file": each} for each in sorted(held)])
        token = signing.sign(key_of(context), "confirm", id=identity, until=int(until.timestamp()))
        confirmation_letter(context, face, values, params.language, token)
        return {"status": "confirm"}
    identity = context.unit.insert(submission, **row, state="received", sent=None, until=None)
    assert identity is not None
    return _settle(context, record_type, face, {"id": identity, "source": source, "sent": sent})


def _files(record_type: RecordType, face: Public, values: Mapping[str, Any]) -> list[int]:
    """The files among what was sent."""
    named = [each for each in face.fields if record_type.fields[each].options_type in FILES]
    return [int(each) for name in named for each in values.get(name) or ()]


def confirm(context: Context, params: Confirm) -> Annotated[dict[str, Any], has(form=str, name=str, status=str)]:
    """Make the record of what was sent, now that the address is known to be the visitor's; once."""
    said = signing.read(key_of(context), "confirm", params.token)
    row = next(iter(context.unit.locked(ONE, submission_id=said["id"])), None) if said is not None else None
    if row is None:
        raise NotFound(problem("no-submission"))
    certain.claim(context, row["form"])
    record_type, face = public_of(context, row["form"], row["public"])
    where = {"form": row["form"], "name": row["public"]}
    if row["state"] == "waiting" and context.now() < row["until"]:
        return {**where, **_settle(context, record_type, face, row)}
    if row["state"] in ("waiting", "expired"):
        raise NotFound(problem("no-submission"))
    return {**where, "status": "received", **ticket_of(context, face, row["record"])}


def expire(context: Context, since: datetime, until: datetime) -> None:
    """Erase what was not confirmed in time, and let its files go with what nobody sent in."""
    context.unit.run(LET_GO[0], now=until)
    context.unit.run(EXPIRED, now=until)


def _wrong(
    context: Context, record_type: RecordType, face: Public, sent: Mapping[str, Any], agreed: Mapping[str, bool]
) -> Iterator[Problem]:
    """What is wrong with what was sent, beyond what the form itself says."""
    for name in sent:
        if name not in face.fields:
            yield problem("no-such-field", f"/{name}", name=name)
    for name, placed in face.fields.items():
        value = sent.get(name)
        if value in (None, "", []):
            if placed.required:
                yield problem("needed", f"/{name}")
        elif record_type.fields[name].options_type in FILES:
            if len(value) > (limit := most(record_type.fields[name])):
                yield words.problem("too-many-files", f"/{name}", limit=limit)
        elif record_type.fields[name].options_type == "link":
            if value not in [each["id"] for each in offered(context, record_type, face, name)]:
                yield problem("not-offered", f"/{name}")
    for each in face.definition.consent:
        if each.required and not agreed[each.purpose]:
            yield problem("not-agreed", f"/consent/{each.purpose}")


def offered(context: Context, record_type: RecordType, face: Public, name: str) -> list[dict[str, Any]]:
    """The records a visitor may choose for a link: ids and the words they are called by."""
    target = record_type.fields[name].target or ""
    doer = acting(context, face)
    found = doer.ask(
        "records.list", type=target, where=face.fields[name].where, sort=("id",), fields=("id",), limit=OFFERED
    )
    labels = label_of(doer, target, [each["id"] for each in found["items"]])
    return [{"id": each["id"], "label": labels.get(each["id"], str(each["id"]))} for each in found["items"]]


def _values(face: Public, source: Mapping[str, str], agreed: Mapping[str, bool], doer: Context) -> dict[str, Any]:
    """What the public form adds by itself."""
    known: dict[str, Any] = dict.fromkeys(variables(face.definition))
    known.update({f"source.{name}": value for name, value in source.items()})
    known.update({f"consent.{name}": value for name, value in agreed.items()})
    found = {name: each.evaluate({}, doer.moment(), **known) for name, each in face.values.items()}
    return {name: value for name, value in found.items() if value is not None}


def _settle(context: Context, record_type: RecordType, face: Public, row: Mapping[str, Any]) -> dict[str, Any]:
    """The record, the consents, what is remembered of it, and the ticket."""
    sent = row["sent"]
    doer = acting(context, face)
    values = {**sent["values"], **_values(face, row["source"], sent["consent"], doer)}
    state, identity = _save(doer, record_type, face, values)
    _agree(context, record_type.name, identity, face, sent)
    context.unit.run(SETTLED, submission_id=row["id"], new_state=state, new_record=identity)
    files = _files(record_type, face, sent["values"])
    if files:
        context.unit.run(LET_GO[1], submission_id=row["id"])
        context.unit.run(SENT_IN, sent_in=files)
    ticket = ticket_of(context, face, identity)
    if ticket and face.definition.ticket is not None and face.definition.ticket.email is not None:
        ticket_letter(context, face, sent["values"], sent["language"], ticket["ticket"])
    return {"status": "received", **ticket}


def _save(doer: Context, record_type: RecordType, face: Public, values: dict[str, Any]) -> tuple[str, int]:
    form, rule = record_type.name, face.definition.duplicates
    same = certain.find(doer, record_type, values) if rule != "create" else None
    if same is not None and rule == "keep":
        return "kept", same
    if same is not None and rule == "fill":
        now = doer.ask("records.get", type=form, id=same)
        blank = {name: value for name, value in values.items() if now.get(name) in (None, "", [])}
        if blank:
            doer.ask("records.update", type=form, id=same, values=blank)
        return "filled", same
    if same is not None:
        values = {**values, str(face.definition.link): same}
    made = doer.ask("records.create", type=form, values=values)
    return "received" if same is None else "linked", int(made["id"])


def _agree(context: Context, form: str, identity: int, face: Public, sent: Mapping[str, Any]) -> None:
    for each in face.definition.consent:
        context.unit.insert(
            consent_table, form=form, record=identity, purpose=each.purpose, given=sent["consent"][each.purpose],
            text=localized(each.text, sent["language"]), by_way_of=f"public:{face.definition.name}", at=context.now(),
            actor=None,
        )  # fmt: skip


def ticket_of(context: Context, face: Public, identity: int | None) -> dict[str, Any]:
    """The token of the ticket for a record, where the public form gives one."""
    if face.definition.ticket is None or identity is None:
        return {}
    return {"ticket": signing.sign(key_of(context), "ticket", form=face.form, name=face.definition.name, id=identity)}


OPERATIONS = (
    Operation(
        "forms.submit", submit, Submit, "internal",
        summary={"en": "Take in what a visitor sent by a public form", "zh-CN": "接收公开表单提交"},
    ),
    Operation(
        "forms.confirm", confirm, Confirm, "anyone",
        summary={"en": "Confirm what was sent by a public form", "zh-CN": "确认公开表单提交"},
    ),
)  # fmt: skip
