"""A million deals out to a file and in again: how large the process becomes, against a tenth of the rows.

What carries a file of any length must not grow with it. Both run in a process of their own, which is watched from
outside: what counts is how much larger it became than it was before it began.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from bench.deals import app
from bench.exporting import fill, reading
from bench.harness import Comparison, Size
from lowcode.host import Host
from lowcode.kernel.storage.files import keep
from lowcode.seeding import seed

ROWS = 1_000_000
PIECE = 8_000_000
"""Bytes that one upload takes."""
ROOT = Path(__file__).resolve().parent.parent


def comparisons(size: Size) -> Iterator[Comparison]:
    """On SQLite: the database lies in the process, so that its part is seen, too."""
    rows = size.of(ROWS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (rows, max(1, rows // 10)):
            _filled(folder, count)
        tenth = max(1, rows // 10)
        yield Comparison(
            f"resident size: {rows:,} rows × 20 out and in, to a tenth", lambda: grown(folder, rows),
            lambda: grown(folder, tenth), 0.5, "MB", gauge=True,
        )  # fmt: skip


def _host(folder: Path, name: str) -> Host:
    """With a small cache of pages: SQLite's own, of 64 MB, fills up with the first hundred thousand rows."""
    host = Host(app(), f"sqlite:///{folder / name}.sqlite3", files=str(folder / f"files-{name}"))
    database: Any = host.database
    configure = database._configure

    def small(opened: Any) -> None:
        configure(opened)
        opened.execute("PRAGMA cache_size=-2000").fetchall()

    database._configure = small
    return host


def _filled(folder: Path, rows: int) -> None:
    host = _host(folder, f"out-{rows}")
    host.publish()
    seed(host)
    fill(host, rows, host.actor("person0").id or 0)
    host.close()


def grown(folder: Path, rows: int) -> float:
    """How many megabytes a process grew by that carried so many rows."""
    words = [sys.executable, "-m", "bench.masses", str(folder), str(rows)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        watched, done, most = psutil.Process(child.pid), threading.Event(), 0
        before = watched.memory_info().rss

        def watch() -> None:
            nonlocal most
            while not done.wait(0.02):
                most = max(most, watched.memory_info().rss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        child.stdin.write("go\n")
        child.stdin.flush()
        answer = child.stdout.readline()
        done.set()
        watcher.join()
        child.stdin.close()
        assert answer == f"{rows}\n", answer
    assert child.returncode == 0
    return max(most - before, 1) / 1e6


def _out(folder: Path, rows: int) -> Any:
    """The rows of a database as a workbook, written as it comes."""
    host = _host(folder, f"out-{rows}")
    actor = host.actor("person0")

    def work() -> int:
        made = host.ask(actor, "forms.stream", form="deal", format="xlsx", sort="id", reading=reading(host, actor))
        with (folder / f"{rows}.xlsx").open("wb") as file:
            for piece in made["content"]:
                file.write(piece)
        host.close()
        return int(made["rows"])

    return work


def _in(folder: Path, rows: int) -> Any:
    """That workbook brought into another database, uploaded in pieces."""
    host = _host(folder, f"in-{rows}")
    host.publish()
    seed(host)
    actor = host.actor("person0")
    fill(host, 0, actor.id or 0)
    files = []
    with (folder / f"{rows}.xlsx").open("rb") as source:
        while piece := source.read(PIECE):
            files.append(host.write(lambda unit, piece=piece: keep(
                host.context(unit, actor), "deals.xlsx", "application/xlsx", piece))["id"])  # type: ignore[misc]  # fmt: skip

    def work() -> int:
        asked = {"form": "deal", "file": files[0], "more": tuple(files[1:])}
        run = host.ask(actor, "forms.start_import", **asked)["run"]
        host.settle()
        found = host.ask(actor, "forms.import_progress", run=run)
        host.close()
        assert (found["state"], found["problems"]) == ("done", []), found
        return int(found["create"])

    return work


def once(rows: int) -> None:
    """Carry so many rows out and in, and say how long that took and how much larger the process became."""
    with tempfile.TemporaryDirectory() as name:
        _filled(Path(name), rows)
        print(f"{rows:,} rows × 20, out and in: {grown(Path(name), rows):.0f} MB more than before", flush=True)


def main() -> None:
    """Get ready, wait for the word, do it, say how many rows it were. With a number of rows alone: `once`."""
    if len(sys.argv) == 2:
        once(int(sys.argv[1]))
        return
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    out = _out(folder, rows)
    print("ready", flush=True)
    sys.stdin.readline()
    for word in ("out", "in"):
        work = out if word == "out" else _in(folder, rows)
        began = time.perf_counter(), time.process_time()
        assert work() == rows
        took = time.perf_counter() - began[0], time.process_time() - began[1]
        print(f"{word}: {took[0]:.0f} s, {took[1]:.0f} s of the processor", file=sys.stderr, flush=True)
    print(rows, flush=True)


if __name__ == "__main__":
    main()
