"""What the designer of boards asks: a board as it would be is looked at with its numbers, and nothing of it is kept."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.identity import Actor
from lowcode.reports.boards.notes import plain, wrapped
from lowcode.reports.boards.words import OPTIONS
from lowcode.reports.charts.svg import width_of
from lowcode.reports.definition import DashboardDefinition, FilterDefinition, TileDefinition
from tests.reports.opened import DIRECTOR, SALES, Opened, open_firm

ROOT = Actor(id=90, login="root", roles=frozenset({"administrator"}))
NOTE = "# Read this\n\n1. **Bold** <b>words</b>\n2. [a link](javascript:alert(1))\n\n- one"
BOARD: dict[str, Any] = {
    "name": "wall", "type": "dashboard", "title": {"zh-CN": "墙", "en": "Wall"},
    "filters": [{"name": "seller", "type": "member"}, {"name": "period", "type": "period"}],
    "tiles": [
        {"heading": {"zh-CN": "本月", "en": "This month"}, "x": 0, "y": 0, "w": 12, "h": 1},
        {"report": "total", "filters": {"seller": "owner"}, "x": 0, "y": 1, "w": 3, "h": 2},
        {"report": "total", "title": "All", "filters": {"seller": False}, "x": 3, "y": 1, "w": 3, "h": 2},
        {"text": NOTE, "x": 6, "y": 1, "w": 6, "h": 3},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def firm() -> Opened:
    """Two sellers with a deal each."""
    found = open_firm()
    for seller, amount in ((SALES[0], 100), (SALES[1], 30)):
        found.add("deal", name=seller.login, amount=Decimal(amount), closed_on=date(2026, 11, 3), owner=seller.id)
    return found


def totals(answer: Any) -> list[Any]:
    """The amounts of the tiles that have a report."""
    return [each["result"]["rows"][0][0] for each in answer["tiles"] if "result" in each]


@pytest.mark.requirement("B10", "B11", "SB13")
def test_a_board_is_looked_at_before_anybody_has_it(firm: Opened) -> None:
    """A filter stands for another one of a report, also where no published board asks for it; another tile does not
    follow it. Who designs nothing is refused."""
    assert firm.ask(ROOT, "reports.check_board", document=BOARD) == {"findings": [], "elsewhere": False}
    assert totals(firm.ask(ROOT, "reports.try_board", document=BOARD)) == [130, 130]
    chosen = {"seller": SALES[0].id}
    answer = firm.ask(ROOT, "reports.try_board", document=BOARD, filters=chosen)
    assert totals(answer) == [100, 130]
    followed = [each.get("filters") for each in answer["tiles"] if "report" in each]
    assert followed == [{"owner": SALES[0].id, "period": None}, {"period": None}]
    assert [each.get("heading", each.get("text")) for each in answer["tiles"]][0::3] == [
        BOARD["tiles"][0]["heading"],
        NOTE,
    ]
    for operation in ("board_palette", "check_board", "try_board", "own_boards"):
        document = {} if operation.endswith(("palette", "boards")) else {"document": BOARD}
        with pytest.raises(Forbidden):
            firm.ask(DIRECTOR, f"reports.{operation}", **document)


def test_what_is_wrong_is_said_at_its_place(firm: Opened) -> None:
    """An unknown report, a filter that is not there or is there twice, one that a report cannot follow, a tile that is
    two things or none; and documents that are no board at all."""
    wrong = deepcopy(BOARD)
    wrong["filters"].append({"name": "seller", "type": "member"})
    wrong["tiles"] += [
        {"report": "totl", "x": 0, "y": 9, "w": 3, "h": 2},
        {"report": "total", "filters": {"sellr": "owner", "seller": "amount"}, "x": 0, "y": 9, "w": 3, "h": 2},
    ]
    found = firm.ask(ROOT, "reports.check_board", document=wrong)["findings"]
    assert {(each["code"], each["pointer"]) for each in found} == {
        ("names.unknown", "/tiles/4/report"), ("reports.no-filter", "/tiles/5/filters/sellr"),
        ("reports.follows-not", "/tiles/5/filters/seller"), ("reports.filter-twice", "/filters/2/name"),
    }  # fmt: skip
    with pytest.raises(Rejected) as refused:
        firm.ask(ROOT, "reports.try_board", document=wrong)
    assert "/document/tiles/4/report" in [each.pointer for each in refused.value.problems]
    shape = {"x": 0, "y": 0, "w": 3, "h": 2}
    for tiles in ([shape], [{**shape, "report": "total", "text": "both"}], [{**shape, "report": ["total"]}], 7):
        assert firm.ask(ROOT, "reports.check_board", document={**BOARD, "tiles": tiles})["findings"]
    with pytest.raises(Rejected):
        firm.ask(DIRECTOR, "reports.keep_board", title="Mine", tiles=[shape])


def test_a_board_of_before_with_a_filter_twice_still_opens() -> None:
    """It was never refused, so an app that has one goes on; its author is told."""
    twice = {**BOARD, "filters": [*BOARD["filters"], BOARD["filters"][0]]}
    opened = open_firm(more={"reports/wall.json": twice})
    assert 4 == len(opened.ask(ROOT, "reports.dashboard", dashboard="wall")["tiles"])
    found = opened.ask(ROOT, "reports.check_board", document=twice)["findings"]
    assert [("reports.filter-twice", "warning")] == [(each["code"], each["severity"]) for each in found]


def test_every_option_of_a_board_has_words_and_every_report_is_offered(firm: Opened) -> None:
    """Nothing of it is listed in the page."""
    found = firm.ask(ROOT, "reports.board_palette")
    models = (DashboardDefinition, TileDefinition, FilterDefinition)
    options = {name for model in models for name in model.model_fields} - {"schema_", "format"}
    assert options - OPTIONS.keys() == set()
    total = next(each for each in found["reports"] if each["name"] == "total")
    assert (total["chart"], total["form"], total["dated"]) == ("kpi", "deal", True)
    assert {"owner", "stage", "account", "name"} <= {each["value"] for each in total["follows"]}
    assert "amount" not in {each["value"] for each in total["follows"]}


@pytest.mark.requirement("B14")
def test_headings_and_texts_stand_on_files_and_own_boards(firm: Opened) -> None:
    """As a picture and in words; a workbook has the sheets of the reports alone; nothing of a text is read as HTML."""
    made = firm.ask(DIRECTOR, "reports.keep_board", title="Mine", tiles=BOARD["tiles"], filters=BOARD["filters"])
    mine = firm.ask(DIRECTOR, "reports.dashboard", dashboard=str(made["id"]))
    assert [each.get("report", each.get("text", "heading")) for each in mine["tiles"]] == [
        "heading",
        "total",
        "total",
        NOTE,
    ]
    picture = firm.ask(DIRECTOR, "reports.board_file", dashboard=str(made["id"]), format="svg")["content"].decode()
    assert "Read this" in picture and "&lt;b&gt;words" in picture and "<b>" not in picture and "href" not in picture
    book = firm.ask(DIRECTOR, "reports.board_file", dashboard=str(made["id"]), format="xlsx")["content"]
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names) == 2
    assert plain(NOTE) == "Read this\n1. Bold <b>words</b>\n2. [a link](javascript:alert(1))\n• one"
    assert [row["title"] for row in firm.ask(ROOT, "reports.own_boards")["items"]] == ["Mine"]


def test_a_text_is_broken_where_it_may_be() -> None:
    """Behind words and behind Chinese signs; a word that is too long is cut."""
    for text in ("the quick brown fox jumps", "中文文字在任何一个字后面都可以换行", "x" * 80, "", "a 中文 b"):
        found = wrapped(text, 13, 100)
        assert all(width_of(each, 13) <= 100 + 13 for each in found)
        assert "".join("".join(found).split()).rstrip("…") in "".join(text.split())
