"""What a command leaves behind: tasks, history, incidents, events and notices of one instance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql import ClauseElement

from lowcode.flows import run
from lowcode.flows.nodes.asking.votes import KEPT, Seat
from lowcode.flows.operations import store
from lowcode.flows.operations.agreeing import version_agreed_to
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.tables import history, incident, task
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.identity import ADMINISTRATOR, org

TASKS = ("{title}: {count} tasks are waiting for you", "{title}：{count} 项待办等您处理")
RETURNED = {"zh-CN": "已驳回：请修改后重新提交", "en": "Sent back: change it and submit it again"}
STUCK = {"zh-CN": "流程停滞，需要处理", "en": "A flow is stuck and needs help"}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody gave with an answer. `request` makes its repetition harmless."""

    opinion: str | None = None
    request: str | None = None
    signature: str | None = None
    files: tuple[int, ...] = ()
    checked: tuple[str, ...] = ()

    def proof(self) -> dict[str, Any]:
        """What history keeps of a signature and of files: enough to show that nobody changed them since."""
        found: dict[str, Any] = {}
        if self.signature is not None:
            found["signature"] = hashlib.sha256(self.signature.encode()).hexdigest()
        if self.files:
            found["files"] = list(self.files)
        if self.checked:
            found["checked"] = list(self.checked)
        return found


def decisions_of(node: Node, seat: Seat) -> list[str]:
    """What somebody who sits there may answer."""
    if seat.role == "consult":
        return ["complete"]
    if node.voting is None:
        return []
    return [each for each in node.voting.decisions if seat.role == "voter" or each != "abstain"]


class Journal:
    """Writes down what happens to one instance, `row`."""

    def __init__(self, context: Context, plan: FlowPlan, row: Mapping[str, Any]) -> None:
        self.context = context
        self.plan = plan
        self.row = row
        self.upward: dict[str, list[str]] = {"escalation": [], "error": []}
        """What nobody caught: it is the matter of whoever waits for the instance."""
        self._closed: dict[tuple[int, int], dict[str, Any]] = {}

    def as_it_is(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """A task that was read under the lock, with the answer that was written since."""
        return {**task, **self._closed.get((task["token"], task["seat"]), {})}

    def note(self, event: str, node: str | None = None, token: int | None = None, **body: Any) -> None:
        """One more line of history."""
        line = {"event": event, "node": node, "token": token, "body": body}
        self._add(
            history, {"instance": self.row["id"], "at": self.context.now(), "actor": self.context.actor.id, **line}
        )

    def _add(self, table: Table, values: Mapping[str, Any]) -> None:
        """A row whose id nobody asks for: it goes to the database with what follows."""
        unit = self.context.unit
        unit.write(unit.database.prepare_insert(table, values), values)

    def _change(self, statement: ClauseElement, **values: Any) -> None:
        """The same for a change."""
        unit = self.context.unit
        unit.write(unit.database.prepare(statement), {"instance_id": self.row["id"], **values})

    def tell(self, event: str, **body: Any) -> None:
        """Something happened to the record's flow, for whoever listens."""
        row = self.row
        self.context.tell(
            event,
            record_type=row["record_type"],
            record_id=row["record_id"],
            instance=row["id"],
            flow=self.plan.name,
            **body,
        )

    def opened(self, effect: run.Opened, due_at: datetime | None, by: int | None) -> None:
        """A to-do for one person, or what a policy decided for them beforehand; `by` is who asked them."""
        self._add(task, self.task_of(effect, due_at, by))

    def task_of(self, effect: run.Opened, due_at: datetime | None, by: int | None) -> dict[str, Any]:
        """The row of a to-do."""
        node, seat, row = self.plan.nodes[effect.node], effect.seat, self.row
        return {
            "instance": row["id"],
            "token": effect.token,
            "seat": seat.number,
            "node": node.id,
            "kind": node.kind,
            "flow": self.plan.name,
            "flow_title": self.plan.title,
            "title": title_of(node),
            "subject": row["subject"],
            "record_type": row["record_type"],
            "record_id": row["record_id"],
            "starter": row["starter"],
            "person": seat.person,
            "behalf": seat.behalf,
            "state": "kept" if seat.reason == KEPT else seat.state,
            "decision": seat.decision,
            "opinion": None,
            "reason": seat.reason or None,
            "opinion_rule": node.opinion,
            "editable": sorted(node.editable),
            "hidden": sorted(node.hidden),
            "request": None,
            "created_at": self.context.now(),
            "due_at": due_at,
            "decided_at": self.context.now() if seat.state == "done" else None,
            "role": None if seat.role == "voter" else seat.role,
            "by": by,
            "decisions": decisions_of(node, seat),
            "required": sorted(node.required) or None,
            "entry": seat.group,
            "weight": seat.weight,
        }

    def turned(self, effect: run.Turned) -> None:
        """A to-do waits for others now, or no longer does."""
        self._change(
            store.TURN_TASK,
            of_token=effect.token,
            of_seat=effect.seat.number,
            new_state=effect.seat.state,
        )

    def undone(self, effect: run.Undone) -> None:
        """An answer was taken back."""
        self._change(
            store.UNDO_TASK,
            of_token=effect.token,
            of_seat=effect.seat.number,
            new_state=effect.seat.state,
        )
        self.note("undone", effect.node, effect.token, seat=effect.seat.number, person=effect.seat.person)

    def asked(self, effect: run.Opened | run.Turned, work: InstanceWork, answers: int) -> None:
        """Word to the person who has something to do, again when it is theirs again. `answers`: how many of those asked
        are done."""
        node, seat = self.plan.nodes[effect.node], effect.seat
        key = f"task:{node.id}:{seat.number}:{answers}"
        work.notify([seat.person], title_of(node), self.row["subject"], key, step=node.id, many=TASKS, waits=True)
        if node.by_link is not None:
            key = f"flows.send_link:{self.row['id']}:{effect.token}:{seat.number}:{seat.person}"
            where = {"instance": self.row["id"], "token": effect.token, "seat": seat.number}
            self.context.as_app().later("flows.send_link", key=key, **where)
        self.tell("flow.asked", node=node.id, person=seat.person)

    def closed(self, effect: run.Closed, said: Said) -> None:
        """A to-do is done, with what was said, or no longer needed."""
        opinion = said.opinion
        seat = effect.seat
        done = seat.state == "done"
        values = {
            "state": seat.state,
            "decision": seat.decision,
            "opinion": opinion,
            "reason": seat.reason or None,
            "request": said.request,
            "signature": said.signature,
            "files": list(said.files) or None,
            "checked": list(said.checked) or None,
            "decided_at": self.context.now() if done else None,
        }
        where = {"of_token": effect.token, "of_seat": seat.number}
        self._change(store.CLOSE_TASK, **where, **{f"new_{name}": value for name, value in values.items()})
        self._closed[effect.token, seat.number] = {**values, "draft": None}
        node = self.plan.nodes.get(effect.node)
        if node is not None and node.by_link is not None and node.link_by != "mail":
            settled = {"instance": self.row["id"], "token": effect.token, "seat": seat.number}
            self.context.as_app().later("flows.settle_link", **settled)
        if done:
            told = {"decision": seat.decision, "person": seat.person, "opinion": opinion, "reason": seat.reason or None}
            seen = version_agreed_to(self.context, self.plan, self.row) if seat.decision == "approve" else {}
            self.note("decided", effect.node, effect.token, seat=seat.number, **told, **said.proof(), **seen)
            self.tell("flow.decided", node=effect.node, **told)
        else:
            self.tell("flow.released", node=effect.node, person=seat.person)

    def stuck(self, effect: run.Stuck, problems: Iterable[Problem], work: InstanceWork, occasion: str) -> None:
        """An incident: a row, a line of history, and word to the administrators. One that is tried again and fails is
        stuck since it was at first, and nobody is told of it once more."""
        shown = [shown_problem(each) for each in problems]
        self.note("stuck", effect.node, effect.token, problems=shown)
        known = self.context.unit.one(store.LAST_INCIDENT, instance_id=self.row["id"], of_token=effect.token)
        if known is not None and _stuck_still(known, effect, work):
            at = {"incident_id": known["id"], "at_node": effect.node}
            self.context.unit.run(store.STUCK_STILL, **at, new_code=effect.code, new_problems=shown)
            return
        self.context.unit.insert(
            incident,
            instance=self.row["id"],
            token=effect.token,
            node=effect.node,
            at=self.context.now(),
            code=effect.code,
            problems=shown,
            resolved_at=None,
            resolved_by=None,
        )
        administrators = [user.id for user in org.users_with_role(self.context, ADMINISTRATOR)]
        work.notify(administrators, STUCK, shown[0]["message"], f"stuck:{occasion}")

    def ended(self, outcome: str) -> None:
        """The last token is gone."""
        self.note("ended", outcome=outcome)
        self.tell("flow.ended", outcome=outcome)


def _stuck_still(known: Mapping[str, Any], effect: run.Stuck, work: InstanceWork) -> bool:
    """Whether what happened before at a token is not over: it was not helped, or it was asked of another program again
    and refused for the same reason."""
    return known["resolved_at"] is None or (work.answer is not None and known["code"] == effect.code)


def title_of(node: Node) -> Any:
    """What a to-do is called: the starter is asked again only where somebody sent it back."""
    return RETURNED if node.kind == "start" else node.title


def shown_problem(problem: Problem) -> dict[str, Any]:
    """A problem as it is stored: its words in both languages, values filled in."""
    words = {locale: problem.words(locale) for locale in ("zh-CN", "en")}
    return {"code": problem.code, "message": words, "pointer": problem.pointer}
