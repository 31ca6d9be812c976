"""The styles of components are read from a file; none is computed while somebody waits (decision 0146)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lowcode.kernel.storage.crypto import new_key
from tests.browser.conftest import SignIn, begin_session, opened
from tests.forms.test_every_control import gallery
from tests.support.browser import OpenContext, Watched, fits
from tests.support.served import served

pytestmark = pytest.mark.browser
COMPUTED = """() => [...document.querySelectorAll('style')]
  .map(each => each.textContent.replace(/[^{}]*\\{(?:\\s*--[\\w-]+:[^;{}]*;)*\\s*\\}/g, ''))
  .filter(each => each.includes('.ant-')).map(each => each.slice(0, 80))"""
LAID = """selector => {
  const { position, display } = getComputedStyle(document.querySelector(selector));
  return [position, display];
}"""


GROUNDS = """([one, other]) => {
  const ground = what => getComputedStyle(document.querySelector(what)).backgroundColor;
  return ground(one) !== ground(other);
}"""


def test_what_is_chosen_is_seen_with_the_colours_of_the_system(browser_context: OpenContext, sign_in: SignIn) -> None:
    """Grounds of ours are gone then; what is chosen bears the one of the system."""
    page = sign_in(browser_context(forced_colors="active").new_page(), "李娜", "#/records/account/32")
    expect(page.locator(".lc-step-now")).to_be_visible()
    for chosen, other in (
        ("[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]"),
        (".lc-step-now", ".lc-step:not(.lc-step-now)"),
        (".ant-menu-item-selected", ".ant-menu-item:not(.ant-menu-item-selected)"),
    ):
        assert page.evaluate(GROUNDS, [chosen, other]), chosen


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


BOXES = """() => [...document.querySelectorAll('.ant-drawer :is(.ant-input:not(textarea, .ant-input-affix-wrapper *),'
    + '.ant-input-affix-wrapper, .ant-select, .ant-picker, .ant-input-number)')]
  .map(each => [each, each.querySelector('input') ?? each])
  .map(([each, typed]) => [Math.round(each.getBoundingClientRect().height), getComputedStyle(typed).fontSize])
  .map(each => each.join(' '))"""
ASKED = """() => [...document.querySelectorAll('.ant-drawer .ant-select')]
  .map(each => [each, each.querySelector('.ant-select-placeholder')]).filter(([, words]) => words)
  .map(all => all.map(each => each.getBoundingClientRect()).map(({ top, height }) => top + height / 2))
  .map(([box, words]) => Math.abs(box - words))"""
SPACES = "each => ['padding', 'margin'].map(name => getComputedStyle(each)[name])"


@pytest.mark.requirement("SF01", "F4")
def test_every_control_on_a_phone(phone: Page, tmp_path: Path, watched: Watched) -> None:
    """All boxes are of one height, in letters that no phone zooms into; a bar of progress stands where values stand."""
    watched.forgive("401 (Unauthorized)")
    documents, values = gallery()
    ann = {"login": "ann", "name": "Ann", "roles": ["sales"], "locale": "zh-CN"}
    for name, document in {**documents, "seed/people.json": {"users": [ann]}}.items():
        file = tmp_path / "written" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document), encoding="utf-8")
    with opened(tmp_path / "written", tmp_path, secrets={"ENCRYPTION_KEYS": new_key()}) as host, served(host) as url:
        made = host.ask(host.actor("ann"), "records.create", type="gallery", values=values)
        begin_session(phone, url, "ann")
        phone.goto(f"{url}#/records/gallery/{made['id']}")
        bar = phone.locator(".ant-progress").first
        assert ["0px", "0px"] == bar.evaluate(SPACES)
        phone.get_by_role("button", name="编辑").last.click()
        expect(phone.locator(".ant-drawer .ant-picker").first).to_be_attached()
        boxes = phone.evaluate(BOXES)
        assert ({"38 16px"}, True) == (set(boxes), len(boxes) > 20)
        phone.goto(f"{url}#/records/gallery")
        phone.get_by_role("button", name="新建").last.click()
        expect(phone.locator(".ant-drawer .ant-select-multiple .ant-select-placeholder").first).to_be_attached()
        assert max(phone.evaluate(ASKED)) < 1, "words stand in the middle of their box"
        assert fits(phone)
        phone.goto("about:blank")
