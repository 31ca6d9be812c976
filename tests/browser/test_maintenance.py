"""The second example in the browser: the page is made of definitions, whoever's they are."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SignIn, opened
from tests.support.browser import DESKTOP, PHONE, OpenContext, Watched
from tests.support.served import served
from tests.support.standing import Standing

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PLANT = Path(__file__).parents[2] / "examples" / "maintenance_app"


@contextmanager
def plant(folder: Path) -> Iterator[str]:
    """The plant's app with its seed, served."""
    with opened(PLANT, folder) as host, served(host) as url:
        yield url


@pytest.fixture
def address(standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the plant's app is served."""
    return standing.take(request, "plant", lambda: plant(tmp_path_factory.mktemp("plant")))


@pytest.mark.requirement("SP09", "SP11")
def test_a_breakdown_from_the_shop_floor_to_the_board(
    browser_context: OpenContext, phone: Page, sign_in: SignIn, address: str
) -> None:
    """A shift leader reports on a phone; the mechanic, an English speaker, repairs; the planner sees it counted."""
    sign_in(phone, "刘燕", "#/records/equipment?view=all")
    phone.locator(".lc-card", has_text="烘干炉燃烧器").first.click()
    phone.get_by_role("tab", name="工单").click()
    phone.get_by_role("button", name="新建工单").click()
    form = phone.locator(".ant-drawer [role=dialog]").last
    form.get_by_label("事项", exact=True).fill("点火失败")
    form.get_by_label("停机时间").fill("2026-01-05T08:30")
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    expect(phone.locator(".lc-way [aria-current=step]")).to_have_text("停机")
    expect(phone.locator(".lc-header-facts")).not_to_contain_text("停机")

    mechanic = sign_in(browser_context(locale="en-US").new_page(), "Tom Becker")
    mechanic.get_by_role("button", name=re.compile("unread")).click()
    mechanic.locator(".lc-note", has_text="New order").first.click()
    mechanic.locator(".lc-moves").get_by_role("button", name="Start", exact=True).click()
    expect(mechanic.locator(".lc-way [aria-current=step]")).to_have_text("In work")
    mechanic.locator(".lc-moves").get_by_role("button", name="Finish", exact=True).click()
    step = mechanic.locator(".ant-drawer [role=dialog]").last
    step.get_by_label("What was done", exact=True).fill("Bearing changed")
    step.get_by_role("button", name="Finish", exact=True).click()
    expect(step.locator('[data-field="cause"] .lc-problem')).to_be_visible()
    step.get_by_role("combobox", name="Cause").click()
    mechanic.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="Wear").click()
    step.get_by_role("button", name="Finish", exact=True).click()
    expect(mechanic.locator(".lc-way [aria-current=step]")).to_have_text("To be checked")
    expect(phone.locator(".lc-way [aria-current=step]")).to_have_text("运行")

    planner = sign_in(browser_context().new_page(), "郭明", "#/dashboard/maintenance_board")
    expect(planner.get_by_role("region", name="停机设备")).to_contain_text("2")
    expect(planner.locator(".lc-chart svg").first).to_be_visible()
    planner.goto(f"{address}#/records/purchase?view=calendar&at=2026-01-05~week")
    expect(planner.locator(".lc-hours-whole")).to_have_count(7)  # days without hours have nothing to be scrolled to
    expect(planner.locator(".lc-hours-body")).to_have_count(0)


@pytest.mark.requirement("SF05", "SF06", "F24")
def test_a_visitor_adds_pictures(browser_context: OpenContext, sign_in: SignIn, address: str, watched: Watched) -> None:
    """On a phone, and in a frame of another page: pictures go up when they are chosen, one is taken out again, one that
    is none is refused at its field; a colleague sees them with the order."""
    watched.forgive("422")
    visitor = browser_context(viewport=PHONE).new_page()
    visitor.goto(f"{address}public/work_order/report")
    chosen, listed = visitor.locator("#f-photos"), visitor.locator("#l-photos li")
    chosen.set_input_files([picture("alarm.png"), picture("belt.png")])
    expect(listed).to_have_count(2)
    visitor.get_by_role("button", name="移除 belt.png").click()
    expect(listed).to_have_text(re.compile("alarm.png"))
    chosen.set_input_files([picture("drawing.png", b"<svg/>")])
    expect(visitor.locator("#e-photos")).to_have_text("“drawing.png”的内容不是 image/png")
    visitor.locator("#f-equipment").select_option(index=1)
    visitor.locator("#f-subject").fill("输送带跑偏")
    assert not visitor.evaluate("document.documentElement.scrollWidth > innerWidth")
    visitor.locator("#send").click()
    expect(visitor.locator("#done")).to_contain_text("已收到报修")

    framed = browser_context(viewport=DESKTOP).new_page()
    framed.goto(f"{address}public.css")
    framed.evaluate("""address => {
        const frame = Object.assign(document.createElement('iframe'), {src: address, width: 700, height: 900});
        document.body.replaceChildren(frame);
    }""", f"{address}public/work_order/report?frame&lang=en")  # fmt: skip
    inside = framed.frame_locator("iframe")
    inside.locator("#f-photos").set_input_files([picture("frame.png")])
    expect(inside.get_by_role("button", name="Remove frame.png")).to_be_visible()

    planner = sign_in(browser_context().new_page(), "郭明")
    found = planner.context.request.get(f"{address}api/records/work_order?search=输送带跑偏").json()["items"]
    planner.goto(f"{address}#/records/work_order/{found[0]['id']}")
    planner.get_by_text("照片", exact=True).first.click()
    expect(planner.locator(".lc-pictures img")).to_have_count(1)
    planner.locator(".lc-pictures .ant-image").click()
    shown = planner.get_by_role("dialog", name="照片")
    expect(shown.get_by_role("img", name=re.compile(r"\.png$")).first).to_be_visible()


def picture(name: str, content: bytes = b64decode(DOT)) -> FilePayload:
    """The smallest picture, called something; or what only says that it is one."""
    return {"name": name, "mimeType": "image/png", "buffer": content}
