"""Boards: one round trip, filters that cross, free combination, people's own, links, files, and letters."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import APP
from tests.api.vendors import DingTalk, WeCom, serving
from tests.reports.gallery import KINDS, NOBODY, ROWS, open_gallery, summed, with_people
from tests.support.mail import MailServer

NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEYS = {"DING_KEY": "SEC1", "WECOM_KEY": "app-secret"}


@pytest.fixture(scope="module")
def gallery() -> Host:
    return with_people(open_gallery())


def ask(host: Host, login: str, operation: str, **parameters: Any) -> Any:
    return host.ask(host.actor(login), operation, **parameters)


def tile(board: Any, report: str) -> Any:
    """A tile of a board."""
    return next(each for each in board["tiles"] if each["report"] == report)


@pytest.mark.requirement("SB13", "SB14")
def test_a_whole_board_is_one_question(gallery: Host) -> None:
    """Every tile with its rows and its drawing in one answer, and what a change did in the next one."""
    board = ask(gallery, "li", "reports.dashboard", dashboard="everything")
    assert [each["report"] for each in board["tiles"]] == KINDS
    assert all("drawing" in each["result"] for each in board["tiles"])
    with gallery.session(APP) as session:
        made = session.ask("records.create", type="deal", values={**ROWS[0], "amount": "1000000", "industry": "cars"})
    later = ask(gallery, "li", "reports.dashboard", dashboard="everything")
    with gallery.session(APP) as session:
        session.ask("records.delete", type="deal", id=made["id"])
    before, after = (tile(each, "gauge")["result"]["rows"][0][0] for each in (board, later))
    assert after - before == Decimal(1_000_000)


@pytest.mark.requirement("B11")
def test_what_is_pressed_on_one_tile_narrows_the_others(gallery: Host) -> None:
    """The pressed tile stays; the others count the pressed records alone, and combine with the filters above."""
    cross = {"report": "bar", "key": {"industry": "cars"}}
    board = ask(gallery, "li", "reports.dashboard", dashboard="board", cross=cross, filters={"channel": "fair"})
    assert [each["crossed"] for each in board["tiles"]] == [True, False, True, True]
    cars = summed("industry", channel="fair")["cars"]
    assert float(tile(board, "gauge")["result"]["rows"][0][0]) == cars
    assert sum(float(row[1]) for row in tile(board, "ranking")["result"]["rows"]) == cars
    assert len(tile(board, "bar")["result"]["rows"]) == 3


@pytest.mark.requirement("SB11", "B2")
def test_dimensions_and_measures_are_combined_freely(gallery: Host) -> None:
    """Any of a dataset's, down and across; a subtotal of a ratio is asked for at its own level, never added up."""
    found = ask(
        gallery, "li", "reports.explore", report="deals", rows=["industry", "channel"], columns=["stage"],
        measures=["amount", "margin"], heat=True,
    )  # fmt: skip
    pivot = found["drawing"]["pivot"]
    assert [each["name"] for each in found["choices"]] == [
        "industry", "channel", "stage", "month", "amount", "count", "margin"]  # fmt: skip
    cars = next(line for line in pivot["lines"] if line["key"] == {"industry": "cars"})
    amount, cost = summed("industry")["cars"], summed("industry", "cost")["cars"]
    assert [cell["number"] for cell in cars["totals"]] == [amount, pytest.approx((amount - cost) / amount, abs=1e-4)]
    leaf = next(line for line in pivot["lines"] if line["key"] == {"industry": "cars", "channel": "fair"})
    won = next(at for at, column in enumerate(pivot["columns"]) if column["key"] == {"stage": "won"})
    only = summed("stage", industry="cars", channel="fair").get("won")
    assert (leaf["cells"][won][0] or {}).get("number") == only
    assert [line["depth"] for line in pivot["lines"][:2]] == [1, 2]
    with pytest.raises(Rejected, match="margn"):
        ask(gallery, "li", "reports.explore", report="deals", rows=["industry"], measures=["margn"])


@pytest.mark.requirement("B18")
def test_a_combination_holds_back_what_is_kept_from_one(gallery: Host) -> None:
    """A seller combines over their own records, without the measures that read a hidden field."""
    found = ask(gallery, "wei", "reports.explore", report="deals", rows=["industry"])
    pivot = found["drawing"]["pivot"]
    assert [each["name"] for each in pivot["measures"]] == ["amount", "count"]
    assert pivot["grand"]["totals"][0]["number"] == summed(None, owner=gallery.actor("wei").id)[None]


def test_a_cross_table_becomes_a_workbook(gallery: Host) -> None:
    """Lines with their subtotals, columns with their totals, numbers as numbers."""
    made = ask(
        gallery, "li", "reports.export", report="deals", rows=["industry"], columns=["channel"], measures=["amount"]
    )
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made["content"])).get_sheet_by_index(0).to_python()
    assert rows[0][1:] == ["展会", "官网", "转介绍", "合计"]
    assert [row[0] for row in rows[2:]] == ["汽车", "食品", "水务", "合计"]
    assert rows[-1][-1] == summed(None)[None]
    plain = ask(gallery, "li", "reports.export", report="table")
    assert (
        CalamineWorkbook.from_filelike(io.BytesIO(plain["content"])).get_sheet_by_index(0).to_python()[0][0] == "行业"
    )


@pytest.mark.requirement("B10", "SB21")
def test_people_keep_boards_of_their_own(gallery: Host) -> None:
    """Chosen and placed by whoever looks; nobody else's, and without what is gone."""
    tiles = [
        {"report": "bar", "x": 0, "y": 0, "w": 6, "h": 4},
        {"report": "kpi", "title": "Mine", "x": 6, "y": 0, "w": 6, "h": 4},
    ]
    made = ask(gallery, "wei", "reports.keep_board", title="Mine", tiles=tiles[:1])
    ask(gallery, "wei", "reports.keep_board", id=made["id"], title="My own", tiles=tiles)
    assert ask(gallery, "wei", "reports.boards")["items"] == [{"id": made["id"], "title": "My own"}]
    assert ask(gallery, "na", "reports.boards")["items"] == []
    board = ask(gallery, "wei", "reports.dashboard", dashboard=str(made["id"]))
    assert [(each["report"], each["x"]) for each in board["tiles"]] == [("bar", 0), ("kpi", 6)]
    own = summed("industry", owner=gallery.actor("wei").id)
    assert [float(row[1]) for row in tile(board, "bar")["result"]["rows"]] == [
        own[n] for n in ("cars", "food", "water")
    ]
    with pytest.raises(NotFound):
        ask(gallery, "na", "reports.dashboard", dashboard=str(made["id"]))
    with pytest.raises(NotFound):
        ask(gallery, "na", "reports.forget_board", id=made["id"])
    with pytest.raises(Rejected, match="bars"):
        ask(gallery, "wei", "reports.keep_board", title="x", tiles=[{**tiles[0], "report": "bars"}])
    ask(gallery, "wei", "reports.forget_board", id=made["id"])
    assert ask(gallery, "wei", "reports.boards")["items"] == []


@pytest.mark.requirement("B14")
def test_a_board_is_a_file(gallery: Host) -> None:
    """A PDF with words that can be searched, a picture, and a workbook with a sheet per tile."""
    made = ask(gallery, "li", "reports.board_file", dashboard="board", format="pdf")
    assert made["name"] == "销售驾驶舱.pdf"
    with pypdfium2.PdfDocument(made["content"]) as document:
        words = "".join(document[0].get_textpage().get_text_range().split())
    assert "销售驾驶舱" in words and "浙江省" in words
    picture = ask(gallery, "li", "reports.board_file", dashboard="board", format="png")["content"]
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) > 20_000
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(ask(gallery, "li", "reports.board_file", dashboard="board", format="xlsx")["content"])
    )
    assert book.sheet_names == ["完成度", "行业金额", "省份排行", "按行业"]


@pytest.mark.requirement("B14")
def test_a_link_shows_what_its_giver_may_see_until_it_ends() -> None:
    """Without signing in; not after its days, not once ended, and not once its giver has left."""
    host = with_people(open_gallery())
    clock = host.clock
    assert isinstance(clock, FrozenClock)
    links = {login: ask(host, login, "reports.share", dashboard="board", days=2) for login in ("li", "wei")}
    seen = {}
    for login, link in links.items():
        made = host.ask(NOBODY, "reports.shared", token=link["token"])
        seen[login] = made["content"].decode()
    whole, half = summed("region"), summed("region", owner=host.actor("wei").id)
    assert f"{whole['浙江省']:,.2f}" in seen["li"] and f"{whole['浙江省']:,.2f}" not in seen["wei"]
    assert f"{half['浙江省']:,.2f}" in seen["wei"]
    for token in ("", "x", links["li"]["token"][:-1]):
        with pytest.raises(NotFound):
            host.ask(NOBODY, "reports.shared", token=token)
    assert len(ask(host, "li", "reports.shares")["items"]) == 1
    ask(host, "wei", "reports.end_share", id=links["li"]["id"])
    host.ask(NOBODY, "reports.shared", token=links["li"]["token"])
    ask(host, "li", "reports.end_share", id=links["li"]["id"])
    clock.advance(timedelta(days=1))
    with pytest.raises(NotFound):
        host.ask(NOBODY, "reports.shared", token=links["li"]["token"])
    host.ask(NOBODY, "reports.shared", token=links["wei"]["token"])
    clock.advance(timedelta(days=1))
    with pytest.raises(NotFound):
        host.ask(NOBODY, "reports.shared", token=links["wei"]["token"])
    again = ask(host, "wei", "reports.share", dashboard="board")
    host.ask(APP, "identity.save_person", login="wei", active=False)
    host.forget_directory()
    with pytest.raises(NotFound):
        host.ask(NOBODY, "reports.shared", token=again["token"])


@pytest.fixture
def posted(mail_server: MailServer) -> Iterator[Host]:
    """The gallery with all engines and a mail server."""
    host = open_gallery({"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"})
    yield with_people(host)
    host.close()


@pytest.mark.requirement("B13")
def test_boards_come_by_mail_when_there_is_reason(posted: Host, mail_server: MailServer) -> None:
    """On its schedule in the app's zone, as each subscriber may see it, the board as a picture inside the letter; a
    condition that does not hold sends nothing, and a downtime sends one letter, not one for every day of it; ordered
    twice in the same way, it is one subscription."""
    clock = posted.clock
    assert isinstance(clock, FrozenClock)
    daily = {"dashboard": "board", "schedule": "0 18 * * *"}
    more = {"report": "gauge", "measure": "amount", "value": 20_000_000}
    ask(posted, "li", "reports.subscribe", **daily, condition=more)
    ask(posted, "wei", "reports.subscribe", **daily, condition=more)
    once, again = (ask(posted, "wei", "reports.subscribe", **{**daily, "schedule": "0 9 * * 1"}) for _ in range(2))
    assert once == again
    posted.settle()
    assert mail_server.letters == []
    clock.advance(timedelta(hours=9))
    posted.settle()
    [letter] = mail_server.wait(1)
    assert (letter.recipients, letter.subject) == (("li@example.com",), "销售驾驶舱 · 2026-11-23")
    assert 'src="cid:board"' in letter.text("html")
    [picture] = [part for part in letter.message.walk() if part.get_content_type() == "image/png"]
    assert (picture["Content-ID"], str(picture.get_filename())) == ("<board>", "board.png")
    clock.advance(timedelta(days=9))
    posted.settle()
    letters = mail_server.wait(3)
    assert sorted(each.recipients[0] for each in letters) == ["li@example.com"] * 2 + ["wei@example.com"]
    assert letters[-1].subject.startswith("Cockpit") or letters[-2].subject.startswith("Cockpit")
    for wrong in ({"schedule": "sometimes"}, {**daily, "condition": {"report": "gauge", "measure": "amuont"}}):
        with pytest.raises(Rejected):
            ask(posted, "wei", "reports.subscribe", **{**daily, **wrong})
    for each in ask(posted, "li", "reports.subscriptions")["items"]:
        ask(posted, "li", "reports.unsubscribe", id=each["id"])
    clock.advance(timedelta(days=1))
    posted.settle()
    assert len(mail_server.letters) == 3


@pytest.mark.requirement("B13", "SB14")
def test_boards_come_by_chat_when_there_is_reason() -> None:
    """A room gets the numbers in words with a link, and the picture where its service shows pictures; a person gets
    them by their account; a condition that does not hold sends nothing; who has no account is told why."""
    with serving(DingTalk(lambda: NOON)) as ding, serving(WeCom(lambda: NOON)) as wecom:
        host = with_people(open_gallery({**KEYS, "PUBLIC_URL": "https://crm.example.com"}, {
            "api/group.json": {"name": "group", "type": "dingtalk_robot", "secret": {"secret": "DING_KEY"},
                               "url": f"{ding.url}/robot/send?access_token=robot-token"},
            "api/room.json": {"name": "room", "type": "wecom_robot",
                              "url": f"{wecom.url}/cgi-bin/webhook/send?key=robot-key"},
            "api/own.json": {"name": "own", "type": "wecom_app", "url": wecom.url, "corporation": "corp1",
                             "secret": {"secret": "WECOM_KEY"}, "agent": 1000002},
        }, allow_private=("127.0.0.0/8",)))  # fmt: skip
        clock = host.clock
        assert isinstance(clock, FrozenClock)
        ways = ask(host, "li", "reports.ways")["items"]
        assert [(each["name"], each["pictures"]) for each in ways] == [
            ("mail", True), ("group", False), ("own", True), ("room", True)]  # fmt: skip
        host.ask(APP, "api.link_account", connector="own", account="LiNa", login="li")
        daily = {"dashboard": "board", "schedule": "0 18 * * *"}
        above = {"report": "gauge", "measure": "amount", "value": 1}
        never = {**above, "value": 10**12}
        for login, channel, condition in (
            ("li", "group", above), ("li", "group", never), ("li", "room", None), ("li", "own", None),
            ("wei", "own", None),
        ):  # fmt: skip
            ask(host, login, "reports.subscribe", **daily, channel=channel, condition=condition)
        host.settle()
        clock.advance(timedelta(hours=9))
        host.settle()
        (said,) = ding.got
        text = said["markdown"]["text"]
        total = sum(summed("industry").values())
        assert text.startswith("### 销售驾驶舱 · 2026-11-23\n\n完成度")
        assert f"¥{total / 10_000:.0f} 万" in text
        assert "1. " in text and text.endswith("[查看](https://crm.example.com/#/dashboard/board)")
        words, picture, card, shown = wecom.got
        assert (shown["touser"], list(wecom.pictures)) == ("LiNa", [shown["image"]["media_id"]])
        assert words["msgtype"] == "markdown" and picture["msgtype"] == "image"
        assert base64.b64decode(picture["image"]["base64"]).startswith(b"\x89PNG")
        assert (card["touser"], card["textcard"]["title"]) == ("LiNa", "销售驾驶舱 · 2026-11-23")
        sent = [each["sent_at"] is not None for each in ask(host, "li", "reports.subscriptions")["items"]]
        assert sent == [True, False, True, True]
        [unsent] = ask(host, "wei", "reports.subscriptions")["items"]
        assert (unsent["sent_at"], unsent["unsent"]["en"]) == (
            None, "'own' has no account or address of yours; an administrator can add it")  # fmt: skip
        with pytest.raises(Rejected, match="no-channel"):
            ask(host, "li", "reports.subscribe", **daily, channel="groop")
        host.close()
