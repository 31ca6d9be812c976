"""Rows and tags changed without a network, while somebody else works on the same record: both did what they did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.conftest import Picture
from tests.support.browser import PHONE, OpenContext, Watched, fits
from tests.support.served import served
from tests.support.standing import Standing

pytestmark = pytest.mark.browser
EVERYTHING = ["create", "read", "edit"]
ROUND: dict[str, Any] = {
    "name": "round", "label": "title", "title": {"zh-CN": "巡检", "en": "Round"},
    "fields": [
        {"name": "title", "type": "text", "title": {"zh-CN": "主题", "en": "Subject"}},
        {"name": "city", "type": "text", "title": {"zh-CN": "城市", "en": "City"}},
        {"name": "tags", "type": "tags", "title": {"zh-CN": "标签", "en": "Tags"}},
        {"name": "items", "type": "lines", "title": {"zh-CN": "检查项", "en": "Items"}, "fields": [
            {"name": "what", "type": "text", "title": {"zh-CN": "内容", "en": "What"}},
            {"name": "count", "type": "integer", "title": {"zh-CN": "数量", "en": "Count"}},
        ]},
    ],
    "offline": {"conflicts": {"city": "mine"}},
    "permissions": [{"role": "sales", "can": EVERYTHING}],
}  # fmt: skip
DOCUMENTS = {
    "app.json": {"name": "rounds", "title": {"zh-CN": "巡检", "en": "Rounds"}, "languages": ["zh-CN", "en"],
                 "roles": [{"name": "sales"}]},
    "forms/round.json": ROUND,
}  # fmt: skip
READY = """async () => {
  await navigator.serviceWorker.ready;
  return navigator.serviceWorker.controller !== null
    && (await caches.keys()).some(name => name.startsWith('lowcode-shell-'));
}"""


@contextmanager
def rounds(folder: Path) -> Iterator[tuple[Host, str]]:
    """The app, and where it is served."""
    host = Host(DOCUMENTS, f"sqlite:///{folder / 'rounds.sqlite3'}", files=str(folder / "files"))
    host.publish()
    host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
    host.forget_directory()
    with served(host) as url:
        yield host, url
    host.close()


@pytest.fixture
def firm(
    standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Host, str]:
    return standing.take(request, "rounds", lambda: rounds(tmp_path_factory.mktemp("rounds")))


def without_network(page: Page, words: dict[str, str]) -> None:
    """Write into the form of the record without a network, and save; a tag beside what is there."""
    page.context.set_offline(True)
    page.get_by_role("button", name="编辑").first.click()
    form = page.get_by_role("dialog")
    for label, value in words.items():
        if label == "标签":
            form.get_by_role("combobox", name=label).fill(value)
            form.get_by_role("combobox", name=label).press("Enter")
        else:
            form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_be_hidden()


def taken(answer: Response) -> bool:
    """Whether the server took a change."""
    return answer.request.method == "PATCH" and answer.ok


def sent(page: Page) -> None:
    """The network is back, and what waited goes."""
    with page.expect_response(taken):
        page.context.set_offline(False)


@pytest.mark.requirement("X19", "F2", "SP19")
def test_what_was_done_offline_goes_with_what_others_did(
    browser_context: OpenContext, firm: tuple[Host, str], watched: Watched, picture: Picture
) -> None:
    """Another row goes along without a word, by the server; so does it where the form says whose city stands, by the
    page; and where a person is asked about one field, tags and rows are merged beside it."""
    for forgiven in ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED", "412", "401 (Unauthorized)"):
        watched.forgive(forgiven)
    host, url = firm
    ann = host.actor("ann")
    values = {"title": "一号线", "tags": ["泵", "阀"],
              "items": [{"what": "泵", "count": 1}, {"what": "阀", "count": 1}]}  # fmt: skip
    made = host.ask(ann, "records.create", type="round", values=values)
    one, two = ({"id": row["id"]} for row in made["items"])

    def elsewhere(**changed: Any) -> None:
        host.ask(APP, "records.update", type="round", id=made["id"], values=changed)

    def stands() -> tuple[Any, ...]:
        now = host.ask(APP, "records.get", type="round", id=made["id"])
        rows = [(row["what"], int(row["count"])) for row in now["items"]]
        return now["title"], now["city"], now["tags"], rows

    page = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, service_workers="allow").new_page()
    assert page.context.request.post(f"{url}api/session", data={"login": "ann"}).ok
    page.goto(f"{url}#/records/round/{made['id']}")
    page.wait_for_function(READY)
    expect(page.locator("h1")).to_contain_text("一号线")

    without_network(page, {"数量 第 1 行": "5"})
    elsewhere(items=[one, {**two, "count": 7}, {"what": "表", "count": 1}])
    sent(page)
    assert stands()[3] == [("泵", 5), ("阀", 7), ("表", 1)]
    expect(page.locator("main")).to_contain_text("表")

    without_network(page, {"数量 第 2 行": "8", "标签": "急", "城市": "无锡"})
    elsewhere(items=[{**one, "count": 6}, two], tags=["阀", "夜班"], city="常州")
    sent(page)
    assert stands() == ("一号线", "无锡", ["阀", "夜班", "急"], [("泵", 6), ("阀", 8)])
    expect(page.locator("main")).to_contain_text("夜班")

    without_network(page, {"主题": "二号线", "标签": "复查", "数量 第 1 行": "9"})
    elsewhere(title="三号线", tags=["阀", "急", "停机"], items=[one, {**two, "count": 4}])
    page.context.set_offline(False)
    page.get_by_role("link", name=re.compile("1 条待发送")).click()
    page.get_by_role("button", name="处理冲突").click()
    dialog = page.get_by_role("dialog")
    for words in ("二号线", "三号线", "停机", "复查"):
        expect(dialog).to_contain_text(words)
    expect(dialog.get_by_role("row", name=re.compile("标签"))).to_contain_text("已合并")
    assert fits(page)
    picture(page, "offline-conflict-phone")
    with page.expect_response(taken):
        dialog.get_by_role("button", name="保留我的修改").click()
    expect(page.get_by_text("没有待发送的内容")).to_be_visible()
    assert stands() == ("二号线", "无锡", ["阀", "急", "停机", "复查"], [("泵", 9), ("阀", 4)])
