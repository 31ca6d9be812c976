"""The same round of two people in SpiffWorkflow, as a server uses it: its state loaded, one step taken, and stored."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable

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


def by_spiff(path: str, first: int = 0) -> Callable[[], None]:
    """One completion: a row read, the workflow made of it, a user task run, and the row written. `first` is the number
    of the first instance, where several people work on instances of their own, each by a connection of their own."""
    parser = BpmnParser()
    parser.add_bpmn_str(MODEL)
    spec = parser.get_spec("approval")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("CREATE TABLE IF NOT EXISTS workflow (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
    numbers = itertools.count()

    def begin(identity: int) -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        connection.execute("INSERT INTO workflow (id, state) VALUES (?, ?)", (identity, state))

    def complete() -> None:
        number, step = divmod(next(numbers), YOUNG)
        identity = first + number
        if step == 0:
            begin(identity)
        connection.execute("BEGIN IMMEDIATE")
        (state,) = connection.execute("SELECT state FROM workflow WHERE id = ?", (identity,)).fetchone()
        workflow = serializer.deserialize_json(state)
        task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        task.data["decision"] = "approve"
        task.run()
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        connection.execute("UPDATE workflow SET state = ? WHERE id = ?", (state, identity))
        connection.execute("COMMIT")

    return complete
