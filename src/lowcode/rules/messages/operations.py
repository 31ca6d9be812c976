"""What can be asked of messages: the templates of a form, the words for a record, writing by one, and what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, Page, has
from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, localized, nearest
from lowcode.kernel.links import link_to
from lowcode.kernel.storage import sealing
from lowcode.rules import diagnostics as words
from lowcode.rules import reasons
from lowcode.rules import tables as t
from lowcode.rules.messages import digest, outbox, papers
from lowcode.rules.messages.message import Message

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

SENT = (
    sa.select(t.message)
    .where(
        t.message.c.form == sa.bindparam("of_form"),
        t.message.c.record == sa.bindparam("of_record"),
        t.message.c.id < sa.bindparam("before_id", type_=sa.BigInteger),
    )
    .order_by(t.message.c.id.desc())
    .limit(sa.bindparam("page_limit", type_=sa.Integer))
)
IN_APP = frozenset({"app", "mail", "push"})
"""The channels that the notices of the app serve themselves; all others are connectors."""
SHOWN = ("id", "channel", "subject", "text", "at", "due_at", "sent_at", "state", "reason", "by")


class Tell(Parameters):
    """A notice, by all its channels."""

    notice: Mapping[str, Any]


class OfForm(Parameters):
    """The templates of a form."""

    form: str


class Compose(Parameters):
    """The words of a template for a record, in a language."""

    message: str
    record: int
    language: str | None = None


class Write(Parameters):
    """A message to an address of a record: the field that holds it, the channel, and the words."""

    form: str
    record: int
    field: str
    channel: str = outbox.MAIL
    subject: str = Key("", max_length=300)
    text: str = Key(min_length=1, max_length=20_000)
    key: str = Key(min_length=8, max_length=80, description="Told apart by it: the same key is sent once.")


class Sent(Parameters):
    """What was written about a record."""

    form: str
    record: int
    before: int | None = None
    limit: int = Key(50, ge=1, le=200)


def tell(context: Context, params: Tell) -> int:
    """Tell people something by the channels of a notice; how many were told in the app."""
    notice = params.notice
    channels = tuple(notice.get("channels") or ("app",))
    asked = {name: value for name, value in notice.items() if name not in ("channels", "digest_title")}
    if notice.get("batch"):  # by its channels goes one letter of all of them
        gathered: int = context.ask("notifications.send", **asked, channels=channels)
        return gathered
    own = tuple(each for each in channels if each in IN_APP)
    told: int = context.ask("notifications.send", **asked, channels=own or ("app",))
    for channel in channels:
        if channel in IN_APP or not told:
            continue
        if "api.message" in context.app.operations:
            context.ask(
                "api.message", channel=channel, to=tuple(notice["to"]), title=notice["title"],
                text=notice.get("text") or "", link=link_to(context, notice.get("form"), notice.get("record")),
                form=notice.get("form"), record=notice.get("record"), key=notice.get("key"),
            )  # fmt: skip
    return told


def message_named(context: Context, name: str) -> Message:
    """A message template this person may use. Raises NotFound, Forbidden."""
    messages: Mapping[str, Message] = context.app.plans["rules"].messages
    if name not in messages:
        near = nearest(name, messages) or ""
        raise NotFound(words.problem("no-such-message", words.NO_SUCH_MESSAGE, "/message", name=name, near=near))
    if not _may_use(context, messages[name]):
        raise Forbidden(words.problem("not-your-message", words.NOT_YOUR_MESSAGE, "/message"))
    return messages[name]


def _may_use(context: Context, message: Message) -> bool:
    roles = message.roles
    return roles is None or context.actor.is_administrator or bool(roles & context.actor.roles)


def messages(context: Context, params: OfForm) -> Items:
    """The templates of a form, by group, and the fields of it that hold an address."""
    found = context.app.plans["rules"].messages.values()
    record_type = context.app.types.get(params.form)
    fields = record_type.fields.values() if record_type is not None else ()
    return {
        "items": [
            {"name": each.name, "title": each.title, "group": each.group, "help": each.help}
            for each in found
            if each.form == params.form and _may_use(context, each)
        ],
        "addresses": [
            {"field": each.name, "title": each.title or each.name, "sort": each.options_type}
            for each in fields
            if each.options_type in ("email", "phone")
        ],
    }


def compose(context: Context, params: Compose) -> Annotated[dict[str, Any], has(subject=str, text=str)]:
    """The words of a template with the values of a record that this person may read."""
    message = message_named(context, params.message)
    assert message.form is not None
    context.ask("records.get", type=message.form, id=params.record, fields=("id",))
    facts = context.facts(message.form, [params.record], message.needs).get(params.record, {})
    found = message.words(facts, context.moment())
    language = params.language or context.actor.locale or context.app.definition.languages[0]
    return {"subject": localized(found.subject, language), "text": localized(found.text, language)}


def write(context: Context, params: Write) -> Annotated[dict[str, Any], has(written=bool)]:
    """Write to an address of a record that this person may read; what was written stays with the record."""
    record_type = context.app.types.get(params.form)
    field = record_type.fields.get(params.field) if record_type is not None else None
    if field is None or field.options_type not in ("email", "phone"):
        raise Rejected(words.problem("no-address", words.NO_ADDRESS, "/field", name=params.field))
    seen = context.ask("records.get", type=params.form, id=params.record, fields=("id", params.field))
    address = seen.get(params.field)
    if not address:
        raise Rejected(words.problem("no-address", words.NO_ADDRESS, "/field", name=params.field))
    if params.channel == outbox.MAIL and field.options_type != "email":
        raise Rejected(words.problem("no-address", words.NO_ADDRESS, "/field", name=params.field))
    made = outbox.put(
        context,
        outbox.Outgoing(
            params.channel, str(address), params.subject, params.text, f"written:{context.actor.id}:{params.key}",
            form=params.form, record=params.record, by=context.actor.id,
        ),
    )  # fmt: skip
    return {"written": made}


def sent(context: Context, params: Sent) -> Page:
    """What was written about a record, the newest first, for who may read the record and its address fields."""
    context.ask("records.get", type=params.form, id=params.record, fields=("id",))
    before = params.before if params.before is not None else 2**62
    rows = context.unit.fetch(
        SENT, of_form=params.form, of_record=params.record, before_id=before, page_limit=params.limit
    )
    plan = context.app.plans["rules"]
    language = context.actor.locale
    items = [
        {**_shown(context, row), "reason": reasons.told(row["reason"], language), "rule": _title(plan, row["rule"])}
        for row in rows
    ]
    return {"items": items, "next": rows[-1]["id"] if len(rows) == params.limit else None}


def _shown(context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    """A message as it is listed; its words are left out where their key is gone."""
    try:
        found = outbox.opened(context, row)
    except sealing.SealError:
        found = {**row, "subject": None, "text": None}
    return {name: found[name] for name in SHOWN}


def _title(plan: Any, rule: str | None) -> Any:
    found = plan.rules.get(rule) if rule else None
    return found.title if found is not None else rule


OPERATIONS = (
    Operation(
        "rules.tell", tell, Tell, "internal", sealed=True, summary={"en": "Send a notice", "zh-CN": "发送通知"}
    ),
    Operation(
        "rules.messages", messages, OfForm, writes=False, summary={"en": "Message templates", "zh-CN": "消息模板"}
    ),
    Operation(
        "rules.compose", compose, Compose, writes=False,
        summary={"en": "The words of a template", "zh-CN": "生成消息内容"},
    ),
    Operation("rules.write", write, Write, summary={"en": "Write by a template", "zh-CN": "发送消息"}),
    Operation("rules.sent", sent, Sent, writes=False, summary={"en": "What was written", "zh-CN": "消息记录"}),
    *outbox.OPERATIONS,
    *digest.OPERATIONS,
    *papers.OPERATIONS,
)  # fmt: skip
