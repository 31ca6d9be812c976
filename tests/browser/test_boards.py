"""Boards in a real browser: drawn, pressed, rearranged, shared, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import DESKTOP, PHONE, OpenContext, fits

pytestmark = pytest.mark.browser
DRAWN = ("sales_map", "quarter_goal", "customer_pareto", "lead_flow", "activity_heat", "follow_up_calendar")


@pytest.mark.requirement("SB13", "SB14", "SB16", "B10", "B11", "B12")
def test_a_manager_works_with_the_cockpit(page: Page, sign_in: SignIn, demo: Host, picture: Picture) -> None:
    """Every chart is drawn, and follows what others save; a press filters the other tiles or ends at the records; a
    copy is rearranged and kept."""
    sign_in(page, "陈国栋", "#/dashboard/cockpit")
    for report in DRAWN:
        expect(page.locator(f'[data-report="{report}"] .lc-chart svg')).to_be_visible()
    expect(page.locator('[data-report="industry_stages"] .lc-subtotal').first).to_be_visible()
    picture(page, "cockpit")
    amount = page.locator('[data-report="open_amount"] .lc-kpi-value')
    whole = amount.inner_text()
    seller, director = demo.actor("li.na"), demo.actor("chen.guodong")
    account = demo.ask(seller, "records.list", type="account", where="owner = ME()", limit=1)["items"][0]["id"]
    deal = {"name": "实时看板", "account": account, "amount": "9000000", "expected_close": "2099-12-31",
            "product_line": "plc"}  # fmt: skip
    made = demo.ask(seller, "records.create", type="opportunity", values=deal)
    expect(amount).not_to_have_text(whole)
    demo.ask(director, "records.delete", type="opportunity", id=made["id"])
    expect(amount).to_have_text(whole)
    page.get_by_role("button", name="联动筛选").click()
    first = page.locator('[data-report="leaderboard"] li').first
    first.get_by_role("button").click()
    expect(page.locator(".lc-crossed")).to_contain_text(first.get_by_role("button").inner_text())
    expect(amount).not_to_have_text(whole)
    page.locator(".lc-crossed button").click()
    expect(amount).to_have_text(whole)
    page.get_by_role("button", name="联动筛选").click()
    board = page.locator('[data-report="leaderboard"]')
    expect(board.locator(".lc-period")).to_have_count(0)
    page.get_by_label("期间").click()
    page.locator(".ant-select-item-option", has_text="下季度").click()
    expect(board.locator(".lc-period")).to_have_text("下季度")
    expect(page.locator('[data-report="open_amount"] .lc-period')).to_have_count(0)
    page.get_by_label("期间").click()
    page.locator(".ant-select-item-option", has_text="全部").click()
    expect(board.locator(".lc-period")).to_have_count(0)

    page.get_by_role("button", name="更多").last.click()
    page.get_by_text("另存为我的看板").click()
    tile = page.locator('.lc-board-editor [data-report="quarter_goal"]')
    before = tile.bounding_box()
    tile.get_by_role("button", name=re.compile("^加宽")).click()
    page.locator('.lc-board-editor [data-report="sales_map"]').get_by_role("button", name=re.compile("^移除")).click()
    page.get_by_label("看板名称").fill("晨会看板")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text("晨会看板")
    expect(page.locator('[data-report="sales_map"]')).to_have_count(0)
    after = page.locator('[data-report="quarter_goal"]').bounding_box()
    assert before is not None and after is not None and after["width"] > before["width"]
    expect(page.get_by_role("navigation")).to_contain_text("晨会看板")

    page.locator('[data-report="leaderboard"] li').first.get_by_role("button").click()
    expect(page).to_have_url(re.compile("#/records/opportunity"))
    expect(page.locator(".lc-table tbody tr.lc-row").first).to_be_visible()


@pytest.mark.requirement("SB11", "B2", "B14")
def test_anyone_combines_freely_and_shares(
    page: Page, sign_in: SignIn, address: str, browser_context: OpenContext
) -> None:
    """Rows and columns are chosen; subtotals fold; columns sort; a link shows the board to somebody without a login."""
    sign_in(page, "陈国栋", "#/explore")
    page.get_by_label("列", exact=True).click()
    page.locator(".ant-select-item-option", has_text="阶段").click()
    page.keyboard.press("Escape")
    page.get_by_label("行", exact=True).click()
    page.locator(".ant-select-item-option", has_text="产品线").last.click()
    page.keyboard.press("Escape")
    table = page.locator(".lc-cross")
    expect(table.locator("thead").get_by_text("成交", exact=True)).to_be_visible()
    rows = table.locator("tbody tr")
    expect(table.locator(".lc-subtotal").first).to_be_visible()
    count = rows.count()
    table.locator(".lc-fold").first.click()
    assert rows.count() < count

    page.goto(f"{address}#/dashboard/sales_board")
    page.get_by_role("button", name="更多").last.click()
    page.get_by_text("分享链接").click()
    page.get_by_role("button", name="生成链接").click()
    link = page.locator(".ant-modal input[readonly]").input_value()
    stranger = browser_context().new_page()
    stranger.goto(link)
    shown = stranger.locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") > 1000


@pytest.mark.requirement("SB11", "SB13")
def test_a_wide_result_says_that_it_goes_on(phone: Page, sign_in: SignIn) -> None:
    """On a phone it fades out at the side on which there is more of it."""
    sign_in(phone, "陈国栋", "#/explore")
    box = phone.locator(".lc-report .lc-result")
    expect(box).to_have_attribute("data-beyond", "end")
    assert "gradient" in box.evaluate("box => getComputedStyle(box).maskImage")
    box.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    expect(box).to_have_attribute("data-beyond", "start")


@pytest.mark.requirement("SB13")
def test_the_cockpit_fits_a_phone(phone: Page, sign_in: SignIn) -> None:
    """One tile below the other, nothing wider than the screen."""
    sign_in(phone, "陈国栋", "#/dashboard/cockpit")
    for report in DRAWN:
        expect(phone.locator(f'[data-report="{report}"] .lc-chart svg')).to_be_attached()
    assert fits(phone)


@pytest.mark.requirement("SB15", "R10")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_a_press_follows_the_levels_to_the_records(
    browser_context: OpenContext, sign_in: SignIn, language: str
) -> None:
    """From an industry to its sizes, back up, down again, and only then to the records."""
    page = browser_context(locale=language, viewport=PHONE if language == "en-US" else DESKTOP).new_page()
    sign_in(page, "陈国栋", "#/report/sales_cycle")
    top, industry = ("全部", "机械装备") if language == "zh-CN" else ("All", "Machinery")
    row = page.get_by_role("button", name=industry, exact=True)
    row.click()
    trail = page.locator(".lc-descent")
    expect(trail).to_contain_text(industry)
    expect(row).to_have_count(0)
    trail.get_by_role("button", name=top).click()
    expect(trail).to_have_count(0)
    row.click()
    expect(trail).to_contain_text(industry)
    assert fits(page)
    page.locator(".lc-report .lc-plain tbody tr, .lc-report table tbody tr").first.get_by_role("button").click()
    page.wait_for_url("**/#/records/opportunity*")
    expect(page.locator(".lc-chips")).to_contain_text("·")


@pytest.mark.requirement("R10")
def test_a_figure_is_shown_with_the_records_behind_it(page: Page, sign_in: SignIn) -> None:
    """On a page of its own a single figure stands with what it is split by and with as many records as it counts."""
    sign_in(page, "陈国栋", "#/report/win_rate")
    behind = page.locator(".lc-behind")
    row = behind.locator("tbody tr.lc-row").first
    expect(row).to_be_visible()
    counted = re.search(r"数量\s*(\d+)", page.locator(".lc-kpi").inner_text())
    assert counted
    expect(behind.locator(".lc-related-head")).to_contain_text(f"{counted[1]} 条记录")
    row.locator("td").last.click()
    page.wait_for_url("**/#/records/opportunity/*")
    page.goto(f"{page.url.partition('#')[0]}#/report/won_trend")
    expect(page.locator(".lc-report-figure tbody tr").nth(1)).to_contain_text("¥")
    expect(page.locator(".lc-report-figure .lc-trend")).to_be_visible()
    expect(page.locator(".lc-period")).to_have_text("今年")
    page.goto(f"{page.url.partition('#')[0]}#/report/loyalty")
    expect(page.locator(".lc-kpi")).to_contain_text("留存率")
    expect(page.locator(".lc-kpi")).not_to_contain_text("复购客户")
