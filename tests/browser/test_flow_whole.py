"""An approval of eight steps from nothing, by the mouse alone; then people walk it to its end, with a refusal on the
way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.browser.test_flow_designer import ADMINISTRATOR, begin, put
from tests.support.browser import OpenContext
from tests.support.reach import barriers

PLANS = [
    {"name": "首付款", "due_on": "2026-12-10", "amount": 60000},
    {"name": "尾款", "due_on": "2027-01-10", "amount": 60000},
]


class Hand:
    """A hand that designs: it presses what is seen, and types only what people are called."""

    def __init__(self, page: Page, canvas: Locator) -> None:
        self.page, self.canvas = page, canvas
        self.inspector = page.locator(".lc-design-inspector")

    def put(self, way: str, kind: str, title: str, code: str) -> None:
        """A step on an arrow, with what it is called."""
        put(self.canvas, way, kind)
        self.inspector.get_by_label("名称 (zh-CN)").fill(title)
        self.inspector.get_by_label("步骤代码").fill(code)

    def choose(self, box: Locator, option: str, search: str = "") -> None:
        """An option of a list, found by what is typed where it is long."""
        box.click()
        if search:
            self.page.keyboard.type(search)
        options = self.page.locator(".ant-select-dropdown:visible .ant-select-item-option")
        options.filter(has_text=re.compile(option)).first.click()

    def asks(self, source: str, who: str = "", search: str = "") -> None:
        """The step asks these people."""
        if source != "上级":
            self.choose(self.inspector.get_by_label("审批人 1", exact=True), f"^{source}")
        if who:
            self.choose(self.inspector.get_by_label(re.compile(f"^审批人 1: {source}")), who, search)

    def opens(self, *parts: str) -> None:
        """Parts of a step that most leave as they are."""
        for part in parts:
            self.inspector.get_by_role("button", name=part).click()

    def condition(self, part: Locator, field: str, operator: str, value: str) -> None:
        """A condition, put together of a field, a comparison and a value."""
        part.get_by_role("button", name="添加条件").click()
        self.choose(part.get_by_label("字段", exact=True), f"^{field}$", field)
        self.choose(part.get_by_label("比较", exact=True), f"^{operator}$")
        part.get_by_label("值", exact=True).fill(value)


def designed(hand: Hand) -> None:
    """The flow: a superior who fills in a field and may be reminded and passed by, the director above an amount, then
    finance and another superior at the same time, a copy, rows and other records that change."""
    inspector = hand.inspector
    hand.put("/nodes/0/to", "审批", "主管复核", "checked")
    hand.opens("处理时限", "字段权限")
    inspector.get_by_label("天", exact=True).first.fill("2")
    hand.opens("添加逐级升级")
    hand.choose(inspector.locator("[data-option=do]").get_by_role("combobox"), "^转给上级")
    hand.choose(inspector.get_by_label("必填", exact=True), "^交货方式$", "交货")
    hand.page.keyboard.press("Escape")
    hand.put("/nodes/1/approved", "条件分支", "按金额", "by_amount")
    hand.put("/nodes/2/branches/0/to", "审批", "总经理审批", "director_agrees")
    hand.asks("角色", "^总经理$")
    hand.put("/nodes/2/otherwise", "并行", "会签", "together")
    hand.canvas.locator("[data-card='/nodes/2/branches/0/to']").click()
    hand.condition(inspector.locator("[data-option=when]"), "合同金额", "大于", "100000")
    hand.canvas.locator("[data-step=director_agrees]").click()
    hand.choose(inspector.get_by_label("同意后", exact=True), "^会签$")
    hand.put("/nodes/3/to/0", "审批", "财务会签", "finance_agrees")
    hand.asks("部门成员", "^综合管理部$", "综合")
    hand.choose(inspector.get_by_label("多人方式", exact=True), "^或签")
    inspector.get_by_text("更多设置").click()
    hand.choose(inspector.get_by_label("可驳回到", exact=True), "^主管复核$", "主管")
    hand.page.keyboard.press("Escape")
    hand.put("/nodes/3/to/1", "审批", "上上级会签", "above_agrees")
    inspector.get_by_label("第几级", exact=True).fill("2")
    hand.put("/nodes/6/to", "抄送", "抄送服务", "told")
    hand.choose(inspector.get_by_label("接收人 1", exact=True), "^指定人员$")
    hand.choose(inspector.get_by_label("接收人 1: 指定人员", exact=True), "^吴晓峰", "wuxiaofeng")
    hand.put("/nodes/7/to", "更新本记录", "首付款已收", "received")
    hand.choose(inspector.get_by_label("添加明细行"), "^回款计划$")
    rows = inspector.locator("[data-option=lines]")
    hand.condition(rows, "款项", "等于", "首付款")
    hand.choose(rows.get_by_label("添加字段"), "^已收讫$", "已收")
    hand.choose(rows.get_by_label("已收讫", exact=True), "^是$")
    hand.put("/nodes/8/to", "更新其他记录", "记下客户城市", "noted")
    hand.choose(inspector.locator("[data-option=link]").get_by_role("combobox"), "^客户$")
    hand.choose(inspector.get_by_label("添加字段"), "^城市$", "城市")
    inspector.get_by_label("城市", exact=True).fill("苏州")


def published(page: Page) -> None:
    """What was designed goes live, with the plan that says what changes."""
    page.get_by_role("button", name="发布", exact=True).click()
    plan = page.get_by_role("dialog")
    expect(plan.locator(".lc-planned").first).to_be_visible(timeout=60_000)  # behind the checks of all that was done
    plan.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").filter(has_text="与已发布的相同")).to_be_visible(timeout=60_000)


def begun(root: Host) -> int:
    """A contract above the amount, which its seller sends on its way."""
    seller = root.actor("li.na")
    account = root.ask(seller, "records.list", type="account", where="owner = ME()", limit=1)["items"][0]
    values = {"name": "八步会签", "account": account["id"], "kind": "sale", "total": 120000, "plan": PLANS}
    contract = int(root.ask(seller, "records.create", type="contract", values=values)["id"])
    root.ask(seller, "flows.start", flow="contract_sign", id=contract)
    root.settle()
    return contract


def task(page: Page, step: str) -> Locator:
    """The panel of a task that has come meanwhile, chosen in the list of who is asked."""
    listed = page.locator(".lc-task", has_text="合同会签").filter(has_text=step)
    expect(listed).to_have_count(1, timeout=60_000)
    listed.click()
    panel = page.locator(".lc-task-panel")
    expect(panel).to_contain_text(step)
    return panel


def agree(page: Page, step: str) -> None:
    """Somebody agrees."""
    task(page, step).get_by_role("button", name=re.compile("同意$")).click()
    expect(page.locator(".ant-message").filter(has_text="已同意").first).to_be_visible()


@pytest.mark.requirement("SW01", "SW02", "SW03", "SW06", "SW11", "W1", "W16", "SP02", "SP03")
def test_an_approval_of_eight_steps(
    browser_context: OpenContext, sign_in: SignIn, root: Host, picture: Picture
) -> None:
    """All of it is chosen by the mouse, published, and walked by people whose pages stand open all the time: the
    superior is asked for a field, the director above the amount, finance refuses back to the superior, both sides of
    the split sign, a copy is given, the row is ticked and the account is changed."""
    page = sign_in(browser_context().new_page(), ADMINISTRATOR, "#/flows")
    hand = Hand(page, begin(page, "合同会签", "contract_sign", "合同"))
    designed(hand)
    expect(page.get_by_role("button", name="没有问题")).to_be_visible(timeout=60_000)
    picture(page, "flow-whole")
    assert [] == barriers(page)
    published(page)

    superior, director, finance = (
        sign_in(browser_context().new_page(), name, "#/tasks") for name in ("林雪梅", "陈国栋", "周敏")
    )
    contract = begun(root)
    panel = task(superior, "主管复核")
    panel.get_by_role("button", name=re.compile("同意$")).click()
    expect(superior.get_by_role("alert").filter(has_text="交货方式").first).to_be_visible()
    panel.get_by_label("交货方式").fill("DDP 苏州")
    agree(superior, "主管复核")
    agree(director, "总经理审批")
    panel = task(finance, "财务会签")
    panel.locator(".lc-decide").get_by_role("button", name="操作").click()
    finance.get_by_role("menuitem", name="驳回", exact=True).click()
    dialog = finance.get_by_role("dialog")
    dialog.get_by_label("意见", exact=True).fill("请核对交货方式")
    dialog.get_by_role("button", name=re.compile("^驳回$")).click()
    expect(finance.locator(".ant-message")).to_contain_text("已驳回")
    expect(task(superior, "主管复核")).to_contain_text("请核对交货方式")
    agree(superior, "主管复核")
    agree(director, "总经理审批")
    agree(director, "上上级会签")
    agree(finance, "财务会签")

    root.settle()
    instance = root.ask(root.actor("wu.xiaofeng"), "flows.history", form="contract", id=contract)["items"][0]
    assert ("approved", []) == (instance["state"], instance["incidents"])
    record: dict[str, Any] = root.ask(root.actor("wu.xiaofeng"), "records.get", type="contract", id=contract)
    assert ("DDP 苏州", [True, False]) == (record["delivery_terms"], [each["received"] for each in record["plan"]])
    account = root.ask(root.actor("wu.xiaofeng"), "records.get", type="account", id=record["account"])
    assert "苏州" == account["city"]
    page.goto(f"{page.url.partition('#')[0]}#/tasks/copied")
    expect(page.locator(".lc-task", has_text="合同会签").first).to_be_visible()
