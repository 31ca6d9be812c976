"""The first page of the CRM with more than one way in."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Route, expect

from lowcode.host import Host
from lowcode.kernel.identity import totp
from lowcode.kernel.storage.crypto import new_key
from tests.api import vendor_doors as doors
from tests.api import vendor_people as people
from tests.api.vendors import Answer, Asked, serving
from tests.browser.conftest import CRM, opened
from tests.browser.test_sign_in_again import end
from tests.support import saml
from tests.support.browser import PHONE, OpenContext, Watched, fits
from tests.support.openid import CLIENT, SECRET, Provider, running
from tests.support.reach import barriers, press, reach
from tests.support.served import served

PEOPLE = {
    "s-1": {"name": "李娜", "email": "li.na@hengqi.example", "email_verified": True, "groups": ["crm-sales"]},
    "s-2": {"name": "陌生人", "email": "nobody@example.com", "email_verified": False},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running(PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def group() -> Iterator[saml.Provider]:
    """A provider of SAML, on another site than the app."""
    people = {"s-1": {"mail": ["li.na@hengqi.example"]}, "s-2": {"mail": ["nobody@example.com"]}}
    with saml.running(people) as found:
        yield found


@dataclass
class Office(doors.WeCom, people.WeCom):
    """WeCom with a page on which a code is shown."""

    def answer(self, asked: Asked) -> Answer:
        return (200, {}) if asked.path == "/page" else super().answer(asked)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """A firm's WeCom: two who are in the CRM already, one who comes."""
    found = Office(lambda: datetime.now(UTC))
    found.staff.departments.update({1: ("恒启", None), 2: ("华东销售部", 1), 3: ("市场部", 1)})
    found.staff.people.update({
        "li.na": people.One("李娜", 2, title="销售代表", manager="lin.xuemei"),
        "lin.xuemei": people.One("林雪梅", 2, title="销售主管", leads=2),
        "zhao.yun": people.One("赵云", 3, title="销售代表"),
    })  # fmt: skip
    found.doors.members.update({name: {"name": one.name} for name, one in found.staff.people.items()})
    with serving(found):
        yield found


def told(path: Path, **values: str) -> None:
    """A document that says more."""
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}, ensure_ascii=False), "utf-8")


@pytest.fixture(scope="module")
def company(
    tmp_path_factory: pytest.TempPathFactory, provider: Provider, office: Office, group: saml.Provider
) -> Iterator[Host]:  # fmt: skip
    """The CRM of a firm that has a provider, and WeCom."""
    app = shutil.copytree(CRM, tmp_path_factory.mktemp("crm") / "app")
    told(app / "api" / "wecom.json", url=office.url)
    told(app / "api" / "wecom_account.json", page=f"{office.url}/page")
    secrets = {
        "COMPANY_ISSUER": provider.issuer, "COMPANY_CLIENT": CLIENT, "COMPANY_CLIENT_SECRET": SECRET,
        "ENCRYPTION_KEYS": new_key(), "WECOM_SECRET": "app-secret", "WECOM_CORPORATION": "corp1",
        "WECOM_AGENT": "1000002", "GROUP_METADATA": group.metadata,
    }  # fmt: skip
    with opened(app, tmp_path_factory.mktemp("company"), secrets=secrets, allow_private=True) as host:
        yield host


@pytest.fixture(scope="module")
def at(company: Host, provider: Provider, group: saml.Provider) -> Iterator[str]:
    """Where it is served."""
    with served(company, demo=False) as url:
        provider.addresses.add(f"{url}api/sign-in/company_account/done")
        group.knows(httpx.get(f"{url}api/sign-in/group_account/metadata").text)
        yield url


@pytest.fixture(scope="module")
def shown(company: Host) -> Iterator[str]:
    """Where it is shown to people who sign in by one press."""
    with served(company) as url:
        yield url


@pytest.mark.requirement("A11")
def test_the_group_account(browser_context: OpenContext, at: str, watched: Watched) -> None:
    """A provider of another site lets the browser post what it says: the browser comes with its cookie all the same, to
    the page one wanted; who is not known is told why."""
    watched.forgive("401 (Unauthorized)")
    page = browser_context(locale="zh-CN", viewport=PHONE).new_page()
    page.goto(f"{at}#/tasks")
    button = page.get_by_role("link", name="集团统一认证登录")
    button.click()
    page.get_by_role("button", name="s-2").click()
    expect(page.get_by_role("alert")).to_contain_text("没有对应的用户")
    page.goto(f"{at}#/tasks")
    button.click()
    page.get_by_role("button", name="s-1").click()
    expect(page).to_have_url(f"{at}#/tasks")
    assert "li.na" == page.evaluate("fetch('api/session').then(r => r.json()).then(s => s.actor.login)")


@pytest.mark.requirement("A11")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_company_account(
    browser_context: OpenContext, at: str, provider: Provider, watched: Watched, language: str
) -> None:
    """One press, a choice at the provider, and back to the page one wanted; who is not known is told why. What another
    tab asks for goes on by it. Signing out ends both sessions, and leaves nothing of what stood in a form."""
    watched.forgive("401 (Unauthorized)")
    chinese = language == "zh-CN"
    page = browser_context(locale=language, viewport=PHONE if chinese else {"width": 1440, "height": 900}).new_page()
    page.goto(f"{at}#/tasks")
    button = page.get_by_role("link", name="公司账号登录" if chinese else "Company account")
    expect(button).to_be_visible()
    assert fits(page)
    button.click()
    page.get_by_role("button", name="陌生人").click()
    expect(page.get_by_role("alert")).to_contain_text("没有对应的用户" if chinese else "Nobody here belongs")
    page.goto(f"{at}#/tasks")
    button.click()
    page.get_by_role("button", name="李娜").click()
    expect(page.locator(".lc-who")).to_be_visible()
    assert page.url == f"{at}#/tasks"
    other = page.context.new_page()
    other.goto(f"{at}#/records/lead?view=all")
    other.locator("[data-shortcut=n]").click()
    typed = other.locator(".lc-form [data-field=company] input, .lc-form #company").first
    typed.fill("另一个标签页")
    end(other)
    for each in (other, page):
        expect(each.locator(".lc-over")).to_be_visible()
    page.locator(".lc-over").get_by_role("link", name=re.compile("公司账号登录|Company account")).click()
    page.get_by_role("button", name="李娜").click()
    expect(other.locator(".lc-over")).to_have_count(0)
    expect(typed).to_have_value("另一个标签页")
    other.locator(".lc-who").dispatch_event("click")
    other.get_by_role("menuitem").last.dispatch_event("click")
    expect(other.locator(".lc-door-methods a").first).to_be_visible()
    assert provider.ended
    assert [each for each in other.evaluate("Object.keys(sessionStorage)") if "filling" in each] == []


@pytest.mark.requirement("SP11")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_two_steps(browser_context: OpenContext, at: str, company: Host, watched: Watched, language: str) -> None:
    """Finance needs a second factor: set up on the way in with a picture, recovery codes told once, asked for next
    time; in the account it is seen and taken care of. At a desk by keyboard alone."""
    watched.forgive("401 (Unauthorized)")
    chinese = language == "zh-CN"
    login = f"finance.{language.lower()}"
    company.ask(
        company.app_actor, "identity.save_person", login=login, name="钱会计", password="first-password",
        roles=("finance",), locale=language[:5] if chinese else "en",
    )  # fmt: skip
    page = browser_context(locale=language, viewport=PHONE if chinese else {"width": 1440, "height": 900}).new_page()
    page.goto(at)

    def enter() -> None:
        write("login", login)
        write("password", "first-password")
        go(page.locator(".lc-door-form button[type=submit]"))

    def go(button: Locator) -> None:
        button.click() if chinese else press(page, button)

    def write(name: str, text: str) -> None:
        field = page.locator(f"input[name={name}]")
        if chinese:
            return field.fill(text)
        reach(page, field)
        page.keyboard.press("ControlOrMeta+a")
        return page.keyboard.type(text)

    enter()
    expect(page.locator(".lc-authenticator img")).to_be_visible()
    assert fits(page)
    assert [] == barriers(page)
    secret = page.locator(".lc-authenticator code").inner_text().replace(" ", "").strip()
    step = int(time.time()) // totp.PERIOD
    write("code", "000000")
    go(page.locator(".lc-door-form button[type=submit]"))
    expect(page.get_by_role("alert")).to_contain_text("不正确" if chinese else "wrong")
    write("code", totp.code_at(secret, step))
    go(page.locator(".lc-door-form button[type=submit]"))
    codes = page.locator(".lc-recovery code")
    expect(codes).to_have_count(10)
    assert fits(page)
    assert [] == barriers(page)
    recovery = codes.all_inner_texts()
    go(page.get_by_role("button", name="我已保存" if chinese else "I have kept them"))
    expect(page.locator(".lc-who")).to_be_visible()
    page.locator(".lc-who").click()
    page.get_by_role("menuitem").last.click()
    enter()
    expect(page.locator(".lc-authenticator")).to_have_count(0)
    write("code", recovery[0])
    page.locator("input[name=remember]").check()
    go(page.locator(".lc-door-form button[type=submit]"))
    expect(page.locator(".lc-who")).to_be_visible()
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name="我的账号" if chinese else "My account").click()
    mine = page.get_by_role("region", name="二次验证" if chinese else "Second factor")
    expect(mine).to_contain_text("剩余恢复码 9 个" if chinese else "Recovery codes left: 9")
    assert fits(page)
    go(mine.get_by_role("button", name="重新生成恢复码" if chinese else "New recovery codes"))
    write("code", recovery[1])
    assert [] == barriers(page, ".ant-drawer")
    go(mine.locator("button[type=submit]"))
    expect(mine.locator(".lc-recovery code")).to_have_count(10)


@pytest.mark.requirement("SP11")
def test_a_second_factor_is_set_up_by_keyboard(
    browser_context: OpenContext, shown: str, company: Host, watched: Watched
) -> None:
    """Each step has the focus where it goes on; the codes are heard first; given up, one is where one began, though
    what keeps the focus come only then."""
    watched.forgive("401 (Unauthorized)")
    page = browser_context().new_page()
    late: list[Route] = []
    page.route(re.compile(r"/focus-[^/]+\.js$"), lambda route: late.append(route))
    page.goto(shown)
    press(page, page.locator(".lc-people button", has_text="王磊"))
    press(page, page.locator(".lc-who"))
    reach(page, page.get_by_role("menuitem", name="我的账号"), "ArrowUp")
    page.keyboard.press("Enter")
    section = page.get_by_role("dialog").get_by_role("region", name="二次验证")
    expect(page.get_by_role("dialog").get_by_role("button", name="修改密码")).to_be_visible()
    begin = section.get_by_role("button", name="设置二次验证")
    press(page, begin)
    press(page, section.get_by_role("button", name="取消"))
    expect(begin).to_be_visible()
    [keeper] = late
    keeper.continue_()
    expect(begin).to_be_focused()
    page.keyboard.press("Enter")
    press(page, section.get_by_role("button", name="继续"))
    expect(section.get_by_role("textbox")).to_be_focused()
    secret = section.locator(".lc-authenticator code").inner_text().replace(" ", "")
    step = totp.step_of(company.clock.now())
    page.keyboard.type(totp.code_at(secret, step))
    page.keyboard.press("Enter")
    expect(section.get_by_role("heading", name="恢复码")).to_be_focused()
    press(page, section.get_by_role("button", name="我已保存"))
    expect(section.get_by_text(re.compile("^已于 .* 启用"))).to_be_visible()
    expect(page.get_by_role("dialog").locator(":focus")).to_have_count(1)
    company.ask(company.actor("wang.lei"), "identity.remove_factor", code=totp.code_at(secret, step + 1))


@pytest.mark.requirement("A13", "SP22")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_organisation(
    browser_context: OpenContext, at: str, shown: str, company: Host, office: Office, watched: Watched, language: str
) -> None:
    """An administrator looks at what would change, lets it happen, and hands over what somebody owned who left; who
    came signs in by WeCom."""
    watched.forgive("401 (Unauthorized)")
    chinese = language == "zh-CN"
    page = browser_context(locale=language, viewport=PHONE if chinese else {"width": 1440, "height": 900}).new_page()
    leaving, new = f"leaving.{language}", f"new.{language}"
    office.staff.people[leaving] = people.One("周离", 3)
    company.ask(company.app_actor, "api.sync", name="staff")
    office.staff.people[leaving].active = False
    office.staff.people[new] = people.One("钱来", 3, title="销售代表")
    page.goto(shown)
    page.locator(".lc-people button", has_text="吴晓峰").click()
    expect(page.locator(".lc-who")).to_be_visible()
    page.goto(f"{shown}#/access/organisation")
    page.get_by_role("button", name="预览变更" if chinese else "Preview changes").click()
    expect(page.get_by_role("heading", name="同步后将发生的变更" if chinese else "What would change")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="立即同步" if chinese else "Synchronise now").click()
    expect(page.get_by_role("heading", name="上次同步的变更" if chinese else "What changed last")).to_be_visible()
    assert fits(page)
    page.locator(".lc-organisation").get_by_role("link", name="离职交接" if chinese else "Hand over").click()
    expect(page.locator(".lc-handover-person").first).to_contain_text("周离")
    page = browser_context(locale=language).new_page()
    page.goto(at)
    page.get_by_role("link", name="企业微信登录" if chinese else "WeCom").click()
    page.wait_for_url("**/page?**")
    page.goto(office.doors.pressed(office, page.url, "zhao.yun"))
    expect(page.locator(".lc-who")).to_contain_text("赵云")
