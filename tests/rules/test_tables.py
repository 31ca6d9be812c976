"""Decision tables: the cases of the corpus, the findings, and the index against the naive way."""

from __future__ import annotations

import base64
import io
import json
import re
import time
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.definitions import read_source
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Place, Rejected, Report
from lowcode.kernel.expressions import FieldShape, Moment, RecordShape, Shapes, Type
from lowcode.kernel.scope import Scope
from lowcode.rules.compile_table import compile_table
from lowcode.rules.decisions.decide import decide_record, explain
from lowcode.rules.decisions.dmn import OURS, read_dmn
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.decisions.workbook import WrongSheet, from_lines, read_workbook
from lowcode.rules.definition import TableDocument
from tests.rules.apps import trial
from tests.rules.test_assign import TERRITORY

CORPUS = Path(__file__).parent.parent / "conformance" / "rules"
CASES = json.loads((CORPUS / "tables.json").read_text("utf-8"))
WRONG = json.loads((CORPUS / "table_findings.json").read_text("utf-8"))
MOMENT = Moment(now=datetime(2026, 3, 2, tzinfo=UTC))

DMN = b'<definitions><decision name="t">%b</decision></definitions>'


def far() -> bytes:
    """A workbook of two cells, and the sheet between them."""
    cells = '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return made.getvalue()


def type_of(written: str) -> Type:
    """The type a corpus file names."""
    kind, _, options = written.partition(":")
    return Type(kind, options=tuple(options.split(",")) if options else None)  # type: ignore[arg-type]


def compiled(written: dict[str, Any], fields: dict[str, str]) -> tuple[DecisionTable | None, Report]:
    """A table over a record of some fields, and what was found wrong with it."""
    report = Report()
    scope = Scope(SimpleNamespace(name="corpus"))
    shape = RecordShape("thing", {name: FieldShape(name, name, type_of(each)) for name, each in fields.items()})
    scope._shapes = Shapes({"thing": shape})
    scope.declare("form", "thing", None, Place(), report)
    data = {"name": "corpus", "type": "table", "form": "thing", **written}
    source = SourceDocument("rules", read_source("rules/corpus.json", data, report))
    return compile_table(TableDocument.model_validate(data), source, scope, report), report


def value(written: Any, kind: str) -> Any:
    """A value of the corpus as Python has it."""
    if written is None or not isinstance(written, str):
        return written
    return Decimal(written) if kind == "number" else date.fromisoformat(written) if kind == "date" else written


def plain(answer: Any) -> Any:
    """An answer as the corpus writes it."""
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    return str(answer) if isinstance(answer, Decimal) else answer


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    ("group", "case"),
    [(group, case) for group in CASES for case in group["cases"]],
    ids=lambda each: each.get("title", ""),
)
def test_the_corpus(group: dict[str, Any], case: dict[str, Any]) -> None:
    """Each case: which rows, which answers; by index and by the naive way alike."""
    table, report = compiled({**group["table"], **case.get("with", {})}, group["fields"])
    assert table is not None, str(report)
    record = {name: value(case["record"][name], kind) for name, kind in group["fields"].items()}
    decision = decide_record(table, record, MOMENT)
    assert list(decision.rows) == case["rows"]
    assert decision.conflict == case.get("conflict")
    if "outputs" in case:
        assert {name: plain(each) for name, each in decision.outputs.items()} == case["outputs"]
    values = table.asked(record, MOMENT)
    naive = table.hits_naively(values, MOMENT)
    assert table.hits(values, MOMENT) == (naive[:1] if table.hit == "FIRST" else naive)
    assert [each["row"] - 1 for each in explain(table, values, MOMENT) if each["hit"]] == naive


@pytest.mark.requirement("X21")
@pytest.mark.parametrize("case", WRONG, ids=lambda each: each["title"])
def test_findings(case: dict[str, Any]) -> None:
    """Each wrong table gets its findings, with code and place, and no other error or warning."""
    _, report = compiled(case["table"], case["fields"])
    found = [(each.code, each.place.pointer, each.message) for each in report if each.severity != "information"]
    assert [(code, pointer) for code, pointer, _ in found] == [(code, pointer) for code, pointer, _ in case["findings"]]
    for (_, _, message), (_, _, words) in zip(found, case["findings"], strict=True):
        assert words in message


numbers = st.integers(-3, 12).map(str)
number_cells = st.one_of(
    st.just("-"),
    st.just("blank"),
    st.lists(numbers, min_size=1, max_size=3).map(", ".join),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), numbers).map("".join),
    st.tuples(st.sampled_from("[("), numbers, numbers, st.sampled_from("])")).map(
        lambda each: f"{each[0]}{each[1]}..{each[2]}{each[3]}"
    ),
    st.just("MOD(?, 2) = 0"),
)
negatable = number_cells.filter(lambda each: each not in ("-",) and "?" not in each)
number_cells = st.one_of(
    number_cells,
    negatable.map(lambda each: f"not({each})"),
    st.lists(negatable, min_size=2, max_size=3).map(", ".join),
)
text_cells = st.one_of(
    st.just("-"),
    st.lists(st.sampled_from(['"a"', '"b"', '"c"', "blank"]), min_size=1, max_size=3).map(", ".join),
    st.lists(st.sampled_from(['"a"', '"b"', "blank"]), min_size=1, max_size=2).map(
        lambda each: f"not({', '.join(each)})"
    ),
)
rows = st.lists(st.tuples(number_cells, text_cells), min_size=1, max_size=8)
records = st.tuples(st.none() | st.integers(-4, 13).map(Decimal), st.sampled_from([None, "a", "b", "c", "d"]))


@settings(max_examples=150, deadline=None)
@given(rows, st.lists(records, min_size=1, max_size=12), st.sampled_from(["FIRST", "COLLECT", "UNIQUE"]))
def test_the_index_is_the_naive_table(cells: list[tuple[str, str]], given_records: list[Any], hit: str) -> None:
    """Indexed execution finds exactly the rows whose every cell's expression is met."""
    written = {
        "hit": hit,
        "inputs": [{"name": "n", "expression": "n"}, {"name": "t", "expression": "t"}],
        "outputs": [{"name": "v", "type": "number"}],
        "rules": [{"when": {"n": n, "t": t}, "then": {"v": str(at)}} for at, (n, t) in enumerate(cells)],
    }
    table, report = compiled(written, {"n": "number", "t": "text"})
    assert table is not None, str(report)
    for record in given_records:
        naive = table.hits_naively(record, MOMENT)
        assert table.hits(record, MOMENT) == (naive[:1] if hit == "FIRST" else naive)


@settings(max_examples=100, deadline=None)
@given(rows)
def test_the_check_is_exact(cells: list[tuple[str, str]]) -> None:
    """A row is called unreached exactly when no record has it as first hit; a gap exactly when a record hits none."""
    fixed = [(n, t) for n, t in cells if "?" not in n]
    if not fixed:
        return
    written = {
        "hit": "FIRST", "complete": True,
        "inputs": [{"name": "n", "expression": "n"}, {"name": "t", "expression": "t"}],
        "outputs": [{"name": "v", "type": "number"}],
        "rules": [{"when": {"n": n, "t": t}, "then": {"v": str(at)}} for at, (n, t) in enumerate(fixed)],
    }  # fmt: skip
    table, report = compiled(written, {"n": "number", "t": "text"})
    assert table is not None
    points = [None, *(Decimal(number) / 2 for number in range(-10, 30))]
    firsts = [table.hits((n, t), MOMENT) for n in points for t in (None, "a", "b", "c", "other")]
    reached = {found[0] for found in firsts if found}
    codes = [(each.code, each.place.pointer) for each in report]
    unreached = {int(pointer.rpartition("/")[2]) for code, pointer in codes if code == "rules.row-never-reached"}
    assert unreached == set(range(len(fixed))) - reached
    assert ("rules.gap" in {code for code, _ in codes}) == (not all(firsts))


def test_a_thousand_rows_against_ten_thousand_records() -> None:
    """The index makes it a few look-ups per record (rules.md 5.2: 10 ms on a quiet machine; a generous bound here)."""
    written = {
        "hit": "COLLECT",
        "inputs": [{"name": "t", "expression": "t"}, {"name": "n", "expression": "n"}],
        "outputs": [{"name": "v", "type": "number"}],
        "rules": [
            {"when": {"t": f'"city {at % 200}"', "n": f">= {at % 50}"}, "then": {"v": "1"}} for at in range(1000)
        ],
    }
    table, report = compiled(written, {"t": "text", "n": "number"})
    assert table is not None, str(report)
    asked = [(f"city {number % 250}", Decimal(number % 60)) for number in range(10_000)]
    started = time.perf_counter()
    hits = sum(len(table.hits(each, MOMENT)) for each in asked)
    assert time.perf_counter() - started < 1.5
    assert hits == sum(1 for t, n in asked for at in range(1000) if t == f"city {at % 200}" and n >= at % 50)


@pytest.mark.requirement("X10")
def test_a_table_answers_and_explains_itself(database_url: str) -> None:
    """`rules.decide` says which row, which cells and which values; LOOKUPTABLE gives the same in an expression."""
    score = {
        "name": "score", "form": "lead", "on": {"created": True, "updated": True}, "phase": "before",
        "actions": [{"set": {"note": 'LOOKUPTABLE("territory", "user", province, budget)'}}],
    }  # fmt: skip
    with trial(database_url, TERRITORY, score) as app:
        lead = app.create(province="shanghai", budget=5000)
        assert app.get(lead)["note"] == "boss"
        found = app.ask("ann", "rules.decide", table="territory", record=lead)
        assert (found["rows"], found["outputs"]) == ([1], {"user": "boss"})
        assert found["explanation"][0]["cells"] == [
            {"input": "province", "cell": '"shanghai"', "value": "shanghai", "met": True},
            {"input": "budget", "cell": ">= 1000", "value": "5000.00", "met": True},
        ]
        values = {"province": "shanghai", "budget": "10"}
        assert app.ask("ann", "rules.decide", table="territory", values=values)["outputs"] == {"user": "cai"}


SHEETS: list[dict[str, Any]] = [
    TERRITORY,
    {
        "name": "discount",
        "type": "table",
        "title": {"zh-CN": "折扣", "en": "Discount"},
        "help": "Who gets how much",
        "form": "lead",
        "hit": "PRIORITY",
        "inputs": [
            {"name": "budget", "expression": "budget", "title": {"zh-CN": "预算", "en": "Budget"}},
            {"name": "since", "expression": "contract_end"},
        ],
        "outputs": [{"name": "level", "type": "choice", "values": ["high", "low"]}, {"name": "rate", "type": "number"}],
        "rules": [
            {"when": {"budget": "[100..500)"}, "then": {"level": '"low"', "rate": "0.05"}, "note": "usual"},
            {
                "when": {"budget": ">= 300", "since": '< DATE("2026-01-01"), blank'},
                "then": {"level": '"high"', "rate": "0.1"},
            },
            {
                "when": {"budget": "not(1, 2)"},
                "then": {"level": '"low"', "rate": "0"},
                "note": {"zh-CN": "其他", "en": "other"},
            },
        ],
        "otherwise": {"level": '"low"', "rate": "0"},
        "complete": True,
    },
    {
        "name": "points",
        "type": "table",
        "form": "lead",
        "hit": "COLLECT",
        "aggregate": "SUM",
        "inputs": [{"name": "grade", "expression": "grade"}],
        "outputs": [{"name": "points", "type": "number"}],
        "rules": [{"when": {"grade": '"A", "B"'}, "then": {"points": "10"}}, {"when": {}, "then": {"points": "1"}}],
    },
]  # fmt: skip


@pytest.mark.requirement("X21")
@pytest.mark.parametrize("document", SHEETS, ids=lambda each: each["name"])
@pytest.mark.parametrize("format_", ["xlsx", "dmn"])
def test_a_table_goes_to_a_file_and_back(document: dict[str, Any], format_: str) -> None:
    """What is written to a workbook or to DMN XML and read again is the same document."""
    with trial("sqlite://", document) as app:
        written = app.ask(None, "rules.write_table", table=document["name"], format=format_)
        assert written["name"] == f"{document['name']}.{format_}"
        again = app.ask(None, "rules.read_table", content=written["content"], format=format_)
        assert again == document


@pytest.mark.requirement("X21")
def test_a_file_of_another_tool_is_read() -> None:
    """DMN without our extension, and a sheet in which somebody typed numbers and days, are read as well."""
    xml = (CORPUS / "other_tool.dmn").read_bytes()
    document = read_dmn(xml)
    assert document["name"] == "shipping_cost"
    assert document["inputs"] == [
        {"name": "weight", "expression": "weight"},
        {"name": "express", "expression": "express"},
    ]
    assert document["rules"][0] == {"when": {"weight": "<= 5"}, "then": {"cost": "10"}, "note": "light"}
    assert document["rules"][1]["when"] == {"weight": "> 5, blank", "express": "true"}
    assert document["outputs"] == [{"name": "cost", "type": "number"}]
    lines = [
        ["name", "t"],
        ["column", "when", "then"],
        ["name", "age", "n"],
        ["expression", "age", "number"],
        ["1", "18", "3"],
    ]
    assert from_lines(lines)["rules"] == [{"when": {"age": "18"}, "then": {"n": "3"}}]


@pytest.mark.parametrize(
    ("content", "format_", "words"),
    [
        (b"<x", "dmn", "no XML"),
        (b"<definitions/>", "dmn", "no decision with a decision table"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "dmn", "document type"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "dmn", "no XML"),
        (b"<a>" * 200 + b"</a>" * 200, "dmn", "too deep"),
        (DMN % b'<decisionTable hitPolicy="LAST"/>', "dmn", "no hit policy"),
        (DMN % b"<decisionTable><rule><inputEntry/></rule></decisionTable>", "dmn", "cells for 0"),
        (DMN % b"<decisionTable><output><outputValues><text>x</text></outputValues></output></decisionTable>", "dmn",
         "not a list"),
        (DMN % b"<decisionTable><output><outputValues><text>%s</text></outputValues></output></decisionTable>" %
         (b"[" * 100_000), "dmn", "not a list"),
        ('<?xml version="1.0" encoding="gb18030"?><a n="表"/>'.encode("gb18030"), "dmn", "UTF-8"),
        (b"nothing", "xlsx", "cannot be read"),
        (far(), "xlsx", "spans more than"),
    ],
)  # fmt: skip
def test_wrong_files(content: bytes, format_: str, words: str) -> None:
    """A file that is no table is refused with the reason, in both languages, whatever it would take to lay it out."""
    with trial("sqlite://") as app, pytest.raises(Rejected, match=words) as refused:
        app.ask(None, "rules.read_table", content=base64.b64encode(content).decode(), format=format_)
    [problem] = refused.value.problems
    assert re.search("[一-龥].*：.*[一-龥]", problem.words("zh-CN"))


def test_a_file_that_is_no_base64() -> None:
    """Whatever the text is, also one beyond ASCII, it is refused as what it is not."""
    with trial("sqlite://") as app:
        for text in ("not base64", "表格"):
            with pytest.raises(Rejected, match="not in Base64"):
                app.ask(None, "rules.read_table", content=text, format="xlsx")


@pytest.mark.parametrize("kept", ['{"columns": [1, {"name": []}], "notes": 5}', '{"columns": 7}', "[" * 100_000])
def test_what_stands_in_the_extension_may_be_anything(kept: str) -> None:
    """Whoever wrote the file may have written anything there; the table is read from what DMN says."""
    table = f'<extensionElements><t:table xmlns:t="{OURS}">{kept}</t:table></extensionElements><decisionTable/>'
    document = read_dmn(DMN % table.encode())
    assert document == {"name": "t", "type": "table", "hit": "UNIQUE", "inputs": [], "outputs": [], "rules": []}


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ([["name", "t"], ["nonsense", "x"]], 2, "nonsense"),
        ([["name", "t"]], 1, "no line 'column'"),
        ([["column", "asked"]], 1, "when, then or note"),
        ([["column", "when", "then"], ["name", "a", "b"]], 3, "'expression'"),
        ([["column", "when", "then"], ["name", "a", "b"], ["expression", "a", ""], ["1", "x"]], 4, "answers nothing"),
    ],
)
def test_wrong_sheets(lines: list[list[str]], line: int, words: str) -> None:
    """The line is named, and what is wrong with it."""
    with pytest.raises(WrongSheet, match=words) as wrong:
        from_lines(lines)
    assert wrong.value.line == line


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("", "line 2: column 3 has a formula without a result"),
        ("#N/A", "line 2: column 3 is #N/A"),
    ],
)
def test_formulas_that_say_nothing(result: str, words: str) -> None:
    """A formula without a result, or with an error for one, is no condition and no answer: its cell is named."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("table").write_formula("C2", "=A1", None, result)
    with pytest.raises(WrongSheet, match=words) as wrong:
        read_workbook(content.getvalue())
    assert isinstance(wrong.value.text, dict) and wrong.value.text["zh-CN"].startswith("第 2 行：第 3 列")


@pytest.mark.requirement("R21")
@pytest.mark.requirement("X21")
def test_one_statement_decides_for_all_records(database_url: str) -> None:
    """One SQL statement finds for every record the row that the table answers one by one."""
    with trial(database_url, *SHEETS[:2], SHEETS[2]) as app:
        leads = [
            app.create(province=province, budget=budget, contract_end=end)
            for province in ("shanghai", "beijing", None)
            for budget, end in ((None, None), (100, None), (400, date(2025, 5, 5)), (2000, date(2026, 5, 5)))
        ]
        for name in ("territory", "discount"):
            one_by_one = [app.ask(None, "rules.decide", table=name, record=each)["rows"] for each in leads]
            found = app.ask(None, "rules.decide_all", table=name)
            expected = Counter(rows[0] if rows else None for rows in one_by_one)
            assert {each["row"]: each["records"] for each in found["rows"] if each["records"]} == {
                row: count for row, count in expected.items() if row is not None
            }
            assert found["no_row"] == expected[None]
        with pytest.raises(Rejected) as refused:
            app.ask(None, "rules.decide_all", table="points")
        assert [each.code for each in refused.value.problems] == ["rules.not-one-statement"]
