"""Letters that come in: fetched or handed over, matched to the people they are from, and made records of.

A letter that answers another belongs to the record that one was about; otherwise the address of its sender (or, of a
copy of what we wrote, of a recipient) is looked for in the fields that the document names. What nobody knows is kept
and can be filed by hand. Seen twice, by its Message-ID, a letter is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import imap, letters
from lowcode.api.diagnostics import problem
from lowcode.api.plan import NEWEST, Mailbox, plan_of
from lowcode.api.secret_values import known
from lowcode.api.tables import letter as letter_table
from lowcode.api.tables import mailbox as mailbox_table
from lowcode.kernel import reasons
from lowcode.kernel.answers import Items, Page, has
from lowcode.kernel.contract import Context, Nothing, Outcome, Parameters, Timer
from lowcode.kernel.diagnostics import NotFound, Rejected, Text, localized
from lowcode.kernel.storage.files import keep

BATCH = 50
TOO_LARGE = {
    "en": "[This letter has {size} MB, which is too large to be taken in: only the beginning of its text was read, and "
    "none of its files. All of it lies in the mailbox.]",
    "zh-CN": "【原邮件 {size} MB，过大无法完整收取：以下仅为正文开头，附件未收取，请到邮箱中查看原件。】",
}
KNOWN = sa.select(letter_table).where(letter_table.c.message == sa.bindparam("of_message"))
ONE = sa.select(letter_table).where(letter_table.c.id == sa.bindparam("letter_id"))
READ = sa.select(mailbox_table).where(mailbox_table.c.name == sa.bindparam("of_name"))
FORGET = sa.delete(mailbox_table).where(mailbox_table.c.name == sa.bindparam("of_name"))
FILED = (
    sa.update(letter_table)
    .where(letter_table.c.id == sa.bindparam("letter_id"))
    .values(
        state="filed", content=sa.bindparam("rest", type_=sa.LargeBinary), about_form=sa.bindparam("new_form"),
        about_record=sa.bindparam("new_record", type_=sa.BigInteger), form=sa.bindparam("made_form"),
        record=sa.bindparam("made", type_=sa.BigInteger),
        problems=sa.bindparam("none", type_=letter_table.c.problems.type),
    )
)  # fmt: skip
LIST = (
    sa.select(*(column for column in letter_table.c if column.name not in ("content", "cut")))
    .where(letter_table.c.id < sa.bindparam("before", type_=sa.BigInteger))
    .where(sa.or_(sa.bindparam("of_state", type_=sa.Text).is_(None), letter_table.c.state == sa.bindparam("of_state")))
    .order_by(letter_table.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)


class Fetch(Parameters):
    """A mailbox to look into."""

    mailbox: str


class Looked(Parameters):
    """How far a mailbox was read, or why not."""

    mailbox: str
    validity: int = 0
    last: int = 0
    error: Text | None = None
    more: bool = False


class Take(Parameters):
    """A letter as it came."""

    mailbox: str
    content: bytes
    cut: int | None = Key(None, ge=0, description="How many bytes it has, where this is its beginning alone.")


class Wrote(Parameters):
    """A letter that went out about a record, so that the answer to it is known."""

    message: str
    sender: str
    subject: str
    form: str
    record: int


class Letters(Parameters):
    """A page of letters, the newest first."""

    state: str | None = None
    limit: int = Key(50, ge=1, le=200)
    after: int | None = None


class File(Parameters):
    """A letter that nobody was known for, and the record it belongs to."""

    id: int
    form: str
    record: int


def timers(mailboxes: Mapping[str, Mailbox]) -> Iterator[Timer]:
    """When each mailbox is looked into."""
    for each in mailboxes.values():
        if each.url is not None:
            yield Timer(f"api.mailbox.{each.name}", partial(_due, each.name), every=each.every)


def _due(name: str, context: Context, since: datetime, until: datetime) -> None:
    context.later("api.fetch_mail", key=f"api.fetch_mail:{name}:{until.timestamp()}", mailbox=name)


def fetch(context: Context, params: Fetch) -> Outcome:
    """Look for new letters, outside of any transaction."""
    mailbox = _mailbox(context, params.mailbox)
    before = context.unit.one(READ, of_name=mailbox.name) or {"validity": None, "last": 0}
    try:
        found = imap.fetch(
            address_of(context, mailbox), before["validity"], before["last"], BATCH, context.host.allow_private
        )
    except Rejected as refused:
        reason = reasons.of_refusal(refused)
        return Outcome(None, (("api.looked", {"mailbox": mailbox.name, "error": reason}),))
    taken = [("api.take_mail", {"mailbox": mailbox.name, "content": content, "cut": cut})
             for _, content, cut in found.letters]  # fmt: skip
    looked = {"mailbox": mailbox.name, "validity": found.validity, "last": found.last, "more": found.more}
    return Outcome(None, (*taken, ("api.looked", looked)))


def address_of(context: Context, mailbox: Mailbox) -> str:
    """The whole address of a mailbox that is looked into. Raises Rejected naming a secret that is not set."""
    assert mailbox.url is not None
    url = known(context, mailbox.url, mailbox.name)
    if mailbox.password is None:
        return url
    scheme, _, server = url.partition("://")
    user, folder = quote(mailbox.user, safe=""), quote(mailbox.folder, safe="")
    return f"{scheme}://{user}:{quote(known(context, mailbox.password, mailbox.name), safe='')}@{server}/{folder}"


def looked(context: Context, params: Looked) -> None:
    """Write down how far a mailbox was read; when more letters wait, look again at once."""
    before = context.unit.one(READ, of_name=params.mailbox) or {"validity": 0, "last": 0}
    told = {"validity": params.validity, "last": params.last} if params.error is None else before
    context.unit.run(FORGET, of_name=params.mailbox)
    context.unit.insert(
        mailbox_table, name=params.mailbox, validity=told["validity"], last=told["last"], looked_at=context.now(),
        error=reasons.kept(params.error),
    )  # fmt: skip
    if params.more:
        context.later("api.fetch_mail", key=f"api.fetch_mail:{params.mailbox}:{params.last}", mailbox=params.mailbox)


def take(
    context: Context, params: Take
) -> Annotated[dict[str, Any], has(state=str, form=str | None, record=int | None)]:
    """Take one letter in: `{"state", "form", "record"}`."""
    mailbox = _mailbox(context, params.mailbox)
    letter = letters.read(params.content, params.cut)
    known = context.unit.one(KNOWN, of_message=letter.message)
    if known is not None:
        return {name: known[name] for name in ("state", "form", "record")}
    about = _about(context, mailbox, letter)
    state, made, problems = "unknown", None, []
    if letter.automatic:
        state = "automatic"
    elif about is not None:
        try:
            state, made = "filed", _record(context, mailbox, letter, *about)
        except Rejected as refused:
            state = "refused"
            problems = reasons.problems_kept(refused)
    context.unit.insert(
        letter_table, message=letter.message, mailbox=mailbox.name, direction="in", sender=letter.sender,
        subject=letter.subject, at=letter.at or context.now(), about_form=about[0] if about else None,
        about_record=about[1] if about else None, form=mailbox.form if made else None, record=made, state=state,
        problems=problems,
        content=params.content if letter.by_head or state not in ("filed", "automatic") else None, cut=params.cut,
    )  # fmt: skip
    return {"state": state, "form": mailbox.form if made else None, "record": made}


def _mailbox(context: Context, name: str) -> Mailbox:
    found = plan_of(context).mailboxes.get(name)
    if found is None:
        raise NotFound(problem("no-mailbox", "/mailbox", name=name))
    return found


def _about(context: Context, mailbox: Mailbox, letter: letters.Letter) -> tuple[str, int] | None:
    """The record whose people a letter was exchanged with."""
    return _answered(context, mailbox, letter) or _addressed(context, mailbox, letter)


def _answered(context: Context, mailbox: Mailbox, letter: letters.Letter) -> tuple[str, int] | None:
    """The record that the letter was about to which this is an answer."""
    forms = {each.form for each in mailbox.people}
    for earlier in letter.answers:
        row = context.unit.one(KNOWN, of_message=earlier)
        if row is not None and row["about_form"] in forms and _there(context, row["about_form"], row["about_record"]):
            return row["about_form"], row["about_record"]
    return None


def _addressed(context: Context, mailbox: Mailbox, letter: letters.Letter) -> tuple[str, int] | None:
    """The record whose address the letter is from, or went to."""
    for address in (letter.sender, *letter.recipients):
        for match in mailbox.people if address else ():
            quoted = address.replace('"', '""')
            page = context.as_app().ask(
                "records.list", type=match.form, where=f'LOWER({match.by}) = "{quoted}"', fields=("id",), limit=1
            )
            if page["items"]:
                return match.form, page["items"][0]["id"]
    return None


def _there(context: Context, form: str, record: int) -> bool:
    try:
        context.as_app().ask("records.get", type=form, id=record, fields=("id",))
    except (NotFound, Rejected):
        return False
    return True


def _record(context: Context, mailbox: Mailbox, letter: letters.Letter, form: str, record: int) -> int:
    """The record a letter becomes, at the record it is about."""
    acting = context.as_app()
    match = next(each for each in mailbox.people if each.form == form)
    known = {
        "mail.subject": letter.subject or None, "mail.text": _text(context, letter) or None,
        "mail.sender": letter.sender, "mail.sender_name": letter.sender_name or None,
        "mail.at": letter.at or context.now(),
    }  # fmt: skip
    moment = acting.moment()
    values = {name: each.evaluate({}, moment, **known) for name, each in mailbox.values.items()}
    there = acting.ask("records.get", type=form, id=record, fields=(*dict.fromkeys(match.sets.values()), "id"))
    values.update({name: there[source] for name, source in match.sets.items()})
    values = {name: value for name, value in values.items() if value is not None}
    with context.unit.savepoint():
        if mailbox.files is not None and letter.files:
            kept = [keep(acting, each.name, each.media_type, each.content)["id"] for each in letter.files]
            values[mailbox.files] = kept
        made: int = acting.ask("records.create", type=mailbox.form, values=values)["id"]
        acting.tell("mail.received", record_type=form, record_id=record, mailbox=mailbox.name, subject=letter.subject,
                    sender=letter.sender, made=made)  # fmt: skip
    return made


def _text(context: Context, letter: letters.Letter) -> str:
    """The words; of a letter that was too large to be fetched whole, with what is missing."""
    if letter.cut is None:
        return letter.text
    said = localized(TOO_LARGE, context.app.definition.languages[0]).format(size=round(letter.cut / 2**20))
    return f"{said}\n\n{letter.text}".strip()


def rehearsed(context: Context, mailbox: Mailbox, letter: letters.Letter) -> dict[str, Any]:
    """What would become of a letter: `{"state", "by", "about", "saved"}`, as `take` would have it; whoever asks takes
    it back. `by` says whether it is filed as an answer or by an address. Raises Rejected where the record is refused.

    Its files are not kept: what is taken back could not take them along."""
    found: dict[str, Any] = {"state": "unknown", "by": None, "about": None, "saved": {}}
    if letter.automatic:
        return {**found, "state": "automatic"}
    answered = _answered(context, mailbox, letter)
    about = answered or _addressed(context, mailbox, letter)
    if about is None:
        return found
    acting, (form, record) = context.as_app(), about
    label = acting.ask("records.label", type=form, ids=(record,)).get(record)
    found |= {"by": "answer" if answered else "address", "about": {"form": form, "record": record, "label": label}}
    made = _record(context, replace(mailbox, files=None), letter, form, record)
    match = next(each for each in mailbox.people if each.form == form)
    fields = tuple(dict.fromkeys((*mailbox.values, *match.sets)))
    shown = acting.ask("records.get", type=mailbox.form, id=made, fields=(*fields, "id"))
    return {**found, "state": "filed", "saved": {name: shown.get(name) for name in fields}}


def wrote(context: Context, params: Wrote) -> None:
    """Remember a letter that went out."""
    if context.unit.one(KNOWN, of_message=params.message) is None:
        context.unit.insert(
            letter_table, message=params.message, mailbox=None, direction="out", sender=params.sender,
            subject=params.subject, at=context.now(), about_form=params.form, about_record=params.record, form=None,
            record=None, state="sent", problems=[], content=None, cut=None,
        )  # fmt: skip


def states(context: Context, _: Nothing) -> Items:
    """When each mailbox was looked into, and what is wrong with it."""
    known = {row["name"]: row for row in context.unit.fetch(sa.select(mailbox_table))}
    found = []
    for each in plan_of(context).mailboxes.values():
        row: Mapping[str, Any] = known.get(each.name, {})
        error = reasons.told(row.get("error"), context.actor.locale)
        found.append({"name": each.name, "looked_at": row.get("looked_at"), "error": error})
    return {"items": found}


def listed(context: Context, params: Letters) -> Page:
    """The letters, without their contents."""
    before = params.after if params.after is not None else NEWEST
    rows = context.unit.fetch(LIST, before=before, of_state=params.state, count=params.limit + 1)
    locale = context.actor.locale
    items = [{**row, "problems": reasons.problems_told(row["problems"], locale)} for row in rows[: params.limit]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > params.limit else None}


def file(context: Context, params: File) -> Annotated[dict[str, Any], has(form=str, record=int)]:
    """File a letter by hand, at the record it belongs to."""
    row = context.unit.one(ONE, letter_id=params.id)
    if row is None or row["content"] is None or row["mailbox"] is None or row["state"] == "filed":
        raise NotFound(problem("no-row", id=params.id))
    mailbox = _mailbox(context, row["mailbox"])
    if params.form not in {each.form for each in mailbox.people}:
        raise Rejected(problem("not-about", "/form", name=mailbox.name, form=params.form))
    letter = letters.read(row["content"], row["cut"])
    made = _record(context, mailbox, letter, params.form, params.record)
    context.unit.run(
        FILED, letter_id=params.id, new_form=params.form, new_record=params.record, made_form=mailbox.form, made=made,
        none=[], rest=row["content"] if letter.by_head else None,
    )  # fmt: skip
    return {"form": mailbox.form, "record": made}
