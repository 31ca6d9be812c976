"""Everything that opens on a page: for a program that looks for barriers, by day and by night; on a phone, in both
languages, nothing of it stands out to the side or is cut off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_every_page import POCKET, at, spoken
from tests.support.browser import OpenContext, Watched, cut, outstanding, still
from tests.support.reach import OPENED, TURNED, barriers

pytestmark = pytest.mark.browser
Way = tuple[str, ...]
"""What is pressed one after another: `menu:` an item, `#`, `.` or `[` a selector, else a button by either name."""
MORE = ".lc-tools [aria-label='更多'], .lc-tools [aria-label='More']"
BOARD = ".lc-head-title [aria-label='更多'], .lc-head-title [aria-label='More']"
ACTS = ".lc-head [aria-label='操作'], .lc-head [aria-label='Actions']"
DIALOGS: dict[str, dict[str, tuple[str, Way]]] = {
    "lists": {
        "import": ("#/records/lead?view=all", (MORE, "menu:导入|Import")),
        "filter": ("#/records/lead?view=all", ("[data-shortcut=f]",)),
        "view": ("#/records/lead?view=all", ("视图设置|View settings", "menu:另存为|Save as")),
        "form": ("#/records/quote?view=team", ("[data-shortcut=n]",)),
        "public": ("#/records/lead?view=all", (MORE, "menu:公开|网页|Public|web")),
    },
    "records": {
        "edit": ("#/records/account/32", ("[data-shortcut=e]",)),
        "merge": ("#/records/account/32", (ACTS, "menu:合并|Merge")),
        "privacy": ("#/records/contact/32", (ACTS, "menu:个人信息|Personal")),
        "used": ("#/print/quotation/2", ("打印与查看记录|Prints and openings",)),
        "send": ("#/print/quotation/2", ("发送|Send",)),
    },
    "work": {
        "away": ("#/tasks", ("外出与代理|Being away",)),
        "notices": ("#/tasks", ("^通知|^Notifications|未读|unread",)),
        "account": ("#/tasks", (".lc-who", "menu:我的账号|My account")),
        "factor": ("#/tasks", (".lc-who", "menu:我的账号|My account", "设置二次验证|Set up a second factor")),
        "key": ("#/access", ("新建密钥|New key",)),
        "person": ("#/access/people", ("添加人员|Add a person",)),
        "department": ("#/access/departments", ("添加部门|Add a department",)),
        "palette": ("#/tasks", (".lc-find input, [aria-label='全局搜索'], [aria-label='Search everywhere']",)),
    },
    "boards": {
        "subscribe": ("#/dashboard/sales_board", (BOARD, "menu:定时发送|Send on a schedule")),
        "share": ("#/dashboard/sales_board", (BOARD, "menu:分享链接|Share a link")),
    },
}
WHO = "吴晓峰"


def found(page: Page, what: str) -> Locator:
    """What is pressed."""
    if what.startswith((".", "#", "[")):
        return page.locator(what).first
    if what.startswith("menu:"):
        return page.get_by_role("menuitem", name=re.compile(what.removeprefix("menu:"))).first
    return page.get_by_role("button", name=re.compile(what)).first


STANDS = OPENED.replace(".ant-drawer", ".ant-drawer:not(:has(> .ant-drawer-content-wrapper-hidden))")
"""What is open: the place of a drawer that closed stays."""
COUNTED = """
  const asked = window.fetch;
  window.underway = 0;
  window.fetch = (...what) => {
    window.underway += 1;
    return asked(...what).finally(() => setTimeout(() => (window.underway -= 1), 20));
  };
"""
"""How much a page has asked for and not heard of."""


def begun(page: Page) -> Page:
    page.add_init_script(COUNTED)
    return page


def opened(page: Page, place: str, way: Way) -> Page:
    """Go there and open it; nothing else is open."""
    at(page, place)
    for what in way:
        found(page, what).click()
    expect(page.locator(STANDS).filter(visible=True).last).to_be_visible()
    page.wait_for_function("() => window.underway === 0")
    return page


def closed(page: Page, at_most: int = 4) -> None:
    """Leave what is open by the key that leaves, one after another."""
    for _ in range(at_most):
        if page.locator(STANDS).filter(visible=True).count() == 0:
            return
        page.keyboard.press("Escape")
        page.evaluate(TURNED)
        still(page)
    expect(page.locator(STANDS).filter(visible=True)).to_have_count(0)


@pytest.mark.requirement("SP11")
@pytest.mark.parametrize("area", DIALOGS)
def test_what_opens_keeps_nobody_out(page: Page, sign_in: SignIn, watched: Watched, area: str) -> None:
    """At a desk."""
    sign_in(begun(page), WHO)
    wrong = {}
    looks = ("light", "dark")
    for name, (place, way) in DIALOGS[area].items():
        wrong[name] = barriers(opened(page, place, way), looks=looks, back=False)
        looks = looks[::-1]
        closed(page)
    assert {} == {name: each for name, each in wrong.items() if each}


@pytest.mark.requirement("SP11", "SP12")
@pytest.mark.parametrize("area", DIALOGS)
def test_what_opens_fits_a_phone(browser_context: OpenContext, sign_in: SignIn, area: str) -> None:
    """In either language."""
    page = sign_in(begun(browser_context(**POCKET).new_page()), WHO)
    wrong: dict[str, list[Any]] = {}
    for language in ("", " en"):
        if language:
            spoken(page, "en")
            page.reload()
        for name, (place, way) in DIALOGS[area].items():
            opened(page, place, way)
            wrong[f"{name}{language}"] = [*barriers(page, looks=("touch",)), *outstanding(page), *cut(page)]
            closed(page)
    assert {} == {name: each for name, each in wrong.items() if each}
