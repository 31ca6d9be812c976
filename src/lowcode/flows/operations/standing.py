"""How a step stands that is not over: how far a vote has come, what happens when its time is up, and until when or for
what it waits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lowcode.flows import run
from lowcode.flows.naming import by_kind
from lowcode.flows.nodes.asking import people
from lowcode.flows.nodes.asking.asking import Rung
from lowcode.flows.nodes.asking.spans import Span
from lowcode.flows.nodes.asking.votes import tallies
from lowcode.flows.nodes.caught import Catch
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.reasons import spoken, words
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import FlowPlan, Node
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import org

Row = Mapping[str, Any]
Words = dict[str, str]
RUNGS = {
    "remind": ("those asked are reminded", "提醒处理人"),
    "tell_manager": ("those asked are reminded and their superiors told", "提醒处理人并通知其上级"),
    "hand_to_manager": ("it is handed to the superior", "转交上级"),
    "hand_to": ("it is handed to {name}", "转交{name}"),
    "approve": ("it is approved", "自动同意"),
    "reject": ("it is rejected", "自动拒绝"),
    "leave": ("it goes on to “{name}”", "转到“{name}”"),
}
OTHERS = {"en": "others", "zh-CN": "其他人"}
AWAITED = {
    "message": ("when the message “{name}” comes", "收到消息“{name}”时"),
    "when": ("when {name}", "“{name}”成立时"),
    "signal": ("when the signal “{name}” comes", "收到信号“{name}”时"),
    "error": ("when it fails there", "出错时"),
    "escalation": ("when it is escalated there", "升级上报时"),
    "after": ("when the time is up", "时间到时"),
}
THE_END = {"en": "the end", "zh-CN": "结束"}
CALLED = ("until the flow “{name}” has ended", "等待流程“{name}”结束")
OPEN = re.compile(r"\s*\{\{[^}]*\}\}\s*")
GOES_ON = ("{when}: on to “{to}”", "{when}转到“{to}”")
BESIDE = ("{when}: “{to}” begins beside it", "{when}另起“{to}”")
UNLESS = ("at the latest, if nothing happens before: on to “{to}”", "前未发生：转到“{to}”")


def with_standing(
    context: Context, row: Row, steps: list[dict[str, Any]], lines: Sequence[Row]
) -> list[dict[str, Any]]:
    """The steps of an instance, those that are not over with how they stand."""
    if row["running"] is None:
        for step in steps:  # ended beside them, as at a join, or without its version: nothing was said of them
            step["state"] = "skipped" if step["state"] == "active" else step["state"]
        return steps
    try:
        plan = flows_of(context).at(context, row["digest"])
    except Hindered:
        return steps
    state = run.from_json(row["tokens"])
    for step in steps:
        token = state.token(step["token"])
        if token is not None and token.state == "resting" and (token.node, step["state"]) == (step["node"], "active"):
            for each in step["people"]:
                each["claimed"] = each["seat"] in token.claimed
            step.update(_stands(context, plan, row, state, token, [e for e in lines if e["token"] == token.number]))
    return steps


def _stands(
    context: Context, plan: FlowPlan, row: Row, state: run.State, token: run.Token, lines: Sequence[Row]
) -> dict[str, Any]:  # fmt: skip
    node = plan.nodes[token.node]
    begun = max((at for at, line in enumerate(lines) if line["event"] in ("asked", "waits")), default=None)
    since = lines[begun:] if begun is not None else ()
    document = next(each for each in plan.document["nodes"] if each["id"] == node.id)
    begins = flows_of(context).flows.get(document.get("flow", ""))
    title = begins.title if begins is not None else ""
    name = {language: localized(title, language) for language in OTHERS}
    until = (since[0]["body"].get("trace") or {}).get("until") if since else None
    found: dict[str, Any] = {
        "votes": [each._asdict() for each in tallies(token.seats, node.voting)] if node.voting is not None else [],
        "later": _later(context, InstanceWork(context.as_app(), plan, row, state, token), plan, node, since),
        "until": until if not node.expects else None,
        "awaits": [
            *([{"text": words(CALLED, name=name), "at": None}] if begins is not None else ()),
            *(
                _awaited(context, plan, node, each, since[0]["at"] if since else None)
                for each in node.catches
                if each.exit not in token.fired
            ),
            *([{"text": words(UNLESS, to=called(plan, node.exits["to"])), "at": until}] if node.expects else ()),
        ],
    }
    return {key: value for key, value in found.items() if value}


def _later(
    context: Context, work: InstanceWork, plan: FlowPlan, node: Node, since: Sequence[Row]
) -> list[dict[str, Any]]:
    """What is still to come of the ladder: of the first rung when, of those after it how much later."""
    rungs: Sequence[Rung] = getattr(node.work, "rungs", ())
    woken = [line["body"] for line in since if line["event"] == "woken"]
    done = 1 + max((each["times"] for each in woken), default=-1)
    at = woken[-1].get("next_at") if woken else since[0]["body"].get("due_at") if since else None
    found: list[dict[str, Any]] = []
    for rung in rungs[done:]:
        said = {
            "at": at if not found else None,
            "after": _span(rung.span),
            "text": _said(context, work, plan, node, rung),
        }
        if found and (found[-1]["after"], found[-1]["text"]) == (said["after"], said["text"]):
            found[-1]["times"] += 1
        else:
            found.append({**said, "times": 1})
    return found


def _said(context: Context, work: InstanceWork, plan: FlowPlan, node: Node, rung: Rung) -> Words:
    name: Any = ""
    if rung.then == "leave":
        name = called(plan, node.exits.get("late", ""))
    if rung.then == "hand_to":
        known, found = org.directory(context), people.find(rung.sources, work)
        name = next((known.users[e.person].name for e in found if e.person in known.active), OTHERS)
    return words(RUNGS[rung.then], name=name)


def expected(context: Context, plan: FlowPlan, node: Node) -> list[dict[str, Any]]:
    """What a step that is still to come will wait for, beside people."""
    return [_awaited(context, plan, node, each, None) for each in node.catches if not each.exit.startswith("on")]


def _awaited(context: Context, plan: FlowPlan, node: Node, catch: Catch, since: datetime | None) -> dict[str, Any]:
    """What ends or accompanies the step when it happens, where it leads, and, of a time, when that is."""
    title = titled(plan, node, catch.exit)
    name = title or _message(plan, catch) or _condition(context, plan, catch) or catch.name
    said = words(GOES_ON if catch.interrupts else BESIDE, when=words(AWAITED[catch.what], name=name),
                 to=called(plan, node.exits.get(catch.exit, "")))  # fmt: skip
    at = None
    if catch.span is not None and since is not None:
        at = catch.span.after(replace(context.moment(), now=since)).isoformat()
    return {"text": said, "at": at}


def _condition(context: Context, plan: FlowPlan, catch: Catch) -> Words | None:
    return spoken(context, plan.form, catch.condition.text) if catch.condition is not None else None


def titled(plan: FlowPlan, node: Node, exit: str) -> Words | None:
    """What the author calls an event of a step."""
    document = next(each for each in plan.document["nodes"] if each["id"] == node.id)
    key, index = ("on", exit.removeprefix("on")) if exit.startswith("on") else ("events", exit)
    events = document.get(key) or ()
    title = events[int(index)].get("title") if index.isdigit() and int(index) < len(events) else None
    return {language: localized(title, language) for language in OTHERS} if title else None


def _message(plan: FlowPlan, catch: Catch) -> Words | None:
    """What its flow calls a message that it keeps."""
    kept = plan.document.get("messages", ()) if catch.what == "message" else ()
    title = next((each.get("title") for each in kept if each["name"] == catch.name), None)
    return {language: localized(title, language) for language in OTHERS} if title else None


def called(plan: FlowPlan, id: str) -> Words:
    """What a step is called; what is filled in only when it is reached is left open, and an end without a title is
    the end: what comes of it is said beside it."""
    node = plan.nodes.get(id)
    if node is None or (node.kind == "end" and node.title == by_kind(node.kind, node.outcome)):
        return THE_END
    return {language: OPEN.sub(" … ", localized(node.title, language)).strip() or id for language in OTHERS}


def _span(span: Span) -> dict[str, Any]:
    minutes = int(span.length.total_seconds() // 60)
    return {"days": span.days, "hours": minutes // 60, "minutes": minutes % 60, "working": span.working}
