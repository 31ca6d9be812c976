"""The little world a story plays in: a host on a database of its own, a clock that stands, the people of the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.app import App
from lowcode.host import Host
from lowcode.kernel.clock import Clock, FrozenClock
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import suggestion
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t
from lowcode.plugins import Plugins
from lowcode.seeding import seed
from lowcode.testing.definition import Advance, Span
from lowcode.testing.saved import Record, Saved

SPANS = frozenset(Span.model_fields)
PEOPLE = frozenset({"owner", "created_by", "updated_by"})
FAILED = sa.select(t.job.c.name, t.job.c.error).where(t.job.c.error.is_not(None), t.job.c.state != "done")


class CannotGoOn(Exception):
    """The story cannot be told further: somebody or something it speaks of is not there, or work behind it failed."""


def span(value: Span) -> timedelta:
    """A span as the clock takes it."""
    return timedelta(weeks=value.weeks, days=value.days, hours=value.hours, minutes=value.minutes)


class Understood:
    """An app as the first story that was told compiled it. Compiled apps do not change, and compiling one costs more
    than many a story."""

    def __init__(self, documents: Documents, plugins: Plugins) -> None:
        self.documents = documents
        self.plugins = plugins
        self._app: App | None = None

    def host(self, database: str, clock: Clock) -> Host:
        """A host of the app. Raises DefinitionError with everything that is wrong."""
        host = Host(self.documents, database, clock=clock, plugins=self.plugins)
        if self._app is None:
            self._app = host.app
        else:
            host.take(self.documents, self._app)
        return host


class World:
    """A host whose time is told by the story."""

    def __init__(self, understood: Understood, start: str, seeded: bool | list[str], database: str) -> None:
        self.clock = FrozenClock()
        self.host = understood.host(database, self.clock)
        self.clock.set(self.instant(start))
        self.host.publish()
        seed(self.host, forms=None if seeded is True else seeded or [], passwords=False)
        self.host.settle()
        self.saved = Saved(self._fetch)

    def close(self) -> None:
        """Close the database."""
        self.host.close()

    def instant(self, text: str) -> datetime:
        """An instant an author wrote: without a zone, in the app's."""
        given = datetime.fromisoformat(text)
        return given if given.tzinfo else given.replace(tzinfo=self.host.app.zone)

    def actor(self, login: str | None) -> Actor:
        """The person of a login; the app itself for nobody."""
        if login is None:
            return APP
        try:
            return self.host.actor(login)
        except KeyError:
            near = suggestion(login, self.host.directory().by_login)
            raise CannotGoOn(f"nobody has the login '{login}'. {near}") from None

    def languages(self, actor: Actor) -> list[Actor]:
        """The person once per language of the app: a story may quote what they read in any of them."""
        return [replace(actor, locale=each) for each in self.host.app.definition.languages]

    def advance(self, by: Advance) -> None:
        """Let time pass in steps, settling after each: what is due on the third day happens on the third day."""
        now = self.clock.now()
        target = self.instant(by.until) if by.until else now + span(by)
        if target < now:
            raise CannotGoOn(f"the story is at {now.isoformat()} already, later than {target.isoformat()}")
        step = span(by.step) if by.step else _step(target - now)
        while self.clock.now() < target:
            self.clock.set(min(target, self.clock.now() + max(step, timedelta(seconds=1))))
            self.settle()

    def settle(self) -> None:
        """Let happen what follows. Work that fails behind the scenes fails the story."""
        self.host.settle()
        with self.host.database.reading() as unit:
            failed = unit.fetch(FAILED)
        if failed:
            raise CannotGoOn("\n".join(f"{each['name']} failed: {each['error']}" for each in failed))

    def values(self, form: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as the story writes them, as the save takes them: references, logins, spans from now."""
        record_type = self.host.types.get(form)
        return {name: self._value(record_type, name, value) for name, value in values.items()}

    def _value(self, record_type: RecordType | None, name: str, value: Any) -> Any:
        field = record_type.fields.get(name) if record_type is not None else None
        value = self.saved.values(value)
        if name in PEOPLE and isinstance(value, str):
            return self._person(value)
        if field is None:
            return value
        if field.rows is not None and isinstance(value, list):
            return [
                {key: self._value(field.rows, key, each) for key, each in row.items()} if isinstance(row, dict) else row
                for row in value
            ]
        if isinstance(value, list):
            return [self._single(field, each) for each in value]
        return self._single(field, value)

    def _single(self, field: Field, value: Any) -> Any:
        if isinstance(value, dict) and value and value.keys() <= SPANS:
            at = self.clock.now() + timedelta(**value)
            return at.astimezone(self.host.app.zone).date() if field.type.kind == "date" else at
        if field.options_type == "datetime" and isinstance(value, str):
            return self.instant(value)
        if field.options_type in ("member", "members") and isinstance(value, str):
            return self._person(value)
        if field.options_type in ("department", "departments") and isinstance(value, str):
            found = (each.id for each in self.host.directory().departments.values() if each.name == value)
            return next(found, value)
        return value

    def _person(self, login: str) -> int:
        user = self.host.directory().by_login.get(login)
        if user is None:
            raise CannotGoOn(f"nobody has the login '{login}'. {suggestion(login, self.host.directory().by_login)}")
        return user.id

    def _fetch(self, record: Record, path: str) -> Any:
        return self.host.ask(APP, "records.get", type=record.form, id=record.id, fields=(path,)).get(path)


def _step(length: timedelta) -> timedelta:
    if length <= timedelta(days=1):
        return timedelta(minutes=30)
    if length <= timedelta(days=7):
        return timedelta(hours=1)
    return timedelta(hours=3) if length <= timedelta(days=31) else timedelta(hours=6)
