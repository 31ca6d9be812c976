"""Rules as a sales department asks for them, row by row, each fired once on a small app."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.rules.apps import START, rule, trial


def task(title: str) -> dict[str, Any]:
    """A task on the lead."""
    return {"create": {"form": "task", "values": {"title": f'"{title}"', "lead": "id"}}}


@pytest.mark.requirement("SR24", "SR23")
def test_five_golden_minutes(database_url: str) -> None:
    """A lead nobody has touched five minutes after it came is called out; one that was touched is not."""
    golden = rule("golden", {"created": True}, when="touched_at is blank", steps=[
        {"after": {"minutes": 5}, "actions": [{"notify": {"to": ["owner", {"manager_of": "owner"}], "title": "Call"}}]}
    ])  # fmt: skip
    with trial(database_url, golden) as app:
        app.create()
        touched = app.create("ben")
        app.settle()
        app.update(touched, "ben", touched_at=START)
        app.advance(minutes=4)
        assert app.notices("ann") == []
        app.advance(minutes=1)
        assert (app.notices("ann"), app.notices("ben"), app.notices("boss")) == (["Call"], [], ["Call"])


@pytest.mark.requirement("SR07", "SR03")
def test_the_list_of_those_a_manager_should_look_at(database_url: str) -> None:
    """After thirty days without follow-up a lead is marked, and the manager's list holds it until somebody acts."""
    rules = (
        rule("silent", {"inactive": {"since": "COALESCE(last_visit_at, created_at)", "for": {"days": 30}}},
             [{"set": {"heat": '"cold"'}}, {"notify": {"to": [{"manager_of": "owner"}], "title": "{{ company }}"}}]),
        rule("again", {"becomes": "last_visit_at is not blank"}, {"set": {"heat": "blank"}}),
    )  # fmt: skip
    with trial(database_url, *rules) as app:
        quiet, visited = app.create(company="Q"), app.create(company="V")
        app.advance(days=29)
        app.create(form="visit", lead=visited, at=START + timedelta(days=29))
        app.advance(days=2)

        def listed() -> list[int]:
            found = app.ask("boss", "records.list", type="lead", where='heat = "cold"', fields=("id",))["items"]
            return [each["id"] for each in found]

        assert (listed(), app.notices("boss")) == ([quiet], ["Q"])
        app.create(form="visit", lead=quiet, at=START + timedelta(days=31))
        app.settle()
        assert listed() == []


@pytest.mark.requirement("SR30")
def test_periodic_visits(database_url: str) -> None:
    """Every first Monday of a quarter each customer that is won gets a visit planned; others do not."""
    visits = rule("visits", {"schedule": {"cron": "0 9 1 1,4,7,10 *"}}, task("visit"), when='stage = "won"')
    with trial(database_url, visits) as app:
        won = app.create()
        app.create()
        app.update(won, stage="won")
        for _ in range(9):
            app.advance(days=31)
        assert [each["lead"] for each in app.all()] == [won] * 3


@pytest.mark.requirement("SR33", "R4")
def test_a_contract_that_ends_brings_its_renewal(database_url: str) -> None:
    """Sixty days before the end: a renewal for who has the customer; a contract moved on later gets its own."""
    renewal = rule("renewal", {"date": {"field": "contract_end", "before": {"days": 60}, "at": "09:00"}}, task("renew"))
    with trial(database_url, renewal) as app:
        lead = app.create(contract_end=date(2026, 6, 1))
        app.clock.set(START + timedelta(days=30))
        app.settle()
        assert app.all() == []
        app.advance(days=1)
        assert [each["lead"] for each in app.all()] == [lead]
        app.update(lead, contract_end=date(2026, 9, 1))
        app.advance(days=120)
        assert [each["lead"] for each in app.all()] == [lead, lead]


@pytest.mark.requirement("SR32")
def test_sleeping_customers_are_woken(database_url: str) -> None:
    """Won, and no visit for half a year: work for the owner, once; customers that buy are let be."""
    asleep = rule("asleep", {"inactive": {"since": "last_visit_at", "for": {"days": 180}}}, task("wake"),
                  when='stage = "won"')  # fmt: skip
    with trial(database_url, asleep) as app:
        quiet, lively, lost = app.create(), app.create(), app.create()
        for lead in (quiet, lively, lost):
            app.create(form="visit", lead=lead, at=START)
            app.update(lead, stage="lost" if lead == lost else "won")
        app.advance(days=100)
        app.create(form="visit", lead=lively, at=START + timedelta(days=100))
        app.advance(days=81)
        app.advance(days=30)
        assert [each["lead"] for each in app.all()] == [quiet]


@pytest.mark.requirement("SR27")
def test_a_word_in_a_note_makes_a_case(database_url: str) -> None:
    """'投诉' anywhere in what was written: a task, and the director hears of it; other words do nothing."""
    complaint = rule("complaint", {"becomes": 'CONTAINS(note, "投诉")'},
                     [task("case"), {"notify": {"to": [{"role": "supervisor"}], "title": "{{ note }}"}}])  # fmt: skip
    with trial(database_url, complaint) as app:
        for note in ("客户投诉到货破损", "客户很满意", None):
            app.create(note=note)
        app.settle()
        assert len(app.all()) == 1
        assert app.notices("boss") == ["客户投诉到货破损"]


@pytest.mark.requirement("SR28")
def test_a_follow_up_plans_the_next(database_url: str) -> None:
    """A visit brings the task to call back three days later."""
    back = {"name": "back", "form": "visit", "on": {"becomes": "at is not blank"}, "actions": [
        {"create": {"form": "task", "values": {
            "title": '"call back"', "lead": "lead", "due_at": 'DATEADD(at, 3, "day")'}}}
    ]}  # fmt: skip
    with trial(database_url, back) as app:
        lead = app.create()
        app.create(form="visit", lead=lead, at=START)
        app.settle()
        assert [(each["lead"], each["due_at"]) for each in app.all()] == [(lead, START + timedelta(days=3))]


@pytest.mark.requirement("SR11", "SR12", "R17", "X21")
def test_a_table_assigns_by_several_columns(database_url: str) -> None:
    """Product line, industry and source (here: grade, level of the account, place) lead to a person, row by row."""
    table = {
        "name": "lines", "type": "table", "form": "lead", "hit": "FIRST",
        "inputs": [{"name": name, "expression": each} for name, each in
                   (("line", "grade"), ("industry", "account.level"), ("source", "province"))],
        "outputs": [{"name": "user", "type": "user"}],
        "rules": [
            {"when": {"line": '"A"', "industry": '"gold"'}, "then": {"user": '"cai"'}},
            {"when": {"line": '"A"'}, "then": {"user": '"ben"'}},
            {"when": {"source": '"beijing", "shanghai"'}, "then": {"user": '"ann"'}},
        ],
        "otherwise": {"user": '"boss"'},
    }  # fmt: skip
    given = rule("given", {"becomes": "owner is blank"}, {"assign": {"table": "lines", "output": "user"}})
    with trial(database_url, table, given) as app:
        gold = app.create(None, form="account", name="G", level="gold")
        leads = [
            app.create(None, owner=None, **values)
            for values in ({"grade": "A", "account": gold}, {"grade": "A"}, {"province": "beijing"}, {"grade": "B"})
        ]
        app.settle()
        assert [app.get(each)["owner"] for each in leads] == [
            app.person(each) for each in ("cai", "ben", "ann", "boss")
        ]
