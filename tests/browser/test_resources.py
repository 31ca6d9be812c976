"""Who or what records are for, day by day: dragged to another row and time, written, drawn, counted, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext

WEEK = "#/records/event?view=people&at=2031-03-03~week"


@pytest.fixture
def events(demo: Host) -> Iterator[dict[str, int]]:
    """Two events of 李娜 on one day, of five and four hours, and one of 王磊 the day after."""
    actor = demo.actor("lin.xuemei")
    made = {}
    for name, owner, starts, ends in (
        ("晨会", "li.na", "2031-03-04T01:00:00Z", "2031-03-04T06:00:00Z"),
        ("培训", "li.na", "2031-03-04T02:00:00Z", "2031-03-04T06:00:00Z"),
        ("展会", "wang.lei", "2031-03-05T01:00:00Z", "2031-03-05T03:00:00Z"),
    ):
        times = {"starts_at": starts, "ends_at": ends}
        values = {"name": name, "kind": "seminar", "owner": demo.actor(owner).id, **times}
        made[name] = demo.ask(actor, "records.create", type="event", values=values)["id"]
    yield made
    for each in made.values():
        demo.ask(actor, "records.delete", type="event", id=each)


def kept(demo: Host, record: int) -> tuple[str, str]:
    """Whose an event is, and when it begins, in UTC."""
    found: Any = demo.ask(demo.actor("lin.xuemei"), "records.get", type="event", id=record)
    names = {demo.actor(login).id: name for login, name in (("li.na", "李娜"), ("wang.lei", "王磊"))}
    return names[found["owner"]], str(found["starts_at"])[:16].replace("T", " ")


def row_of(page: Page, name: str) -> Locator:
    """The row of a person."""
    return page.get_by_role("group", name=name, exact=True)


def middle(thing: Locator) -> tuple[float, float]:
    """Where something is pressed, a little from where it begins."""
    found = thing.bounding_box()
    assert found is not None
    return found["x"] + 24, found["y"] + 10


@pytest.mark.requirement("SF25")
def test_records_go_to_another_person_and_day(
    page: Page, sign_in: SignIn, demo: Host, events: dict[str, int], browser_context: OpenContext
) -> None:
    """A bar is dragged to the row and day of somebody else and taken back with a key; without dragging the same is
    written; a day with more than it takes is marked, and free time of a row is where something new begins."""
    sign_in(page, "林雪梅", WEEK)
    bar = page.locator(f"[data-record='{events['晨会']}']")
    day = row_of(page, "李娜").locator("[data-day='2031-03-04']")
    expect(day.locator(".lc-resource-much")).to_contain_text("9 小时")
    expect(day.locator(".lc-resource-much")).to_contain_text("超出容量 8")
    free = row_of(page, "王磊").locator("[data-day='2031-03-06']")
    page.mouse.move(*middle(bar))
    page.mouse.down()
    page.mouse.move(*middle(day), steps=3)
    page.mouse.move(*middle(free), steps=8)
    expect(row_of(page, "王磊").locator(f"[data-record='{events['晨会']}'].lc-moving")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_text("“晨会”已移到 王磊 · 3月6日 周四 09:00–14:00")).to_be_visible()
    expect(free).to_contain_text("5 小时")
    expect(day.locator(".lc-resource-much")).to_have_count(0)
    assert ("王磊", "2031-03-06 01:00") == kept(demo, events["晨会"])
    bar.focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("“晨会”已移回")).to_be_visible()
    assert ("李娜", "2031-03-04 01:00") == kept(demo, events["晨会"])

    bar.focus()
    page.keyboard.press("Enter")
    card = page.locator(".lc-calendar-card")
    card.get_by_role("button", name="调整").click()
    card.get_by_role("combobox", name="负责人").fill("王磊")
    page.locator(".ant-select-item-option", has_text="王磊").click()
    card.get_by_role("button", name="确定").click()
    expect(row_of(page, "王磊").locator(f"[data-record='{events['晨会']}']")).to_be_focused()
    expect(page.get_by_text("“晨会”已移到 王磊 · 3月4日 周二 09:00–14:00")).to_be_visible()

    free.get_by_role("button").press("Enter")
    form = page.get_by_role("dialog")
    expect(form.get_by_label("开始", exact=True)).to_have_value("2031-03-06 09:00")
    form.get_by_label("名称", exact=True).fill("路演")
    form.get_by_label("类型", exact=True).click()
    page.locator(".ant-select-item-option:visible", has_text="展会").click()
    form.get_by_role("button", name="保存").click()
    made = row_of(page, "王磊").locator(".lc-resource-bar", has_text="路演")
    expect(made).to_be_visible()
    events["路演"] = int(made.get_attribute("data-record") or 0)
    assert 1 == page.locator(".lc-resource [tabindex='0']").count()
    page.get_by_role("checkbox", name="隐藏空行").check()
    expect(page.locator(".lc-resource-row")).to_have_count(2)

    phone = sign_in(browser_context(locale="en", viewport=PHONE).new_page(), "林雪梅", WEEK)
    lei = phone.locator(".lc-resource-list > li", has_text="王磊")
    expect(lei.locator(".lc-calendar-entry")).to_have_count(3)
    expect(lei).to_contain_text("8 h")
    expect(phone.locator(".lc-resource-list > li", has_text="陈国栋")).to_contain_text("Free")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
