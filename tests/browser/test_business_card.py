"""A form that a photo of a business card fills in, while somebody goes on typing in it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from lowcode.forms.cards import reading
from tests.browser.conftest import begin_session, written
from tests.support.browser import Watched

STAFF = {"users": [{"login": "mei", "name": "梅婷", "roles": ["staff"]}]}
APP = {"name": "firm", "title": "客户", "languages": ["zh-CN"], "zone": "Asia/Shanghai", "roles": [{"name": "staff"}]}
CONTACT: dict[str, Any] = {
    "name": "contact", "title": "联系人", "label": "name",
    "fields": [
        {"name": "name", "type": "text", "title": "姓名"},
        {"name": "firm", "type": "text", "title": "公司"},
    ],
    "business_card": {"person": "name", "company": "firm"},
    "permissions": [{"role": "staff", "can": ["create", "read", "edit"]}],
}  # fmt: skip
FILES = {"app.json": APP, "forms/contact.json": CONTACT, "seed/people.json": STAFF}


def test_what_is_typed_while_a_card_is_read_stays(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watched: Watched
) -> None:
    """A card fills in what is blank when it has been read, not when its photo was taken; what it would have said
    instead is shown beside."""
    monkeypatch.setattr(reading, "NEEDED", ())
    watched.forgive("401 (Unauthorized)")
    waiting: list[Route] = []
    page.route("**/operations/forms.read_card", lambda route: waiting.append(route))
    photo = BytesIO()
    Image.new("RGB", (400, 300), "white").save(photo, "PNG")
    with written(FILES, tmp_path) as (_, address):
        begin_session(page, address, "mei")
        page.goto(f"{address}#/records/contact")
        page.get_by_role("button", name="新建").first.click()
        form = page.locator(".lc-form")
        form.locator(".lc-business-card input[type=file]").set_input_files(
            {"name": "card.png", "mimeType": "image/png", "buffer": photo.getvalue()}
        )
        expect(form.get_by_role("button", name="正在识别…")).to_be_visible()
        name = form.get_by_label("姓名")
        name.fill("梅婷婷")
        page.wait_for_timeout(300)
        waiting[0].fulfill(json={"values": {"name": "梅亭", "firm": "远山测控"}, "rest": []})
        expect(form.get_by_label("公司")).to_have_value("远山测控")
        expect(name).to_have_value("梅婷婷")
        expect(form.locator(".lc-business-card").get_by_role("status")).to_contain_text("梅亭")
