"""Work of programs in a model of another product, as the step that does the same here.

A service becomes a request to a program of its name, a decision a value out of a decision table, a script or an
expression a value that is set, a mail a notice. What the other product ran (a class, a worker, a script) is not taken
over, so each is a finding that says what is still to be written; until then the flow is not published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lowcode.flows.bpmn.said import free
from lowcode.flows.bpmn.xml import CAMUNDA, ZEEBE, Element

if TYPE_CHECKING:
    from lowcode.flows.bpmn.importing import _Import

PROGRAMS = ("serviceTask", "scriptTask", "sendTask", "businessRuleTask")
EXPRESSION = re.compile(r"^(?:=\s*|[$#]\{)(.+?)\}?$", re.S)
PLACE = re.compile(r"[$#]\{([^{}]*)\}")
"""Where a text names a value. No brace within, so that each character is looked at once however many braces open."""
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SHOWN = 60


def program_of(whole: _Import, element: Element) -> tuple[str, dict[str, Any]]:
    """The type of the step and its own keys; a finding says what is missing."""
    for understood in (_sends, _told, _decided, _set):
        found = understood(whole, element)
        if found is not None:
            return found
    connector, operation = _asked(element)
    whole.say("program-to-connect", element, connector=connector, operation=operation)
    return "request", {"connector": connector, "operation": operation}


def _sends(whole: _Import, element: Element) -> tuple[str, dict[str, Any]] | None:
    """A message of the model that is sent."""
    name = whole.named("message", element.attributes.get("messageRef", "")) if element.name == "sendTask" else ""
    return ("throw", {"message": name}) if name else None


def _told(whole: _Import, element: Element) -> tuple[str, dict[str, Any]] | None:
    """A letter, or something sent of which nothing more is said."""
    mail = _key(element, "type") == "mail"
    if not mail and (element.name != "sendTask" or _implementation(element)):
        return None
    whole.say("nobody-told", element)
    fields = dict(_fields(element))
    words = {key: _template(fields[name]) for key, name in (("title", "subject"), ("text", "text")) if name in fields}
    return "notify", {"to_people": ["starter"], **words}


def _decided(whole: _Import, element: Element) -> tuple[str, dict[str, Any]] | None:
    """The value of a decision table."""
    table = next((each.attributes["decisionId"] for each in _inside(element) if "decisionId" in each.attributes), "")
    table = table or _key(element, "decisionRef")
    if element.name != "businessRuleTask" or not table:
        return None
    name, field = free(table), _result(element) or "result"
    whole.say("table-to-check", element, table=name)
    return "set", {"values": {field: f'LOOKUPTABLE("{name}", "{field}")'}}


def _set(whole: _Import, element: Element) -> tuple[str, dict[str, Any]] | None:
    """What is worked out and kept: as far as it is one expression, as it was written."""
    script = element.first("script")
    text = script.text.strip() if script is not None else ""
    zeebe = next((each.attributes["expression"] for each in _inside(element) if "expression" in each.attributes), "")
    result = _result(element)
    text = text or zeebe or (_key(element, "expression") if result else "")
    if element.name != "scriptTask" and not (result and text):
        return None
    shown, one = " ".join(text.split()), EXPRESSION.match(text)
    if result and one:
        became = " ".join(one[1].split())
        whole.say("expression-to-check", element, name=result, seen=shown, became=became)
        return "set", {"values": {result: became}}
    whole.say("script-to-write", element, script=shown[:SHOWN] + ("…" if len(shown) > SHOWN else ""))
    return "set", {"values": {}}


def _asked(element: Element) -> tuple[str, str]:
    """Which program does it, and what it is asked for: what the product calls its worker, class, bean or address."""
    inputs = dict(_fields(element))
    address = urlsplit(inputs.get("requestUrl") or inputs.get("url") or "")
    if address.hostname:
        method = (inputs.get("requestMethod") or inputs.get("method") or "GET").upper()
        return free(address.hostname), f"{method} {address.path or '/'}"
    said = _implementation(element)
    one = EXPRESSION.match(said)
    name = one[1].strip() if one else said
    if name.endswith(")"):  # bean.method(…)
        bean, _, method = name.partition("(")[0].rpartition(".")
        return free(bean or method), method
    short = name.rsplit(".", 1)[-1]
    operation = short or element.attributes.get("name") or element.id
    return free(CAMEL.sub("_", short) or element.id), operation


def _implementation(element: Element) -> str:
    """What the other product runs, by whichever key it says so."""
    typed = next((e.attributes["type"] for e in _inside(element) if e.name == "taskDefinition"), "")
    keys = ("topic", "class", "delegateExpression", "expression")
    return typed or next(filter(None, (_key(element, key) for key in keys)), "")


def _key(element: Element, name: str) -> str:
    return next(filter(None, (element.attributes.get(f"{space} {name}", "") for space in CAMUNDA)), "").strip()


def _result(element: Element) -> str:
    """The field that is set: what the product calls the variable of the result."""
    found = next((e.attributes["resultVariable"] for e in _inside(element) if "resultVariable" in e.attributes), "")
    name = found or _key(element, "resultVariable") or _key(element, "resultVariableName")
    return free(name) if name else ""


def _inside(element: Element) -> Iterator[Element]:
    """What other products wrote within it."""
    for holder in element.bpmn("extensionElements"):
        for each in holder.children:
            yield each
            yield from each.children


def _fields(element: Element) -> Iterator[tuple[str, str]]:
    """Values a product hands to what it runs: fields of Flowable, inputs of Zeebe, parameters of Camunda."""
    for each in _inside(element):
        given = each.attributes
        if each.name == "field" and "name" in given:
            texts = (given.get("stringValue", ""), given.get("expression", ""), *(one.text for one in each.children))
            yield given["name"], next((text.strip() for text in texts if text.strip()), "")
        elif each.name == "input" and each.space == ZEEBE and "target" in given:
            yield given["target"], given.get("source", "").removeprefix("=").strip().strip('"')
        elif each.name == "inputParameter" and "name" in given:
            yield given["name"], each.text.strip()


def _template(text: str) -> str:
    return PLACE.sub(r"{{ \1 }}", text)
