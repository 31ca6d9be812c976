"""Files of a record, looked at without leaving it."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.browser.test_maintenance import DOT

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\
 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj trailer<</Root 1 0 R>>"
FILES: tuple[tuple[str, str, bytes], ...] = (
    ("现场.png", "image/png", b64decode(DOT)),
    ("报价.csv", "text/csv", "编号,金额\n1,<script>alert(1)</script>\n".encode("gb18030")),
    ("图纸.pdf", "application/pdf", PDF),
    ("假的.pdf", "application/pdf", b"<html><script>alert(1)</script>"),
    ("page.html", "text/html", b"<script>alert(1)</script>"),
    ("标志.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
)


def upload(asked: APIRequestContext, address: str, token: str, file: tuple[str, str, bytes]) -> int:
    """Keep a file; its number."""
    name, kind, content = file
    sent = {"file": {"name": name, "mimeType": kind, "buffer": content}}
    answer = asked.post(f"{address}api/files", multipart=sent, headers={"X-CSRF-Token": token})  # type: ignore[arg-type]
    assert answer.ok, answer.text()
    return int(answer.json()["id"])


@pytest.mark.requirement("SF02")
def test_files_are_looked_at_in_place(page: Page, sign_in: SignIn, demo: Host, address: str) -> None:
    """Pictures, texts in whichever encoding, PDF; one after the other by keys. Nothing of a file runs: a page is text,
    a PDF that is none is not opened, a drawing that may act is only downloaded."""
    page.add_init_script("Object.defineProperty(navigator, 'pdfViewerEnabled', {get: () => true})")
    page.on("dialog", lambda dialog: pytest.fail(f"something of a file ran: {dialog.message}"))
    sign_in(page, "林雪梅")
    token = page.context.request.get(f"{address}api/session").json()["token"]
    ids = [upload(page.context.request, address, token, each) for each in FILES]
    actor = demo.actor("lin.xuemei")
    record = demo.ask(actor, "records.list", type="follow_up", limit=1)["items"][0]
    demo.ask(actor, "records.update", type="follow_up", id=record["id"], values={"files": ids})
    page.goto(f"{address}#/records/follow_up/{record['id']}")
    listed = page.locator(".lc-files li")
    expect(listed).to_have_count(len(FILES))
    expect(listed.first.locator("img")).to_be_visible()
    expect(listed.first.locator("img")).to_have_attribute("src", re.compile("edge=128$"))
    expect(listed.first.locator("img")).to_have_js_property("naturalWidth", 1)
    listed.first.get_by_role("button", name="预览 现场.png").click()
    shown = page.get_by_role("dialog")
    expect(shown.locator("img")).to_be_visible()
    shown.get_by_role("button", name="下一个文件").click()
    expect(shown.locator("pre")).to_have_text("编号,金额\n1,<script>alert(1)</script>\n")
    shown.get_by_role("button", name="下一个文件").click()
    expect(shown.locator("iframe")).to_have_attribute("src", re.compile("^blob:"))
    for words in ("文件内容不是 PDF", "<script>alert(1)</script>", "此类文件不能预览"):
        shown.get_by_role("button", name="下一个文件").click()
        expect(shown.locator(".lc-preview-body")).to_contain_text(words)
    expect(shown.get_by_text("· SVG")).to_be_visible()
    shown.locator(".lc-preview-body").focus()
    page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("1 / 6")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(listed.first.get_by_role("button", name="预览 现场.png")).to_be_focused()
    link = listed.last.get_by_role("link", name="下载 标志.svg")
    answer = page.context.request.get(f"{address}{(link.get_attribute('href') or '').removeprefix('/')}")
    assert ("attachment", "default-src 'none'; sandbox") == (
        answer.headers["content-disposition"].partition(";")[0], answer.headers["content-security-policy"],
    )  # fmt: skip
