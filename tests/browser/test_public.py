"""Public forms in the browser: filled in by a visitor, framed by another site, the ticket scanned by a colleague."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.browser.test_maintenance import picture
from tests.support.browser import PHONE, OpenContext, Watched
from tests.support.reach import AXE
from tests.support.served import served


@pytest.mark.requirement("SF05", "SF06", "F24", "SA05")
def test_a_visitor_writes(browser_context: OpenContext, address: str, demo: Host, watched: Watched) -> None:
    """On a phone, in Chinese: what is missing stands at its field; then it is a lead, with the campaign it came by. A
    link of a letter that does not serve has nothing to press."""
    watched.forgive("422")
    watched.forgive("404")
    page = browser_context(viewport=PHONE).new_page()
    page.goto(f"{address}public/lead/contact?utm_medium=cpc&utm_campaign=spring")
    expect(page.get_by_role("heading", level=1)).to_have_text("联系我们")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#e-company")).to_have_text("请填写此项")
    expect(page.locator("#f-company")).to_be_focused()
    expect(page.locator("#e-consent-contact")).to_have_text("请勾选同意")
    page.locator("#f-company").fill("镇江联创泵业有限公司")
    page.locator("#f-name").fill("魏巍")
    page.locator("#f-need").fill("需要流量计")
    page.get_by_label("我同意").check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#e-phone")).to_have_text("电话和邮箱至少填写一项")
    page.locator("#f-phone").fill("0511-85551234")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#done")).to_contain_text("感谢您的留言")
    (lead,) = demo.ask(demo.app_actor, "records.list", type="lead", where='company = "镇江联创泵业有限公司"')["items"]
    assert ("search", "spring") == (lead["source"], lead["campaign"])
    page.goto(f"{address}confirm/made.up")
    page.get_by_role("button", name="确认提交").click()
    expect(page.locator("#problem")).to_have_text("链接已失效，请重新填写表单")
    expect(page.locator("#send")).to_be_hidden()


def test_the_page_is_for_everybody(browser_context: OpenContext, address: str) -> None:
    """Readers of the screen aloud find nothing wrong, in both languages and on both sizes, by day and by night; within
    another site the page keeps to the day."""
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    for options in ({"viewport": PHONE}, {"locale": "en-GB", "color_scheme": "dark"}):
        page = browser_context(bypass_csp=True, **options).new_page()
        for path in ("lead/contact", "lead/trial", "event_registration/register"):
            page.goto(f"{address}public/{path}")
            expect(page.locator("#send")).to_be_visible()
            page.add_script_tag(path=AXE)
            assert [] == page.evaluate(
                "axe.run().then(found => found.violations.map(each => each.id + each.nodes[0].html))"
            )
    assert page.evaluate(ground) == "rgb(28, 33, 43)"
    page.goto(f"{address}public/lead/contact?frame")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.requirement("SF07", "F29")
def test_an_event_and_who_came(browser_context: OpenContext, sign_in: SignIn, page: Page, address: str) -> None:
    """A visitor registers and gets a code; a colleague opens it and checks them in."""
    visitor = browser_context(viewport=PHONE, locale="en-GB").new_page()
    visitor.goto(f"{address}public/event_registration/register?key=poster")
    visitor.locator("#f-event").select_option(index=1)
    for label, value in (("Name", "Ann Berg"), ("Company", "Nordlicht"), ("Mobile phone", "13912345678")):
        visitor.get_by_label(label, exact=False).first.fill(value)
    visitor.get_by_label("I agree").check()
    visitor.get_by_role("button", name="Register").click()
    ticket = visitor.get_by_role("link", name="Show my ticket")
    expect(ticket).to_be_visible()
    expect(visitor.locator(".languages")).to_have_count(0)
    ticket.click()
    expect(visitor.locator(".code svg")).to_be_visible()
    sign_in(page, "李娜")
    page.goto(visitor.url)
    expect(page.get_by_role("heading", level=2)).to_have_text("Ann Berg")
    page.get_by_role("button", name="签到").click()
    expect(page.locator("#done")).to_contain_text("已签到")
    page.reload()
    expect(page.locator("main > .came")).to_have_text("此前已签到，放行前请核对身份。")


@pytest.mark.requirement("SP17", "X20")
def test_a_person_is_forgotten(page: Page, sign_in: SignIn, demo: Host) -> None:
    """Whoever sees to the rights of people finds what is kept and why, and takes it away."""
    made = demo.ask(
        demo.app_actor,
        "records.create",
        type="lead",
        values={"company": "遗忘", "name": "白露", "phone": "13812340000"},
    )
    sign_in(page, "陈国栋", f"#/records/lead/{made['id']}")
    page.locator(".lc-actions button").last.click()
    page.get_by_role("menuitem", name="个人信息").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("答复咨询")
    drawer.get_by_role("button", name="匿名化").click()
    page.get_by_role("dialog").last.get_by_role("button", name="匿名化").click()
    expect(page.locator(".ant-message")).to_contain_text("个人信息已清除")
    found = demo.ask(demo.app_actor, "records.get", type="lead", id=made["id"])
    assert ("***", None, "遗忘") == tuple(found[name] for name in ("name", "phone", "company"))


@pytest.mark.requirement("SF05")
def test_the_code_to_embed_is_at_hand(page: Page, sign_in: SignIn) -> None:
    """The list of a form offers its public faces with link and code."""
    sign_in(page, "李娜", "#/records/lead")
    page.get_by_role("button", name="更多").first.click()
    page.get_by_role("menuitem", name="公开表单").click()
    expect(page.get_by_role("dialog")).to_contain_text('data-form="lead/contact"')
    page.get_by_role("tab", name="申请试用").click()
    expect(page.get_by_role("dialog")).to_contain_text('data-form="lead/trial"')
    expect(page.get_by_role("dialog").get_by_role("img", name="二维码")).to_be_visible()


OFFER = {
    "name": "offer", "title": {"en": "Offer", "zh-CN": "报价"}, "label": "name",
    "fields": [
        {"name": "name", "type": "text", "title": {"en": "Name", "zh-CN": "名称"}},
        {"name": "photo", "type": "image", "title": {"en": "Photo", "zh-CN": "照片"}, "max_files": 1, "max_size": 500},
        {"name": "place", "type": "text", "title": {"en": "Where it was taken", "zh-CN": "拍摄地点"},
         "visible_when": "NOT(ISBLANK(photo))"},
    ],
    "public": [{"name": "send", "fields": ["name", "photo", "place"], "labour": 0, "seconds": 0}],
}  # fmt: skip
APP = {"name": "small", "title": "Small", "zone": "UTC", "languages": ["en", "zh-CN"], "roles": [{"name": "sales"}]}


@pytest.fixture
def offers(tmp_path: Path) -> Iterator[str]:
    """A public form for one picture, and what is asked of it, served."""
    documents = {"app.json": json.dumps(APP), "forms/offer.json": json.dumps(OFFER)}
    with Host(documents, f"sqlite:///{tmp_path / 'a.sqlite3'}", files=str(tmp_path / "files")) as host:
        host.publish()
        with served(host) as url:
            yield url


@pytest.mark.requirement("F24")
def test_the_only_picture_stays_until_another_is_taken(
    browser_context: OpenContext, offers: str, watched: Watched
) -> None:
    """One that is too large, or that is none, does not take the place of the one that is there. What is asked of a
    picture is asked when it is up, however long that took, and not any more when it is taken out. What was filled in
    stays when the page is shown in another language."""
    watched.forgive("422")
    page = browser_context(viewport=PHONE).new_page()
    held: list[Route] = []
    page.route("**/files?*", lambda route: held.append(route))
    with page.expect_response("**/look?*"):
        page.goto(f"{offers}public/offer/send")
    chosen, listed, place = page.locator("#f-photo"), page.locator("#l-photo li"), page.locator("#f-place")
    with page.expect_response("**/look?*"):
        chosen.set_input_files([picture("first.png")])
    expect(place).to_be_hidden()
    held.pop().continue_()
    expect(place).to_be_visible()
    page.unroute("**/files?*")
    chosen.set_input_files([picture("large.png", bytes(600))])
    expect(page.locator("#e-photo")).to_contain_text("large.png")
    expect(listed).to_contain_text("first.png")
    chosen.set_input_files([picture("drawing.png", b"<svg/>")])
    expect(page.locator("#e-photo")).to_contain_text("drawing.png")
    expect(listed).to_contain_text("first.png")
    chosen.set_input_files([picture("second.png")])
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("second.png")
    page.locator("#f-name").fill("Zoë")
    for language in ("English", "中文"):  # what is there goes along into another language
        page.locator(".languages").get_by_role("link", name=language).click()
        expect(page.locator(".languages").get_by_role("link", name=language)).to_have_count(0)
        expect(page.locator("#f-name")).to_have_value("Zoë")
        expect(listed).to_contain_text("second.png")
        expect(place).to_be_visible()
    expect(page.locator("#e-photo")).to_be_hidden()
    listed.get_by_role("button").click()
    expect(place).to_be_hidden()
