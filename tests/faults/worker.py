"""What a process does that is to be killed: save, import, deliver, decide, walk, begin or a deed, on some database.

All it says is an acknowledgement: it is committed, as far as this process was told.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import sqlalchemy as sa

from lowcode import publishing
from lowcode.flows.tables import instance
from lowcode.forms.operations import bringing
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.events.deliver import Delivery
from lowcode.publishing import running
from tests.faults.app import LONGER_THAN_A_LEASE, opened, rows
from tests.support.served import served

ROWS = 4000
DUE = datetime(2026, 2, 1, 3, tzinfo=UTC)
"""Some time after the flow that the clock begins was due."""


TO_TEST: list[Connection] = []
"""Where it is heard; the one of this process."""


def say(*words: object) -> None:
    """At once and whole."""
    TO_TEST[0].send([str(each) for each in words])


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


def bring(host: Host, at: str = "0") -> None:
    """Bring in what waits to be, in small parts; killed in place of a certain write, or not at all (0)."""
    bringing.PART = 25
    count = at_write(host, int(at), die)
    Delivery(host, batch=1).deliver()
    say("brought", count[0])


def deliver(host: Host) -> None:
    """Deliver small batches of what is due until nothing is left."""
    worker = Delivery(host, batch=8)
    while count := worker.deliver(limit=1):
        say("delivered", count)
    say("nothing", "left")


def decide(host: Host, at: str) -> None:
    """Quotes are sent for approval and two people decide them, one after the other; in place of a certain write the
    process says so and waits, inside the transaction, to be killed."""
    li = host.actor("li")
    at_write(host, int(at), hold)
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


def hold() -> None:
    """Stand still until the process is killed. What others say meanwhile is not heard; they may be gone, too."""
    say("held")
    with suppress(EOFError):
        TO_TEST[0].recv()
    os._exit(1)


def die() -> None:
    """End this process, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def at_write(host: Host, number: int, then: Callable[[], None]) -> list[int]:
    """Do something in place of the n-th write of this process; the count of writes so far."""
    count = [0]
    with host.database.reading() as unit:
        own = type(unit)

    def counted(original: Any) -> Any:
        def run(*given: Any, **more: Any) -> Any:
            count[0] += 1
            if count[0] == number:
                then()
            return original(*given, **more)

        return run

    for name in ("execute", "write", "write_many", "_insert"):
        setattr(own, name, counted(getattr(own, name)))
    return count


def walk(host: Host, at: str) -> None:
    """One quote from its making to the end of its flow; killed in place of a certain write, or not at all (0)."""
    count = at_write(host, int(at), die)
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


def message(host: Host, at: str) -> None:
    """A message that comes before anybody waits for it; killed in place of a certain write, or not at all (0)."""
    count = at_write(host, int(at), die)
    paid(host, None)
    say("written", count[0])


def paid(host: Host, quote: int | None) -> int:
    """What is still to be done for a quote, wherever it stands: made, its flow begun, the message sent, waited for and
    given."""
    li = host.actor("li")
    if quote is None:
        quote = int(host.ask(li, "records.create", type="quote", values={"number": "Q", "total": 1})["id"])
        say("made", quote)
    if not host.ask(li, "flows.history", form="quote", id=quote)["items"]:
        host.ask(li, "flows.start", flow="paid", id=quote)
    host.ask(host.actor("fang"), "flows.message", name="paid", form="quote", id=quote, message_id="once")
    for task in host.ask(li, "flows.list_tasks", state="open")["items"]:
        if task["record"]["id"] == quote:
            host.ask(li, "flows.decide", task=task["id"], decision="complete")
    host.settle()
    return quote


def batch(host: Host, at: str) -> None:
    """What a rule does in pieces; killed in place of a certain write, or not at all (0)."""
    count = at_write(host, int(at), die)
    host.deliver()
    say("written", count[0])


def begin(host: Host, at: str) -> None:
    """What the clock begins; killed in place of a certain write, or not at all (0)."""
    count = at_write(host, int(at), die)
    host.settle()
    say("written", count[0])


def merge(host: Host, at: int) -> Any:
    """The entries of a set become one."""
    root = host.actor("root")
    found = host.ask(root, "records.list", type="entry", sort=("id",), where=f'STARTSWITH(text, "merge {at} ")')
    ids = [row["id"] for row in found["items"]]
    return host.ask(root, "forms.merge", form="entry", into=ids[0], others=tuple(ids[1:]))


def hand_over(host: Host, at: int) -> Any:
    """All that somebody owns becomes another's."""
    people = host.directory().by_login
    given = {"from": people[f"left{at}"].id, "to": people["li"].id, "forms": ("entry",)}
    return host.ask(host.actor("root"), "forms.hand_over", **given)


def undo_import(host: Host, at: int) -> Any:
    """What an import made and changed is taken back."""
    return host.ask(host.actor("li"), "forms.undo_import", batch=at)


def migrate(host: Host, at: int) -> Any:
    """What runs under the version before is carried over to the one of now, and everybody is asked anew."""
    quote = host.types["quote"].table.c
    own = sa.select(instance.c.id).where(instance.c.record_id.in_(sa.select(quote.id).where(quote.number == f"M{at}")))
    ids = tuple(row["id"] for row in rows(host, own.order_by(instance.c.id)))
    given = {"flow": "approval", "nodes": {"looked": "ask"}, "instances": ids, "ask_again": True}
    return host.ask(host.actor("root"), "flows.migrate", **given)


DEEDS: dict[str, Callable[[Host, int], Any]] = {
    "merge": merge, "hand_over": hand_over, "undo_import": undo_import, "migrate": migrate,
}  # fmt: skip
"""What people do to many records at once, in one transaction; to one of the sets that are there."""


def deed(host: Host, at: str = "") -> None:
    """`merge:40`: this deed, to the second set, killed in place of this write; else each, to the first, and how many
    writes that was."""
    name, _, write = at.partition(":")
    count = at_write(host, int(write or 0), die)
    for each in [name] if name else DEEDS:
        before = count[0]
        DEEDS[each](host, 2 if name else 1)
        say(each, count[0] - before)


def serve(host: Host, at: str) -> None:
    """Serve the app; what is published with a field of this name is not survived: `before` anything is done, while the
    tables are changed (`within`), or `after` it is committed and before it is answered."""
    there: Any = publishing
    publish, carry_out = running.publish, there.carry_out

    def dying(database: Any, order: Any, progress: Any, *rest: Any) -> None:
        carry_out(database, order, lambda *_: die(), *rest)

    def deadly(host: Any, plan: Any, wanted: Any, allow: Any, actor: Any) -> None:
        meant = at in wanted.documents.get("forms", "entry").source.text
        if meant and at == "before":
            die()
        if meant and at == "within":
            there.carry_out = dying
        publish(host, plan, wanted, allow, actor)
        if meant:
            die()

    running.publish = deadly
    with served(host) as url:
        say(url)
        with suppress(EOFError):
            TO_TEST[0].recv()


WORKS: dict[str, Callable[..., None]] = {
    "save": save, "import": import_rows, "bring": bring, "deliver": deliver, "decide": decide, "walk": walk,
    "begin": begin, "batch": batch, "deed": deed, "message": message, "serve": serve,
}  # fmt: skip


def main(said: Connection, what: str, url: str, at: str = "", again: str = "") -> None:
    """Do it. `at` is the write in place of which something happens, `again` how often it was tried before."""
    TO_TEST.append(said)
    clock = FrozenClock(DUE + LONGER_THAN_A_LEASE * int(again)) if again else None
    with opened(url, clock) as host:
        WORKS[what](host, *([at] if at else []))
