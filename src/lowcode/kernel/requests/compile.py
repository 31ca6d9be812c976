"""A request of a document, held against what the other program offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.requests.answers import inner, types_in
from lowcode.kernel.requests.documents import RequestPart
from lowcode.kernel.requests.offers import Offer, Offers
from lowcode.kernel.requests.parts import Reading, Site
from lowcode.kernel.requests.request import Part, Request


def compile_request(written: RequestPart, site: Site) -> Request | None:
    """The request; None where something is wrong, all of which is in the report then. The fields that an answer sets
    are given by whoever knows them (`Request.with_fields`)."""
    before = len(site.report.errors)
    offer = _offer(written, site)
    if offer is None:
        return None
    reading = Reading(site, offer.name)
    parameters = _parameters(written.parameters, offer, reading)
    body = _body(written, offer, reading)
    answered = inner(offer.answer, written.inside)
    if answered is None:
        reading.refuse("not-inside", "/inside", seen=written.inside)
    if len(site.report.errors) > before or answered is None:
        return None
    types = types_in(answered)
    return Request(written.connector, offer.name, parameters, body, written.inside, types=types)


def _offer(written: RequestPart, site: Site) -> Offer | None:
    if site.scope.find("connector", written.connector, site.place("/connector"), site.report) is None:
        return None
    reading = Reading(site, written.operation)
    offered = site.scope.names("offers")
    if written.connector not in offered:
        reading.refuse("no-offers", "/connector", seen=written.connector)
        return None
    offers: Offers | None = offered[written.connector]
    if offers is None:  # its document is wrong, which is said there
        return None
    found = offers.get(written.operation)
    about: dict[str, Any] = {"connector": written.connector, "seen": written.operation}
    if found is None:
        reading.refuse("unknown-operation", "/operation", **about, known=list(offers.names))
    elif not isinstance(found, Offer):
        reading.refuse("cannot-be-asked", "/operation", **about, reason=found)
    return found if isinstance(found, Offer) else None


def _parameters(written: Mapping[str, Any], offer: Offer, reading: Reading) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for name, each in written.items():
        at = f"/parameters/{escape(name)}"
        known = offer.inputs.get(name)
        if known is None:
            reading.refuse("unknown-parameter", at, seen=name, known=list(offer.inputs))
            continue
        part = reading.part(each, at, known.shape)
        if part is not None:
            parts[name] = part
    for each in offer.inputs.values():
        if each.required and each.name not in written:
            reading.refuse("missing-parameter", "/parameters" if written else "/operation", name=each.name)
    return parts


def _body(written: RequestPart, offer: Offer, reading: Reading) -> Part | None:
    if written.body is None:
        if offer.body_required:
            reading.refuse("missing-body", "/operation")
        return None
    if offer.body is None:
        reading.refuse("no-body", "/body")
        return None
    return reading.part(written.body, "/body", offer.body)
