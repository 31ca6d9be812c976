"""A session that ends while somebody works: they sign in over the page, and go on where they were."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import Watched

pytestmark = [pytest.mark.browser, pytest.mark.requirement("SF08", "SP11")]
ENDED = "401 (Unauthorized)"


def end(page: Page) -> None:
    """The session is over, and the page has not heard of it."""
    page.evaluate(
        """async () => {
          const { token } = await (await fetch('api/session')).json();
          await fetch('api/session', { method: 'DELETE', headers: { 'X-CSRF-Token': token } });
        }"""
    )


def company(page: Page) -> Locator:
    return page.locator(".lc-form [data-field=company] input, .lc-form #company").first


def typed(page: Page, words: str) -> None:
    """A new lead is begun; what is typed is not kept by the server yet."""
    page.locator("[data-shortcut=n]").click()
    company(page).fill(words)


def drafts(demo: Host) -> list[dict[str, Any]]:
    return list(demo.ask(demo.actor("li.na"), "forms.drafts", form="lead")["items"])


def forgotten(demo: Host) -> None:
    for each in drafts(demo):
        demo.ask(demo.actor("li.na"), "forms.discard_draft", id=each["id"])


def test_a_save_after_the_session_ended(page: Page, demo: Host, sign_in: SignIn, watched: Watched) -> None:
    """The save waits for whoever signs in again over the page, and is sent once more; the form was there all along, out
    of reach and out of sight of others. By keyboard alone."""
    watched.forgive(ENDED)
    sign_in(page, "李娜", "#/records/lead?view=all")
    typed(page, "失效装备")
    page.locator(".lc-form [data-field=name] input, .lc-form #name").first.fill("周末")
    with page.expect_response(lambda each: "13900139077" in (each.request.post_data or "")):  # nothing is on its way
        page.locator(".lc-form").get_by_label("电话").fill("13900139077")
    page.context.clear_cookies()  # nothing tells the page before it saves
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url.rsplit("/", 1)[-1]) if each.method == "POST" else None)
    page.keyboard.press("Control+Enter")
    over = page.get_by_role("dialog", name="登录已失效，请重新登录")
    expect(over.get_by_text("已填写的内容都还在。李娜 登录后，回到原处继续。")).to_be_visible()
    assert page.evaluate("document.querySelector('.lc-over').matches(':modal')")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(over).to_be_visible()
    first = over.locator(".lc-people button").first
    expect(first).to_contain_text("李娜")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(over).to_have_count(0)
    expect(page.locator(".lc-form")).to_have_count(0)
    expect(page.get_by_role("gridcell", name="失效装备").first).to_be_visible()
    saves = [each for each in sent if each in ("forms.duplicates", "lead")]
    assert saves == ["forms.duplicates", "forms.duplicates", "lead"]
    assert drafts(demo) == []


def test_what_was_typed_outlives_the_session_and_the_page(
    page: Page, demo: Host, sign_in: SignIn, watched: Watched
) -> None:
    """Signed in again in a second tab, the first goes on with what is typed, and so it does when it was loaded anew
    meanwhile; somebody else who signs in there finds nothing of it."""
    watched.forgive(ENDED)
    forgotten(demo)
    sign_in(page, "李娜", "#/records/lead?view=all")
    typed(page, "两个标签页")
    end(page)
    _noticed(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".lc-people button", has_text="李娜").click()
    expect(page.locator(".lc-over")).to_have_count(0)
    expect(company(page)).to_have_value("两个标签页")
    expect(page.locator(".lc-form").get_by_text("草稿已保存")).to_be_visible()
    assert [each["title"] for each in drafts(demo)] == ["两个标签页"]

    company(page).fill("重新载入")
    end(page)
    _noticed(page)
    page.on("dialog", lambda each: each.accept())
    page.reload()
    page.locator(".lc-people button", has_text="林雪梅").click()
    expect(page.locator(".lc-who")).to_be_visible()
    expect(page.locator(".lc-form")).to_have_count(0)
    end(page)
    page.reload()
    page.locator(".lc-people button", has_text="李娜").click()
    expect(company(page)).to_have_value("重新载入")
    assert [each["title"] for each in drafts(demo)] == ["重新载入"]
    other.close()
    forgotten(demo)


def test_a_draft_whose_answer_got_lost_is_one_draft(page: Page, demo: Host, sign_in: SignIn, watched: Watched) -> None:
    """What was on its way as the page went: handed in again it is the same draft, and nothing of it is left of what is
    saved."""

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    def kept(count: int) -> None:
        until = time.monotonic() + 30
        while len(drafts(demo)) != count:
            assert time.monotonic() < until, drafts(demo)
            page.wait_for_timeout(100)

    watched.forgive("net::ERR_FAILED")
    forgotten(demo)
    page.on("dialog", lambda each: each.accept())
    sign_in(page, "李娜", "#/records/lead?view=all")
    page.route("**/forms.save_draft", lost)
    typed(page, "答复丢失")
    kept(1)
    page.unroute("**/forms.save_draft")
    with page.expect_response("**/forms.save_draft"):
        page.reload()
    assert [each["title"] for each in drafts(demo)] == ["答复丢失"]

    forgotten(demo)
    page.route("**/forms.save_draft", lost)
    typed(page, "已保存")
    page.locator(".lc-form [data-field=name] input, .lc-form #name").first.fill("周末")
    page.locator(".lc-form").get_by_label("电话").fill("13800138111")
    kept(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".lc-form")).to_have_count(0)
    kept(0)


def test_what_no_draft_can_be_kept_of_stands_open(page: Page, demo: Host, sign_in: SignIn, watched: Watched) -> None:
    """A form that was interrupted is open again with what stood in it also when the server refuses to keep a draft, and
    says why; while the server fails, the tab keeps it."""
    for words in (ENDED, "422 (", "503 ("):
        watched.forgive(words)
    forgotten(demo)
    sign_in(page, "李娜", "#/records/lead?view=all")
    typed(page, "没有草稿")
    end(page)
    _noticed(page)
    page.on("dialog", lambda each: each.accept())
    page.route("**/forms.save_draft", lambda each: each.fulfill(status=503))
    page.reload()
    with page.expect_response("**/forms.save_draft"):
        page.locator(".lc-people button", has_text="李娜").click()
    expect(page.locator(".lc-who")).to_be_visible()
    assert "没有草稿" in page.evaluate("Object.values(sessionStorage).join()")
    page.unroute("**/forms.save_draft")
    refusal = {"code": "forms.too-many-drafts", "detail": "最多保留 200 份草稿，请先清理"}
    page.route("**/forms.save_draft", lambda each: each.fulfill(status=422, json=refusal))
    page.reload()
    expect(company(page)).to_have_value("没有草稿")
    expect(page.get_by_text("最多保留 200 份草稿，请先清理")).to_be_visible()
    assert drafts(demo) == []


def _noticed(page: Page) -> None:
    """The page would keep the draft, and hears that nobody is signed in."""
    expect(page.locator(".lc-over")).to_be_visible(timeout=20_000)
