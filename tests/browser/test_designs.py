"""The page of all designers: what there is, what somebody began, and any document by its name."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn


@pytest.mark.requirement("SF04", "X11")
def test_a_draft_is_found_again_from_the_page_of_all_designers(page: Page, sign_in: SignIn) -> None:
    """By two keys to the page, by a name to a rule; what is begun there stands on top until it is discarded."""
    sign_in(page, "吴晓峰", "#/tasks")
    expect(page.locator("#content h1")).to_have_text("待办")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("link", name=re.compile(r"^表单 \d+"))).to_be_visible()
    assert page.get_by_role("heading", name="尚未发布").count() == 0
    page.get_by_label("按名称查找").fill("流失风险")
    page.get_by_role("link", name="成交客户有流失风险", exact=True).click()
    title = page.get_by_label("标题").first
    title.fill("客户有流失风险")
    page.get_by_role("link", name="规则", exact=True).click()
    page.get_by_role("link", name="设计", exact=True).click()
    begun = page.get_by_role("region", name="尚未发布")
    begun.get_by_role("link", name="成交客户有流失风险").click()
    page.get_by_role("button", name="放弃草稿").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="放弃草稿").click()
    page.get_by_role("link", name="规则", exact=True).click()
    page.get_by_role("link", name="设计", exact=True).click()
    expect(page.get_by_role("link", name=re.compile(r"^规则 \d+"))).to_be_visible()
    expect(begun).to_have_count(0)


@pytest.mark.requirement("SF04", "X11")
@pytest.mark.parametrize(
    "place",
    [
        "reports/design/quiet_deals?title=Quiet&form=opportunity",
        "boards/design/quiet_board?title=Quiet",
        "rules/quiet_rule?title=Quiet&form=opportunity&on=save",
        "flows/design/quiet_flow?title=Quiet&form=opportunity",
        "connections/design/quiet_way?title=Quiet&type=webhook",
    ],
)
def test_what_was_never_published_is_gone_on_with(page: Page, sign_in: SignIn, place: str) -> None:
    """A document that the app does not have is only on this device: the page of all designers leads back to it, as it
    was left, and once it is discarded it is nowhere."""
    sign_in(page, "吴晓峰", f"#/{place}")
    expect(page.locator(".lc-design-bar h1")).to_have_text("Quiet")
    page.goto("about:blank")
    sign_in(page, "吴晓峰", "#/design")
    page.get_by_role("region", name="尚未发布").get_by_role("link", name="Quiet", exact=True).click()
    expect(page.locator(".lc-design-bar h1")).to_have_text("Quiet")
    expect(page.get_by_text("有未发布的修改（保存在本机）")).to_be_visible()
    page.get_by_role("button", name="放弃草稿").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="放弃草稿").click()
    expect(page.locator(".lc-design-bar")).to_have_count(0)
    sign_in(page, "吴晓峰", "#/design")
    expect(page.get_by_role("link", name=re.compile(r"^规则 \d+"))).to_be_visible()
    expect(page.get_by_role("region", name="尚未发布")).to_have_count(0)
