"""The corpus of approval words: a flow, what people do one after the other, and what must be true after each step.

Every case is a flow of one app, so that a whole corpus costs one host; it runs on SQLite and on PostgreSQL alike.
A case names its flow's nodes and its steps. A step acts (`as`, `do`, `with`; `refused` is the code of a refusal), lets
time pass (`after`), or only looks; what is expected stands beside. `@login` stands for the id of a person, `@number`
for what the record is called; the task is the newest of that person (or of another: `of`) in the case, the instance the
newest of its record, where a step does not say. Whatever is done leaves the trace that the page of operations says.
`away` are people who have given the flow of the case to somebody else, or to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import run, tables
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from tests.flows.app import PEOPLE, Office, document
from tests.flows.vocabulary import TRACES

CORPUS = Path(__file__).parents[1] / "conformance" / "flows" / "stories"
CASES: list[dict[str, Any]] = [
    {**case, "flow": f"{path.stem}_{index}"}
    for path in sorted(CORPUS.glob("*.json"))
    for index, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
]
PARAMS = [
    pytest.param(case, marks=[pytest.mark.requirement(*case["shows"])] if "shows" in case else [], id=case["rule"])
    for case in CASES
]
LINES = sa.select(tables.history).where(tables.history.c.id > sa.bindparam("since"))
INSTANCES = sa.select(tables.instance).where(
    tables.instance.c.record_type == "quote", tables.instance.c.record_id == sa.bindparam("record")
)
HISTORY = (
    sa.select(tables.history).where(tables.history.c.instance == sa.bindparam("instance")).order_by(tables.history.c.id)
)
TASK_STATE = {"flows.take_back": "done", "flows.read": "copied"}


def flows() -> Iterator[dict[str, Any]]:
    """The flows of all cases, and those they call."""
    for case in CASES:
        keys = {"start": {"on": "manual"}, **case.get("keys", {})}
        yield document(case["flow"], nodes=case["nodes"], **keys)
        for name, other in case.get("others", {}).items():
            form, nodes = (other["form"], other["nodes"]) if isinstance(other, dict) else ("quote", other)
            subject = "Quote {{ number }}" if form == "quote" else "{{ title }}"
            yield {**document(name, nodes=nodes, start={"on": "manual"}, subject=subject, withdraw={}), "form": form}


@pytest.fixture(scope="module")
def sqlite_office() -> Iterator[Office]:
    """All cases as one app, in memory."""
    office = Office(*flows())
    yield office
    office.host.close()


@pytest.fixture(scope="module")
def postgresql_office(postgresql_server: Any) -> Iterator[Office]:
    """All cases as one app on PostgreSQL."""
    with postgresql_server.database() as url:
        office = Office(*flows(), database=url)
        yield office
        office.host.close()


def replayed(lines: Iterable[dict[str, Any]]) -> dict[int, str]:
    """Where an instance stands by its history alone: its tokens, and the step each is at."""
    tokens: dict[int, str] = {}
    met: dict[int, str] = {}
    for line in lines:
        token, node = line["token"], line["node"]
        match line["event"]:
            case "arrived":
                met[token] = node
            case "asked" | "waits" | "stuck":
                tokens[token] = node
            case "passed":
                tokens.pop(token, None)
                met = {each: at for each, at in met.items() if at != node}
            case "dropped":
                tokens.pop(token, met.pop(token, None))
            case "ended":
                tokens, met = {}, {}
    return tokens | met


class Story:
    """One case being told."""

    def __init__(self, office: Office, case: dict[str, Any]) -> None:
        self.office = office
        self.case = case
        self.number = f"Q-{case['flow']}."
        self.quote = office.quote(case.get("total", 500), number=self.number)
        self.begun: list[int] = []
        self.since = 0
        self.since = max((line["id"] for line in self.lines()), default=0)

    def instance(self, flow: str = "") -> int:
        """The newest instance of the record, or the newest of another flow of the case."""
        found = [e for e in self.office.history(self.quote) if not flow or e["flow"]["name"] == flow]
        return int(found[0 if flow else -1]["id"])

    def tasks(self, login: str, state: str = "open") -> list[dict[str, Any]]:
        """The tasks of somebody in this case, the newest first."""
        found = self.office.tasks(login, state, search=self.number)
        return [each for each in found if each["record"]["id"] == self.quote]

    def contract(self, title: str) -> int:
        """The contract of the record with a title."""
        given = {"type": "contract", "where": f'quote.id = {self.quote} and title = "{title}"'}
        return int(self.office.ask("boss", "records.list", **given)["items"][0]["id"])

    def known(self, value: Any) -> Any:
        """`@login` as the id of the person, `@contract:Title` as that of a contract, anywhere."""
        if value == "@record":
            return self.quote
        if isinstance(value, str) and value.startswith("@contract:"):
            return self.contract(value.partition(":")[2])
        if isinstance(value, str) and value.startswith("@"):
            return self.office.id(value[1:])
        if isinstance(value, list):
            return tuple(self.known(each) for each in value)
        return {key: self.known(each) for key, each in value.items()} if isinstance(value, dict) else value

    def act(self, step: dict[str, Any]) -> Any:
        """Somebody does something."""
        operation = step["do"] if "." in step["do"] else f"flows.{step['do']}"
        given = dict(self.known(step.get("with", {})))
        needs = self.office.host.app.operations[operation].params.model_fields
        if "task" in needs and "task" not in given:
            mine = self.tasks(step.get("of", step["as"]), step.get("in", TASK_STATE.get(operation, "open")))
            titled = [each for each in mine if step.get("at", each["node"]) == each["node"]]
            assert titled, f"{step['as']} has nothing to {operation}"
            given["task"] = titled[0]["id"]
        if operation == "flows.task":
            given["id"] = self.tasks(step["as"], step.get("in", "open"))[0]["id"]
        if "instance" in needs and "instance" not in given:
            given["instance"] = self.instance()
        if operation == "flows.message":
            given = {"form": "quote", "id": self.quote, **given}
        if operation == "records.update":
            given = {"type": "quote", "id": self.quote, **given}
        return self.office.ask(step["as"], operation, **given)

    def tell(self, step: dict[str, Any]) -> None:
        """One step, and what must be true after it."""
        if "after" in step:
            self.office.clock.advance(timedelta(**step["after"]))
            self.office.host.settle()
        if "do" in step and "refused" in step:
            with pytest.raises(Rejected) as refused:
                self.act(step)
            assert step["refused"] == refused.value.problems[0].code, step
        elif "do" in step:
            answer = self.act(step)
            self.traced(step["do"], answer)
            self.office.host.settle()
            if "ahead" in step:
                assert step["ahead"] == [_ahead(each) for each in answer["steps"]], step
            if "offers" in step:
                assert step["offers"] == [each["operation"] for each in answer["actions"]], step
            if "answer" in step:
                expected = {key: self.number if value == "@number" else value for key, value in step["answer"].items()}
                assert expected == {key: answer[key] for key in expected}, step
        if "answer_called" in step:
            task = self.called(step["as"])[0]["id"]
            self.office.ask(step["as"], "flows.decide", task=task, decision=step["answer_called"])
            self.office.host.settle()
        for login, subjects in step.get("called", {}).items():
            assert subjects == [each["subject"] for each in reversed(self.called(login))], step
        self.look(step)
        self.stands()

    def lines(self) -> list[dict[str, Any]]:
        """The history that this case has written, of whichever instance."""
        with self.office.host.session(APP) as context:
            return context.unit.fetch(LINES, since=self.since)

    def traced(self, done: str, answer: Any) -> None:
        """What was done stands in the history."""
        expected = TRACES.get(f"flows.{done}")
        if expected and not (isinstance(answer, dict) and answer.get("moved") == 0):
            assert expected & {line["event"] for line in self.lines()}, done

    def called(self, login: str) -> list[dict[str, Any]]:
        """The tasks of somebody about records of another form."""
        return [each for each in self.office.tasks(login) if each["record"]["form"] != "quote"]

    def stands(self) -> None:
        """What the history of every instance says of where it stands is where it stands."""
        with self.office.host.session(APP) as context:
            for row in context.unit.fetch(INSTANCES, record=self.quote):
                told = replayed(context.unit.fetch(HISTORY, instance=row["id"]))
                state = run.from_json(row["tokens"]) if row["running"] is not None else run.State()
                assert {t.number: t.node for t in state.tokens} == told, row["id"]

    def look(self, step: dict[str, Any]) -> None:
        """What must be true now."""
        if "waiting" in step:
            waiting = {login: [t["node"] for t in self.tasks(login)] for login, *_ in PEOPLE}
            expected = {login: at if isinstance(at, list) else [at] for login, at in step["waiting"].items()}
            assert expected == {login: at for login, at in waiting.items() if at}, step
        record = self.office.ask("boss", "records.get", type="quote", id=self.quote)
        assert step.get("record", {}) == {name: record[name] for name in step.get("record", {})}, step
        if not {"state", "walked", "outcome", "told", "copies"} & step.keys():
            return
        instance = next(e for e in self.office.history(self.quote) if e["flow"]["name"] == self.case["flow"])
        copies = {each["person"]["label"].lower(): each["read_at"] is not None for each in instance["copies"]}
        assert step.get("copies", copies) == copies, step
        assert step.get("state", instance["state"]) == instance["state"], (step, instance["incidents"])
        assert step.get("outcome", instance["outcome"]) == instance["outcome"], step
        assert step.get("walked") in (None, [each["node"] for each in instance["steps"]]), instance["steps"]
        for login, titles in step.get("told", {}).items():
            told = self.office.ask(login, "notifications.list", limit=200)["items"]
            mine = [each["title"] for each in told if each["record"] and each["record"]["id"] == self.quote]
            assert titles == mine, (step, login)


def _ahead(step: dict[str, Any]) -> str:
    """A step to come, with the people who will be asked."""
    people = ",".join(each["person"]["label"].lower() for each in step["people"])
    return f"{step['node']}:{people}" if people else str(step["node"])


def tell(office: Office, case: dict[str, Any]) -> None:
    """A whole case."""
    story = Story(office, case)
    around = {"since": office.clock.now() - timedelta(days=1), "until": office.clock.now() + timedelta(days=1)}
    for login, agent in case.get("away", {}).items():
        office.ask(login, "identity.away", **around, agent=agent, only=(f"flow:{case['flow']}",))
    chosen = story.known(case.get("chosen", {}))
    office.ask("li", "flows.start", flow=case["flow"], id=story.quote, chosen=chosen)
    for step in case["steps"]:
        story.tell(step)


@pytest.mark.parametrize("case", PARAMS)
def test_on_sqlite(sqlite_office: Office, case: dict[str, Any]) -> None:
    """Each step leaves what the case says."""
    tell(sqlite_office, case)


@pytest.mark.postgresql
@pytest.mark.parametrize("case", PARAMS)
def test_on_postgresql(postgresql_office: Office, case: dict[str, Any]) -> None:
    """The same on PostgreSQL."""
    tell(postgresql_office, case)
