"""A salesperson's day on a phone: everything is within the thumb's reach, and how many presses it takes is held by the
table of `docs/phone.md`."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import WAITING

POCKET: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
TABLE = Path(__file__).parents[2] / "docs" / "phone.md"
PLACE = """async element => {
  const at = () => element.getBoundingClientRect(), frame = () => new Promise(requestAnimationFrame);
  let was;
  do { was = at(); for (let turn = 0; turn < 6; turn += 1) await frame(); } while (was.top !== at().top);
  return element.isConnected ? [was.top, was.bottom, innerHeight] : null;
}"""
"""Where it stands once it stays there: what slides in is pressed nowhere, nor what another one takes the place of."""


OUTSIDE = """addEventListener("click", event => {
  const way = event.target.closest?.("a[href]");
  if (way && /^(tel|sms|geo):/.test(way.href)) { event.preventDefault(); window.opened = way.href; }
}, true)"""


class Thumb:
    """Presses what it is told to, and counts: presses, what had to be scrolled to, what lies in the upper quarter."""

    def __init__(self) -> None:
        self.found: dict[str, Counter[str]] = {}
        self.now = Counter[str]()

    def begins(self, what: str) -> None:
        """What is done from here on."""
        self.now = self.found.setdefault(what, Counter())

    def press(self, target: Locator) -> Locator:
        """One press, of what stands where it stays."""
        expect(target).to_be_visible()
        expect(target.page.locator(WAITING)).to_have_count(0)
        while (stands := target.evaluate(PLACE)) is None:
            expect(target).to_be_visible()
        top, bottom, high = stands
        self.now["presses"] += 1
        self.now["scrolls"] += top < 0 or bottom > high
        self.now["upper"] += 0 <= bottom < high / 4
        target.tap()
        return target

    def counted(self) -> dict[str, list[int]]:
        """As the table has it."""
        return {what: [each["presses"], each["scrolls"], each["upper"]] for what, each in self.found.items()}


def written() -> dict[str, list[int]]:
    """What the table of the page says."""
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \| (\d+) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return {what: [int(each) for each in counts] for what, *counts in rows}


def foot(page: Page, name: str) -> Locator:
    """A part of the bar of a record."""
    return page.get_by_role("group", name="可做的事").locator(".lc-foot-part", has_text=name)


def form(page: Page) -> Locator:
    """The form that lies on top."""
    return page.locator(".ant-drawer [role=dialog]").last


def saved(page: Page, thumb: Thumb) -> None:
    """The form on top is sent, and closes when the server took it."""
    thumb.press(form(page).get_by_role("button", name="保存", exact=True).last)
    expect(form(page)).to_be_hidden()


def a_customer(page: Page, thumb: Thumb) -> None:
    """Found, called, driven to, and what was said is written down; nothing is asked for that is known."""
    thumb.begins("find a customer by a word")
    thumb.press(page.get_by_role("button", name="全局搜索"))
    page.keyboard.type("九洲底盘")
    thumb.press(page.get_by_role("option", name="宁波九洲底盘系统股份有限公司", exact=True))
    expect(page.locator("h1")).to_have_text("宁波九洲底盘系统股份有限公司")
    for what, name, opens in (
        ("call somebody of a customer", "打电话", r"tel:\d{11}"),
        ("find the way there", "导航", r"geo:[\d.]+,[\d.]+\?q=.+"),
    ):
        thumb.begins(what)
        thumb.press(foot(page, name))
        thumb.press(page.locator(".ant-dropdown:visible a").first)
        assert re.fullmatch(opens, page.evaluate("window.opened"))
    expect(foot(page, "发消息")).to_have_attribute("href", re.compile(r"^sms:1\d{10}$"))
    thumb.begins("write down a call")
    thumb.press(foot(page, "跟进记录"))
    thumb.press(form(page).get_by_label("沟通内容", exact=True)).fill("已确认交期。")
    saved(page, thumb)


def a_quote(page: Page, thumb: Thumb, demo: Host) -> int:
    """Made of an opportunity with one product, and sent for approval."""
    seller = demo.actor("li.na")
    where = 'owner = ME() and stage = "need" and contact is not blank'
    deal = demo.ask(seller, "records.list", type="opportunity", where=where, limit=1)["items"][0]
    page.evaluate("to => { location.hash = to }", f"/records/opportunity/{deal['id']}")
    expect(page.locator("h1")).to_have_text(deal["name"])
    thumb.begins("a quote of one product for an opportunity")
    thumb.press(foot(page, "更多"))
    thumb.press(page.get_by_role("menuitem", name="新建报价单"))
    thumb.press(form(page).get_by_role("button", name="添加一行"))
    thumb.press(form(page).get_by_role("combobox", name="产品 第 1 行"))
    thumb.press(page.locator(".ant-select-dropdown:visible .ant-select-item-option").first)
    saved(page, thumb)
    quote = demo.ask(seller, "records.list", type="quote", where=f"opportunity.id = {deal['id']}", sort=["-id"])[
        "items"
    ][0]
    page.evaluate("to => { location.hash = to }", f"/records/quote/{quote['id']}")
    thumb.begins("send it for approval")
    thumb.press(page.get_by_role("button", name="提交审批"))
    expect(page.locator(".lc-way [aria-current=step]")).to_have_text("审批中")
    return int(quote["id"])


def a_decision(page: Page, thumb: Thumb) -> None:
    """What is asked is read to its end; the answers stay where the thumb is."""
    thumb.begins("decide on it, having read it to its end")
    thumb.press(page.get_by_role("navigation").get_by_role("link", name="待办"))
    thumb.press(page.locator("main .lc-task").first)
    page.locator(".lc-task-panel .lc-comment").scroll_into_view_if_needed()
    thumb.press(page.locator(".lc-decide-buttons").get_by_role("button", name="同意"))
    expect(page.locator(".ant-message")).to_contain_text("已同意")


@pytest.mark.requirement("SP01", "SP12")
def test_a_day_on_a_phone(browser_context: OpenContext, sign_in: SignIn, demo: Host) -> None:
    """Due, found, called, written down, quoted, sent, decided, signed out: in so many presses, none out of reach."""
    thumb = Thumb()
    page = sign_in(browser_context(**POCKET).new_page(), "李娜")
    page.evaluate(OUTSIDE)
    thumb.begins("what is due, from the first page")
    thumb.press(page.get_by_role("button", name="首次联系", exact=True))
    expect(page.locator("h1")).to_contain_text("任务")
    a_customer(page, thumb)
    quote = a_quote(page, thumb, demo)
    assert fits(page)
    a_decision(sign_in(browser_context(**POCKET).new_page(), "林雪梅"), thumb)
    assert demo.ask(demo.actor("li.na"), "records.get", type="quote", id=quote)["stage"] == "approved"
    thumb.begins("sign out")
    thumb.press(page.get_by_role("button", name="李娜"))
    thumb.press(page.get_by_role("menuitem", name="切换成员"))
    expect(page.locator(".lc-door")).to_be_visible()
    assert thumb.counted() == written()
