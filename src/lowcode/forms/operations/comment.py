"""What people say to one another about a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem, Rejected
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.storage import tables as t

BLANK = {"en": "write something first", "zh-CN": "请先填写内容"}
GONE = {"en": "there is no such comment", "zh-CN": "没有这条评论"}
NOT_YOURS = {"en": "only who wrote a comment may change it", "zh-CN": "只有评论人可以修改该评论"}
NOT_TO_REMOVE = {
    "en": "only who wrote a comment, or an administrator, may take it away",
    "zh-CN": "只有评论人或管理员可以删除该评论",
}
NOBODY = {"en": "there is no person {id}", "zh-CN": "没有这个人员（{id}）"}
KEY = "comment:{}"
"""Of the notices of a comment, by its number: nobody is told of it twice, and its words are found again."""
NOTICED = 500
"""So much of a comment stands in a notice."""
TITLE = {"en": "{who} mentioned you: {label}", "zh-CN": "{who} 提到了您：{label}"}


class Comment(Parameters):
    """The words, and the people they are meant for."""

    form: str
    id: int
    text: str = Key(max_length=10_000)
    mentions: tuple[int, ...] = Key((), max_length=50)


class ChangeComment(Comment):
    """Other words of a comment, by its number."""

    comment: int


class RemoveComment(Parameters):
    """A comment by its number."""

    form: str
    id: int
    comment: int


def comment(
    context: Context, params: Comment
) -> Annotated[dict[str, Any], has(id=str, at=str, text=str, mentions=list, edited=bool, by=dict | None)]:
    """Say something about a record one may read; who is mentioned and may read it too is told."""
    text, mentions = _said(context, params)
    identity = context.unit.insert(
        t.comment, record_type=params.form, record_id=params.id, at=context.now(), actor=context.actor.id,
        text=text, mentions=mentions,
    )  # fmt: skip
    context.tell("record.commented", record_type=params.form, record_id=params.id, comment=identity, mentions=mentions)
    _notify(context, params, identity, text, [each for each in mentions if each != context.actor.id])
    return _entry(context, {"id": identity, "at": context.now(), "text": text, "mentions": mentions, "edited": False})


def change_comment(
    context: Context, params: ChangeComment
) -> Annotated[dict[str, Any], has(id=str, at=str, text=str, mentions=list, edited=bool, by=dict | None)]:
    """Say it in other words: one's own only. Who was not mentioned before and is now is told; whoever was told before
    reads the new words, or none when they are not for them any more."""
    text, mentions = _said(context, params)
    row = _kept(context, params)
    if row["actor"] is None or row["actor"] != context.actor.id:
        raise Forbidden(Problem("forms.comment-of-others", NOT_YOURS))
    context.unit.run(
        sa.update(t.comment).where(t.comment.c.id == row["id"])
        .values(text=text, mentions=mentions, edited_at=context.now())
    )  # fmt: skip
    context.tell(
        "record.comment_changed", record_type=params.form, record_id=params.id, comment=row["id"], mentions=mentions
    )
    _reword(context, row, text, [each for each in mentions if _may_read(context, each, params)])
    told = [each for each in mentions if each != context.actor.id and each not in row["mentions"]]
    _notify(context, params, row["id"], text, told)
    return _entry(context, {"id": row["id"], "at": row["at"], "text": text, "mentions": mentions, "edited": True})


def remove_comment(context: Context, params: RemoveComment) -> None:
    """Take a comment away: one's own, or any as an administrator. None of its words stay, also not in the notices of
    those it mentioned; that there was one, and who took it away, does."""
    context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    row = _kept(context, params)
    own = row["actor"] is not None and row["actor"] == context.actor.id
    if not own and not context.actor.is_administrator:
        raise Forbidden(Problem("forms.comment-of-others", NOT_TO_REMOVE))
    context.unit.run(
        sa.update(t.comment).where(t.comment.c.id == row["id"])
        .values(text="", mentions=[], removed_at=context.now(), removed_by=context.actor.id)
    )  # fmt: skip
    context.tell(
        "record.comment_removed", record_type=params.form, record_id=params.id, comment=row["id"], author=row["actor"]
    )
    _reword(context, row, "", [])


def _said(context: Context, params: Comment) -> tuple[str, list[int]]:
    """The words, and whom they mention, of somebody who may read the record."""
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
    return text, mentions


def _kept(context: Context, params: ChangeComment | RemoveComment) -> dict[str, Any]:
    where = (t.comment.c.id == params.comment, t.comment.c.record_type == params.form)
    there = (t.comment.c.record_id == params.id, t.comment.c.removed_at.is_(None))
    row = context.unit.one(sa.select(t.comment).where(*where, *there))
    if row is None:
        raise NotFound(Problem("forms.no-comment", GONE))
    return dict(row)


def _entry(context: Context, said: Mapping[str, Any]) -> dict[str, Any]:
    """A comment as the timeline has it."""
    names = label_of(context, "user", [*said["mentions"], *([context.actor.id] if context.actor.id else [])])
    return {
        **said, "id": f"c{said['id']}", "kind": "comment", "by": _person(context.actor.id, names),
        "mentions": [_person(each, names) for each in said["mentions"]],
    }  # fmt: skip


def _reword(context: Context, row: Mapping[str, Any], text: str, readers: list[int]) -> None:
    """The words of a comment in the notices of it: these for those who read them, none for whoever else had some."""
    former = set(row["mentions"]) - set(readers)
    for people, words in ((readers, text[:NOTICED]), (former, sa.null())):
        if people:
            theirs = (t.notification.c.user.in_(sorted(people)), t.notification.c.key == KEY.format(row["id"]))
            context.unit.run(sa.update(t.notification).where(*theirs).values(text=words))


def _notify(context: Context, params: Comment, comment: int | None, text: str, mentions: list[int]) -> None:
    told = [each for each in mentions if _may_read(context, each, params)]
    if not told:
        return
    who = context.actor.name or "?"
    label = label_of(context, params.form, [params.id]).get(params.id, str(params.id))
    title = {language: words.format(who=who, label=label) for language, words in TITLE.items()}
    context.as_app().ask(
        "notifications.send", to=tuple(told), title=title, text=text[:NOTICED], form=params.form, record=params.id,
        key=KEY.format(comment),
    )  # fmt: skip


def _may_read(context: Context, user: int, params: Comment) -> bool:
    try:
        context.as_user(user).ask("records.get", type=params.form, id=params.id, fields=("id",))
    except Rejected:
        return False
    return True


def _person(identity: int | None, names: Any) -> dict[str, Any] | None:
    return None if identity is None else {"id": identity, "label": names.get(identity, str(identity))}


OPERATIONS = (
    Operation("forms.comment", comment, Comment, adds=True, summary={"en": "Comment on a record", "zh-CN": "发表评论"}),
    Operation(
        "forms.change_comment", change_comment, ChangeComment,
        summary={"en": "Change a comment of one's own", "zh-CN": "修改自己的评论"},
    ),
    Operation(
        "forms.remove_comment", remove_comment, RemoveComment,
        summary={"en": "Take a comment away", "zh-CN": "删除评论"},
    ),
)  # fmt: skip
