"""Uploads that are meant to hurt: bombs, sheets without end, names that break headers, forms that end too early."""

from __future__ import annotations

import io
import sys
import tracemalloc
import zipfile
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from lowcode.kernel import workbooks
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.storage.files import FileStore, GivenFiles, keep
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
        (b"company\n" + b"," * 2_100_000, "2097152 characters"),
        (b"company\n" + (b"," * 1000 + b'"\n"') * 2100, "2097152 characters"),
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


WRITTEN = [
    ('filename="报价.pdf"', "报价.pdf"), ("filename=plain.txt", "plain.txt"), ('filename=""', ""),
    (r'filename="a \"b\" \\ c\d; name=x.txt"', r'a "b" \ c\d; name=x.txt'), ('filename="a%22b%20.txt"', 'a"b%20.txt'),
    ("filename=\"fallback.txt\"; filename*=UTF-8''%E6%8A%A5%e4%bb%b7.txt", "报价.txt"),
    ("filename*=iso-8859-1'de'%E4.txt", "ä.txt"), ("filename=\"x.txt\"; filename*=x-none''%E4.txt", "x.txt"),
    ("filename=\"x.txt\"; filename*=%E4.txt", "x.txt"), ("FileName = x.txt ;", "x.txt"), ("filename=a;filename=b", "a"),
    ('\r\n\tfilename="folded.txt"', "folded.txt"), ("size=3", None), (f'filename="{"报" * 255}"', "报" * 255),
    (f"filename*=utf-8''{'%E6%8A%A5' * 255}", "报" * 255),
]  # fmt: skip


@pytest.mark.parametrize(("written", "name"), WRITTEN)
def test_the_name_of_a_file(written: str, name: str | None) -> None:
    """As browsers and programs write it: in quotes, with what stands for a quote, folded, in any script."""
    fields, files = parse_form(form_of([f'form-data; name="file"; {written}']))
    assert ({"file": "x"}, {}) == (fields, files) if name is None else {"file": (name, "text/csv", b"x")} == files


@pytest.mark.parametrize(
    "head",
    ["(" * 3900, 'form-data; name="' + "(" * 3900, '"a"a' * 980, 'form-data; name="' + '"a"a' * 970, ";" * 3900,
     ";a" * 1900, '\\"' * 1900, 'form-data; name="' + "\\" * 3900, "form-data; name=x" + " " * 3900 + "y",
     "form-data; name*" + "0*" * 1900 + "=x", "form-data; name=a b", "=" * 3900, "form-data", "", "\r\n\t" * 1300,
     "form-data; name=x; filename*=utf-8''" + "%" * 3800,
     "form-data; name=x; filename*=utf-8''" + "%41" * 1250, "form-data; name=" + "a" * 4000],
)  # fmt: skip
def test_what_a_part_says_of_itself_is_read_once(head: str) -> None:
    """A hundred parts whose heads are as bad as can be are given up after some steps each, and are nobody's fault but
    the sender's. Steps are counted, not time: the library took more of them for each character of a head."""
    request = form_of([head] * 100)
    steps = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        parse_form(request)
    except Rejected as refused:
        assert "http.bad-part" == refused.problems[0].code
    finally:
        sys.settrace(before)
    assert 3 * len(request.body) > steps


def test_a_form_of_too_many_parts() -> None:
    """A hundred are more than any form of ours has."""
    assert {"x": "x"} == parse_form(form_of(["form-data; name=x"] * 100))[0]
    with pytest.raises(Rejected, match="at most 100 parts"):
        parse_form(form_of(["form-data; name=x"] * 101))


def form_of(dispositions: list[str]) -> Request:
    """A form of such parts."""
    parts = [f"--b\r\ncontent-type: text/csv\r\ncontent-disposition: {each}\r\n\r\nx\r\n" for each in dispositions]
    headers = {"content-type": 'multipart/form-data; charset=utf-8; boundary="b"'}
    return Request("POST", "api/files", headers=headers, body=("".join(parts) + "--b--\r\n").encode())


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


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../planted", "planted", "ab", "A" * 64, "a" * 63 + "/", "a" * 9000, ""]
)
def test_only_a_digest_names_contents(tmp_path: Path, name: str) -> None:
    """Whoever says which contents are meant says a digest; anything else is no file, and no way to one."""
    (tmp_path / "planted").write_bytes(b"{}")
    store = FileStore(tmp_path / "files")
    service: Any = Planted()
    kept = store.put(b"kept")
    with store.open(kept) as opened:
        assert (b"kept", b"kept") == (store.get(kept), opened.read())
    for read in (store.get, store.open, GivenFiles(service, tmp_path).get):
        with pytest.raises(NotFound):
            read(f"{tmp_path}/planted" if name == "planted" else name)


class Planted:
    """A service of the embedding program that has something under every name."""

    def get(self, digest: str) -> bytes:
        return b"planted"
