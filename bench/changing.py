"""Versions applied to a million rows while a person reads pages and saves records in another process: the longest that
anybody waited, and how much larger the process that applied became.

`python -m bench.changing sqlite 1000000 [CHANGE …]` says of each change how long applying and undoing took, and what
was waited for. Beside it `./dev bench changing` holds the longest wait of two of them against a second, on fewer rows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

from bench.databases import postgresql
from bench.harness import Comparison, Size
from lowcode import publishing
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.diagnostics import Unavailable
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.crypto import SECRET, new_key
from lowcode.publishing import running

ROWS, WHOLE = 100_000, 1_000_000
HELD = ("text becomes a number", "lines removed")
"""Changes held against the second each time: one that is prepared aside, and one that brings a table back."""
PATIENCE = 1.0
"""Seconds that nobody should have to wait longer."""
ENGINES = (Forms(),)
ROOT = Path(__file__).resolve().parent.parent
TEXT, COUNT = {"type": "text"}, {"type": "integer"}
TITLE, AMOUNT = {"name": "title", **TEXT}, {"name": "amount", "type": "number", "scale": 2}
LINES: tuple[dict[str, Any], ...] = ({"name": "what", **TEXT}, {"name": "count", **TEXT})
FORMS: dict[str, list[dict[str, Any]]] = {
    "customer": [{"name": "name", **TEXT}],
    "deal": [
        {"name": "customer", "type": "link", "to": "customer"}, TITLE, AMOUNT, {"name": "note", **TEXT},
        {"name": "items", "type": "lines", "fields": list(LINES)},
    ],
}  # fmt: skip
SUM = {"name": "sum", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2}
TAXED = {"name": "taxed", "type": "formula", "expression": "amount * 1.13", "scale": 2}
Forms_ = Mapping[str, list[dict[str, Any]]]


def _with(form: str, *fields: dict[str, Any], forms: Forms_ = FORMS, without: str = "") -> Forms_:
    """The forms with fields of one added, taken out, or instead of those of the same name."""
    new = {each["name"]: each for each in fields}
    kept = [new.pop(each["name"], each) for each in forms[form] if each["name"] != without]
    return {**forms, form: [*kept, *new.values()]}


CHANGES: dict[str, tuple[Forms_, Forms_]] = {
    "a field added": (FORMS, _with("deal", {"name": "more", **TEXT, "default": "x"})),
    "more places": (FORMS, _with("deal", {**AMOUNT, "scale": 4})),
    "a roll-up added": (FORMS, _with("customer", SUM)),
    "a roll-up changed": (_with("customer", SUM), _with("customer", {**SUM, "expression": "MAX(deals.amount)"})),
    "a formula": (FORMS, _with("deal", TAXED)),
    "a formula changed": (_with("deal", TAXED), _with("deal", {**TAXED, "expression": "amount * 1.06"})),
    "lines added": (FORMS, _with("deal", {"name": "fees", "type": "lines", "fields": list(LINES)})),
    "lines removed": (FORMS, _with("deal", without="items")),
    "a column of lines retyped": (
        FORMS, _with("deal", {"name": "items", "type": "lines", "fields": [LINES[0], {"name": "count", **COUNT}]}),
    ),
    "encrypted": (FORMS, _with("deal", {**TITLE, "encrypted": True})),
    "text becomes a number": (FORMS, _with("deal", {"name": "note", "type": "number", "scale": 2})),
}  # fmt: skip
NOW = {"sqlite": "'2026-03-02T01:00:00.000000Z'", "postgresql": "now()"}
NUMBERS = {
    "sqlite": "(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})"
    " SELECT n FROM numbers)",
    "postgresql": "generate_series(1, {rows}) AS numbers (n)",
}
FILL = (
    "INSERT INTO customer (id, version, created_at, updated_at, name)"
    " SELECT n, 1, {now}, {now}, 'Customer ' || n FROM {tenth}",
    "INSERT INTO deal (id, version, created_at, updated_at, customer, title, amount, note)"
    " SELECT n, 1, {now}, {now}, n % {customers} + 1, 'Deal ' || n, n % 90000, (n % 90000) || '.50' FROM {all}",
    "INSERT INTO deal__items (id, parent, position, what, count) SELECT n, n, 0, 'x', CAST(n % 90 AS TEXT) FROM {all}",
)


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    rows = size.of(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        for name, title in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
            if name in size.databases:

                def longest(name: str = name) -> float:
                    with databases(name, Path(folder)) as make:
                        said = [tried(make(f"c{at}"), change, rows) for at, change in enumerate(HELD)]
                    return max(each["save"] for each in said)

                yield Comparison(
                    f"longest wait of a save while a version is applied, {title}", longest, lambda: PATIENCE, 1.0,
                    "seconds", gauge=True,
                )  # fmt: skip


@contextmanager
def databases(name: str, folder: Path) -> Iterator[Any]:
    """Gives a function that makes an empty database and says its URL."""
    with postgresql(folder) if name == "postgresql" else nullcontext() as make:
        yield make or (lambda each: f"sqlite:///{folder / each}.sqlite3")


def documents(forms: Forms_) -> dict[str, Any]:
    """The app of some forms; customers have deals."""
    granted = {"permissions": [{"role": "sales", "can": ["read", "edit"]}]}
    relations = {"customer": {"relations": [{"name": "deals", "form": "deal", "by": "customer"}]}}
    return {
        "app.json": {"name": "bench", "roles": [{"name": "sales"}]},
        **{f"forms/{name}.json": {"name": name, "fields": fields, **granted, **relations.get(name, {})}
           for name, fields in forms.items()},
    }  # fmt: skip


def tried(url: str, change: str, rows: int) -> dict[str, float]:
    """Seconds to apply and undo a change, the longest read and save meanwhile, and megabytes grown."""
    key = new_key()
    secrets, environment = {SECRET: key}, {**os.environ, f"LOWCODE_SECRET_{SECRET}": key}
    before, after = CHANGES[change]
    with Host(documents(before), url, engines=ENGINES, secrets=secrets) as host:
        host.publish()
        _fill(host, rows)
        publishing.apply(host, host.plan())
    found: dict[str, float] = {}
    words = [sys.executable, "-m", "bench.changing", "person", url, change, str(rows)]
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as person:
        assert person.stdin is not None and person.stdout is not None
        assert person.stdout.readline() == "ready\n"
        with _grown(found), Host(documents(after), url, engines=ENGINES, secrets=secrets) as host:
            for word, work in (("apply", lambda: host.apply(allow=["*"])), ("undo", lambda: host.undo(["*"]))):
                began = time.perf_counter()
                work()
                found[word] = time.perf_counter() - began
        person.stdin.write("enough\n")
        person.stdin.flush()
        found |= json.loads(person.stdout.readline())
    assert person.returncode == 0
    return found


def _fill(host: Host, rows: int) -> None:
    dialect = host.database.dialect_name
    customers = max(1, rows // 1000)
    series = {"tenth": NUMBERS[dialect].format(rows=customers), "all": NUMBERS[dialect].format(rows=rows)}
    with host.database.engine.begin() as connection:
        for each in FILL:
            connection.execute(sa.text(each.format(now=NOW[dialect], customers=customers, **series)))
        if dialect == "postgresql":
            connection.execute(sa.text("ANALYZE"))


@contextmanager
def _grown(found: dict[str, float]) -> Iterator[None]:
    """How many megabytes this process becomes larger than it is."""
    watched, done = psutil.Process(), threading.Event()
    before = most = watched.memory_info().rss

    def watch() -> None:
        nonlocal most
        while not done.wait(0.05):
            most = max(most, watched.memory_info().rss)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        found["grown"] = (most - before) / 1e6


def person(url: str, change: str, rows: int) -> None:
    """Read a page and save a record, one after the other, until it is enough; the longest of each."""
    enough = threading.Event()
    longest = {"read": 0.0, "save": 0.0}
    told = {"again": 0, "saves": 0}
    with Host(documents(CHANGES[change][0]), url, engines=ENGINES) as host:
        host.publish()

        def timed(word: str, work: Any) -> None:
            began = time.perf_counter()
            try:
                work()
            except Unavailable:  # the version before writes nothing: try again with the new one
                told["again"] += 1
                running.follow(host, at_once=True)
            longest[word] = max(longest[word], time.perf_counter() - began)

        def save() -> None:
            identity = told["saves"] * 7919 % rows + 1
            values = {"owner": None if told["saves"] % 2 else 1, "customer": identity % max(1, rows // 1000) + 1}
            host.ask(APP, "records.update", type="deal", id=identity, values=values)

        def page() -> None:
            host.ask(APP, "records.list", type="deal", fields=("id", "customer"), limit=50)

        for work in (save, page):
            work()

        def listen() -> None:
            sys.stdin.readline()
            enough.set()

        threading.Thread(target=listen, daemon=True).start()
        print("ready", flush=True)
        while not enough.is_set():
            timed("read", page)
            timed("save", save)
            told["saves"] += 1
            time.sleep(0.01)
    print(json.dumps({**longest, **told}), flush=True)


def main(words: Sequence[str]) -> None:
    """A database, a number of rows, and changes: all of them when none is named. Or the part of the person."""
    if words[0] == "person":
        person(words[1], words[2], int(words[3]))
        return
    name, rows, *changes = words
    with tempfile.TemporaryDirectory() as folder, databases(name, Path(folder)) as make:
        for at, change in enumerate(changes or CHANGES):
            found = tried(make(f"c{at}"), change, int(rows or WHOLE))
            shown = ", ".join(f"{word} {value:.2f}" for word, value in found.items())
            print(f"{name}, {int(rows):,} rows, {change}: {shown}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
