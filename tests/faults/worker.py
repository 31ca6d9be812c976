"""A process to be killed: `python -m tests.faults.worker save|import|deliver|decide|walk <database> …`.

Every line it writes is an acknowledgement: what it says is committed, as far as this process was told.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from lowcode.host import Host
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.events.deliver import Delivery
from tests.faults.app import opened

ROWS = 4000


def say(*words: object) -> None:
    """One line, at once and whole."""
    sys.stdout.write(" ".join(str(each) for each in words) + "\n")
    sys.stdout.flush()


def save(host: Host) -> None:
    """Four people save new entries and change them, until the process is killed."""
    actor = host.actor("li")
    lock = threading.Lock()

    def one(name: str) -> None:
        number = 0
        while True:
            number += 1
            text = f"{name}-{number}"
            made = host.ask(actor, "records.create", type="entry", values={"text": text, "lines": [{"part": "a"}]})
            with lock:
                say("created", made["id"], text)
            host.ask(actor, "records.update", type="entry", id=made["id"], values={"text": text + "!"})
            with lock:
                say("changed", made["id"], text + "!")

    threads = [threading.Thread(target=one, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def import_rows(host: Host) -> None:
    """One import of many rows: it happens whole or not at all."""
    content = "text\n" + "".join(f"row {number}\n" for number in range(ROWS))
    say("begun")
    found = host.ask(
        host.actor("li"), "forms.import", form="entry", name="rows.csv", content=content.encode(), duplicates="create"
    )
    say("imported", found["create"])


def deliver(host: Host) -> None:
    """Deliver small batches of what is due until nothing is left."""
    worker = Delivery(host, batch=8)
    while count := worker.deliver(limit=1):
        say("delivered", count)
    say("nothing left")


def decide(host: Host) -> None:
    """Quotes are sent for approval and two people decide them, one after the other, until the process is killed."""
    li = host.actor("li")
    while True:
        made = host.ask(li, "records.create", type="quote", values={"number": "Q", "total": 1})
        host.ask(li, "records.update", type="quote", id=made["id"], values={"stage": "approving"})
        say("submitted", made["id"])
        for login in ("fang", "feng"):
            actor = host.actor(login)
            for task in host.ask(actor, "flows.list_tasks", state="open")["items"]:
                try:
                    host.ask(actor, "flows.decide", task=task["id"], decision="approve")
                except Conflict:
                    continue
        say("approved", made["id"])


def die_at(host: Host, number: int) -> list[int]:
    """End this process, as a power cut would, in place of its n-th write; the count of writes so far."""
    count = [0]
    with host.database.reading() as unit:
        own = type(unit)

    def counted(original: Any) -> Any:
        def run(*given: Any, **more: Any) -> Any:
            count[0] += 1
            if count[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*given, **more)

        return run

    for name in ("execute", "write", "_insert"):
        setattr(own, name, counted(getattr(own, name)))
    return count


def walk(host: Host) -> None:
    """One quote from its making to the end of its flow; killed in place of a certain write, or not at all (0)."""
    count = die_at(host, int(sys.argv[3]))
    walk_on(host, None)
    say("written", count[0])


def walk_on(host: Host, quote: int | None) -> int:
    """What is still to be done for a quote, wherever it stands: made, sent, decided by both, delivered."""
    li = host.actor("li")
    if quote is None:
        quote = int(host.ask(li, "records.create", type="quote", values={"number": "Q", "total": 1})["id"])
        say("made", quote)
    if host.ask(li, "records.get", type="quote", id=quote)["stage"] == "draft":
        host.ask(li, "records.update", type="quote", id=quote, values={"stage": "approving"})
    for login in ("fang", "feng"):
        actor = host.actor(login)
        for task in host.ask(actor, "flows.list_tasks", state="open")["items"]:
            if task["record"]["id"] == quote:
                host.ask(actor, "flows.decide", task=task["id"], decision="approve", opinion=login)
        host.deliver()
    host.settle()
    return quote


if __name__ == "__main__":
    works = {"save": save, "import": import_rows, "deliver": deliver, "decide": decide, "walk": walk}
    with opened(sys.argv[2]) as host:
        works[sys.argv[1]](host)
