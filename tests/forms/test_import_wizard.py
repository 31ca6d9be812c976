"""What the page of an import relies on: why a column fills nothing, whose the records are, what came in lately."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations import bringing
from lowcode.forms.tables import mapping
from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.forms.firm import CUSTOMER, QUOTE, Firm, firm
from tests.forms.test_bringing import begun, csv_of, lines, state

LOCKED: dict[str, Any] = {
    **CUSTOMER,
    "fields": [
        *CUSTOMER["fields"],
        {"name": "rank", "type": "integer", "read_only": True, "title": {"zh-CN": "排名", "en": "Rank"}},
        {"name": "rating", "type": "integer", "title": {"zh-CN": "评级", "en": "Rating"}},
        {"name": "visits", "type": "lines", "title": "Visits", "fields": [{"name": "what", "type": "text"}]},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit", "delete", "import"], "hide": ["secret"],
         "read_only": ["rating"]},
        {"role": "supervisor", "can": ["create", "read", "edit", "delete", "import"]},
    ],
}  # fmt: skip


def tried(app: Firm, text: str, login: str = "ann", **options: Any) -> dict[str, Any]:
    asked = {"dry_run": True, **options}
    found: dict[str, Any] = app.ask(
        login, "forms.import", form="customer", name="a.csv", content=text.encode(), **asked
    )  # fmt: skip
    return found


@pytest.mark.requirement("F20", "F21")
def test_why_a_column_fills_nothing(database_url: str) -> None:
    """A field that no file may fill is told with its reason, at the column that is called so and in the list of all;
    chosen all the same, it is refused with that reason. Of what is hidden nothing is told."""
    with firm(database_url, LOCKED, QUOTE) as app:
        found = tried(app, "名称,Rank,评级,Double,创建时间,Secret,Other\nA,1,2,3,2026-01-01,x,y\n")
        assert [
            ("name", None), (None, "filled in by the system alone"), (None, "you may not fill it in"),
            (None, "worked out from other values"), (None, "kept by the system"), (None, None), (None, None),
        ] == [(each["field"], each["why"]) for each in found["columns"]]  # fmt: skip
        closed = {each["field"]: (each["title"], each["reason"]) for each in found["closed"]}
        assert {"rank", "rating", "double", "visits"} == closed.keys() - {
            "created_at", "created_by", "updated_at", "updated_by",
        }  # fmt: skip
        assert ("Visits", "holds rows, for which a cell has no room") == closed["visits"]
        assert "rating" not in {each["field"] for each in tried(app, "名称\nA\n", "boss")["closed"]}
        with pytest.raises(Rejected) as refused:
            tried(app, "名称,Rank\nA,1\n", mapping={"名称": "name", "Rank": "rank"})
        [problem] = refused.value.problems
        assert ("forms.closed-field", "文件不能填写“rank”：只由系统填写") == (problem.code, problem.words("zh-CN"))


@pytest.mark.requirement("SF10", "F20")
def test_whose_the_records_are(database_url: str) -> None:
    """The person a file names, by name or login; where it names nobody, whoever brings it in; and nobody finds a
    record by its owner."""
    with firm(database_url) as app:
        text = "名称,负责人\nA,Ben\nB,ann\nC,\nD,Nobody\n"
        found = tried(app, text, "boss", dry_run=False)
        assert (3, 1) == (found["create"], found["refused"])
        assert [("负责人", "forms.name-not-found")] == [(each["column"], each["code"]) for each in found["problems"]]
        items = app.ask("boss", "records.list", type="customer", sort=("id",))["items"]
        assert [app.person("ben"), app.person("ann"), app.person("boss")] == [each["owner"] for each in items]
        with pytest.raises(Rejected, match="cannot tell records apart"):
            tried(app, text, "boss", keys=("owner",))
        app.ask("boss", "records.update", type="customer", id=items[0]["id"], values={"email": "a@example.com"})
        by_mail: dict[str, Any] = {"keys": ("email",), "duplicates": "update", "dry_run": False}
        changed = tried(app, "邮箱,负责人\na@example.com,\n", "boss", **by_mail)
        assert 1 == changed["update"]
        assert app.person("ben") == app.ask("boss", "records.get", type="customer", id=items[0]["id"])["owner"]


def test_a_remembered_field_that_is_gone() -> None:
    """A mapping that is remembered stands in nobody's way when one of its fields is no more, or closed by now."""
    text = "Who,Money,Twice\nA,5,10\n"
    with firm("sqlite://") as app:
        tried(app, text, mapping={"Who": "name", "Money": "budget"}, dry_run=False)
        assert ["name", "budget", None] == [each["field"] for each in tried(app, text)["columns"]]
        former = ["name", "gone", "double"]
        app.host.write(lambda unit: unit.run(sa.update(mapping).values(fields=former)))
        assert ["name", None, None] == [each["field"] for each in tried(app, text)["columns"]]


@pytest.mark.requirement("F22", "X14")
def test_what_came_in_lately(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own imports, the newest first, with what is needed to take them back; an administrator sees
    everybody's."""
    monkeypatch.setattr(bringing, "PART", 20)
    with firm(database_url) as app:
        tried(app, "名称\nA\nB\n", dry_run=False)
        begun(app, csv_of(lines(50)), dry_run=True)
        run = begun(app, csv_of(lines(50)))
        app.host.deliver(3)
        items = app.ask("ann", "forms.imports", form="customer")["items"]
        small, going = sorted(items, key=lambda each: each["batch"] is None)  # both of one moment
        assert ("running", False, run, 50) == tuple(going[key] for key in ("state", "undoable", "run", "total"))
        assert ("done", True, 2, 0, "Ann", "a.csv") == tuple(
            small[key] for key in ("state", "undoable", "create", "update", "by", "name")
        )
        app.host.settle()
        assert [] == app.ask("ben", "forms.imports", form="customer")["items"]
        assert 2 == len(app.ask(None, "forms.imports", form="customer")["items"])
        app.ask("ann", "forms.undo_import", batch=small["batch"])
        app.ask("ann", "forms.undo_run", run=run)
        app.host.settle()
        after = app.ask("ann", "forms.imports", form="customer")["items"]
        assert [("undone", False), ("undone", False)] == [(each["state"], each["undoable"]) for each in after]
        assert "undone" == state(app, run)["state"]
        with pytest.raises(NotFound):
            app.ask("ann", "forms.undo_import", batch=small["batch"])


def test_one_fault_is_told_once() -> None:
    """What the form's own checks say of a cell that could not be understood follows from that, and is not told."""
    either = {
        "name": "reachable", "expression": "phone is not blank or email is not blank", "field": "phone",
        "message": {"en": "phone or e-mail"},
    }  # fmt: skip
    with firm("sqlite://", {**CUSTOMER, "checks": [either]}, QUOTE) as app:
        found = tried(app, "名称,电话,邮箱\nA,1,\nB,,\n")
        assert [(2, "records.not-phone"), (3, "customer.reachable")] == [
            (each["row"], each["code"]) for each in found["problems"]
        ]
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "records.create", type="customer", values={"name": "A", "phone": "1"})
        assert ["records.not-phone"] == [each.code for each in refused.value.problems]


def test_what_stands_in_a_column_is_shown() -> None:
    """Beside what is understood: also of columns that fill nothing, with what was corrected, and no more than a cell
    shows."""
    with firm("sqlite://") as app:
        found = tried(app, f"名称,哪一列\nA,{'x' * 200}\nB,\n", fixes={2: {"name": "Ann"}})
        assert [["Ann", "x" * 80], ["B", ""]] == [each["cells"] for each in found["preview"]]


@pytest.mark.requirement("F22", "X14")
def test_notices_go_with_what_they_were_about(database_url: str) -> None:
    """An import that is taken back takes back what nobody read of its records; what was read, and what is told of
    others, stays."""
    with firm(database_url) as app:
        batch = tried(app, "名称\nA\nB\nC\n", dry_run=False)["batch"]
        names = {each["name"]: each["id"] for each in app.ask("ann", "records.list", type="customer")["items"]}
        other = app.create("ann", "customer", name="D")
        app.ask("ann", "records.update", type="customer", id=names["C"], values={"name": "C, worked on"})
        for name, record in {**names, "D": other}.items():
            app.ask(None, "notifications.send", to=(app.person("ben"),), title=name, form="customer", record=record)
        told = app.ask("ben", "notifications.list")["items"]
        app.ask("ben", "notifications.read", ids=tuple(each["id"] for each in told if each["title"] == "A"))
        app.ask("ann", "forms.undo_import", batch=batch)
        left = app.ask("ben", "notifications.list")
        assert (["A", "C", "D"], 2) == (sorted(each["title"] for each in left["items"]), left["unread"])
