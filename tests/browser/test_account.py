"""One's own account, and what is done with whole records: handed over, restored, merged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext, Watched, fits


def asked(demo: Host, operation: str, **parameters: Any) -> Any:
    return demo.ask(demo.app_actor, operation, **parameters)


def menu(page: Page, button: Locator, item: str) -> None:
    """Press an item of a menu."""
    button.click()
    page.get_by_role("menuitem", name=item).click()


def enter(page: Page, address: str, words: tuple[str, str], login: str, password: str) -> None:
    page.goto(address)
    page.get_by_text(words[0]).click()
    page.get_by_label(words[1]).fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator(".lc-door-form button[type=submit]").click()


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_a_password_is_changed(
    browser_context: OpenContext, address: str, demo: Host, watched: Watched, language: str
) -> None:
    """A wrong one and two that differ are refused in words; afterwards only the new one opens the door."""
    watched.forgive("401 (Unauthorized)")
    watched.forgive("422")
    login = f"changing.{language.lower()}"
    asked(demo, "identity.save_person", login=login, name="钱进", password="first-password", locale=language[:5])
    chinese = language == "zh-CN"
    door = ("或使用密码登录", "账号") if chinese else ("Or sign in with a password", "Login")
    page = browser_context(locale=language, viewport=PHONE if chinese else {"width": 1440, "height": 900}).new_page()
    enter(page, address, door, login, "first-password")
    menu(page, page.locator(".lc-who"), "我的账号" if chinese else "My account")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="修改密码" if chinese else "Change password").click()
    old, new, again = (drawer.locator(f"input[name={name}]") for name in ("old", "new", "again"))
    change = drawer.locator("button[type=submit]")
    old.fill("a-wrong-password")
    new.fill("second-password")
    again.fill("another-password")
    change.click()
    refused = drawer.get_by_role("region", name="修改密码" if chinese else "Change password").get_by_role("alert")
    expect(refused).to_contain_text("不一致" if chinese else "not the same")
    again.fill("second-password")
    change.click()
    expect(refused).to_contain_text("当前密码不正确" if chinese else "current password is wrong")
    assert fits(page)
    old.fill("first-password")
    change.click()
    expect(page.locator(".lc-door")).to_be_visible()
    expect(page.get_by_text("密码已修改" if chinese else "password was changed")).to_be_visible()
    enter(page, address, door, login, "first-password")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("input[name=password]").fill("second-password")
    page.locator(".lc-door-form button[type=submit]").click()
    expect(page.locator(".lc-who")).to_be_visible()
    asked(demo, "identity.save_person", login=login, active=False)


def test_the_account_speaks_another_language(phone: Page, sign_in: SignIn) -> None:
    """On a phone: the page changes its words at once, and back."""
    sign_in(phone, "王磊")
    menu(phone, phone.locator(".lc-who"), "我的账号")
    phone.get_by_role("dialog").get_by_text("English").click()
    expect(phone.get_by_role("dialog")).to_contain_text("My account")
    phone.get_by_role("dialog").get_by_text("简体中文").click()
    expect(phone.get_by_role("dialog")).to_contain_text("我的账号")


@pytest.mark.requirement("SP22")
@pytest.mark.parametrize("narrow", [False, True])
def test_records_are_handed_over(page: Page, phone: Page, sign_in: SignIn, demo: Host, narrow: bool) -> None:
    """Counted by form before it is done, of somebody who left already; afterwards the successor owns them."""
    leaver = asked(demo, "identity.save_person", login=f"leaver.{narrow}", name=f"赵离职{narrow}", roles=("sales",))
    for number in (1, 2):
        asked(demo, "records.create", type="account", values={"name": f"交接测试{narrow}{number}", "owner": leaver})
    asked(demo, "identity.save_person", login=f"leaver.{narrow}", active=False)
    view = phone if narrow else page
    sign_in(view, "吴晓峰", "")
    menu(view, view.locator(".lc-who"), "离职交接")
    for label, name in (("离职人员", f"赵离职{narrow}"), ("接手人", "王磊")):
        view.get_by_role("combobox", name=label).fill(name)
        option = view.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=name).first
        whole = option.locator(".lc-option > span").first.evaluate("each => each.scrollWidth <= each.clientWidth")
        assert whole, "who it is is read before what they do"
        option.click()
    expect(view.get_by_role("row", name="客户")).to_contain_text("2")
    assert fits(view)
    view.get_by_role("button", name="交接 2 条记录").click()
    view.get_by_role("dialog").get_by_role("button", name="离职交接").click()
    expect(view.get_by_text("这个人没有负责的记录")).to_be_visible()
    (successor,) = asked(demo, "identity.people", search="王磊")["items"]
    rows = asked(demo, "records.list", type="account", where=f'STARTSWITH(name, "交接测试{narrow}")', fields=("owner",))
    assert [row["owner"] for row in rows["items"]] == [successor["id"]] * 2


def test_only_who_leads_hands_over(page: Page, sign_in: SignIn) -> None:
    """The menu has no such entry for others, and the page says why not."""
    sign_in(page, "李娜", "#/handover")
    expect(page.get_by_text("只有管理员或其上级")).to_be_visible()
    page.locator(".lc-who").click()
    expect(page.get_by_role("menuitem", name="我的账号")).to_be_visible()
    expect(page.get_by_role("menuitem", name="离职交接")).to_have_count(0)


Make = Callable[..., int]


@pytest.fixture
def make(demo: Host) -> Make:
    """A new account."""
    return lambda **values: int(asked(demo, "records.create", type="account", values=values)["id"])


@pytest.mark.requirement("SF12")
def test_a_version_is_restored(page: Page, sign_in: SignIn, demo: Host, make: Make) -> None:
    """What becomes another value is shown first, and what stays; the history keeps both changes."""
    account = make(name="恢复测试一厂", website="https://old.example.com")
    asked(demo, "records.update", type="account", id=account, values={"pooled_at": "2026-03-02T09:00:00Z"})
    asked(demo, "records.update", type="account", id=account, values={"name": "恢复测试二厂"})
    asked(demo, "records.update", type="account", id=account, values={"website": "https://new.example.com"})
    sign_in(page, "吴晓峰", f"#/records/account/{account}")
    page.get_by_role("button", name="恢复到此版本").last.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("row", name="客户名称")).to_contain_text("恢复测试一厂")
    expect(dialog.get_by_role("row", name="退回公海时间")).to_contain_text("不由您修改，保持现在的值")
    dialog.get_by_role("button", name="恢复", exact=True).click()
    expect(page.get_by_role("heading", name="恢复测试一厂")).to_be_visible()
    found = asked(demo, "records.get", type="account", id=account)
    assert (found["name"], found["website"], found["version"]) == ("恢复测试一厂", "https://old.example.com", 5)


@pytest.mark.requirement("SF12")
def test_a_version_is_restored_but_for_what_is_gone(
    page: Page, watched: Watched, sign_in: SignIn, demo: Host, make: Make
) -> None:  # fmt: skip
    """What a record linked to was deleted: that field is named with the reason, and the others come back."""
    watched.forgive("422 (Unprocessable")
    gone, other = make(name="恢复测试旧厂"), make(name="恢复测试新厂")
    contact = asked(demo, "records.create", type="contact", values={"name": "旧名", "account": gone})["id"]
    asked(demo, "records.update", type="contact", id=contact, values={"name": "新名", "account": other})
    asked(demo, "records.delete", type="account", id=gone)
    sign_in(page, "吴晓峰", f"#/records/contact/{contact}")
    page.get_by_role("button", name="恢复到此版本").last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="恢复", exact=True).click()
    expect(dialog.locator(".lc-rule-why")).to_be_visible()
    expect(dialog.get_by_role("checkbox", name="姓名")).to_be_checked()
    expect(dialog.get_by_role("checkbox", name="客户")).not_to_be_checked()
    dialog.get_by_role("button", name="恢复", exact=True).click()
    expect(page.get_by_role("heading", name="旧名")).to_be_visible()
    found = asked(demo, "records.get", type="contact", id=contact)
    assert (found["name"], found["account"]) == ("旧名", other)


@pytest.mark.requirement("SF12", "SF11", "F16")
@pytest.mark.parametrize("narrow", [False, True])
def test_duplicates_are_merged(page: Page, phone: Page, sign_in: SignIn, demo: Host, make: Make, narrow: bool) -> None:
    """Side by side: one value of this, one of the other; the other is gone and what belonged to it moved."""
    into = make(name=f"合并测试保留{narrow}", website="https://stays.example.com", grade="A")
    other = make(name=f"合并测试并入{narrow}", website="https://goes.example.com", grade="B")
    contact = asked(demo, "records.create", type="contact", values={"name": "马联系", "account": other})["id"]
    view = phone if narrow else page
    sign_in(view, "吴晓峰", f"#/records/account/{into}")
    more = view.locator(".lc-actions, .lc-foot").get_by_role("button", name="操作", exact=True)
    menu(view, more, "合并重复记录")
    drawer = view.get_by_role("dialog")
    drawer.get_by_role("combobox", name="与哪条记录合并").fill(f"合并测试并入{narrow}")
    view.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    drawer.get_by_role("radio", name=f"网址：保留 合并测试并入{narrow}").check()
    assert fits(view)
    drawer.get_by_role("button", name="合并重复记录").click()
    view.locator(".ant-modal-confirm").get_by_role("button", name="合并重复记录").click()
    expect(view.get_by_text("已合并")).to_be_visible()
    if narrow:
        view.get_by_role("tab", name="动态").click()
    expect(view.locator(".lc-happening").filter(has_text="把一条重复记录并入了此记录")).to_be_visible()
    found = asked(demo, "records.get", type="account", id=into)
    assert (found["name"], found["website"], found["grade"]) == (
        f"合并测试保留{narrow}", "https://goes.example.com", "A",
    )  # fmt: skip
    assert asked(demo, "records.get", type="contact", id=contact)["account"] == into
    assert asked(demo, "records.list", type="account", where=f'name = "合并测试并入{narrow}"')["items"] == []
    view.locator(".lc-happening").get_by_role("button", name="撤销合并").click()
    expect(view.get_by_role("dialog")).to_contain_text(f"合并测试并入{narrow}")
    expect(view.get_by_role("dialog")).to_contain_text("1 条关联记录将重新指向它们")
    assert fits(view)
    view.get_by_role("dialog").get_by_role("button", name="撤销合并").click()
    expect(view.locator(".lc-happening").filter(has_text="撤销了合并")).to_be_visible()
    assert asked(demo, "records.get", type="account", id=into)["website"] == "https://stays.example.com"
    assert asked(demo, "records.get", type="contact", id=contact)["account"] == other
