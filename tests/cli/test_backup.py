"""A backup holds everything, and goes back into either database."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.cli import main
from lowcode.cli.archive import packed, tables_of, unpacked
from lowcode.host import Host
from lowcode.kernel.identity import APP as APP_ITSELF
from lowcode.seeding import seed

APP = Path(__file__).parents[1] / "testing" / "app"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where contents of files are kept, which a database on a server has to be told."""
    monkeypatch.setenv("LOWCODE_FILES", str(tmp_path / "kept"))


def _rows(host: Host) -> dict[str, list[dict[str, object]]]:
    with host.database.engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    {key: unpacked(packed(value)) for key, value in row.items()}
                    for row in connection.execute(sa.select(table)).mappings()
                ),
                key=repr,
            )
            for table in tables_of(host)
            if not table.name.endswith("lc_sequence")
        }


@pytest.mark.requirement("SP16")
def test_a_backup_comes_back_whole(tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every row is there again, on the other database too, and new records go on after the old ones."""
    first = Host(APP, str(tmp_path / "first.sqlite3"))
    first.publish()
    seed(first)
    ann = first.actor("ann")
    made = first.ask(
        ann, "records.create", type="request", values={"reason": "家事", "days": 3, "starts": "2026-03-09"}
    )
    first.settle()
    assert main(["backup", str(APP), str(tmp_path / "b.zip"), "--database", str(tmp_path / "first.sqlite3")]) == 0
    assert main(["restore", str(tmp_path / "b.zip"), "--database", database_url]) == 0
    second = Host(APP, database_url)
    assert _rows(first) == _rows(second)
    again = second.ask(second.actor("ann"), "records.create", type="request", values={"reason": "more", "days": 1})
    assert again["id"] > made["id"]
    first.close()
    second.close()
    capsys.readouterr()
    assert main(["restore", str(tmp_path / "b.zip"), "--database", database_url]) == 1
    assert "a backup goes into an empty one" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.requirement("X2", "X15")
def test_what_is_hidden_is_backed_up(tmp_path: Path, database_url: str) -> None:
    """A hidden field and a hidden form come back by undo on the database a backup was restored into."""
    phone: dict[str, Any] = {"name": "phone", "type": "text"}
    first = str(tmp_path / "first.sqlite3")
    app = tmp_path / "small"
    _write(app, {"lead": [{"name": "name", "type": "text"}, phone], "visit": [phone]})
    with Host(app, first) as host:
        host.publish()
        for form in ("lead", "visit"):
            host.ask(APP_ITSELF, "records.create", type=form, values={"phone": "1"})
    _write(app, {"lead": [{"name": "name", "type": "text"}]})
    with Host(app, first) as host:
        host.apply(allow=["retire:*"])
    assert main(["backup", str(app), str(tmp_path / "b.zip"), "--database", first]) == 0
    assert main(["restore", str(tmp_path / "b.zip"), "--database", database_url]) == 0
    with Host(app, database_url) as host:
        assert host.plan().empty
        documents = host.undo()
    with Host(documents, database_url) as host:
        assert host.plan().empty
        for form in ("lead", "visit"):
            assert [each["phone"] for each in host.ask(APP_ITSELF, "records.list", type=form)["items"]] == ["1"]


@pytest.mark.requirement("SP16")
def test_a_backup_holds_contents_and_nothing_beside_them(tmp_path: Path) -> None:
    """Small pictures, keys and what is half written stay where they are, and come out of no older backup: nobody could
    forget what is known by no file."""
    app, kept = tmp_path / "small", tmp_path / "kept"
    _write(app, {"lead": [{"name": "name", "type": "text"}]})
    first = str(tmp_path / "first.sqlite3")
    with Host(app, first, files=str(kept)) as host:
        host.publish()
        digest, going = host.files.put(b"a picture"), host.files.put(b"put aside")
        host.files.thumbnails.put(digest, 128, b"a small one")
        (kept / going[:2] / going).rename(kept / going[:2] / f"{going}.going")
        (kept / digest[:2] / "tmphalf").write_bytes(b"half")
    archive = tmp_path / "b.zip"
    assert main(["backup", str(app), str(archive), "--database", first]) == 0
    with zipfile.ZipFile(archive, "a") as made:
        assert {f"files/{digest}", f"files/{going}"} == {each for each in made.namelist() if each.startswith("files/")}
        made.writestr(f"files/{digest}-128.webp", b"a small one")
    shutil.rmtree(kept)
    assert main(["restore", str(archive), "--database", str(tmp_path / "second.sqlite3")]) == 0
    assert {digest, going} == {each.name for each in kept.glob("*/*") if each.is_file()}


def _write(folder: Path, forms: dict[str, list[dict[str, Any]]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "forms").mkdir(parents=True)
    (folder / "app.json").write_text('{"name": "small", "roles": [{"name": "sales"}]}', "utf-8")
    for name, fields in forms.items():
        form = {"name": name, "fields": fields, "permissions": [{"role": "sales", "can": ["read"]}]}
        (folder / "forms" / f"{name}.json").write_text(json.dumps(form), "utf-8")
