"""An app of an integrator that says little: the page finds words and places for what is there."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import written
from tests.browser.test_maintenance import picture
from tests.support.browser import PHONE, OpenContext, Watched, outstanding
from tests.support.reach import barriers

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
        {"name": "key", "type": "barcode", "title": "钥匙"},
    ],
    "permissions": [{"role": "staff", "can": ["create", "read", "edit"]}],
}  # fmt: skip
VISIT: dict[str, Any] = {
    "name": "visit", "title": "验收", "label": "note",
    "fields": [*BOOKING["fields"][4:6], {"name": "note", "type": "text", "title": "说明"}],
    "layout": [
        {"tab": "现场", "step": True, "sections": [{"section": "现场", "fields": ["signed", "photos"]}]},
        {"tab": "结论", "step": True, "sections": [{"section": "结论", "fields": ["note"]}]},
    ],
    "permissions": [{"role": "staff", "can": ["create", "read", "edit"]}],
}  # fmt: skip
FLOW = {
    "name": "asked", "title": "审批", "form": "booking", "start": {"on": "manual"},
    "nodes": [{"id": "start", "type": "start", "to": "end"}, {"id": "end", "type": "end"}],
}  # fmt: skip
FILES = {
    "app.json": APP,
    "forms/booking.json": BOOKING,
    "forms/visit.json": VISIT,
    "flows/asked.json": FLOW,
    "seed/people.json": PEOPLE,
}


@pytest.mark.requirement("SP11", "SP12")
def test_a_form_on_a_phone(browser_context: OpenContext, watched: Watched, tmp_path: Path) -> None:
    """Who fills it in is called by name, a time from and to fits the screen, and what waits is in reach."""
    watched.forgive("401 (Unauthorized)")
    with written(FILES, tmp_path) as (host, address):
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
        _left(page, form)
        page.evaluate("location.hash = '#/records/visit'")
        _in_steps(page, form)
        assert 1 == host.ask(host.actor("mei"), "records.list", type="booking", count=True)["count"]["value"]
        [kept] = host.ask(host.actor("mei"), "records.list", type="visit", fields=("photos", "signed"))["items"]
        assert [2, 1] == [len(kept["photos"]), len(kept["signed"])]


def _unconfirmed(page: Page, form: Locator) -> None:
    """Who saves at once loses neither pictures that are on their way nor a signature that was not confirmed."""
    held = _holding(page)
    photos = form.locator("[data-field=photos]")
    expect(photos.get_by_role("button", name="拍照或选择图片")).to_be_visible()
    file = photos.locator("input[type=file]")
    expect(file).to_have_attribute("accept", "image/*")
    form.get_by_label("用途").fill("看现场")
    _scanned(page, form)
    _sign(page, form)
    file.set_input_files([picture("一.png"), picture("二.png")])
    form.get_by_role("button", name="保存", exact=True).click()
    _arrive(page, form, held, 3)
    expect(form).to_be_hidden()


def _scanned(page: Page, form: Locator) -> None:
    """Without a camera a code is read from a picture of it, by a browser that reads none itself as well."""
    form.get_by_role("button", name="扫码").click()
    scan = page.locator(".lc-scan")
    expect(scan).to_contain_text("无法打开摄像头")
    scan.locator("input[type=file]").set_input_files([picture("空.png")])
    expect(scan.get_by_role("alert")).to_contain_text("没有识别到码")
    drawn = BytesIO()
    segno.make("LC-0042/甲", micro=False, encoding="utf-8").save(drawn, kind="png", scale=8)
    scan.locator("input[type=file]").set_input_files([picture("码.png", drawn.getvalue())])
    expect(form.get_by_label("钥匙")).to_have_value("LC-0042/甲")


def _left(page: Page, form: Locator) -> None:
    """A form with nothing but a picture on its way is not left unasked; once it is left, nothing of it is saved."""
    page.locator("[data-shortcut=n]").click()
    form.get_by_label("用途").fill("不要了")
    held = _holding(page)
    form.locator("[data-field=photos] input[type=file]").set_input_files([picture("三.png")])
    form.get_by_role("button", name="保存", exact=True).click()
    form.get_by_label("用途").fill("")
    form.get_by_role("button", name="取消", exact=True).click()
    page.get_by_role("button", name="放弃修改").click()
    expect(form).to_be_hidden()
    _on_their_way(page, held, 1)
    with page.expect_response("**/api/files"):
        held.pop().continue_()


def _in_steps(page: Page, form: Locator) -> None:
    """A step is left, forward and back, once its pictures are there and its signature is kept."""
    page.locator("[data-shortcut=n]").click()
    _sign(page, form)
    held = _holding(page)
    form.locator("[data-field=photos] input[type=file]").set_input_files([picture("四.png"), picture("五.png")])
    form.get_by_role("button", name="下一步").click()
    form.locator("form").evaluate("form => form.requestSubmit()")  # Enter once more goes no further
    _arrive(page, form, held, 3)
    form.get_by_label("说明").fill("完好")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_be_hidden()


def _holding(page: Page) -> list[Route]:
    """Uploads from now on, which stay on their way."""
    held: list[Route] = []
    page.unroute("**/api/files")
    page.route("**/api/files", lambda each: held.append(each))
    return held


def _on_their_way(page: Page, held: list[Route], count: int) -> None:
    """So many uploads have begun."""
    for _ in range(200):
        if len(held) < count:
            page.wait_for_timeout(50)
    assert len(held) == count


def _arrive(page: Page, form: Locator, held: list[Route], count: int) -> None:
    """So many are on their way, the form says so, and now they come."""
    expect(form.locator(".lc-form-foot .ant-btn-loading")).to_be_visible()
    _on_their_way(page, held, count)
    for each in held:
        each.continue_()


def _sign(page: Page, form: Locator) -> None:
    """Draw a signature, and leave it unconfirmed."""
    pad = form.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(form.get_by_role("button", name="确定", exact=True)).to_be_enabled()
