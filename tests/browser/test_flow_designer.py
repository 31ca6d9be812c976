"""The designer of flows in the browser: steps are put on arrows, filled in and published; flows go that way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.browser.test_designer import drag
from tests.browser.test_work import barriers

ADMINISTRATOR = "吴晓峰"


@pytest.fixture
def root(demo: Host) -> Iterator[Host]:
    """The demo; what is published here is taken back."""
    version = demo.standing.version
    yield demo
    actor = demo.actor("wu.xiaofeng")
    if demo.standing.version != version:
        plan = demo.ask(actor, "app.plan_undo")
        demo.ask(actor, "app.undo", plan=plan["plan"], allow=plan["consents"])


@pytest.mark.requirement("SW11", "W1", "SP02", "SP03")
def test_a_flow_is_designed(page: Page, sign_in: SignIn, root: Host, picture: Picture) -> None:
    """A step dragged onto an arrow and another chosen there; who is asked, and what is wrong, at the step; taken back,
    taken away; published, and the document says it."""
    sign_in(page, ADMINISTRATOR, "#/flows")
    page.locator(".lc-rule", has_text="报价审批").get_by_role("link", name="设计").click()
    canvas = page.locator(".lc-flow-canvas")
    steps = canvas.locator("[data-step]")
    expect(steps).to_have_count(10)
    drag(page, page.locator("[data-put=approve]"), canvas.locator("[data-way='/nodes/0/to']"))
    expect(steps).to_have_count(11)
    added = canvas.locator("[data-step=approve]")
    expect(added).to_have_attribute("aria-pressed", "true")
    inspector = page.locator(".lc-design-inspector")
    inspector.get_by_label("名称 (zh-CN)").fill("商务复核")
    inspector.get_by_label("步骤代码").fill("commercial")
    inspector.get_by_label("审批人 1", exact=True).click()
    page.locator(".ant-select-item-option[title=角色]").click()
    inspector.get_by_label("审批人 1: 角色").click()
    page.locator(".ant-select-item-option[title=director]").click()
    expect(canvas.locator("[data-step=commercial]")).to_contain_text("商务复核")

    canvas.locator("[data-way='/nodes/1/approved'] button").click()
    page.get_by_role("menuitem", name="条件分支").click()
    branch = canvas.locator("[data-step=branch]")
    expect(branch).to_have_class(re.compile("lc-flow-faulty"))
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(branch).to_have_count(0)
    picture(page, "flow-designer")
    assert [] == barriers(page)

    canvas.locator("[data-way='/nodes/1/rejected'] button").click()
    page.get_by_role("menuitem", name="通知").click()
    expect(steps).to_have_count(12)
    inspector.get_by_role("button", name="删除").click()
    expect(steps).to_have_count(11)
    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    expect(plan.locator(".lc-planned").first).to_be_visible()
    plan.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").filter(has_text="与已发布的相同")).to_be_visible()
    nodes = json.loads(root.ask(root.actor("wu.xiaofeng"), "app.documents")["documents"]["flows/quote_approval.json"])[
        "nodes"
    ]
    (step,) = [each for each in nodes if each["id"] == "commercial"]
    assert ("commercial", "supervisor", "rejected") == (nodes[0]["to"], step["approved"], step["rejected"])
    assert [{"role": "director"}] == step["approvers"]
