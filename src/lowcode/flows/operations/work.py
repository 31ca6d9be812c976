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
from lowcode.flows.operations import store
from lowcode.flows.operations.agreeing import agreed_to_this
from lowcode.flows.operations.copies import give_copies
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.run import State, Token
from lowcode.kernel.calendar import TeamCalendar
from lowcode.kernel.contract import Context, batch_of
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Expression, Moment
from lowcode.kernel.identity import ADMINISTRATOR, org
from lowcode.kernel.identity.directory import Directory
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
        self._locked = row["locks"] is not None
        self.again = token is not None and token.again
        self.answer = token.answer if token is not None else None
        self.language = str(base.app.definition.languages[0])

    def chosen(self, node: str) -> tuple[int, ...]:
        """The people picked for a node."""
        return self._state.chosen.get(node, ())

    def related(self, form: str, by: str, where: str | None) -> list[int]:
        """The records of a form that link to this one, the oldest first."""
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
                return found

    def call(self, flow: str, record_id: int) -> int:
        """Begin another flow whose end this token waits for."""
        assert self._token is not None
        parent = {"parent": self.instance_id, "token": self._token.number, "starter": self.starter}
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
        team = self._team(person)
        return self.moment if team is None else replace(self.moment, calendar=team.calendar)

    def calendar_of(self, person: int) -> str:
        """The name of the calendar by which a person works; '' for the usual one."""
        team = self._team(person)
        return "" if team is None else team.name

    def _team(self, person: int) -> TeamCalendar | None:
        user = self.directory.users.get(person)
        roles = user.roles if user is not None else frozenset[str]()
        found: TeamCalendar | None = self._base.app.calendars.of(self.directory.departments_of(person), roles)
        return found

    def request(self, request: Request) -> str:
        """Ask another program after the commit: nothing outside is called inside a transaction."""
        assert self._token is not None
        facts = self._facts(request.needs) if request.needs else {}
        moment, variables = self.moment, self._variables()
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

    def _facts(self, expressions: Iterable[Any]) -> Mapping[str, Any]:
        facts = self._base.as_app().facts(self.record_type, [self.record_id], list(expressions))
        if self.record_id not in facts:
            raise Hindered(problem("flows.record-gone"))
        return facts[self.record_id]

    def _variables(self) -> dict[str, Any]:
        return variables_of(self._base, self.record_type, self.starter)

    def value(self, expression: Expression, more: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression over the record as it is now, and over names beside it."""
        return expression.evaluate(self._facts([expression]), self.moment, **{**self._variables(), **(more or {})})

    def holds(self, expression: Expression) -> bool:
        """Whether a condition is true."""
        return expression.test(self._facts([expression]), self.moment, **self._variables())

    def words(self, template: TextTemplate | None) -> Any:
        """A text with its values filled in."""
        if template is None:
            return None
        facts = self._facts(template.expressions) if template.expressions else {}
        return template.render_all(facts, self.moment, **self._variables())

    def people(self, found: Iterable[int], deduplicated: bool = False) -> People:
        """What policies have to know."""
        directory, found = self.directory, frozenset(found)
        administrators = tuple(user.id for user in directory.with_role(ADMINISTRATOR))
        managers = directory.managers
        agents: dict[int, int] = {}
        away: set[int] = set()
        here: set[int] = set()
        if directory.knows_absences:
            concerned = {*found, *administrators, *((self.starter,) if self.starter is not None else ())}
            concerned.update(managers[person] for person in tuple(concerned) if person in managers)
            for person in concerned:
                absence = directory.absence_of(person, self.moment.now, f"flow:{self._plan.name}")
                if absence is not None:
                    away.add(person)
                    here.update({person} if absence.only else ())
                    if absence.agent is not None:
                        agents[person] = absence.agent
        user = directory.users.get(self.starter) if self.starter is not None else None
        department = directory.departments.get(user.department) if user is not None and user.department else None
        agreed, just_before = self._state.agreed, self._token.agreed if self._token else frozenset()
        if deduplicated and agreed | just_before:
            agreed = agreed_to_this(self._base, self._row, agreed | just_before)
        return People(
            starter=self.starter,
            active=directory.active,
            agents=agents,
            away=frozenset(away),
            away_here=frozenset(here),
            managers=managers,
            starter_head=department.head if department is not None else None,
            administrators=administrators,
            agreed=agreed,
            agreed_just_before=just_before & agreed,
        )

    def update(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the record; the flow itself is not kept out by the lock it holds. What is written in somebody's name
        is known by its version: it is no change of theirs."""
        if self._locked:
            self._base.unit.run(store.UNLOCK, instance_id=self.instance_id)
            self._locked = False
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
