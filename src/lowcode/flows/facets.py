"""What flows add to the page: which there are, which may be started on a record, what they did to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import store
from lowcode.flows.operations.forgetting import forget
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.possible import choosing
from lowcode.flows.operations.watch import left_open, locks_of
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.facets import OfLane, OfNotices, OfRecord, facets
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permitted import readable


def _may_start(context: Context, plan: FlowPlan) -> bool:
    if plan.starts.on != "manual":
        return False
    return not plan.starts.roles or context.actor.is_administrator or bool(plan.starts.roles & context.actor.roles)


def describe(context: Context, _: Any) -> dict[str, Any]:
    """Every flow, and by form those this person may start by hand."""
    flows = flows_of(context).flows
    manual: dict[str, list[dict[str, Any]]] = {}
    for plan in flows.values():
        if _may_start(context, plan):
            flow = {"name": plan.name, "title": plan.title, "picks": choosing(plan, required=True)}
            manual.setdefault(plan.form, []).append(flow)
    return {
        "flows": {plan.name: {"title": plan.title, "form": plan.form} for plan in flows.values()},
        "manual": manual,
        "pages": {"flows": context.actor.is_administrator},
    }


def situation(context: Context, params: OfRecord) -> dict[str, Any]:
    """The flows this person may start on the record, and what of it is closed to them while it is approved."""
    started = [plan.name for plan in flows_of(context).of_form(params.form) if _may_start(context, plan)]
    words = localized(problem("flows.record-locked").message, context.actor.locale)
    closed = [{"but": sorted(each), "message": words} for each in left_open(context, params.form, params.id)]
    # Anybody may ask this of any number: that a record is approved is told to nobody who may not read it.
    hidden = closed and not readable(context, record_type_of(context, params.form), [params.id])
    return {"flows": started, "closed": [] if hidden else closed}


def closed(context: Context, params: OfLane) -> Items:
    """Which of some records are closed to a person while they are approved: of each lock, what it leaves open."""
    if not flows_of(context).of_form(params.form):
        return {"items": []}
    words = problem("flows.record-locked").message
    locks = locks_of(context, params.form, params.ids, params.person)
    return {"items": [{"id": identity, "but": sorted(but), "message": words} for identity, but in locks]}


def leads(context: Context, params: OfNotices) -> dict[str, Any]:
    """Whoever is asked is led to the task the notice is about, while it is open; by a notice of no step, to the first
    that is open in the instance."""
    about = {key: found for key in params.keys if (found := _about(key)) is not None}
    if not about:
        return {"tasks": {}}
    instances = sorted({each[0] for each in about.values()})
    places: dict[tuple[Any, ...], int] = {}
    for row in context.unit.fetch(store.OPEN_OF_INSTANCES, person=context.actor.id, ids=instances):
        place = (row["instance"], row["token"], row["node"], row["seat"])
        for length in (4, 3, 1):
            places.setdefault(place[:length], row["id"])
    return {"tasks": {key: places[place] for key, place in about.items() if place in places}}


def _about(key: str) -> tuple[Any, ...] | None:
    """Where the task is that a notice is about, as far as its key says: instance, token, node and seat
    (`InstanceWork.notify` and those who call it); of a notice of no step, the instance."""
    match key.split(":"):
        case ["flow", instance, "0", *_] if instance.isdecimal():
            return (int(instance),)
        case ["flow", instance, token, "task", node, seat, _] if _numbers(instance, token, seat):
            return int(instance), int(token), node, int(seat)
        case ["flow", instance, token, "due" | "late", node, _] if _numbers(instance, token):
            return int(instance), int(token), node
    return None


def _numbers(*found: str) -> bool:
    return all(each.isdecimal() for each in found)


def activities(context: Context, params: OfRecord) -> list[dict[str, Any]]:
    """What flows did: begun, decided, ended."""
    found = []
    for instance in context.ask("flows.history", form=params.form, id=params.id)["items"]:
        flow, identity = instance["flow"], instance["id"]
        base = {"kind": "flow", "flow": flow}
        started = {"id": f"f{identity}s", "at": instance["started_at"], "by": instance["starter"], "event": "started"}
        found.append({**base, **started})
        found.extend({**base, **each} for step in instance["steps"] for each in _decided(identity, step))
        found.extend(_deed(base, identity, number, each) for number, each in enumerate(instance["deeds"]))
        if instance["ended_at"]:
            ended = {"id": f"f{identity}e", "at": instance["ended_at"], "by": None, "event": "ended"}
            found.append({**base, **ended, "outcome": instance["state"]})
    return found


def _decided(identity: int, step: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in step["people"]:
        if each["decision"] and each["at"] and each["decision"] != "return":  # sending back is a deed
            yield {
                "id": f"f{identity}t{each['task']}",
                "at": each["at"],
                "by": each["person"],
                "event": "decided",
                "node": step["title"],
                "decision": each["decision"],
                "opinion": each["opinion"],
            }


def _deed(base: Mapping[str, Any], identity: int, number: int, deed: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody did beside the answers of its steps: handed on, asked more people, urged."""
    said = {name: deed[name] for name in ("at", "by", "opinion", "text")}
    return {**base, "id": f"f{identity}d{number}", "event": "deed", **said}


FACETS = tuple(facets("flows", describe, situation, activities, forget, closed, leads))
