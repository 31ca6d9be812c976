"""The story of a customer by keyboard alone: nobody needs a mouse, and everybody sees where they are."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Watched

pytestmark = pytest.mark.browser
COMPANY = "绍兴键盘机电有限公司"
HERE = "each => each === document.activeElement || each.contains(document.activeElement)"
UNSEEN = """() => {
  let at = document.activeElement;
  if (at === document.body) return ''; // beyond the last stop: the browser itself
  const name = at.outerHTML.slice(0, 160);
  for (let up = 0; at && up < 4; up += 1, at = at.parentElement) {
    const looks = getComputedStyle(at);
    if ((looks.outlineStyle !== 'none' && parseFloat(looks.outlineWidth) > 0) || looks.boxShadow !== 'none') return '';
  }
  return name;
}"""


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Walk to something with one key; each stop on the way can be seen."""
    expect(target).to_be_visible()
    for _ in range(120):
        if target.evaluate(HERE):
            return
        page.keyboard.press(key)
        unseen = page.evaluate(UNSEEN)
        assert unseen == "", f"the focus cannot be seen on {unseen}"
    pytest.fail(f"{target} is not reached by {key}")


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    page.keyboard.press("Enter")


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
    expect(page.get_by_role("dialog")).to_contain_text("进入「已确认」前请填写")
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
    expect(page.locator(".ant-message")).to_contain_text("已提交")


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
