"""The designer of flows without a mouse: by keyboard alone, and by a finger that drags."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.browser.test_flow_designer import ADMINISTRATOR
from tests.support.browser import OpenContext, Watched

TABLET: dict[str, Any] = {"viewport": {"width": 1180, "height": 820}, "has_touch": True, "is_mobile": True}
WALK = 90
"""So many presses of Tab lead from anywhere on the page to anywhere else."""
BEHIND = """what => document.activeElement !== document.body && (document.querySelector(what)
  .compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0"""
"""Somewhere behind a thing: not at the beginning of the page, nor of what holds it."""


def reach(page: Page, wanted: str, backwards: bool = False) -> None:
    """Walk by Tab to what a selector names, once it is there: what a press opens may come a moment later."""
    expect(page.locator(wanted).first).to_be_attached()
    for _ in range(WALK):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{WALK} presses of Tab do not lead to {wanted}")


def choose(page: Page, name: str) -> None:
    """Open the menu of what has the focus and go down to an item."""
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem", name=name, exact=True)
    expect(item).to_be_visible()
    for _ in range(30):
        if item.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    expect(item).to_have_count(0)


def pick(page: Page, typed: str = "") -> None:
    """Choose in a list that has the focus: what is typed, or the first."""
    page.keyboard.press("Enter")
    if typed:
        page.keyboard.type(typed)
    expect(page.locator(".ant-select-item-option-active:visible")).to_be_visible()
    page.keyboard.press("Enter")


def outcome(root: Host, total: str) -> set[str]:
    """The steps that a quote of so much would walk."""
    actor = root.actor("wu.xiaofeng")
    quote = root.ask(actor, "records.list", type="quote", limit=1)["items"][0]["id"]
    foreseen = root.ask(actor, "flows.simulate", flow="by_keys", id=quote)
    return {each["node"] for each in foreseen["steps"]}


@pytest.mark.requirement("SW11", "SP11", "W2")
def test_ways_that_may_all_hold_by_keyboard(page: Page, sign_in: SignIn, root: Host, watched: Watched) -> None:
    """A new flow from its name to its publication without a mouse: a split whose ways are taken as far as their
    conditions hold, a step on each, taken away and back; and both are walked."""
    sign_in(page, ADMINISTRATOR, "#/flows")
    link = page.get_by_role("link", name="新建流程")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    reach(page, "#title")
    page.keyboard.type("按键设计")
    reach(page, "#name")
    page.keyboard.press("Control+a")
    page.keyboard.type("by_keys")
    reach(page, "#form")
    page.keyboard.type("报价单")
    page.keyboard.press("Enter")
    reach(page, ".ant-modal .ant-btn-primary, [role=dialog] .ant-btn-primary")
    page.keyboard.press("Enter")
    canvas = page.locator(".lc-flow-canvas")
    expect(canvas.locator("[data-step]")).to_have_count(2)
    reach(page, "[data-way='/nodes/0/to'] button")
    choose(page, "包容分支")
    expect(canvas.locator("[data-step=inclusive]")).to_be_focused()
    cards = canvas.locator("[data-card]")
    expect(cards).to_have_count(3)
    said = {"total > 0": "总计（含税） > 0", "total >= 0": "总计（含税） ≥ 0"}
    for place, condition in enumerate(said):
        reach(page, f"[data-card='/nodes/1/branches/{place}/to'] button:first-child", backwards=place > 0)
        page.keyboard.press("Enter")
        asked = ".lc-design-inspector [data-option=when]"
        for pressed in (f"{asked} .lc-filter-add button", f"{asked} summary"):
            reach(page, pressed)
            page.keyboard.press("Enter")
        reach(page, f"{asked} details input, {asked} details textarea")
        page.keyboard.press("Control+a")
        page.keyboard.type(condition)
        page.keyboard.press("Escape")
        expect(cards.nth(place)).to_contain_text(said[condition])
    for place, kind in enumerate(("通知", "抄送")):
        reach(page, f"[data-way='/nodes/1/branches/{place}/to'] button", backwards=True)
        choose(page, kind)
    expect(canvas.locator("[data-step]")).to_have_count(6)
    reach(page, "[data-step=copy]")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(canvas.locator("[data-step=copy]")).to_have_count(0)
    page.wait_for_function(BEHIND, arg="[data-step=notify]")
    page.keyboard.press("Control+z")
    expect(canvas.locator("[data-step=copy]")).to_have_count(1)
    reach(page, "[data-step=notify]", backwards=True)
    page.keyboard.press("Enter")
    reach(page, ".lc-design-inspector [data-option=text] input, .lc-design-inspector [data-option=text] textarea")
    page.keyboard.type("有新报价")
    expect(page.get_by_role("button", name="没有问题")).to_be_visible()
    reach(page, ".lc-design-bar .ant-btn-primary", backwards=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator(".lc-planned").first).to_be_visible()
    reach(page, "[role=dialog] .ant-btn-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="与已发布的相同")).to_be_visible()
    assert {"inclusive", "notify", "copy", "join"} <= outcome(root, "10")


class Finger:
    """A finger on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        given = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        self.session.send("Input.dispatchTouchEvent", given)

    def drag(self, what: Locator, onto: Locator, hold: int = 400) -> None:
        """Lay it on, wait until it holds, draw it over, lift it."""
        what.scroll_into_view_if_needed()
        start, end = what.bounding_box(), onto.bounding_box()
        assert start is not None and end is not None
        here = (start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        there = (end["x"] + end["width"] / 2, end["y"] + end["height"] / 2)
        self._touch("touchStart", here)
        self.page.wait_for_timeout(hold)
        for step in range(1, 9):
            self._touch("touchMove", tuple(a + (b - a) * step / 8 for a, b in zip(here, there, strict=True)))  # type: ignore[arg-type]
        self.page.wait_for_timeout(100)
        self._touch("touchEnd")


@pytest.mark.requirement("SW11", "X1", "SP12")
def test_a_step_is_dragged_by_a_finger(browser_context: OpenContext, sign_in: SignIn, root: Host) -> None:
    """From the list onto an arrow and from one arrow to another; a finger that is drawn over at once scrolls."""
    page = sign_in(browser_context(**TABLET).new_page(), ADMINISTRATOR, "#/flows/design/quote_approval")
    canvas = page.locator(".lc-flow-canvas")
    steps = canvas.locator("[data-step]")
    expect(steps).to_have_count(10)
    finger = Finger(page)
    kind, way = page.locator("[data-put=notify]"), canvas.locator("[data-way='/nodes/0/to']")
    finger.drag(kind, way, hold=0)
    expect(steps).to_have_count(10)
    finger.drag(kind, way)
    expect(steps).to_have_count(11)
    added = canvas.locator("[data-step=notify]")
    expect(added).to_have_attribute("aria-current", "true")
    expect(canvas.locator("[data-way='/nodes/0/to'] button")).to_have_attribute(
        "aria-label", "在 开始 与 通知 之间添加步骤"
    )
    finger.drag(added, canvas.locator("[data-way='/nodes/2/approved']"))
    expect(canvas.locator("[data-way='/nodes/0/to'] button")).to_have_attribute(
        "aria-label", "在 开始 与 主管审批 之间添加步骤"
    )
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(steps).to_have_count(10)
    page.evaluate("localStorage.clear()")
