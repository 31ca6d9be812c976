"""Rules that a save sets off, on both databases, through the host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.rules.apps import START, rule, trial

NOTE = {"set": {"note": 'COALESCE(note, "") & "x"'}}


@pytest.mark.requirement("R1")
@pytest.mark.requirement("SR02")
def test_a_new_record_sets_a_rule_off_after_the_commit(database_url: str) -> None:
    """Created → a task for the owner; the save itself waits for nothing."""
    task = {"create": {"form": "task", "values": {"title": '"call " & company', "lead": "id", "owner": "owner"}}}
    with trial(database_url, rule("first_call", {"created": True}, task)) as app:
        lead = app.create(company="Hengqi")
        assert app.all() == []
        app.settle()
        (made,) = app.all()
        assert (made["title"], made["lead"], made["owner"]) == ("call Hengqi", lead, app.person("ann"))
        assert [each["outcome"] for each in app.log("first_call")] == ["done"]


@pytest.mark.requirement("R2")
def test_becomes_fires_at_the_edge_only(database_url: str) -> None:
    """False before, true now: not while it stays true, and again after it was false."""
    with trial(database_url, rule("grade_a", {"becomes": 'grade = "A"'}, NOTE)) as app:
        lead = app.create(grade="B")
        for values in ({"grade": "A"}, {"company": "x"}, {"grade": "B"}, {"grade": "A"}, {"budget": "5"}):
            app.update(lead, **values)
            app.settle()
        assert app.get(lead)["note"] == "xx"


def test_updated_fires_only_for_its_fields_and_condition(database_url: str) -> None:
    """`fields` narrows the change, `when` with OLD compares with what was."""
    found = rule(
        "handed", {"updated": True, "fields": ["owner"]}, NOTE, when="OLD(owner) is not blank and owner <> OLD(owner)"
    )
    with trial(database_url, found) as app:
        lead = app.create(company="x")
        app.update(lead, company="y")
        app.update(lead, owner=app.person("ben"))
        app.settle()
        assert app.get(lead)["note"] == "x"


def test_entered_left_and_deleted(database_url: str) -> None:
    """A state entered, a state left, and a record put away."""

    def task(title: str) -> dict[str, Any]:
        return {"create": {"form": "task", "values": {"title": f'"{title}"', "lead": "id"}}}

    rules = (
        rule("won", {"entered": {"field": "stage", "state": ["won", "lost"]}}, task("ended")),
        rule("opened", {"left": {"field": "stage", "state": "new"}}, task("opened")),
        rule("gone", {"deleted": True}, task("gone"), when='stage = "lost"'),
    )
    with trial(database_url, *rules) as app:
        lead = app.create()
        for stage in ("contacted", "won", "lost"):
            app.update(lead, stage=stage)
        app.settle()
        assert sorted(each["title"] for each in app.all()) == ["ended", "opened"]
        app.ask("ann", "records.delete", type="lead", id=lead)
        app.settle()
        assert sorted(each["title"] for each in app.all()) == ["ended", "gone", "opened"]


def test_rules_before_the_save_set_and_refuse(database_url: str) -> None:
    """Inside the save, in the order of priority, with the words of the rule and at its field."""
    message = {"zh-CN": "预算 {{ budget }} 太低", "en": "a budget of {{ budget }} is too low"}
    rules = (
        rule(
            "grade",
            {"created": True, "updated": True},
            {"set": {"grade": 'IF(budget > 100, "A", "C")'}},
            phase="before",
        ),
        rule(
            "low",
            {"created": True, "updated": True},
            {"refuse": {"field": "budget", "message": message}},
            phase="before",
            when='grade = "C" and budget < 10',
            repeat="each_time",
        ),
    )
    with trial(database_url, *rules) as app:
        lead = app.create(budget="500")
        assert app.get(lead)["grade"] == "A"
        with pytest.raises(Rejected) as refused:
            app.update(lead, budget="5")
        (problem,) = refused.value.problems
        assert (problem.code, problem.pointer, problem.words("en")) == (
            "rules.low",
            "/budget",
            "a budget of ¥5.00 is too low",
        )
        assert app.get(lead)["grade"] == "A"


def test_conditions_over_linked_records(database_url: str) -> None:
    """A condition may read what the record links to, at the time of the save."""
    with trial(database_url, rule("gold", {"becomes": 'account.level = "gold"'}, NOTE)) as app:
        gold, plain = (app.create(form="account", name=level, level=level) for level in ("gold", "plain"))
        lead = app.create(account=plain)
        app.update(lead, account=gold)
        app.settle()
        assert app.get(lead)["note"] == "x"


@pytest.mark.requirement("R26")
def test_a_circle_is_stopped_and_the_log_says_so(database_url: str) -> None:
    """Two rules that answer each other end when nothing new comes of it, and the chain is in the log."""
    rules = (
        rule("to_a", {"updated": True, "fields": ["note"]}, {"set": {"note": '"a"'}}, when='note <> "a"'),
        rule("to_b", {"updated": True, "fields": ["note"]}, {"set": {"note": '"b"'}}, when='note <> "b"'),
    )
    with trial(database_url, *rules) as app:
        lead = app.create()
        app.update(lead, note="start")
        app.settle()
        outcomes = [each["outcome"] for name in ("to_a", "to_b") for each in app.log(name)]
        assert "stopped" in outcomes
        assert outcomes.count("done") < 10
        stopped = next(each for name in ("to_a", "to_b") for each in app.log(name) if each["outcome"] == "stopped")
        assert any(f"to_a:{lead}" in cause or f"to_b:{lead}" in cause for cause in stopped["causes"])


def test_later_actions_see_what_earlier_ones_did(database_url: str) -> None:
    """`as` names the new record, `set` changes what later expressions read, a relation's records are updated."""
    actions = [
        {"create": {"form": "account", "values": {"name": "company"}, "as": "made"}},
        {"set": {"account": "made", "stage": '"won"'}},
        {"create": {"form": "task", "values": {"title": '"for " & account.name & " " & stage', "lead": "id"}}},
        {"update": {"relation": "tasks", "where": "done is blank or not done", "values": {"owner": "ME()"}}},
    ]
    with trial(database_url, rule("convert", {"button": {"title": "Convert"}}, actions)) as app:
        lead = app.create(company="Hengqi")
        open_task = app.create(form="task", title="open", lead=lead, owner=app.person("ben"))
        closed_task = app.create(form="task", title="closed", lead=lead, owner=app.person("ben"), done=True)
        answer = app.ask("ann", "rules.press", rule="convert", id=lead)
        assert answer["outcome"] == "done"
        titles = {each["title"]: each["owner"] for each in app.all()}
        assert titles["for Hengqi won"] is not None or "for Hengqi won" in titles
        owners = {each["id"]: each["owner"] for each in app.all()}
        assert (owners[open_task], owners[closed_task]) == (app.person("ann"), app.person("ben"))


@pytest.mark.requirement("SR29")
@pytest.mark.requirement("SW15")
def test_a_record_is_created_with_its_lines(database_url: str) -> None:
    """Lines are written out over the record, or are one for each row of a relation for which a condition holds."""
    plan = {
        "form": "task",
        "values": {"title": '"plan of " & company'},
        "lines": {
            "steps": [
                {"values": {"what": '"deposit"', "on": "TODAY()", "share": "ROUND(budget * 0.3, 2)"}},
                {"when": "budget < 100", "values": {"what": '"all of it"', "share": "budget"}},
                {"values": {"what": '"rest"', "share": "budget - ROUND(budget * 0.3, 2)"}},
            ]
        },
    }
    visits = {
        "form": "task",
        "values": {"title": '"visits"'},
        "lines": {"steps": {"rows": "visits", "where": "at is not blank", "values": {"on": "TODATE(at)"}}},
    }
    won = {"entered": {"field": "stage", "state": "won"}}
    with trial(database_url, rule("plan", won, [{"create": plan}, {"create": visits}])) as app:
        lead = app.create(company="Hengqi", budget="100.01")
        app.create(form="visit", lead=lead, at="2026-03-01T09:00:00Z")
        app.create(form="visit", lead=lead)
        app.create(form="visit", lead=lead, at="2026-03-02T20:00:00Z")
        app.update(lead, stage="won")
        app.settle()
        planned, visited = (app.get(each["id"], "task")["steps"] for each in app.all())
        assert [(each["what"], str(each["on"] or ""), str(each["share"])) for each in planned] == [
            ("deposit", "2026-03-02", "30.00"),
            ("rest", "", "70.01"),
        ]
        assert [str(each["on"]) for each in visited] == ["2026-03-01", "2026-03-03"]


@pytest.mark.requirement("SR29")
def test_the_linked_record_is_changed_through_its_link(database_url: str) -> None:
    """The one record the link points at, if the condition holds for it; a blank link changes nothing."""
    gilded = {"link": "account", "where": 'level <> "gold"', "values": {"level": '"gold"', "name": "company"}}
    with trial(database_url, rule("gild", {"entered": {"field": "stage", "state": "won"}}, {"update": gilded})) as app:
        plain, other = (app.create(form="account", name=name, level="plain") for name in ("a", "b"))
        gold = app.create(form="account", name="c", level="gold")
        for account in (plain, gold, None):
            app.update(app.create(company="Hengqi", account=account), stage="won")
        app.settle()
        names = {each: app.get(each, "account")["name"] for each in (plain, other, gold)}
        assert names == {plain: "Hengqi", other: "b", gold: "c"}
        assert [each["outcome"] for each in app.log("gild")] == ["done"] * 3


def test_sums_in_notices_read_like_money(database_url: str) -> None:
    """Thousands are separated and cents shown; a number that is no sum stays as it is."""
    note = {"notify": {"to": ["owner"], "title": "{{ budget }} of {{ company }}, score {{ score }}"}}
    with trial(database_url, rule("tell", {"created": True}, note)) as app:
        app.create(company="Hengqi", budget="43092", score=12000, owner=app.person("ann"))
        app.settle()
        assert app.notices("ann") == ["¥43,092.00 of Hengqi, score 12000"]


def test_update_of_a_form_by_condition(database_url: str) -> None:
    """`this` is the record the rule fires for; other records of the form are left alone."""
    action = {"update": {"form": "task", "where": 'lead = this and title <> "keep"', "values": {"done": "true"}}}
    with trial(database_url, rule("close", {"entered": {"field": "stage", "state": "lost"}}, action)) as app:
        lead, other = app.create(), app.create()
        tasks = [
            app.create(form="task", title=title, lead=of) for title, of in (("a", lead), ("keep", lead), ("b", other))
        ]
        app.update(lead, stage="lost")
        app.settle()
        assert [app.get(each, "task")["done"] for each in tasks] == [True, None, None]


def test_a_rollup_that_crosses_a_line_sets_a_rule_off(database_url: str) -> None:
    """Other records were saved, not this one: its roll-up changed, and the rule that reads it notices, once."""
    rules = (
        rule("busy", {"becomes": "visit_count >= 2"}, NOTE),
        rule("any_save", {"updated": True, "fields": ["company"]}, NOTE),
    )
    with trial(database_url, *rules) as app:
        lead = app.create()
        for hour in range(4):
            app.create(form="visit", lead=lead, at=START + timedelta(hours=hour))
            app.settle()
        assert (app.get(lead)["note"], app.get(lead)["visit_count"]) == ("x", 4)


@pytest.mark.requirement("R26")
def test_an_endless_chain_ends_and_the_log_names_it(database_url: str) -> None:
    """Each new record makes another: after as many causes as are allowed it stops, and says so."""
    found = rule("breed", {"created": True}, {"create": {"form": "lead", "values": {"company": "company"}}})
    with trial(database_url, found) as app:
        app.create(company="x")
        app.settle()
        outcomes = [each["outcome"] for each in app.log("breed")]
        assert outcomes == ["done"] * (len(outcomes) - 1) + ["stopped"]
        assert len(app.all("lead")) == len(outcomes) <= 10
        assert "rule:breed" in app.log("breed")[-1]["error"]
