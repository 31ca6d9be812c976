"""An overlay over an app that moves on: what either side changed is there, and what both changed otherwise is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.cli import main
from lowcode.kernel.definitions import load
from lowcode.kernel.definitions.merge import merge
from lowcode.kernel.diagnostics import Report

CASES = json.loads(Path(__file__).with_name("merges.json").read_text(encoding="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", "y"]),
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.lists(inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"name": st.sampled_from("pqrs"), "v": inner}), max_size=4)
    ),
    max_leaves=8,
)
MEMBERS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 1), max_size=8)


@pytest.mark.requirement("X16")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_three_versions_become_one(case: dict[str, Any]) -> None:
    """As the case says; from the other side the same clashes, and the same where there are none, but for order."""
    merged, clashes = merge(case["base"], case["mine"], case["theirs"])
    assert merged == case["merged"]
    assert [each.pointer for each in clashes] == case.get("clashes", [])
    assert len(merge(case["base"], case["theirs"], case["mine"])[1]) == len(clashes)


@given(base=VALUES, mine=VALUES, theirs=VALUES)
def test_what_one_side_left_alone_is_the_others(base: Any, mine: Any, theirs: Any) -> None:
    """Who changes nothing loses nothing and costs nothing; whichever side is named first, the clashes are the same."""
    assert merge(base, mine, base) == (mine, [])
    assert merge(base, base, theirs) == (theirs, [])
    assert merge(base, mine, mine) == (mine, [])
    assert len(merge(base, mine, theirs)[1]) == len(merge(base, theirs, mine)[1])


@given(base=MEMBERS, mine=MEMBERS, theirs=MEMBERS)
def test_no_change_of_either_side_is_lost(base: dict[str, int], mine: dict[str, int], theirs: dict[str, int]) -> None:
    """Of named members every change of one side is in the result, or stands in a clash."""
    sides = [[{"name": name, "v": value} for name, value in each.items()] for each in (base, mine, theirs)]
    merged, clashes = merge(*sides)
    found = {each["name"]: each["v"] for each in merged}
    told = {each.mine["name"] if isinstance(each.mine, dict) else each.theirs["name"] for each in clashes
            if isinstance(each.mine, dict) or isinstance(each.theirs, dict)}  # fmt: skip
    told |= {merged[int(each.pointer.split("/")[1])]["name"] for each in clashes if each.pointer.endswith("/v")}
    for name in base.keys() | mine.keys() | theirs.keys():
        was, own, other = base.get(name), mine.get(name), theirs.get(name)
        if own == other or other == was:
            assert found.get(name) == own
        elif own == was:
            assert found.get(name) == other
        else:
            assert name in told


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """An app, and an overlay over it that changes a form of it and has a rule of its own."""
    put(tmp_path / "vendor", {"app.json": app(), "forms/lead.json": lead(), "rules/hello.json": {"name": "hello"}})
    assert main(["overlay", "begin", str(tmp_path / "ours"), "--over", str(tmp_path / "vendor")]) == 0
    assert main(["overlay", "edit", str(tmp_path / "ours"), "forms/lead.json"]) == 0
    put(tmp_path / "ours", {
        "forms/lead.json": lead({"name": "name", "type": "text", "max_length": 40}, {"name": "ours", "type": "text"}),
        "rules/own.json": {"name": "own"},
    })  # fmt: skip
    return tmp_path / "vendor"


def app() -> dict[str, Any]:
    """The document of the app."""
    return {"name": "crm", "title": "CRM", "version": "1.0.0"}


FIRST: dict[str, Any] = {"name": "name", "type": "text", "max_length": 100}


def lead(*fields: dict[str, Any]) -> dict[str, Any]:
    """A form; without fields as the vendor first made it."""
    return {"name": "lead", "fields": list(fields) or [FIRST]}


def put(folder: Path, files: dict[str, Any]) -> None:
    """Write documents."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(data), "utf-8")


def read(overlay: Path) -> tuple[dict[str, Any], list[str]]:
    """The documents of the app as the overlay makes it, and the codes of what was found."""
    report = Report()
    documents = load(str(overlay), report)
    return {each.path: each.data for each in documents}, [each.code.partition(".")[2] for each in report]


@pytest.mark.requirement("X16")
def test_an_overlay_stands_over_what_the_app_becomes(vendor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As long as the app stays, the overlay counts as written, with its lines; when the app moves on, what both brought
    is there at once, and `update` writes it down."""
    ours = vendor.parent / "ours"
    found, codes = read(ours)
    assert (sorted(found), codes) == (["app.json", "forms/lead.json", "rules/hello.json", "rules/own.json"], [])
    assert load(str(ours)).get("forms", "lead").place("/fields/1").line == 1  # type: ignore[union-attr]
    put(vendor, {"forms/lead.json": lead(FIRST, {"name": "theirs", "type": "date"})})
    found, codes = read(ours)
    assert codes == []
    assert [each["name"] for each in found["forms/lead.json"]["fields"]] == ["name", "ours", "theirs"]
    assert found["forms/lead.json"]["fields"][0]["max_length"] == 40
    assert main(["overlay", "status", str(ours), "--language", "en"]) == 0
    assert "the app since:" in capsys.readouterr().out
    assert main(["overlay", "update", str(ours)]) == 0
    assert (ours / "base/forms/lead.json").read_bytes() == (vendor / "forms/lead.json").read_bytes()
    assert read(ours)[0] == found
    (ours / "overlay.json").write_text(json.dumps({"over": "../vendor", "without": ["rules/hello.json"]}), "utf-8")
    assert "rules/hello.json" not in read(ours)[0]


@pytest.mark.requirement("X16")
@pytest.mark.parametrize(("take", "length"), [("mine", 40), ("theirs", 200)])
def test_what_both_changed_is_told_until_somebody_decides(
    vendor: Path, capsys: pytest.CaptureFixture[str], take: str, length: int
) -> None:
    """With all three values; nothing is written without a decision, and the rest of both stands after it."""
    ours = vendor.parent / "ours"
    changed: list[dict[str, Any]] = [
        {"name": "name", "type": "text", "max_length": 200},
        {"name": "theirs", "type": "date"},
    ]
    put(vendor, {"forms/lead.json": lead(*changed)})
    before = (ours / "forms/lead.json").read_bytes()
    assert read(ours)[1] == ["overlay-clash"]
    assert main(["overlay", "update", str(ours)]) == 1
    said = capsys.readouterr()
    assert "it was 100, the app made it 200, the overlay made it 40" in said.out + said.err
    assert (ours / "forms/lead.json").read_bytes() == before
    assert main(["overlay", "update", str(ours), "--take", take]) == 0
    found, codes = read(ours)
    assert codes == []
    fields = found["forms/lead.json"]["fields"]
    assert ({each["name"] for each in fields}, fields[0]["max_length"]) == ({"name", "ours", "theirs"}, length)


def test_what_the_app_drops_or_adds_too_is_told(vendor: Path) -> None:
    """A document that the overlay changed and the app dropped; one that both have made."""
    ours = vendor.parent / "ours"
    (vendor / "forms/lead.json").unlink()
    assert read(ours)[1] == ["overlay-clash"]
    put(vendor, {"forms/lead.json": lead(), "rules/own.json": {"name": "own", "title": "Theirs"}})
    assert read(ours)[1] == []
    put(vendor, {"rules/own.json": {"name": "own", "title": "Theirs"}})
    put(ours, {"rules/own.json": {"name": "own", "title": "Ours"}})
    assert read(ours)[1] == ["overlay-clash"]


@pytest.mark.parametrize(
    ("overlay", "code"),
    [
        ({"name": "x"}, "overlay-over-what"),
        ({"over": "../vendr"}, "overlay-of-nothing"),
        ({"over": "."}, "overlay-too-deep"),
        ({"over": "../vendor", "ovr": 1}, "overlay-unknown-key"),
        ({"over": "../vendor", "without": "rules"}, "overlay-without-paths"),
        ({"over": "../vendor", "without": ["rules/helo.json"]}, "overlay-leaves-out-nothing"),
    ],
)
def test_a_wrong_overlay_says_so(vendor: Path, overlay: dict[str, Any], code: str) -> None:
    """What it lies over, and what it leaves out, has to be there."""
    ours = vendor.parent / "ours"
    (ours / "overlay.json").write_text(json.dumps(overlay), "utf-8")
    assert read(ours)[1] == [code]


def test_an_overlay_that_stands_nowhere_says_so() -> None:
    """A mapping has no folder that the app could stand beside."""
    report = Report()
    load({"overlay.json": {"over": "../vendor"}}, report)
    assert [each.code for each in report] == ["definitions.overlay-without-place"]
