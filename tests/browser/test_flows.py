"""Flows as an administrator sees them: what is stuck and the ways out, and instances carried to a new version."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.office import entered, office_of
from tests.flows.app import Office, approval, document
from tests.flows.test_migration import FIRST, SECOND
from tests.flows.test_scheduled import weekly
from tests.support.browser import PHONE, OpenContext, Watched, fits

STUCK = document("price", nodes=approval({"user": "boss"}), start={"on": "manual"}, runs_as="starter", withdraw={})


def opened(folder: Path) -> Office:
    """Two quotes in approval under a version that has another one after it, and two that are stuck."""
    database = f"sqlite:///{folder}/office.sqlite3"
    old = Office(document(nodes=FIRST), STUCK, database=database)
    for number in ("Q7", "Q8"):
        old.submit(old.quote(number=number))
    for number in ("Q9", "Q10"):
        old.ask("li", "flows.start", flow="price", id=old.quote(number=number))
        task = next(each["id"] for each in old.tasks("boss") if each["flow"]["name"] == "price")
        old.ask("boss", "flows.decide", task=task, decision="approve")
    old.host.close()
    return Office(document(nodes=SECOND), STUCK, weekly(), database=database)


office = office_of("flows", opened)
Desk = tuple[Office, str]


@pytest.mark.requirement("W32", "X6", "W29", "W28")
def test_stuck_and_old_flows_are_put_right(page: Page, watched: Watched, office: Desk, picture: Picture) -> None:
    """On a desktop, in Chinese: all flows with what begins them and what needs somebody; an old version's steps are
    mapped, the preview says who is asked, one of two goes; what is stuck says why, and goes on past its step."""
    entered(page, watched, office[1], "root", "#/flows")
    expect(page.get_by_role("heading", name="流程", exact=True)).to_be_visible()
    expect(page.locator(".lc-rule", has_text="定时发起")).to_contain_text("每周一")
    expect(page.locator(".lc-rule", has_text="停滞 2")).to_be_visible()
    picture(page, "flows")
    page.get_by_role("link", name="旧版本 2").click()
    expect(page.locator(".lc-run")).to_have_count(2)
    expect(page.locator(".lc-run").first.locator(".lc-rule-why")).to_be_visible()
    expect(page.get_by_role("button", name="迁移所选 0 个流程")).to_be_disabled()
    page.get_by_role("combobox", name="新版本中的节点: 审批").click()
    page.get_by_title("Finance", exact=True).click()
    first = page.locator(".lc-run", has_text="Q7")
    expect(first).to_contain_text("停在 Finance")
    expect(first).to_contain_text("处理人 Fang")
    page.locator(".lc-run", has_text="Q8").get_by_role("checkbox").uncheck()
    picture(page, "migration")
    page.get_by_role("button", name="迁移所选 1 个流程").click()
    expect(page.get_by_text("已迁移 1 个流程")).to_be_visible()
    expect(page.locator(".lc-run")).to_have_count(1)
    page.get_by_role("tab", name="异常").click()
    stuck = page.locator(".lc-run", has_text="Q9")
    expect(stuck.locator(".lc-rule-why")).to_contain_text("不能从")  # as the page speaks, who chose no language
    picture(page, "incidents")
    page.get_by_role("button", name="全部重试").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="全部重试").click()
    expect(dialog).to_contain_text("Quote Q10")
    picture(page, "incidents-all")
    dialog.get_by_role("button", name="关闭").last.click()
    expect(dialog).to_have_count(0)
    stuck.get_by_role("button", name="重试").click()
    page.get_by_role("dialog").get_by_role("button", name="重试").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(stuck).to_be_visible()
    for number in ("Q9", "Q10"):
        page.locator(".lc-run", has_text=number).get_by_role("button", name="跳过此节点").click()
        page.get_by_role("dialog").get_by_role("radio").first.check()
        page.get_by_role("dialog").get_by_role("button", name="跳过此节点").click()
        expect(page.locator(".lc-run", has_text=number)).to_have_count(0)
    expect(page.get_by_text("没有停滞的流程")).to_be_visible()


def test_on_a_phone_in_english(browser_context: OpenContext, watched: Watched, office: Desk, picture: Picture) -> None:
    """The same pages fit a phone."""
    page = browser_context(viewport=PHONE, locale="en-US").new_page()
    entered(page, watched, office[1], "root", "#/flows")
    expect(page.locator(".lc-rule", has_text="On a schedule")).to_contain_text("next")
    picture(page, "flows-phone")
    for part in ("incidents", "migration?flow=approval"):
        page.goto(f"{office[1]}#/flows/{part}")
        expect(page.locator(".lc-run").or_(page.get_by_text("Nothing is stuck")).first).to_be_visible()
        picture(page, f"{part[:9]}-phone")
        assert fits(page)


@pytest.mark.requirement("W31", "X10")
def test_what_would_happen_is_seen_beforehand(
    page: Page, browser_context: OpenContext, watched: Watched, office: Desk, picture: Picture
) -> None:
    """From the list of flows to a record: the path on the picture, who is asked and why; another answer, another field
    and another starter change it. The same on a phone in English, also for what is still to come of one that runs."""
    entered(page, watched, office[1], "root", "#/flows")
    page.locator(".lc-rule", has_text="Approval").first.get_by_role("link", name="仿真").click()
    expect(page.get_by_text("选择流程和记录后即可查看")).to_be_visible()
    page.goto(f"{office[1]}#/simulate?flow=approval&form=quote&record=1")
    steps = page.locator(".lc-simulate-steps")
    expect(steps.locator(".lc-badge").first).to_have_text("已同意")
    expect(steps.locator(".lc-flow-person").first).to_contain_text("Feng")
    expect(steps.locator(".lc-flow-person").first).to_contain_text("流程指定的人员")
    taken = page.locator(".lc-graph-node.lc-graph-taken")
    before = taken.count()
    assert before > 2
    picture(page, "simulate")
    steps.get_by_role("combobox").first.click()
    page.locator(".ant-select-item-option", has_text="已拒绝").click()
    expect(steps.locator(".lc-badge").first).to_have_text("已拒绝")
    picture(page, "simulate-rejected")
    phone = browser_context(viewport=PHONE, locale="en-US").new_page()
    entered(phone, watched, office[1], "root", "#/simulate?flow=approval&form=quote&record=1")
    expect(phone.locator(".lc-simulate-steps .lc-badge").first).to_have_text("Approved")
    picture(phone, "simulate-phone")
    assert fits(phone)
    phone.goto(f"{office[1]}#/simulate?instance=1")
    expect(phone.get_by_role("heading", name="What comes next")).to_be_visible()
    expect(phone.locator(".lc-graph-active")).to_have_count(2)
    picture(phone, "ahead-phone")


@pytest.mark.requirement("SW12", "X6")
def test_all_that_run_stand_still_and_go_on(page: Page, watched: Watched, office: Desk) -> None:
    """Of one flow at once, from its line; how many stand still is said there, and they go on the same way. Beside it
    are the messages that are kept."""
    entered(page, watched, office[1], "root", "#/flows")
    line = page.locator(".lc-rule").filter(has=page.get_by_text("运行中")).first
    for deed, suspended in (("批量挂起", 1), ("批量恢复", 0)):
        line.get_by_role("button", name="操作").click()
        page.get_by_role("menuitem", name=deed).click()
        dialog = page.get_by_role("dialog")
        condition = dialog.get_by_label("仅限满足条件的记录")
        condition.fill("id = 0")
        dialog.get_by_role("button", name=deed).click()
        expect(dialog.get_by_role("alert")).to_have_text("没有符合条件的流程")
        condition.fill("")
        expect(dialog.get_by_role("alert")).to_have_count(0)
        dialog.get_by_label("意见").fill("审计")
        dialog.get_by_role("button", name=deed).click()
        expect(dialog).to_have_count(0)
        expect(line.get_by_text("已挂起")).to_have_count(suspended)
    page.goto(f"{office[1]}#/flows/messages")
    expect(page.locator(".lc-nothing")).to_contain_text("没有这样的消息")
