"""Celery as a wake-up call for the job table: a message says that there is something to do, and never what.

The table stays the truth (docs/decisions/0015, 0079): a message that is lost costs the time until the next look, one
that comes twice finds nothing to do. So any broker will do, with any settings.

* `wake(host, app)`      in processes that answer people: after each commit that left work, one message
* `tasks(app, make)`     in Celery workers: what such a message asks for; `make` opens the host, once in each process
* `application(url)`     a Celery application on a broker, for `lowcode serve --broker` and `lowcode work --broker`

    app = Celery("crm", broker="redis://localhost")
    tasks(app, lambda: Host("crm", "postgresql://localhost/crm"))     # celery -A crm_tasks worker --beat
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from celery import Celery

from lowcode.host import Host
from lowcode.kernel.events.deliver import Delivery

log = logging.getLogger("lowcode.celery")

DELIVER, TICK = "lowcode.deliver", "lowcode.tick"
EXPIRES = 60
"""Seconds after which a call is stale: the next look at the clock has found the work."""
GATHERED = 0.01
"""Seconds in which commits share a message."""
EVERY = 5.0
"""Seconds between two looks at the clock, and at the table for what no message spoke of."""


class Waker:
    """Sends a message after commits, from a thread of its own: a broker that is slow or gone keeps nobody waiting."""

    def __init__(self, host: Host, app: Celery) -> None:
        self.host = host
        self.app = app
        self.sent = 0
        self._something = threading.Event()
        self._stop = threading.Event()
        self._silent = False
        self._thread = threading.Thread(target=self._loop, name="lowcode-waker", daemon=True)

    def start(self) -> Waker:
        """Begin."""
        self.host.wakers.append(self.wake)
        self._thread.start()
        return self

    def wake(self, *_: Any) -> None:
        """There is something to do."""
        self._something.set()

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._something.wait()
            if self._stop.wait(GATHERED):
                return
            self._something.clear()
            self._send()

    def _send(self) -> None:
        try:
            self.app.send_task(DELIVER, expires=EXPIRES, ignore_result=True, retry=False)
            self.sent += 1
            self._silent = False
        except Exception as error:
            if not self._silent:
                log.warning("the broker takes no messages (%s); workers find the work by themselves", error)
            self._silent = True

    def stop(self) -> None:
        """End."""
        if self.wake in self.host.wakers:
            self.host.wakers.remove(self.wake)
        self._stop.set()
        self._something.set()
        self._thread.join(timeout=10)


def wake(host: Host, app: Celery) -> Waker:
    """Send a message after each commit of this host that left work."""
    return Waker(host, app).start()


def tasks(app: Celery, make: Callable[[], Host], *, every: float = EVERY, **delivering: Any) -> None:
    """Register what a message asks for: deliver what is due, and (by beat) look at the clock.

    `make` is called in the process that works: Celery forks its workers, and a database is opened after that."""
    opened: dict[int, Host] = {}

    def host() -> Host:
        found = opened.get(os.getpid())
        if found is None:
            opened.clear()  # what was inherited belongs to the process that opened it
            found = opened[os.getpid()] = make()
            found.delivery = Delivery(found, **delivering)
            found.delivery.crowded = partial(app.send_task, DELIVER, expires=EXPIRES, ignore_result=True, retry=False)
        return found

    def deliver() -> int:
        """Deliver what is due."""
        return host().deliver()

    def tick() -> int:
        """Look at the clock, at the table, and for another version of the app."""
        return host().tick() + host().deliver()

    app.task(name=DELIVER, ignore_result=True)(deliver)
    app.task(name=TICK, ignore_result=True)(tick)
    schedule = {"task": TICK, "schedule": every, "options": {"expires": every}}
    app.conf.beat_schedule = {**(app.conf.beat_schedule or {}), TICK: schedule}


def application(broker: str) -> Celery:
    """An application on a broker: `redis://…`, `amqp://…`, or `filesystem:///folder` between processes of a machine."""
    parts = urlsplit(broker)
    app = Celery("lowcode", broker="filesystem://" if parts.scheme == "filesystem" else broker)
    app.conf.update(
        task_ignore_result=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False, task_default_queue="lowcode",
    )  # fmt: skip
    if parts.scheme == "filesystem":
        folder = unquote(parts.path)
        for name in ("messages", "control"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        app.conf.broker_transport_options = {
            "data_folder_in": os.path.join(folder, "messages"), "data_folder_out": os.path.join(folder, "messages"),
            "control_folder": os.path.join(folder, "control"),
        }  # fmt: skip
    return app
