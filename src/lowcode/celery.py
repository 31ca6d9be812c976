"""Celery as a wake-up call for the job table: a message says that there is something to do, and never what.

The table stays the truth (docs/decisions/0015, 0079): a message that is lost costs the time until the next look, one
that comes twice finds nothing to do. So any broker will do, with any settings.

* `Waker(app)`           the transport of hosts in processes that answer people: after each commit that left work, one
                         message; `wake(host, app)` gives it to a host that is there already
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
    """Sends a message when there is work, from a thread of its own: a broker that is slow or gone keeps nobody waiting.

    It is a transport of a host (`lowcode.kernel.services`): `Host(…, transport=Waker(app))`. The thread begins with the
    first word of each process, so servers may fork after the host was made."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self._lock = threading.Lock()
        self._process: int | None = None
        self._something = threading.Event()
        self._stop = threading.Event()
        self._silent = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There is something to do."""
        if self._process != os.getpid():
            self._begin()
        self._something.set()

    def _begin(self) -> None:
        with self._lock:
            if self._process == os.getpid():
                return
            self._something, self._stop = threading.Event(), threading.Event()
            self._thread = threading.Thread(target=self._loop, name="lowcode-waker", daemon=True)
            self._thread.start()
            self._process = os.getpid()

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
            self._silent = False
        except Exception as error:
            if not self._silent:
                log.warning("the broker takes no messages (%s); workers find the work by themselves", error)
            self._silent = True

    def stop(self) -> None:
        """End."""
        self._stop.set()
        self._something.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join(timeout=10)


def wake(host: Host, app: Celery) -> Waker:
    """Send a message after each commit of this host that left work: for a host that was made without a transport."""
    made = Waker(app)
    host.transport = made
    host.wakers.append(made.wake)
    return made


def tasks(app: Celery, make: Callable[[], Host], *, every: float = EVERY, **delivering: Any) -> None:
    """Register what a message asks for: deliver what is due, and (by beat) look at the clock.

    `make` is called in the process that works: Celery forks its workers, and a database is opened after that."""
    opened: dict[int, Host] = {}

    def host() -> Host:
        found = opened.get(os.getpid())
        if found is None:
            opened.clear()  # what was inherited belongs to the process that opened it
            found = opened[os.getpid()] = make()
            if found.transport is None:
                found.transport = Waker(app)  # what a worker leaves it finds itself; others are called when it has much
            found.delivery = Delivery(found, **delivering)
        return found

    def deliver() -> int:
        """Deliver what is due."""
        return host().deliver()

    def tick() -> int:
        """Look at the clock, at the table, and for another version of the app."""
        return host().tick() + host().deliver()

    app.task(name=DELIVER, ignore_result=True, shared=False)(deliver)  # of this application, not of every one
    app.task(name=TICK, ignore_result=True, shared=False)(tick)
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
