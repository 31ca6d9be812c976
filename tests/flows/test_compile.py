"""Everything that can be wrong with a flow is told, with its place and cure, all at once."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.flows.diagnostics import MESSAGES
from lowcode.kernel.definitions import read_source
from lowcode.kernel.diagnostics import Report
from tests.flows.shapes import compiled

CORPUS = Path(__file__).parents[1] / "conformance" / "flows"
CASES = json.loads((CORPUS / "findings.json").read_text(encoding="utf-8"))
SOUND: dict[str, Any] = {
    "name": "test",
    "form": "quote",
    "nodes": [
        {"id": "start", "type": "start", "to": "ask"},
        {"id": "ask", "type": "approve", "approvers": ["owner"], "approved": "end", "rejected": "refused"},
        {"id": "refused", "type": "end", "outcome": "rejected"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ],
}


def changed(case: dict[str, Any]) -> dict[str, Any]:
    """The sound flow with what the case does to it."""
    document = {**copy.deepcopy(SOUND), **case.get("keys", {})}
    document["nodes"] = [*case.get("nodes", document["nodes"]), *case.get("add", [])]
    for pointer, value in case.get("change", {}).items():
        *path, last = pointer.strip("/").split("/")
        found: Any = document
        for part in path:
            found = found[int(part)] if isinstance(found, list) else found[part]
        found[last] = value
    return document


def test_the_sound_flow_is_sound() -> None:
    """What the cases change is right before."""
    plan, report = compiled(SOUND)
    assert plan is not None
    assert not list(report)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_findings(case: dict[str, Any]) -> None:
    """Code, place and cure of each finding."""
    plan, report = compiled(changed(case))
    found = [(each.code, each.place.pointer) for each in report]
    expected = [(each["code"], each["pointer"]) for each in case["findings"]]
    assert sorted(expected) == sorted(found), str(report)
    hints = {each.place.pointer: each.hint for each in report}
    for each in case["findings"]:
        assert each.get("hint", "") in hints[each["pointer"]]
    assert (plan is None) == bool(report.errors)


def test_every_code_has_a_case() -> None:
    """A message that nothing provokes is a message that nobody has read."""
    provoked = {each["code"] for case in CASES for each in case["findings"]}
    assert set() == set(MESSAGES) - provoked


def test_a_finding_names_line_and_column() -> None:
    """The place is in the author's text."""
    text = '{\n  "name": "test", "form": "quote",\n  "nodes": [\n    {"id": "start", "type": "start", "to": "x"},\n'
    text += '    {"id": "end", "type": "end"}\n  ]\n}'
    report = compiled(text)[1]
    assert [("flows.unknown-node", 4, 44)] == [(each.code, each.place.line, each.place.column) for each in report]


def test_an_unknown_key_names_the_nearest() -> None:
    """Documents are closed."""
    wrong = copy.deepcopy(SOUND)
    wrong["nodes"][1]["aprovers"] = wrong["nodes"][1].pop("approvers")
    report = compiled(wrong)[1]
    assert any("approvers" in each.hint for each in report), str(report)


def test_order_and_spaces_do_not_make_a_new_version() -> None:
    """The digest is of the meaning of a document."""
    first = compiled(SOUND)[0]
    second = compiled(json.dumps(dict(reversed(SOUND.items())), indent=7))[0]
    other = compiled({**SOUND, "title": "Other"})[0]
    assert first is not None
    assert second is not None
    assert other is not None
    assert first.digest == second.digest != other.digest


def test_the_corpus_is_read_strictly() -> None:
    """The corpus itself is good JSON."""
    report = Report()
    for path in sorted(CORPUS.rglob("*.json")):
        read_source(path.name, path.read_text(encoding="utf-8"), report)
    assert report.ok, str(report)


SOUNDNESS = json.loads((CORPUS / "soundness.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SOUNDNESS, ids=range(len(SOUNDNESS)))
def test_soundness(case: dict[str, Any]) -> None:
    """The same cases are read by the designer, which walks the markings before it does anything."""
    _, report = compiled({**SOUND, "nodes": case["nodes"]})
    unsound = {"flows.join-never-complete", "flows.tokens-multiply", "flows.events-multiply", "flows.dead-end"}
    assert case["sound"] is not bool(unsound & {each.code for each in report}), str(report)
