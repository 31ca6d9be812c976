"""A program's advice in an approval (AI 审批): asked by a worker outside of any transaction, written down with its
name, and where the definition permits it, decisive. People are asked from the start: nobody waits for a program.
"""

from __future__ import annotations

from typing import Any, Literal

from lowcode.flows import run
from lowcode.flows.nodes.asking.reviewers.kind import Advice, Limits, NoAdvice
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import advice as notes
from lowcode.flows.operations import commands, held, store
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import Node
from lowcode.kernel.contract import Context, Operation, Outcome, Parameters
from lowcode.kernel.diagnostics import Rejected, Text, Unavailable
from lowcode.kernel.expressions import Expression


class OneReview(Parameters):
    """A review that was asked for."""

    id: int


class AdviceParameters(OneReview):
    """What came of it."""

    state: Literal["given", "failed"]
    decision: Literal["approve", "reject"] | None = None
    reason: Text = ""
    confidence: float | None = None


def review(context: Context, params: OneReview) -> Outcome:
    """Ask the reviewer. What it says is written afterwards; what went wrong is asked again while there is time."""
    asked = context.unit.one(notes.ONE, advice_id=params.id)
    if asked is None or asked["state"] != "asked" or context.now() >= asked["until"]:
        return Outcome()
    row = context.unit.one(store.INSTANCE, instance_id=asked["instance"])
    if row is None or row["running"] is None:
        return Outcome()
    if held.stands_still(context, row):  # asked when it is resumed
        return Outcome(None, (("flows.review_held", {"id": params.id}),))
    try:
        plan = flows_of(context).at(context, row["digest"])
        node, state = plan.nodes.get(asked["node"]), run.from_json(row["tokens"])
        token = state.token(asked["token"])
        if node is None or node.reviewer is None or token is None or token.node != node.id:
            return Outcome()
        work = InstanceWork(context, plan, row, state, token)
        found = node.reviewer.does.review(work, node.reviewer.work)
    except NoAdvice as nothing:
        return _failed(params.id, str(nothing))
    except Hindered as hindered:
        return _failed(params.id, {locale: hindered.problem.words(locale) for locale in ("zh-CN", "en")})
    except Unavailable:
        raise
    except Rejected as rejected:
        words = {locale: "; ".join(p.words(locale) for p in rejected.problems) for locale in ("zh-CN", "en")}
        return _failed(params.id, words)
    said = {"decision": found.decision, "reason": found.reason, "confidence": found.confidence}
    return Outcome(None, (("flows.advised", {"id": params.id, "state": "given", **said}),))


def review_held(context: Context, params: OneReview) -> None:
    """A reviewer is not asked about an instance that is suspended, but when it is resumed."""
    asked = context.unit.one(notes.ONE, advice_id=params.id)
    row = commands.lock(context, asked["instance"]) if asked is not None else None
    if row is None or row["running"] is None:
        return
    if not commands.held_back(context, row, "flows.review", params):  # it was resumed meanwhile
        context.as_app().later("flows.review", **params.model_dump())


def _failed(identity: int, reason: Text) -> Outcome:
    return Outcome(None, (("flows.advised", {"id": identity, "state": "failed", "reason": reason}),))


def advised(context: Context, params: AdviceParameters) -> None:
    """Write the advice down; within its limits it decides."""
    asked = context.unit.one(notes.ONE, advice_id=params.id)
    row = commands.lock(context, asked["instance"]) if asked is not None else None
    asked = context.unit.one(notes.ONE, advice_id=params.id)
    if asked is None or asked["state"] != "asked" or row is None or row["running"] is None:
        return
    if commands.held_back(context, row, "flows.advised", params):
        return
    walk = commands.stand(context, row)
    token = _token(context, walk, asked)
    if token is None:
        return
    node = walk.plan.nodes[token.node]
    said = Advice(params.decision, params.reason, params.confidence)
    held = _held(walk, node, token, said, asked) if params.state == "given" else "failed"
    told = {"decision": said.decision, "reason": said.reason, "confidence": said.confidence}
    notes.settle(context, params.id, params.state, told, held)
    name = {"reviewer": asked["reviewer"], "title": asked["title"]}
    body = {**name, **told, "state": params.state, "decided": held is None, "held": held}
    walk.note("advised", node.id, token.number, **body)
    if held is None and node.voting is not None and said.decision is not None:
        walk.traces[token.number] = {**name, **told}
        walk.answer(run.Left(token.number, node.voting.exits[said.decision]))
        walk.finish()


def late(context: Context, params: OneReview) -> None:
    """There was no advice in time: people go on alone, and whatever still comes counts no longer."""
    asked = context.unit.one(notes.ONE, advice_id=params.id)
    row = commands.lock(context, asked["instance"]) if asked is not None else None
    asked = context.unit.one(notes.ONE, advice_id=params.id)
    if asked is None or asked["state"] != "asked" or row is None or row["running"] is None:
        return
    if commands.held_back(context, row, "flows.review_late", params):
        return
    walk = commands.stand(context, row)
    token = _token(context, walk, asked)
    if token is not None:
        nothing = {"decision": None, "reason": "", "confidence": None}
        notes.settle(context, params.id, "late", nothing, "late")
        name = {"reviewer": asked["reviewer"], "title": asked["title"]}
        walk.note("advised", token.node, token.number, **name, **nothing, state="late", decided=False, held="late")


def _token(context: Context, walk: Walk, asked: Any) -> run.Token | None:
    """The token that is still where the reviewer was asked about it, and was not sent round since."""
    token = walk.state.token(asked["token"])
    if token is None or token.state != "resting" or token.node != asked["node"]:
        return None
    newest = notes.newest(context, asked["instance"], asked["token"])
    return token if newest is not None and newest["id"] == asked["id"] else None


def _held(walk: Walk, node: Node, token: run.Token, said: Advice, asked: Any) -> str | None:
    """Why the advice does not decide, in one word; None when it does."""
    limits: Limits | None = node.reviewer.limits if node.reviewer is not None else None
    if limits is None:
        return "advises"
    if said.decision is None or limits.only not in ("both", said.decision):
        return "decision"
    if limits.confidence is not None and (said.confidence is None or said.confidence < limits.confidence):
        return "confidence"
    if walk.context.now() >= asked["until"]:
        return "late"
    if any(seat.state == "done" for seat in token.seats):
        return "answered"
    return None if limits.when is None or _holds(walk, token, limits.when) else "condition"


def _holds(walk: Walk, token: run.Token, condition: Expression) -> bool:
    try:
        return walk.work(token).holds(condition)
    except Hindered:  # the record is gone
        return False


OPERATIONS = (
    Operation("flows.review", review, OneReview, "internal", writes=False, outside=True),
    Operation("flows.review_held", review_held, OneReview, "internal"),
    Operation("flows.advised", advised, AdviceParameters, "internal", sealed=True),
    Operation("flows.review_late", late, OneReview, "internal"),
)
