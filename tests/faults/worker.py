"""A process to be killed: `python -m tests.faults.worker save|import|deliver|decide <database>`.

Every line it writes is an acknowledgement: what it says is committed, as far as this process was told.
"""

from __future__ import annotations

import sys
import threading

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


if __name__ == "__main__":
    works = {"save": save, "import": import_rows, "deliver": deliver, "decide": decide}
    with opened(sys.argv[2]) as host:
        works[sys.argv[1]](host)
