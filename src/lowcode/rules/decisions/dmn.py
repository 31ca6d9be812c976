"""A decision table as DMN 1.5 XML and back, for the tools of that world.

What DMN has is written as DMN: inputs, outputs, rules, hit policy, aggregation. What it has no place for (the form,
titles in several languages) stands in an extension element, so that a document that is written and read again is the
same document; a file of another tool has none, and is read all the same.

Cells are DMN's unary tests in both; `blank` is FEEL's `null`, and `DATE(…)` its `date(…)`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring
from xml.parsers import expat

from lowcode.kernel.definitions.wording import Unfit

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
"""The namespace of DMN 1.5."""

OURS = "https://lowcode.invalid/dmn"
TYPES = {
    "text": "string",
    "choice": "string",
    "user": "string",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
}
NAMED = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
}
POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
DEPTH_LIMIT = 100
ELEMENTS_LIMIT = 100_000
SHOWN = 200
"""Characters of what stands in a file that a refusal quotes."""
_QUOTED = re.compile(r'("[^"]*")')


class WrongModel(Unfit):
    """A file is no decision table of DMN; why, in both languages."""


def write_dmn(document: Mapping[str, Any]) -> bytes:
    """The file."""
    root = Element("definitions", {"xmlns": MODEL, "id": document["name"], "name": document["name"], "namespace": OURS})
    decision = SubElement(root, "decision", {"id": f"decision_{document['name']}", "name": document["name"]})
    rest = {name: value for name, value in document.items() if name not in ("inputs", "outputs", "rules", "otherwise")}
    rest["columns"] = [*document["inputs"], *document["outputs"]]
    rest["notes"] = [row.get("note") for row in document["rules"]]
    extension = SubElement(SubElement(decision, "extensionElements"), "table", {"xmlns": OURS})
    extension.text = json.dumps(rest, ensure_ascii=False)
    policy = {"hitPolicy": document.get("hit", "FIRST")}
    if document.get("hit") == "COLLECT" and document.get("aggregate", "LIST") != "LIST":
        policy["aggregation"] = document["aggregate"]
    table = SubElement(decision, "decisionTable", {"id": f"table_{document['name']}", **policy})
    for at, each in enumerate(document["inputs"]):
        column = SubElement(table, "input", {"id": f"input_{at}", "label": each["name"]})
        expression = SubElement(column, "inputExpression", {"id": f"expression_{at}"})
        SubElement(expression, "text").text = each["expression"]
    for at, each in enumerate(document["outputs"]):
        typed = {"typeRef": TYPES.get(each.get("type", "text"), "string")}
        column = SubElement(table, "output", {"id": f"output_{at}", "name": each["name"], **typed})
        if each.get("values"):
            values = SubElement(column, "outputValues")
            SubElement(values, "text").text = ", ".join(
                json.dumps(value, ensure_ascii=False) for value in each["values"]
            )
        if each["name"] in document.get("otherwise", {}):
            default = SubElement(column, "defaultOutputEntry")
            SubElement(default, "text").text = _feel(document["otherwise"][each["name"]])
    for number, row in enumerate(document["rules"], 1):
        _write_rule(table, number, row, document)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode()


def _write_rule(table: Element, number: int, row: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    rule = SubElement(table, "rule", {"id": f"rule_{number}"})
    if isinstance(row.get("note"), str) and row["note"]:
        SubElement(rule, "description").text = row["note"]
    for at, each in enumerate(document["inputs"]):
        entry = SubElement(rule, "inputEntry", {"id": f"rule_{number}_when_{at}"})
        SubElement(entry, "text").text = _feel(row.get("when", {}).get(each["name"]) or "-")
    for at, each in enumerate(document["outputs"]):
        entry = SubElement(rule, "outputEntry", {"id": f"rule_{number}_then_{at}"})
        SubElement(entry, "text").text = _feel(row["then"].get(each["name"], ""))


def read_dmn(content: bytes) -> dict[str, Any]:
    """The document in a file: its first decision table. Raises WrongModel."""
    root = _parsed(content)
    decision = next(
        (each for each in root.iter() if _local(each) == "decision" and _below(each, "decisionTable")), None
    )
    if decision is None:
        raise WrongModel("there is no decision with a decision table", "其中没有带决策表的 decision")
    table = _below(decision, "decisionTable")[0]
    rest = _rest(decision)
    known = {each.get("name"): each for each in rest.pop("columns", ())}
    notes = rest.pop("notes", [])
    inputs = [_input(each, at, known) for at, each in enumerate(_children(table, "input"))]
    outputs = [_output(each, at, known) for at, each in enumerate(_children(table, "output"))]
    hit = table.get("hitPolicy", "UNIQUE")
    if hit not in POLICIES:
        possible = ", ".join(POLICIES)
        raise WrongModel(f"'{hit}' is no hit policy: {possible}", f"“{hit}”不是命中策略；可用：{possible}")
    document = {"name": _name(decision.get("name") or decision.get("id") or "table"), **rest, "type": "table"}
    if hit != "FIRST" or "hit" in rest:
        document["hit"] = hit
    if table.get("aggregation"):
        document["aggregate"] = table.get("aggregation")
    document["inputs"], document["outputs"] = inputs, outputs
    document["rules"] = [_rule(each, inputs, outputs, notes, at) for at, each in enumerate(_children(table, "rule"))]
    otherwise = {
        column["name"]: _ours(_words(default[0]))
        for column, each in zip(outputs, _children(table, "output"), strict=True)
        if (default := _children(each, "defaultOutputEntry"))
    }
    return document | ({"otherwise": otherwise} if otherwise else {})


def _rest(decision: Element) -> dict[str, Any]:
    for each in decision.iter(f"{{{OURS}}}table"):
        try:
            found = json.loads(each.text or "{}")
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            columns = [each for each in _listed(found, "columns") if isinstance(each, dict)]
            named = [each for each in columns if isinstance(each.get("name"), str)]
            return found | {"columns": named, "notes": _listed(found, "notes")}
    return {}


def _listed(found: Mapping[str, Any], name: str) -> list[Any]:
    written = found.get(name)
    return written if isinstance(written, list) else []


def _input(column: Element, at: int, known: Mapping[Any, Any]) -> dict[str, Any]:
    text = _words(column)
    name = _name(column.get("label") or text or f"input_{at + 1}")
    return {**known.get(name, {}), "name": name, "expression": text}


def _output(column: Element, at: int, known: Mapping[Any, Any]) -> dict[str, Any]:
    name = _name(column.get("name") or column.get("label") or f"output_{at + 1}")
    if name in known:
        return dict(known[name])
    found: dict[str, Any] = {"name": name, "type": NAMED.get(column.get("typeRef", "string").split(":")[-1], "text")}
    listed = _children(column, "outputValues")
    if listed:
        try:
            found["values"] = json.loads(f"[{_words(listed[0])}]")
        except (ValueError, RecursionError):
            seen = _words(listed[0])[:SHOWN]
            english = f"the values of output '{name}' are not a list: {seen}"
            raise WrongModel(english, f"输出“{name}”的取值不是列表：{seen}") from None
    return found


def _rule(row: Element, inputs: list[Any], outputs: list[Any], notes: list[Any], at: int) -> dict[str, Any]:
    asked = [_ours(_words(each)) for each in _children(row, "inputEntry")]
    answered = [_ours(_words(each)) for each in _children(row, "outputEntry")]
    if len(asked) != len(inputs) or len(answered) != len(outputs):
        raise WrongModel(
            f"row {at + 1} has {len(asked)} + {len(answered)} cells for {len(inputs)} + {len(outputs)} columns",
            f"第 {at + 1} 行有 {len(asked)} + {len(answered)} 个单元格，而列数为 {len(inputs)} + {len(outputs)}",
        )
    found: dict[str, Any] = {
        "when": {column["name"]: cell for column, cell in zip(inputs, asked, strict=True) if cell not in ("", "-")},
        "then": {column["name"]: cell for column, cell in zip(outputs, answered, strict=True) if cell},
    }
    described = _children(row, "description")
    note = notes[at] if at < len(notes) and notes[at] else (described[0].text or "") if described else ""
    return found | ({"note": note} if note else {})


# -- cells ------------------------------------------------------------------------------------------------------------


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what stands outside of quotes."""
    return "".join(part if part.startswith('"') else change(part) for part in _QUOTED.split(text))


def _feel(text: str) -> str:
    return _outside(text, lambda part: re.sub(r"\bDATE\(", "date(", re.sub(r"\bblank\b", "null", part)))


def _ours(text: str) -> str:
    return _outside(text, lambda part: re.sub(r"\bdate\(", "DATE(", re.sub(r"\bnull\b", "blank", part)))


# -- xml --------------------------------------------------------------------------------------------------------------


def _parsed(content: bytes) -> Element:
    """The tree of a file. A document type is refused: with it come entities that grow without end."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = count = 0

    def refuse(*_: Any) -> None:
        raise WrongModel("a document type is not accepted", "不接受文档类型声明（DOCTYPE）")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEPTH_LIMIT or count > ELEMENTS_LIMIT:
            raise WrongModel("it is too deep or has too many elements", "它嵌套过深或元素过多")
        builder.start(tag(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag(name))

    def tag(name: str) -> str:
        return "{" + name if "}" in name else name

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise WrongModel(f"the file is no XML: {error}", f"文件不是有效的 XML（第 {error.lineno} 行）") from None
    except LookupError as error:  # an encoding that nobody knows
        raise WrongModel(f"the file is no XML: {error}", "文件不是有效的 XML：编码未知") from None
    except ValueError as error:  # one of several bytes a character, as GB 18030
        raise WrongModel(
            f"the file cannot be read: {error}; save it as UTF-8",
            "无法读取该文件：不支持其编码，请另存为 UTF-8 后重试",
        ) from None
    return builder.close()


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> list[Element]:
    return [each for each in element if _local(each) == name]


def _below(element: Element, name: str) -> list[Element]:
    return [each for each in element.iter() if _local(each) == name]


def _words(element: Element) -> str:
    found = next((each.text or "" for each in element.iter() if _local(each) == "text"), "")
    return found.strip()


def _name(words: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", words.strip().lower()).strip("_")
    return plain if plain[:1].isalpha() else f"t_{plain}" if plain else "table"
