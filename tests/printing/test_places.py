"""Papers on forms that are printed already: fields in millimetres, with and without the form, moved for a printer."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from typing import Any

import pypdf
import pypdfium2
import pytest

from lowcode.kernel.diagnostics import NotFound
from lowcode.kernel.storage import files
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.run import paper
from tests.api.app import Shop
from tests.printing.sample import facts, record, understood
from tests.printing.test_excel import DOT
from tests.printing.test_sharing import OFFER

MM = 72 / 25.4


def form(pages: int = 1, password: str | None = None) -> bytes:
    """A form as a PDF: each page says which it is, by how wide the black bar on it is."""
    writer = pypdf.PdfWriter()
    for number in range(1, pages + 1):
        page = writer.add_blank_page(100 * MM, 50 * MM)
        stream = pypdf.generic.StreamObject()
        stream.set_data(f"0 0 {number * 10 * MM:.2f} {5 * MM:.2f} re f".encode())
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    if password is not None:
        writer.encrypt(password)
    raw = io.BytesIO()
    writer.write(raw)
    return raw.getvalue()


def template(*body: dict[str, Any], **background: Any) -> dict[str, Any]:
    """A paper on the form."""
    page = {
        "size": {"width": 100, "height": 50},
        "margin": 0,
        "background": {"file": "templates/form.pdf", **background},
    }
    return {"page": page, "body": list(body)}


def drawn(workers: Workers, written: dict[str, Any], count: int = 3, file: bytes | None = None, **setting: Any) -> Any:
    """The pages of a paper, as PDF read again."""
    plan, report = understood(written, {"templates/form.pdf": file or form()})
    assert plan is not None and report.ok, str(report)
    tree = paper(plan, facts(plan, record(count)), setting=setting)
    return pypdfium2.PdfDocument(workers.draw(tree, packaged_fonts().folders, "pdf")[0])


def where(page: Any, text: str) -> tuple[float, float]:
    """Where words stand: millimetres from the left and the upper edge, to the upper left corner of their box."""
    words = page.get_textpage()
    index, _ = words.search(text).get_next()
    left, _, _, top = words.get_charbox(index, loose=True)
    return round(left / MM, 1), round((page.get_height() - top) / MM, 1)


def bar(page: Any) -> int:
    """How wide the black bar of the form is, in centimetres; 0 where the form is not printed."""
    image = page.render(scale=1).to_pil().convert("L")
    dark: int = sum(image.getpixel((x, image.height - 9)) < 128 for x in range(image.width))
    return round(dark / (10 * MM))


NUMBER: dict[str, Any] = {"type": "place", "x": 20, "y": 10, "value": "number"}
ROWS: list[dict[str, Any]] = [
    {"type": "place", "rows": "items", "x": 5, "y": 20, "step": 6, "per_page": 2, "value": "code"},
    {"type": "place", "rows": "items", "x": 60, "y": 20, "step": 6, "per_page": 2, "text": "{{ line }}:{{ quantity }}"},
    {**NUMBER, "page": "every"},
]


@pytest.mark.requirement("T10", "X17")
def test_a_field_stands_where_the_form_has_room_for_it(workers: Workers) -> None:
    """In millimetres from the corner; the form itself is printed only where it is asked for; a printer is corrected."""
    (page,) = drawn(workers, template(NUMBER))
    left, top = where(page, "Q202611-0001")
    assert (left, top) == pytest.approx((20, 10), abs=0.6) and bar(page) == 0
    (printed,) = drawn(workers, template(NUMBER, printed=True))
    assert bar(printed) == 1
    (asked,) = drawn(workers, template(NUMBER), background=True, offset=[2.5, -1.5])
    moved = where(asked, "Q202611-0001")
    assert moved == pytest.approx((left + 2.5, top - 1.5), abs=0.15) and bar(asked) == 1


@pytest.mark.requirement("T10")
def test_rows_go_on_with_the_next_page(workers: Workers) -> None:
    """So many on a page, on further pages of the form, whose last repeats; what is for every page is on each."""
    pages = list(drawn(workers, template(*ROWS, printed=True), count=5, file=form(2)))
    assert [bar(page) for page in pages] == [1, 2, 2]
    texts = [page.get_textpage().get_text_bounded().split() for page in pages]
    assert [sorted(each for each in text if each.startswith("PT")) for text in texts] == [
        ["PT-0001", "PT-0002"], ["PT-0003", "PT-0004"], ["PT-0005"]]  # fmt: skip
    assert all("Q202611-0001" in text for text in texts) and "5:6" in texts[2]
    first, second = where(pages[1], "PT-0003"), where(pages[1], "PT-0004")
    assert second[1] - first[1] == pytest.approx(6, abs=0.1)


def test_each_character_has_its_box(workers: Workers) -> None:
    """As amounts have on a receipt: so wide each, from the right."""
    block = {**NUMBER, "value": None, "text": "¥{{ ROUND(total, 0) }}", "width": 60, "boxes": 6,
             "style": {"align": "right"}}  # fmt: skip
    del block["value"]
    (page,) = drawn(workers, template(block))
    words = page.get_textpage()
    text = words.get_text_range()
    lefts = [words.get_charbox(place)[0] / MM for place, sign in enumerate(text) if not sign.isspace()]
    assert "".join(text.split()) == "¥77870"
    assert all(b - a == pytest.approx(6, abs=1.2) for a, b in itertools.pairwise(lefts))
    assert lefts[-1] == pytest.approx(20 + 60 - 4, abs=1.5)


def test_a_picture_may_be_the_form(workers: Workers) -> None:
    """PNG as PDF; what is neither is a finding, as is a form with a password or a page it does not have."""
    (page,) = drawn(workers, template(NUMBER, printed=True), file=DOT)
    assert where(page, "Q202611-0001") == pytest.approx((20, 10), abs=0.6)
    for file, more, code in (
        (b"words", {}, "printing.no-form"), (form(1, "secret"), {}, "printing.form-unreadable"),
        (b"%PDF-1.4 broken", {}, "printing.form-unreadable"), (form(), {"pages": [2]}, "printing.no-page"),
    ):  # fmt: skip
        _, report = understood(template(NUMBER, **more), {"templates/form.pdf": file})
        assert [each.code for each in report] == [code]


@pytest.mark.requirement("T10")
def test_each_language_has_its_form(workers: Workers) -> None:
    """One template over two forms: the paper lies over the one of its language, and over the nearest where it has
    none of its own."""
    files = {"templates/one.pdf": form(), "templates/two.pdf": form(2)}
    written = template(NUMBER, printed=True, file={"zh-CN": "templates/one.pdf", "en": "templates/two.pdf"}, pages=[])
    plan, report = understood(written, files)
    assert plan is not None and report.ok, str(report)
    for language, pages in (("zh-CN", [1]), ("en", [1, 2]), ("en-GB", [1, 2]), ("zh-TW", [1])):
        assert paper(plan, facts(plan, record(), language))["background"]["pages"] == pages


def test_what_does_not_fit_is_set_smaller(workers: Workers) -> None:
    """With `shrink` all of the words stand in their place; without it they go on below, where they are cut off; those
    that fit keep their size."""
    found = []
    for words, shrink in (("恒启自动化" * 6, True), ("恒启自动化" * 6, False), ("恒启", True), ("恒启", False)):
        block = {"type": "place", "x": 20, "y": 10, "width": 30, "height": 8, "text": words, "shrink": shrink}
        (page,) = drawn(workers, template(block))
        text = page.get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        lowest = (page.get_height() - min(bottom for _, bottom, _, _ in boxes)) / MM
        found.append((lowest < 18, round(boxes[0][3] - boxes[0][1], 1)))
    assert [inside for inside, _ in found] == [True, False, True, True]
    assert found[0][1] < found[1][1] * 0.95 and found[2] == found[3]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"body": [{"type": "keep", "body": [NUMBER]}]}, "printing.misplaced"),
        ({"body": [{"type": "columns", "columns": [[NUMBER], []]}]}, "printing.misplaced"),
        ({"body": [NUMBER], "page": {"footer": [NUMBER]}}, "printing.misplaced"),
        ({"body": [NUMBER], "outputs": ["pdf", "docx"]}, "printing.placed-output"),
    ],
)
def test_a_place_is_a_place_of_the_sheet(more: dict[str, Any], code: str) -> None:
    """Inside something else it would be lost, and Word sets its own pages."""
    _, report = understood(more)
    assert [each.code for each in report] == [code]
    fork = {"type": "when", "when": "total > 0", "body": [NUMBER], "otherwise": []}
    assert understood({"body": [fork]})[1].ok


PLACED: dict[str, Any] = {
    **OFFER, "outputs": ["html", "pdf"], "page": {"size": {"width": 100, "height": 50}, "margin": 0},
    "body": [{"type": "place", "x": 20, "y": 10, "value": "company"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop], shared_database_url: str, tmp_path_factory: Any) -> Shop:
    """A shop with one lead."""
    made = share_shop(
        more={"printing/offer.json": PLACED}, database=shared_database_url, files=str(tmp_path_factory.mktemp("files"))
    )
    made.ask("li", "records.create", type="lead", values={"company": "Acme"})
    return made


@pytest.mark.requirement("T10")
def test_a_printer_is_corrected(shop: Shop) -> None:
    """Everybody's paper comes out moved; it is kept with the print, so a paper made again is the same when the
    printer was set anew; the test sheet says what is set."""
    shop.ask("li", "printing.calibrate", name="Zhang's desk", right=1.25, down=-0.5)
    shop.ask("li", "printing.calibrate", name="Zhang's desk", right=3, down=-2)
    (known,) = shop.ask("zhao", "printing.printers")["items"]
    assert (known["name"], known["right"], known["down"]) == ("Zhang's desk", 3, -2)
    plain = shop.ask("li", "printing.render", template="offer", id=1)
    made = shop.ask("li", "printing.render", template="offer", id=1, printer="Zhang's desk")
    there, here = (where(pypdfium2.PdfDocument(each["content"])[0], "Acme") for each in (made, plain))
    assert there == pytest.approx((here[0] + 3, here[1] - 2), abs=0.15)
    shop.ask("li", "printing.calibrate", name="Zhang's desk", right=0, down=0)
    assert shop.ask("li", "printing.again", print=made["print"])["same"]
    sheet = shop.ask("li", "printing.test_sheet", printer="Zhang's desk", language="en")["content"]
    assert "0 mm to the right" in pypdfium2.PdfDocument(sheet)[0].get_textpage().get_text_bounded()
    shop.ask("li", "printing.forget_printer", name="Zhang's desk")
    with pytest.raises(NotFound):
        shop.ask("li", "printing.render", template="offer", id=1, printer="Zhang's desk")


def test_many_in_one_file_have_a_page_each(shop: Shop) -> None:
    """A page with nothing but places on it is not left out."""
    bosch = shop.ask("li", "records.create", type="lead", values={"company": "Bosch"})["id"]
    ordered = shop.ask("li", "printing.batch", template="offer", ids=[1, bosch])
    shop.host.settle()
    done = shop.ask("li", "printing.progress", batch=ordered["batch"])
    with shop.host.session(shop.host.actor("li")) as context:
        content = shop.host.files.get(files.find(context, done["files"][0]["id"])["digest"])
    pages = [page.get_textpage().get_text_bounded().strip() for page in pypdfium2.PdfDocument(content)]
    assert pages == ["Acme", "Bosch"]


def test_on_the_screen_the_form_is_always_seen(shop: Shop) -> None:
    """Pages as pictures, one per page, that hold nothing that acts."""
    page = shop.ask("li", "printing.render", template="offer", id=1, format="html")["content"].decode()
    assert page.count("data:image/svg+xml;base64,") == 1 and "<script" not in page
