"""The styles of components are read from a file; none is computed while somebody waits (decision 0146)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn

pytestmark = pytest.mark.browser
COMPUTED = """() => [...document.querySelectorAll('style')]
  .map(each => each.textContent.replace(/[^{}]*\\{(?:\\s*--[\\w-]+:[^;{}]*;)*\\s*\\}/g, ''))
  .filter(each => each.includes('.ant-')).map(each => each.slice(0, 80))"""
LAID = """selector => {
  const { position, display } = getComputedStyle(document.querySelector(selector));
  return [position, display];
}"""


def test_opening_computes_no_rules(page: Page, sign_in: SignIn) -> None:
    """A form, a list of choices, a calendar: they put variables into the document, and look as they should."""
    sign_in(page, "李娜", "#/records/opportunity")
    page.locator("[data-shortcut=n]").click()
    form = page.get_by_role("dialog")
    form.get_by_role("combobox").first.click()
    expect(page.locator(".ant-select-dropdown").first).to_be_visible()
    page.keyboard.press("Escape")
    form.locator(".ant-picker input").first.click()
    expect(page.locator(".ant-picker-dropdown").first).to_be_visible()
    assert page.evaluate(COMPUTED) == []
    assert page.evaluate(LAID, ".ant-drawer") == ["fixed", "block"]
    assert page.evaluate(LAID, ".ant-picker-dropdown") == ["absolute", "block"]
    assert page.evaluate(LAID, ".ant-picker") == ["relative", "inline-flex"]
