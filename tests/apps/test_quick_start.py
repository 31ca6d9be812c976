"""From an empty folder to the first approval, and one record wherever it is looked at: on ready-made packages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import xlsxwriter

from lowcode import packages
from lowcode.cli import main
from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from lowcode.web import asgi_app
from tests.support.apart import run_apart

PEOPLE = (
    ("boss", "Boss", ("director",), None), ("fay", "Fay", ("finance",), "boss"), ("ann", "Ann", ("employee",), "boss"),
    ("ben", "Ben", ("employee",), "boss"),
)  # fmt: skip


def invited(host: Host) -> None:
    """The people of a firm, each with a superior."""
    for login, name, roles, superior in PEOPLE:
        host.ask(APP, "identity.save_person", login=login, name=name, roles=roles)
        if superior is not None:
            host.ask(APP, "identity.save_person", login=login, manager=superior)
    host.forget_directory()


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """A list as it is kept in a spreadsheet."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return held.getvalue()


@pytest.mark.requirement("SP30")
def test_from_an_empty_folder_to_the_first_approval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four commands make the app of a firm; then its people are invited, a workbook is brought in, and somebody decides
    on the first claim. docs/quick-start.md says the same in three days."""
    folder, database = tmp_path / "firm", f"sqlite:///{tmp_path / 'firm.sqlite3'}"
    commands = (
        ["new", "app", str(folder)], ["install", "purchasing", "--app", str(folder)],
        ["install", "expenses", "--app", str(folder)], ["apply", str(folder), "--database", database],
    )  # fmt: skip
    for command in commands:
        assert 0 == main(command), capsys.readouterr()
    with Host(folder, database) as host:
        host.publish()
        invited(host)
        rows = (("供应商名称", "等级", "联系人"), ("恒通五金", "A", "李经理"), ("天和包装", "B", "陈女士"))
        found = host.ask(APP, "forms.import", form="supplier", name="suppliers.xlsx", content=workbook(*rows))
        assert (2, 0) == (found["create"], found["refused"])
        claim = _claim(host)
        host.ask(host.actor("ann"), "records.update", type="expense_claim", id=claim, values={"stage": "approving"})
        for login in ("boss", "fay"):
            [task] = host.ask(host.actor(login), "flows.list_tasks")["items"]
            host.ask(host.actor(login), "flows.decide", task=task["id"], decision="approve")
        assert "approved" == host.ask(APP, "records.get", type="expense_claim", id=claim)["stage"]
        assert len(commands) + len(PEOPLE) + 4 < 15, "what a firm does until its first approval"


@pytest.fixture
def firm() -> Iterator[Host]:
    """A firm with expense claims."""
    with Host(packages.package("expenses")) as host:
        host.publish()
        invited(host)
        yield host


def _claim(host: Host) -> int:
    values = {"reason": "Suzhou", "lines": [{"kind": "travel", "amount": "1106.40"}]}
    made: dict[str, Any] = host.ask(host.actor("ann"), "records.create", type="expense_claim", values=values)
    return int(made["id"])


def seen(host: Host, login: str, identity: int) -> dict[str, str | None]:
    """The total of a claim wherever a person can look; None where they see nothing."""
    actor = host.actor(login)
    found: dict[str, str | None] = {}

    def look(where: str, what: Any) -> None:
        try:
            found[where] = what()
        except Rejected:
            found[where] = None

    def export() -> str | None:
        made = host.ask(actor, "forms.export", form="expense_claim", format="csv", where=f"id = {identity}")
        return _sum_in(bytes(made["content"]).decode("utf-8-sig"))

    def report() -> str | None:
        rows = host.ask(actor, "reports.run", report="expenses_by_month")["rows"]
        return f"{Decimal(str(rows[0][1])):.2f}" if rows else None

    def paper() -> str | None:
        made = host.ask(actor, "printing.render", template="expense_sheet", id=identity, format="html", keep=False)
        return _sum_in(bytes(made["content"]).decode().replace(",", ""))

    look("record", lambda: str(host.ask(actor, "records.get", type="expense_claim", id=identity)["total"]))
    look("report", report)
    look("paper", paper)
    look("export", export)
    look("http", lambda: _by_http(host, login, identity))
    return found


def _sum_in(text: str) -> str | None:
    return next((each for each in ("1106.40", "2000.00") if each in text), None)


def _by_http(host: Host, login: str, identity: int) -> str | None:
    key = host.ask(host.actor(login), "api.create_key", name="test", scopes=("*",))["key"]

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=asgi_app(host))
        async with httpx.AsyncClient(transport=transport, base_url="http://firm.test") as client:
            return await client.get(
                f"/api/records/expense_claim/{identity}", headers={"authorization": f"Bearer {key}"}
            )

    answer = run_apart(once)
    return str(answer.json()["total"]) if answer.status_code == 200 else None


@pytest.mark.requirement("SP13")
def test_a_record_is_one_wherever_it_is_looked_at(firm: Host) -> None:
    """Form, report, paper, file and interface show the same row, changed for all of them at once; and whoever may not
    see it sees it in none of them."""
    claim = _claim(firm)
    places = {"record", "report", "paper", "export", "http"}
    assert dict.fromkeys(places, "1106.40") == seen(firm, "fay", claim)
    lines = [{"kind": "travel", "amount": "2000.00"}]
    firm.ask(firm.actor("ann"), "records.update", type="expense_claim", id=claim, values={"lines": lines})
    assert dict.fromkeys(places, "2000.00") == seen(firm, "fay", claim)
    assert dict.fromkeys(places) == seen(firm, "ben", claim)
