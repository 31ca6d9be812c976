"""What the designer of reports asks: a report as it would be is looked at and run, for whoever designs it or for
somebody else, and nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.reports import designing
from lowcode.reports.charts import BUILT_IN
from lowcode.reports.definition import (
    DatasetDefinition,
    DimensionDefinition,
    FunnelDefinition,
    MeasureDefinition,
    ReportDefinition,
)
from lowcode.reports.words import AGGREGATES, CHARTS, CHOICES, OPTIONS
from tests.reports.opened import DIRECTOR, FIRM, Opened, cells, fill, open_firm

ROOT = Actor(9, "root", "Root", frozenset({"administrator"}), locale="en")
DRAFT: dict[str, Any] = {
    "name": "draft", "type": "report", "title": "Draft", "form": "deal",
    "dimensions": [{"name": "stage", "expression": "stage"}],
    "measures": [{"name": "deals", "title": "Deals", "expression": "COUNT()"}], "chart": {"type": "bar"},
}  # fmt: skip
PUBLISHED = sorted(
    (document for path in (FIRM / "reports").glob("*.json") if (document := json.loads(path.read_text("utf-8")))
     and document["type"] in designing.DESIGNED),
    key=lambda document: str(document["name"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def firm() -> Iterator[Opened]:
    """The sample firm with rows, and three who work there."""
    opened = open_firm()
    for login, role in (("director", "director"), ("li.na", "sales"), ("zhang.wei", "sales")):
        opened.ask(APP, "identity.save_person", login=login, name=login, roles=[role])
    opened.host.forget_directory()
    fill(opened, 7)
    yield opened
    opened.host.close()


def checked(firm: Opened, **changes: Any) -> dict[str, Any]:
    """What is said of the draft with some changes."""
    found: dict[str, Any] = firm.ask(ROOT, "reports.check", document={**DRAFT, **changes})
    return found


def pointers(found: Mapping[str, Any]) -> list[str]:
    """Where something is wrong."""
    return [each["pointer"] for each in found["findings"]]


@pytest.mark.requirement("SP03")
@pytest.mark.parametrize("document", PUBLISHED, ids=lambda document: document["name"])
def test_what_is_published_is_tried_with_the_same_result(firm: Opened, document: dict[str, Any]) -> None:
    """A draft that says what the app says is sound and shows what the app shows; so nothing but the place differs
    between what is designed and what is published."""
    assert firm.ask(ROOT, "reports.check", document=document)["findings"] == []
    tried = firm.ask(ROOT, "reports.try", document=document)
    if document["type"] == "dataset":
        assert firm.ask(ROOT, "reports.explore", report=document["name"]) == tried
    else:
        assert firm.ask(ROOT, "reports.run", report=document["name"]) == tried


def test_a_mistake_stands_at_its_place(firm: Opened) -> None:
    """Each part that is wrong is named with its place in the document, a dataset that no report uses too, and nothing
    that is wrong is run."""
    assert pointers(checked(firm, dimensions=[{"name": "stage", "expression": "stag"}])) == [
        "/dimensions/0/expression"
    ]  # fmt: skip
    assert pointers(checked(firm, sort=["-deal"], roles=["boss"])) == ["/roles/0", "/sort/0"]
    dataset = {"name": "own", "type": "dataset", "form": "deal", "measures": DRAFT["measures"],
               "dimensions": [{"name": "stage", "expression": "stag"}]}  # fmt: skip
    assert pointers(firm.ask(ROOT, "reports.check", document=dataset)) == ["/dimensions/0/expression"]
    board = firm.ask(ROOT, "reports.check", document={"name": "board", "type": "dashboard"})
    assert [(each["code"], each["pointer"]) for each in board["findings"]] == [("reports.not-designed", "/type")]
    with pytest.raises(Rejected) as refused:
        firm.ask(ROOT, "reports.try", document={**DRAFT, "sort": ["-deal"]})
    assert [each.pointer for each in refused.value.problems] == ["/document/sort/0"]
    with pytest.raises(Rejected, match="nothing to show"):
        firm.ask(ROOT, "reports.try", document={**dataset, "dimensions": []})


def test_charts_say_what_they_miss(firm: Opened) -> None:
    """Each kind says by its own declaration why it would not show a report, and the numbers it needs are counted."""
    charts = checked(firm)["charts"]
    assert charts.keys() == {each.name for each in BUILT_IN}
    assert charts["bar"] is None
    assert charts["bubble"]["en"] == "Needs 2 more numbers"
    assert charts["heat_map"]["en"] == "Needs one more group"
    by_month = [{"name": "month", "expression": "closed_at", "grain": "month"}]
    assert checked(firm, dimensions=by_month)["charts"]["calendar"]["en"] == "Needs a date first, by day"
    assert checked(firm, dimensions=[{**by_month[0], "grain": "day"}])["charts"]["calendar"] is None
    three = [{"name": name, "expression": name} for name in ("stage", "owner", "account")]
    assert checked(firm, dimensions=three)["charts"]["pie"]["en"] == "Shows 1 at most: take 2 away"
    start = {"name": "start", "title": "Start", "expression": "MIN(closed_at)"}
    assert charts["timeline"] is not None
    assert checked(firm, measures=[start])["charts"]["timeline"] is None


def test_a_person_sees_their_own_rows_in_a_draft(firm: Opened) -> None:
    """What somebody would see is what they may read; a report that is not for them is refused in their place too."""
    everything = cells(firm.ask(ROOT, "reports.try", document=DRAFT))
    people = {each["name"] for each in firm.ask(ROOT, "reports.palette")["people"]}
    assert {"li.na", "zhang.wei"} <= people
    shown = [cells(firm.ask(ROOT, "reports.try", document=DRAFT, login=each)) for each in ("li.na", "zhang.wei")]
    assert everything == {
        key: {"deals": sum(each.get(key, {"deals": 0})["deals"] for each in shown)} for key in everything
    }
    assert shown[0] != everything
    for_directors = {**DRAFT, "roles": ["director"]}
    with pytest.raises(Forbidden):
        firm.ask(ROOT, "reports.try", document=for_directors, login="li.na")
    assert firm.ask(ROOT, "reports.try", document=for_directors, login="director")["rows"]
    with pytest.raises(NotFound, match="li\\.na"):
        firm.ask(ROOT, "reports.try", document=DRAFT, login="li.nn")
    with pytest.raises(Forbidden):
        firm.ask(DIRECTOR, "reports.try", document=DRAFT)


def test_a_draft_is_drilled_and_a_dataset_combined(firm: Opened) -> None:
    """A press on a number of a draft leads to its records; a dataset is looked at by the dimensions that are chosen."""
    behind = firm.ask(ROOT, "reports.try", document=DRAFT, drill={"stage": "won"})
    found = firm.ask(ROOT, "records.list", type=behind["form"], where=behind["where"], limit=100)["items"]
    assert len(found) == cells(firm.ask(ROOT, "reports.try", document=DRAFT))["won",]["deals"]
    dataset = next(each for each in PUBLISHED if each["name"] == "deals")
    rows = [dataset["dimensions"][1]["name"]]
    combined = firm.ask(ROOT, "reports.try", document=dataset, rows=rows)
    assert [each["name"] for each in combined["columns"] if each["role"] == "dimension"] == rows
    assert firm.ask(ROOT, "reports.check", document=dataset)["elsewhere"] is False
    fewer = {**dataset, "measures": dataset["measures"][:1]}
    assert firm.ask(ROOT, "reports.check", document=fewer)["elsewhere"] is True


def test_a_draft_goes_down_its_hierarchy(firm: Opened) -> None:
    """A press leads to the level below, and from there to the records of both values; beyond the last it is refused."""
    levels = [{"name": "owner", "title": "Owner", "expression": "owner"}]
    draft = {**DRAFT, "dimensions": [{"name": "stage", "expression": "stage", "levels": levels}]}
    top = firm.ask(ROOT, "reports.try", document=draft)
    assert top["hierarchies"] == [{"dimension": "stage", "levels": ["stage", "owner"]}]
    below = firm.ask(ROOT, "reports.try", document=draft, path={"stage": ["won"]})
    assert sum(row[1] for row in below["rows"]) == cells(top)["won",]["deals"]
    owner = below["rows"][0][0]
    drill = {"owner": owner["id"] if isinstance(owner, dict) else owner}
    behind = firm.ask(ROOT, "reports.try", document=draft, path={"stage": ["won"]}, drill=drill)
    found = firm.ask(ROOT, "records.list", type=behind["form"], where=behind["where"], limit=100)["items"]
    assert len(found) == below["rows"][0][1] > 0
    with pytest.raises(Rejected):
        firm.ask(ROOT, "reports.try", document=draft, path={"stage": ["won", 1]})


def test_a_draft_is_stopped(firm: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows beyond a limit are cut off and that is told; a read that takes too long is refused with what would help."""
    monkeypatch.setattr(designing, "ROWS", 3)
    cut = firm.ask(ROOT, "reports.try", document=DRAFT)
    assert (len(cut["rows"]), cut["capped"]) == (3, True)

    def slow(_: object, context: Any, *_more: object) -> None:
        assert context.unit.database.guard.on
        raise OutOfTime

    monkeypatch.setattr(designing, "shown", slow)
    with pytest.raises(Rejected, match="was stopped"):
        firm.ask(ROOT, "reports.try", document=DRAFT)
    assert not firm.host.database.guard.on


def words_of(schema: Mapping[str, Any]) -> set[str]:
    """Every option of a schema, and every word that may be chosen for one."""
    found: set[str] = set()
    for part in (schema, *schema.get("$defs", {}).values()):
        found |= part.get("properties", {}).keys()
    return found


def test_everything_has_words(firm: Opened) -> None:
    """Every kind of chart, aggregate, option and choice is called something in both languages."""
    palette = firm.ask(ROOT, "reports.palette")
    assert {each["name"] for each in palette["charts"]} == CHARTS.keys()
    assert {each["name"] for each in palette["aggregates"]} == AGGREGATES.keys()
    own = {"type", "name", "$schema", "format"}
    said = set().union(*(words_of(each) for each in palette["schemas"].values())) - own
    assert said <= OPTIONS.keys(), sorted(said - OPTIONS.keys())
    models = (ReportDefinition, DatasetDefinition, FunnelDefinition, DimensionDefinition, MeasureDefinition)
    chosen = set()
    for model in models:
        for part in json.loads(json.dumps(model.model_json_schema()))["properties"].values():
            for each in (part, *part.get("anyOf", ())):
                chosen |= {str(word) for word in each.get("enum", ())}
    drawn = {"loss_funnel", "funnel", "table"}
    assert chosen - drawn <= CHOICES.keys(), sorted(chosen - drawn - CHOICES.keys())
    changes = ["account.changes", "deal.changes", "visit.changes"]
    assert [each["name"] for each in palette["subjects"]] == sorted([*changes, "deal.items", "deal.stage"])
