"""What events, arrows and names of a foreign model say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lowcode.flows.bpmn.xml import Element

if TYPE_CHECKING:
    from lowcode.flows.bpmn.importing import _Import

DURATION = re.compile(r"^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:\d+(?:\.\d+)?S)?)?$")
WORDS = (("&&", " and "), ("||", " or "), ("==", "="), ("!=", "<>"), ("'", '"'))


CYCLE = re.compile(r"^R\d*/(?:(\d{4}-\d\d-\d\dT\d\d:\d\d)[^/]*/)?(P.*)$")


def event_of(whole: _Import, element: Element, *, boundary: bool = False, start: bool = False) -> dict[str, Any]:
    """What an element waits for."""
    for each in element.bpmn():
        word = each.name.removesuffix("EventDefinition")
        if word in ("message", "signal", "error", "escalation"):
            name = whole.named(word, each.attributes.get(f"{word}Ref", ""))
            return {word: name or ("*" if word in ("error", "escalation") else free(element.id))}
        if word == "conditional":
            condition = each.first("condition")
            return {"when": condition.text.strip() if condition is not None else "true"}
        if word == "timer":
            return _clock(whole, element, each) if start else _time(whole, element, each, boundary)
    return {}


def _time(whole: _Import, element: Element, timer: Element, boundary: bool) -> dict[str, Any]:
    for each in timer.bpmn("timeDuration", "timeDate"):
        span = _span(each.text) if each.name == "timeDuration" else None
        if span is not None:
            return {"after" if boundary else "for": span}
        if each.name == "timeDate" and not boundary:
            text = each.text.strip()
            return {"until": f'DATETIME("{text}")' if text[:4].isdigit() else text}
    whole.say("not-supported", element)
    return {}


def _span(text: str) -> dict[str, int] | None:
    found = DURATION.match(text.strip())
    if found is None:
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
    span = {"days": weeks * 7 + days, "hours": hours, "minutes": minutes}
    return {key: value for key, value in span.items() if value}


def _clock(whole: _Import, element: Element, timer: Element) -> dict[str, Any]:
    """Times of the clock at which a process begins."""
    for each in timer.bpmn("timeCycle", "timeDate"):
        text = each.text.strip()
        cycle, cron = CYCLE.match(text), text.replace("?", "*").split()
        if each.name == "timeDate" and re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
            return {"schedule": {"at": text[:16]}}
        if cycle is not None and cycle[1] and (span := _span(cycle[2])):
            return {"schedule": {"every": {"from": cycle[1], **span}}}
        if len(cron) in (5, 6):
            became = " ".join(cron[-5:])
            if cron[0] != "0" or became != text.removeprefix("0 "):
                whole.say("condition-to-check", element, seen=text, became=became)
            return {"schedule": {"cron": became}}
    whole.say("not-supported", element)
    return {}


def thrown_by(whole: _Import, element: Element, names: Mapping[str, str], *, end: bool = False) -> dict[str, Any]:
    """What an event throws."""
    for each in element.bpmn():
        word = each.name.removesuffix("EventDefinition")
        if word == "terminate":
            return {"stops": "flow"}
        if word in ("signal", "escalation", *(("error",) if end else ("message",))):
            return {word: whole.named(word, each.attributes.get(f"{word}Ref", "")) or free(element.id)}
        if word == "compensate" and not end:
            of = each.attributes.get("activityRef", "")
            return {"undo": names.get(of, of) or "*"}
        if each.name.endswith("EventDefinition"):
            whole.say("not-supported", element)
    return {}


def condition_of(whole: _Import, flow: Element) -> str:
    """The condition of an arrow, as far as it can be rewritten."""
    found = flow.first("conditionExpression")
    text = found.text.strip() if found is not None else ""
    became = re.sub(r"^[$#]\{(.*)\}$", r"\1", text.removeprefix("=").strip(), flags=re.S)
    for old, new in WORDS:
        became = became.replace(old, new)
    became = " ".join(became.split())
    if became != text:
        whole.say("condition-to-check", flow, seen=text, became=became)
    return became


def plain(text: str) -> str:
    """A name of somebody else's as one of ours."""
    return re.sub(r"[^a-z0-9_.@-]+", "_", text.strip().lower())


class Names(set[str]):
    """Names that are taken, and for each the number by which the next one of it is told apart: of thousands of elements
    called alike each is looked at once."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        super().__init__(known)
        self.next: dict[str, int] = {}


def free(text: str, taken: Names | None = None) -> str:
    """A name as documents write it, that nothing else has."""
    name = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_") or "step"
    name = re.sub(r"__+", "_", name if name[0].isalpha() else f"step_{name}")
    if taken is None or name not in taken:
        return name
    count = taken.next.get(name, 2)
    while f"{name}_{count}" in taken:
        count += 1
    taken.next[name] = count + 1
    return f"{name}_{count}"


def way_of(node: Mapping[str, Any], exit: str) -> dict[str, Any]:
    """What a branch says of one of its ways; empty for an exit that is none."""
    ways = node.get("branches", ()) if node["type"] in ("branch", "inclusive") and exit.isdigit() else ()
    found: dict[str, Any] = ways[int(exit)] if ways else {}
    return found
