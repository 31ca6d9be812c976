"""Schemas of the models: closed, without noise, chosen by `type`; and the gate that uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator

from lowcode.kernel.definitions import Document, Expression, Part, Source
from lowcode.kernel.definitions.gate import gate
from lowcode.kernel.definitions.schema import Models, editor_settings, schema_of, schemas, write_schemas


class Condition(Part):
    when: Expression


class Rule(Document):
    type: Literal["rule"] = "rule"
    conditions: tuple[Condition, ...] = ()


class Table(Document):
    type: Literal["table"]
    hit: Literal["FIRST", "COLLECT"] = "FIRST"


MODELS: Models = {"": {"app": Document}, "rules": {"rule": Rule, "table": Table}}


def test_schemas_of_every_kind() -> None:
    """One schema per kind, one more for a folder of several; all valid, closed but for the author's own keys."""
    files = schemas(MODELS)
    assert list(files) == ["app.schema.json", "rule.schema.json", "table.schema.json", "rules.schema.json"]
    for schema in files.values():
        Draft202012Validator.check_schema(schema)
    condition = files["rule.schema.json"]["$defs"]["Condition"]
    assert condition["additionalProperties"] is False
    assert condition["patternProperties"] == {"^x-": {}}
    assert condition["properties"]["when"]["format"] == "lowcode-expression"
    assert "title" not in condition["properties"]["when"]
    assert "$schema" in files["rule.schema.json"]["properties"]


def test_editors_find_the_schemas() -> None:
    """VS Code is told which schema describes the documents of each folder."""
    expected = [
        {"fileMatch": ["/app.json"], "url": "./.schemas/app.schema.json"},
        {"fileMatch": ["/rules/**/*.json"], "url": "./.schemas/rules.schema.json"},
    ]
    assert editor_settings(MODELS, "./.schemas") == {"json.schemas": expected}


def test_writing_schemas_twice_changes_nothing(tmp_path: Path) -> None:
    """What is written is the same bytes each time."""
    first = {path: path.read_bytes() for path in write_schemas(tmp_path / "schemas", MODELS)}
    assert first == {path: path.read_bytes() for path in write_schemas(tmp_path / "schemas", MODELS)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "a"}, []),
        ({"name": "a", "type": "table", "hit": "FIRST", "x-note": 1}, []),
        ({"name": "a", "type": "tabel"}, [("unknown-value", "/type", "Did you mean 'table'?")]),
        ({"name": "a", "type": "table", "hot": 1}, [("unknown-key", "/hot", "Did you mean 'hit'?")]),
        ({"type": "rule"}, [("missing", "", 'Add "name".')]),
        ({"name": "a", "conditions": [{"when": 1}]}, [("wrong-type", "/conditions/0/when", "Write a text.")]),
        ({"name": "A"}, [("gate", "/name", "Write a text of the form ^[a-z][a-z0-9_]*$.")]),
    ],
)
def test_the_gate_names_every_misfit(values: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """A document from outside is held against the schema; findings have place and cure like all others."""
    files = schemas(MODELS)
    text = json.dumps(values, indent=1)
    found = gate(Source("rules/a.json", text, values), files["rules.schema.json"], files)
    assert [(f"definitions.{code}", pointer, hint) for code, pointer, hint in expected] == [
        (each.code, each.place.pointer, each.hint) for each in found
    ]


def test_a_schema_of_a_union() -> None:
    """Any annotation has a schema."""
    assert {"anyOf", "$defs", "$schema"} == set(schema_of(Rule | Table))
