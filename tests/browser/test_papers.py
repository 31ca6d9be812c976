"""Papers in the browser: whether one is genuine, labels of chosen records, a printed form and its printer."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.printing.test_own_templates import letter
from tests.support.browser import PHONE, PRINTED, OpenContext, Watched, fits


def printed(demo: Host, template: str, form: str, **more: str) -> dict[str, object]:
    """A paper that the supervisor made of the first record that can be printed."""
    actor = demo.actor("lin.xuemei")
    (row, *_) = demo.ask(actor, "records.list", type=form, limit=1, **more)["items"]
    made: dict[str, object] = demo.ask(actor, "printing.render", template=template, id=row["id"])
    return made


@pytest.mark.requirement("X17")
def test_a_paper_is_verified(page: Page, sign_in: SignIn, demo: Host, tmp_path: Path, watched: Watched) -> None:
    """The file itself, one that was changed, and the number of a print; the file never leaves the browser."""
    made = printed(demo, "quotation", "quote", where='stage = "approved"')
    content = made["content"]
    assert isinstance(content, bytes)
    genuine, forged = tmp_path / "quote.pdf", tmp_path / "forged.pdf"
    genuine.write_bytes(content)
    forged.write_bytes(content + b" ")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    sign_in(page, "林雪梅")
    page.locator(".lc-who").click()
    page.get_by_role("menuitem", name="验证打印件").click()
    page.locator("input[type=file]").set_input_files(genuine)
    verdict = page.locator(".lc-verdict")
    expect(verdict).to_contain_text("是本系统打印的文件，未被改动")
    expect(verdict).to_contain_text("逐字节一致")
    expect(verdict).to_contain_text("林雪梅")
    page.locator("input[type=file]").set_input_files(forged)
    expect(verdict).to_contain_text("不是本系统打印的文件，或已被改动")
    assert not [each for each in sent if each.endswith("/files")]
    page.get_by_role("spinbutton", name="打印编号").fill(str(made["print"]))
    page.get_by_role("button", name="验证").click()
    expect(verdict).to_contain_text("有这份打印件")
    watched.forgive("404")
    page.get_by_role("spinbutton", name="打印编号").fill("99999")
    page.get_by_role("button", name="验证").click()
    expect(verdict).to_contain_text("没有这个编号的打印件")


def test_a_paper_is_verified_on_the_phone(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, tmp_path: Path
) -> None:
    """In English, on a small page that holds everything."""
    content = printed(demo, "quotation", "quote", where='stage = "approved"')["content"]
    assert isinstance(content, bytes)
    (tmp_path / "quote.pdf").write_bytes(content)
    page = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en").new_page()
    sign_in(page, "林雪梅", "#/verify")
    expect(page.get_by_role("heading", name="Verify a paper")).to_be_visible()
    page.locator("input[type=file]").set_input_files(tmp_path / "quote.pdf")
    expect(page.locator(".lc-verdict")).to_contain_text("Printed here, and unchanged")
    assert fits(page)


@pytest.mark.requirement("T15")
def test_labels_of_chosen_records(page: Page, sign_in: SignIn) -> None:
    """From the list: the sheet, the first free place, how many, and the file; for the roll ZPL as well."""
    sign_in(page, "林雪梅", "#/records/contact?view=all")
    rows = page.locator(".lc-table tbody tr.lc-row")
    for index in (0, 1):
        rows.nth(index).get_by_role("checkbox").check()
    page.locator(".lc-selection").get_by_role("button", name="打印").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").first.click()
    page.get_by_title("地址标签（整张）").click()
    dialog.get_by_role("spinbutton", name="从第几个标签位开始").fill("3")
    with page.expect_download(timeout=PRINTED) as taken:
        dialog.get_by_role("link", name="生成标签").click(no_wait_after=True)
    assert taken.value.suggested_filename == "address_sheet.pdf"
    dialog.get_by_role("combobox").first.click()
    page.get_by_title("快递标签").click()
    dialog.get_by_label("ZPL（标签打印机）").check()
    with page.expect_download(timeout=PRINTED) as taken:
        dialog.get_by_role("link", name="生成标签").click(no_wait_after=True)
    assert taken.value.suggested_filename == "address_label.zpl"


@pytest.mark.requirement("T10")
def test_a_printer_is_calibrated(page: Page, sign_in: SignIn, demo: Host) -> None:
    """Beside the preview of a printed form: the correction is kept, chosen, and asked for with the file."""
    (row, *_) = demo.ask(demo.actor("chen.guodong"), "records.list", type="payment", where='stage = "confirmed"',
                         limit=1)["items"]  # fmt: skip
    sign_in(page, "陈国栋", f"#/print/receipt_form/{row['id']}")
    frame = page.frame_locator(".lc-paper")
    expect(frame.locator("img.sheet")).to_be_visible()
    page.get_by_role("button", name="打印机校准").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("打印机").fill("财务室 HP")
    dialog.get_by_label("向右（毫米）").fill("1.5")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_be_hidden()
    asked = page.get_by_role("link", name="下载 PDF").get_attribute("href") or ""
    assert {"printer": ["财务室 HP"], "background": ["false"]}.items() <= parse_qs(urlsplit(asked).query).items()


@pytest.mark.requirement("T2", "ST03")
def test_a_template_is_uploaded(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    """A Word file with a mistake in it says so with the nearest name; mended it is tried on a record, saved, printed
    with, and has versions that say what is new."""
    wrong, right, newer = tmp_path / "welcome.docx", tmp_path / "welcome2.docx", tmp_path / "welcome3.docx"
    wrong.write_bytes(letter("{{ nmae }} 您好", "等级 {{ grade }}"))
    right.write_bytes(letter("{{ name }} 您好", "等级 {{ grade }}"))
    newer.write_bytes(letter("尊敬的 {{ name }}", "等级 {{ grade }}"))
    sign_in(page, "吴晓峰", "#/templates")
    page.locator(".lc-templates input[type=file]").first.set_input_files(wrong)
    page.get_by_role("combobox", name="用于哪个表单").fill("客户")
    page.get_by_title("客户", exact=True).click()
    expect(page.locator(".lc-holders")).to_contain_text("nmae")
    expect(page.locator(".lc-holder-wrong")).to_contain_text("name")
    expect(page.get_by_role("button", name="保存")).to_be_hidden()
    page.locator(".lc-uploaded input[type=file]").set_input_files(right)
    page.get_by_role("combobox", name="用于哪个表单").fill("客户")
    page.get_by_title("客户", exact=True).click()
    expect(page.locator(".lc-uploaded")).to_contain_text("2 个占位符全部正确")
    page.get_by_role("combobox", name="用一条记录试填").click()
    expect(page.locator(".ant-select-item-option-active").filter(visible=True)).to_have_count(1)
    page.keyboard.press("Enter")
    with page.expect_download(timeout=PRINTED) as taken:
        page.get_by_role("link", name="预览").click(no_wait_after=True)
    assert taken.value.suggested_filename.endswith(".docx")
    page.get_by_label("模板名称").fill("欢迎信")
    page.get_by_role("button", name="保存").click()
    item = page.locator(".ant-list-item", has_text="欢迎信")
    expect(item).to_contain_text("第 1 版")
    item.locator("input[type=file]").set_input_files(newer)
    page.get_by_label("版本说明").fill("更客气")
    page.get_by_role("button", name="保存").click()
    expect(item).to_contain_text("第 2 版")
    item.get_by_role("button", name="版本", exact=True).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("更客气")
    expect(drawer.locator(".lc-line-new")).to_contain_text("尊敬的")
