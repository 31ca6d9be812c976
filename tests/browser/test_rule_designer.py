"""The designer of rules in the browser: a rule is begun, put together by mouse, tried and published, and acts at once;
it is changed, and its first version is taken up again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected, localized
from tests.browser.conftest import Picture, SignIn
from tests.browser.test_designer import drag
from tests.support.browser import PHONE, OpenContext, fits, leave_list
from tests.support.reach import barriers

ADMINISTRATOR = "吴晓峰"
RULE = "huge_leads"


@pytest.fixture
def root(demo: Host) -> Iterator[Host]:
    """The demo; what is published here is taken back."""
    yield demo
    actor = demo.actor("wu.xiaofeng")
    while demo.app.documents.get("rules", RULE) is not None:
        plan = demo.ask(actor, "app.plan_undo")
        demo.ask(actor, "app.undo", plan=plan["plan"], allow=plan["consents"])


def choose(page: Page, within: Locator, label: str, option: str) -> None:
    """What a list offers, once it is seen."""
    within.get_by_label(label, exact=True).click()
    offered = page.locator(".ant-select-dropdown:visible").get_by_title(option, exact=True)
    offered.click()
    leave_list(page)


def publish(page: Page) -> None:
    """What is on the desk, after a look at the plan."""
    expect(page.get_by_role("button", name="没有问题")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()


def refused(host: Host, budget: int) -> str:
    """What is said to somebody in sales who saves a lead; nothing where it is saved."""
    try:
        values = {"company": f"规则测试 {budget}", "name": "张三", "phone": "13800000000", "budget": budget}
        made = host.ask(host.actor("li.na"), "records.create", type="lead", values=values)
    except Rejected as found:
        return localized(found.problems[0].message, "zh-CN") or ""
    host.ask(host.actor("wu.xiaofeng"), "records.delete", type="lead", id=made["id"])
    return ""


@pytest.mark.requirement("SP01", "SP02", "R1", "R18", "R25", "X8", "X11")
def test_a_rule_is_put_together_tried_published_and_taken_back(
    page: Page, sign_in: SignIn, root: Host, picture: Picture
) -> None:
    """Begun from Automation; an action dragged in, another inserted and taken away by keyboard; a mistake is said at
    its card; the reason is told for a record, and the past replayed; published it acts, changed it acts otherwise, and
    its first version is taken up again."""
    sign_in(page, ADMINISTRATOR, "#/automation/rules")
    page.get_by_role("link", name="新建规则").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("规则名称").fill("超大线索须先报备")
    asked.get_by_label("标识（小写字母、数字、下划线）").fill(RULE)
    asked.get_by_label("哪个表单的记录", exact=True).fill("线索")  # of a list so long, by its name
    choose(page, asked, "哪个表单的记录", "线索")
    asked.get_by_role("button", name="开始设计").click()
    canvas, side = page.locator(".lc-ruled-canvas"), page.locator(".lc-design-right")
    expect(canvas.get_by_role("region", name="当")).to_contain_text("新建线索时")
    drag(page, page.locator("[data-kind=refuse]"), canvas.get_by_role("button", name="添加第一个动作"))
    side.get_by_role("button", name="分语言填写").click()
    side.get_by_label("提示内容 (zh-CN)", exact=True).fill("预算 {{ budget }}，请先报备")
    side.get_by_label("提示内容 (en)", exact=True).fill("Report it first")
    canvas.locator("[data-card='/when']").click()
    side.get_by_role("button", name="添加条件").first.click()
    choose(page, side, "字段", "预算")
    choose(page, side, "比较", "大于")
    side.get_by_role("spinbutton", name="值").fill("80000000")
    expect(canvas.locator(".lc-ruled-sentence")).to_have_text("当新建线索时，如果预算 > 80,000,000，就阻止保存。")
    canvas.get_by_role("button", name="在第 1 项前插入动作").click()
    page.get_by_role("menuitem", name="更新字段").click()
    expect(canvas.locator("[data-card='/actions/0']")).to_have_class("lc-ruled-card lc-ruled-chosen lc-ruled-wrong")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    canvas.locator("[data-card='/actions/0']").press("Delete")
    expect(canvas.locator("[data-card='/actions/0']")).to_contain_text("{预算}")
    picture(page, "rule-designer")
    assert barriers(page) == []
    tried_and_replayed(page, side)
    publish(page)
    assert refused(root, 90000000) == "预算 ¥90,000,000.00，请先报备"
    assert refused(root, 70000000) == ""
    canvas.locator("[data-card='/when']").click()
    side.get_by_role("spinbutton", name="值").fill("60000000")
    publish(page)
    assert "请先报备" in refused(root, 70000000)
    page.get_by_role("button", name="历史版本").click()
    page.get_by_role("dialog", name="历史版本").get_by_role("button", name="采用此版本").last.click()
    expect(canvas.locator("[data-card='/when']")).to_contain_text("80,000,000")
    publish(page)
    assert refused(root, 70000000) == ""
    written = json.loads(root.ask(root.actor("wu.xiaofeng"), "app.documents")["documents"][f"rules/{RULE}.json"])
    assert [written["on"], written["when"], written["phase"]] == [{"created": True}, "budget > 80000000", "before"]


def tried_and_replayed(page: Page, side: Locator) -> None:
    """For one record with the reason, and over the last thirty days; nothing of it is done."""
    page.get_by_role("tab", name="试算").click()
    side.get_by_label("线索", exact=True).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    answer = side.get_by_role("status")
    expect(answer).to_contain_text("现在不会执行")
    expect(answer).to_contain_text("不满足 预算 > 80,000,000")
    side.get_by_text("回测", exact=True).click()
    side.get_by_role("button", name="开始回测").click()
    some = re.compile(r"共回放 \d\d+ 条记录")  # other tests may have left some more
    expect(side.get_by_role("status")).to_contain_text(some)
    assert barriers(page) == []


@pytest.mark.requirement("X1", "SP02", "R6")
def test_a_rule_on_a_phone(browser_context: OpenContext, sign_in: SignIn, picture: Picture) -> None:
    """In English: what waits becomes a ladder with a second rung, and is let go again."""
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, "#/rules/lead_untouched_warning")
    canvas, sheet = page.locator(".lc-ruled-canvas"), page.locator(".lc-flow-drawer .ant-drawer-section")
    expect(canvas.get_by_role("region", name="When")).to_contain_text("24 hours")
    assert fits(page)
    assert barriers(page) == []
    page.get_by_role("button", name="Options", exact=True).tap()
    expect(sheet.get_by_role("switch", name="Armed")).to_be_visible()
    assert barriers(page) == []
    sheet.locator(".ant-drawer-close").tap()
    expect(sheet).to_have_count(0)
    canvas.get_by_role("button", name="Go on rung by rung").tap()
    sheet.locator(".ant-drawer-close").tap()
    expect(sheet).to_have_count(0)
    canvas.get_by_role("button", name="Add a rung").tap()
    sheet.get_by_role("spinbutton", name="How long: hours").fill("72")
    picture(page, "rule-rung-phone")
    sheet.locator(".ant-drawer-close").tap()
    expect(sheet).to_have_count(0)
    expect(canvas.locator("[data-card='/steps/1']")).to_contain_text("After 72 hours")
    expect(canvas.locator("[data-card='/steps/0/actions/0']")).to_contain_text("Warning: {Company}")
    page.get_by_role("button", name="Discard draft", exact=True).tap()
    page.get_by_role("tooltip").get_by_role("button", name="Discard draft").tap()
    expect(canvas.locator("[data-card='/actions/0']")).to_be_visible()
