"""Files that visitors add to a public form: what is taken, what becomes of it, and that nothing comes back out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lowcode.forms.operations import uploading
from lowcode.forms.public import files, labour
from lowcode.forms.tables import upload
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import Actor
from lowcode.kernel.storage import files as store
from lowcode.kernel.storage import tables as kernel
from tests.api.app import Shop
from tests.support.mail import MailServer
from tests.web.calls import Visitor, problem
from tests.web.test_public import data

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FACE: dict[str, Any] = {
    "name": "apply", "fields": ["name", "email", "papers", "photo", "any_photo"], "labour": 4, "limit": 5,
    "thanks": {"en": "Thank you"},
}  # fmt: skip
FORM: dict[str, Any] = {
    "name": "applicant",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text", "required": True},
        {"name": "email", "type": "email"},
        {
            "name": "papers", "type": "attachment", "max_files": 2, "max_size": 2000,
            "accept": [".pdf", "text/*"],
        },
        {"name": "photo", "type": "image", "max_files": 1},
        {"name": "any_photo", "type": "image", "accept": ["image/*"]},
        {"name": "inside", "type": "attachment"},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit"]}],
}  # fmt: skip
Open = Callable[..., Shop]


def opened(open_shop: Open, face: Mapping[str, Any] = FACE, **options: Any) -> Visitor:
    """A visitor of a shop with such a form."""
    return Visitor(open_shop(more={"forms/applicant.json": {**FORM, "public": [face]}}, **options))


def token(visitor: Visitor) -> dict[str, str]:
    """What an opened page sends with everything."""
    page = data(visitor.get("public/applicant/apply").text)
    visitor.shop.clock.advance(timedelta(seconds=3))
    return {"token": page["token"], "labour": labour.do(page["token"], page["labour"])}


def send(
    visitor: Visitor, page: Mapping[str, str], field: str, name: str, kind: str, content: bytes, **more: str
) -> httpx.Response:
    """A file for a field."""
    path = "public/applicant/apply/files"
    return visitor.post(path, data={"field": field, **page, **more}, files={"file": (name, content, kind)})


def submit(visitor: Visitor, page: Mapping[str, str], **values: Any) -> httpx.Response:
    """The rest."""
    return visitor.post("public/applicant/apply", {"values": {"name": "Ann", **values}, **page})


def later(shop: Shop, hours: int) -> None:
    """So many hours later, with everything done that was put off till then, and what was left for the hour after."""
    for each in (hours, 1):
        shop.clock.advance(timedelta(hours=each))
        shop.host.settle()


def rows(shop: Shop, table: sa.Table) -> list[int]:
    """The ids of a table."""
    with shop.host.database.reading() as unit:
        return [each["id"] for each in unit.fetch(sa.select(table.c.id).order_by(table.c.id))]


@pytest.mark.requirement("SF05", "F24")
@pytest.mark.parametrize("run_as", ["app", "li"])
def test_a_visitor_sends_files(open_shop: Open, database_url: str, run_as: str) -> None:
    """They are uploaded one by one and belong to the record when it is sent; whoever may read it reads them, the
    visitor does not, and another's token or number is worth nothing."""
    visitor = opened(open_shop, {**FACE, "run_as": run_as}, database=database_url)
    page = token(visitor)
    cv = send(visitor, page, "papers", "../cv.pdf", "application/pdf", PDF)
    photo = send(visitor, page, "photo", "me.png", "image/png", PNG)
    assert ([201, 201], "cv.pdf") == ([cv.status_code, photo.status_code], cv.json()["name"])
    (first, *_) = rows(visitor.shop, kernel.file)
    for wrong in ([first], [photo.json()["file"]], ["made.up"], [cv.json()["file"][:-3] + "abc"]):
        assert (422, "forms.file-not-sent") == problem(submit(visitor, token(visitor), papers=wrong))[:2]
    sent = submit(visitor, page, papers=[cv.json()["file"]] * 2, photo=[photo.json()["file"]])
    assert "received" == sent.json()["status"]
    (record,) = visitor.shop.ask("head", "records.list", type="applicant", fields=("papers", "photo"))["items"]
    assert 1 == len(record["papers"]) == len(record["photo"])
    asked = [visitor.get(f"api/files/{each}").status_code for each in (first, cv.json()["file"])]
    assert [401, 404] == asked
    assert PDF == Visitor(visitor.shop).sign_in("head").get(f"api/files/{first}").content


@pytest.mark.requirement("F24")
def test_what_is_not_taken(open_shop: Open) -> None:
    """The limits of the field hold, and those for everybody from outside; a file is what it says it is."""
    visitor = opened(open_shop)
    page, pdf = token(visitor), "application/pdf"
    refused = {
        "forms.file-empty": ("papers", "a.pdf", pdf, b""),
        "forms.file-too-large": ("papers", "a.pdf", pdf, PDF + bytes(2000)),
        "forms.file-not-taken": ("papers", "a.exe", "application/x-msdownload", b"MZ"),
        "forms.file-other-inside": ("photo", "a.png", "image/png", b"<script>"),
    }
    assert "forms.file-other-inside" == problem(send(visitor, page, "papers", "a.pdf", "text/plain", b"MZ"))[1]
    for code, sent in refused.items():
        assert (422, code, [(f"/{sent[0]}", code)]) == problem(send(visitor, page, *sent))
    for kind, content in (("image/svg+xml", b"<svg/>"), ("image/tiff", b"<html>")):
        for field in ("photo", "any_photo"):
            assert "forms.file-not-taken" == problem(send(visitor, page, field, "a", kind, content))[1]
    for content in (b"RIFF....AVI LIST", b"\n" + PNG):
        kind = "image/webp" if content.startswith(b"RIFF") else "image/png"
        assert "forms.file-other-inside" == problem(send(visitor, page, "any_photo", "a", kind, content))[1]
    assert "forms.no-files-here" == problem(send(visitor, page, "inside", "a.pdf", pdf, PDF))[1]
    assert "http.no-file" == problem(visitor.post("public/applicant/apply/files", data=page, files={"x": b"y"}))[1]
    many = [send(visitor, page, "papers", f"{each}.pdf", pdf, PDF + bytes([each])).json()["file"] for each in range(3)]
    assert ("/papers", "records.too-many-files") in problem(submit(visitor, page, papers=many))[2]
    large = send(visitor, page, "photo", "a.png", "image/png", bytes(12 * 2**20))
    assert 413 == large.status_code
    assert [] == visitor.shop.ask("head", "records.list", type="applicant")["items"]


@pytest.mark.parametrize(
    ("chosen", "told"), [("zh-CN", "“a.pdf”是空文件"), ("en", "'a.pdf' is empty"), ("fr", "'a.pdf'")]
)
def test_refusals_in_the_language_of_the_page(open_shop: Open, chosen: str, told: str) -> None:
    """What a visitor chose on the page counts for what is wrong as well, whatever their browser prefers."""
    visitor = opened(open_shop)
    visitor.headers["accept-language"] = "zh-CN" if chosen == "en" else "en-US"
    form = {"data": {"field": "papers", **token(visitor)}, "files": {"file": ("a.pdf", b"", "application/pdf")}}
    assert told in visitor.post(f"public/applicant/apply/files?lang={chosen}", **form).json()["detail"]


def test_the_guard_counts(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token, no work, an old page: refused. A page, an address and everybody together have their measure."""
    visitor = opened(open_shop)
    page, sent = token(visitor), ("papers", "a.pdf", "application/pdf", PDF)
    assert "forms.page-expired" == problem(send(visitor, {**page, "token": "made.up"}, *sent))[1]
    idle = next(word for word in "xyzabc" if not labour.done(page["token"], word, FACE["labour"]))
    assert "forms.no-labour" == problem(send(visitor, {**page, "labour": idle}, *sent))[1]
    monkeypatch.setattr(files, "A_PAGE", 2)
    answers = [send(visitor, page, *sent).status_code for _ in range(3)]
    assert [201, 201, 422] == answers
    other = token(visitor)
    assert 201 == send(visitor, other, *sent).status_code
    for limit in ("A_DAY", "OF_ALL", "FILES_A_DAY", "FILES_OF_ALL"):
        with monkeypatch.context() as patched:
            patched.setattr(files, limit, 3 if limit.startswith("FILES") else 3 * len(PDF))
            assert "forms.too-many-uploads" == problem(send(visitor, other, *sent))[1]
    visitor.shop.clock.advance(timedelta(hours=13))
    assert "forms.page-expired" == problem(send(visitor, other, *sent))[1]
    fresh = token(visitor)
    codes = [send(visitor, fresh, "inside", *sent[1:]).status_code for _ in range(FACE["limit"] * 4 + 1)]
    assert (404, 429) == (codes[0], codes[-1])


@pytest.mark.requirement("F24")
def test_what_nobody_sends_in_goes(
    open_shop: Open, mail_server: MailServer, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a day a file that was not sent is gone; piece by piece; one that waits for the address to be
    confirmed stays as long as that may be."""
    face = {**FACE, "confirm": {"email": "email", "subject": {"en": "Confirm"}, "text": {"en": "Hello"}}}
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}", "PUBLIC_URL": "https://crm.example.com/"}
    visitor = opened(open_shop, face, database=database_url, secrets=secrets)
    page, shop = token(visitor), visitor.shop
    *_, waits = (
        send(visitor, page, "papers", f"{each}.pdf", "application/pdf", PDF + bytes([each])).json()["file"]
        for each in range(12)
    )
    assert "confirm" == submit(visitor, page, email="ann@example.com", papers=[waits]).json()["status"]
    before = rows(shop, kernel.file)
    assert 12 == len(before) == len(rows(shop, upload))
    shop.host.tick()
    assert before == rows(shop, kernel.file)
    monkeypatch.setattr(uploading, "PIECE", 3)
    later(shop, hours=25)
    assert (before[-1:], 1) == (rows(shop, kernel.file), len(rows(shop, upload)))
    later(shop, hours=24)
    assert ([], []) == (rows(shop, kernel.file), rows(shop, upload))


@pytest.mark.requirement("F24")
def test_what_a_record_had_stays(open_shop: Open, database_url: str) -> None:
    """A file that was sent in is kept with the record, also when a colleague takes it out of it again; one that was
    sent in again and is not needed goes."""
    face = {**FACE, "duplicates": "keep"}
    form = {**FORM, "duplicates": [{"fields": ["email"], "match": "exact"}], "public": [face]}
    visitor = Visitor(open_shop(more={"forms/applicant.json": form}, database=database_url))
    shop = visitor.shop
    for content in (PDF, PDF + b"again"):
        page = token(visitor)
        cv = send(visitor, page, "papers", "a.pdf", "application/pdf", content).json()["file"]
        assert "received" == submit(visitor, page, email="ann@example.com", papers=[cv]).json()["status"]
    first, _ = rows(shop, kernel.file)
    (record,) = shop.ask("head", "records.list", type="applicant")["items"]
    shop.ask("head", "records.update", type="applicant", id=record["id"], values={"papers": []})
    later(shop, hours=25)
    assert ([first], []) == (rows(shop, kernel.file), rows(shop, upload))


@pytest.mark.requirement("F24")
@pytest.mark.parametrize("content", [PDF, PDF + b"other"])
def test_a_number_that_is_given_again(open_shop: Open, database_url: str, content: bytes) -> None:
    """SQLite gives the number of a file that is gone to the next one: that is somebody else's, whatever it holds."""
    visitor = opened(open_shop, database=database_url)
    assert 201 == send(visitor, token(visitor), "papers", "a.pdf", "application/pdf", PDF).status_code
    (gone,), host = rows(visitor.shop, kernel.file), visitor.shop.host
    visitor.shop.clock.advance(timedelta(hours=23))
    with host.database.transaction() as unit:
        unit.run(sa.delete(kernel.file))
        store.keep(host.context(unit, host.actor("head")), "mine.pdf", "application/pdf", content)
        unit.run(sa.update(kernel.file).values(id=gone))
    later(visitor.shop, hours=2)
    assert ([gone], []) == (rows(visitor.shop, kernel.file), rows(visitor.shop, upload))


def test_time_passes_without_public_forms(open_shop: Open) -> None:
    """What visitors left goes also when the form they sent it by is not there any more."""
    assert {"forms.expire", "forms.expire_uploads"} <= {each.name for each in open_shop().host.app.timers}


@pytest.mark.requirement("F24")
def test_uploads_at_one_instant(open_shop: Open, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that come together do not both take the last place."""
    visitor = opened(open_shop, database=database_url)
    host, page, met = visitor.shop.host, token(visitor), Barrier(2)
    monkeypatch.setattr(files, "A_PAGE", 1)
    put = host.files.put

    def slowly(content: bytes) -> str:
        with suppress(BrokenBarrierError):
            met.wait(0.5)
        return put(content)

    monkeypatch.setattr(host.files, "put", slowly)

    def once(number: int) -> bool:
        sent = {"field": "papers", "file_name": "a.pdf", "media_type": "application/pdf", "content": PDF, **page}
        try:
            host.ask(Actor(id=None), "forms.public_upload", form="applicant", name="apply", **sent)
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert [False, True] == sorted(pool.map(once, range(2)))


def test_a_form_called_files(open_shop: Open) -> None:
    """What everybody may send stays small where a public form has the name of the address for files."""
    visitor = opened(open_shop, {**FACE, "name": "files"})
    assert 413 == visitor.post("public/applicant/files", {"values": {"name": "x" * 70_000}}).status_code
