"""What a connector offers, told to people who write requests: `api.offers`, and `lowcode offers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from lowcode.api.diagnostics import problem
from lowcode.api.offers.connected import Connected
from lowcode.api.plan import ApiPlan, plan_of
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, localized, nearest
from lowcode.kernel.requests import Offer, Shape, types_in

DEPTH = 6


class ListOffers(Parameters):
    """A connector, and one of its operations to be told in full."""

    connector: str = Field(max_length=200)
    name: str | None = Field(None, max_length=1000)


def offers(context: Context, params: ListOffers) -> Items:
    """The operations of a connector; of one, everything."""
    found = connected_of(plan_of(context), params.connector)
    if params.name is None:
        return {"items": listed(found, context.actor.locale)}
    return {"items": [one(found, params.connector, params.name, context.actor.locale)]}


def connected_of(plan: ApiPlan, name: str) -> Connected:
    """What a connector offers. Raises NotFound."""
    known = {each.name: each.document for each in plan.targets.values() if isinstance(each.document, Connected)}
    if name not in known:
        raise NotFound(problem("no-offers", "/connector", name=name, near=nearest(name, known) or ""))
    return known[name]


def listed(connected: Connected, locale: str | None = None) -> list[dict[str, Any]]:
    """Each operation in short; `problem` says why it cannot be asked."""
    found = []
    for name in connected.names:
        offer, described = connected.get(name), connected.described(name)
        assert described is not None
        wrong = None if offer is None or isinstance(offer, Offer) else localized(offer, locale)
        found.append({"name": name, "address": described.address, "title": described.title, "problem": wrong})
    return found


def one(connected: Connected, connector: str, name: str, locale: str | None = None) -> dict[str, Any]:
    """An operation in full, with a request to begin with. Raises NotFound."""
    described, offer = connected.described(name), connected.get(name)
    if described is None or offer is None:
        near = nearest(name, connected.names) or ""
        raise NotFound(problem("no-offer", "/name", name=name, connector=connector, near=near))
    told: dict[str, Any] = {"name": name, "address": described.address, "title": described.title, "problem": None}
    if not isinstance(offer, Offer):
        return {**told, "problem": localized(offer, locale)}
    parameters = {
        each.name: {"in": described.parameters[each.name].place, "required": each.required,
                    "value": shown(each.shape)}
        for each in offer.inputs.values()
    }  # fmt: skip
    begin: dict[str, Any] = {"connector": connector, "operation": offer.name}
    needed = {each.name: shown(each.shape) for each in offer.inputs.values() if each.required}
    if needed:
        begin["parameters"] = needed
    if offer.body is not None:
        begin["body"] = shown(offer.body, required=offer.body.required != frozenset())
    answers = {status: str(each.get("description") or "").strip() for status, each in described.answers.items()}
    return {
        **told,
        "parameters": parameters,
        "body": shown(offer.body) if offer.body is not None else None,
        "answer": {path: str(type_) for path, type_ in types_in(offer.answer).items()},
        "answers": answers,
        "request": begin,
    }


def shown(shape: Shape, depth: int = DEPTH, *, required: bool = False) -> Any:
    """A shape as an example: the sort of value in angles; `required`: of objects what must be there only."""
    if shape.entry is not None:
        return [shown(shape.entry, depth - 1, required=required)] if depth else []
    if shape.parts is not None:
        return _parts(shape.parts, shape.required, depth, required) if depth else {}
    options = shape.type.options
    return f"<{' | '.join(options) if options else shape.type if shape.type.kind != 'any' else 'anything'}>"


def _parts(parts: Mapping[str, Shape], needed: frozenset[str], depth: int, required: bool) -> dict[str, Any]:
    wanted = {name: part for name, part in parts.items() if name in needed or not required}
    return {name: shown(part, depth - 1, required=required) for name, part in wanted.items()}


OPERATIONS = (
    Operation(
        "api.offers", offers, ListOffers, "administrator", writes=False,
        summary={"en": "What a connector can be asked", "zh-CN": "连接器可调用的操作"},
    ),
)  # fmt: skip
