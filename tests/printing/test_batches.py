"""Many papers in one go: one PDF or a zip, with progress, each counted and kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pypdf
import pytest

from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.records.attachments import readable
from lowcode.printing.operations import batches
from tests.api.app import Shop
from tests.printing.test_sharing import OFFER

PAGED: dict[str, Any] = {
    **OFFER,
    "when": 'company <> "not this one"',
    "page": {"footer": [{"type": "text", "text": "{{ company }}: {{ page }}/{{ pages }}"}]},
    "body": [{"type": "text", "text": "{{ company }}"}, {"type": "page_break", "when": "budget > 1"},
             {"type": "text", "text": "end"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop], shared_database_url: str, tmp_path_factory: Any) -> Shop:
    """A shop."""
    return share_shop(
        more={"printing/offer.json": PAGED}, database=shared_database_url, files=str(tmp_path_factory.mktemp("files"))
    )


@pytest.fixture
def leads(shop: Shop) -> dict[int, int]:
    """Six leads by their place; the fourth is somebody else's, the fifth may not be printed."""
    made = {}
    for number in range(1, 7):
        values = {"company": "not this one" if number == 5 else f"Company {number}", "budget": number % 3}
        made[number] = shop.ask("zhao" if number == 4 else "li", "records.create", type="lead", values=values)["id"]
    return made


def run(shop: Shop, login: str = "li", **more: Any) -> dict[str, Any]:
    """Order a batch and let it be made."""
    ordered = shop.ask(login, "printing.batch", template="offer", **more)
    before = shop.ask(login, "printing.progress", batch=ordered["batch"])
    assert (before["state"], before["done"], before["files"]) == ("waiting", 0, [])
    shop.host.settle()
    found: dict[str, Any] = shop.ask(login, "printing.progress", batch=ordered["batch"])
    return found


def content(shop: Shop, file: dict[str, Any]) -> bytes:
    """The bytes of a kept file, as the person who ordered it is given them."""
    with shop.host.session(shop.host.actor("li")) as context:
        return shop.host.files.get(readable(context, file["id"])["digest"])


@pytest.mark.requirement("T9", "X17")
@pytest.mark.parametrize("part", [1, 2, 20])
def test_one_pdf(shop: Shop, leads: dict[int, int], monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    """Papers in the order asked for, each counting its own pages, however they are shared out; refusals are named."""
    monkeypatch.setattr(batches, "PART", part)
    found = run(shop, ids=[leads[each] for each in (6, 1, 4, 2, 5, 3)])
    assert (found["state"], found["done"], found["total"]) == ("done", 6, 6)
    assert [each["id"] for each in found["refused"]] == [leads[4], leads[5]]
    (file,) = found["files"]
    assert file["name"] == "offer.pdf"
    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content(shop, file))).pages]
    feet = [page.split("Company ")[-1].strip() for page in pages]
    assert feet == ["6: 1/1", "1: 1/1", "2: 1/2", "2: 2/2", "3: 1/1"]
    assert [shop.ask("li", "printing.history", form="lead", id=leads[each])["items"][0]["copy"] for each in (1, 2)] == [
        1,
        1,
    ]
    known = shop.ask("li", "printing.verify", content=content(shop, file))
    assert known["known"] and known["batch"]["papers"] == 4 and known["print"] is None
    changed = content(shop, file)[:-1] + b" "
    assert not shop.ask("li", "printing.verify", content=changed)["known"]
    assert shop.ask("li", "printing.history", form="lead", id=leads[5])["items"] == []
    single = shop.ask("li", "printing.render", template="offer", id=leads[1])
    assert single["copy"] == 2
    again = shop.ask(
        "li", "printing.again", print=shop.ask("li", "printing.history", form="lead", id=leads[2])["items"][0]["id"]
    )
    assert again["same"] is None and again["content"].startswith(b"%PDF")
    assert shop.ask("li", "notifications.list")["items"][0]["title"] == "4 papers are ready"


@pytest.mark.requirement("T9")
def test_a_zip_holds_papers_as_given_alone(shop: Shop, leads: dict[int, int]) -> None:
    """Each file in the archive is a print that can be verified; equal names get numbers."""
    shop.ask("li", "records.update", type="lead", id=leads[2], values={"company": "Company 1"})
    found = run(shop, ids=[leads[1], leads[2], leads[3]], format="zip")
    with zipfile.ZipFile(io.BytesIO(content(shop, found["files"][0]))) as archive:
        assert archive.namelist() == ["Offer Company 1.pdf", "Offer Company 1 (2).pdf", "Offer Company 3.pdf"]
        for name in archive.namelist():
            assert shop.ask("li", "printing.verify", content=archive.read(name))["proven"]


def test_what_is_too_much_is_cut_into_files(shop: Shop, leads: dict[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file has a size that can be kept; more papers make more files."""
    monkeypatch.setattr(batches, "PIECE", 1)
    monkeypatch.setattr(batches, "PART", 2)
    found = run(shop, ids=[leads[1], leads[2], leads[3]])
    assert [each["name"] for each in found["files"]] == ["offer-1.pdf", "offer-2.pdf"]


def test_a_batch_is_refused_with_its_cure(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown templates and formats, too many papers; others see nothing of it."""
    monkeypatch.setattr(batches, "MOST", 2)
    for parameters, code in (
        ({"template": "offer", "ids": [1, 2, 3]}, "printing.batch-size"),
        ({"template": "offer", "ids": [1], "format": "docx"}, "printing.batch-output"),
        ({"template": "no", "ids": [1]}, "printing.no-template"),
    ):
        with pytest.raises(Rejected) as refused:
            shop.ask("li", "printing.batch", **parameters)
        assert refused.value.problems[0].code == code
    made = shop.ask("li", "printing.batch", template="offer", ids=[1])
    with pytest.raises(NotFound) as hidden:
        shop.ask("zhao", "printing.progress", batch=made["batch"])
    assert hidden.value.problems[0].code == "printing.no-batch"
    assert shop.ask("root", "printing.progress", batch=made["batch"])["total"] == 1
