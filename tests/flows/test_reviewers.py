"""Programs that review (AI 审批): advice for the person, or a decision within limits; else a person decides."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows.nodes.asking.reviewers.connector import AnswerDocument, advice_in
from lowcode.flows.nodes.asking.reviewers.kind import Advice, NoAdvice
from lowcode.kernel.storage import tables as t
from tests.flows.app import Office, approval, document

CONNECTOR = {"name": "model", "type": "request", "url": {"secret": "MODEL_URL"}}
ASKED = {
    "type": "connector", "name": "credit_desk", "title": {"en": "Credit desk", "zh-CN": "信用助手"},
    "connector": "model", "values": {"total": "total"}, "texts": {"prompt": "Quote {{ number }}?"},
    "answer": {"inside": "choices.0.message.content"}, "within": {"minutes": 5},
}  # fmt: skip
LIMITS = {"only": "approve", "when": "total < 10000", "confidence": 0.9}


class Model:
    """A program at the other end: `answer` is its status and body; `before` runs while it is being asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, str] = (200, "{}")
        self.got: list[Any] = []
        self.before: Callable[[], Any] = lambda: None
        self.url = ""

    def says(self, decision: str, confidence: float | None = None, reason: str = "solvent") -> None:
        """The next answers, as language models give them."""
        content = json.dumps({"decision": decision, "reason": reason, "confidence": confidence})
        self.answer = (200, json.dumps({"choices": [{"message": {"content": content}}]}))


@pytest.fixture
def model() -> Iterator[Model]:
    """A real server."""
    box = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            box.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            box.before()
            status, text = box.answer
            self.send_response(status)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    box.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield box
    server.shutdown()
    server.server_close()
    thread.join()


Opens = Callable[..., Office]


@pytest.fixture
def open_office(model: Model, database_url: str) -> Iterator[Opens]:
    """An office whose finance approves, with a reviewer."""
    opened: list[Office] = []

    def make(reviewer: dict[str, Any], **keys: Any) -> Office:
        flow = document(nodes=approval({"user": "fang"}, reviewer=reviewer, **keys))
        more = {"api/model.json": CONNECTOR}
        office = Office(
            flow, database=database_url, more=more, secrets={"MODEL_URL": model.url}, allow_private=("127.0.0.0/8",)
        )
        opened.append(office)
        return office

    yield make
    for office in opened:
        office.host.close()


def advice(office: Office, login: str = "fang") -> dict[str, Any]:
    """What the person on whose list the task is sees."""
    found: dict[str, Any] = office.ask(login, "flows.task", id=office.tasks(login)[0]["id"])["advice"]
    return found


def step(office: Office, quote: int) -> dict[str, Any]:
    """The approval in the history of a quote."""
    found: dict[str, Any] = next(each for each in office.history(quote)[0]["steps"] if each["node"] == "ask")
    return found


def test_a_program_advises_and_the_person_decides(open_office: Opens, model: Model) -> None:
    """It is asked after the commit, told only what the author names, and its advice stands in task and history."""
    office = open_office(ASKED)
    model.says("reject", 0.8, "pays late")
    quote = office.submitted(500)
    assert (model.got, advice(office)["state"]) == ([], "asked")
    office.host.settle()
    assert model.got == [{"total": "500.00", "prompt": "Quote Q1?"}]
    shown = advice(office)
    assert (shown["title"], shown["decision"], shown["reason"]) == ("Credit desk", "reject", "pays late")
    assert (shown["confidence"], shown["held"]) == (0.8, "advises")
    office.decide("fang")
    assert office.stage(quote) == "approved"
    told = step(office, quote)
    assert (told["advice"]["reviewer"], told["advice"]["decided"]) == ("credit_desk", False)
    assert [each["decision"] for each in told["people"]] == ["approve"]


@pytest.mark.parametrize(
    ("total", "decision", "confidence", "held"),
    [
        (500, "approve", 0.95, None),
        (500, "approve", 0.89, "confidence"),
        (500, "approve", None, "confidence"),
        (500, "reject", 0.99, "decision"),
        (10_000, "approve", 0.99, "condition"),
    ],
)
def test_it_decides_within_its_limits_only(
    open_office: Opens, model: Model, total: int, decision: str, confidence: float | None, held: str | None
) -> None:
    """Within all of them the flow goes on in the name of nobody; outside of one the person is asked as before."""
    office = open_office({**ASKED, "decides": LIMITS})
    model.says(decision, confidence)
    quote = office.submitted(total)
    office.host.settle()
    told = step(office, quote)
    assert (told["advice"]["decided"], told["advice"]["held"]) == (held is None, held)
    if held is not None:
        assert (office.stage(quote), office.waiting(), advice(office)["held"]) == ("approving", {"fang": 1}, held)
        office.decide("fang", "reject")
        assert office.stage(quote) == "rejected"
        return
    assert (office.stage(quote), office.waiting()) == ("approved", {})
    assert (told["why"]["reviewer"], told["why"]["reason"]) == ("credit_desk", "solvent")
    assert [(each["state"], each["decision"]) for each in told["people"]] == [("cancelled", None)]


def test_it_refuses_where_it_may(open_office: Opens, model: Model) -> None:
    """Its no takes the exit of a refusal."""
    office = open_office({**ASKED, "decides": {"only": "reject"}})
    model.says("reject")
    quote = office.submitted()
    office.host.settle()
    assert (office.stage(quote), office.history(quote)[0]["outcome"]) == ("rejected", "rejected")


def test_nobody_waits_for_it(open_office: Opens, model: Model) -> None:
    """While it thinks, people save and decide: it is asked outside of a transaction, and comes too late."""
    office = open_office({**ASKED, "decides": LIMITS})
    model.says("approve", 0.99)
    other: list[int] = []

    def meanwhile() -> None:
        other.append(office.quote(7))
        office.decide("fang", "reject")

    model.before = meanwhile
    quote = office.submitted()
    office.host.settle()
    assert (len(other), office.stage(quote)) == (1, "rejected")
    assert [each["node"] for each in office.history(quote)[0]["steps"]] == ["start", "ask", "return", "refused"]


def test_too_late_it_only_advises(open_office: Opens, model: Model) -> None:
    """An answer after its time does not decide, and one that never comes leaves the person alone."""
    office = open_office({**ASKED, "decides": LIMITS})
    model.says("approve", 0.99)
    model.before = lambda: office.clock.advance(timedelta(minutes=6))
    quote = office.submitted()
    office.host.settle()
    assert (office.stage(quote), advice(office)["state"], advice(office)["held"]) == ("approving", "given", "late")
    office.decide("fang")
    assert office.stage(quote) == "approved"


def test_a_service_that_is_down_is_asked_again_until_its_time_is_over(open_office: Opens, model: Model) -> None:
    """Then the person goes on without it; no job is left dead."""
    office = open_office({**ASKED, "decides": LIMITS})
    model.answer = (503, "busy")
    quote = office.submitted()
    for _ in range(12):
        office.host.settle()
        office.clock.advance(timedelta(minutes=1))
    assert len(model.got) > 1
    assert (advice(office)["state"], step(office, quote)["advice"]["held"]) == ("late", "late")
    office.clock.advance(timedelta(days=1))
    office.host.settle()
    with office.host.database.reading() as unit:
        assert {row["state"] for row in unit.fetch(sa.select(t.job).where(t.job.c.name == "flows.review"))} == {"done"}
    office.decide("fang")
    assert office.stage(quote) == "approved"


@pytest.mark.parametrize("answer", [(200, "what?"), (200, "{}"), (200, '{"choices": []}'), (403, "no")])
def test_what_cannot_be_read_is_no_advice(open_office: Opens, model: Model, answer: tuple[int, str]) -> None:
    """Nothing is guessed: a person decides, and history says what was wrong."""
    office = open_office({**ASKED, "decides": {"only": "both"}})
    model.answer = answer
    quote = office.submitted()
    office.host.settle()
    shown = advice(office)
    assert (office.stage(quote), shown["state"], shown["decision"], shown["held"]) == (
        "approving", "failed", None, "failed",
    )  # fmt: skip
    assert shown["reason"]


def test_expressions_review_too(open_office: Opens) -> None:
    """Without any other program: what is cheap passes by itself, what is dear gets a warning."""
    reviewer = {
        "type": "expression", "name": "limits", "decision": 'IF(total < 1000, "approve", "reject")',
        "reason": {"en": "Costs {{ total }}", "zh-CN": "金额 {{ total }}"}, "confidence": "1",
        "decides": {"only": "approve"},
    }  # fmt: skip
    office = open_office(reviewer)
    cheap, dear = office.submitted(999), office.submitted(1000)
    office.host.settle()
    assert (office.stage(cheap), office.stage(dear)) == ("approved", "approving")
    assert (advice(office)["decision"], advice(office)["held"]) == ("reject", "decision")
    assert "1,000" in advice(office)["reason"]


def test_sent_back_and_asked_again_it_reviews_again(open_office: Opens, model: Model) -> None:
    """The advice of the first time does not count for the second."""
    office = open_office({**ASKED, "decides": LIMITS}, returns=["starter"])
    model.says("approve", 0.5)
    quote = office.submitted()
    office.host.settle()
    office.ask("fang", "flows.send_back", task=office.tasks("fang")[0]["id"], to="starter")
    model.says("approve", 0.99)
    office.ask("li", "flows.decide", task=office.tasks("li")[0]["id"], decision="complete")
    assert advice(office)["state"] == "asked"
    office.host.settle()
    assert (len(model.got), office.stage(quote)) == (2, "approved")


def test_reading_answers() -> None:
    """Plain JSON, JSON in a text, words of one's own; a confidence that is none is left out."""
    plain = AnswerDocument()
    assert advice_in('{"decision": "approve", "reason": "ok", "confidence": 1}', plain) == Advice("approve", "ok", 1.0)
    assert advice_in('{"decision": "reject", "confidence": 7}', plain) == Advice("reject", "", None)
    assert advice_in('{"decision": "reject", "confidence": true, "reason": 3}', plain) == Advice("reject", "", None)
    own = AnswerDocument(inside="data.0", decision="verdict.word", approve=["ja"], reject=["nein"])
    assert advice_in('{"data": ["{\\"verdict\\": {\\"word\\": \\"nein\\"}}"]}', own) == Advice("reject")
    for wrong in ("[]", "3", '{"decision": ["approve"]}', '{"decision": "APPROVE"}', "approve"):
        with pytest.raises(NoAdvice):
            advice_in(wrong, plain)
