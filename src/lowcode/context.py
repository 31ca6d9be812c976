"""One person doing one thing in one transaction: the context that operations, stages and handlers are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lowcode.kernel.contract import CHAIN_LIMIT, Operation, Told, Wanted, Work, batch_of
from lowcode.kernel.definitions.shape_errors import faults
from lowcode.kernel.diagnostics import (
    TOLD,
    ChainTooLong,
    Forbidden,
    NotFound,
    Problem,
    Rejected,
    Unauthenticated,
    nearest,
)
from lowcode.kernel.expressions import Expression, Moment
from lowcode.kernel.facets import FACETS
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.records.completing import load_facts
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.storage import Unit, sealing
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.jobs import wake
from lowcode.kernel.storage.types import JsonText, json_text, unfit

if TYPE_CHECKING:
    from lowcode.app import App
    from lowcode.host import Host

EVENT = ("at", "name", "record_type", "record_id", "actor", "causes", "body", "work", "asks")
WORDS = {
    "unknown-operation": {"en": "there is no operation '{name}'. {near}", "zh-CN": "没有操作“{name}”。{near}"},
    "not-allowed": {"en": "you may not do this ({name})", "zh-CN": "您没有权限执行此操作（{name}）"},
    "beyond-key": {
        "en": "'{name}' is not held to the rows and fields this key is narrowed to; use the records, their export or "
        "reports, or make another key without 'rows' and 'fields'",
        "zh-CN": "“{name}”不受该密钥的数据行与字段限制约束，不能使用；请改用记录、导出或报表接口，"
        "或另建不带 rows、fields 的密钥",
    },
    "sign-in": {"en": "sign in first", "zh-CN": "请先登录"},
    "bad-parameter": {"en": "{reason}", "zh-CN": "{reason}"},
    "unfit": {"en": "what is sent cannot be taken: {reason}", "zh-CN": "无法处理所提交的内容：{reason}"},
}


def _covered(actor: Actor, operation: Operation) -> bool:
    """Whether the scopes of a key cover an operation; what an engine is asked behind its name is nobody's to name."""
    return operation.name.partition(".")[2] in FACETS or actor.may_ask(operation.name, operation.verb)


class WorkContext:
    """See `lowcode.kernel.contract.Context`."""

    __slots__ = ("_app", "_inside", "_moment", "_now", "actor", "app", "causes", "host", "unit")

    def __init__(
        self, host: Host, app: App, unit: Unit, actor: Actor, now: datetime, causes: tuple[str, ...] = ()
    ) -> None:
        self.host = host
        self.app = app
        self.unit = unit
        self.actor = actor
        self.causes = causes
        self._now = now
        self._moment: Moment | None = None
        self._app: WorkContext | None = None
        self._inside = False

    def now(self) -> datetime:
        """The instant of this piece of work."""
        return self._now

    def moment(self, **extra: Any) -> Moment:
        """What expressions are evaluated against."""
        if extra or self._moment is None:
            actor = self.actor
            made = Moment(
                now=self._now, zone=self.app.zone, me=actor.id, roles=actor.roles, team=actor.team, units=actor.units,
                calendar=self.host.calendar, tables=self.host.lookups(self), **extra,
            )  # fmt: skip
            if extra:
                return made
            self._moment = made
        return self._moment

    # -- the three verbs ----------------------------------------------------------------------------------------------

    def ask(self, operation: str, /, **parameters: Any) -> Any:
        """Ask an operation in this transaction: the one gate."""
        found = self._offered(operation)
        if self.actor.id is None and not self.actor.is_app and found.access != "anyone":
            raise Unauthenticated(Problem("ask.sign-in", WORDS["sign-in"]))
        try:
            return self.answer(found, checked(found, parameters))
        except RecursionError:
            reason = unfit(parameters)
            if reason is None:
                raise
            raise Rejected(Problem("ask.unfit", WORDS["unfit"], "", {"reason": reason})) from None

    def answer(self, found: Operation, params: Any) -> Any:
        """Ask an operation whose parameters are its model already, as somebody who is signed in: the second half of
        the gate, for what is asked of every engine in turn."""
        self.permit(found, params)
        outer, self._inside = self._inside, True
        try:
            return found.run(self, params)
        finally:
            self._inside = outer

    def permit(self, operation: Operation, params: Any) -> None:
        """Refuse who may not ask this. A key's scopes are about what is asked from outside, not what that takes."""
        access, actor = operation.access, self.actor
        if actor.is_app or access == "anyone":
            return
        if not self._inside and not _covered(actor, operation):
            raise Forbidden(Problem("ask.not-allowed", WORDS["not-allowed"], "", {"name": operation.name}))
        if actor.narrowed and not self._inside and not operation.granted:
            raise Forbidden(Problem("ask.beyond-key", WORDS["beyond-key"], "", {"name": operation.name}))
        if access == "signed-in":
            return
        problem = access(self, params) if callable(access) else None
        if problem is not None:
            raise Forbidden(problem)
        if access == "internal" or (access == "administrator" and not actor.is_administrator):
            raise Forbidden(Problem("ask.not-allowed", WORDS["not-allowed"], "", {"name": operation.name}))

    def tell(
        self, event: str, *, record_type: str | None = None, record_id: int | None = None, work: Sequence[Work] = (),
        **body: Any,
    ) -> None:  # fmt: skip
        """Write the event with the work it asks for, and a delivery for each handler that listens to it."""
        unit = self.unit
        if work:
            wake(self.host, unit)
        causes = "|".join(self.causes)
        unit.write(
            unit.database.prepare_insert(t.event, EVENT),
            {"at": self._now, "name": event, "record_type": record_type, "record_id": record_id,
             "actor": self.actor.id, "causes": causes, "body": body, "work": self._closed(work) if work else None,
             "asks": len(work) or None},
        )  # fmt: skip
        for handler in self.app.handlers.get(event, ()):
            if handler.record_types is None or record_type in handler.record_types:
                chain = self._chain(f"{event}:{record_type or ''}:{record_id or ''}")
                content = {"event": event, "record_type": record_type, "record_id": record_id, "body": body}
                self.host.put_jobs(
                    unit,
                    {"kind": "event", "name": handler.name, "body": content, "due_at": self._now, "state": "ready",
                     "attempts": 0, "key": None, "causes": "|".join(chain), "actor": self.actor.id,
                     "created_at": self._now},
                )  # fmt: skip
        self.host.told(unit, event, record_type, record_id, body)

    def tell_many(self, event: str, record_type: str, about: Sequence[Told]) -> None:
        """Write the events of several records, and their deliveries, in one go."""
        unit = self.unit
        causes, actor = "|".join(self.causes), self.actor.id
        said = {"at": self._now, "name": event, "record_type": record_type, "actor": actor, "causes": causes}
        unit.write_many(unit.database.prepare_insert(t.event, EVENT), _events(said, about, self._closed))
        handlers = [
            each for each in self.app.handlers.get(event, ())
            if each.record_types is None or record_type in each.record_types
        ]  # fmt: skip
        jobs = []
        for identity, body, _ in about if handlers else ():
            chain = "|".join(self._chain(f"{event}:{record_type}:{identity}"))
            content = {"event": event, "record_type": record_type, "record_id": identity, "body": body}
            jobs += [
                {"kind": "event", "name": each.name, "body": content, "due_at": self._now, "state": "ready",
                 "attempts": 0, "key": None, "causes": chain, "actor": actor, "created_at": self._now}
                for each in handlers
            ]  # fmt: skip
        unit.insert_many(t.job, jobs)
        if jobs or any(work for _, _, work in about):
            wake(self.host, unit)
        for identity, body, _ in about:
            self.host.told(unit, event, record_type, identity, body)

    def later(self, operation: str, *, at: datetime | None = None, key: str | None = None, **parameters: Any) -> None:
        """Put an operation off till after the commit."""
        self.later_many(operation, (Wanted(parameters, at, key),))

    def later_many(self, operation: str, wanted: Iterable[Wanted]) -> None:
        """Put an operation off several times, in one go."""
        now, actor, causes = self._now, self.actor.id, "|".join(self.causes)
        close = partial(sealing.seal, self.host, place=operation) if self._offered(operation).sealed else _as_it_is
        self.host.put_jobs(
            self.unit,
            *(
                {"kind": "operation", "name": operation, "body": close(each.parameters), "due_at": each.at or now,
                 "state": "ready", "attempts": 0, "key": each.key, "causes": causes, "actor": actor, "created_at": now}
                for each in wanted
            ),
        )  # fmt: skip

    def _offered(self, operation: str) -> Operation:
        """The operation of a name. Raises NotFound."""
        found = self.app.operations.get(operation)
        if found is None:
            near = nearest(operation, self.app.operations) or ""
            raise NotFound(
                Problem("ask.unknown-operation", WORDS["unknown-operation"], "", {"name": operation, "near": near})
            )
        return found

    def _closed(self, work: Sequence[Work]) -> list[Any]:
        """Work as it is kept with its event."""
        return [
            [name, sealing.seal(self.host, parameters, place=name) if self._offered(name).sealed else parameters]
            for name, parameters in work
        ]

    def _chain(self, cause: str) -> tuple[str, ...]:
        chain = (*self.causes, cause)
        if len(chain) - (batch_of(chain) is not None) > CHAIN_LIMIT:
            raise ChainTooLong(f"events caused one another more than {CHAIN_LIMIT} times: {' → '.join(chain)}")
        return chain

    # -- acting as somebody else --------------------------------------------------------------------------------------

    def as_app(self) -> WorkContext:
        """The same transaction, acting as the app itself."""
        if self.actor.is_app:
            return self
        if self._app is None:  # asked for again and again in one piece of work, and each would have a moment of its own
            self._app = WorkContext(self.host, self.app, self.unit, APP, self._now, self.causes)
        return self._app

    def as_user(self, user_id: int) -> WorkContext:
        """The same transaction, acting as another person."""
        if self.actor.id == user_id:
            return self
        actor = self.host.directory(self.unit).actor(user_id)
        if actor is None:
            raise Forbidden(Problem("ask.not-allowed", WORDS["not-allowed"], "", {"name": f"user {user_id}"}))
        return WorkContext(self.host, self.app, self.unit, actor, self._now, self.causes)

    def caused_by(self, cause: str) -> WorkContext:
        """The same work, as a consequence of something."""
        return WorkContext(self.host, self.app, self.unit, self.actor, self._now, self._chain(cause))

    # -- facts --------------------------------------------------------------------------------------------------------

    def facts(
        self, record_type: str, ids: Iterable[int], needs: Needs | Iterable[Expression | Needs]
    ) -> dict[int, dict[str, Any]]:
        """What expressions read of some records: flat mappings by id, loaded set-wise."""
        return load_facts(self, record_type, list(ids), needs if isinstance(needs, Needs) else needs_of(needs))


def _as_it_is(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    return parameters


def checked(operation: Operation, parameters: dict[str, Any]) -> Any:
    """The parameters as the operation's model; every fault becomes a problem."""
    try:
        return operation.params(**parameters)
    except ValidationError as error:
        found = faults(error.errors(include_url=False)[: 5 * TOLD], operation.params, parameters)
        raise Rejected(
            Problem("ask.bad-parameter", WORDS["bad-parameter"], pointer, {"reason": reason})
            for pointer, reason in islice(found, TOLD)
        ) from None


def _events(
    said: Mapping[str, Any], about: Iterable[Told], close: Callable[[Sequence[Work]], Any]
) -> Iterator[Mapping[str, Any]]:
    """The rows of the events of several records; what many of them say is written as JSON once."""
    last: Any = None
    text = JsonText("")
    for identity, body, work in about:
        if body is not last:
            last, text = body, JsonText(json_text(body))
        asked = {"work": close(work) if work else None, "asks": len(work) or None}
        yield {**said, "record_id": identity, "body": text, **asked}
