"""`lowcode work`: a worker in a process of its own: deliveries, timers and what was put off; as many as are needed."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.opening import keep_compiled, running_arguments, running_host
from lowcode.cli.serving import celery_module
from lowcode.host import Host
from lowcode.kernel.events.deliver import LEASE, Worker


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    running_arguments(parser)
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="how often it looks (1)")
    parser.add_argument(
        "--lease", type=float, default=LEASE.total_seconds(), metavar="SECONDS",
        help="after so long others take the jobs of a worker that died (300); longer than any job takes",
    )  # fmt: skip


def run(options: Namespace, console: Console) -> int:
    """Run the command until it is interrupted or terminated."""
    host = running_host(options, console)
    keep_compiled(host)
    lease = timedelta(seconds=options.lease)
    worker = Worker(host, options.every, lease=lease)
    console.say(f"works for {console.bold(host.app.name)}   (Ctrl-C ends it)")
    try:
        if options.broker is None:
            _until_told(worker.end)
            worker.run()
        else:
            worker.start()
            _listen(host, options.broker, lease, worker)
    finally:
        host.close()
    console.say("finished the job at hand, and ended")
    return 0


def _until_told(end: Callable[[], None]) -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: end())


def _listen(host: Host, broker: str, lease: timedelta, worker: Worker) -> None:
    """Work for calls of the broker; the worker beside looks at the clock, and finds what no call spoke of."""
    celery = celery_module()
    app: Any = celery.application(broker)
    celery.tasks(app, lambda: host, lease=lease)
    try:
        app.worker_main(["worker", "--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle"])
    except SystemExit:
        pass
    finally:
        worker.stop()
