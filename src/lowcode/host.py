"""One app in one process: a compiled version, a database and a clock. No globals: a process can hold many hosts.

host = Host("examples/crm_app", "sqlite:///crm.sqlite3")
host.publish()
with host.session(host.actor("li.na")) as crm:
    crm.ask("records.create", type="lead", values={"name": "…"})
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from lowcode import publishing
from lowcode.app import App, keys_checked
from lowcode.context import WorkContext
from lowcode.explain import OPERATIONS as EXPLAIN
from lowcode.kernel.bounds import Written, bounds_of
from lowcode.kernel.calendar import Calendar
from lowcode.kernel.clock import Clock, SystemClock
from lowcode.kernel.contract import Engine, Operation
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import Rejected, Report
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.events.timers import tick
from lowcode.kernel.expressions.functions import table
from lowcode.kernel.facets import OfRecord
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.identity.directory import Directory
from lowcode.kernel.operations import kernel_operations
from lowcode.kernel.records.permissions import Grant, granted
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.save import SavePlan
from lowcode.kernel.records.taken import unique_problem_of
from lowcode.kernel.services import Files, Mailer, Transport, fitting
from lowcode.kernel.storage import Database, Unit, open_database
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import SECRET
from lowcode.kernel.storage.files import FileStore, GivenFiles, warn_of_temporary
from lowcode.kernel.storage.jobs import put
from lowcode.kernel.storage.migrate import Plan
from lowcode.kernel.storage.sealing import check_keys
from lowcode.plugins import Plugins, engines_with, kinds_with, names_of
from lowcode.publishing import running
from lowcode.publishing.asked import OPERATIONS as PUBLISHING
from lowcode.publishing.behind import clearly, current, refusal
from lowcode.publishing.compiled import Compiled
from lowcode.publishing.merging import Standing

Result = TypeVar("Result")

DIRECTORY_SECONDS = 10.0
CACHE_LIMIT = 2000


class Host:
    """Holds an app, a database and a clock, and lets actors ask."""

    def __init__(
        self,
        app: Any,
        database: str | sa.Engine | Database = "sqlite://",
        *,
        clock: Clock | None = None,
        plugins: Plugins = (),
        engines: Iterable[Engine] | None = None,
        prefix: str = "",
        files: str | Path | Files | None = None,
        secrets: Mapping[str, str] | Callable[[str], str | None] | None = None,
        bounds: Mapping[str, Written] | None = None,
        allow_private: bool | Iterable[str] = False,
        mailer: Mailer | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.secret, self.bound = _secret_of(secrets), bounds_of(bounds)
        """The value of a secret that a document names, and what it is for; None: there is none, nobody has said."""
        self.mailer = fitting("mailer", mailer, Mailer)
        """Who sends letters; None: the server of the secret `SMTP_URL`."""
        self.transport = fitting("transport", transport, Transport)
        """Who carries the word that there are jobs; None: whoever runs them looks, or is woken in this process."""
        self.thread_bound = bool(plugins) or engines is not None or callable(secrets)
        """Whether what is asked runs in the thread that asked: code of the embedding program may rely on it."""
        self.allow_private = allow_private if isinstance(allow_private, bool) else tuple(allow_private)
        """Whether webhooks may go to addresses of private networks: none, these networks (`10.1.0.0/16`), or all."""
        self.clock: Clock = clock or SystemClock()
        self.kinds = kinds_with(plugins)
        self.engines = tuple(engines if engines is not None else engines_with(self.kinds))
        self.database = database if isinstance(database, Database) else open_database(database, prefix)
        self.database.learn(table(self.kinds))
        self.prefix, self._own = self.database.prefix, sa.MetaData()
        for metadata in (t.metadata, *(each.tables for each in self.engines if each.tables is not None)):
            self.database.adopt(metadata, self._own)
        self.operations: tuple[Operation, ...] = (*kernel_operations(), *EXPLAIN, *PUBLISHING)
        self.documents = app if isinstance(app, Documents) else load(app, Report(), engines=names_of(self.engines))
        self.standing = Standing(self.documents)
        self._app: App | None = None
        self._compiled = Compiled(self.engines, self.operations, self.prefix, self.kinds, self.secret)
        self._cache: OrderedDict[Any, Any] = OrderedDict()
        self._grants: dict[Any, Grant] = {}
        self._directory: Directory | None = None
        self._directory_read = 0.0
        self.directory_changes = 0
        """Goes up with every change of the directory or of sessions in this process."""
        self.delivery: Delivery | None = None
        """Who runs the jobs in this process; made when first asked for, unless a worker brings its own."""
        self._files = files if files is None or isinstance(files, (str, Path)) else fitting("files", files, Files)
        self.listeners: list[Callable[[str, str | None, int | None, Mapping[str, Any]], None]] = []
        """Called after the commit with each event: for pushing to browsers."""
        self.wakers: list[Callable[[], None]] = [] if transport is None else [transport.wake]
        """Called after a commit that left jobs to be done now: for whoever does them."""

    # -- the app ------------------------------------------------------------------------------------------------------

    @property
    def app(self) -> App:
        """The compiled app; compiled when first asked for. Raises DefinitionError with everything that is wrong,
        and SealError where keys are needed that were not given."""
        if self._app is None:
            check_keys(self)
            warn_of_temporary(self._files, self.database)
            self._app = keys_checked(self.compile(self.documents), self.documents, self.secret(SECRET))
        return self._app

    def compile(self, documents: Documents) -> App:
        """Understand documents. Raises DefinitionError."""
        return self._compiled.of(documents)

    @property
    def types(self) -> Mapping[str, RecordType]:
        """The record types by name."""
        return self.app.types

    def publish(self) -> None:
        """Bring the database to the app's version. Raises ConsentNeeded when that would hide, lose or strand data."""
        publishing.publish(self)

    def plan(self, allow: Iterable[str] = ()) -> Plan:
        """What applying the app's documents would do; reads only. `allow` are consents that add to it (`purge:…`)."""
        return publishing.plan(self, allow)

    def apply(self, plan: Plan | None = None, allow: Iterable[str] = (), actor: Actor = APP) -> None:
        """Carry out a plan; `allow` are consents such as `retire:customer.phone` that the plan asks for."""
        publishing.apply(self, plan or self.plan(), allow, actor=actor.id)

    def undo(self, allow: Iterable[str] = (), actor: Actor = APP) -> Documents:
        """Take the database back to the version before; the documents of that version, to open a host with."""
        plan, documents = publishing.plan_undo(self)
        publishing.apply(self, plan, allow, actor=actor.id)
        return documents

    def take(self, documents: Documents, app: App | None = None) -> None:
        """Go on with other documents; what is under way ends with those it began with (`running.at_work`)."""
        self.documents, self._app = documents, app
        self.standing.swaps += 1
        self.forget()

    def forget(self) -> None:
        """Drop what was derived from an earlier version."""
        self._cache = OrderedDict()
        self._grants = {}
        self._directory = None
        self.database.forget_statements()

    def save_plan(self, record_type: RecordType) -> SavePlan:
        """How a record type is saved."""
        return self.app.saves[record_type.name]

    def grant(self, record_type: RecordType, actor: Actor) -> Grant:
        """What an actor may do with a record type."""
        key = (record_type.name, actor.standing)
        found = self._grants.get(key)
        if found is None:
            found = self._grants[key] = granted(self.app, record_type, actor)
        return found

    def cached(self, key: Any, make: Callable[[], Result]) -> Result:
        """Something derived from the app, made once per key."""
        cache = self._cache
        found = cache.get(key)
        if found is None:
            found = cache[key] = make()
            _shorten(cache)
        return found

    # -- people -------------------------------------------------------------------------------------------------------

    def directory(self, unit: Unit | None = None) -> Directory:
        """Everybody, as of a few seconds ago at most."""
        now = time.monotonic()
        found = self._directory
        if found is None or now - self._directory_read > DIRECTORY_SECONDS:
            if unit is None:
                with clearly(self), self.database.reading() as reading:
                    found = Directory.read(reading)
            else:
                found = Directory.read(unit)
            self._directory, self._directory_read = found, now
        return found

    def forget_directory(self, unit: Unit | None = None) -> None:
        """The directory changed; with the unit of the change, what is read before its end counts no longer."""
        self._directory = None
        self.directory_changes += 1
        if unit is not None:
            unit.after_commit.append(self.forget_directory)
            unit.after_rollback.append(self.forget_directory)

    def actor(self, login: str) -> Actor:
        """The actor of a login. Raises KeyError when unknown or inactive."""
        user = self.directory().by_login.get(login)
        found = self.directory().actor(user.id) if user else None
        if found is None:
            raise KeyError(f"nobody is called '{login}'")
        return found

    @property
    def calendar(self) -> Calendar:
        """When people of this app work."""
        return self.app.calendar

    def lookups(self, context: WorkContext) -> Mapping[str, Callable[..., Any]]:
        """Decision tables that expressions may look something up in: an engine's plan may offer `lookups(context)`."""
        plans = context.app.plans.values()
        offers = self.cached("lookups", lambda: [each.lookups for each in plans if hasattr(each, "lookups")])
        if len(offers) == 1:
            return offers[0](context)  # type: ignore[no-any-return]
        return {name: table for offer in offers for name, table in offer(context).items()}

    # -- work ---------------------------------------------------------------------------------------------------------

    def context(
        self, unit: Unit, actor: Actor, causes: tuple[str, ...] = (), now: datetime | None = None
    ) -> WorkContext:
        """A context in a unit. Raises Unavailable where it writes, and another version was published meanwhile."""
        current(self, unit)
        return WorkContext(self, self.app, unit, actor, now or self.clock.now(), causes)

    def ask(self, actor: Actor, operation: str, /, **parameters: Any) -> Any:
        """Ask one operation in a transaction of its own."""
        found = self.app.operations.get(operation)
        if found is not None and (found.outside or not found.writes):
            with clearly(self), self.database.reading() as unit:
                return self.context(unit, actor).ask(operation, **parameters)
        anywhere = not self.thread_bound
        return self.write(lambda unit: self.context(unit, actor).ask(operation, **parameters), anywhere, again=True)

    def write(self, work: Callable[[Unit], Result], anywhere: bool = False, again: bool = False) -> Result:
        """Run work in a transaction of its own (`Database.write`); a value found taken at its commit is a refusal."""
        try:
            return self.database.write(work, anywhere, again)
        except Rejected:
            raise
        except Exception as error:
            if (known := unique_problem_of(self, error)) is not None:
                raise known from None
            raise refusal(self, error) or error from error

    @contextmanager
    def session(self, actor: Actor = APP, connection: sa.Connection | None = None) -> Iterator[WorkContext]:
        """Several asks in one transaction; with a connection, in the transaction the host program began on it."""
        block = self.database.transaction() if connection is None else self.database.joining(connection)
        with clearly(self), block as unit:
            yield self.context(unit, actor)

    # -- what engines add ---------------------------------------------------------------------------------------------

    def situations(
        self, context: WorkContext, record_type: RecordType, values: Mapping[str, Any]
    ) -> Iterator[tuple[str, list[Any]]]:
        """What each engine says a person may do with a record: `<engine>.situation` answers lists by name. An engine
        whose plan says that a form does not concern it (`concerns(form)`) is not asked."""
        form = record_type.name
        asked = self.cached(("situations", form), lambda: _facet(self.app, "situation", form))
        record = OfRecord(form=form, id=values["id"]) if asked else None
        for operation in asked:
            yield from context.answer(operation, record).items()

    def activities(self, context: WorkContext, record_type: RecordType, identity: int) -> Iterator[Mapping[str, Any]]:
        """What each engine did around a record: `<engine>.activities` answers entries of its timeline."""
        for operation in self.cached("activities", lambda: _facet(self.app, "activities")):
            yield from context.ask(operation.name, form=record_type.name, id=identity)

    @cached_property
    def files(self) -> FileStore | GivenFiles:
        """Where file contents are kept: a folder, or a service of the embedding program."""
        if self._files is None or isinstance(self._files, (str, Path)):
            return FileStore(self._files or self.database.files_folder())
        return GivenFiles(self._files, self.database.files_folder())

    # -- time ---------------------------------------------------------------------------------------------------------

    app_actor = APP
    """The app itself."""

    def deliver(self, limit: int = 10_000) -> int:
        """Run the jobs that are due; how many there were."""
        if self.delivery is None:
            self.delivery = Delivery(self)
        with running.at_work(self):
            return self.delivery.deliver(limit)

    def tick(self) -> int:
        """Run the timers that are due; how many windows there were. Follows what another process published."""
        running.follow(self)
        with running.at_work(self):
            return tick(self)

    def settle(self, rounds: int = 20) -> None:
        """Tick and deliver until nothing is due: what a worker does, once, for tests and scripts."""
        for _ in range(rounds):
            if self.tick() + self.deliver() == 0:
                return

    # -- the queue ----------------------------------------------------------------------------------------------------

    def put_jobs(self, unit: Unit, *jobs: Mapping[str, Any]) -> None:
        """Write jobs; one with a key that is there already is the same job."""
        put(self, unit, *jobs)

    def told(
        self, unit: Unit, event: str, record_type: str | None, record_id: int | None, body: Mapping[str, Any]
    ) -> None:
        """After the commit, tell whoever watches in this process."""
        for listen in self.listeners:
            unit.after_commit.append(partial(listen, event, record_type, record_id, body))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database, and what engines hold open beside it."""
        _close(self.standing, (*self.engines, self.database))


def _facet(app: App, facet: str, form: str | None = None) -> list[Operation]:
    """The operations of the engines that answer a facet; of those that a form concerns."""
    found = []
    for engine in app.engines:
        concerns = getattr(app.plans.get(engine.name), "concerns", None)
        operation = app.operations.get(f"{engine.name}.{facet}")
        if operation is not None and (form is None or concerns is None or concerns(form)):
            found.append(operation)
    return found


def _secret_of(given: Mapping[str, str] | Callable[[str], str | None] | None) -> Callable[[str], str | None]:
    """Where secrets come from, by name."""
    if given is None:
        return lambda name: os.environ.get(f"LOWCODE_SECRET_{name}")
    return given if callable(given) else given.get


def _shorten(cache: OrderedDict[Any, Any]) -> None:
    """Let go of what was made first."""
    while len(cache) > CACHE_LIMIT:
        cache.popitem(last=False)


def _close(standing: Standing, held: Iterable[Any]) -> None:
    """Close what can be closed, and nothing of it under the hands of a thread that reads another version."""
    with standing.lock:
        standing.closed = True
        for each in held:
            if hasattr(each, "close"):
                each.close()
