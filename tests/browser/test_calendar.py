"""A week, a day and a month of records: dragged, drawn, written, refused and taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import DESKTOP, PHONE, OpenContext, Watched

MONDAY = "2031-03-03"
WEEK = f"#/records/event?view=calendar&at={MONDAY}~week"
HOUR = 44


@pytest.fixture
def events(demo: Host) -> Iterator[dict[str, int]]:
    """Two events of a week that are there at once, and one that goes on for days."""
    actor = demo.actor("lin.xuemei")
    made = {}
    for name, starts, ends in (
        ("晨会", "2031-03-04T01:00:00Z", "2031-03-04T03:00:00Z"),
        ("培训", "2031-03-04T02:00:00Z", "2031-03-04T04:00:00Z"),
        ("展会", "2031-03-05T01:00:00Z", "2031-03-07T08:00:00Z"),
    ):
        values = {"name": name, "kind": "seminar", "starts_at": starts, "ends_at": ends}
        made[name] = demo.ask(actor, "records.create", type="event", values=values)["id"]
    yield made
    for each in made.values():
        demo.ask(actor, "records.delete", type="event", id=each)


def times(demo: Host, record: int) -> tuple[str, str]:
    """From when to when an event is kept, in UTC."""
    found: Any = demo.ask(demo.actor("lin.xuemei"), "records.get", type="event", id=record)
    starts, ends = (
        each if isinstance(each, datetime) else datetime.fromisoformat(each)
        for each in (found["starts_at"], found["ends_at"])
    )
    return f"{starts:%d %H:%M}", f"{ends:%d %H:%M}"


def box(thing: Locator) -> tuple[float, float, float]:
    """Where something begins, and how high it is."""
    found = thing.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A press, a way and a release."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 3, start[1] + 9)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def backwards(route: Route) -> None:
    """What is sent, with an end that the form of events does not take."""
    sent = route.request.post_data_json
    if isinstance(sent, dict):
        route.continue_(post_data=json.dumps({**sent, "ends_at": "2031-01-01T00:00:00Z"}))
    else:
        route.continue_()


@pytest.mark.requirement("SF25")
def test_a_week_is_dragged_over(page: Page, sign_in: SignIn, demo: Host, events: dict[str, int]) -> None:
    """Records that are there at once stand side by side; one is dragged to another day and hour, its end by its edge;
    the message takes it back; over free time a new one is drawn; in a month days are dragged over."""
    sign_in(page, "林雪梅", WEEK)
    entries = page.locator(".lc-hours-column .lc-calendar-entry")
    expect(entries).to_have_count(2)
    expect(page.locator(".lc-hours-working")).not_to_have_count(0)
    expect(page.locator(".lc-hours-whole .lc-calendar-entry")).to_have_count(3)
    morning, training = (page.locator(f".lc-hours-column [data-record='{events[each]}']") for each in ("晨会", "培训"))
    assert box(morning)[0] < box(training)[0]
    left, top, _ = box(morning)
    friday = page.locator(".lc-hours-column[data-day='2031-03-07']")
    drag(page, (left + 9, top + 9), (box(friday)[0] + 30, top + 9 + 2 * HOUR))
    said = page.get_by_text("“晨会”已移到 3月7日 周五 11:00–13:00")
    expect(said).to_be_visible()
    expect(friday.locator(".lc-calendar-entry")).to_have_count(1)
    assert ("07 03:00", "07 05:00") == times(demo, events["晨会"])
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("“晨会”已移回")).to_be_visible()
    assert ("04 01:00", "04 03:00") == times(demo, events["晨会"])
    left, top, height = box(training)
    drag(page, (left + 9, top + height - 3), (left + 9, top + height - 3 + HOUR))
    expect(page.get_by_text("“培训”已移到 3月4日 周二 10:00–13:00")).to_be_visible()
    assert ("04 02:00", "04 05:00") == times(demo, events["培训"])
    left, top, _ = box(friday.get_by_role("button", name="14:00"))
    drag(page, (left + 9, top + 2), (left + 9, top + 2 + 1.5 * HOUR))
    form = page.get_by_role("dialog")
    expect(form.locator("[data-field=starts_at] input")).to_have_value("2031-03-07 14:00")
    expect(form.locator("[data-field=ends_at] input")).to_have_value("2031-03-07 15:30")
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    page.get_by_text("月", exact=True).click()
    expect(page.locator(".lc-calendar-title")).to_have_text("2031年3月")
    left, top, _ = box(page.locator(f"[data-day='2031-03-06'] [data-record='{events['展会']}']"))
    aside, above, _ = box(page.locator(".lc-calendar-day[data-day='2031-03-13']"))
    drag(page, (left + 9, top + 9), (aside + 9, above + 60))
    expect(page.get_by_text("“展会”已移到 3月12日")).to_be_visible()
    page.locator(".lc-calendar-number").first.focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("“展会”已移回")).to_be_visible()
    assert ("05 01:00", "07 08:00") == times(demo, events["展会"])


def without_an_end(page: Page, demo: Host, event: int) -> None:
    """The end of a record is emptied in its card, and comes back with what is taken back."""
    page.locator(f".lc-hours-column [data-record='{event}']").click()
    card = page.locator(".lc-calendar-card")
    card.get_by_role("button", name="改时间").click()
    card.locator(".ant-picker").last.hover()
    card.locator(".ant-picker-clear").last.click()
    expect(card.get_by_label("结束", exact=True)).to_have_value("")
    card.get_by_role("button", name="确定").click()
    expect(page.get_by_text(re.compile("“晨会”已移到 3月6日 周四 13:00(?!–)"))).to_be_visible()
    found: Any = demo.ask(demo.actor("lin.xuemei"), "records.get", type="event", id=event)
    assert found["ends_at"] is None
    page.get_by_role("button", name="撤销").last.click()
    expect(page.locator(f".lc-hours-column [data-record='{event}']")).to_contain_text("13:00–15:00")
    assert ("06 05:00", "06 07:00") == times(demo, event)


@pytest.mark.requirement("SF25")
def test_a_day_is_moved_without_dragging(
    page: Page, browser_context: OpenContext, sign_in: SignIn, demo: Host, events: dict[str, int], watched: Watched
) -> None:
    """By keyboard from the record to its times and back; what the server refuses goes back and says why; who may not
    change it reads that instead. On a phone a day is shown first."""
    sign_in(page, "林雪梅", f"#/records/event?view=calendar&at={MONDAY}~week")
    entry = page.locator(f".lc-hours-column [data-record='{events['晨会']}']")
    entry.focus()
    page.keyboard.press("Enter")
    card = page.locator(".lc-calendar-card")
    expect(card.get_by_role("link", name="打开")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    starts, ends = card.get_by_label("开始", exact=True), card.get_by_label("结束", exact=True)
    expect(starts).to_have_value("2031-03-04 09:00")
    starts.fill("2031-03-06 13:00")
    starts.press("Enter")
    expect(ends).to_have_value("2031-03-06 15:00")
    card.get_by_role("button", name="确定").click()
    expect(page.get_by_text("“晨会”已移到 3月6日 周四 13:00–15:00")).to_be_visible()
    assert ("06 05:00", "06 07:00") == times(demo, events["晨会"])
    without_an_end(page, demo, events["晨会"])
    watched.forgive("422 (")
    page.route("**/api/records/event/*", backwards)
    left, top, _ = box(entry)
    drag(page, (left + 9, top + 9), (left + 9, top + 9 + HOUR))
    expect(page.get_by_text("“晨会”没有移动：结束时间早于开始时间")).to_be_visible()
    page.unroute("**/api/records/event/*")
    expect(entry).to_contain_text("13:00–15:00")
    assert ("06 05:00", "06 07:00") == times(demo, events["晨会"])

    seller = browser_context(viewport=DESKTOP).new_page()
    sign_in(seller, "李娜", WEEK)
    fixed = seller.locator(f".lc-hours-column [data-record='{events['培训']}']")
    left, top, _ = box(fixed)
    drag(seller, (left + 9, top + 9), (left + 9, top + 9 + HOUR))
    expect(seller.locator(".lc-moving")).to_have_count(0)
    expect(seller.locator(".lc-calendar-card")).to_contain_text("没有修改权限")
    expect(seller.get_by_role("button", name="改时间")).to_have_count(0)

    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    sign_in(phone, "林雪梅", "#/records/event?view=calendar")
    expect(phone.locator(".lc-hours-column")).to_have_count(1)
    expect(phone.locator(".lc-hours-now")).to_have_count(1)
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.get_by_text("周", exact=True).click()
    expect(phone.locator(".lc-hours-column")).to_have_count(0)
