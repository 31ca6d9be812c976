"""Files that are made while they are sent: three kinds of them, in bounded memory, of what the person may see."""

from __future__ import annotations

import csv
import gc
import io
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lowcode.forms.operations import export, writing, xlsx
from lowcode.kernel.diagnostics import Rejected
from tests.forms.firm import CUSTOMER, Firm, firm

PATIENT = {
    "name": "patient",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "phone", "type": "phone", "mask": "phone"},
        {"name": "pin", "type": "password"},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "export"]},
        {"role": "supervisor", "can": ["create", "read", "export", "reveal"]},
    ],
}


def fill(app: Firm, rows: int) -> None:
    """Customers of Ann's, as a list of them has them."""
    table = app.host.types["customer"].table
    at = datetime(2026, 1, 1, tzinfo=UTC)
    ann = app.person("ann")
    columns = {column.name: None for column in table.columns}
    with app.host.session() as context:
        context.unit.insert_many(
            table,
            [
                {**columns, "id": context.unit.new_ids(table, 1)[0], "version": 1, "created_at": at, "updated_at": at,
                 "owner": ann, "name": f"客户{number:06}", "budget": Decimal(number), "since": date(2026, 1, 2),
                 "tags": [], "double": Decimal(2 * number)}
                for number in range(1, rows + 1)
            ],
        )  # fmt: skip


def reading(app: Firm, login: str) -> Callable[[], AbstractContextManager[Any]]:
    @contextmanager
    def opened() -> Iterator[Any]:
        with app.host.database.reading() as unit:
            yield app.host.context(unit, app.host.actor(login))

    return opened


def streamed(app: Firm, login: str = "ann", **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = app.ask(login, "forms.stream", form="customer", reading=reading(app, login), **asked)
    return found


@pytest.mark.requirement("SF10", "F23")
def test_three_kinds_of_file_say_the_same(database_url: str) -> None:
    """A sheet and CSV in people's words, JSON lines in the API's values; streamed or whole, they are the same bytes."""
    with firm(database_url) as app:
        head = app.create("ann", "customer", name="总部 & <b>", grade="a", budget="123456.50", share="0.125")
        app.create("ann", "customer", name="分部", head=head, since="2026-01-31", called_at="2026-01-31T08:30:00Z")
        asked = {"sort": "-id", "language": "en"}
        made = {
            each: app.ask("ann", "forms.export", form="customer", format=each, **asked)["content"]
            for each in writing.MEDIA_TYPES
        }
        for kind, content in made.items():
            pieces = streamed(app, format=kind, **asked)
            whole = b"".join(pieces["content"])
            assert whole == content if kind != "xlsx" else sheet(whole) == sheet(content)
            assert (2, True) == (pieces["rows"], pieces["size"] > 0)
        titles, *rows = sheet(made["xlsx"])
        first, second = (dict(zip(titles, row, strict=True)) for row in rows)
        assert ("分部", "总部 & <b>", date(2026, 1, 31)) == (first["Name"], first["Head office"], first["Since"])
        assert datetime(2026, 1, 31, 16, 30) == first["Called"]
        assert ("总部 & <b>", "Key", 123456.5, 0.125) == tuple(
            second[each] for each in ("Name", "Grade", "Budget", "Share")
        )
        told = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"))))
        assert (titles, "123456.50") == (told[0], told[2][titles.index("Budget")])
        objects = [orjson.loads(line) for line in made["jsonl"].splitlines()]
        assert [head + 1, head] == [each["id"] for each in objects]
        assert (head, "2026-01-31T08:30:00Z", "123456.50") == (
            objects[0]["head"], objects[0]["called_at"], objects[1]["budget"],
        )  # fmt: skip
        assert "secret" not in objects[0]


def sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_what_changes_meanwhile(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each record stands in the file once, however the order changes on the way; one that is gone, or is no longer
    theirs, is left out, and between the pieces nothing is held: others write."""
    monkeypatch.setattr(export, "PAGE", 10)
    monkeypatch.setattr(export, "FIRST", 1)
    with firm(database_url) as app:
        fill(app, 40)
        made = streamed(app, format="csv", sort="budget")
        assert 40 == made["rows"]
        pieces = made["content"]
        begun = next(pieces) + next(pieces)
        app.ask("ann", "records.update", type="customer", id=1, values={"budget": 99})
        app.ask("ann", "records.update", type="customer", id=35, values={"budget": 0})
        app.ask("ann", "records.delete", type="customer", id=20)
        app.ask("boss", "records.update", type="customer", id=21, values={"owner": app.person("ben")})
        app.create("ann", "customer", name="新来的")
        names = [line.split(",")[0] for line in (begun + b"".join(pieces)).decode("utf-8-sig").splitlines()[1:]]
        assert [f"客户{number:06}" for number in range(1, 41) if number not in (20, 21)] == names


def test_masks_are_in_the_file_as_in_the_list() -> None:
    """Who may not reveal gets the mask; a password is in no file."""
    with firm("sqlite://", PATIENT) as app:
        app.create("ann", "patient", name="王小明", phone="13800138000", pin="geheim-genug")
        told = {
            login: [
                orjson.loads(line)
                for line in app.ask(login, "forms.export", form="patient", format="jsonl")["content"].splitlines()
            ]
            for login in ("ann", "boss")
        }
        assert ["138****8000", "13800138000"] == [told["ann"][0]["phone"], told["boss"][0]["phone"]]
        assert all("pin" not in each[0] for each in told.values())


def peak(app: Firm, kind: str, where: str | None) -> int:
    """The most bytes that were held while a file was made: the least of two takes, because other threads of this
    process and rubbish that is not collected yet may add to any of them, and never take away."""
    takes = []
    for _ in range(2):
        gc.collect()
        tracemalloc.start()
        try:
            assert sum(len(each) for each in streamed(app, format=kind, where=where)["content"]) > 0
            takes.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    return min(takes)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_memory_does_not_grow_with_the_table(kind: str) -> None:
    """Ten times the records take no more memory, beyond the eight bytes of each one's number."""
    with firm("sqlite://") as app:
        fill(app, 12_000)
        few, all_of_them = (peak(app, kind, where) for where in ("budget <= 1200", None))
        assert all_of_them < few * 1.5, (few, all_of_them)


def test_a_sheet_that_is_full_is_refused_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many records there are is known first; CSV takes them all."""
    monkeypatch.setattr(writing, "ROW_LIMIT", 2)
    with firm("sqlite://", CUSTOMER) as app:
        fill(app, 3)
        with pytest.raises(Rejected) as refused:
            streamed(app)
        assert "forms.sheet-full" == refused.value.problems[0].code
        assert 4 == len(b"".join(streamed(app, format="csv")["content"]).splitlines())


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("<>&'\" =+@_"), max_size=40)
VALUES = st.one_of(
    st.none(), TEXTS, st.integers(-(10**14), 10**14), st.booleans().map(int),
    st.decimals(-(10**9), 10**9, places=3, allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda each: each.replace(microsecond=0)),
)  # fmt: skip


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_sheet_gives_back_what_was_written(rows: list[list[Any]]) -> None:
    """Texts, numbers, days and instants, whatever stands in them, read by a program that is not ours."""
    made = xlsx.Xlsx(["a", "b", "c"], ["", "#,##0.000", "0.00%"])
    content = made.begin() + made.rows(rows) + made.end()
    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert ["a", "b", "c"] == found[0]
    told = [[*row, *[""] * (3 - len(row))] for row in found[1:]]
    told += [["", "", ""]] * (len(rows) - len(told))
    for wanted, got in zip((each for row in rows for each in row), (each for row in told for each in row), strict=True):
        if isinstance(wanted, datetime):
            same: Any = datetime.combine(got, time()) if type(got) is date else got
            assert abs(same - wanted) < timedelta(seconds=1)
        elif isinstance(wanted, (int, Decimal)):
            assert float(wanted) == got
        else:
            assert (wanted if wanted is not None else "") == got


def test_characters_that_no_sheet_can_hold() -> None:
    """Control characters are written as Excel does, and what looks like such a sign is not taken for one."""
    assert "a_x0001_b_x005F_x0041_" in xlsx.text("a\x01b_x0041_")
    assert ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"] == [xlsx.letters(each) for each in (0, 25, 26, 51, 52, 701, 702)]


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    """A name is read without dragging its column first, a long text does not push the rest away, Chinese characters
    take two places; the titles stay in sight and have their filters."""
    sheet = xlsx.Xlsx(["编号", "Name", "备注", "At"])
    first: list[Any] = ["C1", "Bandung Tirta Instruments PT", "很" * 99, datetime(2026, 3, 2, 9)]
    rows = [first, ["C2", None, None, None]]
    pieces = [sheet.begin(), sheet.rows(rows), sheet.end()]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).active
    assert book is not None
    widths = [book.column_dimensions[letter].width for letter in "ABCD"]
    assert ([9, 29, 48, 17], "A2", "A1:D3") == (widths, book.freeze_panes, book.auto_filter.ref)
    empty = openpyxl.load_workbook(io.BytesIO(b"".join([(bare := xlsx.Xlsx(["编号"])).begin(), bare.end()]))).active
    assert empty is not None
    assert ("编号", "A1:A1") == (empty["A1"].value, empty.auto_filter.ref)


def test_long_texts_go_on_in_the_next_line() -> None:
    """Of their cell, whose row is as high as they need; of a very long one the beginning is seen. What stands beside
    them stands at the top, too."""
    sheet = xlsx.Xlsx(["备注", "编号"], [xlsx.WRAPPED, ""])
    texts = ["short", "one\ntwo", "很" * 50, "x" * 9000, "\n" * 40, None, ""]
    book = openpyxl.load_workbook(
        io.BytesIO(sheet.begin() + sheet.rows([[t, "1"] for t in texts]) + sheet.end())
    ).active
    assert book is not None
    assert [None, 30, 45, 180, 180, None, None] == [book.row_dimensions[at].height for at in range(2, 9)]
    assert (True, "top", "top") == (
        book["A2"].alignment.wrap_text,
        book["A2"].alignment.vertical,
        book["B2"].alignment.vertical,
    )


def test_columns_look_as_their_fields() -> None:
    """A month without a day, an amount with the places of its currency, a long text in several lines."""
    fields = [
        {"name": "month", "type": "date", "precision": "month"}, {"name": "yen", "type": "money", "currency": "JPY"},
        {"name": "yuan", "type": "money", "scale": 4, "currency": "CNY"}, {"name": "note", "type": "long_text"},
        {"name": "dinar", "type": "money", "scale": 3, "currency": "KWD"},
        {"name": "size", "type": "number", "scale": 3},
    ]  # fmt: skip
    bill = {"name": "bill", "fields": fields, "permissions": [{"role": "sales", "can": ["create", "read", "export"]}]}
    with firm("sqlite://", bill) as app:
        app.create("ann", "bill", month="2026-03", yen=1, yuan=1, note="a", dinar=1, size=1)
        content = app.ask("ann", "forms.export", form="bill")["content"]
    book = openpyxl.load_workbook(io.BytesIO(content)).active
    assert book is not None
    assert ["yyyy-mm", "#,##0", "#,##0.00##", "General", "#,##0.000", "#,##0.000"] == [
        each.number_format for each in list(book[2])[:6]
    ]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("商机", "商机"), ("A/B: [x]*?", "A B   x"), ("'quoted'", "quoted"), ("History", "Sheet1"), ("", "Sheet1"),
     ("很" * 40, "很" * 31), ("R&D <1>", "R&D <1>"), ("It's", "It's")],
)  # fmt: skip
def test_a_sheet_is_called_as_its_form(wanted: str, name: str) -> None:
    """As far as Excel allows; on paper its columns stand on one page, below the titles, with its name and the page."""
    sheet = xlsx.Xlsx(["a", "b"], name=wanted)
    book = openpyxl.load_workbook(io.BytesIO(sheet.begin() + sheet.rows([["1", "2"]]) + sheet.end())).active
    assert book is not None
    assert (name, "1:1") == (book.title, str(book.print_title_rows).replace("$", ""))
    setup = book.page_setup
    assert ("landscape", 1, 0, True) == (
        setup.orientation, setup.fitToWidth, setup.fitToHeight, book.sheet_properties.pageSetUpPr.fitToPage,
    )  # fmt: skip
    wide = xlsx.Xlsx(["a" * 60] * 5)
    other = openpyxl.load_workbook(io.BytesIO(wide.begin() + wide.end())).active
    assert other is not None
    assert (False, 60) == (other.sheet_properties.pageSetUpPr.fitToPage, other.page_setup.scale), "it could not be read"
    assert "&P" in (book.oddFooter.right.text or "") and "&A" in (book.oddFooter.left.text or "")


def test_a_template_says_what_belongs_in_its_cells() -> None:
    """What a record needs has a star, choices are offered by their titles in the language, days look like days before
    one is typed, and how a value is written is said at its cell."""
    with firm("sqlite://") as app:
        made = app.ask("ann", "forms.export", form="customer", format="xlsx", template=True, language="zh-CN")
    book = openpyxl.load_workbook(io.BytesIO(made["content"])).active
    assert book is not None
    titles = {str(cell.value): cell.column_letter for cell in book[1]}
    assert "名称*" in titles
    said = {str(each.sqref).partition("2:")[0]: each for each in book.data_validations.dataValidation}
    grade, since = said[titles["级别"]], said[titles["起始"]]
    assert "yyyy-mm-dd" == book.column_dimensions[titles["起始"]].number_format
    assert "@" == book.column_dimensions[titles["名称*"]].number_format, "leading zeros stay"
    assert ("list", '"重点,普通"', "warning", "请从列表选择。") == (
        grade.type, grade.formula1, grade.errorStyle, grade.prompt,
    )  # fmt: skip
    assert (None, "日期，如 2026-03-31") == (since.type, since.prompt)
    assert ("必填。", "名称*") == (said[titles["名称*"]].prompt, said[titles["名称*"]].promptTitle)


def test_choices_that_do_not_fit_are_not_offered() -> None:
    """A choice with a comma would be two, a list that is too long breaks the file; what is said stays."""
    titles = ["a", "b", "c"]
    odd = '<"&>'
    hints = [xlsx.Hint(["x, y", "z"], "w"), xlsx.Hint(["很" * 100, "长" * 200]), xlsx.Hint([odd, "b"], odd + "w" * 300)]
    sheet = xlsx.Xlsx(titles, hints=hints)
    book = openpyxl.load_workbook(io.BytesIO(sheet.begin() + sheet.end())).active
    assert book is not None
    found = [(each.type, str(each.sqref), len(each.prompt)) for each in book.data_validations.dataValidation]
    assert [(None, "A2:A1048576", 1), (None, "C2:C1048576", 255)] == found
