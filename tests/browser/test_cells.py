"""A list that is typed into: cells in their place, saved one by one, taken back, pasted from a spreadsheet."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.conftest import SignIn
from tests.support.browser import OpenContext, Watched

pytestmark = pytest.mark.browser
PLACE = "#/records/opportunity?view=mine"


def column(page: Page, title: str) -> int:
    """Which column bears a title, among those of the records."""
    heads = page.locator(".lc-table thead th:not(.lc-choose)")
    expect(heads.first).to_be_visible()
    return [each.strip() for each in heads.all_inner_texts()].index(title)


def cell(page: Page, row: int, title: str) -> Locator:
    return page.locator(f".lc-table tr[data-index='{row}'] td[data-column='{column(page, title)}']")


def opened(place: Locator) -> None:
    """Open a cell, and wait for its record, by which the row's conditions are known."""
    record = f"/api/records/opportunity/{place.locator('..').get_attribute('data-row-key')}"
    with place.page.expect_response(lambda answer: answer.url.endswith(record) and answer.request.method == "GET"):
        place.dblclick()


def kept(demo: Host, row: Locator) -> dict[str, Any]:
    """The record of a row, as the server has it when nothing is on its way: a cell shows at once what was typed."""
    expect(row.page.locator(".lc-cell-saving")).to_have_count(0)
    number = int(row.get_attribute("data-row-key") or 0)
    found: dict[str, Any] = demo.ask(APP, "records.get", type="opportunity", id=number)
    return found


@pytest.mark.requirement("X13")
def test_a_cell_is_typed_into_in_its_place(page: Page, sign_in: SignIn, demo: Host) -> None:
    """By double click and by keys; the formulas of the row follow; Tab leads on, Esc gives up, Ctrl+Z takes back; what
    is calculated says so."""
    sign_in(page, "王磊", PLACE)
    row = page.locator(".lc-table tr[data-index='0']")
    amount, weighted = cell(page, 0, "预计金额"), cell(page, 0, "加权金额")
    before, was = kept(demo, row), amount.inner_text()
    stood = weighted.inner_text()
    opened(amount)
    box = amount.get_by_role("spinbutton")
    expect(box).to_be_focused()
    box.fill("123456")
    expect(weighted).not_to_have_text(stood)  # as it would be, before anything is saved
    page.keyboard.press("Escape")
    expect(amount).to_have_text(was)
    expect(weighted).to_have_text(stood)
    expect(amount).to_be_focused()

    page.keyboard.press("F2")
    box.fill("123456.7")
    page.keyboard.press("Tab")
    expect(amount).to_have_text("¥123,456.70")
    expect(page.locator(".lc-editor")).to_have_count(1)  # the next one that can be typed into
    expect(page.locator("td:has(.lc-editor)")).to_have_attribute("data-column", str(column(page, "预计成交日")))
    page.keyboard.press("Escape")
    after = kept(demo, row)
    assert ("123456.70", before["version"] + 1) == (str(after["amount"]), after["version"])
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator(".ant-message")).to_contain_text("由系统计算")
    page.keyboard.press("ControlOrMeta+z")
    expect(amount).to_have_text(was)
    expect(weighted).to_have_text(stood)
    assert before["amount"] == kept(demo, row)["amount"]
    page.keyboard.press("Home")
    expect(row.locator(".lc-first")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".lc-detail h1")).to_be_visible()


def test_nothing_typed_into_a_cell_is_lost(page: Page, sign_in: SignIn, demo: Host, watched: Watched) -> None:
    """What the server refuses stays and says why; two who changed one cell see both; other fields stand beside it."""
    watched.forgive("422")
    watched.forgive("412")
    sign_in(page, "王磊", PLACE)
    row = page.locator(".lc-table tr[data-index='1']")
    amount = cell(page, 1, "预计金额")
    record = kept(demo, row)

    def elsewhere(**values: Any) -> None:
        now = kept(demo, row)
        demo.ask(APP, "records.update", type="opportunity", id=now["id"], version=now["version"], values=values)

    opened(amount)
    box = amount.get_by_role("spinbutton")
    box.fill("")
    page.keyboard.press("Enter")
    expect(amount.get_by_role("alert")).to_contain_text("请填写预计金额")
    box.fill("777")
    expect(page.locator("#content")).to_be_visible()
    elsewhere(budget="10")  # another field
    page.keyboard.press("Enter")
    expect(amount).to_have_text("¥777.00")
    expect(cell(page, 2, "预计金额")).to_be_focused()
    assert ["777.00", "10.00"] == [str(kept(demo, row)[name]) for name in ("amount", "budget")]

    opened(amount)
    box.fill("888")
    elsewhere(amount="999")  # the same one
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="这条记录刚被其他人修改过")
    expect(dialog.locator("tr.lc-collided")).to_contain_text("¥999.00")
    dialog.get_by_role("button", name="保留我的修改").click()
    expect(dialog).to_have_count(0)
    expect(amount).to_have_text("¥888.00")
    assert "888.00" == str(kept(demo, row)["amount"])
    elsewhere(amount=str(record["amount"]))


def test_a_block_is_pasted_after_it_has_been_looked_at(
    browser_context: OpenContext, sign_in: SignIn, demo: Host
) -> None:
    """Each cell as it would be, with the reason where it would be refused; what is good is saved, and taken back at
    once."""
    context = browser_context(permissions=["clipboard-read", "clipboard-write"])
    page = sign_in(context.new_page(), "王磊", PLACE)
    rows = [page.locator(f".lc-table tr[data-index='{index}']") for index in (0, 1)]
    amounts = [cell(page, index, "预计金额") for index in (0, 1)]
    amounts[0].click()
    before = [kept(demo, row)["amount"] for row in rows]
    page.evaluate("text => navigator.clipboard.writeText(text)", "1,000\t5\r\n-2\t\r\n")
    page.keyboard.press("ControlOrMeta+v")
    dialog = page.get_by_role("dialog", name="粘贴到列表")
    expect(dialog.get_by_role("status")).to_contain_text("2 个单元格不会保存")
    expect(dialog.locator(".lc-paste-new")).to_have_text(["¥1,000.00"])
    expect(dialog.locator(".lc-paste-bad").first).to_contain_text("由系统计算")
    dialog.get_by_role("button", name="保存 1 个单元格").click()
    expect(dialog).to_have_count(0)
    expect(amounts[0]).to_have_text("¥1,000.00")
    assert ["1000.00", str(before[1])] == [str(kept(demo, row)["amount"]) for row in rows]
    expect(amounts[0]).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator(".ant-message")).to_contain_text("已撤销")
    assert before == [kept(demo, row)["amount"] for row in rows]


@pytest.mark.requirement("SF08")
def test_who_types_fast_chooses_what_they_typed(page: Page, sign_in: SignIn, demo: Host) -> None:
    """Enter that comes before what is searched for takes the first of it as it comes, and nothing of an earlier search;
    who types on has taken it back."""
    sign_in(page, "李娜", "#/records/contact")
    page.locator("[data-shortcut=n]").click()
    field = page.get_by_role("dialog").get_by_role("combobox", name="客户", exact=True)
    options = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    field.click()
    names = [options.nth(at).get_attribute("title") or options.nth(at).inner_text() for at in (0, 2)]
    held: list[Route] = []
    page.route(re.compile(r"/api/records/account\?.*search="), lambda each: held.append(each))
    chosen = page.locator(".lc-form .ant-select", has=page.get_by_role("combobox", name="客户", exact=True))

    def ask(words: str, *keys: str) -> None:
        with page.expect_request(re.compile(r"/api/records/account\?.*search=")):
            field.fill(words)
        for key in keys:
            page.keyboard.press(key)

    ask(names[1], "Enter")
    held.pop().continue_()
    expect(chosen).to_contain_text(names[1])
    expect(options).to_have_count(0)
    ask(names[0], "Enter")
    ask(f"{names[0]} 没有")
    for each in held:
        each.continue_()
    expect(page.locator(".ant-select-dropdown:visible")).to_contain_text("没有匹配")
    held.clear()
    ask(names[0])  # and Enter on a button below the list presses that
    page.locator(".ant-select-dropdown:visible").get_by_role("button", name="新建").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(2)
    expect(chosen).to_contain_text(names[1])
