"""Delivery: one job, one transaction. The job ends in the transaction of its work, so the result counts exactly once.

An operation that reaches outside (`outside=True`: mail, paper, other programs) runs without a transaction, because the
world is slow and the database is shared; what it answers is written afterwards. It gets the job's key as
`idempotency`, since it may run again after a crash.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lowcode.kernel.contract import Event, Operation, Outcome
from lowcode.kernel.diagnostics import Conflict, Rejected, SwitchedOff, TooManyRequests, Unavailable
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import StaleWrite, Unit, jobs, sealing, troubles

log = logging.getLogger("lowcode.delivery")

LEASE = timedelta(minutes=5)
BACKOFF = (5, 30, 300, 1800, 7200, 18000, 36000)
"""Seconds before the next attempt."""
CRASHES = 20
SET_BACK = timedelta(hours=1)
"""No lease lies further ahead than this, unless the clock was set back since: then it is nobody's."""
RESTS = 300
"""After so many seconds a job about what is switched off is looked at again."""
PASSING = (Conflict, TooManyRequests, Unavailable)
"""Refusals that may be none when it is tried again."""


def _nothing() -> None:
    """Nobody else is called."""


class LeaseLost(Exception):
    """Another worker took the job meanwhile; this attempt is undone."""


class WorkersDied(Exception):
    """A job whose workers die over and over (no memory, killed) is put aside: it would take all others along."""


class Delivery:
    """A worker of one host."""

    def __init__(
        self, host: Any, name: str | None = None, *, batch: int = 32, lease: timedelta = LEASE
    ) -> None:  # fmt: skip
        self.host = host
        self.lease = lease
        self.stopped = False
        """Said by whoever wants it to end: what is taken and not begun is given back."""
        self.crowded: Callable[[], Any] = _nothing if host.transport is None else host.transport.wake
        """Called when there is more than one batch: another worker is wanted."""
        self.name = name or f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.batch = batch
        self._take = jobs.take(host.database.dialect_name)
        self._tidy_at = datetime.min.replace(tzinfo=UTC)

    def deliver(self, limit: int = 10_000) -> int:
        """Run what is due until nothing is; how many jobs were run."""
        count = 0
        while count < limit and not self.stopped:
            taken = self._lease()
            if len(taken) == self.batch:
                self._call_another()
            if not taken:
                if count:
                    self._tidy()
                return count
            for job in taken:
                if self.stopped:
                    self._give_back(job)
                elif self._held(job):
                    self._run(job)
                    count += 1
        return count

    def _call_another(self) -> None:
        """There is more than one batch. What is taken is run, whether or not the call goes out."""
        try:
            self.crowded()
        except Exception as error:
            log.warning("another worker could not be called (%s); it finds the work by itself", error)

    def _give_back(self, job: dict[str, Any]) -> None:
        """A job that was taken and not begun: another worker has it at once."""
        try:
            self.host.database.write(lambda unit: self._finish(unit, job, "ready"))
        except LeaseLost:
            log.info("job %s was taken by another worker", job["id"])

    def _tidy(self) -> None:
        """Once a day, take away what was done long ago: the table is a queue, and no archive."""
        now = self.host.clock.now()
        if now >= self._tidy_at:
            self._tidy_at = now + timedelta(days=1)
            self.host.database.write(lambda unit: unit.run(jobs.PURGE, before_at=now - jobs.KEPT))

    def _lease(self) -> list[dict[str, Any]]:
        now = self.host.clock.now()

        found = self._anything_due(now)
        if not found["due"] and not found["asked"]:
            return []

        def work(unit: Unit) -> list[dict[str, Any]]:
            if found["asked"]:
                jobs.unfold(unit)
            return unit.locked(
                self._take, now_at=now, worker_name=self.name, lease_end=now + self.lease, count=self.batch,
                furthest_lease=now + LEASE + SET_BACK,
            )  # fmt: skip

        taken = self.host.database.write(work)
        return sorted(taken, key=lambda job: (job["due_at"], job["id"]))

    def _held(self, job: dict[str, Any]) -> bool:
        """Whether the job is still this worker's; a lease half of which went by in a long batch is begun anew."""
        now = self.host.clock.now()
        if now < job["lease_until"] - self.lease / 2:
            return True
        hit = self.host.database.write(
            lambda unit: unit.run(
                jobs.RENEW, job_id=job["id"], worker_name=self.name, attempt=job["attempts"], lease_end=now + self.lease
            )
        )
        if not hit:
            log.info("job %s was taken by another worker", job["id"])
        return bool(hit)

    def _anything_due(self, now: Any) -> Mapping[str, Any]:
        """What there is to do: `due` and `asked`. A read, so that waiting for work writes nothing."""
        with self.host.database.reading() as unit:
            row: Mapping[str, Any] | None = unit.one(
                self.host.cached("job-due", jobs.anything_due), now_at=now, furthest_lease=now + LEASE + SET_BACK
            )
        assert row is not None
        return row

    def _run(self, job: dict[str, Any]) -> None:
        if _rests(self.host.app, job):
            _rest(self, job)
            return
        operation = self._operation(job)
        if job["attempts"] > CRASHES:
            self._fail(job, WorkersDied(f"{job['attempts'] - 1} attempts ended without a word: their workers died"))
            return
        try:
            if operation is not None and operation.outside:
                self._run_outside(job)
            else:
                self.host.database.write(lambda unit: self._work(unit, job))
        except LeaseLost:
            log.info("job %s was taken by another worker", job["id"])
        except SwitchedOff:
            _rest(self, job)
        except Exception as error:
            self._fail(job, error)

    def _operation(self, job: dict[str, Any]) -> Operation | None:
        return self.host.app.operations.get(job["name"]) if job["kind"] == "operation" else None

    def _work(self, unit: Unit, job: dict[str, Any]) -> None:
        self._perform(self._context(unit, job), job)
        self._finish(unit, job, "done")

    def _context(self, unit: Unit, job: dict[str, Any]) -> Any:
        actor = APP
        if job["actor"] is not None:
            actor = self.host.directory(unit).actor(job["actor"]) or APP
        causes = tuple(each for each in job["causes"].split("|") if each)
        return self.host.context(unit, actor, causes)

    def _perform(self, context: Any, job: dict[str, Any]) -> Any:
        if job["kind"] == "operation":
            return context.as_app().ask(job["name"], **sealing.opened(self.host, job["body"], job["name"]))
        body = job["body"]
        for handler in self.host.app.handlers.get(body["event"], ()):
            if handler.name == job["name"]:
                event = Event(
                    body["event"], body["body"], job["created_at"], job["actor"], context.causes,
                    body["record_type"], body["record_id"],
                )  # fmt: skip
                return handler.run(context, event)
        log.info("nobody is called %s any more; its delivery is done", job["name"])
        return None

    def _run_outside(self, job: dict[str, Any]) -> None:
        with self.host.database.reading() as unit:
            answer = self._perform(self._context(unit, job), job)

        def settle(unit: Unit) -> None:
            context = self._context(unit, job).as_app()
            if isinstance(answer, Outcome):
                for name, parameters in answer.then:
                    context.ask(name, **parameters)
            self._finish(unit, job, "done")

        self.host.database.write(settle)

    def _finish(self, unit: Unit, job: dict[str, Any], state: str, error: str | None = None, delay: int = 0) -> None:
        now = self.host.clock.now()
        operation = self._operation(job)
        over = state == "done" and operation is not None and operation.sealed
        hit = unit.run(
            jobs.FINISH_EMPTY if over else jobs.FINISH,
            job_id=job["id"], worker_name=self.name, attempt=job["attempts"], new_state=state,
            next_at=now + timedelta(seconds=delay), reason=error, end_at=now if state in ("done", "dead") else None,
        )  # fmt: skip
        if hit == 0:
            raise LeaseLost

    def _fail(self, job: dict[str, Any], error: Exception) -> None:
        attempts = job["attempts"]
        hopeless = isinstance(error, Rejected) and not isinstance(error, PASSING)
        again = not hopeless and attempts <= len(BACKOFF)
        reason = f"{type(error).__name__}: {error}"[:2000]
        immediate = attempts <= 3 and (isinstance(error, (Conflict, StaleWrite)) or troubles.entangled(error))
        delay = 0 if immediate else BACKOFF[min(attempts, len(BACKOFF)) - 1]
        log.log(logging.WARNING if again else logging.ERROR, "job %s (%s) failed: %s", job["id"], job["name"], reason)
        try:
            self.host.database.write(lambda unit: self._settle(unit, job, type(error).__name__, reason, again, delay))
        except LeaseLost:
            log.info("job %s was taken by another worker", job["id"])

    def _settle(self, unit: Unit, job: dict[str, Any], sort: str, reason: str, again: bool, delay: int) -> None:
        """It is tried again, or given up; whoever put it off for a long piece of work hears of that."""
        operation = self._operation(job)
        if not again and operation is not None and operation.given_up:
            body = sealing.opened(self.host, job["body"], job["name"])
            try:
                with unit.savepoint():
                    app = self._context(unit, job).as_app()
                    app.ask(operation.given_up, **body, reason=sort, job=job["id"])
            except Rejected as refused:
                log.error("nobody was told that job %s (%s) was given up: %s", job["id"], job["name"], refused)
        self._finish(unit, job, "ready" if again else "dead", reason, delay if again else 0)


class Worker:
    """Delivers and ticks in a thread of its own until it is stopped. `lease`: after so long others take the jobs of a
    worker that died."""

    def __init__(self, host: Any, every: float = 1.0, *, lease: timedelta = LEASE) -> None:
        self.host = host
        self.every = every
        self._delivery = host.delivery = Delivery(host, lease=lease)
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self.run, name="lowcode-worker", daemon=True)

    def start(self) -> Worker:
        """Begin."""
        self._thread.start()
        return self

    def wake(self, *_: Any) -> None:
        """There is something to do."""
        self._wake.set()

    def run(self) -> None:
        """Work in this thread until somebody stops it."""
        self.host.wakers.append(self.wake)
        while not self._stop.is_set():
            for work in (self.host.tick, self.host.deliver):
                try:
                    work()
                except Exception:
                    log.exception("the worker goes on after an error")
            self._wake.wait(self.every)
            self._wake.clear()

    def end(self) -> None:
        """Finish the job at hand and end, without waiting for it."""
        self._delivery.stopped = True
        self._stop.set()
        self._wake.set()

    def stop(self) -> None:
        """Finish the job at hand and end."""
        self.end()
        self._thread.join(timeout=30)
        self._delivery.stopped = False


def _rests(app: Any, job: Mapping[str, Any]) -> bool:
    """Whether a job is about what is switched off, or for something of it that listens to an event."""
    listening = job["name"].partition(".")[2]
    return bool(app.rests(job["body"])) or (
        job["kind"] != "operation" and any(listening in names for names in app.off.values())
    )


def _rest(delivery: Delivery, job: Mapping[str, Any]) -> None:
    """A job about what is of a part that is switched off waits, however long."""
    at = delivery.host.clock.now() + timedelta(seconds=RESTS)
    values = {"job_id": job["id"], "worker_name": delivery.name, "attempt": job["attempts"], "new_state": "ready"}
    delivery.host.database.write(lambda unit: unit.run(jobs.REST, **values, next_at=at, reason=None, end_at=None))
