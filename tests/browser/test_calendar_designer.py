"""The designer of working calendars in the browser: a day of the year is made free by keyboard, a notice is taken over,
when working time is over follows, and two who design at once are brought together."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from lowcode.kernel.calendar import public_year
from tests.browser.conftest import Picture, SignIn, running
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import barriers
from tests.support.standing import Standing

ADMINISTRATOR = "吴晓峰"
WEEKDAYS = "一二三四五六日"


@pytest.fixture
def crm(
    standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Host, str]:
    """The demo whose score cards are designed: days of another year are nobody's there."""
    return standing.take(request, "scores", lambda: running(tmp_path_factory.mktemp("scores")))


def publish_zone(host: Host) -> None:
    """Somebody else changes the same document meanwhile."""
    administrator = host.actor("wu.xiaofeng")
    found = json.loads(host.ask(administrator, "app.documents")["documents"]["app.json"])
    documents = {"app.json": {**found, "keep_refusals_days": 91}}
    seen = host.ask(administrator, "app.plan", documents=documents)
    host.ask(administrator, "app.publish", documents=documents, plan=seen["plan"], allow=seen["consents"])


def begin_role(page: Page) -> None:
    """On the desk of the app in another tab: who people can be."""
    page.get_by_role("navigation", name="应用的各个部分").get_by_text("角色", exact=True).click()
    page.get_by_role("button", name="新增角色").click()
    expect(page.get_by_role("region", name="角色").get_by_label("名称").last).to_have_value("New role")


def unsettled_after(host: Host) -> tuple[int, int]:
    """The first year from now on that the State Council has not arranged yet, and in how many years that is."""
    this = int(str(host.ask(host.actor("wu.xiaofeng"), "app.calendar_palette")["today"])[:4])
    ahead = next(count for count in range(100) if not public_year("CN", None, this + count).settled)
    return this + ahead, ahead


def weekday_from(day: date, weekday: int) -> date:
    """The first day from a day on that is such a weekday; Monday is 0."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def label(day: date) -> str:
    """How the year calls one of its days."""
    return f"{day.month}月{day.day}日星期{WEEKDAYS[day.weekday()]}"


@pytest.mark.requirement("W23", "X7")
def test_a_year_is_arranged_and_published(page: Page, sign_in: SignIn, demo: Host, picture: Picture) -> None:
    """The app leads to its calendars. By keyboard a working day becomes free and counts no more; what a notice says is
    shown before it is taken over; a role that another tab begins is in the same draft; what somebody else published
    meanwhile is merged, and all of it stands."""
    sign_in(page, ADMINISTRATOR, "#/app")
    page.get_by_role("navigation", name="应用的各个部分").get_by_text("工作日历", exact=True).click()
    page.get_by_role("link", name="打开工作日历").click()
    desk = page.locator(".lc-connection-desk")
    year = desk.get_by_role("group", name="全年一览")
    of, ahead = unsettled_after(demo)
    monday, saturday = weekday_from(date(of, 3, 1), 0), weekday_from(date(of, 1, 4), 5)
    for _ in range(ahead):
        year.get_by_role("button", name="下一年").click()
    expect(year.locator(".lc-design-warned")).to_contain_text("放假安排尚未收录")
    expect(year.locator(".lc-year-day")).to_have_count((date(of + 1, 1, 1) - date(of, 1, 1)).days)
    first = year.get_by_role("button", name=f"{label(monday)}：工作日")
    first.focus()
    page.keyboard.press("ArrowRight")
    tuesday = monday + timedelta(days=1)
    second = year.get_by_role("button", name=label(tuesday))
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="改为放假")).to_be_visible()
    page.get_by_role("menuitem", name="改为放假").press("Enter")
    expect(second).to_have_attribute("aria-label", f"{label(tuesday)}：本企业放假")
    year.get_by_role("button", name="粘贴放假通知").click()
    asked = page.get_by_role("dialog", name="粘贴放假通知")
    worked = f"1月{saturday.day}日（周六）上班"
    asked.get_by_role("textbox").fill(f"元旦：{of}年1月1日至3日放假调休，共3天。{worked}。")
    expect(asked.get_by_role("status")).to_contain_text("放假 3 天")
    asked.get_by_role("button", name="写入 4 天").click()
    expect(year.get_by_role("button", name=f"{label(saturday)}：本企业上班")).to_be_visible()
    over = desk.get_by_role("group", name="推算工作时间")
    expect(over.get_by_role("status")).to_contain_text("小时")
    assert barriers(page) == []
    picture(page, "calendar-designer")
    other = page.context.new_page()
    other.goto(page.url.replace("#/app/calendars", "#/app"))
    expect(other.locator(".lc-design-bar").get_by_role("status")).to_contain_text("未发布")
    begin_role(other)
    desk.get_by_role("button", name="添加部门或角色的日历").click()
    expect(desk.get_by_role("group", name="谁使用")).to_be_visible()
    other.get_by_role("navigation", name="应用的各个部分").get_by_text("工作日历", exact=True).click()
    expect(other.get_by_role("region", name="工作日历")).to_contain_text("新日历")
    other.close()
    publish_zone(demo)
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("button", name="合并修改").first.click()
    expect(page.get_by_text("已合并")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()
    found = json.loads(demo.ask(demo.actor("wu.xiaofeng"), "app.documents")["documents"]["app.json"])
    assert found["calendar"]["holidays"] == [f"{of}-01-01", f"{of}-01-02", f"{of}-01-03", f"{tuesday}"]
    assert (found["calendar"]["workdays"], found["keep_refusals_days"]) == ([f"{saturday}"], 91)
    assert found["roles"][-1]["title"]["zh-CN"] == "新角色" and found["calendars"][-1]["name"].startswith("calendar")


@pytest.mark.requirement("W23", "X7")
def test_a_calendar_of_a_team_on_a_phone(browser_context: OpenContext, sign_in: SignIn, picture: Picture) -> None:
    """In English: one is added for a role, its hours are taken away from a day, and the year follows."""
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, "#/app/calendars")
    desk = page.locator(".lc-connection-desk")
    year = desk.get_by_role("group", name="The year at a glance")
    expect(year.get_by_role("status")).to_contain_text("working days")
    desk.get_by_role("button", name="Add one for a team").tap()
    expect(desk.get_by_role("group", name="Whose it is")).to_be_visible()
    friday = desk.get_by_role("group", name="Friday", exact=True)
    for _ in range(2):
        friday.get_by_role("button", name="Take Friday").first.tap()
    expect(friday).to_contain_text("free")
    expect(year.locator(".lc-year-weekend").first).to_be_visible()
    assert fits(page)
    assert [] == barriers(page)
    picture(page, "calendar-designer-phone")
