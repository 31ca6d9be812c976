"""Uploads that are meant to hurt: bombs, sheets without end, names that break headers, forms that end too early."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from lowcode.forms.operations import workbooks
from lowcode.kernel.storage.files import keep
from lowcode.web.messages import Request
from lowcode.web.multipart import parse_form
from tests.api.app import open_shop
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def book(sheet: bytes, workbook: str = "xl/workbook.xml") -> bytes:
    """A workbook with one sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(workbook, "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return made.getvalue()


@pytest.fixture
def visitor(open_shop: Open, tmp_path: Path) -> Visitor:
    return Visitor(open_shop(files=str(tmp_path))).sign_in("root")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (book(b" " * (4 * 2**20)), "unpacks"),
        (book((HEAD + FAR).encode()), "spans"),
        (book((HEAD + FAR.replace("<c ", "<x:c s='1' ")).encode()), "spans"),
        (book(b"", workbook="content.xml"), "no .xlsx"),
        (b"PK\x03\x04" + b"\0" * 100, "zip"),
        (b"," * 20_000 + b"\n" + b"," * 20_000, "16384 cells"),
    ],
)
def test_workbooks_that_would_not_fit(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, content: bytes, reason: str
) -> None:
    """A bomb is recognised before it is unpacked, a sheet of two far cells before it is laid out."""
    monkeypatch.setattr(workbooks, "UNPACKED_LIMIT", 2 * 2**20)
    answer = visitor.ask("POST", "api/import/lead", files={"file": ("x.xlsx", content)})
    assert (422, "forms.unreadable-file") == problem(answer)[:2]
    assert reason in answer.json()["detail"]


def test_names_that_would_break_a_header(visitor: Visitor) -> None:
    """Line breaks and halves of characters in a file name are gone before it reaches a header."""
    host = visitor.shop.host
    name = "a\r\nSet-Cookie: x\udc80.txt"
    made = host.write(lambda unit: keep(host.context(unit, host.actor("root")), name, "text/plain", b"x"))
    assert "a__Set-Cookie: x?.txt" == made["name"]
    answer = visitor.get(f"api/files/{made['id']}")
    assert 200 == answer.status_code and "set-cookie" not in answer.headers


def test_a_file_is_cut_out_as_it_is(visitor: Visitor) -> None:
    """Whatever it says it is and however it is written: a letter, lines that begin like the boundary, a blank end. Many
    short lines take no more memory than a few long ones."""
    contents = [
        ("message/rfc822", b"Subject: x\r\n\r\nwords\r\n"), ("multipart/mixed; boundary=c", b"--c\r\n\r\nx\r\n--c--"),
        ("text/plain", b"--b\r\n"), ("text/plain", b"\r\n--bc\r\n--b-\r\n"), ("text/plain", b""),
        ("text/plain", b"\n" * 7),
    ]  # fmt: skip
    for media_type, content in contents:
        head = f'content-disposition: form-data; name="file"; filename="x"\r\ncontent-type: {media_type}'
        form = b"--bb\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n--bb--\r\n"
        request = Request("POST", "api/files", headers={"content-type": "multipart/form-data; boundary=bb"}, body=form)
        assert ({}, content) == (parse_form(request)[0], parse_form(request)[1]["file"][2])
    lines = b'--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n' + b"a\n" * 2**20 + b"\r\n--b--"
    request = Request("POST", "api/files", headers={"content-type": "multipart/form-data; boundary=b"}, body=lines)
    tracemalloc.start()
    parse_form(request)
    assert 2 * len(lines) > tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_whoever_is_nobody_has_no_form_read(open_shop: Open) -> None:
    """Neither a file nor rows of one are looked at before it is known who sends them."""
    headers = {"content-type": "multipart/form-data; boundary=b"}
    for place in ("api/files", "api/import/lead"):
        assert 401 == Visitor(open_shop()).ask("POST", place, content=b"x", headers=headers).status_code


def test_forms_that_end_too_early(visitor: Visitor) -> None:
    """A form cut off on its way is refused: half a file would be kept, half the rows imported."""
    whole = b'--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\ncompany\r\nAcme\r\n--b--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    for cut in (1, 5, 20, 40):
        answer = visitor.ask("POST", "api/import/lead", content=whole[: -4 - cut], headers=headers)
        assert (422, "http.cut-off") == problem(answer)[:2]
    assert [] == visitor.get("api/records/lead").json()["items"]
    deep = b"".join(b"--b\r\ncontent-type: multipart/mixed; boundary=b\r\n\r\n" for _ in range(3000)) + b"--b--"
    assert 422 == visitor.ask("POST", "api/files", content=deep, headers=headers).status_code
    sent = {"file": ("x.csv", b"company\nAcme\n")}
    answer = visitor.ask("POST", "api/import/lead", files=sent, data={"mapping": "{"})
    assert (422, "http.bad-json") == problem(answer)[:2]
