"""The first page of the CRM with more than one way in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from lowcode.kernel.storage.crypto import new_key
from tests.browser.conftest import CRM, opened, served
from tests.support.browser import PHONE, OpenContext, Watched
from tests.support.openid import CLIENT, SECRET, Provider, running

PEOPLE = {
    "s-1": {"name": "李娜", "email": "li.na@hengqi.example", "email_verified": True, "groups": ["crm-sales"]},
    "s-2": {"name": "陌生人", "email": "nobody@example.com", "email_verified": False},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running(PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Host]:
    """The CRM of a firm that has a provider."""
    secrets = {
        "COMPANY_ISSUER": provider.issuer, "COMPANY_CLIENT": CLIENT, "COMPANY_CLIENT_SECRET": SECRET,
        "ENCRYPTION_KEYS": new_key(),
    }  # fmt: skip
    with opened(CRM, tmp_path_factory.mktemp("company"), secrets=secrets, allow_private=True) as host:
        yield host


@pytest.fixture(scope="module")
def at(company: Host, provider: Provider) -> Iterator[str]:
    """Where it is served."""
    with served(company, demo=False) as url:
        provider.addresses.add(f"{url}api/sign-in/company_account/done")
        yield url


def fits(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return found


@pytest.mark.requirement("A11")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_company_account(
    browser_context: OpenContext, at: str, provider: Provider, watched: Watched, language: str
) -> None:
    """One press, a choice at the provider, and back to the page one wanted; who is not known is told why. Signing out
    ends both sessions."""
    watched.forgive("401 (Unauthorized)")
    watched.forgive("404 (Not Found)")
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
    page.locator(".lc-who").click()
    page.get_by_role("menuitem").last.click()
    expect(page.locator(".lc-door-methods a")).to_be_visible()
    assert provider.ended
