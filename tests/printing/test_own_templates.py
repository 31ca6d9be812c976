"""Templates that people upload: tried before they are saved, kept version by version, used like those of the app."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pypdfium2
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

from lowcode.host import Host
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.printing.engine import Printing
from lowcode.printing.outputs import papers, pdf_forms
from lowcode.printing.outputs.papers import UnusablePdf
from lowcode.printing.outputs.worker.forms import FormFiles
from lowcode.printing.outputs.worker.pool import MEGABYTE, Workers
from tests.api.app import Shop
from tests.printing.test_places import form, where
from tests.printing.test_sharing import OFFER

MM = 72 / 25.4


def letter(*paragraphs: str) -> bytes:
    """A Word file."""
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    raw = io.BytesIO()
    file.save(raw)
    return raw.getvalue()


def fillable(**names: tuple[float, float]) -> bytes:
    """A PDF with text fields of these names, so many millimetres from the left and upper edge."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(form()))
    page = writer.pages[0]
    fields = ArrayObject()
    for name, (x, y) in names.items():
        box = [x * MM, (50 - y - 6) * MM, (x + 40) * MM, (50 - y) * MM]
        fields.append(writer._add_object(DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject(name.replace("__", ".")),
            NameObject("/Rect"): ArrayObject([FloatObject(each) for each in box]),
            NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"), NameObject("/Q"): NumberObject(0),
        })))  # fmt: skip
    page[NameObject("/Annots")] = fields
    raw = io.BytesIO()
    writer.write(raw)
    return raw.getvalue()


@pytest.fixture(scope="module")
def shop(share_shop: Callable[..., Shop], shared_database_url: str, tmp_path_factory: Any) -> Shop:
    """A shop with a lead and somebody who looks after templates."""
    made = share_shop(
        more={"printing/offer.json": OFFER}, database=shared_database_url, files=str(tmp_path_factory.mktemp("files"))
    )
    made.ask("li", "records.create", type="lead", values={"company": "Acme", "budget": 5})
    return made


def save(shop: Shop, content: bytes, name: str = "own", **more: Any) -> dict[str, Any]:
    """Uploaded by whoever may."""
    given = {"name": name, "form": "lead", "title": "Own", "content": content, **more}
    saved: dict[str, Any] = shop.ask("root", "printing.save_template", **given)
    return saved


def text_of(made: dict[str, Any]) -> list[str]:
    """The paragraphs of a Word file."""
    return [each.text for each in docx.Document(io.BytesIO(made["content"])).paragraphs]


@pytest.mark.requirement("T2", "ST03")
def test_an_uploaded_template_is_used_like_one_of_the_app(shop: Shop) -> None:
    """Offered to whoever may print, printed with the record, kept; a new version is used at once, and what was printed
    with the one before can be made again."""
    assert save(shop, letter("Dear {{ company }}"))["version"] == 1
    offered = [each["name"] for each in shop.ask("li", "printing.list", form="lead")["items"]]
    assert {"offer", "own"} <= set(offered)
    first = shop.ask("li", "printing.render", template="own", id=1, format="docx", keep=True)
    assert text_of(first) == ["Dear Acme"]
    assert save(shop, letter("Hello {{ company }}", "{{ budget }}"), note="friendlier")["version"] == 2
    assert text_of(shop.ask("li", "printing.render", template="own", id=1, format="docx")) == ["Hello Acme", "¥5.00"]
    again = shop.ask("li", "printing.again", print=first["print"])
    assert again["same"] and text_of(again) == ["Dear Acme"]


def test_versions_are_compared_and_taken_back(shop: Shop) -> None:
    """Each says what is different, by whom and why; an earlier one comes back as a new one; out of use is a version."""
    save(shop, letter("Dear {{ company }}", "Yours"), name="versions")
    save(shop, letter("Hello {{ company }}", "Yours"), note="friendlier", name="versions")
    newest, oldest = shop.ask("root", "printing.template_versions", name="versions")["items"]
    assert (newest["version"], newest["note"], newest["made_by"]) == (2, "friendlier", "Root")
    assert newest["changes"] == ["- Dear {{ company }}", "+ Hello {{ company }}"] and oldest["changes"] == []
    assert shop.ask("root", "printing.restore_template", name="versions", version=1)["version"] == 3
    assert text_of(shop.ask("li", "printing.render", template="versions", id=1, format="docx"))[0] == "Dear Acme"
    shop.ask("root", "printing.retire_template", name="versions")
    with pytest.raises(NotFound):
        shop.ask("li", "printing.render", template="versions", id=1, format="docx")
    (row,) = [each for each in shop.ask("root", "printing.templates")["items"] if each["name"] == "versions"]
    assert (row["version"], row["retired"]) == (4, True)


@pytest.mark.requirement("T12")
def test_a_template_goes_into_the_app(shop: Shop, open_shop: Callable[..., Shop], tmp_path: Any) -> None:
    """Exported it is a definition and a file of an app's folder; the app's goes before the uploaded one."""
    save(shop, letter("Dear {{ company }}"), name="exported")
    packed = shop.ask("root", "printing.export_template", name="exported")["content"]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(parts) == ["printing/exported.json", "templates/exported.docx"]
    more = {
        "printing/exported.json": json.loads(parts["printing/exported.json"]),
        "templates/exported.docx": parts["templates/exported.docx"],
    }
    other = open_shop(more=more, files=str(tmp_path / "other"))
    other.ask("li", "records.create", type="lead", values={"company": "Bosch"})
    assert text_of(other.ask("li", "printing.render", template="exported", id=1, format="docx")) == ["Dear Bosch"]
    with pytest.raises(Rejected) as refused:
        save(other, letter("x {{ company }}"), name="exported")
    assert refused.value.problems[0].code == "printing.name-taken"


@pytest.mark.requirement("T10")
def test_the_fields_of_a_pdf_are_places(shop: Shop) -> None:
    """Named by what they hold, they are filled where they stand, on the page that they stand on."""
    looked = shop.ask("root", "printing.inspect", form="lead", content=fillable(company=(20, 10)), id=1)
    assert [(each["text"], each["wrong"]) for each in looked["holders"]] == [("company", None)]
    page = pypdfium2.PdfDocument(looked["filled"])[0]
    assert where(page, "Acme") == pytest.approx((20, 10.5), abs=1.0)
    save(shop, fillable(company=(20, 10), budget=(60, 30)), name="form")
    made = pypdfium2.PdfDocument(shop.ask("li", "printing.render", template="form", id=1)["content"])[0]
    assert where(made, "¥5.00")[0] == pytest.approx(60, abs=1.0)


def heavy() -> bytes:
    """Some kilobytes of a form: each page is the same one, each field on it the same, and its name a long one."""
    name = b"a" * 32_000
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 4/Kids[3 0 R 3 0 R 3 0 R 3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[" + b"4 0 R " * 3000 + b"]>>",
        b"<</Subtype/Widget/FT/Tx/T(" + name + b")/Rect[0 0 9 9]>>",
    )  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(places) + b"trailer<</Size 5/Root 1 0 R>>\n"
    return body + table + b"startxref\n%d\n%%%%EOF" % len(body)


@pytest.mark.requirement("T10", "X4")
def test_a_pdf_of_somebody_is_read_in_a_worker_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty kilobytes of one can be gigabytes of fields: the process of the host never reads it, neither when it is
    looked at, nor when it is saved, compared or printed with; a worker that has not the room says so."""

    def never(*_: object) -> None:
        raise AssertionError("read in the process of the host")

    monkeypatch.setattr(papers, "reader_of", never)
    monkeypatch.setattr(pdf_forms, "reader_of", never)
    save(shop, fillable(company=(20, 10)), name="apart")
    assert shop.ask("li", "printing.render", template="apart", id=1)["content"].startswith(b"%PDF")
    content = heavy()
    assert len(content) < 60_000
    files = FormFiles(Workers(1, seconds=60, memory=256 * MEGABYTE))
    assert (1, "company") == (
        files.pages(fillable(company=(20, 10))),
        files.read(fillable(company=(20, 10))).fields[0].holder.expression,
    )
    with pytest.raises(UnusablePdf, match="heavy"):
        files.read(content)


def test_what_is_wrong_is_said_before_it_is_saved(shop: Shop) -> None:
    """Each place-holder with the nearest name; a file that acts, or has nothing to fill; nothing is saved."""
    looked = shop.ask("root", "printing.inspect", form="lead", content=letter("{{ compny }} {{ budget }}"))
    assert [(each["text"], each["hint"]) for each in looked["holders"]] == [
        ("compny", "Did you mean company?"), ("budget", None)]  # fmt: skip
    for content, code in (
        (letter("{{ compny }}"), "printing.wrong-template"), (form(), "printing.no-fields"),
        (form(1, "secret"), "printing.form-unreadable"), (b"words", "printing.no-office"),
    ):  # fmt: skip
        with pytest.raises(Rejected) as refused:
            save(shop, content, name="wrong")
        assert refused.value.problems[0].code == code
    with pytest.raises(Rejected) as refused:
        save(shop, letter("{{ compny }}", "{{ budgt }}"), name="wrong")
    said = [each.words("en") for each in refused.value.problems]
    assert len(said) == 2 and "company" in said[0] and "budget" in said[1]
    assert "wrong" not in [each["name"] for each in shop.ask("root", "printing.templates")["items"]]


def test_what_may_be_used_is_listed(shop: Shop) -> None:
    """Fields of the form with their titles; an unknown form is refused."""
    found = shop.ask("root", "printing.holders", form="lead")
    assert "company" in [each["path"] for each in found["own"]]
    assert all(each["title"] and each["type"] for each in found["own"])
    owner = next(each for each in found["linked"] if each["path"] == "owner")
    assert ["owner.name", "owner.email"] == [each["path"] for each in owner["items"]]
    with pytest.raises(Rejected):
        shop.ask("root", "printing.holders", form="nothing")


def test_only_who_looks_after_the_app_uploads(shop: Shop) -> None:
    """Others print with it, if its roles say so."""
    for operation, more in (
        ("printing.save_template", {"name": "own", "form": "lead", "content": letter("x")}), ("printing.templates", {}),
        ("printing.export_template", {"name": "own"}), ("printing.retire_template", {"name": "own"}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            shop.ask("li", operation, **more)
    save(shop, letter("{{ company }}"), roles=("supervisor",), name="private")
    with pytest.raises(Forbidden):
        shop.ask("li", "printing.render", template="private", id=1, format="docx")


@pytest.mark.requirement("T10", "X4")
def test_a_pdf_that_is_published_is_read_in_a_worker_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes with definitions over the network is judged apart from the host, before it is in use; what is in use
    already, and what is published beside it, is read once."""
    small: dict[str, Any] = {
        "app.json": {"name": "small", "roles": [{"name": "sales"}]},
        "forms/lead.json": {"name": "lead", "fields": [{"name": "company", "type": "text"}], "permissions": []},
        "printing/offer.json": {
            "name": "offer", "form": "lead", "page": {"background": {"file": "templates/own.pdf"}},
            "body": [{"type": "text", "text": "{{ company }}"}],
        },
        "templates/own.pdf": form(),
    }  # fmt: skip
    with Host(load(small), str(tmp_path / "small.sqlite3")) as host:
        host.publish()

        def never(*_: object) -> None:
            raise AssertionError("read in the process of the host")

        asked: list[bytes] = []
        monkeypatch.setattr(papers, "reader_of", never)
        engine = next(each for each in host.engines if isinstance(each, Printing))
        read = engine.workers.read_form

        def counted(content: bytes) -> bytes:
            asked.append(content)
            return read(content)

        monkeypatch.setattr(engine.workers, "read_form", counted)
        host.ask(APP, "identity.save_person", login="root", name="root", roles=["administrator"])
        host.forget_directory()
        note = {"documents": {"forms/note.json": {"name": "note", "fields": [], "permissions": []}}}
        assert host.ask(host.actor("root"), "app.plan", **note)["plan"] and asked == []
        other = base64.b64encode(form(2)).decode()
        plan = host.ask(host.actor("root"), "app.plan", files={"templates/own.pdf": other})
        assert [] == plan["findings"] and asked == [form(2)]
        broken = host.ask(
            host.actor("root"), "app.plan", files={"templates/own.pdf": base64.b64encode(b"%PDF-1.4").decode()}
        )
        assert ["printing.form-unreadable"] == [each["code"] for each in broken["findings"]]
