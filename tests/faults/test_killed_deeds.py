"""kill -9 in the middle of what people do to many records at once: nothing is half done, and it can be done again."""

from __future__ import annotations

import signal
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables as flows
from lowcode.forms import tables as forms
from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from tests.faults.app import FORMER, opened, rows
from tests.faults.conftest import victim
from tests.faults.worker import DEEDS

SETS = 2
"""One that nobody disturbs, and one in which a process is killed."""


def settled(host: Host) -> None:
    """Entries that are the same, with what points at them; people who leave, with what they own; imports."""
    with host.session(APP) as context:
        for number in range(1, SETS + 1):
            context.ask("identity.save_person", login=f"left{number}", name="L", roles=["sales"])
    host.forget_directory()
    li = host.actor("li")
    for number in range(1, SETS + 1):
        with host.session(APP) as context:
            for name in "abc":
                made = context.ask(
                    "records.create", type="entry",
                    values={"text": f"merge {number} {name}", "note": name, "lines": [{"part": name}] * 2},
                )  # fmt: skip
                context.ask("forms.comment", form="entry", id=made["id"], text=name)
                for _ in range(2):
                    context.ask("records.create", type="piece", values={"of": made["id"]})
        owner = host.directory().by_login[f"left{number}"].id
        with host.session(APP) as context:
            for name in "abc":
                context.ask("records.create", type="entry", values={"text": f"left {number} {name}", "owner": owner})
        host.ask(li, "records.create", type="entry", values={"text": f"old {number}", "note": "was"})
        content = f"text,note\nold {number},is\nnew {number} b,is\nnew {number} c,is\n"
        found = host.ask(
            li, "forms.import", form="entry", name="a.csv", content=content.encode(), keys=("text",),
            duplicates="update",
        )  # fmt: skip
        assert (found["batch"], found["update"], found["create"]) == (number, 1, 2), found


def begun(host: Host, number: str) -> None:
    """Three quotes on their way."""
    li = host.actor("li")
    for _ in range(3):
        made = host.ask(li, "records.create", type="quote", values={"number": number, "total": 1})
        host.ask(li, "records.update", type="quote", id=made["id"], values={"stage": "approving"})


def everything(host: Host) -> dict[str, list[dict[str, Any]]]:
    """All that a deed writes, row by row."""
    entry, piece = host.types["entry"], host.types["piece"]
    assert entry.fields["lines"].rows is not None
    tables = (
        entry.table, entry.history, entry.fields["lines"].rows.table, piece.table, piece.history, t.comment, t.event,
        t.job, t.search, t.former, forms.batch, flows.instance, flows.task, flows.history, flows.version,
        t.notification,
    )  # fmt: skip
    found = {each.name: rows(host, sa.select(each)) for each in tables}
    return {name: sorted(each, key=str) for name, each in found.items()}


def outcome(host: Host, deed: str, number: int) -> list[Any]:
    """What a deed leaves behind of its set, without ids and instants."""
    if deed == "migrate":
        return carried(host, number)
    entry, word = host.types["entry"], {"merge": "merge", "hand_over": "left", "undo_import": ""}[deed]
    texts = (f"{word} {number} ",) if word else (f"old {number}", f"new {number}")
    found = []
    for row in rows(host, sa.select(entry.table).order_by(entry.table.c.id)):
        if not row["text"].startswith(texts):
            continue
        about = {"record_id": row["id"]}
        lines = entry.fields["lines"].rows
        assert lines is not None
        pieces, versions = (host.types["piece"].table, entry.history.c)
        found.append((
            row["text"].replace(str(number), "#"), row["note"], row["version"], row["deleted_at"] is None,
            row["owner"] if deed == "hand_over" else None,
            len(rows(host, sa.select(lines.table.c.id).where(lines.table.c.parent == row["id"]))),
            len(rows(host, sa.select(pieces.c.id).where(pieces.c.of == row["id"]))),
            len(rows(host, sa.select(t.comment.c.id).where(t.comment.c.record_id == row["id"]))),
            [each["version"] for each in rows(
                host, sa.select(versions.version).where(versions.record_id == about["record_id"]).order_by(versions.id)
            )],
        ))  # fmt: skip
    return found


def carried(host: Host, number: int) -> list[Any]:
    """Where the instances of a set stand, whom they asked, and what happened to them."""
    quote, one, asked, line = host.types["quote"].table.c, flows.instance.c, flows.task.c, flows.history.c
    own = one.record_id.in_(sa.select(quote.id).where(quote.number == f"M{number}"))
    return [
        (
            row["digest"], [(each["node"], each["state"]) for each in row["tokens"]["tokens"]],
            [(each["node"], each["person"], each["state"]) for each in rows(
                host,
                sa.select(asked.node, asked.person, asked.state).where(asked.instance == row["id"]).order_by(asked.id),
            )],
            [each["event"] for each in rows(
                host, sa.select(line.event).where(line.instance == row["id"]).order_by(line.id)
            )],
        )
        for row in rows(host, sa.select(one.id, one.digest, one.tokens).where(own).order_by(one.id))
    ]  # fmt: skip


@pytest.mark.requirement("F16", "F22", "SF12", "SP22", "W29", "X6", "X14")
def test_killed_while_many_records_are_changed_nothing_has_happened(url: str) -> None:
    """A merge of duplicates, a hand-over of all that somebody owns, an import that is taken back, running instances
    carried over to a new version: killed in place of its last write, each leaves everything as it was; done again, it
    leaves what it leaves undisturbed."""
    with opened(url, countersign=FORMER) as host:
        for number in range(1, SETS + 1):
            begun(host, f"M{number}")
    with opened(url) as host:
        settled(host)
        begun(host, "fresh")
    with victim("deed", url) as process:
        process.end()
    writes = {name: int(count) for name, count in process.said}
    with opened(url) as host:
        expected = {name: outcome(host, name, 1) for name in DEEDS}
        assert all(
            ["migrated"] == [each for each in events if each == "migrated"] for *_, events in expected["migrate"]
        )
        assert [len(each) for each in expected.values()] == [3] * len(DEEDS)
        for name in DEEDS:
            before, at = everything(host), writes[name]
            with victim("deed", url, f"{name}:{at}") as process:
                process.end()
            assert process.process.exitcode == -signal.SIGKILL, f"{name} was to be killed in place of write {at}"
            assert everything(host) == before, f"{name}, killed in place of write {at}, is half done"
            DEEDS[name](host, 2)
            assert outcome(host, name, 2) == expected[name]
