"""The designer of flows in the browser: steps are put on arrows, filled in and published; flows go that way."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.browser.test_designer import drag
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import barriers

ADMINISTRATOR = "吴晓峰"
RATES: dict[str, Any] = {
    "openapi": "3.1.0", "info": {"title": "Rates", "version": "1"}, "servers": [{"url": "https://rates.example.com"}],
    "paths": {"/rates": {"get": {
        "operationId": "getRate", "summary": "Rate of a currency",
        "parameters": [{"name": "currency", "in": "query", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "Rate", "content": {"application/json": {"schema": {
            "type": "object", "properties": {"rate": {"type": "number"}}}}}}},
    }}},
}  # fmt: skip
"""What a program offers that a flow may ask."""


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
    expect(added).to_have_attribute("aria-current", "true")
    inspector = page.locator(".lc-design-inspector")
    inspector.get_by_label("名称 (zh-CN)").fill("商务复核")
    inspector.get_by_label("步骤代码").fill("commercial")
    inspector.get_by_label("审批人 1", exact=True).click()
    page.locator(".ant-select-item-option[title=角色]").click()
    inspector.get_by_label("审批人 1: 角色").click()
    page.locator(".ant-select-item-option[title=总经理]").click()
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
    changes_others(page, canvas, inspector)
    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    expect(plan.locator(".lc-planned").first).to_be_visible()
    plan.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").filter(has_text="与已发布的相同")).to_be_visible()
    nodes = json.loads(root.ask(root.actor("wu.xiaofeng"), "app.documents")["documents"]["flows/quote_approval.json"])[
        "nodes"
    ]
    (step,) = [each for each in nodes if each["id"] == "commercial"]
    assert ("commercial", "supervisor", "update") == (nodes[0]["to"], step["approved"], step["rejected"])
    assert [{"role": "director"}] == step["approvers"]
    (step,) = [each for each in nodes if each["id"] == "update"]
    assert ("contracts", {"delivery_terms": '"DDP"'}, "rejected") == (step["relation"], step["values"], step["to"])
    assert {"plan": {"values": {"received": "true"}}} == step["lines"]


def begin(page: Page, title: str, name: str, form: str) -> Locator:
    """A new flow on the desk, from the page of flows; its canvas."""
    page.get_by_role("link", name=re.compile("新建流程|New flow")).click()
    page.locator("#title").fill(title)
    page.locator("#name").fill(name)
    page.locator("#form").click()
    page.keyboard.type(form)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("开始|Begin")).click()
    canvas = page.locator(".lc-flow-canvas")
    expect(canvas.locator("[data-step]")).to_have_count(2)
    return canvas


def put(canvas: Locator, way: str, kind: str) -> None:
    """Choose a kind at the + of an arrow."""
    canvas.locator(f"[data-way='{way}'] button").click()
    canvas.page.get_by_role("menuitem", name=kind, exact=True).click()


def changes_others(page: Page, canvas: Locator, inspector: Locator) -> None:
    """A step that changes the contracts of the quote and rows in them, all of it chosen."""
    canvas.locator("[data-way='/nodes/1/rejected'] button").click()
    page.get_by_role("menuitem", name="更新其他记录").click()

    def choose(label: Locator, option: str) -> None:
        label.click()
        page.keyboard.type(option)
        page.locator(f".ant-select-dropdown:visible .ant-select-item-option[title='{option}']").click()

    inspector.get_by_text("关联列表").first.click()
    choose(inspector.locator("[data-option=relation]").get_by_role("combobox"), "合同")
    choose(inspector.get_by_label("添加字段"), "交货方式")
    inspector.get_by_label("交货方式", exact=True).fill("DDP")
    inspector.get_by_label("添加明细行").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option[title='回款计划']").click()
    choose(inspector.locator("[data-option=lines]").get_by_label("添加字段"), "已收讫")
    inspector.locator("[data-option=lines]").get_by_label("已收讫", exact=True).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option[title='是']").click()


def asks(page: Page, title: str, code: str, role: str) -> None:
    """The chosen approval gets a name and asks a role."""
    inspector = page.locator(".lc-design-inspector")
    inspector.get_by_label("名称 (zh-CN)").fill(title)
    inspector.get_by_label("步骤代码").fill(code)
    inspector.get_by_label("审批人 1", exact=True).click()
    page.locator(".ant-select-item-option[title=角色]").click()
    inspector.get_by_label("审批人 1: 角色").click()
    page.locator(f".ant-select-item-option[title={role}]").click()


@pytest.mark.requirement("SW11", "W1", "W2", "W8", "SP02", "SP03")
def test_ways_scopes_and_events_from_nothing(
    browser_context: OpenContext, sign_in: SignIn, root: Host, picture: Picture
) -> None:
    """A new flow: two ways at the same time, a third put in and taken away, a timer that goes on beside its step, a
    step moved into a scope, a handler and what undoes a step; published, and run through both ways."""
    page = sign_in(browser_context().new_page(), ADMINISTRATOR, "#/flows")
    canvas = begin(page, "报价会审", "joint_review", "报价单")
    steps = canvas.locator("[data-step]")
    put(canvas, "/nodes/0/to", "并行")
    expect(canvas.locator("[data-card]")).to_have_count(2)
    drag(page, page.locator("[data-put=approve]"), canvas.locator("[data-way='/nodes/1/to/0']"))
    expect(canvas.locator("[data-step=approve]")).to_have_attribute("aria-current", "true")
    asks(page, "总经理审批", "director_agrees", "总经理")
    put(canvas, "/nodes/1/to/1", "审批")
    asks(page, "财务审批", "finance_agrees", "财务")
    expect(steps).to_have_count(7)  # with the end to which refusals lead
    canvas.get_by_role("button", name="为“并行”添加分支").click()
    put(canvas, "/nodes/1/to/2", "通知")
    expect(canvas.locator("[data-card]")).to_have_count(3)
    canvas.locator("[data-card='/nodes/1/to/2']").get_by_role("button", name="移除").click()
    expect(canvas.locator("[data-card]")).to_have_count(2)
    expect(steps).to_have_count(7)

    canvas.locator("[data-step=director_agrees]").click()
    canvas.locator(".lc-flow-catch").click()
    page.get_by_role("menuitem", name="定时").click()
    expect(canvas.locator("[data-event=after]")).to_have_attribute("aria-current", "true")
    page.locator(".lc-design-inspector").get_by_label("触发后").click()
    page.locator(".ant-select-item-option[title='原步骤继续，另走一路']").click()
    expect(steps).to_have_count(8)
    put(canvas, "/nodes/3/on/0/to", "通知")
    page.locator(".lc-design-inspector").get_by_label("内容", exact=True).fill("请尽快审批")

    put(canvas, "/nodes/5/to", "子过程")
    put(canvas, "/nodes/5/to", "抄送")
    canvas.locator("[data-way='/nodes/8/to'] button").click()
    page.get_by_role("menuitem", name="将“抄送”移到这里").click()
    canvas.locator("[data-foot='']").click()
    canvas.locator("[data-step=finance_agrees]").click()
    page.locator(".lc-design-inspector").get_by_label("添加事件").click()
    page.locator(".ant-select-item-option[title='撤销步骤（补偿）']").click()
    expect(canvas.locator("[data-event=undo]")).to_be_visible()
    expect(page.get_by_role("button", name="没有问题")).to_be_visible()
    picture(page, "flow-ways")
    assert [] == barriers(page)

    canvas.locator("[data-step=parallel]").click()
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio")).to_have_count(4)
    dialog.get_by_label("保留所有步骤，改为依次进行").check()
    dialog.get_by_role("button", name="删除").click()
    expect(canvas.locator("[data-card]")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(canvas.locator("[data-card]")).to_have_count(2)

    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    expect(plan.locator(".lc-planned").first).to_be_visible(timeout=60_000)  # behind the checks of all that was done
    plan.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").filter(has_text="与已发布的相同")).to_be_visible(timeout=60_000)

    seller = root.actor("li.na")
    quote = root.ask(seller, "records.list", type="quote", limit=1)["items"][0]
    begun = root.ask(root.actor("wu.xiaofeng"), "flows.start", flow="joint_review", id=quote["id"])
    for person in ("陈国栋", "周敏"):
        assert "running" == _instance(root, begun["id"])["state"]
        decider = sign_in(browser_context().new_page(), person, "#/tasks")
        decider.locator(".lc-task", has_text="报价会审").first.click()
        decider.get_by_role("button", name="同意").click()
        expect(decider.locator(".ant-message")).to_contain_text("已同意")
    ended = _instance(root, begun["id"])
    assert "approved" == ended["state"] == ended["outcome"]
    drawn = root.ask(root.actor("wu.xiaofeng"), "flows.picture", instance=begun["id"])
    walked = {each["id"] for each in drawn["nodes"] if each["walked"]}
    assert {"director_agrees", "finance_agrees", "join", "copy", "scope"} <= walked


def _instance(root: Host, identity: int) -> dict[str, Any]:
    found: dict[str, Any] = root.ask(root.actor("wu.xiaofeng"), "flows.history", instance=identity)["items"][0]
    return found


@pytest.mark.requirement("SW11", "X1")
def test_on_a_phone_by_touch_in_english(
    browser_context: OpenContext, sign_in: SignIn, root: Host, picture: Picture
) -> None:
    """What is chosen lies over the flow, is put away and stays chosen; a step is added, moved into a way, wrapped; one
    asks another program."""
    rates = {"api/rates.json": {"name": "rates", "type": "openapi", "document": RATES}}
    actor = root.actor("wu.xiaofeng")
    root.ask(actor, "app.publish", documents=rates, plan=root.ask(actor, "app.plan", documents=rates)["plan"])
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, "#/flows")
    canvas = begin(page, "Joint review", "phone_review", "Quote")
    put(canvas, "/nodes/0/to", "Parallel")
    sheet = page.locator(".lc-flow-drawer .ant-drawer-section")
    expect(sheet).to_be_visible()
    fits(page)
    sheet.locator(".ant-drawer-close").click()
    put(canvas, "/nodes/0/to", "Copy")
    sheet.locator(".ant-drawer-close").click()
    canvas.locator("[data-way='/nodes/2/to/1'] button").tap()
    page.get_by_role("menuitem", name="Move Copy here").tap()
    sheet.get_by_role("button", name="Put into a sub-process").tap()
    sheet.locator(".ant-drawer-close").click()
    expect(canvas.locator("[data-step]")).to_have_count(8)
    expect(page.get_by_role("button", name="Nothing wrong")).to_be_visible()
    assert fits(page)
    assert [] == barriers(page)
    _ask_another_program(page, canvas, sheet, picture)


def _ask_another_program(page: Page, canvas: Locator, sheet: Locator, picture: Picture) -> None:
    """A step that asks another program: its connector and operation are chosen from what is offered, the parameters
    that are needed stand there, and a field of the record is filled from the answer."""
    put(canvas, "/nodes/0/to", "Ask another program")
    expect(sheet).to_be_visible()

    def choose(label: str, option: str) -> None:
        sheet.get_by_label(label, exact=True).click()
        page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=option).click()

    choose("Connector", "rates")
    choose("Operation", "Rate of a currency")
    needed = sheet.get_by_label("currency", exact=True)
    expect(needed).to_be_visible()
    needed.click()
    page.keyboard.type('"CNY"')
    page.keyboard.press("Tab")
    picture(page, "flow-request-phone")
    assert fits(page)
    assert [] == barriers(page)
    sheet.locator(".ant-drawer-close").click()
    expect(page.get_by_role("button", name="Nothing wrong")).to_be_visible()
