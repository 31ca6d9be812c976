"""The designer of reports in the browser: a report from nothing by mouse, its real result beside it, and on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.browser.test_designer import drag
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import barriers

ADMINISTRATOR = "吴晓峰"
TAKEN = "lc-report-over"


def well(page: Page, name: str) -> Locator:
    """Where dimensions or measures are put."""
    return page.locator(f"[data-well={name}]")


@pytest.mark.requirement("SP03")
def test_a_report_is_made_from_nothing_by_mouse(page: Page, sign_in: SignIn, root: Host, picture: Picture) -> None:
    """Fields are dragged into the wells, a chart is pressed and one that does not fit says why, a number gets a
    condition, a mistake stands at its well and the way to it is a press; the real result follows each step, and is
    what is published."""
    sign_in(page, ADMINISTRATOR, "#/reports/design")
    page.get_by_role("button", name="新建报表").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("名称", exact=True).fill("Deals by stage")
    asked.get_by_label("统计哪些记录").fill("商机")
    page.locator(".ant-select-item-option[title=商机]").click()
    asked.get_by_role("button", name="开始设计").click()
    drag(page, page.locator('[data-field="field:stage"]'), well(page, "rows").locator(".lc-report-end"), TAKEN)
    result = page.get_by_role("region", name="结果")
    expect(result.get_by_role("row")).to_have_count(9)
    page.get_by_role("radio", name="堆积柱", exact=True).click()
    drag(page, page.locator('[data-field="field:product_line"]'), well(page, "across").locator(".lc-report-end"), TAKEN)
    expect(result.get_by_text("35 行", exact=True)).to_be_visible()
    expect(result.get_by_role("img", name="Deals by stage图表")).to_be_visible()
    expect(page.get_by_role("radio", name="气泡图")).to_have_accessible_name("气泡图: 还需要 2 个数值指标")
    drag(page, page.locator('[data-field="field:amount"]'), well(page, "measures").locator(".lc-report-end"), TAKEN)
    measure = well(page, "measures").locator("[data-column=amount]")
    measure.get_by_role("button", expanded=False).click()
    measure.get_by_text("写成表达式").click()
    measure.get_by_label("写成表达式", exact=True).fill("SUM(amont)")
    expect(result.get_by_role("alert")).to_contain_text("amont")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    measure.get_by_label("写成表达式", exact=True).fill('SUM(amount, stage <> "lost")')
    expect(measure.get_by_label("字段", exact=True)).to_be_visible()
    well(page, "measures").locator("[data-column=count]").get_by_role("button", name="移除记录数").click()
    expect(result.get_by_text("35 行", exact=True)).to_be_visible()
    assert barriers(page) == []
    picture(page, "report-designer")
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()
    written = json.loads(
        root.ask(root.actor("wu.xiaofeng"), "app.documents")["documents"]["reports/deals_by_stage.json"]
    )
    assert written["chart"] == {"type": "stacked_bar", "series": "product_line"}
    assert [each["expression"] for each in written["measures"]] == ['SUM(amount, stage <> "lost")']
    page.get_by_role("button", name="使用", exact=True).click()
    page.get_by_role("link", name="查看", exact=True).click()
    page.get_by_role("link", name="修改报表").click()
    expect(well(page, "across").get_by_text("产品线")).to_be_visible()


@pytest.mark.requirement("SP03")
def test_a_report_is_changed_on_a_phone_without_dragging(
    browser_context: OpenContext, sign_in: SignIn, root: Host, picture: Picture
) -> None:
    """In English: a field is pressed, a number is chosen from a list, the order is turned by a press, and what somebody
    else would see is looked at."""
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, "#/reports/design/accounts_per_person")
    sides = page.get_by_role("radiogroup", name="Parts of the desk")
    sides.get_by_text("Fields").click()
    page.locator('[data-field="field:industry"]').click()
    expect(well(page, "rows").locator("[data-column=industry]")).to_be_visible()
    well(page, "rows").get_by_role("button", name="Take Owner away").click()
    assert fits(page)
    assert barriers(page) == []
    picture(page, "report-designer-phone")
    page.get_by_role("button", name="Order and rows").click()
    page.get_by_title("Press to turn it round").click()
    expect(page.get_by_text("smallest first")).to_be_visible()
    sides.get_by_text("Result").click()
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    everything = rows.last.inner_text()
    page.get_by_label("As somebody sees it").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="李娜").click()
    expect(page.get_by_role("status").filter(has_text="as 李娜 sees it")).to_be_visible()
    expect(rows.last).not_to_have_text(everything)
    assert fits(page)
