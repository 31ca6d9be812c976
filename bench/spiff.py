"""The same round of two people in SpiffWorkflow, as a server uses it: its state loaded, one step taken, and stored.

It asks the driver itself, with nothing between: one row read, behind a lock, and written, in one transaction.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

YOUNG = 20
"""Steps after which a new instance is begun: its state grows with every step, and ours does not."""
MODEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="bench">
  <process id="approval" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f0" sourceRef="start" targetRef="meet"/>
    <exclusiveGateway id="meet"/><sequenceFlow id="f1" sourceRef="meet" targetRef="one"/>
    <userTask id="one"/><sequenceFlow id="f2" sourceRef="one" targetRef="two"/>
    <userTask id="two"/><sequenceFlow id="f3" sourceRef="two" targetRef="meet"/>
  </process>
</definitions>"""


@dataclass(frozen=True)
class Store:
    """A connection of somebody's own, and the statements that a step asks it."""

    connection: Any
    begin: str
    read: str
    insert: str
    update: str

    def run(self, text: str, *values: Any) -> Any:
        """What a statement finds."""
        return self.connection.execute(text, values)


def _store(url: str) -> Store:
    """SQLite with the same promises as ours; of PostgreSQL the server's own (`synchronous_commit` on)."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        lite = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            lite.execute(f"PRAGMA {pragma}").fetchall()
        store = Store(
            lite, "BEGIN IMMEDIATE", "SELECT state FROM workflow WHERE id = ?",
            "INSERT INTO workflow (id, state) VALUES (?, ?)", "UPDATE workflow SET state = ? WHERE id = ?",
        )  # fmt: skip
    else:
        import psycopg

        store = Store(
            psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True, cursor_factory=psycopg.RawCursor), "BEGIN",
            "SELECT state FROM workflow WHERE id = $1 FOR UPDATE",
            "INSERT INTO workflow (id, state) VALUES ($1, $2)", "UPDATE workflow SET state = $1 WHERE id = $2",
        )  # fmt: skip
    store.run("CREATE TABLE IF NOT EXISTS workflow (id BIGINT PRIMARY KEY, state TEXT NOT NULL)")
    return store


def by_spiff(url: str, stack: ExitStack, first: int = 0) -> Callable[[], None]:
    """One completion: a row read, the workflow made of it, a user task run, and the row written. `first` is the number
    of the first instance, where several people work on instances of their own, each by a connection of their own; it is
    closed with `stack`."""
    parser = BpmnParser()
    parser.add_bpmn_str(MODEL)
    spec = parser.get_spec("approval")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    store = _store(url)
    stack.callback(store.connection.close)
    numbers = itertools.count()

    def begin(identity: int) -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        store.run(store.insert, identity, serializer.serialize_json(workflow))

    def complete() -> None:
        number, step = divmod(next(numbers), YOUNG)
        identity = first + number
        if step == 0:
            begin(identity)
        store.run(store.begin)
        (state,) = store.run(store.read, identity).fetchone()
        workflow = serializer.deserialize_json(state)
        task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        task.data["decision"] = "approve"
        task.run()
        workflow.do_engine_steps()
        store.run(store.update, serializer.serialize_json(workflow), identity)
        store.run("COMMIT")

    return complete
