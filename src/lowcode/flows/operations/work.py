"""The world as one node of one instance sees it: the record, the people, and what the flow may do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.roster import People
from lowcode.flows.nodes.kind import MANY, Hindered, Pair
from lowcode.flows.nodes.reading import STARTER
from lowcode.flows.operations.changing import Changing
from lowcode.flows.operations.concerned import known_people
from lowcode.flows.operations.copies import give_copies
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.run import State, Token
from lowcode.kernel.calendar import TeamCalendar
from lowcode.kernel.contract import Context, batch_of
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Expression, Moment
from lowcode.kernel.identity import org
from lowcode.kernel.identity.directory import Directory
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.requests import Request
from lowcode.kernel.texts import TextTemplate


def variables_of(context: Context, form: str, starter: int | None) -> dict[str, Any]:
    """The variables of a flow's expressions; a field of the same name takes precedence."""
    return {} if STARTER in context.app.scope.records[form].shape.fields else {STARTER: starter}


def told_of_many(many: Pair, title: Any, languages: Iterable[str]) -> dict[str, str]:
    """The title of one notice of many records, in the languages of the app."""
    known = dict(zip(("en", "zh-CN"), many, strict=True))
    return {
        each: (localized(known, each) or many[0]).replace("{title}", localized(title, each) or "") for each in languages
    }


IN_APP, ASKING = ("app",), ("app", "push")
"""The channels of what people are told, and of what waits for them: it reaches also a device that shows only what is
important."""


def _team(context: Context, directory: Directory, person: int) -> TeamCalendar | None:
    user = directory.users.get(person)
    roles = user.roles if user is not None else frozenset[str]()
    found: TeamCalendar | None = context.app.calendars.of(directory.departments_of(person), roles)
    return found


class InstanceWork:
    """What a node is given to work with."""

    def __init__(
        self, base: Context, plan: FlowPlan, row: Mapping[str, Any], state: State, token: Token | None
    ) -> None:
        self.record_type: str = row["record_type"]
        self.record_id: int = row["record_id"]
        self.starter: int | None = row["starter"]
        self.subject: Text = row["subject"]
        self.instance_id: int = row["id"]
        self._base = base
        self._row = row
        self._plan = plan
        self._state = state
        self._token = token
        self.again = token is not None and token.again
        self.answer = token.answer if token is not None else None
        self.language = str(base.app.definition.languages[0])

    def chosen(self, node: str) -> tuple[int, ...]:
        """The people picked for a node."""
        return self._state.chosen.get(node, ())

    def related(self, form: str, by: str, where: str | None) -> list[int]:
        """The records of a form that link to this one, the oldest first: of those that are there for whom it acts."""
        condition = f"{by} = {self.record_id}" + (f" and ({where})" if where else "")
        found: list[int] = []
        after = None
        while True:
            page = self._base.as_app().ask(
                "records.list", type=form, where=condition, sort=("id",), fields=("id",), limit=200, after=after
            )
            found.extend(each["id"] for each in page["items"])
            after = page["next"]
            if after is None:
                return readable(self.context, self._base.app.types[form], found)

    def call(self, flow: str, record_id: int) -> int:
        """Begin another flow whose end this token waits for. Raises NotFound: there is no such record for whom it
        acts."""
        assert self._token is not None
        reader = None if self.context.actor.is_app else self.context.actor.id
        parent = {"parent": self.instance_id, "token": self._token.number, "starter": self.starter, "reader": reader}
        begun: int = self._base.as_app().ask("flows.call", flow=flow, id=record_id, **parent)
        return begun

    def copy(self, people: Iterable[int], node: Node, text: Any) -> list[int]:
        """Give people the record to read, each once per instance."""
        return give_copies(self._base, self._row, self._plan, people, node.id, node.title, text)

    @cached_property
    def context(self) -> Context:
        """Acts as the flow does."""
        if self._plan.runs_as == "starter" and self.starter is not None:
            return self._base.as_user(self.starter)
        return self._base.as_app()

    @cached_property
    def directory(self) -> Directory:
        """Everybody there is."""
        return org.directory(self._base)

    @cached_property
    def moment(self) -> Moment:
        """This instant."""
        return self.context.moment()

    def moment_of(self, person: int) -> Moment:
        """This instant, with the calendar by which a person works."""
        team = _team(self._base, self.directory, person)
        return self.moment if team is None else replace(self.moment, calendar=team.calendar)

    def calendar_of(self, person: int) -> str:
        """The name of the calendar by which a person works; '' for the usual one."""
        team = _team(self._base, self.directory, person)
        return "" if team is None else team.name

    def request(self, request: Request) -> str:
        """Ask another program after the commit: nothing outside is called inside a transaction."""
        assert self._token is not None
        facts = self.facts(request.needs) if request.needs else {}
        moment, variables = self.moment, self.variables
        asked = request.asked(facts, lambda each, seen: each.evaluate(seen, moment, **variables))
        message = f"msg_{uuid.uuid4().hex}"
        back = {"instance": self.instance_id, "token": self._token.number, "message": message}
        self._base.as_app().later(
            "api.send",
            name=asked.connector,
            message=message,
            record={"form": self.record_type, "id": self.record_id},
            body=asked.values,
            asker={"operation": "flows.answered", "parameters": back, **asked.wants},
        )
        return message

    def facts(self, expressions: Iterable[Any]) -> Mapping[str, Any]:
        """What expressions read of the record as it is now."""
        facts = self._base.as_app().facts(self.record_type, [self.record_id], list(expressions))
        if self.record_id not in facts:
            raise Hindered(problem("flows.record-gone"))
        return facts[self.record_id]

    @property
    def variables(self) -> dict[str, Any]:
        """What expressions may name beside the fields of the form."""
        return variables_of(self._base, self.record_type, self.starter)

    def value(self, expression: Expression, more: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression over the record as it is now, and over names beside it."""
        return expression.evaluate(self.facts([expression]), self.moment, **{**self.variables, **(more or {})})

    def holds(self, expression: Expression) -> bool:
        """Whether a condition is true."""
        return expression.test(self.facts([expression]), self.moment, **self.variables)

    def words(self, template: TextTemplate | None) -> Any:
        """A text with its values filled in."""
        if template is None:
            return None
        facts = self.facts(template.expressions) if template.expressions else {}
        return template.render_all(facts, self.moment, **self.variables)

    def people(self, found: Iterable[int], deduplicated: bool = False) -> People:
        """What policies have to know."""
        known = self._base, self.directory, self._plan, self._row, self._state, self._token
        return known_people(*known, frozenset(found), deduplicated)

    @cached_property
    def changes(self) -> Changing:
        """How other records are changed."""
        return Changing(self, locked=self._row["locks"] is not None)

    def update(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the record; the flow itself is not kept out by the lock it holds. What is written in somebody's name
        is known by its version: it is no change of theirs."""
        self.changes.unlock()
        record = {"type": self.record_type, "id": self.record_id}
        before = None
        if not self.context.actor.is_app:  # who may change a record need not be able to read it
            before = self._base.as_app().ask("records.get", **record, fields=("version",))
        found = self.context.ask("records.update", **record, values=dict(values))
        return {} if before is None or found["version"] == before["version"] else {"version": found["version"]}

    def notify(
        self, people: Iterable[int], title: Any, text: Any, key: str, *, step: str | None = None, many: Pair = MANY,
        waits: bool = False,
    ) -> None:  # fmt: skip
        """Tell people, once per key, with a link to the record; a step tells of the records of a batch at once."""
        to = list(people)
        batch = batch_of(self._base.causes) if step is not None else None
        gathered: dict[str, Any] = {}
        if batch is not None:
            languages = self._base.app.definition.languages
            gathered = {"batch": f"{batch}:flow:{self._plan.name}:{step}", "many": told_of_many(many, title, languages)}
        if to:
            number = self._token.number if self._token else 0
            self._base.as_app().ask(
                "notifications.send",
                to=tuple(to),
                title=title,
                text=text,
                form=self.record_type,
                record=self.record_id,
                key=f"flow:{self.instance_id}:{number}:{key}",
                counted=False,
                channels=ASKING if waits else IN_APP,
                **gathered,
            )
