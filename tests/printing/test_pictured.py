"""Pictures that a record holds on its papers: photos, hand signatures, pictures of lines, and their absence."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document
from PIL import Image

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.storage import files
from lowcode.printing.blocks.pictured import fitting, kept_as
from lowcode.printing.operations import photos
from lowcode.printing.outputs.docx import document
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.html import page
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.outputs.xlsx import workbook
from lowcode.printing.run import facts_of, paper
from lowcode.printing.run.snapshot import Snapshot, from_json
from lowcode.printing.tables import print_copy
from tests.api.app import LEAD, Shop
from tests.printing.sample import MOMENT, record, understood
from tests.printing.test_sharing import OFFER
from tests.support import pixels

BODY: list[dict[str, Any]] = [
    {"type": "image", "value": "photo", "most": 3, "width": 30, "height": 20, "caption": "现场"},
    {"type": "fields", "columns": 1, "items": [{"value": "photo"}, {"value": "number"}]},
    {
        "type": "table",
        "rows": "items",
        "columns": [{"value": "code"}, {"value": "picture", "width": 30, "title": "图"}],
    },
    {"type": "signature", "parties": [{"title": "甲方", "items": [{"label": "签字", "picture": "hand"}]}]},
]


def picture(width: int, height: int, form: str = "PNG", **more: Any) -> bytes:
    """A picture of one colour."""
    raw = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(raw, form, **more)
    return raw.getvalue()


def tree(**held: list[int]) -> Any:
    """A paper whose record holds files of these numbers: odd ones are twice as wide as high, even ones the reverse."""
    plan, report = understood({"body": BODY, "page": {"size": {"width": 120, "height": 190}, "margin": 10}})
    assert plan is not None and report.ok, str(report)
    values = record(2, photo=held.get("photo"), hand=held.get("hand"))
    for row, ids in zip(values["items"], ([1], None), strict=True):
        row["picture"] = ids if held else None
    contents = {number: picture(*((80, 40) if number % 2 else (40, 80))) for number in range(1, 6)}
    kept = {kept_as(number): f"png,{base64.b64encode(content).decode()}" for number, content in contents.items()}
    return paper(plan, facts_of(plan, Snapshot(values, MOMENT, "zh-CN", pictures=kept), {}))


@pytest.mark.requirement("T8")
def test_every_output_shows_the_pictures_of_a_record(workers: Workers) -> None:
    """In their own proportions: beside one another, beside a label, in the line of a table, on the line to sign on."""
    made = tree(photo=[1, 2, 9, 3, 4], hand=[5])
    beside, fields, table, signature = made["body"]
    sizes = [(node["width"], node["height"]) for (node,) in beside["columns"]]
    assert sizes == [(30.0, 15.0), (10.0, 20.0), (30.0, 15.0)]
    assert fields["items"][0]["picture"]["width"] == 50.0 and fields["items"][0]["value"] == ""
    assert list(table["pictures"]) == ["0/1"] and table["rows"][0] == ["PT-0001", ""]
    assert signature["parties"][0]["items"][0]["picture"]["height"] == 12.0

    assert page(made).count("data:image/png") == 6
    draw: Any = lambda each, form: workers.draw(each, packaged_fonts().folders, form)  # noqa: E731
    assert len(Document(io.BytesIO(document(made, draw))).element.xpath("//pic:pic")) == 6
    sheet: Any = openpyxl.load_workbook(io.BytesIO(workbook(made, draw))).active
    assert len(sheet._images) == 6

    def dark(each: Any) -> int:
        shown = pixels.read(workers.draw(each, packaged_fonts().folders, "png", 50.0)[0])
        return sum(grey < 40 for grey in shown.grey)

    assert dark(made) > dark(tree()) + 3000


def test_a_record_without_pictures_has_words_or_nothing() -> None:
    """What the block says instead; no frame, no number of a file."""
    empty = {"type": "image", "value": "photo", "without": "（贴照片处）", "align": "right"}
    plan, _ = understood({"body": [empty, *BODY]})
    assert plan is not None
    facts = facts_of(plan, Snapshot(record(1, photo=[7], hand=None, items=[]), MOMENT, "zh-CN"), {})
    nodes = paper(plan, facts)["body"]
    assert [node["type"] for node in nodes] == ["text", "fields", "table", "signature"]
    assert nodes[0]["text"] == "（贴照片处）" and [item["value"] for item in nodes[1]["items"]] == ["", "Q202611-0001"]


def test_a_picture_keeps_its_shape() -> None:
    """Within what it may take, and never higher than a sheet."""
    assert fitting(400, 200, 40, None) == {"width": 40, "height": 20}
    assert fitting(400, 200, None, 40) == {"width": 80, "height": 40}
    assert fitting(400, 200, 40, 10) == {"width": 20, "height": 10}
    assert fitting(10, 4000, 40, None)["height"] == 240 and fitting(10, 10, None, None)["width"] == 60


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ({"value": "number"}, "printing.not-pictures"),
        ({"value": "foto"}, "expressions.unknown-field"),
        ({}, "printing.file-or-value"),
        ({"value": "photo", "file": "templates/logo.png"}, "printing.file-or-value"),
    ],
)
def test_what_is_no_picture_is_told(block: dict[str, Any], code: str) -> None:
    """A finding at its place."""
    _, report = understood({"body": [{"type": "image", **block}]})
    assert [each.code for each in report] == [code]


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop], shared_database_url: str, tmp_path_factory: Any) -> Shop:
    """A shop whose leads hold a photo, and whose offer shows it."""
    lead = {**LEAD, "fields": [*LEAD["fields"], {"name": "photo", "type": "image"}]}
    offer = {**OFFER, "outputs": ["html", "pdf"], "body": [{"type": "image", "value": "photo", "width": 50}]}
    more = {"printing/offer.json": offer, "forms/lead.json": lead}
    return share_shop(more=more, database=shared_database_url, files=str(tmp_path_factory.mktemp("files")))


def held(shop: Shop, content: bytes) -> int:
    """A lead with a photo."""
    with shop.host.session(shop.host.actor("li")) as context:
        kept = files.keep(context, "photo.jpg", "image/jpeg", content)["id"]
    return int(shop.ask("li", "records.create", type="lead", values={"company": "Acme", "photo": [kept]})["id"])


@pytest.mark.requirement("T8", "X17")
def test_a_paper_keeps_its_picture(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small, without where it was taken, and the same when the record has none by then; together they have a limit."""
    place = Image.Exif()
    place[0x010E] = "at home"
    lead = held(shop, picture(3000, 1500, "JPEG", exif=place, comment=b"at home", xmp=b"at home"))
    made = shop.ask("li", "printing.render", template="offer", id=lead)
    shop.ask("li", "records.update", type="lead", id=lead, values={"photo": None})
    assert shop.ask("li", "printing.again", print=made["print"])["same"]
    assert len(made["content"]) < 100_000
    with shop.host.session(shop.host.actor("li")) as context:
        (row,) = context.unit.fetch(sa.select(print_copy.c.snapshot).where(print_copy.c.id == made["print"]))
    form, _, data = next(iter(from_json(row["snapshot"]).pictures.values())).partition(",")
    content = base64.b64decode(data)
    assert form == "jpg" and Image.open(io.BytesIO(content)).size == (1000, 500) and b"at home" not in content

    empty = shop.ask("li", "printing.render", template="offer", id=lead, format="html")
    assert b"<img" not in empty["content"]
    monkeypatch.setattr(photos, "MOST_BYTES", 100)
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.render", template="offer", id=held(shop, picture(90, 90)))
    assert refused.value.problems[0].code == "printing.pictures-large"
