"""The story of a customer by keyboard alone: nobody needs a mouse, and everybody sees where they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.support.browser import Watched
from tests.support.reach import barriers, press, reach

pytestmark = pytest.mark.browser
COMPANY = "绍兴键盘机电有限公司"


def tab(page: Page, name: str) -> None:
    """Choose one of the tabs of a record with the arrows."""
    reach(page, page.get_by_role("tablist").get_by_role("tab", selected=True).last)
    wanted = page.get_by_role("tab", name=name)
    for _ in range(15):
        if wanted.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(wanted).to_have_attribute("aria-selected", "true")


def palette(page: Page, words: str, expected: str) -> None:
    page.keyboard.press("ControlOrMeta+k")
    page.keyboard.type(words)
    expect(page.locator("#lc-finds").get_by_role("option").first).to_contain_text(expected)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_role("dialog").get_by_label(label, exact=True))
    page.keyboard.type(text)


def save(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def stands_at(page: Page, state: str) -> None:
    expect(page.locator(".lc-way [aria-current=step]")).to_have_text(state)


def step(page: Page, name: str) -> None:
    press(page, page.locator(".lc-moves").get_by_role("button", name=name, exact=True))


@pytest.mark.requirement("SP11", "SC04", "SF24", "SW22")
def test_the_story_by_keyboard(page: Page, address: str, watched: Watched) -> None:
    """Signed in, a lead made and converted, quoted with lines, submitted, and approved by somebody else."""
    watched.forgive("401 (Unauthorized)")
    page.goto(address)
    press(page, page.locator(".lc-people button", has_text="李娜"))
    expect(page.locator(".lc-who")).to_be_visible()

    palette(page, "新建线索", "新建线索")
    expect(page.get_by_role("dialog")).to_be_visible()
    write(page, "公司", COMPANY)
    write(page, "联系人", "沈建国")
    write(page, "电话", "13757500001")
    save(page)
    palette(page, COMPANY[:6], COMPANY)
    stands_at(page, "待联系")

    tab(page, "跟进记录")
    press(page, page.get_by_role("button", name="新建跟进记录"))
    write(page, "沟通内容", "电话确认需要两台变频器")
    save(page)
    stands_at(page, "已联系")
    step(page, "确认为有效线索")
    expect(page.get_by_role("dialog")).to_contain_text("进入「已确认」还需要")
    for label in ("省份", "意向产品线"):
        reach(page, page.get_by_role("dialog").get_by_label(label, exact=True))
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
    write(page, "需求描述", "两台泵改变频")
    save(page)
    stands_at(page, "已确认")
    press(page, page.get_by_role("button", name="转为客户与商机"))
    stands_at(page, "已转化")
    tab(page, "详细信息")
    press(page, page.locator(".lc-fact", has_text="转化的商机").get_by_role("link"))
    stands_at(page, "初步接触")

    tab(page, "报价单")
    press(page, page.get_by_role("button", name="新建报价单"))
    write(page, "主题", "变频器两台")
    form = page.get_by_role("dialog")
    press(page, form.get_by_role("button", name="添加一行"))
    expect(form.get_by_role("combobox", name="产品 第 1 行")).to_be_focused()
    page.keyboard.type("变频器 22")
    expect(page.locator(".ant-select-dropdown:visible .ant-select-item-option")).to_contain_text(["变频器 22 kW"])
    page.keyboard.press("Enter")
    write(page, "数量 第 1 行", "2")
    page.keyboard.press("Tab")
    expect(form.locator('[data-field="total"]')).to_contain_text(re.compile(r"¥\d"))
    save(page)
    press(page, page.get_by_role("region", name="报价单").locator(".lc-first").first)
    expect(page.locator("h1")).to_have_text(re.compile(r"Q\d{6}-\d{4}"))
    number = page.locator("h1").inner_text()
    step(page, "提交审批")
    stands_at(page, "审批中")

    press(page, page.locator(".lc-who"))
    reach(page, page.get_by_role("menuitem", name="切换成员"), "ArrowDown")
    page.keyboard.press("Enter")
    press(page, page.locator(".lc-people button", has_text="林雪梅"))
    expect(page.locator(".lc-who")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("t")
    press(page, page.locator(".lc-task", has_text=number))
    reach(page, page.get_by_label(re.compile("处理意见")))
    page.keyboard.type("同意")
    press(page, page.get_by_role("button", name="同意"))
    expect(page.locator(".ant-message")).to_contain_text("已同意")


@pytest.mark.requirement("SP11")
def test_what_opens_gives_the_focus_back(page: Page, address: str, watched: Watched) -> None:
    """Into what opens, round within it, and back to where one was when it closes."""
    watched.forgive("401 (Unauthorized)")
    page.goto(address)
    press(page, page.locator(".lc-people button", has_text="李娜"))
    expect(page.locator(".lc-who")).to_be_visible()
    page.goto(f"{address}#/records/quote")
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()
    dialog = page.get_by_role("dialog")
    for name in ("新建", "筛选"):
        button = page.get_by_role("button", name=name).first
        reach(page, button)
        page.keyboard.press("Enter")
        if name == "新建":
            expect(dialog).to_be_visible()
            for _ in range(3):
                page.keyboard.press("Tab")
                assert dialog.evaluate("each => each.contains(document.activeElement)"), "the focus left the dialog"
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(button).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="筛选").first).to_be_focused()


def opened_from_menu(page: Page, button: str, item: str) -> None:
    press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True).last)
    reach(page, page.get_by_role("menuitem", name=item), "ArrowDown")
    page.keyboard.press("Enter")


def chosen(page: Page, label: str, downs: int) -> None:
    """Another option of a list, by the arrows."""
    reach(page, page.get_by_role("dialog").get_by_label(label, exact=True))
    for key in ("ArrowDown", *["ArrowDown"] * downs, "Enter"):
        page.keyboard.press(key)


@pytest.mark.requirement("SP11", "SF10", "F20", "F23")
def test_files_and_letters_by_keyboard(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    """A file is brought in, a wrong cell corrected where it stands, the import taken back; the list goes out as a file;
    a board is subscribed to and no longer. Nothing on the way keeps anybody out."""
    file = tmp_path / "leads.csv"
    file.write_text("公司,联系人,电话\n键盘导入一,张三,13800138001\n,李四,13800138002\n", encoding="utf-8")
    sign_in(page, "陈国栋", "#/records/lead?view=all")
    window = page.get_by_role("dialog")
    wrong = {}

    opened_from_menu(page, "更多", "导入")
    wrong["choose"] = barriers(page, ".ant-modal")
    with page.expect_file_chooser() as chooser:
        press(page, window.locator(".ant-upload-btn"))
    chooser.value.set_files(file)
    expect(window).to_contain_text("新建 1")
    wrong["look"] = barriers(page, ".ant-modal")
    reach(page, window.get_by_role("textbox", name="第 3 行 公司 改为"))
    page.keyboard.type("键盘导入二")
    press(page, window.get_by_role("button", name="重新检查"))
    expect(window).to_contain_text("新建 2")
    press(page, window.get_by_role("button", name="导入 2"))
    expect(page.locator(".ant-message")).to_contain_text("导入完成")
    wrong["done"] = barriers(page, ".ant-modal")
    press(page, window.get_by_role("button", name="撤销本次导入"))
    expect(page.locator(".ant-message")).to_contain_text("已撤销")
    expect(window).to_have_count(0)

    with page.expect_download() as download:
        opened_from_menu(page, "更多", "导出为 Excel")
    assert download.value.suggested_filename.startswith("线索-")

    page.goto(f"{page.url.partition('#')[0]}#/dashboard/team_board")
    expect(page.locator(".lc-tile").first).to_be_visible()
    opened_from_menu(page, "更多", "定时发送")
    wrong["subscribe"] = barriers(page, ".ant-modal")
    chosen(page, "发送时间", 1)
    press(page, window.get_by_role("button", name="定时发送", exact=True))
    mine = window.get_by_role("listitem")
    expect(mine).to_have_count(1)
    wrong["subscribed"] = barriers(page, ".ant-modal")
    press(page, mine.get_by_role("button"))
    expect(mine).to_have_count(0)
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    assert {} == {place: found for place, found in wrong.items() if found}
