"""A record that came back is whole: what counts it, finds it, numbers it and asks for it does so again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.privacy.plan import ANONYMOUS
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.forms.firm import EVERYTHING, START, Firm, firm

CASES = json.loads(Path(__file__).with_name("returned.json").read_text())
ALL = [*EVERYTHING, "restore", "purge", "privacy"]
LAW = {"purpose": "sales", "basis": "contract"}
PERSON: dict[str, Any] = {
    "name": "person",
    "label": "name",
    "fields": [
        {"name": "number", "type": "serial", "pattern": "P{0000}", "gapless": True},
        {"name": "name", "type": "text", "search": True, "privacy": {**LAW, "erase": "replace"}},
        {"name": "phone", "type": "phone", "privacy": LAW},
        {"name": "tags", "type": "tags"},
        {"name": "boss", "type": "link", "to": "person"},
        {"name": "stage", "type": "state", "states": [{"name": "new"}, {"name": "won"}],
         "transitions": [{"from": "new", "to": "won"}]},
        {"name": "worth", "type": "money"},
        {"name": "team", "type": "rollup", "expression": "SUM(reports.worth)"},
        {"name": "calls", "type": "lines", "fields": [{"name": "what", "type": "text"}]},
    ],
    "relations": [{"name": "reports", "form": "person", "by": "boss"}],
    "unique": [{"fields": ["phone"]}],
    "duplicates": [{"fields": ["name"], "match": "exact"}],
    "privacy": {"identify": ["phone"], "trash": 10},
    "permissions": [{"role": "supervisor", "can": ALL}],
}  # fmt: skip


def seen(app: Firm, ids: dict[str, int]) -> dict[str, Any]:
    """Everything that tells of the record: its values and those around it, the search, duplicates, counts, history."""
    person, head = ids["person"], ids["head"]
    values = app.ask("boss", "records.get", type="person", id=person)
    left = {name: value for name, value in values.items() if name not in ("version", "updated_at", "updated_by")}
    listed = app.ask("boss", "records.list", type="person", search="Wang", count=True)
    likely = app.ask("boss", "forms.duplicates", form="person", values={"name": "Wang"})["items"]
    tagged = app.ask("boss", "records.list", type="person", where='"vip" in tags')
    return {
        "values": left,
        "team": str(app.ask("boss", "records.get", type="person", id=head)["team"]),
        "found": [each["id"] for each in listed["items"]], "count": listed["count"],
        "likely": [each["id"] for each in likely],
        "tagged": [each["id"] for each in tagged["items"]],
    }  # fmt: skip


@pytest.mark.requirement("SF06", "SP18")
@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_a_record_that_came_back_is_whole(database_url: str, case: dict[str, Any]) -> None:
    """Whatever way it went and came, everything tells of it as before, and while it was away nothing did."""
    with firm(database_url, PERSON, clock=FrozenClock(START)) as app:
        head = app.create("boss", "person", name="Head")
        other = app.create("boss", "person", name="Other", worth="1")
        person = app.create(
            "boss", "person", name="Wang", phone="13800138000", tags=["vip"], boss=head, worth="5",
            calls=[{"what": "hello"}],
        )  # fmt: skip
        app.ask("boss", "records.update", type="person", id=person, values={"stage": "won"})
        app.ask("boss", "records.update", type="person", id=other, values={"boss": head})
        before = seen(app, {"person": person, "head": head})
        assert before["team"] == "6.00" and before["found"] == before["likely"] == before["tagged"] == [person]
        made: dict[str, Any] = {}
        for operation, asked in case["away"]:
            made = app.ask("boss", operation, **filled(asked, person, head, made)) or {}
        team = app.ask("boss", "records.get", type="person", id=head)["team"]
        assert (str(team), app.ask("boss", "records.list", type="person", search="Wang")["items"]) == (
            case["without"], [],
        )  # fmt: skip
        for operation, asked in case["back"]:
            app.ask("boss", operation, **filled(asked, person, head, made))
        assert seen(app, {"person": person, "head": head}) == before
        numbers = [app.create("boss", "person", name=each) for each in "xy"]
        listed = app.ask("boss", "records.list", type="person", ids=tuple(numbers), sort=("id",))["items"]
        assert [each["number"] for each in listed] == ["P0004", "P0005"]
        with pytest.raises(Rejected):
            app.create("boss", "person", name="z", phone="13800138000")


def filled(asked: dict[str, Any], person: int, head: int, made: dict[str, Any]) -> dict[str, Any]:
    """Parameters of a case with the ids of this run."""
    known = {"@person": person, "@head": head, "@merge": made.get("merge")}
    return {
        name: tuple(known.get(each, each) for each in value) if isinstance(value, list) else known.get(value, value)
        for name, value in asked.items()
    }  # fmt: skip


@pytest.mark.requirement("SP14")
def test_whom_the_law_forgot_does_not_come_back(database_url: str) -> None:
    """Erased with the deletion, while deleted, or by the days of the trash: not in the bin, and not by its number."""
    clock = FrozenClock(START)
    with firm(database_url, PERSON, clock=clock) as app:
        put_away, meanwhile, old, plain = (app.create("boss", "person", name=name) for name in ("A", "B", "C", "D"))
        app.ask("boss", "forms.erase", form="person", id=put_away, do="erase")
        for each in (meanwhile, old):
            app.ask("boss", "records.delete", type="person", id=each)
        app.ask("boss", "forms.erase", form="person", id=meanwhile)
        clock.set(START + timedelta(days=11))
        app.ask("boss", "records.delete", type="person", id=plain)
        found = app.ask("boss", "forms.list_deleted")["items"]
        assert [(each["label"], each["goes_at"]) for each in found] == [("D", clock.now() + timedelta(days=10))]
        app.ask(None, "forms.retain")
        for each in (put_away, meanwhile, old):
            with pytest.raises(Rejected) as refused:
                app.ask("boss", "records.undelete", type="person", id=each)
            assert refused.value.problems[0].code == "records.erased"
            told = app.ask("boss", "forms.check_return", form="person", ids=(each,))["records"][0]
            assert [problem["code"] for problem in told["problems"]] == ["records.erased"]
        assert [each["label"] for each in app.ask("boss", "forms.list_deleted")["items"]] == ["D"]
        app.ask("boss", "records.undelete", type="person", id=plain)
        with pytest.raises(NotFound):
            app.ask("boss", "records.undelete", type="person", id=plain)


@pytest.mark.requirement("SP14", "SF11")
def test_whom_the_law_forgot_does_not_come_back_out_of_a_merge(database_url: str) -> None:
    """Who went into the record of somebody that is erased is erased with them, however often it was merged; one that
    was brought back since stands for itself."""
    with firm(database_url, PERSON, clock=FrozenClock(START)) as app:
        first, second, third, apart = (app.create("boss", "person", name=f"Wang {each}") for each in "abcd")
        app.ask("boss", "forms.merge", form="person", into=second, others=(third,))
        merge = app.ask("boss", "forms.merge", form="person", into=first, others=(second, apart))["merge"]
        app.ask("boss", "forms.bring_back", form="person", ids=(apart,))
        assert app.ask("boss", "forms.erase", form="person", id=first)["records"] == {"person": 3}
        assert app.ask("boss", "forms.list_deleted")["items"] == []
        back = app.ask("boss", "forms.bring_back", form="person", ids=(second, third))
        assert [each["problems"][0]["code"] for each in back["refused"]] == ["records.erased"] * 2
        for dry_run in (True, False):
            with pytest.raises(Rejected) as refused:
                app.ask("boss", "forms.undo_merge", merge=merge, dry_run=dry_run)
            assert refused.value.problems[0].code == "forms.merged-and-erased"
        table = app.host.types["person"].table
        with app.host.database.reading() as unit:
            names = {row["id"]: row["name"] for row in unit.fetch(sa.select(table.c.id, table.c.name))}
        assert [names[each] for each in (first, second, third, apart)] == [ANONYMOUS] * 3 + ["Wang d"]
