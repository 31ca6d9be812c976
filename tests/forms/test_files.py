"""Records out to files and in again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from lowcode.forms.operations import sheets
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.forms.firm import Firm, firm


def rows(made: dict[str, Any]) -> list[list[Any]]:
    """The rows of a file that was made."""
    if made["name"].endswith(".csv"):
        return list(csv.reader(io.StringIO(made["content"].decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(made["content"])).get_sheet_by_index(0).to_python()


def sheet(*lines: str) -> bytes:
    """A CSV file."""
    return "\n".join(lines).encode("utf-8-sig")


def bring(app: Firm, content: bytes, login: str = "ann", **options: Any) -> dict[str, Any]:
    """Import customers."""
    found: dict[str, Any] = app.ask(login, "forms.import", form="customer", name="x.csv", content=content, **options)
    return found


@pytest.mark.requirement("SF10")
def test_an_export_is_in_words_and_only_of_what_one_may_see(database_url: str) -> None:
    """A view's columns and order; titles of options, names of links; hidden fields and others' rows are left out."""
    with firm(database_url) as app:
        head = app.create("ann", "customer", name="总部", grade="a", budget="1234.50")
        app.create("ann", "customer", name="分部", grade="a", head=head, budget="5", agent=app.person("ben"))
        app.create("ben", "customer", name="别人", grade="a")
        made = app.ask("ann", "forms.export", form="customer", format="xlsx", view="key", language="zh-CN")
        assert made["name"] == "客户-2026-03-02.xlsx"
        assert rows(made) == [["名称", "预算", "总部 / 名称"], ["总部", 1234.5, ""], ["分部", 5.0, "总部"]]
        everything = rows(app.ask("ann", "forms.export", form="customer", format="csv", sort="name", language="en"))
        assert "Secret" not in everything[0]
        named = [dict(zip(everything[0], row, strict=True)) for row in everything[1:]]
        assert sorted((row["Name"], row["Grade"], row["Head office"], row["Agent"]) for row in named) == [
            ("分部", "Key", "总部", "Ben"),
            ("总部", "Key", "", ""),
        ]
        assert "Secret" in rows(app.ask("boss", "forms.export", form="customer", format="csv", language="en"))[0]
        with pytest.raises(Forbidden):
            app.ask("rea", "forms.export", form="customer")
        with pytest.raises(NotFound):
            app.ask("ann", "forms.export", form="customer", view="boss")


def test_an_export_pages_through_everything_once(database_url: str) -> None:
    """More rows than a page: each exactly once, in order, blanks last."""
    with firm(database_url) as app:
        with app.host.session(app.host.actor("ann")) as context:
            for index in range(1203):
                values = {"name": f"n{index:04}", "budget": index % 7 or None}
                context.ask("records.create", type="customer", values=values)
        found = rows(app.ask("ann", "forms.export", form="customer", format="csv", sort="budget,name"))
        title = found[0].index("预算")
        keys = [(row[title] == "", Decimal(row[title] or 0), row[0]) for row in found[1:]]
        assert (len(keys), sorted(keys)) == (1203, keys)


def test_no_cell_runs_as_a_formula(database_url: str) -> None:
    """A name that begins like a formula comes out harmless, and comes in again as it was."""
    with firm(database_url) as app:
        app.create("ann", "customer", name='=HYPERLINK("http://x")', budget="-0")
        made = app.ask("ann", "forms.export", form="customer", format="csv")
        assert rows(made)[1][0] == '\'=HYPERLINK("http://x")'
        assert rows(app.ask("ann", "forms.export", form="customer", format="xlsx"))[1][0] == '=HYPERLINK("http://x")'
        assert bring(app, made["content"])["create"] == 1
        names = [each["name"] for each in app.ask("ann", "records.list", type="customer")["items"]]
        assert names == ['=HYPERLINK("http://x")'] * 2


@pytest.mark.requirement("SF11")
def test_a_dry_run_says_what_an_import_does(database_url: str) -> None:
    """The same counts and problems, cell by cell, and nothing written; then the good rows are there."""
    with firm(database_url) as app:
        head = app.create("ann", "customer", name="总部")
        content = sheet(
            "名称*,电话,级别,预算,占比,起始,致电,总部,业务员,标签,备注",
            '恒启,138 0013 8000,重点,"1,200.50",15%,2026/3/1,2026-03-01 09:30,总部,ben,"老客户，华东",忽略',
            "云帆,不是电话,普通,abc,,,,无此总部,谁,,",
            ",13900139000,,,,,,,,,",
            "",
        )
        dry = bring(app, content, dry_run=True)
        assert (dry["rows"], dry["create"], dry["refused"]) == (3, 1, 2)
        assert [each["field"] for each in dry["columns"]][-2:] == ["tags", None]
        assert sorted((each["row"], each["field"]) for each in dry["problems"]) == [
            (3, "agent"),
            (3, "budget"),
            (3, "head"),
            (3, "phone"),
            (4, "name"),
        ]
        assert all(each["column"] and each["detail"] for each in dry["problems"])
        assert len(app.ask("ann", "records.list", type="customer")["items"]) == 1
        real = bring(app, content)
        assert {**real, "batch": None, "dry_run": True} == {**dry, "batch": None}
        (found,) = app.ask("ann", "records.list", type="customer", where='name = "恒启"')["items"]
        expected = {
            "phone": "13800138000",
            "grade": "a",
            "budget": Decimal("1200.50"),
            "share": Decimal("0.1500"),
            "since": date(2026, 3, 1),
            "called_at": datetime(2026, 3, 1, 1, 30, tzinfo=UTC),
            "head": head,
            "agent": app.person("ben"),
            "tags": ["老客户", "华东"],
            "double": Decimal("2401.00"),
        }
        assert {name: found[name] for name in expected} == expected


def test_an_import_updates_or_skips_what_is_there(database_url: str) -> None:
    """By the rules for duplicates; and a unique value that is taken is refused at its cell."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="恒启", phone="13800138000", email="a@b.cn")
        content = sheet("名称,电话,邮箱", "恒启新,13800138000,", "新,13900139000,")
        assert (bring(app, content, duplicates="skip", dry_run=True)["skip"]) == 1
        found = bring(app, content, duplicates="update")
        assert (found["create"], found["update"]) == (1, 1)
        assert app.ask("ann", "records.get", type="customer", id=one)["name"] == "恒启新"
        for dry_run in (True, False):
            taken = bring(app, sheet("名称,邮箱", "x,A@b.cn", "y,c@d.cn", "z,c@d.cn"), dry_run=dry_run)
            assert [(each["row"], each["field"]) for each in taken["problems"]] == [(2, "email"), (4, "email")]
            assert taken["create"] == 1


def test_an_import_can_be_taken_back(database_url: str) -> None:
    """As long as nobody has worked on the records, and only once, by who did it."""
    with firm(database_url) as app:
        batch = bring(app, sheet("name", "a", "b", "c"))["batch"]
        first = app.ask("ann", "records.list", type="customer", sort=("id",))["items"][0]["id"]
        app.ask("ann", "records.update", type="customer", id=first, values={"budget": "1"})
        with pytest.raises(NotFound):
            app.ask("ben", "forms.undo_import", batch=batch)
        assert app.ask("ann", "forms.undo_import", batch=batch) == {
            "deleted": 2, "restored": 0, "kept": [first], "left": [],
        }  # fmt: skip
        with pytest.raises(NotFound):
            app.ask("ann", "forms.undo_import", batch=batch)


@pytest.mark.requirement("F22", "X14")
def test_what_an_import_changed_is_as_it_was_when_it_is_taken_back(database_url: str) -> None:
    """Fields it filled and overwrote; not those of a record that somebody changed since."""
    with firm(database_url) as app:
        ids = [app.create("ann", "customer", name=name, email=f"{name}@b.cn", budget="1") for name in "abc"]
        before = [app.ask("ann", "records.get", type="customer", id=each) for each in ids]
        content = sheet("name,email,budget,grade", "A,a@b.cn,2,a", "B,b@b.cn,2,b", "c,c@b.cn,1,", "d,d@b.cn,4,")
        found = bring(app, content, duplicates="update", keys=("email",))
        assert (found["create"], found["update"]) == (1, 3)
        app.ask("ann", "records.update", type="customer", id=ids[1], values={"share": "10%"})
        undone = app.ask("ann", "forms.undo_import", batch=found["batch"])
        assert undone == {"deleted": 1, "restored": 1, "kept": [ids[1]], "left": []}
        after = [app.ask("ann", "records.get", type="customer", id=each) for each in ids]
        fields = ("name", "email", "budget", "grade")
        told = [[{name: each[name] for name in fields} for each in records] for records in (before, after)]
        assert told[0][0] == told[1][0] and told[0][2] == told[1][2]
        assert told[1][1] == {"name": "B", "email": "b@b.cn", "budget": Decimal("2.00"), "grade": "b"}


@pytest.mark.requirement("F21", "X14")
def test_cells_are_corrected_where_they_stand(database_url: str) -> None:
    """A refused row is put right without another file; stopping saves nothing while one is refused."""
    with firm(database_url) as app:
        content = sheet("name,budget", "a,1", "b,much", ",3")
        stopped = bring(app, content, on_error="stop")
        assert (stopped["create"], stopped["refused"], stopped["batch"]) == (0, 2, None)
        assert app.ask("ann", "records.list", type="customer")["items"] == []
        assert [(each["row"], each["field"]) for each in stopped["problems"]] == [(3, "budget"), (4, "name")]
        fixes = {3: {"budget": "2"}, 4: {"name": "c"}}
        assert bring(app, content, fixes=fixes, dry_run=True)["refused"] == 0
        assert bring(app, content, fixes=fixes, on_error="stop")["create"] == 3


@pytest.mark.requirement("F20", "X14")
def test_a_mapping_is_remembered_and_keys_are_chosen(database_url: str) -> None:
    """A file with the same titles is understood as the last one was; by others it is not."""
    with firm(database_url) as app:
        content = sheet("Firma,Code", "x,13800138000")
        bring(app, content, mapping={"Firma": "name", "Code": "phone"})
        again = bring(app, content, dry_run=True, duplicates="skip", keys=("phone",))
        assert [each["field"] for each in again["columns"]] == ["name", "phone"] and again["skip"] == 1
        with pytest.raises(Rejected):
            bring(app, content, login="ben", dry_run=True, keys=("phone",))
        with pytest.raises(Rejected) as refused:
            bring(app, content, keys=("emial",))
        assert refused.value.problems[0].code == "forms.not-a-key"


HEADED: tuple[tuple[str, tuple[str, ...], int, list[str]], ...] = (
    ("at the top", ("名称,电话", "a,13812345678"), 2, ["名称", "电话"]),
    ("under a heading", ("客户名单,", "2026年3月,", ",", "名称,电话", "a,13812345678"), 5, ["名称", "电话"]),
    ("under the name of a field", ("名称,", "名称,电话", "a,13812345678"), 3, ["名称", "电话"]),
    ("of which the first names one field alone", ("名称", "a"), 2, ["名称"]),
    ("under a wide heading", ("制表,日期,部门", "名称,电话,备注", "a,13812345678,"), 3, ["名称", "电话", "备注"]),
    ("none of them known", ("名单,", "称呼,号码", "a,13812345678"), 3, ["称呼", "号码"]),
    ("twice", ("名称,电话,电话,,", "a,13812345678,13912345678,,"), 2, ["名称", "电话", "电话 (2)", "", ""]),
    ("a field as a word among rows", ("名称,电话", "名称,13812345678"), 2, ["名称", "电话"]),
)


@pytest.mark.parametrize(("how", "lines", "row", "titles"), HEADED, ids=[each[0] for each in HEADED])
def test_titles_are_found_below_a_heading(how: str, lines: tuple[str, ...], row: int, titles: list[str]) -> None:
    """Rows keep the numbers they have in the file; a title that comes twice can be mapped, and is shown as left out."""
    with firm("sqlite://") as app:
        found = bring(app, sheet(*lines), dry_run=True)
        assert (titles, [row]) == (
            [each["title"] for each in found["columns"]], [each["row"] for each in found["preview"]]
        )  # fmt: skip
        if "电话 (2)" in titles:
            assert [each["field"] for each in found["columns"]][:3] == ["name", "phone", None]
            mapping = {"电话": None, "电话 (2)": "phone"}
            assert bring(app, sheet(*lines), mapping=mapping, dry_run=True)["preview"][0]["values"]["phone"].endswith(
                "13912345678"
            )


def test_an_import_is_refused_whole(database_url: str) -> None:
    """Without the right to it, from a file that is none, with a mapping that leads nowhere."""
    with firm(database_url) as app:
        with pytest.raises(Forbidden):
            bring(app, sheet("name", "x"), login="rea")
        refused: tuple[tuple[bytes, dict[str, Any]], ...] = (
            (b"", {}),
            (b"\x00\x01\xff", {}),
            (b"PK\x03\x04rubbish", {}),
            (sheet("a", "x"), {"mapping": {"a": "nothing"}}),
            (sheet("a", "x"), {"mapping": {"b": "name"}}),
        )
        for content, options in refused:
            with pytest.raises(Rejected):
                bring(app, content, **options)
        assert bring(app, sheet("a", "x"), mapping={"a": "name"})["create"] == 1
        assert bring(app, sheet("a*", "x"), mapping={"a": "name"})["create"] == 1


def test_what_is_exported_comes_in_again(database_url: str) -> None:
    """A workbook of the template's columns, filled in by another program, in the other encoding of China too."""
    with firm(database_url) as app:
        app.create(
            "ann",
            "customer",
            name="恒启",
            phone="13800138000",
            budget="12.50",
            since="2026-01-05",
            share="0.125",
            called_at="2026-01-05T01:00:00Z",
            grade="b",
            tags=["x", "y"],
        )
        for made in (
            app.ask("ann", "forms.export", form="customer", format="xlsx"),
            app.ask("ann", "forms.export", form="customer", format="csv"),
        ):
            found = bring(app, made["content"])
            assert (found["create"], found["problems"]) == (1, [])
        bring(app, "名称,级别\n国标,普通\n".encode("gb18030"))
        items = app.ask("ann", "records.list", type="customer", sort=("id",))["items"]
        keep = ("name", "phone", "budget", "since", "share", "called_at", "grade", "tags")
        assert len({str([each[name] for name in keep]) for each in items[:3]}) == 1
        assert (items[3]["name"], items[3]["grade"]) == ("国标", "b")
        assert rows(app.ask("ann", "forms.export", form="customer", format="csv", template=True, language="en")) == [
            ["Name*", "Phone", "E-mail", "Grade", "Budget", "Share", "Since", "Called", "Head office", "Agent", "Tags",
             "Owner"]
        ]  # fmt: skip


@pytest.mark.requirement("SF10", "F21")
def test_what_a_file_has_lost_is_said_at_its_cell() -> None:
    """A long number that was rounded, a formula without a result or with an error: nothing of it comes in unseen, and
    what is typed instead is taken. A formula with its result is a value."""
    made, workbook = io.BytesIO(), openpyxl.Workbook()
    cells = workbook.active
    assert cells is not None
    for line in (
        ["名称", "预算"], ["甲", "=1+1"], [4403011990010112345, 1], ["#N/A", 2], ["4.40301E+17", 3], ["好", 12.5],
    ):  # fmt: skip
        cells.append(line)
    workbook.save(made)
    with firm("sqlite://") as app:
        found = app.ask("ann", "forms.import", form="customer", name="x.xlsx", content=made.getvalue(), dry_run=True)
        said = [(each["row"], each["field"], each["code"]) for each in found["problems"]]
        expected = [(2, "budget", "no-result"), (3, "name", "digits-lost"), (4, "name", "formula-error"),
                    (5, "name", "digits-lost")]  # fmt: skip
        assert [each for each in said if not each[2].endswith("required")] == [
            (row, field, f"forms.{code}") for row, field, code in expected
        ]
        fixes = {2: {"budget": "2"}, 3: {"name": "4403011990010112345"}, 4: {"name": "乙"}, 5: {"name": "丙"}}
        app.ask("ann", "forms.import", form="customer", name="x.xlsx", content=made.getvalue(), fixes=fixes)
        items = app.ask("ann", "records.list", type="customer", sort=("id",))["items"]
        assert [each["name"] for each in items] == ["甲", "4403011990010112345", "乙", "丙", "好"]
        assert str(items[0]["budget"]) == "2.00"


@pytest.mark.requirement("SF10")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_text_files_of_every_usual_kind_are_read(encoding: str) -> None:
    """As Excel writes them here and in Taiwan and Hong Kong; "Unicode text" is UTF-16 with tabs."""
    text = (
        "名稱\t預算\n臺灣聯電股份有限公司\t1\n香港長江實業集團\t2\n"
        if encoding == "big5"
        else "名称\t预算\n甲公司\t1\n"
    )
    found = list(sheets.stream("x.csv", io.BytesIO(text.encode(encoding))))
    assert found == [line.split("\t") for line in text.splitlines()]


@pytest.mark.requirement("SF10")
@pytest.mark.parametrize(
    ("day", "instant"),
    [("20260105", "20260105 09:30"), ("2026/1/5", "2026-1-5 9:30"), ("2026年1月5日", "2026年1月5日 09:30"),
     (46027.0, 46027.395833333336), (20260105.0, "2026-01-05T09:30:00+08:00")],
)  # fmt: skip
def test_days_as_people_and_programs_write_them(day: Any, instant: Any) -> None:
    """With signs between, without, and as the numbers that sheets count days by when nobody said that they are days."""
    made, workbook = io.BytesIO(), openpyxl.Workbook()
    cells = workbook.active
    assert cells is not None
    for line in (["名称", "起始", "致电"], ["甲", day, instant]):
        cells.append(line)
    workbook.save(made)
    with firm("sqlite://") as app:
        found = app.ask("ann", "forms.import", form="customer", name="x.xlsx", content=made.getvalue())
        assert found["problems"] == []
        [kept] = app.ask("ann", "records.list", type="customer")["items"]
        assert (kept["since"], kept["called_at"]) == (date(2026, 1, 5), datetime(2026, 1, 5, 1, 30, tzinfo=UTC))
