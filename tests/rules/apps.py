"""A small app to try rules in: leads that are assigned, followed up, scored and given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from lowcode.api.engine import Api
from lowcode.app import compile_app
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.contract import Engine
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.identity import APP
from lowcode.rules.engine import Rules

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""

APP_DOCUMENT = {
    "name": "trial",
    "title": "Trial",
    "version": "1.0.0",
    "zone": "Asia/Shanghai",
    "roles": [{"name": each} for each in ("sales", "supervisor", "director")],
    "keep_days": {"rule_runs": None},
}
"""What rules did is read years later."""
EVERYTHING = [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit", "delete"]}]
LEAD = {
    "name": "lead",
    "label": "company",
    "fields": [
        {"name": "company", "type": "text"},
        {"name": "email", "type": "email"},
        {"name": "phone", "type": "phone"},
        {"name": "papers", "type": "attachment"},
        {
            "name": "province",
            "type": "select",
            "options": [{"name": each} for each in ["shanghai", "zhejiang", "beijing"]],
        },
        {"name": "grade", "type": "select", "options": [{"name": each} for each in ["A", "B", "C"]]},
        {"name": "budget", "type": "money"},
        {"name": "score", "type": "integer"},
        {"name": "heat", "type": "select", "options": [{"name": each} for each in ["hot", "warm", "cold"]]},
        {
            "name": "stage",
            "type": "state",
            "initial": "new",
            "states": [{"name": each} for each in ("new", "contacted", "won", "lost")],
            "transitions": [{"from": "*", "to": each} for each in ("new", "contacted", "won", "lost")],
        },
        {"name": "former_owner", "type": "member"},
        {"name": "assigned_at", "type": "datetime"},
        {"name": "touched_at", "type": "datetime"},
        {"name": "birthday", "type": "date"},
        {"name": "contract_end", "type": "date"},
        {"name": "meeting_at", "type": "datetime"},
        {"name": "note", "type": "text"},
        {"name": "memo", "type": "text", "history": False},
        {"name": "account", "type": "link", "to": "account"},
        {"name": "partners", "type": "links", "to": "account"},
        {"name": "last_visit_at", "type": "rollup", "expression": "MAX(visits.at)"},
        {"name": "visit_count", "type": "rollup", "expression": "COUNT(visits)", "scale": 0},
    ],
    "relations": [
        {"name": "tasks", "form": "task", "by": "lead"},
        {"name": "visits", "form": "visit", "by": "lead"},
    ],
    "permissions": EVERYTHING,
}
TASK = {
    "name": "task",
    "label": "title",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "lead", "type": "link", "to": "lead"},
        {"name": "due_at", "type": "datetime"},
        {"name": "done", "type": "boolean"},
        {
            "name": "steps",
            "type": "lines",
            "fields": [
                {"name": "what", "type": "text"},
                {"name": "on", "type": "date"},
                {"name": "share", "type": "money"},
                {"name": "parts", "type": "lines", "fields": [{"name": "count", "type": "integer"}]},
            ],
        },
    ],
    "permissions": EVERYTHING,
}
VISIT = {
    "name": "visit",
    "fields": [{"name": "at", "type": "datetime"}, {"name": "lead", "type": "link", "to": "lead"}],
    "permissions": EVERYTHING,
}
ACCOUNT = {
    "name": "account",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "level", "type": "select", "options": [{"name": each} for each in ["gold", "plain"]]},
        {"name": "places", "type": "lines", "fields": [{"name": "name", "type": "text"}]},
    ],
    "permissions": EVERYTHING,
}
INTAKE = {
    "name": "tasks_in",
    "type": "intake",
    "form": "task",
    "payload": {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
    "values": {"title": "payload.title"},
    "authentication": {"key": True},
}
FORMS = (LEAD, TASK, VISIT, ACCOUNT)
ENGINES: tuple[Engine, ...] = (Forms(), Rules())
"""Made once: the models of their documents take a third of what a small app takes to be understood."""
PEOPLE: tuple[dict[str, Any], ...] = (
    {"login": "boss", "name": "Boss", "roles": ["supervisor"]},
    {"login": "ann", "name": "Ann", "roles": ["sales"], "manager": "boss"},
    {"login": "ben", "name": "Ben", "roles": ["sales"], "manager": "boss"},
    {"login": "cai", "name": "Cai", "roles": ["sales"], "manager": "boss"},
)


def documents(rules: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The app with some rules."""
    found: dict[str, Any] = {"app.json": APP_DOCUMENT}
    found.update({f"forms/{form['name']}.json": form for form in FORMS})
    found.update({f"rules/{rule['name']}.json": rule for rule in rules})
    return found


def rule(name: str, on: Mapping[str, Any], actions: Any = None, **more: Any) -> dict[str, Any]:
    """A rule on leads."""
    given = {"actions": actions if isinstance(actions, list) else [actions]} if actions is not None else {}
    return {"name": name, "form": "lead", "on": dict(on), **given, **more}


CHECKED: tuple[Engine, ...] = (*ENGINES, Api())


def findings(*rules: Mapping[str, Any]) -> list[Any]:
    """What is wrong with some rules."""
    report = Report()
    loaded = load({**documents(rules), "api/tasks_in.json": INTAKE}, report)
    compile_app(loaded, CHECKED, Host(loaded, "sqlite://", engines=CHECKED).operations, report=report)
    return list(report.findings)


class Trial:
    """A host with the app, people and a clock that is advanced."""

    def __init__(self, host: Host, clock: FrozenClock) -> None:
        self.host = host
        self.clock = clock

    def ask(self, login: str | None, operation: str, /, **parameters: Any) -> Any:
        """Ask as a person (None: as the app)."""
        return self.host.ask(self.host.actor(login) if login else APP, operation, **parameters)

    def create(self, login: str | None = "ann", form: str = "lead", **values: Any) -> int:
        """A new record; its id."""
        return int(self.ask(login, "records.create", type=form, values=values)["id"])

    def update(self, identity: int, login: str | None = "ann", form: str = "lead", **values: Any) -> None:
        """Change a record."""
        self.ask(login, "records.update", type=form, id=identity, values=values)

    def get(self, identity: int, form: str = "lead") -> dict[str, Any]:
        """A record as the app sees it."""
        found: dict[str, Any] = self.ask(None, "records.get", type=form, id=identity)
        return found

    def all(self, form: str = "task") -> list[dict[str, Any]]:
        """All records of a form, the oldest first."""
        found: list[dict[str, Any]] = self.ask(None, "records.list", type=form, sort=("id",), limit=500)["items"]
        return found

    def settle(self) -> None:
        """Let what is due happen."""
        self.host.settle()

    def advance(self, **span: float) -> None:
        """Time passes, and what is due happens."""
        self.clock.advance(timedelta(**span))
        self.settle()

    def notices(self, login: str) -> list[str]:
        """The titles of somebody's notices, the oldest first."""
        items = self.ask(login, "notifications.list", limit=200)["items"]
        return [each["title"] for each in reversed(items)]

    def log(self, name: str) -> list[dict[str, Any]]:
        """The run log of a rule, the oldest first; nothing may have failed."""
        found = self.ask(None, "rules.log", rule=name, limit=500)
        assert found["failed"] == []
        return list(reversed(found["items"]))

    def person(self, login: str) -> int:
        """The id of a person."""
        return self.host.directory().by_login[login].id


def host_of(url: str, *rules: Mapping[str, Any], clock: FrozenClock, **options: Any) -> Host:
    """A host of the app with some rules; nothing is published yet. `others` are documents of other engines by path;
    with them the app has all engines."""
    others = options.pop("others", None)
    options = options if others is not None else {"engines": ENGINES, **options}
    return Host({**documents(rules), **(others or {})}, url, clock=clock, **options)


@contextmanager
def trial(url: str, *rules: Mapping[str, Any], start: datetime = START, **options: Any) -> Iterator[Trial]:
    """A trial with some rules; closed at the end."""
    clock = FrozenClock(start)
    host = host_of(url, *rules, clock=clock, **options)
    try:
        host.publish()
        with host.session(APP) as context:
            for person in PEOPLE:
                context.ask("identity.save_person", **person)
        host.forget_directory()
        made = Trial(host, clock)
        made.settle()
        yield made
    finally:
        host.close()
