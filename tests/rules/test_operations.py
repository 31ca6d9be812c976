"""Trying rules out, pressing buttons, explaining, reading the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.rules import reasons
from tests.rules.apps import START, rule, trial
from tests.rules.test_assign import assign

NOTICE = {
    "notify": {
        "to": ["owner", {"role": "supervisor"}],
        "title": {"zh-CN": "{{ company }} 静默", "en": "{{ company }} is silent"},
    }
}
SILENT = rule(
    "silent",
    {"inactive": {"since": "COALESCE(touched_at, assigned_at)", "for": {"days": 7}}},
    NOTICE,
    when='grade = "A"',
)


@pytest.mark.requirement("R25")
def test_a_simulation_says_what_would_happen_and_changes_nothing(database_url: str) -> None:
    """On a set: which would match, and what would be done to each."""
    with trial(database_url, SILENT) as app:
        old = START - timedelta(days=9)
        due = app.create(company="Due", grade="A", assigned_at=old)
        app.create(company="Plain", grade="B", assigned_at=old)
        fresh = app.create(company="Fresh", grade="A", assigned_at=START)
        found = app.ask(None, "rules.simulate", rule="silent", where="company is not blank")
        assert (found["looked_at"], found["matching"]) == (3, [due])
        assert (found["labels"][due], found["people"][app.person("boss")]) == ("Due", "Boss")
        step = next(each for each in found["results"] if each["record"] == due)["steps"][0]
        assert step["due_at"] == (old + timedelta(days=7)).isoformat()
        assert step["conditions"] == [{"condition": 'grade = "A"', "met": True, "values": {"grade": "A"}}]
        assert step["actions"][0]["notify"] == [app.person("ann"), app.person("boss")]
        assert step["actions"][0]["title"] == {"zh-CN": "Due 静默", "en": "Due is silent"}
        app.settle()
        assert app.notices("ann") == [] and app.log("silent") == []
        assert app.ask(None, "rules.simulate", rule="silent", record=fresh)["matching"] == []


@pytest.mark.requirement("X9")
def test_a_simulated_assignment_takes_no_turn(database_url: str) -> None:
    """Who would get it can be asked as often as one likes."""
    with trial(database_url, assign(among={"role": "sales"})) as app:
        lead = app.create(owner=None)
        for _ in range(3):
            step = app.ask(None, "rules.simulate", rule="assign", record=lead)["results"][0]["steps"][0]
            assert step["actions"][0]["assign"] == app.person("ann")
        app.settle()
        assert app.get(lead)["owner"] == app.person("ann")


@pytest.mark.requirement("X10")
def test_explain_says_which_condition_was_not_met_and_which_field_was_blank(database_url: str) -> None:
    """Why did nothing happen? The condition, its parts, their values."""
    with trial(database_url, rule("rich", {"becomes": "budget > 1000"}, {"set": {"note": '"rich"'}})) as app:
        lead = app.create()
        found = app.ask(None, "rules.explain", rule="rich", record=lead)
        (step,) = found["now"]["steps"]
        assert (step["matches"], step["conditions"][0]["met"]) == (False, False)
        assert (found["why"][0]["value"], found["why"][0]["blanks"]) == (None, ["budget"])
        app.update(lead, budget=2000)
        app.settle()
        after = app.ask(None, "rules.explain", rule="rich", record=lead)
        assert [each["outcome"] for each in after["log"]] == ["done"]
        assert after["log"][0]["actions"] == [{"set": {"note": "rich"}}]


@pytest.mark.requirement("R7")
def test_a_button_obeys_roles_and_its_condition(database_url: str) -> None:
    """Pressed by whom it is for, while its condition holds; else refused with words."""
    found = rule(
        "claim",
        {"button": {"title": "Claim", "roles": ["supervisor"]}},
        {"set": {"owner": "ME()"}},
        when="owner is blank",
    )
    with trial(database_url, found) as app:
        lead = app.create(owner=None)
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.press", rule="claim", id=lead)
        assert app.ask("boss", "rules.press", rule="claim", id=lead)["outcome"] == "done"
        assert app.get(lead)["owner"] == app.person("boss")
        with pytest.raises(Rejected, match="condition-not-met"):
            app.ask("boss", "rules.press", rule="claim", id=lead)
        with pytest.raises(NotFound):
            app.ask("boss", "rules.press", rule="claim", id=9999)
        with pytest.raises(NotFound, match="no-such-rule"):
            app.ask("boss", "rules.press", rule="clame", id=lead)


def test_only_the_app_fires_and_only_administrators_look_inside(database_url: str) -> None:
    """The operations that bypass a person's permissions are not theirs to ask."""
    with trial(database_url, SILENT) as app:
        for operation, parameters in (
            ("rules.fire", {"rule": "silent", "occurrence": "x"}),
            ("rules.simulate", {"rule": "silent"}),
            ("rules.explain", {"rule": "silent", "record": 1}),
            ("rules.log", {}),
        ):
            with pytest.raises(Forbidden):
                app.ask("ann", operation, **parameters)


def test_run_as_actor_stays_within_what_the_person_may(database_url: str) -> None:
    """A rule that acts as whoever set it off is refused what they are refused; the failure can be seen."""
    action = {"create": {"form": "task", "values": {"title": '"x"', "owner": "ME()"}}}
    with trial(database_url, rule("own", {"created": True}, action, run_as="actor")) as app:
        app.create("ben")
        app.settle()
        (task,) = app.all()
        assert (task["created_by"], task["owner"]) == (app.person("ben"), app.person("ben"))


def test_who_left_is_not_made_into_the_app(database_url: str) -> None:
    """What was put off in the name of a person who has left is not done, and the run log says why."""
    action = {"create": {"form": "task", "values": {"title": '"x"', "owner": "ME()"}}}
    steps = [{"after": {"minutes": 0}, "actions": [action]}, {"after": {"days": 1}, "actions": [action]}]
    with trial(database_url, rule("later", {"created": True}, steps=steps, run_as="actor")) as app:
        app.create("ben")
        app.settle()
        app.ask(None, "identity.save_person", login="ben", active=False)
        app.advance(days=2)
        assert len(app.all()) == 1
        (stopped,) = [each for each in app.log("later") if each["outcome"] == "stopped"]
        assert "no longer active" in stopped["error"]


def test_a_failing_action_undoes_the_firing_and_is_seen_in_the_log(database_url: str) -> None:
    """One transaction: what earlier actions did is undone, and the log shows what stands in the way."""
    actions = [{"create": {"form": "task", "values": {"title": '"x"'}}}, {"set": {"company": '""'}}]
    strict = rule(
        "strict", {"updated": True}, {"refuse": {"message": "no company"}}, phase="before", when="company is blank"
    )
    with trial(database_url, rule("bad", {"created": True}, actions), strict) as app:
        app.create(company="x")
        app.settle()
        assert app.all() == []
        (failed,) = app.ask(None, "rules.log", rule="bad")["failed"]
        assert (failed["rule"], failed["state"]) == ("bad", "dead")
        assert "no company" in failed["error"]


def test_reasons_are_said_in_the_language_of_whoever_reads_them() -> None:
    """What the engine says has words in each language; what a person wrote stands as it is written."""
    why = reasons.filled(reasons.OFTEN, fired=3, within="1:00:00", most=2)
    assert reasons.told(reasons.kept(why), "zh-CN") == "1:00:00 内已执行 3 次，最多 2 次"
    assert reasons.told(reasons.kept(why), "en") == "fired 3 times within 1:00:00, and may 2"
    assert reasons.recalled(reasons.kept({"de": "zu oft"})) == {"de": "zu oft"}
    for written in (
        "too many mails", '{"so": to speak', '{"a": 1}x', "", '{"errcode": 40014, "errmsg": "invalid"}', '{"en": 1}',
        '{"msg": "invalid"}', '{"en": "invalid"}', '{"a":' * 100_000,
    ):  # fmt: skip
        for language in ("en", "zh-CN", None):
            assert reasons.told(reasons.kept(written), language) == (written or None)
