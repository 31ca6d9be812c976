"""Several people decide at the same instant: nothing is left stuck, nothing is counted twice.

The usual way (write my row, count the open ones, go on at zero) leaves nine of ten such approvals waiting for ever on
PostgreSQL, and passes on SQLite, where there is one writer (research: flows.md 0.3). Both are tested.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Conflict
from tests.flows.app import Office, approval, document

SIGNERS = ("boss", "head", "fang", "feng")


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run several functions, released by one barrier; what each answered or raised."""
    barrier = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            answers[index] = work()
        except Exception as error:
            answers[index] = error

    threads = [threading.Thread(target=run, args=(index, work)) for index, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def deciding(office: Office, login: str, task: int, decision: str) -> Callable[[], Any]:
    """Somebody's decision, to be made later."""
    return lambda: office.ask(login, "flows.decide", task=task, decision=decision)


def asking(office: Office, login: str, operation: str, **parameters: Any) -> Callable[[], Any]:
    """Something somebody asks, to be asked later."""
    return lambda: office.ask(login, operation, **parameters)


def four_sign_at_once(office: Office, rounds: int) -> None:
    """Each round: one quote, four signers, one instant."""
    for _ in range(rounds):
        quote = office.submitted()
        tasks = {login: office.tasks(login)[0]["id"] for login in SIGNERS}
        answers = at_once([deciding(office, login, tasks[login], "approve") for login in SIGNERS])
        assert [] == [answer for answer in answers if isinstance(answer, Exception)]
        assert "approved" == office.stage(quote)
        steps = [each["node"] for each in office.history(quote)[0]["steps"]]
        assert ["start", "ask", "mark", "end"] == steps
    assert {} == office.waiting()


def first_decision_wins(office: Office, rounds: int) -> None:
    """或签 with opposite answers at one instant: one counts, the other is told that it came too late."""
    for _ in range(rounds):
        quote = office.submitted()
        tasks = {login: office.tasks(login)[0]["id"] for login in ("fang", "feng")}
        answers = at_once(
            [deciding(office, "fang", tasks["fang"], "approve"), deciding(office, "feng", tasks["feng"], "reject")]
        )
        assert 1 == sum(isinstance(answer, Conflict) for answer in answers), answers
        expected = "approved" if isinstance(answers[1], Conflict) else "rejected"
        assert expected == office.stage(quote)


def join_at_once(office: Office, rounds: int) -> None:
    """Two branches end at one instant: the join fires once."""
    for _ in range(rounds):
        quote = office.submitted()
        tasks = {login: office.tasks(login)[0]["id"] for login in ("fang", "feng")}
        answers = at_once([deciding(office, login, tasks[login], "complete") for login in ("fang", "feng")])
        assert [] == [answer for answer in answers if isinstance(answer, Exception)]
        assert 1 == [each["node"] for each in office.history(quote)[0]["steps"]].count("mark")
        assert "approved" == office.stage(quote)


def signer_against_the_last(office: Office, rounds: int) -> None:
    """加签 at the instant of the last agreement: the signer is asked and it waits, or it is over and they are not."""
    for _ in range(rounds):
        quote = office.submitted()
        task = office.tasks("head")[0]["id"]
        person = office.id("fang")
        answers = at_once(
            [
                deciding(office, "head", task, "approve"),
                asking(office, "root", "flows.add_signer", task=task, person=person),
            ]
        )
        assert not isinstance(answers[0], Exception), answers
        late = isinstance(answers[1], Conflict)
        assert late or not isinstance(answers[1], Exception), answers
        assert ("approved" if late else "approving") == office.stage(quote)
        if not late:
            office.decide("fang")
            assert "approved" == office.stage(quote)


def taken_back_against_the_next(office: Office, rounds: int) -> None:
    """拿回 at the instant at which the next person answers: one of the two happens, the other is told so."""
    for _ in range(rounds):
        quote = office.submitted()
        mine = office.tasks("head")[0]["id"]
        office.ask("head", "flows.decide", task=mine, decision="approve")
        theirs = office.tasks("boss")[0]["id"]
        answers = at_once(
            [
                asking(office, "head", "flows.take_back", task=mine),
                deciding(office, "boss", theirs, "approve"),
            ]
        )
        assert 1 == sum(isinstance(answer, Conflict) for answer in answers), answers
        if isinstance(answers[1], Conflict):
            office.decide("head")
            office.decide("boss")
        assert "approved" == office.stage(quote)
    assert {} == office.waiting()


def answer_against_time_and_withdrawal(office: Office, rounds: int) -> None:
    """An answer, the end of its time and 撤回 at one instant: one of the three is what happened."""
    for _ in range(rounds):
        quote = office.submitted()
        [instance] = office.history(quote)
        task = office.tasks("head")[0]["id"]
        office.clock.advance(timedelta(hours=1))
        answers = at_once([
            office.host.settle,
            deciding(office, "head", task, "approve"),
            asking(office, "li", "flows.withdraw", instance=instance["id"]),
        ])  # fmt: skip
        office.host.settle()
        [instance] = office.history(quote)
        won = [isinstance(answer, Exception) for answer in answers[1:]]
        state = {(False, True): "approved", (True, False): "withdrawn", (True, True): "rejected"}[won[0], won[1]]
        assert state == instance["state"], answers
        assert {"approved": "approved", "withdrawn": "draft", "rejected": "rejected"}[state] == office.stage(quote)
        assert 1 == len([each for each in instance["steps"] if each["node"] == "ask"])
    assert {} == office.waiting()


COUNTERSIGN = document(nodes=approval(*({"user": login} for login in SIGNERS), mode="all"))
ANY = document(nodes=approval({"role": "finance"}, mode="any"))
JOIN = document(
    nodes=[
        {"id": "start", "type": "start", "to": "split"},
        {"id": "split", "type": "parallel", "to": ["one", "two"]},
        {"id": "one", "type": "task", "assignees": [{"user": "fang"}], "to": "join"},
        {"id": "two", "type": "task", "assignees": [{"user": "feng"}], "to": "join"},
        {"id": "join", "type": "join", "to": "mark"},
        {"id": "mark", "type": "set", "values": {"stage": '"approved"'}, "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ]
)
ONE = document(nodes=approval({"user": "head"}))
TWO = document(
    nodes=[
        {"id": "start", "type": "start", "to": "first"},
        {"id": "first", "type": "approve", "approvers": [{"user": "head"}], "approved": "ask", "rejected": "return"},
        *approval({"user": "boss"})[1:],
    ]
)
LATE = document(
    nodes=approval({"user": "head"}, deadline={"hours": 1, "then": "reject"}),
    withdraw={"until": "end", "values": {"stage": '"draft"'}},
)
CASES = [
    pytest.param(LATE, answer_against_time_and_withdrawal, id="answer-against-time-and-withdrawal"),
    pytest.param(ONE, signer_against_the_last, id="signer-against-the-last"),
    pytest.param(TWO, taken_back_against_the_next, id="taken-back-against-the-next"),
    pytest.param(COUNTERSIGN, four_sign_at_once, id="four-sign"),
    pytest.param(ANY, first_decision_wins, id="first-decision"),
    pytest.param(JOIN, join_at_once, id="join"),
]


@pytest.mark.postgresql
@pytest.mark.parametrize(("flow", "play"), CASES)
def test_on_postgresql(flow: Any, play: Callable[[Office, int], None], postgresql_url: str) -> None:
    """Many rounds, real connections."""
    office = Office(flow, database=postgresql_url)
    try:
        play(office, 25)
    finally:
        office.host.close()


@pytest.mark.parametrize(("flow", "play"), CASES)
def test_on_sqlite(flow: Any, play: Callable[[Office, int], None], tmp_path: Any) -> None:
    """One writer, shared commits."""
    office = Office(flow, database=f"sqlite:///{tmp_path}/office.sqlite3")
    try:
        play(office, 10)
    finally:
        office.host.close()
