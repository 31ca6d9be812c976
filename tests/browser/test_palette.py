"""From anywhere: records, pages and things to do by their names; favourites; what was opened last; looks and keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import OpenContext, Watched

pytestmark = pytest.mark.browser


def find(page: Page, words: str) -> None:
    page.keyboard.press("ControlOrMeta+k")
    expect(page.get_by_role("combobox", name="全局搜索")).to_be_focused()
    page.keyboard.type(words)


@pytest.mark.requirement("SF21")
def test_pages_and_things_to_do_are_found_by_either_name(page: Page, sign_in: SignIn) -> None:
    """In Chinese or in English, with the keyboard alone; Escape leads back to where one was."""
    sign_in(page, "李娜", "#/records/quote")
    expect(page.locator(".lc-table")).to_be_visible()
    search = page.get_by_placeholder("搜索报价单")
    search.focus()
    find(page, "contr")
    expect(page.locator("#lc-finds").get_by_role("option", name="合同", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#lc-finds")).to_be_hidden()
    expect(search).to_be_focused()
    find(page, "my to-do")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#/tasks"))
    find(page, "新建线索")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="新建线索")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    find(page, "english")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Search everywhere")).to_be_visible()
    page.keyboard.press("ControlOrMeta+k")
    page.keyboard.type("简体")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="全局搜索")).to_be_visible()


def test_what_is_starred_is_at_hand_on_every_machine(browser_context: OpenContext, sign_in: SignIn, demo: Host) -> None:
    """A record and a view, kept by the server; what was opened last stays on the machine it was opened on."""
    page = sign_in(browser_context().new_page(), "王磊", "#/records/account?view=all")
    page.locator(".lc-table tbody tr.lc-row .lc-first").first.click()
    name = page.locator(".lc-detail h1").inner_text()
    page.get_by_role("button", name=f"收藏「{name}」").click()
    expect(page.get_by_role("button", name=f"取消收藏「{name}」")).to_have_attribute("aria-pressed", "true")
    page.goto(page.url.split("#")[0] + "#/records/opportunity?view=closing")
    page.locator(".lc-view-row .lc-star").click()
    menu = page.get_by_role("navigation", name="菜单")
    expect(menu.get_by_role("menuitem", name=name)).to_be_visible()
    page.keyboard.press("ControlOrMeta+k")
    recent = page.locator("#lc-finds").get_by_role("group", name="最近打开")
    expect(recent.get_by_role("option").first).to_contain_text(name)
    starred = page.locator("#lc-finds").get_by_role("group", name="收藏")
    expect(starred.get_by_role("option")).to_have_count(2)

    other = sign_in(browser_context().new_page(), "王磊")
    other.keyboard.press("ControlOrMeta+k")
    expect(other.locator("#lc-finds").get_by_role("group", name="收藏").get_by_role("option")).to_have_count(2)
    expect(other.locator("#lc-finds").get_by_role("group", name="最近打开")).to_have_count(0)
    other.keyboard.press("Enter")
    expect(other.locator(".lc-detail h1")).to_have_text(name)
    other.get_by_role("button", name=f"取消收藏「{name}」").click()
    expect(other.get_by_role("button", name=f"收藏「{name}」", exact=True)).to_be_visible()
    kept = demo.ask(demo.actor("wang.lei"), "forms.favourites")["items"]
    assert [("opportunity", None, "closing")] == [(each["form"], each["record"], each["view"]) for each in kept]


def test_single_keys_do_something_and_can_be_turned_off(page: Page, sign_in: SignIn, watched: Watched) -> None:
    """`?` says which there are; while somebody types, and when they are turned off, a letter is a letter."""
    sign_in(page, "李娜", "#/records/quote")
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="键盘快捷键")
    expect(dialog).to_contain_text("搜索记录、页面和操作")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="新建报价单")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator(".lc-table .lc-first").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".lc-table .lc-first").nth(1)).to_be_focused()
    page.get_by_placeholder("搜索报价单").fill("")
    page.get_by_placeholder("搜索报价单").press("n")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_placeholder("搜索报价单").blur()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("#/tasks"))
    page.keyboard.press("?")
    dialog.get_by_role("switch").click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile("#/tasks"))


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_looks_follow_the_system_or_the_person(browser_context: OpenContext, sign_in: SignIn, system: str) -> None:
    """Charts too; what somebody chose stays on this machine."""
    page = sign_in(browser_context(color_scheme=system).new_page(), "林雪梅", "#/dashboard/sales_board")
    chart = page.locator(".lc-chart svg").first
    expect(chart).to_be_visible()
    ground = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every(part => part < 60)"
    words = """() => [...document.querySelectorAll('.lc-chart svg text')].map(each => getComputedStyle(each).fill)
        .some(fill => fill.match(/\\d+/g).slice(0, 3).every(part => part > 150))"""
    assert page.evaluate(ground) == (system == "dark")
    assert page.evaluate(words) == (system == "dark")
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name="我的账号").click()
    other = "浅色" if system == "dark" else "深色"
    page.get_by_role("dialog").get_by_text(other, exact=True).click()
    page.wait_for_function(f"() => ({ground})() !== {'true' if system == 'dark' else 'false'}")
    page.reload()
    expect(page.locator(".lc-chart svg").first).to_be_visible()
    assert page.evaluate(ground) == (system != "dark")
    assert page.evaluate(words) == (system != "dark")


def test_what_an_input_method_composes_is_not_asked_for(page: Page, sign_in: SignIn) -> None:
    """Its letters are no word yet; the word it hands over is asked for at once, everywhere and in a list."""
    sign_in(page, "李娜", "#/records/account?view=all")
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda each: asked.append(f"{each.url} {each.post_data or ''}"))
    keys = page.context.new_cdp_session(page)

    def composed(letters: str) -> None:
        for end in range(1, len(letters) + 1):
            keys.send("Input.imeSetComposition", {"text": letters[:end], "selectionStart": end, "selectionEnd": end})
        page.wait_for_timeout(400)  # longer than any pause after which a question is asked

    page.get_by_role("combobox", name="全局搜索").click()
    composed("taihe")
    assert [] == [each for each in asked if "records.search" in each]
    keys.send("Input.insertText", {"text": "泰和"})
    expect(page.locator("#lc-finds [role=option]", has_text="泰和").first).to_be_visible()
    assert ['{"text":"泰和"}'] == [each.partition(" ")[2] for each in asked if "records.search" in each]
    page.keyboard.press("Escape")

    page.get_by_placeholder("搜索客户").click()
    composed("taihe")
    assert [] == [each for each in asked if "search=" in each]
    keys.send("Input.insertText", {"text": "泰和"})
    rows = page.locator(".lc-table tbody tr.lc-row")
    expect(rows.filter(has_not_text="泰和")).to_have_count(0)
    expect(rows.first).to_be_visible()


def test_a_blank_between_two_words_stays(page: Page, sign_in: SignIn) -> None:
    """Whoever stops after the first word of two goes on with the second."""
    sign_in(page, "李娜", "#/records/account?view=all")
    search = page.get_by_placeholder("搜索客户")
    search.click()
    page.keyboard.type("泰和 ")
    rows = page.locator(".lc-table tbody tr.lc-row")
    expect(rows.filter(has_not_text="泰和")).to_have_count(0)
    page.keyboard.type("特钢")
    expect(search).to_have_value("泰和 特钢")
