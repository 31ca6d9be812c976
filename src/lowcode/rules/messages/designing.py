"""What the designer of message templates asks: what may be written, what is wrong with a template as it would be, and
how it reads for a record.

A template that is designed is the document itself; it is looked at and published by `app.plan` and `app.publish`, as
any other document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any

from lowcode.kernel.answers import Checked, Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.definitions.designing import palette, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Problem, Rejected, Report, localized
from lowcode.rules import designing
from lowcode.rules.compile_message import compile_message
from lowcode.rules.messages.documents import MessageDocument
from lowcode.rules.messages.message import Message, Wording
from lowcode.rules.messages.words import OPTIONS

SENDING = ("notify", "mail", "send")
"""The actions that write by a template."""


class CheckMessage(Parameters):
    """A message template as it would be."""

    document: dict[str, Any]


class TryMessage(CheckMessage):
    """The same, for a record of its form."""

    record: int


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return schema_of(MessageDocument)


def message_palette(
    context: Context, params: Nothing
) -> Annotated[dict[str, Any], has(schema=dict, kinds=list[dict], words=dict)]:
    """What `rules.rule_palette` says, with the schema of a message template and the words for it; `groups` are those
    of the templates there are."""
    found = designing.rule_palette(context, params)
    named = found["words"]
    groups = {repr(each.group): each.group for each in context.app.plans["rules"].messages.values() if each.group}
    return {
        **found,
        "schema": _schema(),
        "words": {**named, "options": {**named["options"], **OPTIONS}},
        "groups": list(groups.values()),
    }


def examine(context: Context, document: Mapping[str, Any]) -> tuple[Report, Message | None]:
    """A template held against the app as it stands: what is wrong with it, and what it is where it can be
    understood."""
    report = Report()
    source = SourceDocument("rules", Source(f"rules/{document.get('name')}.json", None, dict(document)))
    written: MessageDocument | None = parse(MessageDocument, source, report)
    return report, None if written is None else compile_message(written, source, context.app.scope, report)


def check_message(context: Context, params: CheckMessage) -> Checked:
    """Everything that is wrong with a template (`findings`). `elsewhere`: rules that send it may find it to be about
    another form."""
    report, found = examine(context, params.document)
    standing: Mapping[str, Message] = context.app.plans["rules"].messages
    now = standing.get(str(params.document.get("name")))
    return {
        "findings": told(report, context.actor.locale),
        "elsewhere": now is not None and (found is None or now.form != found.form),
    }


def try_message(
    context: Context, params: TryMessage
) -> Annotated[dict[str, Any], has(variant=int | None, words=dict, blank=list)]:
    """How a template reads for a record, in every language of the app: `words` by language, which `variant` was taken
    (its place; None: the usual words), and the values of it that are `blank`. Raises Rejected with what is wrong."""
    report, message = examine(context, params.document)
    if message is None or report.errors:
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])
    assert message.form is not None
    context.ask("records.get", type=message.form, id=params.record, fields=("id",))
    facts, moment = context.facts(message.form, [params.record], message.needs).get(params.record, {}), context.moment()
    chosen = message.wording(facts, moment)
    found = message.words(facts, moment)
    place = message.wordings.index(chosen)
    return {
        "variant": place if place < len(message.wordings) - 1 else None,
        "words": {
            language: {"subject": localized(found.subject, language), "text": localized(found.text, language)}
            for language in palette(context)["languages"]
        },
        "blank": list(dict.fromkeys(_blank(chosen, facts, moment))),
    }


def _blank(wording: Wording, facts: Mapping[str, Any], moment: Any) -> Iterator[str]:
    for each in (*wording.subject.expressions, *wording.text.expressions):
        if each.evaluate(facts, moment) is None:
            yield each.text


def templates(context: Context, _: Nothing) -> Items:
    """The message templates of the app: `{"items": [{"message", "title", "form", "group", "variants", "used_by"}]}`.

    `used_by` are the documents that send it: `{"kind", "name", "title"}`."""
    app: Any = context.app
    uses: dict[str, list[dict[str, Any]]] = {}
    for each in app.documents:
        for name in dict.fromkeys(sent_by(each.data)):
            title = each.data.get("title") or each.name
            uses.setdefault(name, []).append({"kind": each.kind, "name": each.name, "title": title})
    return {
        "items": [
            {"message": each.name, "title": each.title, "form": each.form, "group": each.group,
             "variants": len(each.wordings) - 1, "used_by": uses.get(each.name, [])}
            for each in sorted(app.plans["rules"].messages.values(), key=lambda each: each.name)
        ]
    }  # fmt: skip


def sent_by(data: Any) -> Iterator[str]:
    """The templates that a document sends, by name."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in SENDING and isinstance(value, Mapping) and isinstance(value.get("message"), str):
                yield value["message"]
            yield from sent_by(value)
    elif isinstance(data, list):
        for each in data:
            yield from sent_by(each)


OPERATIONS = (
    Operation(
        "rules.message_palette", message_palette, Nothing, "administrator", False,
        {"en": "What a message template may say", "zh-CN": "消息模板设计器选项"},
    ),
    Operation(
        "rules.check_message", check_message, CheckMessage, "administrator", False,
        {"en": "What is wrong with a message template", "zh-CN": "检查消息模板"},
    ),
    Operation(
        "rules.try_message", try_message, TryMessage, "administrator", False,
        {"en": "How a message template reads", "zh-CN": "预览未发布的消息模板"},
    ),
    Operation(
        "rules.message_templates", templates, Nothing, "administrator", False,
        {"en": "All message templates", "zh-CN": "全部消息模板"},
    ),
)  # fmt: skip
