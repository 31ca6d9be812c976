"""The designer of decision tables in the browser: a sheet like any spreadsheet, that says what is wrong in its cells,
which cases are open and what it would answer, before it is published."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, TWO_ROWS, OpenContext, fits, high
from tests.support.reach import barriers

ADMINISTRATOR = "吴晓峰"
ROWS = 7
NOTE = "西南大项目由王磊跟进，其余由李娜跟进"
EXCEL = f'"sichuan", "chongqing"\t\t>= 100000\t"wang.lei"\t{NOTE}\r\n"sichuan", "chongqing"\t\t\t"li.na"\r\n'
EDGES = """grid => Array.from({length: 5}, (_, column) =>
  [...grid.querySelectorAll(`[role=row] > [aria-colindex="${column + 2}"]`)]
    .map(each => Math.round(each.getBoundingClientRect().left)))"""
"""Where the cells of each column begin, in every row."""


@pytest.fixture
def root(demo: Host) -> Iterator[Host]:
    """The demo; what is published here is taken back."""
    yield demo
    actor = demo.actor("wu.xiaofeng")
    if len(demo.app.plans["rules"].tables["lead_assignment"].rows) != ROWS:
        plan = demo.ask(actor, "app.plan_undo")
        demo.ask(actor, "app.undo", plan=plan["plan"], allow=plan["consents"])


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell of the sheet; rows and columns count from 1, the number of the row apart."""
    return page.locator(f"#lc-cell-{row - 1}-{column - 1}")


def paste(page: Page, text: str) -> None:
    """What a spreadsheet gives, put where the focus is."""
    page.evaluate(
        """text => {
          const data = new DataTransfer(); data.setData('text/plain', text);
          const given = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", given));
        }""",
        text,
    )


@pytest.mark.requirement("R21", "X21")
def test_a_table_is_designed_like_a_spreadsheet(page: Page, sign_in: SignIn, root: Host, picture: Picture) -> None:
    """By keyboard: cells typed over, a mistake shown in its cell with its cure, taken back; rows pasted from Excel;
    what it would answer and why; open cases; rows moved; published, and asked by the rule that uses it."""
    sign_in(page, ADMINISTRATOR, "#/tables")
    page.get_by_role("link", name="设计 线索分配表").click()
    grid, tools = page.get_by_role("grid", name="决策表"), page.locator(".lc-table-tools")
    expect(cell(page, 1, 1)).to_have_text("海外, 香港, 澳门, 台湾")
    expect(page.locator(".lc-table-cases")).to_contain_text("2 类情况归入“其他情况”")
    assert barriers(page) == []

    # a choice is completed by its title, a mistake is said in its cell
    cell(page, 4, 2).click()
    page.keyboard.type("食品")
    page.locator(".ant-select-item-option", has_text="食品饮料").wait_for()
    page.keyboard.press("Enter")
    expect(cell(page, 4, 2)).to_have_text("食品饮料")
    expect(cell(page, 5, 2)).to_have_class("lc-table-cell lc-table-in lc-table-active")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(">= budgett")
    page.keyboard.press("Enter")
    expect(cell(page, 5, 3)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".lc-design-findings .lc-design-wrong").first).to_contain_text("budget")
    picture(page, "table-wrong")
    page.keyboard.press("Control+z")
    expect(cell(page, 5, 3)).to_have_text("–")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_enabled()

    # rows from a spreadsheet go behind the last; a row goes up, and back
    cell(page, 7, 1).click()
    tools.get_by_role("button", name="行").click()
    expect(page.locator(".lc-table-catcher")).to_be_focused()
    paste(page, EXCEL.replace(NOTE, f"{NOTE}\tA6\tA7"))
    expect(page.get_by_text("粘贴内容最后 2 列未读入")).to_be_visible()
    page.keyboard.press("Control+z")
    paste(page, EXCEL)
    expect(cell(page, 8, 1)).to_have_text("四川, 重庆")
    expect(cell(page, 8, 5)).to_have_text(NOTE)
    expect(cell(page, 9, 4)).to_have_text("李娜")
    assert {1} == {len(set(each)) for each in grid.evaluate(EDGES)}, "long cells widen no column of their row"
    expect(cell(page, 10, 4)).to_have_text("（空）")
    page.keyboard.press("Alt+ArrowDown")
    expect(cell(page, 9, 5)).to_have_text(NOTE)
    expect(page.locator(".lc-table-cases")).to_contain_text("第 9 行永远不会命中")
    page.keyboard.press("Control+z")
    expect(cell(page, 8, 5)).to_have_text(NOTE)

    # what it would answer, and why not another row
    page.get_by_role("tab", name="试算").click()
    side = page.locator(".lc-table-try")
    side.get_by_label("省份").click()
    page.keyboard.type("重庆")
    page.keyboard.press("Enter")
    side.get_by_label("预算").fill("120000")
    expect(side.get_by_role("status")).to_contain_text("命中第 8 行")
    expect(side.get_by_role("status")).to_contain_text("王磊")
    expect(page.locator(".lc-table-hit")).to_have_count(1)
    cell(page, 6, 1).click()
    page.get_by_role("tab", name="试算").click()
    expect(side).to_contain_text("第 6 行为什么不命中")
    expect(side).to_contain_text("预算: 120000，不符合 >= 500000")
    assert barriers(page) == []
    picture(page, "table-designer")

    # a row is chosen by its menu, copied and taken away; a column comes and goes
    page.get_by_role("button", name="第 2 行").click()
    page.get_by_role("menuitem", name="复制此行").click()
    expect(cell(page, 3, 1)).to_have_text("上海")
    cell(page, 3, 1).click()
    page.keyboard.press("Control+Delete")
    expect(cell(page, 3, 1)).to_have_text("江苏, 安徽")
    tools.get_by_role("button", name="条件列").click()
    page.get_by_role("menuitem", name="来源").first.click()
    expect(grid.get_by_role("columnheader", name="来源")).to_be_visible()
    page.locator(".lc-design-inspector").get_by_role("button", name="移除").click()
    expect(grid.get_by_role("columnheader", name="来源")).to_have_count(0)

    from_a_file(page, root)
    published(page, root)


def from_a_file(page: Page, root: Host) -> None:
    """A file is chosen by keyboard; it replaces the table, and can be taken back."""
    administrator = root.actor("wu.xiaofeng")
    document = {"name": "lead_assignment", "type": "table", "hit": "UNIQUE", "rules": [
        {"when": {"province": '"beijing"'}, "then": {"user": '"li.na"'}}],
        "inputs": [{"name": "province", "expression": "province"}], "outputs": [{"name": "user", "type": "user"}],
    }  # fmt: skip
    file = root.ask(administrator, "rules.write_table", table="lead_assignment", document=document, format="dmn")
    page.get_by_role("button", name="导入与导出").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="从 Excel 或 DMN 文件读入").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    content = base64.b64decode(file["content"])
    chooser.value.set_files({"name": "TABLE.XML", "mimeType": "text/xml", "buffer": content})
    expect(page.get_by_text("已读入 1 行")).to_be_visible()
    expect(page.locator(".lc-table-otherwise [role=gridcell]").nth(1)).to_have_text("")
    expect(cell(page, 1, 1)).to_have_text("北京")
    page.keyboard.press("Control+z")
    expect(cell(page, 8, 5)).to_have_text(NOTE)


def published(page: Page, root: Host) -> None:
    """What was designed stands after the page was loaded anew, is published, and answers."""
    page.reload()
    expect(cell(page, 8, 5)).to_have_text(NOTE)
    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    expect(plan.locator(".lc-planned").first).to_contain_text("线索分配表")
    plan.get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()
    administrator = root.actor("wu.xiaofeng")
    answer = root.ask(administrator, "rules.decide", table="lead_assignment", values={"province": "sichuan"})
    assert (answer["rows"], answer["outputs"]) == ([9], {"user": "li.na"})


@pytest.mark.requirement("X1", "X21")
def test_a_table_is_changed_on_a_phone(
    browser_context: OpenContext, sign_in: SignIn, root: Host, picture: Picture
) -> None:
    """Row by row, in English: a cell is ticked, a row doubled and moved, a mistake shown at its row; what it would
    answer is tried; where it is asked is one touch away, and from there it is found again."""
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, "#/tables")
    page.get_by_role("link", name="Assign new leads").tap()
    page.locator(".lc-rule", has_text="Assign new leads").get_by_role("link", name="Lead assignment").tap()
    cards, sheet = page.locator(".lc-table-cards > li"), page.locator(".lc-flow-drawer .ant-drawer-section")
    expect(cards).to_have_count(ROWS + 1)
    assert fits(page)
    assert [] == barriers(page)
    cards.nth(1).get_by_role("button").tap()
    sheet.get_by_role("checkbox", name="Chemical").check()
    expect(sheet.get_by_label("Industry · Row 2")).to_have_value('"chemical", "pharmaceutical", "food"')
    picture(page, "table-row-phone")
    assert [] == barriers(page)
    sheet.get_by_role("button", name="Duplicate the row").tap()
    expect(sheet).to_contain_text("Row 3")
    sheet.get_by_role("button", name="Move down").tap()
    expect(sheet).to_contain_text("Row 4")
    sheet.get_by_label("Budget · Row 4").fill(">= budgett")
    sheet.locator(".ant-drawer-close").tap()
    expect(cards.nth(3)).to_contain_text("budget")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    cards.nth(3).get_by_role("button").tap()
    sheet.get_by_role("button", name="Delete the row").tap()
    page.get_by_role("button", name="Try it").tap()
    sheet.get_by_label("Budget").fill("900000")
    expect(sheet.get_by_role("status")).to_contain_text("hits")
    sheet.locator(".ant-drawer-close").tap()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_enabled()
    assert fits(page)
    assert high(page.locator(".lc-design-bar")) <= TWO_ROWS
    picture(page, "table-phone")
