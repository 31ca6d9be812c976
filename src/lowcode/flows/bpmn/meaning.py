"""What events mean in words of the standard: event definitions, and the messages, signals, errors and escalations that
they name."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from lowcode.flows.bpmn.xml import tag

EVENTS = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}


class Meaning:
    """What is named in one document; `named` are the elements that say so."""

    def __init__(self) -> None:
        self.named: dict[tuple[str, str], ET.Element] = {}

    def define(self, event: ET.Element, said: Mapping[str, Any]) -> None:
        """The event definition of what is caught or thrown."""
        if event.tag in (tag("bpmn:serviceTask"), tag("bpmn:receiveTask")):
            return
        for key, word in EVENTS.items():
            if said.get(key) is not None:
                definition = ET.SubElement(event, tag(f"bpmn:{word}EventDefinition"))
                if said[key] != "*":
                    definition.set(f"{word}Ref", self._name(word, str(said[key])))
                return
        if said.get("schedule"):
            _cycle(ET.SubElement(event, tag("bpmn:timerEventDefinition")), said["schedule"])
        elif said.get("undo") is not None:
            definition = ET.SubElement(event, tag("bpmn:compensateEventDefinition"))
            if said["undo"] != "*":
                definition.set("activityRef", str(said["undo"]))
        elif said.get("when") is not None and said.get("type") is None:
            definition = ET.SubElement(event, tag("bpmn:conditionalEventDefinition"))
            ET.SubElement(definition, tag("bpmn:condition"), {tag("xsi:type"): "bpmn:tFormalExpression"}).text = said[
                "when"
            ]
        elif said.get("after") or said.get("for") or said.get("until"):
            definition = ET.SubElement(event, tag("bpmn:timerEventDefinition"))
            kind, text = ("timeDate", said["until"]) if said.get("until") else ("timeDuration", duration(said))
            ET.SubElement(definition, tag(f"bpmn:{kind}"), {tag("xsi:type"): "bpmn:tFormalExpression"}).text = text

    def _name(self, word: str, name: str) -> str:
        id = f"{word}_{len([key for key in self.named if key[0] == word])}"
        made = self.named.get((word, name))
        if made is None:
            made = ET.Element(tag(f"bpmn:{word}"), id=id, name=name)
            if word in ("error", "escalation"):
                made.set(f"{word}Code", name)
            self.named[word, name] = made
        return str(made.get("id"))


def _cycle(timer: ET.Element, schedule: Mapping[str, Any]) -> None:
    """Times of the clock. A cron expression has seconds before the rest, as other engines write it."""
    every = schedule.get("every")
    if schedule.get("at"):
        kind, text = "timeDate", f"{schedule['at']}:00"
    elif every:
        days = every.get("weeks", 0) * 7 + every.get("days", 0)
        kind, text = "timeCycle", f"R/{every['from']}:00/{duration({'for': {**every, 'days': days}})}"
    else:
        kind, text = "timeCycle", f"0 {schedule['cron']}"
    ET.SubElement(timer, tag(f"bpmn:{kind}"), {tag("xsi:type"): "bpmn:tFormalExpression"}).text = text


def duration(said: Mapping[str, Any]) -> str:
    """A span as ISO 8601 writes it."""
    span = said.get("after") or said.get("for") or {}
    days = f"{span['days']}D" if span.get("days") else ""
    time = "".join(f"{span[key]}{key[0].upper()}" for key in ("hours", "minutes") if span.get(key))
    return f"P{days}{'T' + time if time else ''}" if days or time else "PT0S"
