"""What people say to one another about a record."""

from __future__ import annotations

from typing import Any

from pydantic import Field as Key

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.storage import tables as t

BLANK = {"en": "write something first", "zh-CN": "请先填写内容"}
NOBODY = {"en": "there is no person {id}", "zh-CN": "没有这个人员（{id}）"}
TITLE = {"en": "{who} mentioned you: {label}", "zh-CN": "{who} 提到了您：{label}"}


class Comment(Parameters):
    """The words, and the people they are meant for."""

    form: str
    id: int
    text: str = Key(max_length=10_000)
    mentions: tuple[int, ...] = Key((), max_length=50)


def comment(context: Context, params: Comment) -> dict[str, Any]:
    """Say something about a record one may read; who is mentioned and may read it too is told."""
    host: Any = context.host
    record_type_of(context, params.form)
    context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    text = params.text.strip()
    if not text:
        raise Rejected(Problem("forms.blank-comment", BLANK, "/text"))
    people = host.directory(context.unit)
    mentions = list(dict.fromkeys(params.mentions))
    unknown = [each for each in mentions if each not in people.users]
    if unknown:
        raise Rejected(Problem("forms.unknown-person", NOBODY, "/mentions", {"id": unknown}))
    identity = context.unit.insert(
        t.comment, record_type=params.form, record_id=params.id, at=context.now(), actor=context.actor.id,
        text=text, mentions=mentions,
    )  # fmt: skip
    context.tell("record.commented", record_type=params.form, record_id=params.id, comment=identity, mentions=mentions)
    _notify(context, params, text, [each for each in mentions if each != context.actor.id])
    names = label_of(context, "user", [*mentions, *([context.actor.id] if context.actor.id else [])])
    return {
        "id": f"c{identity}", "at": context.now(), "kind": "comment", "text": text,
        "by": _person(context.actor.id, names), "mentions": [_person(each, names) for each in mentions],
    }  # fmt: skip


def _notify(context: Context, params: Comment, text: str, mentions: list[int]) -> None:
    told = [each for each in mentions if _may_read(context, each, params)]
    if not told:
        return
    who = context.actor.name or "?"
    label = label_of(context, params.form, [params.id]).get(params.id, str(params.id))
    title = {language: words.format(who=who, label=label) for language, words in TITLE.items()}
    context.as_app().ask(
        "notifications.send", to=tuple(told), title=title, text=text[:500], form=params.form, record=params.id
    )


def _may_read(context: Context, user: int, params: Comment) -> bool:
    try:
        context.as_user(user).ask("records.get", type=params.form, id=params.id, fields=("id",))
    except Rejected:
        return False
    return True


def _person(identity: int | None, names: Any) -> dict[str, Any] | None:
    return None if identity is None else {"id": identity, "label": names.get(identity, str(identity))}


OPERATIONS = (Operation("forms.comment", comment, Comment, summary={"en": "Comment on a record", "zh-CN": "发表评论"}),)
