"""The first minutes of an administrator of an app that was begun a moment ago: what is empty leads on, a colleague is
invited by what stands on the page, and signs in with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.cli import main
from lowcode.host import Host
from lowcode.seeding import seed
from tests.support.browser import PHONE, OpenContext, Watched, fits, leave_list
from tests.support.served import served


def pick(page: Page, drawer: Locator, field: str, answer: str) -> None:
    """Choose in a list of the form on top, and leave it."""
    drawer.get_by_role("combobox", name=field, exact=True).click()
    option = page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=answer)
    expect(option).to_be_visible()
    option.click()
    leave_list(page)


def invited(page: Page) -> str:
    """A department and a colleague in it; the invitation that is shown once."""
    root = page.url.partition("#")[0]
    page.goto(f"{root}#/access/departments")
    page.get_by_role("button", name="Add a department").click()
    drawer = page.get_by_role("dialog", name="Add a department")
    drawer.get_by_label("Name").fill("Sales")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    page.goto(f"{root}#/access/people")
    page.get_by_role("button", name="Add a person").click()
    drawer = page.get_by_role("dialog", name="Add a person")
    drawer.get_by_role("textbox", name="Name", exact=True).fill("Li Na")
    drawer.get_by_label(re.compile("^Login")).fill("ada")
    drawer.get_by_role("button", name="Make one").click()
    pick(page, drawer, "Roles", "Member")
    pick(page, drawer, "Department", "Sales")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_role("alert")).to_contain_text("Somebody signs in as 'ada' already")
    drawer.get_by_label(re.compile("^Login")).fill("lina")
    drawer.get_by_role("button", name="Save").click()
    invitation = drawer.locator(".lc-invitation")
    expect(invitation).to_contain_text("Hello Li Na, sign in at http")
    words = invitation.inner_text()
    drawer.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.locator(".lc-keys li", has_text="Li Na")).to_contain_text("lina · Sales")
    return words


@pytest.mark.requirement("SP01")
def test_the_first_minutes(browser_context: OpenContext, watched: Watched, tmp_path: Path) -> None:
    """An empty list offers a first record and a sheet, an app without flows its first flow; the last administrator
    stays one; who is invited signs in with what was sent."""
    watched.forgive("401 (Unauthorized)")
    watched.forgive("422 (Unprocessable")
    assert 0 == main(["new", "app", str(tmp_path / "fresh")])
    host = Host(str(tmp_path / "fresh"), f"sqlite:///{tmp_path / 'app.sqlite3'}", files=str(tmp_path / "files"))
    host.publish()
    seed(host, passwords=False)
    with served(host) as address:
        page = browser_context(locale="en").new_page()
        assert page.context.request.post(f"{address}api/session", data={"login": "ada"}).ok
        page.goto(f"{address}#/records/note")
        expect(page.locator(".lc-nothing").get_by_role("button", name="Import a sheet")).to_be_visible()
        page.goto(f"{address}#/flows")
        expect(page.locator(".lc-nothing").get_by_role("link", name="New flow")).to_be_visible()
        words = invited(page)
        page.get_by_role("button", name="Edit Ada").click()
        drawer = page.get_by_role("dialog", name="Ada")
        drawer.get_by_role("switch", name="May sign in").click()
        drawer.get_by_role("button", name="Save").click()
        expect(drawer.get_by_role("alert")).to_contain_text("'ada' is the last administrator")
        colleague = browser_context(locale="en", viewport=PHONE).new_page()
        said = dict(re.findall(r"^(Login|Password): (\S+)$", words, re.MULTILINE))
        sent = {"login": said["Login"], "password": said["Password"]}
        assert colleague.context.request.post(f"{address}api/session", data=sent).ok
        colleague.goto(f"{address}#/records/note")
        expect(colleague.get_by_role("button", name="New Note")).to_be_visible()
        assert fits(colleague)
    host.close()
