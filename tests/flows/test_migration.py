"""Running instances carried over to a new version: previewed, in part, or not at all."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from lowcode.flows.operations import migrating
from lowcode.flows.operations.views import Names
from tests.flows.app import Office, document
from tests.flows.test_races import asking, at_once

FIRST: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "to": "split"},
    {"id": "split", "type": "parallel", "to": ["a", "b"]},
    {"id": "a", "type": "approve", "approvers": [{"user": "fang"}], "approved": "join", "rejected": "no"},
    {"id": "b", "type": "approve", "approvers": [{"user": "boss"}], "approved": "join", "rejected": "no"},
    {"id": "join", "type": "join", "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
    {"id": "no", "type": "end", "outcome": "rejected"},
]
SECOND: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "to": "split"},
    {"id": "split", "type": "parallel", "to": ["finance", "b"]},
    {"id": "finance", "type": "approve", "title": "Finance", "approvers": [{"user": "feng"}], "approved": "both",
     "rejected": "no"},
    {"id": "b", "type": "approve", "approvers": [{"user": "boss"}], "approved": "both", "rejected": "no"},
    {"id": "both", "type": "join", "to": "last"},
    {"id": "last", "type": "task", "assignees": [{"user": "head"}], "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
    {"id": "no", "type": "end", "outcome": "rejected"},
]  # fmt: skip
NODES = {"a": "finance", "join": "both"}


@pytest.mark.requirement("W29", "X6")
def test_running_instances_are_carried_over(tmp_path: Path) -> None:
    """Also with a token that waits at the join; the preview says who is asked where, and changes nothing."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(document(nodes=FIRST), database=database)
    waiting, fresh, left = old.submitted(), old.submitted(), old.submitted()
    old.ask("fang", "flows.decide", task=_task(old, "fang", waiting), decision="approve")
    old.host.close()

    new = Office(document(nodes=SECOND), database=database)
    unmapped = new.ask("root", "flows.preview_migration", flow="approval")["items"]
    assert [["flows.no-such-node-there"]] * 3 == [[p["code"] for p in each["problems"]] for each in unmapped]
    hinders = {(p["node"], p["title"], p["detail"].partition("'")[2].partition("'")[0]) for e in unmapped
               for p in e["problems"]}  # fmt: skip
    assert {("a", "Approval", "Approval"), ("join", "Join", "Join")} == hinders
    preview = new.ask("root", "flows.preview_migration", flow="approval", nodes=NODES)["items"]
    at = [[(e["from"], e["node"], [p["label"] for p in e["people"]]) for e in each["at"]] for each in preview]
    untouched = [("a", "finance", ["Fang"]), ("b", "b", ["Boss"])]
    assert [[("join", "both", []), ("b", "b", ["Boss"])], untouched, untouched] == [
        sorted(e, reverse=True) for e in at[:1]
    ] + at[1:]
    assert {1} == {len({each["digest"] for each in new.history(quote)}) for quote in (waiting, fresh, left)}
    assert [False] * 3 == [each["done"] for each in preview]

    some = [preview[0]["instance"], preview[1]["instance"]]
    done = new.ask("root", "flows.migrate", flow="approval", nodes=NODES, instances=some)
    assert [True, True] == [each["done"] for each in done["items"]]
    assert "Finance" == next(t["title"] for t in new.tasks("fang") if t["record"]["id"] == fresh)
    new.ask("boss", "flows.decide", task=_task(new, "boss", waiting), decision="approve")
    assert {"head"} == {login for login in ("head", "feng") if new.tasks(login)}
    kept, carried = new.history(left)[0], new.history(fresh)[0]
    assert (done["to"], True) == (carried["digest"], kept["digest"] != carried["digest"])

    again = new.ask("root", "flows.migrate", flow="approval", nodes=NODES, ask_again=True)["items"]
    assert [(True, [["Feng"], ["Boss"]])] == [
        (each["done"], [[p["label"] for p in e["people"]] for e in each["at"]]) for each in again
    ]
    assert [left] == [each["record"]["id"] for each in new.tasks("feng")]
    assert [] == new.ask("root", "flows.migrate", flow="approval")["items"]
    new.host.close()


@pytest.mark.requirement("W29", "X6")
def test_two_administrators_at_once(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen the same instances of the earlier version before either holds one: each is carried once, whoever
    comes second is told, and nobody is asked twice."""
    old = Office(document(nodes=FIRST), database=postgresql_url)
    quotes = [old.submitted(), old.submitted()]
    old.host.close()
    new = Office(document(nodes=SECOND), database=postgresql_url)
    both = threading.Barrier(2, timeout=60)

    class Seen(Names):
        """What both read, before any of them goes on."""

        def __init__(self, *given: Any) -> None:
            both.wait()
            super().__init__(*given)

    monkeypatch.setattr(migrating, "Names", Seen)
    carry = asking(new, "root", "flows.migrate", flow="approval", nodes=NODES, ask_again=True)
    answers = at_once([carry, carry])
    monkeypatch.undo()
    came = sorted([e["done"], *(p["code"] for p in e["problems"])] for each in answers for e in each["items"])
    assert [[False, "flows.migrated-already"]] * 2 + [[True]] * 2 == came
    for quote in quotes:
        assert ["migrated"] == [each["event"] for each in new.history(quote)[0]["deeds"]]
    assert [2, 2] == [len(new.tasks(login)) for login in ("feng", "boss")]
    new.host.close()


@pytest.mark.requirement("W29", "X6")
def test_carried_over_it_goes_on_as_though_begun_there(tmp_path: Path) -> None:
    """With a token that waits at the join: whoever is asked, and in which state the record is, after each answer is the
    same as of an instance that took the same way under the new version from its start."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(document(nodes=FIRST), database=database)
    moved = old.submitted()
    old.ask("fang", "flows.decide", task=_task(old, "fang", moved), decision="approve")
    old.host.close()
    new = Office(document(nodes=SECOND), database=database)
    begun = new.submitted()
    new.ask("feng", "flows.decide", task=_task(new, "feng", begun), decision="approve")
    assert [True] == [e["done"] for e in new.ask("root", "flows.migrate", flow="approval", nodes=NODES)["items"]]
    assert _standing(new, moved) == _standing(new, begun)
    for login, decision in (("boss", "approve"), ("head", "complete")):
        for quote in (moved, begun):
            new.ask(login, "flows.decide", task=_task(new, login, quote), decision=decision)
        assert _standing(new, moved) == _standing(new, begun)
    assert "approved" == new.history(moved)[0]["state"]
    new.host.close()


@pytest.mark.parametrize(
    ("nodes", "decided", "code"),
    [
        ({"a": "both", "join": "both"}, False, "flows.nobody-rests-there"),
        ({"a": "last", "join": "both"}, False, "flows.other-answers-there"),
        ({"a": "finance", "join": "last"}, True, "flows.not-a-join-there"),
        ({"a": "start", "join": "both"}, True, "flows.no-such-way-there"),
        ({"a": "b", "join": "both"}, True, "flows.would-be-stuck"),
    ],
)
def test_what_cannot_be_carried_stays(tmp_path: Path, nodes: dict[str, str], decided: bool, code: str) -> None:
    """Each with its reason; the instance goes on under the version it began under."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(document(nodes=FIRST), database=database)
    quote = old.submitted()
    if decided:
        old.ask("fang", "flows.decide", task=_task(old, "fang", quote), decision="approve")
    old.host.close()
    new = Office(document(nodes=SECOND), database=database)
    found = new.ask("root", "flows.migrate", flow="approval", nodes=nodes)["items"][0]
    assert (False, code) == (found["done"], found["problems"][0]["code"])
    assert found["from"] == new.history(quote)[0]["digest"]
    new.host.close()


def _task(office: Office, login: str, quote: int) -> int:
    return next(int(each["id"]) for each in office.tasks(login) if each["record"]["id"] == quote)


def _standing(office: Office, quote: int) -> tuple[list[str], list[tuple[str, str]], str]:
    """Who is asked, how the steps stand that both versions have, and how the instance does."""
    asked = [
        name
        for name in ("fang", "feng", "boss", "head")
        if any(each["record"]["id"] == quote for each in office.tasks(name))
    ]
    (found,) = office.history(quote)
    steps = [(each["node"], each["state"]) for each in found["steps"] if each["node"] in ("b", "last", "end")]
    return asked, steps, found["state"]
