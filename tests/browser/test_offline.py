"""Without a network: what is filled in waits on the device, is sent once, and is merged with what others did."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, OpenContext, Watched
from tests.support.reach import barriers, press

pytestmark = pytest.mark.browser
READY = """async () => {
  await navigator.serviceWorker.ready;
  const databases = await indexedDB.databases();
  const names = await caches.keys();
  const shell = names.find(name => name.startsWith('lowcode-shell-'));
  const found = await new Promise(done => {
    const request = indexedDB.open(databases[0].name);
    request.onsuccess = () => {
      const keys = request.result.transaction('kept').objectStore('kept').getAllKeys();
      keys.onsuccess = () => { request.result.close(); done(keys.result); };
    };
  });
  return navigator.serviceWorker.controller !== null && shell !== undefined
    && ['account', 'contact', 'opportunity', 'user'].every(each => found.some(key => key.endsWith('/' + each)));
}"""

LEFT = """async () => {
  const [{name}] = await indexedDB.databases();
  const answer = request => new Promise(done => { request.onsuccess = () => done(request.result); });
  const database = await answer(indexedDB.open(name));
  const counts = await Promise.all(
    ['queue', 'files', 'kept'].map(store => answer(database.transaction(store).objectStore(store).count())));
  const ways = Object.keys(localStorage).filter(key => key.startsWith('lowcode.recent'));
  return [counts, await caches.has('lowcode-private'), ways];
}"""


@pytest.fixture
def in_the_field(browser_context: OpenContext, sign_in: SignIn, watched: Watched) -> Callable[[str], Page]:
    """Somebody with a phone, whose page is on the device."""
    for words in ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED", "412", "422", "500 ("):
        watched.forgive(words)
    pocket: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "service_workers": "allow"}

    def enter(place: str) -> Page:
        page = sign_in(browser_context(**pocket).new_page(), "李娜", place)
        expect(page.locator("h1, .lc-nothing").first).to_be_visible()
        page.wait_for_function(READY)
        return page

    return enter


def cut(context: BrowserContext, off: bool) -> None:
    context.set_offline(off)


def write(page: Page, customer: str, words: str) -> None:
    """A new follow-up, with a customer chosen from what stays on the device."""
    page.get_by_role("button", name="新建跟进记录").click()
    form = page.get_by_role("dialog")
    field = form.get_by_role("combobox", name="客户", exact=True)
    field.click()
    field.fill(customer)
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=customer).first.click()
    form.get_by_label("沟通内容", exact=True).fill(words)


def save(page: Page) -> None:
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_be_hidden()


def written(demo: Host, words: str) -> list[dict[str, Any]]:
    """The follow-ups the server has that hold these words."""
    where = f'CONTAINS(content, "{words}")'
    found: list[dict[str, Any]] = demo.ask(
        demo.app_actor, "records.list", type="follow_up", where=where, fields=("content", "account", "files")
    )["items"]
    return found


def failing(route: Route) -> None:
    """A server that fails at one of what it is sent."""
    if "服务器出错" in (route.request.post_data or ""):
        route.fulfill(status=500)
    else:
        route.continue_()


@pytest.mark.requirement("SP12", "SF08", "X19")
def test_two_visits_are_written_down_without_a_network(in_the_field: Callable[[str], Page], demo: Host) -> None:
    """The page opens from the device; both visits, one with a photo, arrive once when the network is back;
    what the server fails at holds nothing up."""
    page = in_the_field("#/records/follow_up")
    [account] = demo.ask(demo.actor("li.na"), "records.list", type="account", sort=("-updated_at",), limit=1)["items"]
    cut(page.context, True)
    page.reload()
    expect(page.locator(".lc-offline")).to_be_visible()
    expect(page.get_by_text("恢复网络后自动显示").first).to_be_visible()
    page.locator(".lc-offline").get_by_role("link", name="待发送").click()
    write(page, account["name"], "离线拜访一")
    expect(page.get_by_role("dialog")).to_contain_text("没有网络")
    photo = FilePayload(name="现场.png", mimeType="image/png", buffer=b"\x89PNG\r\n\x1a\n")
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_role("dialog")).to_contain_text("现场.png")
    save(page)
    write(page, account["name"], "离线拜访二")
    save(page)
    waiting = page.locator(".lc-drafts > li")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_contain_text(account["name"])
    assert written(demo, "离线拜访") == []
    cut(page.context, False)
    expect(page.get_by_text("已发送 2 条")).to_be_visible()
    expect(page.get_by_text("没有待发送的内容")).to_be_visible()
    found = written(demo, "离线拜访")
    assert sorted(each["content"] for each in found) == ["离线拜访一", "离线拜访二"]
    assert {each["account"] for each in found} == {account["id"]}
    assert [1, 0] == [len(each["files"] or ()) for each in sorted(found, key=lambda each: str(each["content"]))]
    cut(page.context, True)
    for words in ("服务器出错", "不必等待"):
        write(page, account["name"], words)
        save(page)
    page.context.route("**/api/records/follow_up", failing)
    cut(page.context, False)
    expect(page.get_by_text("已发送 1 条")).to_be_visible()
    assert [1, 0] == [len(written(demo, words)) for words in ("不必等待", "服务器出错")]
    expect(waiting).to_have_count(1)
    _failed(page, waiting)
    assert [1] == [len(written(demo, "服务器出错"))]


def _failed(page: Page, waiting: Locator) -> None:
    """What the server fails at says so, that nothing is lost, and is tried again when somebody asks for it."""
    expect(waiting).to_contain_text("服务器处理时出错（已试 1 次）；内容仍在本机，没有丢失")
    expect(waiting).to_contain_text(re.compile("再次自动发送；也可立即重试"))
    assert [] == barriers(page, looks=("touch",))
    again = waiting.get_by_role("button", name=re.compile("^重试 "))
    again.click()
    expect(waiting).to_contain_text("已试 2 次")
    waiting.get_by_role("button", name=re.compile("^编辑 ")).click()
    form = page.get_by_role("dialog")
    expect(form.get_by_label("沟通内容", exact=True)).to_have_value("服务器出错")
    form.get_by_role("button", name="取消", exact=True).click()
    page.context.unroute("**/api/records/follow_up")
    again.click()
    expect(page.get_by_text("没有待发送的内容")).to_be_visible()


@pytest.mark.requirement("X19")
def test_an_answer_that_got_lost_makes_no_second_record(in_the_field: Callable[[str], Page], demo: Host) -> None:
    """The server had it already: what is sent again is recognised."""
    page = in_the_field("#/unsent")
    [account] = demo.ask(demo.actor("li.na"), "records.list", type="account", sort=("-updated_at",), limit=1)["items"]

    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/api/records/follow_up", lose)
    words = f"丢失的回执 {secrets.token_hex(4)}"
    write(page, account["name"], words)
    save(page)
    expect(page.get_by_text("已发送 1 条")).to_be_visible()
    assert ([201], 1) == (lost, len(written(demo, words)))


@pytest.mark.requirement("X19")
def test_what_is_typed_after_an_answer_that_got_lost(in_the_field: Callable[[str], Page], demo: Host) -> None:
    """The server had the earlier words of a new record, and of a change: the later ones change what it made of those,
    once each, without asking anybody about themselves."""
    mine = demo.actor("li.na")
    [account] = demo.ask(mine, "records.list", type="account", sort=("-updated_at",), limit=1)["items"]
    values = {"company": "回执丢失", "name": "张", "phone": "13800138000"}
    made = demo.ask(mine, "records.create", type="lead", values=values)["id"]
    page = in_the_field(f"#/records/lead/{made}")
    had: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method not in {"POST", "PATCH"}:
            return route.continue_()
        if len(had) in {0, 2}:
            had.append(route.fetch().status)
        return route.abort()

    form = page.get_by_role("dialog")
    first, last = (f"{words} {secrets.token_hex(4)}" for words in ("先写的", "后写的"))
    places = re.compile(r"/api/records/(follow_up|lead)(/\d+)?$")
    page.route(places, lose)
    page.goto(page.url.split("#")[0] + "#/unsent")
    write(page, account["name"], first)
    save(page)
    page.get_by_role("button", name=re.compile("^编辑 ")).click()
    form.get_by_label("沟通内容", exact=True).fill(last)
    save(page)
    had.append(0)
    page.goto(page.url.split("#")[0] + f"#/records/lead/{made}")
    page.get_by_role("button", name="编辑").click()
    form.get_by_label("职务").fill("厂长")
    save(page)
    page.get_by_role("link", name=re.compile("2 条待发送")).click()
    page.get_by_role("button", name="编辑 回执丢失").click()
    form.get_by_label("职务").fill("副总")
    save(page)
    assert [201, 0, 200] == had
    page.unroute(places)
    page.get_by_role("button", name="立即发送").click()
    expect(page.get_by_text("没有待发送的内容")).to_be_visible()
    found = demo.ask(demo.app_actor, "records.get", type="lead", id=made)
    assert [0, 1] == [len(written(demo, words)) for words in (first, last)]
    assert ("副总", 3) == (found["job_title"], found["version"])


@pytest.mark.requirement("X19", "SP11")
@pytest.mark.parametrize("collides", [True, False])
def test_what_others_changed_meanwhile_is_merged(
    in_the_field: Callable[[str], Page], demo: Host, collides: bool
) -> None:
    """Another field goes along without a word; the same one is shown from both sides, and a person decides,
    by keyboard alone if he likes."""
    mine = demo.actor("li.na")
    values = {"company": f"离线冲突{collides}", "name": "张", "phone": "13800138000"}
    made = demo.ask(mine, "records.create", type="lead", values=values)["id"]
    page = in_the_field(f"#/records/lead/{made}")
    expect(page.locator("h1")).to_contain_text("离线冲突")
    cut(page.context, True)
    page.get_by_role("button", name="编辑").click()
    form = page.get_by_role("dialog")
    form.get_by_label("职务").fill("厂长")
    save(page)
    theirs = {"job_title": "设备科长"} if collides else {"city": "无锡"}
    demo.ask(demo.app_actor, "records.update", type="lead", id=made, values=theirs)
    cut(page.context, False)
    if collides:
        press(page, page.get_by_role("link", name=re.compile("1 条待发送")))
        expect(page.get_by_role("button", name="处理冲突")).to_be_visible()
        assert [] == barriers(page)
        press(page, page.get_by_role("button", name="处理冲突"))
        dialog = page.get_by_role("dialog")
        for words in ("设备科长", "厂长"):
            expect(dialog).to_contain_text(words)
        assert [] == barriers(page, ".ant-modal")
        press(page, dialog.get_by_role("button", name="保留我的修改"))
    expect(page.get_by_text("已发送 1 条")).to_be_visible()
    found = demo.ask(demo.app_actor, "records.get", type="lead", id=made)
    assert ("厂长", None if collides else "无锡") == (found["job_title"], found["city"])


GONE = """async () => {
  const [{name}] = await indexedDB.databases();
  const answer = request => new Promise(done => { request.onsuccess = () => done(request.result); });
  const database = await answer(indexedDB.open(name));
  for (;;) {
    const queue = database.transaction('queue', 'readwrite').objectStore('queue');
    const [entry] = await answer(queue.getAll());
    if (entry.tried) {
      await answer(queue.put({...entry, form: 'gone'}, entry.key));
      break;
    }
    await new Promise(done => setTimeout(done, 50));
  }
  database.close();
}"""
"""What waits was filled in into a form that the app has no more. The page has tried to send it before: what it keeps as
it begins to would be the form that there was."""


@pytest.mark.requirement("SF08", "X19")
def test_a_record_changed_twice_before_it_is_sent(in_the_field: Callable[[str], Page], demo: Host) -> None:
    """The second time goes on with the first, from the record and from what waits, also in a page that
    was opened anew: one change of one record is sent, and asks nobody about itself. What no form takes any more can
    still be read."""
    mine = demo.actor("li.na")
    values = {"company": "改了两次", "name": "张", "phone": "13800138000"}
    made = demo.ask(mine, "records.create", type="lead", values=values)["id"]
    page = in_the_field(f"#/records/lead/{made}")
    expect(page.locator("h1")).to_contain_text("改了两次")
    cut(page.context, True)
    form = page.get_by_role("dialog")
    page.get_by_role("button", name="编辑").click()
    form.get_by_label("职务").fill("厂长")
    save(page)
    page.get_by_role("button", name="编辑").click()
    expect(form.get_by_text("尚未发送的修改")).to_be_visible()
    expect(form.get_by_label("职务")).to_have_value("厂长")
    form.get_by_label("职务").fill("副总")
    save(page)
    page.get_by_role("link", name=re.compile("1 条待发送")).click()
    page.reload()
    page.get_by_role("button", name=re.compile("^编辑 ")).click()
    form.get_by_label("城市").fill("无锡")
    save(page)
    expect(page.locator(".lc-drafts > li")).to_have_count(1)
    cut(page.context, False)
    expect(page.get_by_text("已发送 1 条")).to_be_visible()
    found = demo.ask(demo.app_actor, "records.get", type="lead", id=made)
    assert (found["job_title"], found["city"], found["version"]) == ("副总", "无锡", 2)
    alike = demo.ask(demo.app_actor, "records.list", type="lead", where='company = "改了两次"')["items"]
    assert [made] == [each["id"] for each in alike]

    cut(page.context, True)
    [account] = demo.ask(mine, "records.list", type="account", sort=("-updated_at",), limit=1)["items"]
    write(page, account["name"], "无处可去")
    save(page)
    page.evaluate(GONE)
    cut(page.context, False)
    page.reload()
    page.get_by_role("link", name=re.compile("1 条待发送")).click()
    expect(page.get_by_text("该表单已不在")).to_be_visible()
    page.get_by_text("填写的内容").click()
    expect(page.locator(".lc-held")).to_contain_text("无处可去")
    assert [] == barriers(page, looks=("touch",))
    page.get_by_role("button", name=re.compile("^删除 ")).click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(page.get_by_text("没有待发送的内容")).to_be_visible()


@pytest.mark.requirement("X19")
def test_nothing_stays_on_a_device_that_is_left(in_the_field: Callable[[str], Page], demo: Host) -> None:
    """Signing out says what would be lost, and then leaves nothing behind."""
    page = in_the_field("#/unsent")
    [account] = demo.ask(demo.actor("li.na"), "records.list", type="account", sort=("-updated_at",), limit=1)["items"]
    cut(page.context, True)
    write(page, account["name"], "不再需要")
    save(page)
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name="切换成员").click()
    expect(page.get_by_role("dialog")).to_contain_text("还有 1 条内容没有发送")
    page.get_by_role("button", name="仍然退出").click()
    expect(page.locator(".lc-door, .lc-nothing").first).to_be_visible()
    left = page.evaluate(LEFT)
    assert [[0, 0, 0], False, []] == left
    cut(page.context, False)
    page.reload()
    expect(page.locator(".lc-people")).to_be_visible()
    assert written(demo, "不再需要") == []


@pytest.mark.requirement("SP11", "SP12")
def test_the_page_can_be_installed(page: Page, address: str, watched: Watched) -> None:
    """By the name of the app, with icons that are there, and without a word of script in the page."""
    watched.forgive("401 (Unauthorized)")
    answer = page.request.get(f"{address}manifest.webmanifest", headers={"Accept-Language": "en"})
    manifest = answer.json()
    assert ("Customer follow-up", "standalone", "./") == (manifest["name"], manifest["display"], manifest["start_url"])
    assert "application/manifest+json" == answer.headers["content-type"]
    for icon in manifest["icons"]:
        assert 200 == page.request.get(f"{address}{icon['src']}").status
    service = page.request.get(f"{address}service.js")
    assert ("text/javascript; charset=utf-8", 200) == (service.headers["content-type"], service.status)
    assert "__FILES__" not in service.text()
    page.goto(address)
    assert page.evaluate("[...document.scripts].every(script => script.src !== '')")
