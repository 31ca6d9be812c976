"""A calendar on whose days much goes on: lists that open over it, hours below it, and the focus of who uses keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.browser.test_calendar import box, drag

RUNNING = 12


@pytest.fixture
def crowd(demo: Host) -> Iterator[list[int]]:
    """Events that go on for the same days, and two of an hour, of which the first does not say when it ends."""
    actor = demo.actor("lin.xuemei")
    days = {"starts_at": "2031-03-04T01:00:00Z", "ends_at": "2031-03-06T08:00:00Z"}
    short = [{"starts_at": "2031-03-07T01:00:00Z"}, {"starts_at": "2031-03-07T01:00:00Z"}]
    made = []
    for number, times in enumerate([*[days] * RUNNING, *short]):
        values = {"name": f"场次{number}", "kind": "seminar", **times}
        made.append(demo.ask(actor, "records.create", type="event", values=values)["id"])
    yield made
    for each in made:
        demo.ask(actor, "records.delete", type="event", id=each)


def event(demo: Host, record: int) -> tuple[str, str]:
    """From when to when an event is kept, in UTC."""
    found: Any = demo.ask(demo.actor("lin.xuemei"), "records.get", type="event", id=record)
    starts, ends = (str(found[name] or "")[:16].replace("T", " ") for name in ("starts_at", "ends_at"))
    return starts, ends


@pytest.mark.requirement("SF25")
def test_a_full_calendar_is_used_all_the_same(page: Page, sign_in: SignIn, demo: Host, crowd: list[int]) -> None:
    """Above the hours a few stand and the others open; an end as long as an hour is drawn is kept; the focus goes with
    what was moved by keys; from the list of a day a record goes as many days as it was dragged, and nothing is drawn
    beneath the list."""
    sign_in(page, "林雪梅", "#/records/event?view=calendar&at=2031-03-03~week")
    expect(page.locator(".lc-hours-whole[data-day='2031-03-04'] .lc-calendar-entry")).to_have_count(3)
    shown, above = (box(page.locator(each))[2] for each in (".lc-hours", ".lc-hours-top"))
    assert above < shown * 0.4

    endless, other = crowd[-2:]
    entry = page.locator(f".lc-hours-column [data-record='{endless}']")
    entry.focus()
    page.keyboard.press("Enter")
    card = page.locator(".lc-calendar-card")
    card.get_by_role("button", name="改时间").click()
    ends = card.get_by_label("结束", exact=True)
    ends.fill("2031-03-07 10:00")
    ends.press("Enter")
    card.get_by_role("button", name="确定").click()
    expect(page.get_by_text("“场次12”已移到 3月7日 周五 09:00–10:00")).to_be_visible()
    assert event(demo, endless) == ("2031-03-07 01:00", "2031-03-07 02:00")

    entry = page.locator(f".lc-hours-column [data-record='{other}']")
    entry.focus()
    page.keyboard.press("Enter")
    card.get_by_role("button", name="改时间").press("Enter")
    starts = card.get_by_label("开始", exact=True)
    starts.fill("2031-03-08 13:00")
    starts.press("Enter")
    card.get_by_role("button", name="确定").press("Enter")
    expect(page.get_by_text("“场次13”已移到 3月8日 周六 13:00")).to_be_visible()
    expect(page.locator(f".lc-hours-column[data-day='2031-03-08'] [data-record='{other}']")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("“场次13”已移回")).to_be_visible()
    expect(page.locator(f".lc-hours-column[data-day='2031-03-07'] [data-record='{other}']")).to_be_focused()

    page.get_by_text("月", exact=True).click()
    tuesday = page.locator(".lc-calendar-day[data-day='2031-03-04']")
    tuesday.get_by_role("button", name=f"还有 {RUNNING - 3} 条").click()
    listed = page.locator(".lc-calendar-rest")
    expect(listed).to_be_visible()
    left, top, _ = box(listed)
    drag(page, (left - 5, top + 20), (left + 40, top + 260))
    expect(page.get_by_role("dialog")).to_have_count(0)
    moved = listed.locator(f"[data-record='{crowd[RUNNING - 1]}']")
    left, top, _ = box(moved)
    aside, below, _ = box(page.locator(".lc-calendar-day[data-day='2031-03-12']"))
    drag(page, (left + 9, top + 9), (aside + 9, below + 60))
    expect(page.get_by_text(f"“场次{RUNNING - 1}”已移到 3月12日")).to_be_visible()
    expect(listed).to_be_hidden()
    assert event(demo, crowd[RUNNING - 1]) == ("2031-03-12 01:00", "2031-03-14 08:00")
