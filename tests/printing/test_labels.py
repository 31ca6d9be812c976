"""Labels: on sheets that are sold everywhere, and for the rolls of label printers in ZPL."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.printing.outputs.zpl import dots_of, packed
from lowcode.printing.sheets import known_labels
from tests.api.app import Shop
from tests.printing.sample import understood
from tests.printing.test_places import where
from tests.printing.test_sharing import OFFER

SHEET: dict[str, Any] = {
    **OFFER, "name": "sticker", "labels": "l7160", "body": [{"type": "text", "text": "{{ company }}"}],
}  # fmt: skip
ROLL: dict[str, Any] = {
    **OFFER, "name": "tag", "outputs": ["pdf", "png", "zpl"], "roll": {"dots": 203},
    "page": {"size": {"width": 60, "height": 40}, "margin": 0},
    "body": [
        {"type": "place", "x": 5, "y": 3, "width": 40, "height": 8, "text": "{{ company }}", "style": {"size": 14}},
        {"type": "place", "x": 5, "y": 15, "body": [
            {"type": "barcode", "text": "LEAD-{{ id }}", "width": 45, "height": 10}]},
        {"type": "place", "x": 42, "y": 26, "body": [{"type": "qrcode", "text": "L^{{ id }}", "size": 12}]},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop], tmp_path_factory: Any) -> Shop:
    """A shop with leads; the third is somebody else's."""
    printer = {**ROLL, "name": "plain", "roll": {"dots": 300, "letters": "printer", "font": "E:SIMSUN.FNT"}}
    more = {f"printing/{each['name']}.json": each for each in (SHEET, ROLL, printer, OFFER)}
    made = share_shop(more=more, files=str(tmp_path_factory.mktemp("files")))
    for number, company in enumerate(("Acme", "苏州博世", "Their Ltd", "Delta"), 1):
        made.ask("zhao" if number == 3 else "li", "records.create", type="lead", values={"company": company})
    return made


def sheets(made: dict[str, Any]) -> list[Any]:
    """The pages."""
    return list(pypdfium2.PdfDocument(made["content"]))


@pytest.mark.requirement("T15", "X17")
def test_labels_stand_where_the_sheet_has_them(shop: Shop) -> None:
    """Row by row from the first free place; copies beside one another; what does not fit goes on a further sheet."""
    made = shop.ask("li", "printing.labels", template="sticker", ids=[1, 4], start=2)
    (page,) = sheets(made)
    assert (round(page.get_width() / 72 * 25.4), made["labels"]) == (210, 2)
    margin = 2
    first, second = where(page, "Acme"), where(page, "Delta")
    assert first == pytest.approx((7.21 + 66.04 + margin, 15.15 + margin), abs=0.6)
    assert second[0] - first[0] == pytest.approx(66.04, abs=0.1)
    assert first[1] == second[1]
    many = shop.ask("li", "printing.labels", template="sticker", ids=[1, 4], copies=12, start=21)
    texts = [page.get_textpage().get_text_bounded().split() for page in sheets(many)]
    assert [len(text) for text in texts] == [1, 21, 2] and texts[1].count("Delta") == 10
    again = shop.ask("li", "printing.history", form="lead", id=1)["items"]
    assert again == []


def test_who_may_not_print_a_record_gets_no_label_of_it(shop: Shop) -> None:
    """One record of somebody else's, and nothing is made; what is no label is refused, as are too many."""
    for more, error in (
        ({"template": "sticker", "ids": [1, 3]}, (NotFound, Forbidden)), ({"template": "offer", "ids": [1]}, Rejected),
        ({"template": "sticker", "ids": [1], "format": "zpl"}, Rejected), ({"template": "none", "ids": [1]}, NotFound),
        ({"template": "tag", "ids": [1] * 5, "copies": 500}, Rejected),
    ):  # fmt: skip
        with pytest.raises(error):
            shop.ask("li", "printing.labels", **more)


def test_every_named_sheet_fits_its_paper() -> None:
    """The measures that come with the engine are whole; others are checked, and an unknown name has the nearest."""
    for name in known_labels():
        plan, report = understood({"labels": name, "body": [{"type": "text", "text": "{{ number }}"}]})
        assert plan is not None and plan.labels is not None and report.ok, f"{name}: {report}"
    own = {"columns": 3, "rows": 8, "width": 70.0, "height": 40.0}
    for labels, code in (("l7161x", "printing.unknown-labels"), (own, "printing.labels-too-large")):
        _, report = understood({"labels": labels, "body": [{"type": "space"}]})
        assert [each.code for each in report] == [code]


@pytest.mark.requirement("T15", "X17")
def test_a_roll_is_spoken_to_in_zpl(shop: Shop) -> None:
    """The label's size in dots, bars and squares as the printer's own commands, words in any script as dots; codes
    stand in the middle of their place."""
    made = shop.ask("li", "printing.labels", template="tag", ids=[1, 2], copies=3, format="zpl")
    first, second = re.findall(r"\^XA.*?\^XZ", made["content"].decode(), re.DOTALL)
    assert first.startswith("^XA^CI28^PW480^LL320^LH0,0") and first.endswith("^PQ3^XZ")
    assert "^FO68,120^BY3^BCN,80,N,N,N,A^FH_^FDLEAD-1^FS" in first
    assert re.search(r"\^FO342,214\^BY1,2,1\^BQN,2,\d\^FH_\^FDMA,L_5E1\^FS", first)
    for label, company in ((first, "Acme"), (second, "苏州博世")):
        drawn = re.search(r"\^FO(\d+),(\d+)\^GFA,(\d+),\3,(\d+),([^^]*)\^FS", label)
        assert drawn is not None and (drawn[1], drawn[2]) == ("40", "24")
        rows = unpacked(drawn[5], int(drawn[4]))
        assert len(rows) * int(drawn[4]) == int(drawn[3])
        ink = sum(bin(int.from_bytes(row)).count("1") for row in rows)
        assert 300 < ink < 8000, company
    assert first != second


def test_a_printer_may_use_its_own_fonts(shop: Shop) -> None:
    """Latin words in the built-in one, others in the one that is named; sizes in its dots."""
    made = shop.ask("li", "printing.labels", template="plain", ids=[1, 2], format="zpl")["content"].decode()
    assert "^FO59,35^A0N,58,58^FB472,9,0,L,0^FH_^FDAcme^FS" in made
    assert "^FO59,35^A@N,58,58,E:SIMSUN.FNT^FB472,9,0,L,0^FH_^FD苏州博世^FS" in made and "^GFA" not in made


def test_the_preview_is_the_label(shop: Shop) -> None:
    """As an image, and as a PDF with a page for each label."""
    made = shop.ask("li", "printing.labels", template="tag", ids=[1, 4], copies=2)
    assert [round(page.get_width() / 72 * 25.4) for page in sheets(made)] == [60] * 4
    picture = shop.ask("li", "printing.render", template="tag", id=1, format="png")["content"]
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.width > opened.height > 100


def unpacked(text: str, wide: int) -> list[bytes]:
    """Rows of dots from their short form, as a printer reads it."""
    rows: list[bytes] = []
    row, count = "", 0
    for sign in text:
        if sign == ":":
            rows.append(rows[-1])
        elif sign in ",!":
            row += ("0" if sign == "," else "F") * (wide * 2 - len(row))
        elif "g" <= sign <= "z":
            count += (ord(sign) - ord("f")) * 20
        elif "G" <= sign <= "Y":
            count += ord(sign) - ord("F")
        else:
            row, count = row + sign * max(count, 1), 0
        if len(row) == wide * 2:
            rows.append(bytes.fromhex(row))
            row = ""
    assert row == ""
    return rows


@given(st.integers(1, 60).flatmap(lambda wide: st.lists(st.binary(min_size=wide, max_size=wide), min_size=1)))
def test_dots_survive_their_short_form(rows: list[bytes]) -> None:
    """Whatever the picture, the printer reads the same dots."""
    assert unpacked(packed(rows), len(rows[0])) == rows
    plain = [bytes(len(rows[0])), b"\xff" * len(rows[0]), b"\xff" * len(rows[0])]
    assert unpacked(packed(plain), len(rows[0])) == plain


def test_a_dark_pixel_is_a_dot() -> None:
    """Also in a picture one can look through."""
    picture = Image.new("RGBA", (9, 2), (0, 0, 0, 0))
    picture.putpixel((0, 0), (0, 0, 0, 255))
    picture.putpixel((8, 1), (90, 90, 90, 255))
    picture.putpixel((4, 1), (200, 200, 200, 255))
    raw = io.BytesIO()
    picture.save(raw, "PNG")
    assert dots_of(raw.getvalue()) == [b"\x80\x00", b"\x00\x80"]
