"""Lists and lines as a spreadsheet has them: rows that are pasted, keys that go through them, lists without an end."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.conftest import SignIn
from tests.support.browser import OpenContext, Watched

pytestmark = pytest.mark.browser
COPIED = "变频器 5.5 kW 三相\t\t4\t\t10%\r\n电磁流量计 DN80\t备用\t1,000\t¥5,000.00\t\r\n没有的产品\t\t三\t\t\r\n"


def cell(form: Locator, field: str, row: int) -> Locator:
    return form.get_by_label(f"{field} 第 {row} 行", exact=True)


def test_rows_are_pasted_from_a_spreadsheet(browser_context: OpenContext, sign_in: SignIn) -> None:
    """Names become links, numbers numbers; what is left out follows the product; what is not understood is marked."""
    context = browser_context(permissions=["clipboard-read", "clipboard-write"])
    page = sign_in(context.new_page(), "李娜", "#/records/quote")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="添加一行").focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", COPIED)
    page.keyboard.press("ControlOrMeta+v")
    expect(page.locator(".ant-message")).to_contain_text("已粘贴 3 行，2 个单元格无法识别")
    rows = form.locator(".lc-lines tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("变频器 5.5 kW 三相")
    expect(cell(form, "数量", 1)).to_have_value("4")
    expect(cell(form, "单价", 1)).to_have_value("4,980.00")
    expect(cell(form, "折扣", 1)).to_have_value("10")
    expect(rows.nth(0)).to_contain_text("¥17,928.00")
    expect(cell(form, "数量", 2)).to_have_value("1,000")
    expect(cell(form, "单价", 2)).to_have_value("5,000.00")
    expect(cell(form, "说明", 2)).to_have_value("备用")
    expect(rows.nth(2)).to_contain_text("“没有的产品”无法识别为产品")
    expect(rows.nth(2)).to_contain_text("“三”无法识别为数量")
    beyond(page, form)
    marked(page, form)


def beyond(page: Page, form: Locator) -> None:
    """What the lines have no column for is said, and not lost without a word."""
    cell(form, "折扣", 3).focus()
    page.evaluate("navigator.clipboard.writeText('5%\\t2\\t\\t\\t甲\\t乙\\t')")
    page.keyboard.press("ControlOrMeta+v")
    expect(page.get_by_text("最后 2 列没有读入")).to_be_visible()
    expect(cell(form, "折扣", 3)).to_have_value("5")


def marked(page: Page, form: Locator) -> None:
    """Cells are marked by keys or with Shift, copied as a spreadsheet takes them, and filled from the first of them."""
    cell(form, "数量", 1).focus()
    page.keyboard.press("Control+Shift+ArrowDown")
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(form.locator(".lc-lines-marked")).to_have_count(4)
    page.keyboard.press("ControlOrMeta+c")
    expect(page.get_by_text("已复制 2 行")).to_be_visible()
    copied = [row.split("\t") for row in page.evaluate("navigator.clipboard.readText()").split("\n")]
    assert [["4", "4980"], ["1000", "5000"]] == [[str(int(float(each))) for each in row] for row in copied]
    page.keyboard.press("Escape")
    expect(form.locator(".lc-lines-marked")).to_have_count(0)
    cell(form, "数量", 3).click(modifiers=["Shift"])
    expect(form.locator(".lc-lines-marked")).to_have_count(3)
    page.keyboard.press("ControlOrMeta+d")
    for row in (1, 2, 3):
        expect(cell(form, "数量", row)).to_have_value("4")
    cell(form, "说明", 3).focus()
    page.keyboard.press("ControlOrMeta+d")
    expect(cell(form, "说明", 3)).to_have_value("备用")


def test_keys_go_through_the_rows(page: Page, sign_in: SignIn) -> None:
    """Enter goes down and adds a row after the last; Ctrl with an arrow goes up and down; nothing is sent by it."""
    sign_in(page, "李娜", "#/records/quote")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="添加一行").click()
    cell(form, "数量", 1).fill("2")
    page.keyboard.press("Enter")
    expect(form.locator(".lc-lines tbody tr")).to_have_count(2)
    expect(cell(form, "数量", 2)).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Control+ArrowUp")
    expect(cell(form, "数量", 1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell(form, "数量", 2)).to_be_focused()
    expect(cell(form, "数量", 2)).to_have_value("3")
    expect(form.locator(".lc-problem")).to_have_count(0)


CUT = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"


def test_words_have_the_room_that_numbers_leave(page: Page, sign_in: SignIn) -> None:
    """A link to what is called by a number takes no more than that; where nothing is left, no column hangs over."""
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, "周敏", "#/records/payment")
    names = page.locator(".lc-table tbody tr.lc-row td:nth-child(4) a")
    expect(names.first).to_be_visible()
    assert names.evaluate_all(CUT) == 0
    sign_in(page, "吴晓峰", "#/records/service_case?view=open")
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()
    assert page.locator("div:has(> .lc-table)").evaluate_all(CUT) == 0


def test_a_list_draws_what_is_in_sight(page: Page, sign_in: SignIn) -> None:
    """However far somebody scrolls, the page holds a screenful; the last row is one press away; every row that is found
    can be chosen."""
    sign_in(page, "林雪梅", "#/records/account?view=all")
    rows = page.locator(".lc-table tbody tr.lc-row")
    expect(rows.first).to_be_visible()
    count = int(re.sub(r"\D", "", page.locator(".lc-count").inner_text()))
    assert count > 150, "the seed has too few accounts for this"
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", str(count + 1))
    first = rows.first.get_attribute("data-row-key")
    last = page.locator(f".lc-table tr[data-index='{count - 1}'][data-row-key]")
    rows.first.locator(".lc-first").focus()
    page.keyboard.press("Control+End")
    expect(last).to_be_in_viewport()
    assert rows.count() < 80, f"{rows.count()} rows are drawn"
    page.locator(".lc-sheet").evaluate("each => each.scrollTop = each.scrollHeight / 2")
    middle = page.locator(f".lc-table tr[data-index='{count // 2}'][data-row-key]")
    expect(middle).to_be_in_viewport()
    # The row with the focus went out of sight: it goes on in a row that is seen, and the list stays where it is.
    expect(page.locator(".lc-table tbody .lc-row :focus")).to_be_in_viewport()
    expect(middle).to_be_in_viewport()
    page.locator(".lc-table thead").get_by_role("checkbox").click()
    expect(page.locator(".lc-selection")).to_contain_text(f"已选 {count} 条")
    page.locator(".lc-sheet").evaluate("each => each.scrollTop = 0")
    expect(rows.first).to_have_attribute("data-row-key", str(first))
    expect(rows.first.get_by_role("checkbox")).to_be_checked()


def test_the_first_page_is_light(page: Page, address: str, watched: Watched) -> None:
    """What is loaded before anybody does anything: at most 350 kB of script as it goes over the wire."""
    watched.forgive("401 (Unauthorized)")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    expect(page.locator(".lc-people button").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    scripts = {each.url: each for each in answers if each.url.split("?")[0].endswith(".js")}
    loaded = {url: len(gzip.compress(each.body(), 6)) for url, each in scripts.items()}
    assert loaded
    assert sum(loaded.values()) <= 350_000, sorted(loaded.items(), key=lambda each: -each[1])[:8]


def test_a_home_comes_in_few_files(page: Page, sign_in: SignIn) -> None:
    """Each script is a request, and those that are found one in another stand late: a board with its charts takes no
    more than eight, all of them sent packed."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    sign_in(page, "李娜")
    expect(page.locator(".lc-chart svg").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    scripts = [each for each in answers if "/assets/" in each.url and each.url.endswith(".js")]
    assert 0 < len(scripts) <= 8, [each.url for each in scripts]
    plain = [
        each.url for each in scripts if each.header_value("content-encoding") != "gzip" and len(each.body()) > 1_000
    ]
    assert [] == plain
