"""Files belong to records, and are read by whoever may read one of those."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.records.attachments import readable
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import keep

NOTE = {
    "name": "note",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "papers", "type": "attachment"},
        {
            "name": "parts",
            "type": "lines",
            "fields": [
                {"name": "drawing", "type": "attachment", "accept": ["text/*"]},
                {"name": "cost", "type": "attachment"},
                {"name": "steps", "type": "lines", "fields": [{"name": "picture", "type": "attachment"}]},
            ],
        },
    ],
    "permissions": [
        {"role": "writer", "can": ["create", "read", "edit"], "where": "owner = ME()"},
        {"role": "reader", "can": ["read"], "where": 'title = "open"', "hide": ["parts.cost"]},
    ],
}


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Iterator[Host]:
    documents = {
        "app.json": {"name": "desk", "roles": [{"name": "writer"}, {"name": "reader"}]},
        "forms/note.json": NOTE,
    }
    found = Host(documents, database_url, files=str(tmp_path / "files"))
    found.publish()
    for login, role in (("ann", "writer"), ("bob", "writer"), ("cleo", "reader")):
        found.ask(APP, "identity.save_person", login=login, name=login, roles=(role,))
    yield found
    found.close()


def kept(host: Host, login: str) -> int:
    with host.session(host.actor(login)) as context:
        return int(keep(context, "offer.txt", "text/plain", b"offer")["id"])


def sees(host: Host, login: str, file: int) -> bool:
    with host.session(host.actor(login)) as context:
        try:
            readable(context, file)
        except NotFound:
            return False
    return True


@pytest.mark.requirement("SF22", "SP14")
def test_a_file_is_read_by_whoever_may_read_its_record(host: Host) -> None:
    """Its owner reads it at once; others when a record they may read holds it."""
    file = kept(host, "ann")
    assert [sees(host, login, file) for login in ("ann", "bob", "cleo")] == [True, False, False]
    values = {"title": "closed", "papers": [file]}
    note = host.ask(host.actor("ann"), "records.create", type="note", values=values)
    assert [sees(host, login, file) for login in ("ann", "bob", "cleo")] == [True, False, False]
    host.ask(host.actor("ann"), "records.update", type="note", id=note["id"], values={"title": "open"})
    assert [sees(host, login, file) for login in ("ann", "bob", "cleo")] == [True, False, True]


@pytest.mark.requirement("SP14")
def test_nobody_claims_a_file_of_somebody_else(host: Host) -> None:
    """Putting a guessed number into a record of one's own gives nothing."""
    file = kept(host, "ann")
    with pytest.raises(Rejected) as refused:
        host.ask(host.actor("bob"), "records.create", type="note", values={"title": "mine", "papers": [file]})
    assert [(each.code, each.pointer) for each in refused.value.problems] == [("records.file-gone", "/papers")]


@pytest.mark.requirement("SF22", "SP14")
def test_files_in_rows_belong_to_the_record(host: Host) -> None:
    """In rows, and in rows in them: read by whoever may read record and column, claimed once, checked as any."""
    drawing, cost, picture, other = (kept(host, "ann") for _ in range(4))
    ann, bob = host.actor("ann"), host.actor("bob")
    parts = [{"drawing": [drawing], "cost": [cost], "steps": [{"picture": [picture]}]}]
    note = host.ask(ann, "records.create", type="note", values={"title": "open", "parts": parts})
    files = (drawing, cost, picture, other)
    assert [sees(host, "cleo", each) for each in files] == [True, False, True, False]
    assert not any(sees(host, "bob", each) for each in files)
    with host.database.reading() as unit:
        assert {drawing, cost, picture} == {row["file"] for row in unit.fetch(sa.select(t.file_use))}
    [row] = host.ask(ann, "records.get", type="note", id=note["id"])["parts"]
    changed = [{"id": row["id"], "drawing": [drawing, other]}]
    host.ask(ann, "records.update", type="note", id=note["id"], values={"parts": changed})
    assert sees(host, "cleo", other)
    with pytest.raises(Rejected) as refused:
        stolen = [{"steps": [{"picture": [picture]}], "drawing": [drawing]}]
        host.ask(bob, "records.create", type="note", values={"parts": stolen})
    assert {(each.code, each.pointer) for each in refused.value.problems} == {
        ("records.file-gone", "/parts/0/drawing"), ("records.file-gone", "/parts/0/steps/0/picture"),
    }  # fmt: skip
    with host.session(ann) as context:
        sent = keep(context, "x.bin", "Application/X; v=1", b"x")
        binary = sent["id"]
    assert sent["type"] == "application/x"
    with pytest.raises(Rejected) as refused:
        host.ask(ann, "records.create", type="note", values={"parts": [{"drawing": [binary]}]})
    assert [(each.code, each.pointer) for each in refused.value.problems] == [("records.file-kind", "/parts/0/drawing")]
