"""What was done with the records of a form as rows: who works with which forms, how much, on how many days."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from lowcode.kernel.identity import APP, Actor
from tests.reports.opened import DIRECTOR, NOW, SALES, Opened, cells, open_firm
from tests.support.postgresql import Server

USE = {
    "name": "use", "type": "report", "form": "deal.changes", "where": "by is not blank", "date": "at",
    "dimensions": [{"name": "person", "expression": "by"}],
    "measures": [
        {"name": "deals", "expression": 'COUNT(kind <> "deleted")'},
        {"name": "made", "expression": 'COUNT(kind = "created")'},
        {"name": "days", "expression": "COUNTUNIQUE(TODATE(at))"},
        {"name": "last", "expression": "MAX(at)"},
        {"name": "accounts", "form": "account.changes", "where": "by is not blank", "date": "at",
         "expression": "COUNT()", "dimensions": {"person": "by"}},
    ],
}  # fmt: skip
OWN = {"name": "own", "title": "Own", "label": "name", "fields": [
    {"name": "name", "type": "text"},
    {"name": "changes", "type": "lines", "fields": [{"name": "what", "type": "text"}]},
], "permissions": [{"role": "director", "can": ["create", "read"]}]}  # fmt: skip
OWN_REPORT = {
    "name": "own_lines", "type": "report", "form": "own.changes",
    "measures": [{"name": "lines", "expression": "COUNT(what is not blank)"}],
}  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """What somebody would note who watched people work."""

    form: str
    record: dict[str, Any]
    by: int | None
    at: datetime
    kind: str


@dataclass
class Worked:
    """A firm in which people worked for some weeks, and a note of everything they did."""

    opened: Opened
    deeds: list[Deed]

    def seen(self, actor: Actor, form: str, person: int | None) -> list[Deed]:
        """What a person did with records that are there and that the actor may read."""
        return [
            each for each in self.deeds
            if each.form == form and each.by == person and "gone" not in each.record
            and (actor is DIRECTOR or each.record["owner"] == actor.id)
        ]  # fmt: skip


def worked(url: str) -> Worked:
    """Records are made, changed, deleted and brought back by three people and the app itself."""
    opened, chance = open_firm(url, more={"reports/use.json": USE}), random.Random(5)
    found = Worked(opened, [])
    opened.clock.advance(timedelta(days=-40))
    records: dict[str, list[dict[str, Any]]] = {"deal": [], "account": []}
    for index in range(120):
        form, actor = chance.choice(("deal", "account")), chance.choice((DIRECTOR, *SALES, APP))
        mine = [each for each in records[form] if actor in (DIRECTOR, APP) or each["owner"] == actor.id]
        standing = [each for each in mine if "gone" not in each]
        if chance.random() < 0.35 or not standing:
            owner = actor.id if actor in SALES else chance.choice((2, 3))
            made = opened.ask(actor, "records.create", type=form, values={"name": f"{index}", "owner": owner})
            records[form].append({"id": made["id"], "owner": owner})
            kind, record = "created", records[form][-1]
        elif actor is DIRECTOR and form == "deal" and chance.random() < 0.3:
            record, kind = chance.choice(standing), "deleted"
            opened.ask(actor, "records.delete", type=form, id=record["id"])
            record["gone"] = True
        else:
            record, kind = chance.choice(standing), "updated"
            opened.ask(actor, "records.update", type=form, id=record["id"], values={"name": f"{index} again"})
        found.deeds.append(Deed(form, record, actor.id, opened.clock.now(), kind))
        opened.clock.advance(timedelta(minutes=chance.randrange(5, 900)))
    assert opened.clock.now() < NOW + timedelta(days=40)
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def firm(request: pytest.FixtureRequest) -> Iterator[Worked]:
    """The firm, in each database."""
    if request.param == "sqlite":
        yield worked("sqlite://")
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        made = worked(url)
        yield made
        made.opened.host.close()


@pytest.mark.requirement("SP25", "SP29")
@pytest.mark.parametrize("actor", [DIRECTOR, SALES[0]], ids=lambda actor: actor.login)
def test_who_works_with_what_is_counted(firm: Worked, actor: Actor) -> None:
    """Of every person, how much was done with the records the reader may read, on how many days and when last."""
    result = cells(firm.opened.ask(actor, "reports.run", report="use"))
    expected = {}
    for person in (DIRECTOR.id, *(each.id for each in SALES)):
        deals, accounts = firm.seen(actor, "deal", person), firm.seen(actor, "account", person)
        if deals or accounts:
            expected[(person,)] = {
                "deals": len(deals) if deals else None,
                "made": sum(each.kind == "created" for each in deals) if deals else None,
                "days": len({(each.at + timedelta(hours=8)).date() for each in deals}) if deals else None,
                "last": max((each.at for each in deals), default=None),
                "accounts": len(accounts) if accounts else None,
            }
    assert {key: {name: value or None for name, value in row.items()} for key, row in result.items()} == expected


def test_the_workbook_and_the_picture_say_instants_where_the_app_is(firm: Worked) -> None:
    """A number that is an instant is one in a sheet as well, to the minute, in the app's zone."""
    opened = firm.opened
    last = max(each.at for each in firm.seen(DIRECTOR, "deal", SALES[0].id)) + timedelta(hours=8)
    book = load_workbook(io.BytesIO(opened.ask(DIRECTOR, "reports.export", report="use")["content"]))
    rows = list(book.active.iter_rows(values_only=True))
    column = next(index for index, title in enumerate(rows[0]) if title == "last")
    assert last.replace(tzinfo=None) in [row[column] for row in rows[1:]]
    drawn = opened.ask(DIRECTOR, "reports.picture", report="use")["content"].decode()
    assert f"{last:%Y-%m-%d %H:%M}" in drawn


def test_a_form_may_have_a_field_of_that_name() -> None:
    """Lines that are called `changes` are what the form's author calls so."""
    opened = open_firm(more={"forms/own.json": OWN, "reports/own_lines.json": OWN_REPORT})
    opened.ask(DIRECTOR, "records.create", type="own", values={"name": "a", "changes": [{"what": "x"}, {}]})
    assert opened.ask(DIRECTOR, "reports.run", report="own_lines")["rows"] == [[1]]
