"""What rules can do besides: delete, write to customers, call one another, tell at a suitable time; events; guards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity import APP
from lowcode.rules.schedules.spans import anniversary
from tests.rules.apps import START, findings, rule, trial

TASK: dict[str, Any] = {"create": {"form": "task", "values": {"title": '"again"', "lead": "id"}}}


@pytest.mark.requirement("R11")
def test_records_are_put_away(database_url: str) -> None:
    """Those of a relation for which a condition holds, those of a form, and the record itself."""
    rules = (
        rule("tasks", {"becomes": 'stage = "lost"'}, {"delete": {"relation": "tasks", "where": "done is blank"}}),
        rule("visits", {"becomes": 'stage = "lost"'}, {"delete": {"form": "visit", "where": "lead = this"}}),
        rule("itself", {"becomes": 'note = "away"'}, {"delete": {"itself": True}}),
    )
    with trial(database_url, *rules) as app:
        lead = app.create()
        app.create(form="task", lead=lead, title="open")
        app.create(form="task", lead=lead, title="done", done=True)
        app.create(form="visit", lead=lead)
        app.create(form="visit")
        app.update(lead, stage="lost")
        app.settle()
        assert [each["title"] for each in app.all()] == ["done"]
        assert [each["lead"] for each in app.all("visit")] == [None]
        app.update(lead, note="away")
        app.settle()
        assert app.all("lead") == []


@pytest.mark.requirement("R11")
def test_records_are_linked_and_unlinked(database_url: str) -> None:
    """Added to a field of several links, each once, and taken out again; children given a parent, and set free."""
    gold = {"field": "partners", "where": 'level = "gold"'}
    rules = (
        rule("gold", {"becomes": 'note = "gold"'}, {"link": gold}),
        rule("own", {"becomes": 'note = "own"'}, {"link": {"field": "partners", "record": "account"}}),
        rule("less", {"becomes": 'note = "less"'}, {"unlink": gold}),
        rule("none", {"becomes": 'note = "none"'}, {"unlink": {"field": "partners"}}),
        rule("takes", {"becomes": 'note = "takes"'}, {"link": {"relation": "tasks", "where": "lead is blank"}}),
        rule("frees", {"becomes": 'note = "frees"'}, {"unlink": {"relation": "tasks", "where": 'title = "b"'}}),
    )
    with trial(database_url, *rules) as app:
        first, plain = (app.create(form="account", name=each, level=each) for each in ("gold", "plain"))
        lead = app.create(account=plain)
        for title in ("a", "b"):
            app.create(form="task", title=title)

        def partners(note: str) -> list[int]:
            app.update(lead, note=note)
            app.settle()
            return list(app.get(lead)["partners"])

        assert [partners(note) for note in ("gold", "own", "gold", "less", "none")] == [
            [first], [first, plain], [first, plain], [plain], [],
        ]  # fmt: skip
        partners("takes")
        assert [each["lead"] for each in app.all()] == [lead, lead]
        partners("frees")
        assert [each["lead"] for each in app.all()] == [lead, None]


@pytest.mark.requirement("R11", "SC26")
def test_one_is_made_for_each(database_url: str) -> None:
    """Of a form, those for which a condition holds that may name the record of the rule and its fields; of a relation;
    what is blank of the record asks for nothing. They are made together or not at all."""
    wanted = '(this.company is blank or level = this.company) and (this.budget is blank or STARTSWITH(name, "a"))'
    rules = (
        rule("form", {"becomes": 'note = "form"'}, {
            "create": {"form": "task", "for_each": {"form": "account", "where": wanted},
                       "values": {"title": 'name & ": " & this.company', "lead": "this"}}
        }),
        rule("relation", {"becomes": 'note = "relation"'}, {
            "create": {"form": "task", "for_each": {"relation": "tasks", "where": "title = this.company"},
                       "values": {"title": 'title & "!"', "lead": "lead"}}
        }),
        rule("change", {"becomes": 'note = "change"'}, {
            "update": {"form": "task", "where": "lead = this and title = this.company", "values": {"title": '"x"'}}
        }),
    )  # fmt: skip
    with trial(database_url, *rules) as app:
        for name, level in (("ada", "gold"), ("bob", "gold"), ("ann", "plain")):
            app.create(form="account", name=name, level=level)

        def titles(note: str, **values: Any) -> list[str]:
            lead = app.create(**values)
            for title in ("gold", "other"):
                app.create(form="task", title=title, lead=lead)
            app.update(lead, note=note)
            app.settle()
            return [each["title"] for each in app.all() if each["lead"] == lead][2:]

        assert titles("form", company="gold") == ["ada: gold", "bob: gold"]
        assert titles("form", company="gold", budget=5) == ["ada: gold"]
        assert titles("form", budget=5) == ["ada:", "ann:"]
        assert titles("form") == ["ada:", "bob:", "ann:"]
        assert titles("form", company="none") == []
        assert titles("relation", company="gold") == ["gold!"]
        assert titles("change", company="gold") == []
        assert [each["title"] for each in app.all()].count("x") == 1


def test_a_rule_calls_another() -> None:
    """The called rule fires for the same record, by its own conditions, and the log shows who called it."""
    shared = rule("shared", {"button": {"title": "S"}}, TASK, when="budget > 10")
    calling = rule("calling", {"becomes": 'stage = "won"'}, {"call": {"rule": "shared"}})
    with trial("sqlite://", shared, calling) as app:
        small, big = app.create(budget=5), app.create(budget=50)
        for each in (small, big):
            app.update(each, stage="won")
        app.settle()
        assert [each["lead"] for each in app.all()] == [big]
        assert app.log("shared")[0]["causes"][-1].startswith(f"rule:calling:{big}")


@pytest.mark.requirement("SR34", "SR05")
def test_people_are_told_at_a_suitable_time(database_url: str) -> None:
    """In quiet hours a notice waits until they are over; outside working time until people work; the manager gets a
    copy; and who was told of a record is not told again within the span."""
    words = {"to": ["owner"], "title": "Look"}
    rules = (
        rule("night", {"becomes": "budget > 0"}, {"notify": {**words, "quiet": {"from": "21:00", "until": "08:00"}}}),
        rule("work", {"becomes": "budget > 10"}, {"notify": {"to": ["owner"], "title": "Work", "quiet": {}}}),
        rule("copy", {"updated": True, "fields": ["note"]}, {
            "notify": {"to": ["owner"], "title": "Note", "copy_to": [{"manager_of": "owner"}], "once_per": {"days": 1}}
        }),
    )  # fmt: skip
    with trial(database_url, *rules) as app:
        app.clock.set(START.replace(hour=15, minute=30))
        lead = app.create(budget=5)
        app.settle()
        assert (app.notices("ann"), [each["outcome"] for each in app.log("night")]) == ([], ["done"])
        app.clock.set((START + timedelta(days=1)).replace(hour=0, minute=1))
        app.settle()
        assert app.notices("ann") == ["Look"]
        app.clock.set(START.replace(day=7, hour=6))
        app.update(lead, budget=20)
        app.settle()
        assert app.notices("ann") == ["Look"]
        app.clock.set(START.replace(day=9, hour=1))
        app.settle()
        assert app.notices("ann") == ["Look", "Work"]
        assert [each["outcome"] for name in ("night", "work") for each in app.log(name)] == ["done", "done"]
        for note in ("a", "b", "c"):
            app.update(lead, note=note)
            app.settle()
        assert app.notices("ann") == ["Look", "Work", "Note"]
        assert app.notices("boss") == ["Note"]
        app.advance(days=1)
        app.update(lead, note="d")
        app.settle()
        assert app.notices("boss") == ["Note", "Note"]


@pytest.mark.requirement("SR36")
def test_an_event_sets_a_rule_off(database_url: str) -> None:
    """What was told of a record, by whom ever, once per event; what the event says narrows it."""
    heard = rule("heard", {"event": {"name": "call.ended", "of": {"answered": True}}}, {
        "create": {"form": "visit", "values": {"lead": "id", "at": "NOW()"}}
    })  # fmt: skip
    with trial(database_url, heard) as app:
        lead = app.create()
        for answered in (True, False):
            with app.host.session(APP) as context:
                context.tell("call.ended", record_type="lead", record_id=lead, answered=answered)
        with app.host.session(APP) as context:
            context.tell("call.ended", record_type="task", record_id=lead, answered=True)
        app.settle()
        assert [each["lead"] for each in app.all("visit")] == [lead]


@pytest.mark.requirement("R26")
def test_a_rule_that_fires_too_often_is_stopped_and_paused(database_url: str) -> None:
    """More firings than it may: stopped, the third time paused, administrators are told; a person resumes it."""
    eager = rule("eager", {"updated": True, "fields": ["note"]}, TASK, limit={"most": 2, "per": {"hours": 1}})
    with trial(database_url, eager) as app:
        app.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        app.host.forget_directory()
        lead = app.create()
        for number in range(7):
            app.update(lead, note=str(number))
            app.settle()
        assert [each["outcome"] for each in app.log("eager")] == ["done"] * 2 + ["stopped"] * 3 + ["paused"] * 2
        assert app.notices("root") == ["The rule 'eager' is paused: it went in circles or fired too often"]
        (found,) = app.ask("root", "rules.paused")
        assert found["rule"] == "eager" and "may 2" in found["reason"]
        app.advance(hours=2)
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.resume", rule="eager")
        assert app.ask("root", "rules.resume", rule="eager") == {"rule": "eager", "resumed": True}
        app.update(lead, note="resumed")
        app.settle()
        assert app.log("eager")[-1]["outcome"] == "done"
        app.ask("root", "rules.pause", rule="eager", reason="to be mended")
        app.update(lead, note="paused")
        app.settle()
        assert app.log("eager")[-1]["error"] == "to be mended"


@pytest.mark.requirement("R24", "X7", "SR04", "SR05")
def test_a_ladder_in_working_time(database_url: str) -> None:
    """Remind the owner after 4 working hours, copy to the manager after 8, give it to somebody else after 2 working
    days, back to the pool after 4: each step once, and none once somebody has acted."""
    pool = {
        "name": "north", "type": "pool", "form": "lead", "members": ["sales"], "managers": ["supervisor"],
        "leave": {"assigned_at": "NOW()"},
    }  # fmt: skip
    ladder = {
        "name": "ladder", "form": "lead", "when": 'stage = "new" and owner is not blank',
        "on": {"inactive": {"since": "COALESCE(touched_at, assigned_at)"}},
        "steps": [
            {"after": {"hours": 4, "working": True}, "actions": [{"notify": {"to": ["owner"], "title": "Remind"}}]},
            {"after": {"hours": 8, "working": True}, "actions": [
                {"notify": {"to": ["owner"], "copy_to": [{"manager_of": "owner"}], "title": "Still"}}]},
            {"after": {"days": 2, "working": True}, "actions": [
                {"assign": {"field": "owner", "among": {"role": "sales"}, "exclude": ["owner"]}}]},
            {"after": {"days": 4, "working": True}, "actions": [
                {"return_to_pool": {"pool": "north", "notify": False}}]},
        ],
    }  # fmt: skip
    friday = START + timedelta(days=4, hours=5)
    with trial(database_url, pool, ladder, start=friday) as app:
        lead, touched = app.create(assigned_at=friday), app.create("ben", assigned_at=friday)
        app.advance(hours=3, minutes=59)
        assert app.notices("ann") == []
        app.advance(minutes=2)
        assert app.notices("ann") == ["Remind"]
        app.update(touched, "ben", touched_at=app.clock.now(), stage="contacted")
        app.clock.set(START + timedelta(days=7, hours=3, minutes=59))
        app.settle()
        assert app.notices("ann") == ["Remind"]
        app.clock.set(START + timedelta(days=7, hours=4, minutes=1))
        app.settle()
        assert (app.notices("ann"), app.notices("boss")) == (["Remind", "Still"], ["Still"])
        app.clock.set(START + timedelta(days=8, hours=5, minutes=1))
        app.settle()
        assert app.get(lead)["owner"] not in (None, app.person("ann"))
        app.clock.set(START + timedelta(days=10, hours=5, minutes=1))
        app.settle()
        assert app.get(lead)["owner"] is None
        assert app.get(touched)["owner"] == app.person("ben")


@pytest.mark.parametrize(("leap", "day"), [("february", 28), ("march", 1)])
def test_the_29th_of_february_is_kept(leap: str, day: int) -> None:
    """Born on a leap day: the birthday of other years is the day the rule says."""
    kept = date(2027, 2, 28) if leap == "february" else date(2027, 3, 1)
    assert anniversary(date(2000, 2, 29), 2027, leap == "march") == kept
    birthday = rule(
        "birthday",
        {"date": {"field": "birthday", "yearly": True, "leap": leap}},
        {"notify": {"to": ["owner"], "title": "Today"}},
    )
    start = START.replace(year=2027, month=2, day=20)
    with trial("sqlite://", birthday, start=start) as app:
        app.create(birthday=date(2000, 2, 29))
        app.clock.set(start.replace(month=kept.month, day=kept.day, hour=0))
        app.settle()
        assert app.notices("ann") == []
        app.clock.set(start.replace(month=kept.month, day=kept.day, hour=2))
        app.settle()
        assert app.notices("ann") == ["Today"]


@pytest.mark.requirement("SR06")
def test_what_a_record_links_to_goes_back() -> None:
    """A task that is done gives its lead back: who had it is told, and the pool is told from where."""
    pool = {"name": "north", "type": "pool", "form": "lead", "members": ["sales"], "managers": ["supervisor"]}
    back = {"return_to_pool": {"link": "lead", "pool": "north", "set": {"note": '"back by " & title'}}}
    done = rule("done", {"becomes": "done"}, back, form="task")
    with trial("sqlite://", pool, done) as app:
        lead = app.create()
        free = app.create(form="task", title="alone")
        task = app.create(form="task", title="call", lead=lead)
        for each in (free, task):
            app.update(each, form="task", done=True)
        app.settle()
        found = app.get(lead)
        assert (found["owner"], found["note"]) == (None, "back by call")
        assert len(app.notices("ann")) == 1
    wrong = findings(rule("done", {"becomes": "done"}, {"return_to_pool": {"link": "leed"}}, form="task"))
    assert ["rules.not-a-link"] == [each.code for each in wrong if each.severity == "error"]
