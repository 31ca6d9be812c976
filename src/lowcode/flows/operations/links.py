"""Deciding by a link that came in a letter or a chat card: once, for a time, as the person it was made for, and only
after they saw what they decide and pressed a button; opening the link changes nothing.

A link is a word of chance. The database keeps its digest, so that who reads the database cannot decide for others.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import commands, store
from lowcode.flows.operations.journal import Journal, Said
from lowcode.flows.operations.once import Opinion
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.tables import link
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Conflict, NotFound, localized
from lowcode.kernel.identity import org
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.links import public_url

WORDS = {
    "title": {"zh-CN": "待您审批：{subject}", "en": "For you to decide: {subject}"},
    "text": {
        "zh-CN": "{step}\n\n打开以下链接查看并处理（{until} 前有效，仅可使用一次，请勿转发）：\n{url}",
        "en": "{step}\n\nOpen this link to look at it and decide (until {until}, once, for you alone):\n{url}",
    },
}
DECIDE = {
    "approve": {"zh-CN": "同意", "en": "Approve"},
    "reject": {"zh-CN": "拒绝", "en": "Refuse"},
}
"""The buttons of a card; whatever else may be decided stands on the page behind them."""
ABOUT = {
    "zh-CN": {"starter": "发起人：{person}", "due": "截止：{due}"},
    "en": {"starter": "started by {person}", "due": "due {due}"},
}
"""What stands behind the name of the step in a card."""
OPEN = {"zh-CN": "待审批", "en": "To be decided"}
STATUS = {
    "approve": {"zh-CN": "已同意", "en": "Approved"},
    "reject": {"zh-CN": "已拒绝", "en": "Refused"},
    "abstain": {"zh-CN": "已弃权", "en": "Abstained"},
}
GONE = {"zh-CN": "无需处理", "en": "Nothing to do any more"}
OUTCOMES = {"approve": "yes", "reject": "no"}
by_digest = sa.select(link).where(link.c.digest == sa.bindparam("digest"))
cards_of_task = (
    sa.select(link.c.delivery)
    .where(link.c.task == sa.bindparam("of_task"), link.c.delivery.is_not(None))
    .order_by(link.c.id)
)
sent_by = sa.update(link).where(link.c.digest == sa.bindparam("digest_of")).values(delivery=sa.bindparam("sent"))
use = (
    sa.update(link)
    .where(link.c.id == sa.bindparam("link_id"), link.c.used_at.is_(None))
    .values(used_at=sa.bindparam("now"), address=sa.bindparam("where"))
)


class SendLink(Parameters):
    """Somebody who was asked, by their seat."""

    instance: int
    token: int
    seat: int


class OfTask(Parameters):
    """An open task of somebody."""

    task: int


class OfLink(Parameters):
    """The word of a link."""

    link: str = Field(max_length=200)


class DecideByLink(OfLink):
    """What the person says; `address` is where the request comes from."""

    decision: Literal["approve", "reject", "complete", "abstain"]
    opinion: Opinion | None = None
    address: str = ""


def make(context: Context, params: OfTask) -> dict[str, Any]:
    """A link for an open task whose step permits it; for letters and chat cards. The word is told this once."""
    row = commands.task_row(context, params.task)
    plan, node = _step(context, row)
    if node is None or plan is None or node.by_link is None or row["state"] != "open":
        raise Conflict(problem("flows.no-link-here"))
    word = fresh()
    expires_at = node.by_link.after(context.moment())
    context.unit.insert(
        link, digest=digest(word), task=row["id"], instance=row["instance"], person=row["person"],
        created_at=context.now(), expires_at=expires_at, used_at=None, address=None,
    )  # fmt: skip
    url = public_url(context.host)
    return {"link": word, "url": f"{url}/api/decide/{word}" if url else None, "expires_at": expires_at}


def send(context: Context, params: SendLink) -> None:
    """A letter to somebody who was asked, with a link, or a card in the chat that the step names; nothing where no
    address of the app is known. Who has no account in the chat gets the letter."""
    row = context.unit.one(store.OPEN_TASK, instance_id=params.instance, of_token=params.token, of_seat=params.seat)
    if row is None or not public_url(context.host) or "mail.notify" not in context.app.operations:
        return
    _, node = _step(context, row)
    made = make(context, OfTask(task=row["id"]))
    if node is not None and node.link_by != "mail" and _card(context, row, node.link_by, made):
        return
    until = made["expires_at"].astimezone(context.moment().zone)
    title, text = {}, {}
    for locale in WORDS["title"]:
        values = {"subject": localized(row["subject"], locale), "step": localized(row["title"], locale)}
        title[locale] = WORDS["title"][locale].format(**values)
        text[locale] = WORDS["text"][locale].format(**values, url=made["url"], until=f"{until:%Y-%m-%d %H:%M}")
    context.ask("mail.notify", to=(row["person"],), title=title, text=text)


def _card(context: Context, task: Any, channel: str, made: dict[str, Any]) -> bool:
    """A card with a button for each decision, in a chat; whether somebody is reached by it. The message is fleeting:
    the word of the link does not stay in the log."""
    url = made["url"]
    wanted = [each for each in DECIDE if each in (task["decisions"] or ())]
    buttons = tuple({"title": DECIDE[each], "url": f"{url}?decision={each}"} for each in wanted)
    title = {
        locale: words.format(subject=localized(task["subject"], locale)) for locale, words in WORDS["title"].items()
    }
    sent = context.ask(
        "api.message", channel=channel, to=(task["person"],), title=title, text=_about(context, task), link=url,
        form=task["record_type"], record=task["record_id"], key=f"flows.link:{digest(made['link'])}", buttons=buttons,
        status=OPEN, fleeting=True,
    )  # fmt: skip
    for delivery in sent["deliveries"]:
        context.unit.run(sent_by, digest_of=digest(made["link"]), sent=delivery)
    return bool(sent["deliveries"])


def _about(context: Context, task: Any) -> Any:
    """What is asked, by whom it was begun, and until when: what a person wants to know before they press a button."""
    row = context.unit.one(store.INSTANCE, instance_id=task["instance"])
    starter = org.user(context, row["starter"]) if row is not None and row["starter"] else None
    due = task["due_at"].astimezone(context.moment().zone) if task["due_at"] is not None else None
    parts = {
        "starter": {"person": starter.name} if starter is not None else None,
        "due": {"due": f"{due:%Y-%m-%d %H:%M}"} if due is not None else None,
    }
    return {
        locale: " · ".join(
            [
                localized(task["title"], locale) or "",
                *(words[part].format(**said) for part, said in parts.items() if said),
            ]
        )
        for locale, words in ABOUT.items()
    }


def settle(context: Context, params: SendLink) -> None:
    """Somebody who was asked by cards has decided, by whatever way, or need not any more: the cards say so."""
    row = context.unit.one(
        store.TASK_OF_SEAT, instance_id=params.instance, of_token=params.token, of_seat=params.seat
    )  # fmt: skip
    if row is None or row["state"] == "open":
        return
    status, outcome = STATUS.get(row["decision"] or "", GONE), OUTCOMES.get(row["decision"] or "", "other")
    person = org.user(context, row["person"])
    told = {"status": status, "outcome": outcome, "locale": person.locale if person is not None else None}
    for card in context.unit.fetch(cards_of_task, of_task=row["id"]):
        context.ask("api.settle_message", delivery=card["delivery"], **told)


def _step(context: Context, task: Any) -> tuple[FlowPlan | None, Node | None]:
    """The step of a task, in the version its instance runs under."""
    instance = context.unit.one(store.INSTANCE, instance_id=task["instance"])
    if instance is None or instance["running"] is None:
        return None, None
    try:
        plan = flows_of(context).at(context, instance["digest"])
    except Hindered:
        return None, None
    return plan, plan.nodes.get(task["node"])


def _found(context: Context, word: str) -> Any:
    """A link that may still be used. Raises NotFound or Conflict, which says the language of its person (`locale`)."""
    row = context.unit.one(by_digest, digest=digest(word))
    if row is None:
        raise NotFound(problem("flows.no-such-link"))
    refused = _refused(context, row)
    if refused is not None:
        person = context.host.directory(context.unit).users.get(row["person"])
        raise Conflict(problem(refused, locale=(person.locale if person is not None else None) or ""))
    return row


def _refused(context: Context, row: Any) -> str | None:
    """Why a link may not be used any more."""
    if row["used_at"] is not None:
        return "flows.link-used"
    if row["expires_at"] <= context.now():
        return "flows.link-expired"
    task = commands.task_row(context, row["task"])
    return "flows.stale" if task["state"] != "open" or task["person"] != row["person"] else None


def look(
    context: Context, params: OfLink
) -> Annotated[dict[str, Any], has(flow=str, step=str, subject=str, decisions=list[str], expires_at=str)]:
    """What a link is for: who decides what about which record. It changes nothing."""
    row = _found(context, params.link)
    acting = context.as_user(row["person"])
    task = commands.task_row(context, row["task"])
    _, node = _step(context, task)
    labels = acting.ask("records.label", type=task["record_type"], ids=(task["record_id"],))
    people = context.host.directory(context.unit).users
    starter = people.get(task["starter"])
    return {
        "person": people[row["person"]].name,
        "starter": starter.name if starter is not None else None,
        "flow": task["flow_title"],
        "step": task["title"],
        "subject": task["subject"],
        "record": labels.get(task["record_id"], ""),
        "decisions": task["decisions"],
        "opinion": task["opinion_rule"],
        "help": node.help if node is not None else "",
        "locale": people[row["person"]].locale,
        "expires_at": row["expires_at"],
    }


def decide(context: Context, params: DecideByLink) -> Annotated[dict[str, Any], has(decision=str)]:
    """The person a link was made for decides; the link is used up with it."""
    row = _found(context, params.link)
    if context.unit.run(use, link_id=row["id"], now=context.now(), where=params.address) != 1:
        raise Conflict(problem("flows.link-used"))
    acting = context.as_user(row["person"])
    task = commands.task_row(context, row["task"])
    opinion = (params.opinion or "").strip() or None
    commands.decide(acting, row["task"], params.decision, Said(opinion, request=f"link:{row['id']}"), {})
    plan, _ = _step(context, task)
    instance = context.unit.one(store.INSTANCE, instance_id=row["instance"])
    if instance is not None:
        plan = plan or flows_of(context).at(context, instance["digest"])
        Journal(acting, plan, instance).note(
            "by_link", task["node"], task["token"], task=row["task"], link=row["id"], address=params.address
        )
    return {"decision": params.decision}


OPERATIONS = (
    Operation(
        "flows.make_link", make, OfTask, "internal",
        summary={"en": "Make a link by which somebody may decide", "zh-CN": "生成免登录审批链接"},
    ),
    Operation(
        "flows.send_link", send, SendLink, "internal",
        summary={"en": "Send a link by which somebody may decide", "zh-CN": "发送免登录审批链接"},
    ),
    Operation("flows.settle_link", settle, SendLink, "internal"),
    Operation(
        "flows.link", look, OfLink, "anyone", writes=False,
        summary={"en": "What a link is for", "zh-CN": "查看审批链接"},
    ),
    Operation(
        "flows.decide_by_link", decide, DecideByLink, "anyone",
        summary={"en": "Decide by a link", "zh-CN": "通过链接审批"},
    ),
)  # fmt: skip
