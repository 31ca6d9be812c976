"""What the people of a story do: each step as the operation it is."""

from __future__ import annotations

from mimetypes import guess_type
from typing import Any

from lowcode.kernel.identity import APP
from lowcode.kernel.storage.files import keep
from lowcode.kernel.storage.types import json_text
from lowcode.testing.definition import (
    Action,
    AskStep,
    Attach,
    AttachStep,
    Call,
    CallStep,
    CreateStep,
    Decide,
    DecideStep,
    DeleteStep,
    FindStep,
    Intake,
    IntakeStep,
    PressStep,
    StartFlowStep,
    UpdateStep,
)
from lowcode.testing.saved import Record
from lowcode.testing.world import CannotGoOn, World


def perform(world: World, step: Action) -> Any:
    """Do what a step says, as who it says; returns the operation's answer. Raises Rejected."""
    host, saved, actor = world.host, world.saved, world.actor(step.actor)
    match step:
        case CreateStep():
            made = step.create
            answer = host.ask(actor, "records.create", type=made.form, values=world.values(made.form, made.values))
            saved.keep(made.kept, Record(made.form, answer["id"]))
            return answer
        case UpdateStep():
            record = saved.record(step.update.record)
            values = world.values(record.form, step.update.values)
            return host.ask(actor, "records.update", type=record.form, id=record.id, values=values)
        case AttachStep():
            return _attach(world, actor, step.attach)
        case DeleteStep():
            record = saved.record(step.delete.record)
            return host.ask(actor, "records.delete", type=record.form, id=record.id)
        case PressStep():
            record = saved.record(step.press.record)
            return host.ask(actor, "rules.press", rule=step.press.rule, id=record.id)
        case StartFlowStep():
            record = saved.record(step.start_flow.record)
            return host.ask(actor, "flows.start", flow=step.start_flow.flow, id=record.id)
        case DecideStep():
            return _decide(world, actor, step.decide)
        case IntakeStep():
            return _send_in(world, step.intake)
        case CallStep():
            return _call(world, actor, step.call)
        case AskStep():
            answer = host.ask(actor, step.ask.operation, **saved.values(step.ask.params))
            saved.keep(step.ask.kept, answer)
            return answer


def _send_in(world: World, sent: Intake) -> dict[str, Any]:
    """Send a request in, and see what came of it: `outcome`, and the record that was made or changed."""
    host, saved = world.host, world.saved
    answer = host.ask(
        APP, "api.intake", name=sent.name, headers={"content-type": "application/json"},
        body=json_text(saved.values(sent.payload)).encode(),
    )  # fmt: skip
    if answer.get("refused") is not None:
        raise answer["refused"]
    came = host.ask(APP, "api.requests", limit=1)["items"][0]
    outcome = came["outcome"] or came["state"]
    if sent.outcome not in (None, outcome):
        raise CannotGoOn(f"{sent.outcome} was expected of what came in by {sent.name}, and it was {outcome}")
    if came["record"] is not None:
        saved.keep(sent.kept, Record(host.app.plans["api"].intakes[sent.name].form, came["record"]))
    return {"outcome": outcome, "record": came["record"]}


def _call(world: World, actor: Any, sent: Call) -> Any:
    """Call an endpoint; its body is the answer."""
    saved = world.saved
    answer = world.host.ask(
        actor, "api.call", name=sent.endpoint, path=saved.values(sent.path), query=saved.values(sent.query),
        payload=saved.values(sent.payload),
    )  # fmt: skip
    if sent.status not in (None, answer["status"]):
        raise CannotGoOn(f"{sent.endpoint} should answer {sent.status}, and it answered {answer['status']}")
    saved.keep(sent.kept, answer["body"])
    return answer["body"]


def find(world: World, step: FindStep) -> None:
    """Keep the first record a person finds."""
    wanted, saved = step.find, world.saved
    found = world.host.ask(
        world.actor(step.actor), "records.list", type=wanted.form, where=saved.expression(wanted.where),
        sort=tuple(wanted.sort), fields=("id",), limit=1,
    )["items"]  # fmt: skip
    if not found:
        raise CannotGoOn(f"no {wanted.form} is found" + (f" where {wanted.where}" if wanted.where else ""))
    saved.keep(wanted.kept, Record(wanted.form, found[0]["id"]))


def _attach(world: World, actor: Any, given: Attach) -> Any:
    """Upload a file and put it into the field, as a page does."""
    record = world.saved.record(given.record)
    media_type = guess_type(given.name)[0] or "application/octet-stream"
    with world.host.session(actor) as context:
        file = keep(context, given.name, media_type, given.text.encode())
        found = context.ask("records.get", type=record.form, id=record.id, fields=(given.field,))
        values = {given.field: [*(found[given.field] or ()), file["id"]]}
        return context.ask("records.update", type=record.form, id=record.id, values=values)


def _decide(world: World, actor: Any, decide: Decide) -> Any:
    """Decide the open task the person has at a record."""
    record = world.saved.record(decide.record)
    page = world.host.ask(actor, "flows.list_tasks", state="open", limit=200)["items"]
    here = [each for each in page if (each["record"]["form"], each["record"]["id"]) == (record.form, record.id)]
    tasks = [each for each in here if decide.step in (None, each["node"])]
    if not tasks:
        others = ", ".join(sorted(str(each["node"]) for each in here))
        also = f"; open there: {others}" if others else ""
        raise CannotGoOn(
            f"{actor.login} has no open task{f' {decide.step}' if decide.step else ''} at {decide.record}{also}"
        )
    values = world.values(record.form, decide.values)
    return world.host.ask(
        actor, "flows.decide", task=tasks[0]["id"], decision=decide.decision, opinion=decide.opinion, values=values,
        checked=tuple(decide.checked),
    )  # fmt: skip
