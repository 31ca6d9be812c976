"""Rules, pools, scores and messages in the browser: on a desktop and on a phone, in Chinese and in English."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, OpenContext, Watched, fits
from tests.support.reach import barriers

ADMINISTRATOR = "吴晓峰"


@pytest.mark.requirement("SR35", "X4", "SR01")
def test_rules_are_listed_explained_and_tried_on_the_past(
    page: Page, sign_in: SignIn, demo: Host, watched: Watched
) -> None:
    """An administrator sees every rule, why it fired with the values it read, what it would have done last year, and
    which ready-made rules there are, filled in for the app."""
    with demo.session(APP) as context:
        lead = context.ask("records.create", type="lead", values={
            "company": "镇江华盛机电有限公司", "name": "周航", "phone": "13912340001", "source": "referral",
            "province": "jiangsu", "budget": "600000", "product_line": "plc", "need": "产线改造"})["id"]  # fmt: skip
    demo.settle()
    sign_in(page, ADMINISTRATOR, "#/automation")
    expect(page.get_by_role("heading", name="自动化")).to_be_visible()
    expect(page.locator(".lc-rule", has_text="新线索自动分配").first).to_contain_text("已启用")
    page.goto(page.url.split("#")[0] + "#/automation/log?rule=lead_assign")
    run = page.locator(".lc-run", has_text="镇江华盛机电有限公司").first
    expect(run).to_contain_text("已执行")
    run.get_by_role("button").click()
    expect(run.locator(".lc-doings")).to_contain_text(
        re.compile("分配给 .* · 字段：负责人 · 原因：决策表 lead_assignment 第 \\d+ 行")
    )
    page.goto(page.url.split("#")[0] + "#/automation/log?rule=lead_first_contact")
    run = page.locator(".lc-run", has_text="镇江华盛机电有限公司").first
    run.get_by_role("button").click()
    expect(run.locator(".lc-asked")).to_contain_text("阶段待联系")
    expect(run.locator(".lc-doings")).to_contain_text("新建 任务")
    expect(run.locator(".lc-doings")).to_contain_text("线索：镇江华盛机电有限公司")
    expect(run).to_contain_text("由此引起：新线索自动分配")
    until = datetime.now(UTC).date()
    page.goto(page.url.split("#")[0] + "#/automation/backtest?rule=account_silent")
    page.get_by_role("textbox", name="开始日期").fill((until - timedelta(days=300)).isoformat())
    page.keyboard.press("Enter")
    page.get_by_role("button", name="开始回测").click()
    expect(page.get_by_text("条记录被回放").or_(page.get_by_text("共回放")).first).to_be_visible()
    page.goto(page.url.split("#")[0] + "#/automation/models")
    outlook = page.get_by_role("region", name="预测").locator(".lc-model", has_text="销售预测（按月）")
    expect(outlook).to_contain_text("个完整的月推算以后 3 个月")
    outlook.get_by_role("button", name="走势").click()
    expect(outlook.get_by_role("img", name="销售预测（按月）")).to_be_visible()
    page.goto(page.url.split("#")[0] + "#/automation/library")
    page.get_by_placeholder("搜索场景").fill("生日")
    page.keyboard.press("Enter")
    page.locator(".lc-scenario", has_text="生日").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".lc-document").first).to_contain_text('"name"')
    expect(drawer.locator(".lc-scenario-words summary")).to_contain_text("本应用都有")
    expect(drawer.get_by_role("button", name="下载规则文件")).to_be_enabled()
    watched.forgive("409 (Conflict)")
    _publish(page, demo)
    page.goto(page.url.split("#")[0] + f"#/records/lead/{lead}")
    page.get_by_role("tab", name="评分").click()
    expect(page.locator(".lc-score").first).to_contain_text("预算")
    page.get_by_role("tab", name="规则执行").click()
    expect(page.locator(".lc-run").first).to_be_visible()


def _publish(page: Page, demo: Host) -> None:
    """The scenario that is open is tried on the past and installed; another administrator was faster, so it is looked
    at anew; then it is disarmed, and all of it taken back."""
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="用近 30 天的历史试算").click()
    expect(drawer.get_by_text("共回放").first).to_be_visible()
    title = drawer.locator(".ant-drawer-title").inner_text()
    drawer.get_by_role("button", name="安装", exact=True).click()
    plan = page.locator(".ant-modal")
    expect(plan.locator(".lc-planned").first).to_contain_text(title)
    other: Any = {"rules/faster.json": {
        "name": "faster", "form": "lead", "on": {"created": True}, "phase": "before",
        "actions": [{"set": {"need": "need"}}]}}  # fmt: skip

    def first(route: Route) -> None:
        seen = demo.ask(APP, "app.plan", documents=other)
        demo.ask(APP, "app.publish", documents=other, plan=seen["plan"])
        route.continue_()

    page.route("**/api/operations/app.publish", first, times=1)
    plan.get_by_role("button", name="安装", exact=True).click()
    expect(plan.locator(".ant-alert")).to_contain_text("发布过新版本")
    plan.get_by_role("button", name="安装", exact=True).click()
    expect(page.get_by_text("已发布").first).to_be_visible()
    assert demo.documents.get("rules", "faster") is not None
    page.goto(page.url.split("#")[0] + "#/automation")
    line = page.locator(".lc-rule", has_text=title)
    line.get_by_role("button", name="停用").click()
    page.locator(".ant-modal").get_by_role("button", name="停用").click()
    expect(line).to_contain_text("未启用")
    page.goto(page.url.split("#")[0] + "#/automation/published")
    _write(page, demo)
    undo, undone = page.get_by_role("button", name="撤销发布"), page.locator(".lc-run", has_text="已撤销")
    expect(undo).to_be_visible()
    for count in range(undone.count() + 1, undone.count() + 5):
        page.locator(".lc-run").get_by_role("button", name="撤销发布").click()
        page.locator(".ant-modal").get_by_role("button", name="撤销发布").click()
        expect(page.locator(".ant-message")).to_contain_text("已撤销")
        expect(undone).to_have_count(count)
    assert demo.documents.get("rules", "faster") is None


def _write(page: Page, demo: Host) -> None:
    """A rule about no form is written, looked at with what is wrong with it, mended and published."""
    page.get_by_role("button", name="发布文档").click()
    drawer = page.get_by_role("dialog").filter(has_text="发布文档")
    drawer.get_by_role("combobox").fill("rules/each_morning.json")
    action = {"create": {"form": "task", "values": {"titel": '"早会"'}}}
    written: dict[str, Any] = {"name": "each_morning", "on": {"schedule": {"cron": "0 8 * * 1-5"}}, "actions": [action]}
    drawer.get_by_role("textbox", name="文档内容").fill(json.dumps(written, ensure_ascii=False))
    drawer.get_by_role("button", name="查看变更").click()
    plan = page.locator(".ant-modal")
    expect(plan).to_contain_text("titel")
    plan.get_by_role("button", name="取消").click()
    action["create"]["values"] = {"title": '"早会"'}
    drawer.get_by_role("textbox", name="文档内容").fill(json.dumps(written, ensure_ascii=False))
    drawer.get_by_role("button", name="查看变更").click()
    expect(plan.locator(".lc-planned").first).to_contain_text("each_morning")
    plan.get_by_role("button", name="发布", exact=True).click()
    expect(drawer).to_have_count(0)
    assert demo.documents.get("rules", "each_morning") is not None


@pytest.mark.requirement("X8", "SR06", "R23")
def test_a_record_is_claimed_from_a_pool(browser_context: OpenContext, sign_in: SignIn) -> None:
    """On a phone, in English: how much may still be claimed, a press, and the record is mine for so long."""
    page = browser_context(viewport=PHONE, locale="en-US").new_page()
    sign_in(page, "李娜", "#/pools/lead_pool")
    expect(page.locator(".lc-pool").first).to_contain_text("Claimed today")
    card = page.locator(".lc-pool-body > section").first.locator(".lc-run").first
    company = card.locator("dd").first.inner_text()
    card.get_by_role("button", name="Claim").click()
    expect(page.get_by_text("Yours now")).to_be_visible()
    mine = page.get_by_label("Mine").locator(".lc-run", has_text=company)
    expect(mine).to_contain_text("Goes back in")
    assert fits(page)


@pytest.mark.requirement("ST05", "ST06")
def test_a_person_writes_by_a_template(page: Page, sign_in: SignIn, demo: Host) -> None:
    """The template's words stand in the letter with the values of the record, and can be changed before it goes."""
    with demo.session(APP) as context:
        hers = 'email is not blank and account.owner.name = "李娜"'
        found = context.ask("records.list", type="contact", where=hers, fields=("id",), limit=1)
        contact = found["items"][0]["id"]
    sign_in(page, "李娜", f"#/records/contact/{contact}")
    page.locator(".lc-actions").get_by_role("button", name="更多操作").or_(
        page.locator(".lc-actions .ant-dropdown-trigger")
    ).first.click()
    page.get_by_role("menuitem", name="发消息").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("combobox").first.click()
    page.get_by_title("春节祝福").click()
    expect(drawer.locator("textarea").first).to_contain_text("新春将至")
    drawer.get_by_role("button", name="发送").last.click()
    expect(page.get_by_text("已发送").first).to_be_visible()
    kept = demo.ask(APP, "rules.sent", form="contact", record=contact)["items"]
    assert "恭贺新春" in kept[0]["subject"]


@pytest.mark.requirement("X9", "R25", "SR06")
def test_a_rule_is_tried_on_records_as_they_are(page: Page, sign_in: SignIn, demo: Host, picture: Picture) -> None:
    """Record by record, whether it would fire and why, and to whom it would give those for which it would; nothing is
    done. The manager of a pool sees who claimed what."""
    with demo.session(APP) as context:
        free = context.ask("records.list", type="lead", where="owner is blank", fields=("company",), limit=100)["items"]
    sign_in(page, ADMINISTRATOR, "#/automation/backtest?rule=lead_assign")
    page.get_by_text("现在试算").click()
    page.get_by_role("textbox", name="哪些记录").fill("owner is blank")
    page.keyboard.press("Enter")
    found, given = page.get_by_role("region", name="逐条结果"), page.get_by_role("region", name="会分给")
    expect(found).to_contain_text(f"{len(free)} 条中有 {len(free)} 条会触发")
    expect(found.locator(".lc-run").first).to_contain_text("满足")
    expect(given).to_contain_text("决策表 lead_assignment 第")
    assert barriers(page) == []
    picture(page, "rule-now")
    with demo.session(APP) as context:
        assert len(free) == len(context.ask("records.list", type="lead", where="owner is blank", limit=100)["items"])
    pool = demo.ask(demo.actor("li.na"), "rules.pool_records", pool="lead_pool", limit=1)["items"][0]
    demo.ask(demo.actor("li.na"), "rules.claim", pool="lead_pool", record=pool["id"])
    sign_in(page, "林雪梅", "#/pools/lead_pool")
    report = page.get_by_role("region", name="公海报表")
    expect(report.get_by_role("row", name="李娜")).to_contain_text(re.compile("[1-9]"))
    assert barriers(page) == []
    sign_in(page, "李娜", "#/pools/lead_pool")
    expect(page.get_by_role("heading", name="我领取的")).to_be_visible()
    expect(report).to_have_count(0)
    demo.ask(demo.actor("li.na"), "rules.release", form="lead", record=pool["id"], pool="lead_pool")
