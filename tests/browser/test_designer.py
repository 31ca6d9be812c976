"""The designer of print templates in the browser: dragged, filled in, looked at, taken back, published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, OpenContext, Watched, fits
from tests.support.reach import barriers

QUOTATION = Path(__file__).parents[2] / "examples/crm_app/printing/quotation.json"


@pytest.fixture
def root(demo: Host) -> Iterator[Host]:
    """The demo; what is published or drafted here is taken back."""
    digest = demo.app.digest
    yield demo
    actor = demo.actor("wu.xiaofeng")
    for name in ("visit_card", "quotation"):
        demo.ask(actor, "printing.discard_draft", name=name)
    while demo.app.digest != digest:
        plan = demo.ask(actor, "app.plan_undo")
        demo.ask(actor, "app.undo", plan=plan["plan"], allow=plan["consents"])


def publishes(host: Host, document: dict[str, Any]) -> None:
    """The administrator publishes the quotation at another desk."""
    actor, documents = host.actor("wu.xiaofeng"), {"printing/quotation.json": document}
    plan = host.ask(actor, "app.plan", documents=documents)
    host.ask(actor, "app.publish", documents=documents, plan=plan["plan"], allow=plan["consents"])


def drag(page: Page, what: Locator, onto: Locator, taken: str = "") -> None:
    """By the mouse, as a person does, who lets go where the place says (by the class `taken`) that it takes it."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), onto.bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 12, start["y"] + start["height"] / 2 + 12, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    if taken:
        expect(onto).to_contain_class(taken)
    page.mouse.up()


@pytest.mark.requirement("T5", "SP02", "SP03", "T12")
def test_a_template_is_designed(page: Page, sign_in: SignIn, root: Host, picture: Picture, tmp_path: Path) -> None:
    """Begun for a form, a block dragged in, a mistake shown at its block with its cure, mended with a word that is
    completed, looked at with a record, moved by keyboard, taken back, taken along as JSON, published and printed."""
    sign_in(page, "吴晓峰", "#/templates")
    page.get_by_role("button", name="设计新模板").click()
    page.get_by_role("combobox", name="用于哪个表单").fill("客户")
    page.get_by_title("客户", exact=True).click()
    page.get_by_label("模板名称").fill("拜访卡")
    page.get_by_label("标识（小写字母、数字、下划线）").fill("visit_card")
    page.get_by_role("button", name="开始设计").click()
    canvas = page.locator(".lc-design-canvas")
    body = canvas.get_by_role("region", name="内容", exact=True)
    expect(body.locator("[data-block]")).to_have_count(4)
    drag(page, page.locator("[data-kind=barcode]"), body.locator(".lc-design-gap-place").nth(1))
    expect(body.locator('[data-block="/body/1"]')).to_have_attribute("data-type", "barcode")
    options = page.get_by_role("region", name="区块属性")
    words = options.get_by_role("combobox", name="文字", exact=True)
    words.fill("{{ nmae }}")
    flagged = page.locator('[data-block="/body/1"].lc-design-faulty')
    expect(flagged).to_be_visible()
    expect(options.locator(".lc-design-wrong").first).to_contain_text("name")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    words.fill("")
    words.press_sequentially("{{ 客户编")
    page.locator(".lc-design-word", has_text="客户编号").first.click()
    words.press_sequentially(" }}")
    expect(flagged).to_be_hidden()
    page.get_by_text("并排").click()
    shown = page.get_by_role("region", name="预览").locator("img")
    expect(shown.first).to_be_visible()
    picture(page, "designer")
    assert barriers(page) == []
    block = body.locator('[data-block="/body/1"]')
    block.click(position={"x": 4, "y": 4})
    page.keyboard.press("Alt+ArrowDown")
    expect(body.locator('[data-block="/body/2"]')).to_have_attribute("data-type", "barcode")
    page.keyboard.press("Delete")
    expect(body.locator("[data-type=barcode]")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(body.locator('[data-block="/body/2"]')).to_have_attribute("data-type", "barcode")
    expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("草稿已保存")
    with page.expect_download() as taken:
        page.get_by_role("button", name="JSON").click()
    document = json.loads(Path(taken.value.path()).read_text("utf-8"))
    assert document["body"][2] == {"type": "barcode", "text": "{{ number }}"}
    page.get_by_role("button", name="发布", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("拜访卡")
    dialog.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("与已发布的相同")
    assert root.app.documents.get("printing", "visit_card").data == document  # type: ignore[union-attr]


def test_a_written_template_keeps_what_is_not_touched(page: Page, sign_in: SignIn, root: Host) -> None:
    """One word of the quotation is changed: the draft differs in that word and nowhere else."""
    sign_in(page, "吴晓峰", "#/templates/quotation")
    chips = page.locator(".lc-design-canvas .lc-design-chip")
    for called in ("负责人 · 姓名", "产品 · 型号"):  # by the titles of what leads there, two steps away
        expect(chips.get_by_text(called, exact=True).first).to_be_visible()
    expect(page.locator("[data-option=languages]")).to_contain_text("中文")
    page.locator('[data-block="/body/2"]').click(position={"x": 4, "y": 4})
    page.get_by_role("region", name="区块属性").get_by_role("combobox", name="文字 (en)", exact=True).fill("OFFER")
    expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("草稿已保存")
    draft = root.ask(root.actor("wu.xiaofeng"), "printing.design", name="quotation")["draft"]["document"]
    expected = json.loads(QUOTATION.read_text("utf-8"))
    expected["body"][2]["text"]["en"] = "OFFER"
    assert json.dumps(draft) == json.dumps(expected)


@pytest.mark.requirement("T5", "SP02")
def test_drafts_of_two_are_merged(
    page: Page, watched: Watched, sign_in: SignIn, root: Host, picture: Picture
) -> None:  # fmt: skip
    """What a colleague kept meanwhile comes in; where both changed the same, somebody says which stands."""
    watched.forgive("409 (Conflict)")
    colleague = root.actor("wu.xiaofeng")
    root.ask(colleague, "printing.discard_draft", name="quotation")
    sign_in(page, "吴晓峰", "#/templates/quotation")
    page.locator('[data-block="/body/2"]').click(position={"x": 4, "y": 4})
    words = page.get_by_role("region", name="区块属性").get_by_role("combobox", name="文字 (en)", exact=True)
    words.fill("OFFER")
    expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("草稿已保存")
    draft = root.ask(colleague, "printing.design", name="quotation")["draft"]
    theirs = json.loads(json.dumps(draft["document"]))
    theirs["body"][2]["text"]["en"], theirs["title"]["en"] = "TENDER", "Tender"
    kept = {key: draft[key] for key in ("revision", "base")}
    root.ask(colleague, "printing.save_draft", document=theirs, **kept)
    words.fill("PROPOSAL")
    page.get_by_role("button", name="合并修改").click()
    window = page.get_by_role("dialog")
    expect(window.locator(".lc-design-clash")).to_have_count(1)
    expect(window.locator(".lc-design-clash")).to_contain_text("PROPOSAL")
    picture(page, "merging")
    window.get_by_role("radio").nth(1).check()
    window.get_by_role("button", name="合并修改").click()
    expect(words).to_have_value("TENDER")
    expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("草稿已保存")
    assert root.ask(colleague, "printing.design", name="quotation")["draft"]["document"] == theirs
    published = json.loads(QUOTATION.read_text("utf-8"))
    published["body"][0]["columns"][0][1]["text"]["zh-CN"] = "HENGQI"
    publishes(root, published)
    page.get_by_role("button", name="发布", exact=True).click()  # theirs is told before mine replaces it
    held: list[Route] = []
    page.route("**/printing.merge_draft", lambda route: held.append(route), times=1)
    with page.expect_request("**/printing.merge_draft"):
        page.get_by_role("button", name="合并修改").click()
    words.fill("LETTER")  # while the server merges
    held[0].continue_()
    expect(page.locator(".lc-design-canvas")).to_contain_text("HENGQI")
    expect(words).to_have_value("LETTER")
    expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("草稿已保存")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Control+z")  # without theirs again, which is said again
    expect(page.get_by_role("alert")).to_contain_text("取代")


def test_on_a_phone_it_is_looked_at(browser_context: OpenContext, sign_in: SignIn) -> None:
    """In English: a word about why, the pages, and the file; everything within the page."""
    page = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en").new_page()
    sign_in(page, "吴晓峰", "#/templates/quotation")
    expect(page.get_by_text("design it on a computer")).to_be_visible()
    expect(page.get_by_role("region", name="Preview").locator("img").first).to_be_visible()
    assert fits(page)
