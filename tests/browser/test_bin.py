"""What was deleted: undone at once, found in the bin, brought back, or gone for good."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, Watched, fits
from tests.support.reach import barriers, press

pytestmark = pytest.mark.browser


def asked(demo: Host, operation: str, **parameters: Any) -> Any:
    return demo.ask(demo.actor("wu.xiaofeng"), operation, **parameters)


def line(page: Page, name: str) -> Locator:
    """A record in the bin."""
    return page.locator(".lc-bin-list > li").filter(has=page.get_by_text(name, exact=True))


def confirmed(page: Page) -> None:
    """Say yes to what is asked before a deletion."""
    page.locator(".ant-modal-confirm").get_by_role("button", name="删除").click()


@pytest.mark.requirement("SF06", "SP11")
def test_what_was_deleted_comes_back_and_goes(page: Page, sign_in: SignIn, demo: Host, watched: Watched) -> None:
    """Undone by a key on the page of a record and by a press in the list; from the bin by keyboard alone with what it
    is linked to; gone for good only when the number was entered."""
    watched.forgive("404")  # what is told of the deletion may come before the page of the record is left
    account, contact = "回收测试客户", "回收测试联系人"
    ids = {"account": asked(demo, "records.create", type="account", values={"name": account})["id"]}
    values = {"name": contact, "account": ids["account"]}
    ids["contact"] = asked(demo, "records.create", type="contact", values=values)["id"]
    sign_in(page, "吴晓峰", "#/records/contact?view=all")
    expect(page.get_by_role("tab", name="全部", exact=True)).to_be_visible()
    page.evaluate(f"location.hash = '#/records/contact/{ids['contact']}'")
    expect(page.locator(".lc-crumb a")).to_have_attribute("href", "#/records/contact?view=all")
    page.locator(".lc-actions .ant-dropdown-trigger").click()
    page.get_by_role("menuitem", name="删除").click()
    confirmed(page)
    expect(page.get_by_role("button", name="撤销", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/records/contact\?view=all$"))  # where it was chosen
    _taken_elsewhere(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("已恢复 1 条记录")).to_be_visible()
    assert asked(demo, "records.get", type="contact", id=ids["contact"])["account"] == ids["account"]
    for form in ("contact", "account"):
        asked(demo, "records.delete", type=form, id=ids[form])
    page.evaluate("location.hash = '#/bin'")
    expect(line(page, account)).to_contain_text("吴晓峰 · 手动删除")
    assert barriers(page) == []
    press(page, page.get_by_role("button", name=f"恢复「{contact}」"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", name="一并恢复其关联的已删除记录")).to_be_checked()
    expect(dialog).to_contain_text(account)
    assert barriers(page, ".ant-modal") == []
    press(page, dialog.get_by_role("button", name="恢复", exact=True))
    expect(page.get_by_text("已恢复 2 条记录")).to_be_visible()
    expect(line(page, contact)).to_have_count(0)
    assert asked(demo, "records.get", type="contact", id=ids["contact"])["account"] == ids["account"]
    asked(demo, "records.delete", type="contact", id=ids["contact"])
    page.set_viewport_size(PHONE)
    page.reload()
    page.get_by_role("button", name=f"彻底删除「{contact}」").click()
    sure = dialog.get_by_role("button", name="彻底删除")
    expect(sure).to_be_disabled()
    assert fits(page)
    dialog.get_by_role("spinbutton").fill("1")
    sure.click()
    expect(page.get_by_text("已彻底删除 1 条记录")).to_be_visible()
    expect(line(page, contact)).to_have_count(0)
    assert fits(page)


def _taken_elsewhere(page: Page) -> None:
    """Ctrl+Z that somebody has made use of undoes no deletion as well."""
    held: list[Route] = []
    page.route("**/forms.bring_back", lambda each: held.append(each))
    page.evaluate("""addEventListener('keydown', function taken(event) {
        if (event.key !== 'z') return;
        event.preventDefault();
        removeEventListener('keydown', taken, true);
    }, true)""")
    page.keyboard.press("Control+z")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert held == []
    page.unroute("**/forms.bring_back")


def test_many_are_deleted_and_it_is_undone(page: Page, sign_in: SignIn, demo: Host) -> None:
    """From the list, in one step each."""
    made = [asked(demo, "records.create", type="account", values={"name": f"批量撤销{each}"})["id"] for each in "甲乙"]
    sign_in(page, "吴晓峰", "#/records/account?search=批量撤销")
    rows = page.locator(".lc-table tbody tr.lc-row")
    expect(rows).to_have_count(2)
    for row in rows.all():
        row.get_by_role("checkbox").check()
    page.locator(".lc-selection").get_by_role("button", name="删除").click()
    confirmed(page)
    undo = page.get_by_role("button", name="撤销", exact=True)
    expect(undo).to_be_visible()
    expect(rows).to_have_count(0)
    undo.click()
    expect(page.get_by_text("已恢复 2 条记录")).to_be_visible()
    expect(rows).to_have_count(2)
    assert len(asked(demo, "records.list", type="account", ids=tuple(made))["items"]) == 2
    for row in rows.all():
        row.get_by_role("checkbox").check()
    page.locator(".lc-selection").get_by_role("button", name="删除").click()
    confirmed(page)
    expect(undo).to_be_visible()
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name="切换成员").click()
    expect(page.get_by_text("李娜")).to_be_visible()
    # Nobody at the door is offered it: the key means nothing there any more.
    assert page.evaluate("dispatchEvent(new KeyboardEvent('keydown', {key: 'z', ctrlKey: true, cancelable: true}))")
