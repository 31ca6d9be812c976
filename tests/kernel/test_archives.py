"""Archives that were made to hurt, or were hurt on their way, at each door that takes one."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from lowcode.forms.operations import sheets
from lowcode.kernel.definitions import archives, load
from lowcode.kernel.diagnostics import Rejected, Report
from lowcode.printing.blocks.drawing import office

SIZE = 40 * 2**20


def definitions(content: bytes) -> str:
    """An app as an archive."""
    report = Report()
    load(content, report)
    return report.findings[0].code


def template(content: bytes) -> str:
    """A Word file that papers are made of."""
    try:
        office.cleaned(content)
    except office.Refused as refused:
        return refused.key
    return "taken"


def workbook(content: bytes) -> str:
    """A workbook whose rows are imported."""
    try:
        list(sheets.stream("x.xlsx", io.BytesIO(content)))
    except Rejected as refused:
        return refused.problems[0].code
    return "taken"


DOORS = [
    (definitions, ("app.json", "forms/客户.json"), "definitions.unreadable"),
    (template, ("word/document.xml", "[Content_Types].xml"), "no-office"),
    (workbook, ("xl/workbook.xml", "xl/worksheets/sheet1.xml"), "forms.unreadable-file"),
]


def archive(names: tuple[str, ...], method: int, content: bytes) -> bytes:
    """An archive whose directory says that its members are small."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as packed:
        for name in names:
            packed.writestr(name, content)
        for each in packed.filelist:
            each.file_size = min(each.file_size, 500)
    return made.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize(("door", "names", "code"), DOORS)
def test_what_unpacks_all_at_once_is_not_opened(
    door: Callable[[bytes], str], names: tuple[str, ...], code: str, method: int
) -> None:
    """A few hundred bytes packed by bzip2 or LZMA are gigabytes once a single byte of them is asked for."""
    content = archive(names, method, b" " * SIZE)
    assert len(content) < SIZE / 1000
    tracemalloc.start()
    try:
        assert code == door(content)
        assert SIZE > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("door", "names", "code"), DOORS)
def test_a_broken_archive_is_refused_wherever_it_is_broken(
    door: Callable[[bytes], str], names: tuple[str, ...], code: str
) -> None:
    """Whichever byte was changed, and wherever it is cut off, it is read or refused, and never a fault."""
    whole = archive(names, zipfile.ZIP_DEFLATED, b"<a>" + bytes(range(32, 127)) + b"</a>")
    seen = {door(whole[:at] + bytes([other]) + whole[at + 1 :]) for at in range(len(whole)) for other in (0, 0xFF)}
    seen |= {door(whole[:at]) for at in range(0, len(whole), 7)}
    assert code in seen


def test_what_has_a_password_says_so() -> None:
    """It is whole, and nothing is wrong with it but that."""
    content = bytearray(archive(("app.json",), zipfile.ZIP_DEFLATED, b"{}"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    report = Report()
    load(bytes(content), report)
    finding = report.findings[0]  # that there is no app in it follows
    assert "has a password" in finding.message and "密码" in finding.values["problem"]["zh-CN"]


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device"), RecursionError("too deep"), RuntimeError("ours")]
)
def test_what_goes_wrong_around_an_archive_is_not_its_fault(fault: Exception) -> None:
    """A disk that is full while its members are laid out is told as it is: nothing is said of a file that is whole."""
    content = archive(("app.json",), zipfile.ZIP_DEFLATED, b"{}")
    with pytest.raises(type(fault), match=str(fault.args[-1])), archives.opened(io.BytesIO(content)):
        raise fault
