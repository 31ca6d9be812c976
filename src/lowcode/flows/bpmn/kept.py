"""What a model says that the engine does not know: keys and extension elements of other products, lanes, notes, data.
It stands in the document under `x-bpmn` and goes out again as it came."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.flows.bpmn.xml import BPMN, LOWCODE, XSI, Element, tag

KEY = "x-bpmn"
BESIDE = (
    "laneSet",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "textAnnotation",
    "group",
    "association",
)
"""Elements of a process that are no nodes and mean nothing to a token."""
OURS = ("process", "message", "signal", "error", "escalation")
"""What stands in a document beside its drawing and is understood."""
FIRST = ("laneSet",)
"""Those that the standard wants before the nodes."""
NAMING = ("sourceRef", "targetRef", "processRef")
"""Keys that name a node or the process."""
Tree = dict[str, Any]


def said_by(element: Element) -> Tree:
    """What other products wrote at an element: keys, extension elements, and how it is done several times."""
    keys = {_name(key): value for key, value in element.attributes.items() if _is_foreign(key.rpartition(" ")[0])}
    more = [
        tree_of(each) for holder in element.bpmn("extensionElements") for each in holder.children
        if each.space != LOWCODE
    ]  # fmt: skip
    loop = [_as_meant(tree_of(each)) for each in element.bpmn("multiInstanceLoopCharacteristics")]
    strange = loop and ("inside" in loop[0] or loop[0].get("keys", {}).keys() - {"isSequential"})
    return {
        **({"keys": keys} if keys else {}),
        **({"extensions": more} if more else {}),
        **({"loop": loop[0]} if strange else {}),
    }


def _as_meant(loop: Tree) -> Tree:
    """How something is done several times, without the key that says what holds anyway: some modellers write it."""
    keys = {name: value for name, value in loop.get("keys", {}).items() if (name, value) != ("isSequential", "false")}
    return {**{name: each for name, each in loop.items() if name != "keys"}, **({"keys": keys} if keys else {})}


def _is_foreign(space: str) -> bool:
    return space not in ("", LOWCODE, XSI, BPMN)


def _name(key: str) -> str:
    space, _, local = key.rpartition(" ")
    return f"{{{space}}}{local}" if space else local


def tree_of(element: Element) -> Tree:
    """An element with all that is in it; that an expression is one is said by where it stands."""
    found: Tree = {"name": f"{{{element.space}}}{element.name}" if element.space else element.name}
    keys = {_name(key): value for key, value in element.attributes.items() if key != f"{XSI} type"}
    if keys:
        found["keys"] = keys
    if element.text.strip():
        found["text"] = element.text.strip()
    if element.children:
        found["inside"] = [tree_of(each) for each in element.children]
    return found


def element_of(tree: Mapping[str, Any]) -> ET.Element:
    """The element of a tree."""
    made = ET.Element(tree["name"], dict(tree.get("keys", {})))
    made.text = tree.get("text")
    made.extend(element_of(each) for each in tree.get("inside", ()))
    return made


def say(element: ET.Element, kept: Mapping[str, Any]) -> None:
    """Write beside an element what others wrote there."""
    for key, value in kept.get("keys", {}).items():
        element.set(key, value)
    holder = element.find(tag("bpmn:extensionElements"))
    if holder is not None:
        holder.extend(element_of(each) for each in kept.get("extensions", ()))


def beside(process: Element, names: Mapping[str, str], root: Element) -> list[Tree]:
    """The elements of a process that are no nodes, naming nodes as these are called now, with their places."""
    places = {
        each.attributes.get("bpmnElement"): each.children for each in _all(root)
        if each.name in ("BPMNShape", "BPMNEdge")
    }  # fmt: skip
    found = []
    for each in process.bpmn(*BESIDE):
        if "__to__" in each.id:  # which step a handler undoes is said by the handler
            continue
        made = _renamed(tree_of(each), names)
        inside = [tree_of(place) for place in places.get(each.id, ())]
        found.append({**made, "place": inside} if inside else made)
    return found


def around(root: Element, process: Element, name: str) -> list[Tree]:
    """What stands around the process: who takes part, kinds of data, and so on; naming the process as it is called
    now."""
    names = {process.id: name}
    return [_renamed(tree_of(each), names) for each in root.bpmn() if each.name not in OURS]


def _all(element: Element) -> Iterable[Element]:
    for each in element.children:
        yield each
        yield from _all(each)


def _renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    """The same, with the names of nodes as they are now. Nothing else is changed."""
    made = dict(tree)
    if "keys" in made:
        keys = made["keys"]
        made["keys"] = {key: names.get(value, value) if key in NAMING else value for key, value in keys.items()}
    if "text" in made and made["name"] == tag("bpmn:flowNodeRef"):
        made["text"] = names.get(made["text"], made["text"])
    if "inside" in made:
        made["inside"] = [_renamed(each, names) for each in made["inside"]]
    return made


def drawn(trees: Iterable[Mapping[str, Any]], plane: ET.Element) -> None:
    """The places of what stood beside the nodes, as they were."""
    for tree in trees:
        if tree.get("place"):
            identity = str(tree.get("keys", {}).get("id"))
            edge = any(each["name"] == tag("di:waypoint") for each in tree["place"])
            sort = tag("bpmndi:BPMNEdge") if edge else tag("bpmndi:BPMNShape")
            made = ET.SubElement(plane, sort, id=f"place_{identity}", bpmnElement=identity)
            made.extend(element_of(each) for each in tree["place"])
