"""Who sees an instance: whoever takes part in it, and whoever may read its record. And what is said about it without
deciding anything (评论): by whoever sees it, to whoever sees it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import store
from lowcode.flows.operations.once import Requested
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.tables import history
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.identity import org

TITLES = {
    True: {"zh-CN": "{who} 在流程中提到了您", "en": "{who} mentioned you in a flow"},
    False: {"zh-CN": "{who} 评论了您的流程", "en": "{who} commented on your flow"},
}
"""What a notice of a comment is called, for whoever is mentioned and for the starter."""
NOTICED = 500


class CommentParameters(Requested):
    """An instance, the words, and the people they are meant for."""

    instance: int
    text: str = Field(max_length=10_000)
    mentions: tuple[int, ...] = Field((), max_length=50)


def seen(context: Context, instance_id: int) -> Any:
    """An instance, for who takes part in it or may read its record."""
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    if row is None or not (takes_part(context, row["id"], row["starter"]) or may_read(context, row)):
        raise NotFound(problem("flows.no-such-instance"))
    return row


def takes_part(context: Context, instance_id: int, starter: int | None) -> bool:
    """Whether somebody started it, is or was asked, or looks after all flows."""
    actor = context.actor
    if actor.is_administrator or (starter is not None and starter == actor.id):
        return True
    return context.unit.one(store.TAKES_PART, instance_id=instance_id, person=actor.id) is not None


def may_read(context: Context, row: Any) -> bool:
    """Whether somebody may read the record of an instance."""
    if row["record_type"] not in context.app.scope.records:
        return False
    try:
        context.ask("records.get", type=row["record_type"], id=row["record_id"], fields=("id",))
    except Rejected:
        return False
    return True


def comment(
    context: Context, params: CommentParameters
) -> Annotated[dict[str, Any], has(at=str, text=str, mentions=list)]:
    """Say something about an instance, also one that is suspended or over; nothing moves. Who is mentioned is told, and
    so is the starter."""
    row = seen(context, params.instance)
    text = params.text.strip()
    if not text:
        raise Rejected(problem("flows.blank-comment", "/text"))
    mentions = list(dict.fromkeys(params.mentions))
    refused = [
        found
        for index, person in enumerate(mentions)
        if (found := _hindered(context, row, person, f"/mentions/{index}")) is not None
    ]
    if refused:
        raise Rejected(refused)
    now = context.now()
    body = {"people": mentions, "opinion": text}
    line = {"event": "commented", "node": None, "token": None, "body": body}
    number = context.unit.insert(history, instance=row["id"], at=now, actor=context.actor.id, **line)
    context.tell(
        "flow.commented", record_type=row["record_type"], record_id=row["record_id"], instance=row["id"],
        flow=row["flow"], mentions=mentions,
    )  # fmt: skip
    work = InstanceWork(context, _plan(context, row), row, run.State(), None)
    who = context.actor.name or "?"
    others = [row["starter"]] if row["starter"] is not None and row["starter"] not in mentions else []
    for mentioned, people in ((True, mentions), (False, others)):
        title = {language: words.format(who=who) for language, words in TITLES[mentioned].items()}
        told = [each for each in people if each != context.actor.id]
        work.notify(told, title, text[:NOTICED], f"commented:{number}:{mentioned}")
    return {"at": now, "text": text, "mentions": mentions}


def _plan(context: Context, row: Any) -> Any:
    """Nothing of the plan is needed to tell somebody; an instance whose version is gone is talked about as well."""
    return context.app.plans["flows"].flows.get(row["flow"])


def _hindered(context: Context, row: Any, person: int, pointer: str) -> Problem | None:
    """Why somebody is not told: nobody is there, or they do not see what it is about."""
    user = org.directory(context).users.get(person)
    if user is None or not user.active:
        return problem("flows.no-such-person", pointer)
    theirs = context.as_user(person)
    if takes_part(theirs, row["id"], row["starter"]) or may_read(theirs, row):
        return None
    return problem("flows.may-not-see", pointer, person=user.name)
