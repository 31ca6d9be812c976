"""Every page of the runtime and the designers: by keyboard alone, for a program that looks for barriers, on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext, Watched, cut, outstanding
from tests.support.reach import WAITING, barriers, named, walk

pytestmark = pytest.mark.browser
AREAS: dict[str, list[str]] = {
    "lists": ["", "#/records/lead?view=all", "#/records/account?view=groups", "#/records/product_category?view=tree"],
    "views": [
        "#/records/opportunity?view=board",
        "#/records/follow_up?view=calendar",
        "#/records/contract?view=terms",
        "#/records/account?view=map",
        "#/records/task?view=people",
    ],
    "records": ["#/records/account/32", "#/records/lead/12", "#/records/quote/2", "#/records/contract/2", "#/drafts"],
    "work": [
        "#/tasks",
        "#/tasks/done",
        "#/tasks/started",
        "#/tasks/copied",
        "#/pools",
        "#/unsent",
        "#/handover",
        "#/bin",
    ],
    "reports": ["#/dashboard/sales_board", "#/dashboard/cockpit", "#/report/win_rate", "#/explore"],
    "boards": [
        "#/dashboard/my_day",
        "#/dashboard/team_board",
        "#/dashboard/finance_board",
        "#/dashboard/health_board",
        "#/dashboard/service_board",
    ],
    "money": [
        "#/records/payment?view=to_confirm",
        "#/records/payment/3",
        "#/records/invoice_request?view=requested",
        "#/records/invoice_request/2",
        "#/records/service_case?view=board",
        "#/records/follow_up/3",
    ],
    "designers": ["#/design", "#/app", "#/rules", "#/rules/account_at_risk", "#/tables", "#/tables/nothing"],
    "papers": ["#/print/quotation/2", "#/templates", "#/templates/quotation", "#/verify"],
    "rules": [
        "#/automation",
        "#/automation/log",
        "#/automation/waiting",
        "#/automation/backtest",
        "#/automation/library",
        "#/automation/models",
        "#/automation/published",
    ],
    "flows": ["#/flows", "#/flows/incidents", "#/flows/migration", "#/flows/design/quote_approval", "#/simulate"],
    "connections": ["#/connections", "#/connections/in"],
    "access": [
        "#/access",
        "#/access/people",
        "#/access/departments",
        "#/access/refusals",
        "#/access/factors",
        "#/access/organisation",
        "#/forms",
        "#/forms/lead",
    ],
    "nowhere": [
        "#/nowhere",
        "#/records/nothing",
        "#/records/lead/99999",
        "#/dashboard/nothing",
        "#/report/nothing",
        "#/forms/nothing",
        "#/templates/nothing",
        "#/flows/design/nothing",
    ],
}
WHO = "吴晓峰"
"""Sees every page there is."""
POCKET: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


def at(page: Page, place: str) -> Page:
    """Go to a page as a link on it does, and wait until it stands."""
    page.evaluate("place => { location.hash = ''; location.hash = place; }", place.removeprefix("#"))
    expect(page.locator("#content h1").first).to_have_text(re.compile(r"\S"))
    expect(page.locator(WAITING)).to_have_count(0)
    return page


def spoken(page: Page, locale: str) -> None:
    """Speak another language from now on."""
    token = page.evaluate("fetch('api/session').then(each => each.json()).then(each => each.token)")
    said = page.context.request.patch(
        f"{page.url.partition('#')[0]}api/session", data={"locale": locale}, headers={"X-CSRF-Token": token}
    )
    assert said.ok


@pytest.mark.requirement("SP11")
@pytest.mark.parametrize("area", AREAS)
def test_every_page_by_keyboard_and_for_programs(page: Page, sign_in: SignIn, watched: Watched, area: str) -> None:
    """A way through it on which every stop can be seen, a heading, the window's name; no barrier that a program finds,
    by day and by night."""
    watched.forgive("404 (Not Found)")
    sign_in(page, WHO)
    wrong = {}
    looks = ("light", "dark")
    for place in AREAS[area]:
        at(page, place)
        wrong[place] = [*barriers(page, looks=looks, back=False), *named(page), *walk(page)]
        looks = looks[::-1]  # the next page begins as this one ends: to turn costs a page as much as to look at it
    assert {} == {place: found for place, found in wrong.items() if found}


@pytest.mark.requirement("SP11", "SP12")
@pytest.mark.parametrize("area", AREAS)
def test_every_page_on_a_phone(browser_context: OpenContext, sign_in: SignIn, watched: Watched, area: str) -> None:
    """Nothing stands out to the side, in either language; nothing is too small for a finger."""
    watched.forgive("404 (Not Found)")
    page = sign_in(browser_context(**POCKET).new_page(), WHO)
    wrong: dict[str, list[Any]] = {}
    for place in AREAS[area]:
        at(page, place)
        wrong[place] = [*barriers(page, looks=("touch",)), *named(page), *outstanding(page), *cut(page)]
    spoken(page, "en")
    page.reload()
    for place in AREAS[area]:
        at(page, place)
        wrong[f"{place} en"] = [*named(page), *outstanding(page), *cut(page)]
    assert {} == {place: found for place, found in wrong.items() if found}
