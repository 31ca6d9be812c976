"""An app of an integrator that says little: the page finds words and places for what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lowcode.host import Host
from lowcode.seeding import seed
from tests.browser.test_maintenance import picture
from tests.support.browser import PHONE, OpenContext, Watched, outstanding
from tests.support.reach import barriers
from tests.support.served import served

pytestmark = pytest.mark.browser
PEOPLE = {"users": [{"login": "mei", "name": "梅婷", "roles": ["staff"]}]}
APP = {"name": "fleet", "title": "车辆", "languages": ["zh-CN"], "zone": "Asia/Shanghai", "roles": [{"name": "staff"}]}
BOOKING: dict[str, Any] = {
    "name": "booking", "title": "用车", "label": "purpose",
    "fields": [
        {"name": "purpose", "type": "text", "title": "用途", "required": True},
        {"name": "leaves", "type": "datetime", "title": "出发", "until": "returns"},
        {"name": "returns", "type": "datetime", "title": "返回"},
        {"name": "driver", "type": "member", "title": "驾驶人", "default": "=ME()"},
        {"name": "signed", "type": "image", "widget": "signature", "max_files": 1, "title": "签名"},
        {"name": "photos", "type": "image", "max_files": 4, "title": "照片"},
    ],
    "permissions": [{"role": "staff", "can": ["create", "read", "edit"]}],
}  # fmt: skip
FLOW = {
    "name": "asked", "title": "审批", "form": "booking", "start": {"on": "manual"},
    "nodes": [{"id": "start", "type": "start", "to": "end"}, {"id": "end", "type": "end"}],
}  # fmt: skip
FILES = {"app.json": APP, "forms/booking.json": BOOKING, "flows/asked.json": FLOW, "seed/people.json": PEOPLE}


@pytest.mark.requirement("SP11", "SP12")
def test_a_form_on_a_phone(browser_context: OpenContext, watched: Watched, tmp_path: Path) -> None:
    """Who fills it in is called by name, a time from and to fits the screen, and what waits is in reach."""
    for name, document in FILES.items():
        place = tmp_path / "app" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(document), encoding="utf-8")
    watched.forgive("401 (Unauthorized)")
    host = Host(str(tmp_path / "app"), f"sqlite:///{tmp_path / 'app.sqlite3'}", files=str(tmp_path / "files"))
    host.publish()
    seed(host, passwords=False)
    with served(host) as address:
        page = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN").new_page()
        assert page.context.request.post(f"{address}api/session", data={"login": "mei"}).ok
        page.goto(f"{address}#/records/booking")
        expect(page.locator(".lc-tabs")).to_contain_text("待办")
        page.locator("[data-shortcut=n]").click()
        form = page.get_by_role("dialog")
        expect(form.locator("[data-field=driver]")).to_contain_text("梅婷")
        expect(form.locator("[data-field=leaves] input")).to_have_count(2)
        assert outstanding(page) == []
        assert barriers(page, looks=("touch",)) == []
        lefts = {each.bounding_box()["x"] for each in form.locator("[data-field=leaves] input").all()}  # type: ignore[index]
        assert len(lefts) == 1
        _unconfirmed(page, form)
        [kept] = host.ask(host.actor("mei"), "records.list", type="booking", fields=("photos", "signed"))["items"]
        assert [2, 1] == [len(kept["photos"]), len(kept["signed"])]
    host.close()


def _unconfirmed(page: Page, form: Locator) -> None:
    """Who saves at once loses neither pictures that are on their way nor a signature that was not confirmed."""
    held: list[Route] = []
    page.route("**/api/files", lambda each: held.append(each))
    photos = form.locator("[data-field=photos]")
    expect(photos.get_by_role("button", name="拍照或选择图片")).to_be_visible()
    file = photos.locator("input[type=file]")
    expect(file).to_have_attribute("accept", "image/*")
    form.get_by_label("用途").fill("看现场")
    pad = form.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(form.get_by_role("button", name="确定", exact=True)).to_be_enabled()
    file.set_input_files([picture("一.png"), picture("二.png")])
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form.locator(".lc-form-foot .ant-btn-loading")).to_be_visible()
    while len(held) < 3:
        page.wait_for_timeout(50)
    for each in held:
        each.continue_()
    expect(form).to_be_hidden()
