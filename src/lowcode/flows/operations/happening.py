"""Something happens that running instances wait for: time has passed, a signal is sent, a flow is begun by either."""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.flows import run
from lowcode.flows.operations import commands
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.keeping import begin_by
from lowcode.flows.operations.listening import awaited, listening
from lowcode.flows.tables import signal
from lowcode.kernel.contract import Context, Operation, Parameters

hearing = sa.select(signal.c.instance).where(signal.c.name == sa.bindparam("name")).order_by(signal.c.instance)


class DueParameters(Parameters):
    """What was waited for: an event on the step of a token, or a handler of the scope a token rests on (0: the flow
    itself)."""

    instance: int
    token: int
    exit: str = ""
    handler: str = ""


class SignalParameters(Parameters):
    """A signal, and the record it is about."""

    name: str
    form: str
    id: int


def due(context: Context, params: DueParameters) -> None:
    """So much time has passed for an event on a step, or for a handler. One that is over is left alone."""
    row = commands.lock(context, params.instance)
    if row is None or row["running"] is None:
        return
    if commands.held_back(context, row, "flows.due", params, f"{params.token}:{params.exit}:{params.handler}"):
        return
    walk = commands.stand(context, row)
    token, exit, handler = params.token, params.exit, params.handler
    answer = run.Handled(token, handler) if handler else run.Happened(token, exit)
    for node, _, found in listening(walk.plan, walk.state):
        if found == answer:
            walk.note("happened", node.id, token, what="after")
            walk.answer(answer)
            walk.finish()
            return


class HearParameters(Parameters):
    """A signal, and an instance that may wait for it."""

    instance: int
    name: str


def send_signal(context: Context, params: SignalParameters) -> int:
    """A signal: every instance that waits for it hears it, and flows of the record's form that begin with it begin;
    how many heard it."""
    name = params.name
    waiting = context.unit.fetch(hearing, name=name)
    heard = sum(hear(context, HearParameters(instance=found["instance"], name=name)) for found in waiting)
    return heard + begin_by(context, "signal", name, params.form, params.id)


def hear(context: Context, params: HearParameters) -> int:
    """One instance hears a signal, if it still waits for it."""
    row = commands.lock(context, params.instance)
    if row is None or row["running"] is None or commands.held_back(context, row, "flows.hear", params, params.name):
        return 0
    walk = commands.stand(context, row)
    heard = _hear(walk, params.name)
    walk.finish()
    return heard


def _hear(walk: Walk, name: str) -> int:
    heard = 0
    for node, catch, answer in list(listening(walk.plan, walk.state)):
        if catch.what == "signal" and catch.name == name and awaited(walk.plan, walk.state, answer):
            walk.note("happened", node.id, what="signal", name=name)
            walk.answer(answer)
            heard += 1
    return heard


OPERATIONS = (
    Operation("flows.due", due, DueParameters, "internal"),
    Operation("flows.hear", hear, HearParameters, "internal"),
    Operation("flows.signal", send_signal, SignalParameters, "internal"),
)
