"""A page that is open when another version of the app is published says so, and loses nothing that is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import Watched

pytestmark = [pytest.mark.browser, pytest.mark.requirement("A4")]
FORM = "forms/lead.json"


def called(documents: dict[str, Any], title: str) -> dict[str, Any]:
    """The form of leads with another title of the company."""
    form = documents[FORM]
    fields = [{**each, "title": title} if each["name"] == "company" else each for each in form["fields"]]
    return {"documents": {FORM: {**form, "fields": fields}}}


def test_another_version_while_somebody_types(page: Page, demo: Host, sign_in: SignIn) -> None:
    """While something is unsaved it is offered, and what was typed stays; a page where nothing is, loads it itself."""
    sign_in(page, "李娜", "#/records/lead?view=all")
    page.get_by_role("button", name="新建", exact=False).first.click()
    drawer = page.locator(".lc-form")
    company = drawer.locator("[data-field=company] input, #company").first
    company.fill("蓝海装备")
    with published(demo, "企业全名"):
        offered = page.get_by_text("应用发布了新版本")
        expect(offered).to_be_visible(timeout=20_000)
        expect(drawer.get_by_text("企业全名")).to_have_count(0)
        page.get_by_role("button", name="载入新版本").click()
        expect(drawer.get_by_text("企业全名")).to_be_visible()
        expect(company).to_have_value("蓝海装备")
        expect(drawer.get_by_text("草稿已保存")).to_be_visible()
        expect(drawer.get_by_text("有一份未提交的草稿")).to_have_count(0)
        expect(offered).to_have_count(0)
        drawer.get_by_role("button", name="取消").click()
        page.get_by_role("button", name="放弃修改").click()
        expect(drawer).to_have_count(0)
    expect(page.get_by_text("已载入应用的新版本")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("columnheader", name="企业全名")).to_have_count(0)


def test_another_version_that_cannot_be_loaded(page: Page, demo: Host, sign_in: SignIn, watched: Watched) -> None:
    """A server that starts again does not answer for seconds: the page says so, and the form stands as it is."""
    watched.forgive("503 (Service Unavailable)")
    sign_in(page, "李娜", "#/records/lead?view=all")
    page.get_by_role("button", name="新建", exact=False).first.click()
    drawer = page.locator(".lc-form")
    company = drawer.locator("[data-field=company] input, #company").first
    company.fill("蓝海装备")
    asks_for_app = re.compile(r"/api/app(\?.*)?$")
    with published(demo, "企业全名"):
        offered = page.get_by_role("button", name="载入新版本")
        expect(offered).to_be_visible(timeout=20_000)
        page.route(asks_for_app, lambda route: route.fulfill(status=503, body="starting"))
        company.fill("蓝海装备股份")
        offered.click()
        expect(page.get_by_text("新版本暂时无法载入")).to_be_visible(timeout=20_000)
        expect(company).to_have_value("蓝海装备股份")
        page.unroute(asks_for_app)
        offered.click()
        expect(drawer.get_by_text("企业全名")).to_be_visible()
        expect(company).to_have_value("蓝海装备股份")
        drawer.get_by_role("button", name="取消").click()
        page.get_by_role("button", name="放弃修改").click()
        expect(drawer).to_have_count(0)


@contextmanager
def published(demo: Host, title: str) -> Iterator[None]:
    """The form of leads published with another title of the company, and taken back."""
    root = demo.actor("wu.xiaofeng")
    changed = called(dict(documents_of(demo)), title)
    demo.ask(root, "app.publish", **changed, plan=demo.ask(root, "app.plan", **changed)["plan"])
    try:
        yield
    finally:
        plan = demo.ask(root, "app.plan_undo")
        demo.ask(root, "app.undo", plan=plan["plan"], allow=plan["consents"])


def documents_of(demo: Host) -> dict[str, Any]:
    return {each.path: each.data for each in demo.documents}
