"""XML as BPMN needs it: read without entities, document types or depths that hurt, with the line of each element."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOWCODE = "https://lowcode.dev/bpmn"
CAMUNDA = ("http://camunda.org/schema/1.0/bpmn", "http://activiti.org/bpmn", "http://flowable.org/bpmn")
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
PREFIXES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI, "lowcode": LOWCODE}

SIZE_LIMIT = 8 * 2**20
DEPTH_LIMIT = 100
ELEMENTS_LIMIT = 100_000


class BadXml(ValueError):
    """What came is no XML that is read here; the message says why, `line` where."""

    def __init__(self, reason: str, line: int = 1) -> None:
        self.line = line
        super().__init__(reason)


@dataclass(slots=True)
class Element:
    """One element: its namespace and name, attributes by `namespace name` or name, and where it stands."""

    space: str
    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return self.attributes.get("id", "")

    def own(self, name: str) -> str:
        """An attribute of ours; '' when it has none."""
        return self.attributes.get(f"{LOWCODE} {name}", "")

    def bpmn(self, *names: str) -> Iterator[Element]:
        """Children of the standard with one of these names; without names all of them."""
        return (each for each in self.children if each.space == BPMN and (not names or each.name in names))

    def first(self, name: str) -> Element | None:
        """The first child of the standard with this name."""
        return next(self.bpmn(name), None)


def read(data: bytes) -> Element:
    """The root element. Raises BadXml."""
    if len(data) > SIZE_LIMIT:
        raise BadXml(f"it has more than {SIZE_LIMIT} bytes")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    root = Element("", "", 0)
    open_elements = [root]
    texts: list[list[str]] = [[]]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(open_elements) > DEPTH_LIMIT or count > ELEMENTS_LIMIT:
            raise BadXml("it is too deep or has too many elements", parser.CurrentLineNumber)
        space, _, local = name.rpartition(" ")
        made = Element(space, local, parser.CurrentLineNumber, attributes)
        open_elements[-1].children.append(made)
        open_elements.append(made)
        texts.append([])

    def end(_: str) -> None:
        open_elements.pop().text = "".join(texts.pop())

    def text(found: str) -> None:
        texts[-1].append(found)

    def refuse(*_: object) -> int:
        raise BadXml("document types and entities are not read", parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadXml(expat.ErrorString(error.code), error.lineno) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, BadXml):
            raise
        raise BadXml(str(error)) from None
    return root.children[0]


def tag(name: str) -> str:
    """`bpmn:task` as ElementTree writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


def written(root: ET.Element) -> str:
    """The document as text, indented."""
    for prefix, space in PREFIXES.items():
        ET.register_namespace(prefix, space)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
