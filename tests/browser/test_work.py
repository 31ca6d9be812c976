"""Work in the browser: boards of cards, approvals, dashboards, papers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Picture, SignIn
from tests.support.browser import OpenContext, Watched, leave_list
from tests.support.reach import OPENED, barriers


def drag(page: Page, card: Locator, lane: Locator) -> None:
    """Move a card by the pointer, as a hand does."""
    start, end = card.bounding_box(), lane.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 40, start["y"] + 14)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 24, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 120, steps=12)
    expect(lane).to_have_class(re.compile("lc-lane-over"))
    page.mouse.up()


def test_the_gates_of_a_stage_hold_on_the_board(page: Page, sign_in: SignIn, watched: Watched) -> None:
    """A move that needs fields asks for them and leads to each, one that does not exist says so; either way the card
    goes back. Who hears the page is told of it by name."""
    watched.forgive("422")
    sign_in(page, "李娜", "#/records/opportunity?view=board")
    home = page.locator('.lc-lane[data-lane="need"]')
    card = home.locator(".lc-kanban-card", has_text="李娜").first
    expect(card).to_be_visible()
    number = card.get_attribute("data-record")
    expect(page.locator("[id^=dnd-kit-description]")).to_contain_text("按空格键拿起")
    drag(page, card, page.locator('.lc-lane[data-lane="demo"]'))
    expect(page.locator("[id^=dnd-kit-announcement]")).to_have_text(re.compile(".+：已放到 方案演示"))
    form = page.get_by_role("dialog")
    expect(form).to_contain_text("进入「方案演示」还需要")
    form.get_by_role("listitem").get_by_role("button", name="去填写").last.click()
    expect(form.locator("[data-field] :focus")).to_have_count(1)
    form.get_by_role("button", name="取消").click()
    expect(home.locator(f'[data-record="{number}"]')).to_be_visible()
    drag(page, card, page.locator('.lc-lane[data-lane="quote"]'))
    expect(page.locator(".ant-message")).to_contain_text("不能移动到「报价」")
    expect(home.locator(f'[data-record="{number}"]')).to_be_visible()


def test_a_bar_leads_to_its_records(page: Page, sign_in: SignIn) -> None:
    """What a report counts can be looked at."""
    sign_in(page, "林雪梅", "#/dashboard/sales_board")
    drawn = page.locator(".lc-tile", has=page.locator(".lc-chart svg")).first
    expect(drawn).to_be_visible()
    tile = page.locator(f'[data-report="{drawn.get_attribute("data-report")}"]')
    tile.get_by_role("button", name="以表格查看").click()
    tile.locator(".lc-result .lc-link").first.click()
    expect(page.locator(".lc-chips")).to_be_visible()
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()


def test_a_quote_is_approved_in_the_inbox(browser_context: OpenContext, sign_in: SignIn) -> None:
    """Submitted by one, agreed to by another, seen by both."""
    seller = sign_in(browser_context().new_page(), "李娜", "#/records/quote")
    row = seller.locator(".lc-table tbody tr.lc-row", has_text="草稿").first
    number = row.locator(".lc-first").inner_text()
    row.locator(".lc-first").click()
    seller.get_by_role("button", name="提交审批").click()
    expect(seller.locator(".lc-way [aria-current=step]")).to_have_text("审批中")
    seller.get_by_role("tab", name="审批").click()
    expect(seller.locator(".lc-progress")).to_be_visible()
    head = sign_in(browser_context().new_page(), "林雪梅", "#/tasks")
    head.locator(".lc-task", has_text=number).click()
    head.get_by_label("处理意见").fill("同意，注意账期")
    head.get_by_role("button", name="同意").click()
    expect(head.locator(".ant-message")).to_contain_text("已同意")
    expect(head.locator(".lc-task", has_text=number)).to_have_count(0)


def test_whatever_may_be_done_with_a_task_is_offered(
    browser_context: OpenContext, sign_in: SignIn, picture: Picture
) -> None:
    """The page offers what the server says, with what each means and takes: an opinion is asked of a colleague, and
    given; leaving the list of people by Tab keeps who was chosen; what was done stands below the steps. One says when
    one is away, and takes it back."""
    seller = sign_in(browser_context().new_page(), "李娜", "#/records/quote")
    row = seller.locator(".lc-table tbody tr.lc-row", has_text="草稿").first
    number = row.locator(".lc-first").inner_text()
    row.locator(".lc-first").click()
    seller.get_by_role("button", name="提交审批").click()
    expect(seller.locator(".lc-way [aria-current=step]")).to_have_text("审批中")
    head = sign_in(browser_context().new_page(), "林雪梅", "#/tasks")
    head.locator(".lc-task", has_text=number).click()
    head.locator(".lc-task-panel").get_by_role("button", name="操作").click()
    expect(head.get_by_role("menuitem", name="转办")).to_be_visible()
    picture(head, "task-actions")
    head.get_by_role("menuitem", name="沟通").click()
    dialog = head.get_by_role("dialog")
    expect(dialog).to_contain_text("您可以不等答复就作出决定")
    dialog.get_by_role("button", name="沟通").click()
    expect(dialog.get_by_role("alert")).to_have_text(["请填写人员", "请填写意见"])
    dialog.get_by_label("人员").fill("李娜")
    head.locator(".ant-select-item-option", has_text="李娜").click()
    leave_list(head)
    expect(head.locator(".ant-select-dropdown:visible")).to_have_count(0)
    dialog.get_by_label("意见").fill("价格能否再谈？")
    picture(head, "task-consult")
    dialog.get_by_role("button", name="沟通").click()
    expect(head.locator(".ant-message")).to_contain_text("已征求意见")
    expect(dialog).to_have_count(0)
    expect(head.get_by_role("region", name="操作记录")).to_contain_text("林雪梅 征求 李娜 的意见")
    seller.goto(re.sub("#.*", "#/tasks", seller.url))
    seller.locator(".lc-task", has_text=number).click()
    expect(seller.locator(".lc-task-panel")).to_contain_text("林雪梅 邀请")
    seller.get_by_label("处理意见").fill("客户只接受这个价")
    seller.get_by_role("button", name="完成").click()
    expect(seller.locator(".ant-message")).to_contain_text("已完成")
    head.get_by_role("button", name="外出与代理").click()
    away = head.get_by_role("dialog")
    away.get_by_role("button", name="设置外出").click()
    expect(away.get_by_role("alert")).to_contain_text("请填写开始和结束时间")
    for label, day in (("开始", "2031-03-02 09:00"), ("结束", "2031-03-06 18:00")):
        away.get_by_label(label, exact=True).fill(day)
        head.keyboard.press("Enter")
    away.get_by_role("radio", name="仅限所选流程").check()
    away.get_by_role("button", name="设置外出").click()
    expect(away.get_by_role("alert")).to_contain_text("请选择流程")
    away.get_by_label("选择流程").fill("报价")
    head.locator(".ant-select-item-option:visible").first.click()
    head.locator(".ant-modal-title:visible").click()
    expect(head.locator(".ant-select-dropdown:visible")).to_have_count(0)
    away.get_by_role("button", name="设置外出").click()
    expect(away.locator(".lc-away li")).to_contain_text("2031-03-02 09:00 – 2031-03-06 18:00")
    expect(away.locator(".lc-away li")).to_contain_text("仅限：报价")
    picture(head, "away")
    away.locator(".lc-away").get_by_role("button", name="取消").click()
    expect(away.locator(".lc-away li")).to_have_count(0)
    away.get_by_role("button", name="关闭").last.click()


def test_a_paper_is_seen_before_it_is_printed(page: Page, sign_in: SignIn) -> None:
    """The preview is the paper itself, without scripts."""
    sign_in(page, "李娜", "#/records/quote")
    printable = page.locator(".lc-table tbody tr.lc-row", has_text=re.compile("已批准|已发送|客户接受|审批中"))
    printable.first.locator(".lc-first").click()
    page.locator(".lc-actions").get_by_role("button", name="报价单").click()
    expect(page.frame_locator("iframe.lc-paper").locator("body")).to_contain_text("报价单号")


def test_nothing_that_opens_keeps_anybody_out(page: Page, sign_in: SignIn) -> None:
    """Forms with lines and problems, the filter, menus, notices, the palette, the keys; by day and by night."""
    sign_in(page, "李娜", "#/records/quote")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="添加一行").click()
    form.get_by_role("button", name="保存").click()
    expect(form.locator(".lc-problem").first).to_be_visible()
    found = {"form": barriers(page, OPENED)}
    form.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="放弃修改").click()
    expect(form).to_be_hidden()
    for name in ("筛选", "更多", "通知"):
        page.get_by_role("button", name=name).first.click()
        found[name] = barriers(page, OPENED)
        page.keyboard.press("Escape")
        page.mouse.click(700, 20)
    for name, key in (("palette", "ControlOrMeta+k"), ("keys", "?")):
        page.locator("#content").focus()
        page.keyboard.press(key)
        expect(page.locator("#lc-finds:visible, .lc-shortcuts:visible").first).to_be_visible()
        found[name] = barriers(page, OPENED)
        page.keyboard.press("Escape")
    assert {name: [] for name in ("form", "筛选", "更多", "通知", "palette", "keys")} == found


@pytest.mark.requirement("SW09", "SW10", "SP23", "ST08", "SF26")
def test_the_page_of_a_deal_says_what_its_stage_asks_for(page: Page, sign_in: SignIn) -> None:
    """Open and met, the guide and its documents; a line that is ticked is saved at once."""
    sign_in(page, "李娜", "#/records/opportunity?view=board")
    page.locator('.lc-lane[data-lane="need"] .lc-kanban-card', has_text="李娜").first.click()
    asked = page.get_by_role("region", name="本阶段要求")
    expect(asked.get_by_text("操作指南")).to_be_visible()
    expect(asked.get_by_role("link", name="现场踏勘记录表填写说明")).to_be_visible()
    line = asked.get_by_label("已明确验收标准")
    was = line.is_checked()
    line.click()
    expect(line).to_be_checked(checked=not was)
    page.reload()
    expect(page.get_by_role("region", name="本阶段要求").get_by_label("已明确验收标准")).to_be_checked(checked=not was)


def test_what_waits_stands_where_one_begins(page: Page, browser_context: OpenContext, sign_in: SignIn) -> None:
    """Above the board of whoever is asked, as far as there is something, and nowhere else; a press leads to it."""
    sign_in(page, "陈国栋")
    waits = page.get_by_role("region", name="等您处理")
    first = waits.locator(".lc-task").first
    expect(first).to_be_visible()
    expect(waits.get_by_role("link", name="查看全部待办")).to_be_visible()
    words = first.locator(".lc-task-title").inner_text()
    first.click()
    expect(page.locator(".lc-task-panel h2").first).to_have_text(words)
    page.evaluate("location.hash = '#/dashboard/finance_board'")
    expect(page.locator(".lc-tile").first).to_be_visible()
    expect(waits).to_have_count(0)
    seller = browser_context().new_page()
    with seller.expect_response("**/api/operations/flows.list_tasks") as answered:
        sign_in(seller, "陈思雨")
    assert [] == answered.value.json()["items"]
    expect(seller.locator(".lc-tile").first).to_be_visible()
    expect(seller.locator(".lc-waits")).to_have_count(0)


def test_whoever_pays_attention_to_money_finds_it(page: Page, sign_in: SignIn) -> None:
    """Finance begins with what is to be confirmed, issued and decided, and reaches the quotes it countersigns; an entry
    that two menus have stands once."""
    sign_in(page, "周敏")
    expect(page.locator(".lc-tile", has_text="待确认回款")).to_contain_text("2")
    page.get_by_role("menuitem", name="报价单").click()
    expect(page.locator("[data-leaf=approving]")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()
    sign_in(page, "吴晓峰")
    expect(page.get_by_role("heading", name="服务看板")).to_be_visible()
    expect(page.get_by_role("menuitem", name="报价单")).to_have_count(1)
