"""Notices on a device: the button, the message through a push service, what is shown, and where a press leads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from lowcode.kernel.storage import tables as t
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext
from tests.support.push import Browser, PushService, push_service

__all__ = ["push_service"]
pytestmark = [pytest.mark.browser, pytest.mark.requirement("SW18", "SA14", "SP12")]
STUB = (Path(__file__).parent / "push.js").read_text("utf-8")
DESKTOP = (Path(__file__).parent / "push_worker.js").read_text("utf-8")
SHOWN = "() => self.shown.map(each => [each.title, each.body, each.tag])"
COMES = """title => new Promise((done) => {
  const look = (left) => {
    if (self.shown.some((each) => each.title === title)) return done(true);
    left > 0 ? setTimeout(look, 50, left - 1) : done(false);
  };
  look(400);
})"""
KEPT = """() => {
  const mark = Object.keys(localStorage).find((each) => each.includes("lowcode.push"));
  return JSON.parse(localStorage.getItem(mark)).notices;
}"""
GIVEN_BACK = """() => new Promise((done) => {
  const look = (left) => {
    if (localStorage.getItem("subscribed") === null) return done(true);
    left > 0 ? setTimeout(look, 50, left - 1) : done(false);
  };
  look(400);
})"""
PRESS = """() => {
  const [notification] = self.shown;
  self.dispatchEvent(Object.assign(new ExtendableEvent("notificationclick"), { notification }));
}"""


@pytest.fixture
def service(demo: Host, push_service: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    """A push service that the demo sends to."""
    kept = demo.secret
    monkeypatch.setattr(demo, "secret", lambda name: push_service.host if name == "PUSH_SERVICES" else kept(name))
    monkeypatch.setattr(demo, "allow_private", True)
    return push_service


def account(page: Page, words: tuple[str, str]) -> Locator:
    """The part of one's account that is about devices."""
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name=words[0]).click()
    return page.get_by_role("region", name=words[1])


def deliver(page: Page, address: str, said: dict[str, Any]) -> list[Any]:
    """What a push service does: the worker of the page gets a message. What the device shows then."""
    [worker] = page.context.service_workers
    session = page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    assert known, "what there is comes with the answer to this"
    where = {"origin": address.rstrip("/"), "registrationId": known[-1]["registrationId"]}
    session.send("ServiceWorker.deliverPushMessage", {**where, "data": json.dumps(said)})
    session.detach()
    assert worker.evaluate(COMES, said["title"]), f"'{said['title']}' was not shown"
    found: list[Any] = worker.evaluate(SHOWN)
    return found


def told(demo: Host, login: str, **more: Any) -> int:
    """Tell somebody of the CRM something; how many jobs for devices there are by then."""
    with demo.session() as app:
        app.ask("notifications.send", to=[demo.directory().by_login[login].id], **more)
    with demo.session() as app:
        return len(app.unit.fetch(sa.select(t.job.c.id).where(t.job.c.name.like("push.%"))))


def test_a_notice_comes_to_the_device(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, address: str, service: PushService
) -> None:
    """Nothing is asked before the press. What comes is shown, what is newer takes its place, a press leads to the
    record, and whoever signs out is told nothing any more; nor is who comes next told of them."""
    browser = Browser(service, "")
    context = browser_context(viewport=PHONE, service_workers="allow")
    context.add_init_script(STUB.replace("GIVEN", json.dumps(browser.subscription)))
    page = sign_in(context.new_page(), "李娜", "#/tasks/open")
    part = account(page, ("我的账号", "设备通知"))
    button = part.get_by_role("button", name="在此设备上接收通知")
    expect(button).to_be_visible()
    assert page.evaluate("localStorage.getItem('asked')") is None
    button.click()
    expect(part.locator(".lc-device")).to_contain_text("此设备")
    expect(button).to_be_hidden()
    worker = context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")
    worker.evaluate(DESKTOP)
    account_id = demo.ask(demo.actor("li.na"), "records.list", type="account", limit=1)["items"][0]["id"]
    told(demo, "li.na", title="请联系客户", text="今天", form="account", record=account_id)
    [said] = browser.wait(1)
    assert [["请联系客户", "今天", said["tag"]]] == deliver(page, address, said)
    told(demo, "li.na", title="客户已回复", text="", form="account", record=account_id)
    assert [["客户已回复", "", said["tag"]]] == deliver(page, address, browser.wait(2)[1])
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    worker.evaluate(PRESS)
    expect(page).to_have_url(re.compile(rf"#/records/account/{account_id}$"))
    assert [] == worker.evaluate(SHOWN)
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name="切换成员").click()
    expect(page.locator(".lc-door")).to_be_visible()
    assert [] == demo.ask(demo.actor("li.na"), "push.devices")["items"]
    left = page.evaluate("['subscribed', 'closed'].map(each => localStorage.getItem(each))")
    assert [None, "yes"] == left, "the browser gave its subscription back, and what it showed is gone"
    before = told(demo, "li.na", title="谁看到")
    sign_in(page, "王磊", "#/tasks/open")
    expect(account(page, ("我的账号", "设备通知")).get_by_role("button", name="在此设备上接收通知")).to_be_visible()
    assert before == told(demo, "li.na", title="谁看到") and 2 == len(browser.messages)


def test_a_browser_that_refuses(page: Page, sign_in: SignIn) -> None:
    """It says how to allow notices, and offers no button that would do nothing."""
    part = account(sign_in(page, "李娜", "#/tasks/open"), ("我的账号", "设备通知"))
    expect(part.get_by_role("alert")).to_contain_text("浏览器已禁止此网站的通知")
    expect(part.get_by_role("button", name="在此设备上接收通知")).to_have_count(0)


def test_a_device_goes_on_as_it_was_told(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, service: PushService
) -> None:
    """After the session ran out it goes on by itself with what was chosen; removed elsewhere, it stays away."""
    browser = Browser(service, "")
    context = browser_context(viewport=PHONE, service_workers="allow")
    context.add_init_script(STUB.replace("GIVEN", json.dumps(browser.subscription)))
    page = sign_in(context.new_page(), "李娜", "#/tasks/open")
    part = account(page, ("我的账号", "设备通知"))
    part.get_by_role("button", name="在此设备上接收通知").click()
    expect(part.locator(".lc-device")).to_contain_text("此设备")
    part.get_by_role("combobox", name="接收哪些通知").click()
    page.locator(".ant-select-item-option", has_text="待办和重要通知").click()
    expect(part.locator(".ant-select")).to_contain_text("待办和重要通知")
    assert "chosen" == page.evaluate(KEPT), "the list says it anew when the page has kept it"
    with demo.session() as app:
        app.unit.run(sa.delete(t.push_subscription))
        demo.forget_directory(app.unit)
    with page.expect_response(re.compile("api/push/subscription")):
        page.reload()
    [found] = demo.ask(demo.actor("li.na"), "push.devices", endpoint=browser.endpoint)["items"]
    assert ("chosen", True) == (found["notices"], found["this"])
    demo.ask(demo.actor("li.na"), "push.forget", id=found["id"])
    page.reload()
    assert page.evaluate(GIVEN_BACK)
    part = account(page, ("我的账号", "设备通知"))
    expect(part.get_by_role("button", name="在此设备上接收通知")).to_be_visible()
    assert [] == demo.ask(demo.actor("li.na"), "push.devices")["items"]
