"""Giving records to people: by table, in turn, by load; fair, and aware of who is there."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.identity import APP
from lowcode.rules.assignment import Turns, in_turn, least_load, round_robin, weighted
from tests.rules.apps import START, Trial, rule, trial

TERRITORY: dict[str, Any] = {
    "name": "territory",
    "type": "table",
    "form": "lead",
    "hit": "FIRST",
    "inputs": [{"name": "province", "expression": "province"}, {"name": "budget", "expression": "budget"}],
    "outputs": [{"name": "user", "type": "user"}],
    "rules": [
        {"when": {"province": '"shanghai"', "budget": ">= 1000"}, "then": {"user": '"boss"'}},
        {"when": {"province": '"shanghai"'}, "then": {"user": '"cai"'}},
    ],
}


def assign(**options: Any) -> dict[str, Any]:
    """A rule that assigns new leads."""
    return rule("assign", {"created": True}, {"assign": {"field": "owner", **options}}, when="owner is blank")


def owners(app: Trial, leads: list[int]) -> list[str]:
    """Who has each lead."""
    names = {user.id: user.login for user in app.host.directory().users.values()}
    return [names.get(app.get(each)["owner"] or 0, "") for each in leads]


@pytest.mark.requirement("SR13")
@pytest.mark.requirement("R13")
def test_round_robin_takes_everybody_in_turn(database_url: str) -> None:
    """Each once, then from the beginning."""
    with trial(database_url, assign(among={"role": "sales"})) as app:
        leads = [app.create(owner=None) for _ in range(7)]
        app.settle()
        assert owners(app, leads) == ["ann", "ben", "cai", "ann", "ben", "cai", "ann"]


@pytest.mark.requirement("R16")
def test_people_who_are_away_or_inactive_are_passed_over(database_url: str) -> None:
    """Nobody's turn is given to who cannot take it; the log says who was passed over and why."""
    with trial(database_url, assign(among={"role": "sales"})) as app:
        app.ask(None, "identity.away", user="ben", since=START - timedelta(days=1), until=START + timedelta(days=3))
        app.ask(None, "identity.save_person", login="cai", active=False)
        app.host.forget_directory()
        leads = [app.create(owner=None) for _ in range(2)]
        app.settle()
        assert owners(app, leads) == ["ann", "ann"]
        told = app.log("assign")[0]["actions"][0]
        assert told["passed_over"] == {str(app.person("ben")): {"en": "away", "zh-CN": "不在岗"}}
        app.ask(None, "identity.save_person", login="ann", active=False)
        app.host.forget_directory()
        left = app.create("boss", owner=None)
        app.settle()
        assert owners(app, [left]) == [""]
        assert app.log("assign")[-1]["actions"][0]["reason"]["en"] == "nobody is there"


@pytest.mark.requirement("SR14")
@pytest.mark.requirement("R14")
def test_least_load_counts_what_is_declared_as_load(database_url: str) -> None:
    """Open leads count, lost ones do not; among equals it goes in turn."""
    load = {"form": "lead", "where": 'stage in ("new", "contacted")'}
    with trial(database_url, assign(among={"role": "sales"}, strategy="least_load", load=load)) as app:
        for _ in range(2):
            app.create(owner=app.person("ann"))
        app.create(owner=app.person("ben"))
        app.update(app.create(owner=app.person("cai")), stage="lost")
        app.settle()
        leads = []
        for _ in range(4):
            leads.append(app.create(owner=None))
            app.settle()
        assert owners(app, leads) == ["cai", "ben", "cai", "ann"]


@pytest.mark.requirement("SR10")
@pytest.mark.requirement("R17")
def test_a_table_assigns_and_the_strategy_catches_the_rest(database_url: str) -> None:
    """Territory first; somebody away, or no row, falls through to the turn."""
    found = assign(table="territory", among={"role": "sales"})
    with trial(database_url, TERRITORY, found) as app:
        leads = [app.create(owner=None, province=each) for each in ("shanghai", "beijing", "shanghai")]
        leads.append(app.create(owner=None, province="shanghai", budget=5000))
        app.settle()
        assert owners(app, leads) == ["cai", "ann", "cai", "boss"]
        app.ask(None, "identity.away", user="cai", since=START, until=START + timedelta(days=3))
        app.host.forget_directory()
        away = app.create(owner=None, province="shanghai")
        app.settle()
        assert owners(app, [away]) == ["ben"]
        reasons = [each["actions"][0]["reason"]["en"] for each in app.log("assign")]
        assert reasons == [
            "table territory, row 2",
            "in turn",
            "table territory, row 2",
            "table territory, row 1",
            "in turn",
        ]


def test_turns_are_fair_when_many_arrive_at_once(database_url: str) -> None:
    """Four workers firing at the same instant share one locked row: every turn is counted once."""
    with trial(database_url, assign(among={"role": "sales"})) as app:
        leads = [app.create(owner=None) for _ in range(12)]
        barrier = Barrier(4)

        def work(own: list[int]) -> None:
            barrier.wait()
            for lead in own:
                app.host.ask(APP, "rules.fire", rule="assign", record=lead, occurrence="v1")

        threads = [Thread(target=work, args=(leads[number::4],)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        shares = owners(app, leads)
        assert sorted(shares) == ["ann"] * 4 + ["ben"] * 4 + ["cai"] * 4


people = st.lists(st.integers(1, 9), min_size=1, unique=True)


@given(people, st.integers(1, 60))
def test_nobody_waits_longer_than_one_round(those: list[int], count: int) -> None:
    """Shares differ by one at most."""
    last, given_to = None, []
    for _ in range(count):
        last = round_robin(those, last)
        assert last is not None
        given_to.append(last)
    shares = [given_to.count(each) for each in those]
    assert max(shares) - min(shares) <= 1


@given(people, st.dictionaries(st.integers(1, 9), st.integers(0, 5)), st.none() | st.integers(1, 9))
def test_least_load_never_chooses_somebody_with_more(those: list[int], loads: dict[int, int], last: int | None) -> None:
    """The choice has the least, and is the first in turn among those who have."""
    chosen = least_load(those, loads, last)
    least = min(loads.get(each, 0) for each in those)
    assert chosen == next(each for each in in_turn(those, last) if loads.get(each, 0) == least)


@pytest.mark.requirement("R15")
@pytest.mark.requirement("X9")
def test_turns_by_weight(database_url: str) -> None:
    """Of weights 2, 1 and 0, two of three records go to the first and none to the last."""
    weights = {"ann": 2, "cai": 0}
    with trial(database_url, assign(among={"role": "sales"}, strategy="weighted", weights=weights)) as app:
        leads = [app.create(owner=None) for _ in range(6)]
        app.settle()
        found = owners(app, leads)
        assert sorted(found[:3]) == sorted(found[3:]) == ["ann", "ann", "ben"]


@given(
    st.dictionaries(st.integers(1, 6), st.integers(1, 5), min_size=1, max_size=5),
    st.lists(st.frozensets(st.integers(1, 6), max_size=2), min_size=1, max_size=60),
)
def test_weights_are_fair_however_people_come_and_go(weights: dict[int, int], away: list[frozenset[int]]) -> None:
    """While nobody is away, in every round of as many records as the weights add up to, each gets their weight; who
    comes back is not flooded."""
    turns, round_ = Turns(), sum(weights.values())
    given_out = [weighted(list(weights), weights, turns) for _ in range(2 * round_)]
    for start in (0, round_):
        assert Counter(given_out[start : start + round_]) == Counter(weights)
    for absent in away:
        there = [each for each in weights if each not in absent]
        chosen = weighted(there, weights, turns)
        assert (chosen in there) if there else chosen is None
    coming_back = Counter(weighted(list(weights), weights, turns) for _ in range(round_))
    assert all(coming_back[each] <= 2 * weights[each] + 1 for each in weights)


@pytest.mark.requirement("R16")
@pytest.mark.requirement("X9")
def test_who_is_full_is_passed_over(database_url: str) -> None:
    """Over capacity: the next one; everybody full: whoever is named for that case; the log gives the reasons."""
    options = {
        "among": {"role": "sales"},
        "capacity": {"most": 1, "people": {"ben": 2}},
        "load": {"form": "lead", "where": 'stage <> "won"'},
        "otherwise": [{"user": "boss"}],
    }
    with trial(database_url, assign(**options)) as app:
        leads = []
        for _ in range(5):
            leads.append(app.create(owner=None))
            app.settle()
        assert owners(app, leads) == ["ann", "ben", "cai", "ben", "boss"]
        (told,) = app.log("assign")[-1]["actions"]
        assert told["reason"]["en"] == "nobody else is there"
        assert {each["en"] for each in told["passed_over"].values()} == {"has 1 already", "has 2 already"}


@pytest.mark.requirement("X9")
def test_who_had_it_before_gets_it_again(database_url: str) -> None:
    """The one named as sticky comes before the table and the turns, unless away or excluded."""
    options = {
        "among": {"role": "sales"}, "sticky": ["former_owner"], "exclude": [{"user": "cai"}],
    }  # fmt: skip
    with trial(database_url, assign(**options)) as app:
        leads = [app.create(owner=None, former_owner=app.person(each)) for each in ("ben", "ben", "cai")]
        leads.append(app.create(owner=None))
        app.settle()
        assert owners(app, leads) == ["ben", "ben", "ann", "ben"]
        assert app.log("assign")[2]["actions"][0]["passed_over"][str(app.person("cai"))]["en"] == "excluded"


@pytest.mark.requirement("X9")
def test_who_can_do_it_gets_it(database_url: str) -> None:
    """People with a record that names the skill; a record that asks for none goes to anybody."""
    skill = {"form": "account", "person": "owner", "field": "level", "value": 'IF(grade = "A", "gold", blank)'}
    skill["value"] = "account.level"
    with trial(database_url, assign(among={"role": "sales"}, skill=skill)) as app:
        gold = app.create("cai", form="account", name="x", level="gold")
        plain = app.create("boss", form="account", name="y", level="plain")
        leads = [app.create(owner=None, account=each) for each in (gold, gold, None, plain)]
        app.settle()
        assert owners(app, leads) == ["cai", "cai", "ann", ""]


@pytest.mark.requirement("X9")
@pytest.mark.requirement("X10")
def test_an_assignment_is_tried_out(database_url: str) -> None:
    """To whom a row of records would go, why, and how many each would get; nobody loses a turn by it."""
    options = {"among": {"role": "sales"}, "table": "territory", "strategy": "least_load"}
    with trial(database_url, assign(**options), TERRITORY) as app:
        app.ask(None, "identity.away", user="ben", since=START - timedelta(days=1), until=START + timedelta(days=3))
        app.host.forget_directory()
        leads = [app.create(owner=app.person("boss")) for _ in range(4)]
        leads.append(app.create(owner=app.person("boss"), province="shanghai"))
        found = app.ask(None, "rules.simulate_assignment", rule="assign")
        assert [each["record"] for each in found["results"]] == leads
        assert [(each["name"], each["records"]) for each in found["people"]] == [("Cai", 3), ("Ann", 2)]
        assert found["results"][-1]["reason"] == "table territory, row 2"
        assert set(found["labels"]) == set(leads)
        app.update(leads[0], note="free")
        draft = {**assign(**options), "when": 'note = "free"'}
        free = app.ask(None, "rules.simulate_assignment", draft=draft, matching=True)
        assert [each["record"] for each in free["results"]] == leads[:1]
        assert owners(app, leads) == ["boss"] * 5
