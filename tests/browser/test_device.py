"""What a device sees and hears: bars before its camera, where its browser reads none itself, and what is said."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from lowcode.printing.blocks.drawing.barcode import WIDTHS, symbols_of
from tests.browser.conftest import written
from tests.support.browser import PHONE, Running

pytestmark = pytest.mark.browser
STAFF = {"users": [{"login": "mei", "name": "梅婷", "roles": ["staff"]}]}
APP = {"name": "store", "title": "仓库", "languages": ["zh-CN"], "zone": "Asia/Shanghai", "roles": [{"name": "staff"}]}
WARE: dict[str, Any] = {
    "name": "ware", "title": "物料", "label": "number",
    "fields": [
        {"name": "number", "type": "barcode", "symbology": "ean13", "title": "商品条码"},
        {"name": "crate", "type": "barcode", "symbology": "code128", "title": "箱号"},
        {"name": "shelf", "type": "barcode", "title": "货位"},
        {"name": "note", "type": "long_text", "title": "备注"},
    ],
    "permissions": [{"role": "staff", "can": ["create", "read", "edit"]}],
}  # fmt: skip
FILES = {"app.json": APP, "forms/ware.json": WARE, "seed/people.json": STAFF}
NUMBER, CRATE = "6901234567892", "BOX-0042"
LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
ODD = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]
"""How the six digits of the left half are written, by the digit before them (GS1)."""
WIDE, HIGH = 960, 720


HEARING = """
window.webkitSpeechRecognition = class {
  start() { window.hears = this; }
  stop() { this.onend(); }
  abort() { this.onend?.(); }
  say(text, isFinal) {
    this.onresult({resultIndex: 0, results: [Object.assign([{transcript: text}], {isFinal})]});
  }
};
delete window.SpeechRecognition;
"""
"""A browser that hears what a test says."""


def ean13(digits: str) -> str:
    """Its bars, as ones and noughts."""
    right = [each.translate(str.maketrans("01", "10")) for each in LEFT]
    left = [
        LEFT[int(digit)] if way == "L" else right[int(digit)][::-1]
        for digit, way in zip(digits[1:7], ODD[int(digits[0])], strict=True)
    ]
    return f"101{''.join(left)}01010{''.join(right[int(each)] for each in digits[7:])}101"


def code128(content: str) -> str:
    """The same of a Code 128, with the bars that labels print."""
    return "".join(
        "10"[place % 2] * int(width)
        for symbol in symbols_of(content)
        for place, width in enumerate(WIDTHS[symbol])
    )  # fmt: skip


def drawn(bars: str, module: int = 4, height: int = 160) -> Image.Image:
    """Bars with a margin."""
    made = Image.new("L", ((len(bars) + 20) * module, height), 255)
    pen = ImageDraw.Draw(made)
    for place, bar in enumerate(bars):
        if bar == "1":
            pen.rectangle(((place + 10) * module, 10, (place + 11) * module - 1, height - 10), fill=0)
    return made


def package() -> Image.Image:
    """What a camera sees of a package: a QR code, an EAN-13, and a Code 128 that lies on its side, in poor light."""
    made = Image.new("L", (WIDE, HIGH), 205)
    code = BytesIO()
    segno.make("https://example.com/p/1", micro=False).save(code, kind="png", scale=5)
    made.paste(Image.open(code).convert("L"), (40, 40))
    made.paste(drawn(ean13(NUMBER), 4), (40, 400))
    lying = drawn(code128(CRATE), 4).rotate(90, expand=True)
    made.paste(lying, (740, 40))
    return made.point(lambda each: 40 + each * 170 // 255)


def film(frame: Image.Image, path: Path) -> Path:
    """One frame as a film without colours."""
    colours = bytes([128]) * (WIDE * HIGH // 2)
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F5:1 Ip A0:0 C420jpeg\n".encode()
    path.write_bytes(head + (b"FRAME\n" + frame.tobytes() + colours) * 2)
    return path


@pytest.mark.requirement("SF08", "SP11")
def test_bars_are_read(chromium: Running, tmp_path: Path) -> None:
    """Of several codes before the camera the one that the field takes, upright or lying."""
    seen = film(package(), tmp_path / "package.y4m")
    camera = (
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    )  # fmt: skip
    with written(FILES, tmp_path) as (host, address):
        browser = chromium.beside(*camera)
        try:
            page = browser.new_context(
                viewport=PHONE, locale="zh-CN", has_touch=True, permissions=["camera"]
            ).new_page()
            said: list[str] = []
            page.on("console", lambda each: said.append(each.text) if "Content Security" in each.text else None)
            assert page.context.request.post(f"{address}api/session", data={"login": "mei"}).ok
            page.add_init_script(HEARING)
            page.goto(f"{address}#/records/ware")
            page.locator("[data-shortcut=n]").click()
            form = page.get_by_role("dialog")
            for field, found in (("number", NUMBER), ("crate", CRATE)):
                form.locator(f"[data-field={field}]").get_by_role("button", name="扫码").click()
                expect(form.locator(f"[data-field={field}] input")).to_have_value(found)
                expect(page.locator(".lc-scan")).to_have_count(0)
            form.locator("[data-field=shelf]").get_by_role("button", name="扫码").click()
            shelf = form.locator("[data-field=shelf] input")
            expect(shelf).not_to_have_value("")  # any of the three
            spoken(page, form)
            form.get_by_role("button", name="保存", exact=True).click()
            expect(form).to_be_hidden()
            assert said == []
            [kept] = host.ask(host.actor("mei"), "records.list", type="ware", fields=("number", "crate", "note"))[
                "items"
            ]
            assert (kept["number"], kept["crate"]) == (NUMBER, CRATE)
            assert kept["note"] == "箱角破损，call Mr Li again"
        finally:
            browser.close()


def spoken(page: Page, form: Locator) -> None:
    """What is said comes behind what is typed, sentence by sentence; what is not certain yet is shown beside it."""
    note = form.locator("[data-field=note]")
    note.locator("textarea").fill("箱角破损，")
    note.get_by_role("button", name="语音输入").click()
    expect(note.get_by_role("status")).to_have_text("请讲…")
    page.evaluate("hears.say('call', false)")
    expect(note.get_by_role("status")).to_have_text("call")
    page.evaluate("hears.say('call Mr Li', true); hears.say('again', true)")
    expect(note.locator("textarea")).to_have_value("箱角破损，call Mr Li again")
    note.get_by_role("button", name="停止语音输入").click()
    expect(note.get_by_role("status")).to_have_count(0)
    note.get_by_role("button", name="语音输入").click()
    page.evaluate("hears.onerror({error: 'not-allowed'}); hears.onend()")
    expect(note.get_by_role("alert")).to_contain_text("没有麦克风权限")
