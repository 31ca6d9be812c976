"""The designer of score cards in the browser: parts and bands are changed by keyboard, who would change band is shown
before it is published, records follow, and an old version is taken up again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.conftest import Picture, SignIn, running
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import barriers
from tests.support.standing import Standing

ADMINISTRATOR = "吴晓峰"
CARD = "lead_score"
STANDS = ".ant-select-dropdown:not([class*='ant-slide-up'])"
"""A list that has opened: a press within the hundredths of a second in which it opens is nobody's."""


@pytest.fixture
def crm(
    standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Host, str]:
    """A demo of its own: when its records are scored anew, other tests would see other leads."""
    return standing.take(request, "scores", lambda: running(tmp_path_factory.mktemp("scores")))


def follow(host: Host) -> None:
    """What a worker does within a minute."""
    assert host.ask(APP, "rules.rescore_many", card=CARD) < 200
    assert host.ask(APP, "rules.score_progress", card=CARD)["left"] == 0


def publish(page: Page) -> None:
    """What is on the desk, after a look at the plan."""
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()


@pytest.mark.requirement("SR17", "SR22", "X11", "X8")
def test_a_card_is_designed_tried_published_and_taken_back(
    page: Page, sign_in: SignIn, demo: Host, picture: Picture
) -> None:
    """Points are changed and a part added by keyboard, a mistake is said at its place, who would change band is listed
    with the way to the record, contributions are shown for one; then all follow, and the first version is taken up."""
    follow(demo)
    sign_in(page, ADMINISTRATOR, "#/scores")
    page.get_by_role("link", name="设计 线索评分").click()
    canvas, side = page.locator(".lc-score-canvas"), page.locator(".lc-design-right")
    expect(canvas.get_by_role("region", name="等级").get_by_role("button")).to_have_count(4)
    expect(page.locator(".lc-score-progress")).to_contain_text("条记录均按已发布的评分卡评分")
    assert barriers(page) == []
    expect(canvas.get_by_role("button", name="来源 最多 25 分")).to_contain_text("来源 属于 (")
    canvas.get_by_role("button", name="预算 最多 40 分").focus()
    page.keyboard.press("Enter")
    side.get_by_label("第 1 种情形", exact=True).fill("budgett >= 500000")
    expect(side.locator(".lc-design-wrong").first).to_contain_text("budget")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    page.keyboard.press("Control+z")
    side.get_by_label("第 1 种情形的分值").fill("70")
    expect(canvas.get_by_role("button", name="预算 最多 70 分")).to_have_attribute("aria-pressed", "true")
    canvas.get_by_role("button", name="预算 最多 70 分").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(canvas.locator(".lc-score-card").nth(1)).to_contain_text("预算")
    canvas.get_by_role("button", name="添加行为项").click()
    page.keyboard.press("Control+z")
    page.get_by_role("tab", name="试算").click()
    expect(side.get_by_role("heading", name="条记录会变级")).to_be_visible()
    picture(page, "score-designer")
    assert barriers(page) == []
    side.get_by_text("按记录", exact=True).click()
    side.get_by_label("线索").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    expect(side.locator(".lc-score-parts")).to_contain_text("预算")
    publish(page)
    expect(page.locator(".lc-score-progress")).to_contain_text("正在重新评分：0 / 60 条")
    follow(demo)
    expect(page.locator(".lc-score-progress")).to_contain_text("均按已发布")
    page.get_by_role("button", name="历史版本").click()
    drawer = page.get_by_role("dialog", name="历史版本")
    expect(drawer.locator(".lc-run").first).to_contain_text("70")
    drawer.get_by_role("button", name="与当前比较").last.click()
    expect(drawer.get_by_role("region", name="重新采用后会有的变化")).to_contain_text("40")
    picture(page, "score-versions")
    assert barriers(page) == []
    drawer.get_by_role("button", name="采用此版本").last.click()
    expect(canvas.get_by_role("button", name="预算 最多 40 分")).to_be_visible()
    publish(page)


@pytest.mark.requirement("X1", "SR17")
def test_a_card_on_a_phone(browser_context: OpenContext, sign_in: SignIn, demo: Host, picture: Picture) -> None:
    """In English: a band is moved, how the points of a behaviour fade is chosen, and what it would give is tried."""
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, f"#/scores/{CARD}")
    canvas, sheet = page.locator(".lc-score-canvas"), page.locator(".lc-flow-drawer .ant-drawer-section")
    expect(canvas).to_be_visible()
    assert fits(page)
    assert [] == barriers(page)
    canvas.get_by_role("button", name="Hot 70 – 100").tap()
    sheet.get_by_label("From").fill("60")
    sheet.locator(".ant-drawer-close").tap()
    expect(canvas.get_by_role("button", name="Warm 45 – 60")).to_be_visible()
    canvas.get_by_role("button", name="Attended a demonstration").tap()
    fade = page.get_by_label("How the points fade")
    expect(page.locator("[class*='-motion-']")).to_have_count(0)  # the sheet is up: a list stays where it opens
    fade.click()
    expect(page.locator(STANDS).locator(".ant-select-item-option", has_text="Counts for days")).to_be_visible()
    expect(page.locator("[class*='-motion-']")).to_have_count(0)  # and so is its list
    page.locator(STANDS).locator(".ant-select-item-option", has_text="Counts for days").click()
    expect(sheet.locator(".ant-select").filter(has=fade)).to_contain_text("Counts for days")
    picture(page, "score-part-phone")
    assert [] == barriers(page)
    sheet.locator(".ant-drawer-close").tap()
    expect(canvas.get_by_role("button", name="Attended a demonstration")).to_contain_text("counts for 30 days")
    page.get_by_role("button", name="Try it").tap()
    expect(sheet.get_by_role("status")).to_contain_text("records were looked at")
    assert fits(page)
    picture(page, "score-try-phone")
