"""Deciding from a letter and from a card of a chat, in the browser of somebody who is not signed in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.vendors import DingTalk, serving
from tests.flows.app import Office, approval, document
from tests.support.browser import PHONE, OpenContext, Watched, fits
from tests.support.mail import MailServer
from tests.support.served import served

pytestmark = pytest.mark.requirement("W33")


@contextmanager
def opened(folder: Path, secrets: dict[str, str], flow: dict[str, Any], **more: Any) -> Iterator[tuple[Office, str]]:
    """An office whose letters and cards lead to where it is served."""
    office = Office(flow, database=f"sqlite:///{folder}/office.sqlite3", secrets=secrets, **more)
    with office.host.session() as app:
        for login, locale in (("fang", "en"), ("feng", "zh-CN")):
            app.ask(
                "identity.save_person", login=login, name=login.title(), roles=["finance"], department="money",
                manager="boss", email=f"{login}@example.com", locale=locale,
            )  # fmt: skip
    office.host.forget_directory()
    with served(office.host) as url:
        secrets["PUBLIC_URL"] = url
        yield office, url
    office.host.close()


@pytest.fixture
def by_mail(mail_server: MailServer, tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """Finance decides together, from a letter; who refuses says why."""
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"}
    flow = document(nodes=approval({"role": "finance"}, by_link={"days": 2}, opinion="required_to_reject"))
    with opened(tmp_path, secrets, flow) as found:
        yield found


def letters(server: MailServer) -> dict[str, str]:
    """The address in each person's letter."""
    found = {}
    for letter in server.wait(2, seconds=30):
        address = re.search(r"http\S+/api/decide/\S+", letter.text())
        assert address is not None, letter.text()
        found[letter.recipients[0].partition("@")[0]] = address[0]
    return found


def test_from_a_letter(
    browser_context: OpenContext, watched: Watched, by_mail: tuple[Office, str], mail_server: MailServer
) -> None:
    """On a phone, in one's own language: opening decides nothing; a refusal without its reason says so and keeps the
    page; the second press, and the letter opened again, say that it was used; the history names the person."""
    office, _ = by_mail
    watched.forgive("422")
    watched.forgive("409")
    quote = office.submitted()
    address = letters(mail_server)["feng"]
    page = browser_context(viewport=PHONE).new_page()
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Feng，您好！请处理以下事项")
    expect(page.get_by_role("heading")).to_have_text("Quote Q1")
    assert fits(page)
    assert {"fang": 1, "feng": 1} == office.waiting()
    page.get_by_label("处理意见").fill("  ")
    page.get_by_role("button", name="拒绝").click()
    expect(page.get_by_role("alert")).to_have_text("请填写意见。")
    page.get_by_label("处理意见").fill("价格合适")
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("heading")).to_have_text("已提交")
    assert {"fang": 1} == office.waiting()
    page.goto(address)
    expect(page.get_by_role("heading")).to_have_text("无法处理")
    expect(page.locator("main")).to_contain_text("该链接已使用过。")
    [answer] = [each for each in office.history(quote)[0]["steps"][1]["people"] if each["decision"]]
    assert ("Feng", "approve", "价格合适") == (answer["person"]["label"], answer["decision"], answer["opinion"])


def test_two_windows_of_one_letter(
    browser_context: OpenContext, watched: Watched, by_mail: tuple[Office, str], mail_server: MailServer
) -> None:
    """Opened twice before it is decided, the second window's press is refused with its reason, in English."""
    office, _ = by_mail
    watched.forgive("409")
    office.submitted()
    address = letters(mail_server)["fang"]
    profile = browser_context(locale="en-US")
    first, second = profile.new_page(), profile.new_page()
    for page in (first, second):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Hello Fang, please decide")
    first.get_by_role("button", name="Approve").click()
    expect(first.get_by_role("heading")).to_have_text("Thank you")
    second.get_by_role("button", name="Reject").click()
    expect(second.get_by_role("heading")).to_have_text("This is not possible")
    expect(second.locator("main")).to_contain_text("This link has been used.")


@pytest.fixture
def by_card(tmp_path: Path) -> Iterator[tuple[Office, DingTalk]]:
    """Finance decides together by cards of DingTalk, which behaves as its maker documents it."""
    with ExitStack() as stack:
        there = DingTalk(lambda: office.clock.now())
        stack.enter_context(serving(there))
        chat = {"name": "ding", "type": "dingtalk_app", "url": there.url, "token_url": there.url,
                "app_key": "ding1", "agent": "77", "secret": {"secret": "APP_SECRET"}}  # fmt: skip
        flow = document(nodes=approval({"role": "finance"}, by_link={"days": 2}, link_by="ding"))
        more = {"more": {"api/ding.json": chat}, "allow_private": ("127.0.0.0/8",)}
        office, _ = stack.enter_context(opened(tmp_path, {"APP_SECRET": "app-secret"}, flow, **more))
        with office.host.session() as app:
            for login in ("fang", "feng"):
                app.ask("api.link_account", connector="ding", account=f"u-{login}", login=login)
        yield office, there


def soon(true: Callable[[], bool], seconds: float = 30) -> None:
    """What a worker does beside the page."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_from_a_card(phone: Page, watched: Watched, by_card: tuple[Office, DingTalk]) -> None:
    """The button of the card leads to the page, whose first button is what was pressed; decided, the card is taken
    back, and its other button says that it was used."""
    office, there = by_card
    watched.forgive("409")
    quote = office.submitted()
    soon(lambda: len(there.got) == 2)
    cards = {each["userid_list"].removeprefix("u-"): each["msg"] for each in there.got}
    approve, refuse = (each["action_url"] for each in cards["feng"]["action_card"]["btn_json_list"])
    phone.goto(refuse)
    expect(phone.get_by_role("button").first).to_have_text("拒绝")
    assert fits(phone)
    phone.goto(approve)
    expect(phone.get_by_role("button").first).to_have_text("同意")
    assert {"fang": 1, "feng": 1} == office.waiting()
    phone.get_by_role("button", name="同意").click()
    expect(phone.get_by_role("heading")).to_have_text("已提交")
    soon(lambda: "recalled" in cards["feng"])
    phone.goto(refuse)
    expect(phone.locator("main")).to_contain_text("该链接已使用过。")
    assert {"fang": 1} == office.waiting()
    assert "approving" == office.stage(quote)
