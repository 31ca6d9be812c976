"""Files of a record behind its paper: pages that go on, limits, and files that cannot be appended."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from PIL import Image

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.storage import files
from lowcode.printing.operations import reading
from tests.api.app import LEAD, Shop
from tests.printing.sample import understood
from tests.printing.test_places import form
from tests.printing.test_sharing import OFFER

FOOTER = {"footer": [{"type": "text", "text": "{{ page }}/{{ pages }}"}]}
PAPER: dict[str, Any] = {
    **OFFER, "outputs": ["html", "pdf"], "page": FOOTER,
    "attachments": {"fields": ["papers"], "numbering": "{{ page }} of {{ pages }}"},
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop], shared_database_url: str, tmp_path_factory: Any) -> Shop:
    """A shop whose leads hold files."""
    lead = {**LEAD, "fields": [*LEAD["fields"], {"name": "papers", "type": "attachment"}]}
    more = {"printing/offer.json": PAPER, "forms/lead.json": lead}
    return share_shop(more=more, database=shared_database_url, files=str(tmp_path_factory.mktemp("files")))


def photo() -> bytes:
    """A picture."""
    raw = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(raw, "PNG")
    return raw.getvalue()


def held(shop: Shop, *given: tuple[str, bytes]) -> int:
    """A lead with these files."""
    with shop.host.session(shop.host.actor("li")) as context:
        kept = [files.keep(context, name, "application/octet-stream", content)["id"] for name, content in given]
    made = shop.ask("li", "records.create", type="lead", values={"company": "Acme", "papers": kept})
    return int(made["id"])


def pages(made: dict[str, Any]) -> list[Any]:
    """The pages of a PDF."""
    return list(pypdf.PdfReader(io.BytesIO(made["content"])).pages)


@pytest.mark.requirement("X17")
def test_files_come_behind_the_paper(shop: Shop) -> None:
    """Each page in its own size, pictures on a sheet; the paper counts them, numbers go on; what is neither PDF nor
    picture is named; made again it is the same."""
    lead = held(shop, ("plan.pdf", form(2)), ("photo.png", photo()), ("notes.txt", b"words"))
    made = shop.ask("li", "printing.render", template="offer", id=lead)
    found = pages(made)
    assert [round(float(page.mediabox.width) / 72 * 25.4) for page in found] == [210, 100, 100, 210]
    texts = [" ".join(page.extract_text().split()) for page in found]
    assert texts[0].endswith("1/4") and texts[1:] == ["2 of 4", "3 of 4", "4 of 4"]
    assert made["skipped"] == ["notes.txt"]
    assert shop.ask("li", "printing.again", print=made["print"])["same"]
    assert shop.ask("li", "printing.verify", content=made["content"])["proven"]


def test_a_paper_without_files_is_as_it_was(shop: Shop) -> None:
    """One page that counts one."""
    (page,) = pages(shop.ask("li", "printing.render", template="offer", id=held(shop)))
    assert page.extract_text().split()[-1] == "1/1"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("locked.pdf", form(1, "secret"), "printing.attachment-encrypted"),
        ("half.pdf", form()[:200], "printing.attachment-broken"),
        ("long.pdf", form(301), "printing.attachment-long"),
    ],
)
def test_a_file_that_cannot_be_appended_is_named(shop: Shop, name: str, content: bytes, code: str) -> None:
    """Nothing is printed, nothing is kept, and the refusal says which file it is."""
    lead = held(shop, ("plan.pdf", form()), (name, content))
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.render", template="offer", id=lead)
    (problem,) = refused.value.problems
    assert (problem.code, problem.values["file"]) == (code, name)
    assert shop.ask("li", "printing.history", form="lead", id=lead)["items"] == []


def test_files_have_a_limit_together(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a paper is no burden."""
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.render", template="offer", id=held(shop, ("a.pdf", form(9)), ("b.pdf", form(8))))
    assert refused.value.problems[0].code == "printing.attachments-large"


def test_a_batch_holds_them_too(shop: Shop) -> None:
    """Each paper with its own files."""
    ids = [held(shop, ("plan.pdf", form())), held(shop)]
    ordered = shop.ask("li", "printing.batch", template="offer", ids=ids)
    shop.host.settle()
    done = shop.ask("li", "printing.progress", batch=ordered["batch"])
    with shop.host.session(shop.host.actor("li")) as context:
        content = shop.host.files.get(files.find(context, done["files"][0]["id"])["digest"])
    assert len(pages({"content": content})) == 3


def test_a_field_without_files_is_found() -> None:
    """A finding, as an unknown field is."""
    for path, code in (("number", "printing.no-files"), ("nothing", "expressions.unknown-field")):
        _, report = understood({"body": [{"type": "space"}], "attachments": {"fields": [path]}})
        assert [each.code for each in report] == [code]
