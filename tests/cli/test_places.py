"""An app carried between folders and databases: compared, fetched, promoted, and taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.cli import main
from lowcode.cli.places import place
from lowcode.host import Host

NAME: dict[str, Any] = {"name": "name", "type": "text", "title": {"zh-CN": "名称", "en": "Name"}}
PHONE: dict[str, Any] = {"name": "phone", "type": "text", "title": {"zh-CN": "电话", "en": "Phone"}}


def write(folder: Path, *fields: dict[str, Any]) -> None:
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    (folder / "app.json").write_text('{"name": "small", "roles": [{"name": "sales"}]}\n', "utf-8")
    form = {"name": "lead", "fields": fields, "permissions": [{"role": "sales", "can": ["read"]}]}
    (folder / "forms" / "lead.json").write_text(json.dumps(form) + "\n", "utf-8")


@pytest.mark.requirement("X1", "X2")
def test_from_trial_to_production(tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What was tried in one database is compared with another's, said in words, and brought there."""
    app, trial = tmp_path / "small", str(tmp_path / "trial.sqlite3")
    write(app, NAME)
    assert main(["apply", str(app), "--database", database_url]) == 0
    write(app, NAME, PHONE)
    assert main(["apply", str(app), "--database", trial]) == 0
    capsys.readouterr()

    assert main(["diff", database_url, trial, "--language", "en"]) == 0
    assert "+ form lead: field Phone (phone) added" in capsys.readouterr().out
    assert main(["plan", trial, "--database", database_url, "--language", "en"]) == 0
    assert "Phone (phone)" in capsys.readouterr().out
    assert main(["apply", trial, "--database", database_url, "--language", "en"]) == 0
    with Host(app, database_url) as host:
        assert host.plan().empty
    capsys.readouterr()
    assert main(["diff", str(app), database_url]) == 0
    assert "no differences" in capsys.readouterr().err


@pytest.mark.requirement("X2")
def test_pull_says_asks_and_keeps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is written over only by consent, what was there can be pulled back, and a second pull does nothing."""
    app, database = tmp_path / "small", str(tmp_path / "small.sqlite3")
    write(app, NAME, PHONE)
    assert main(["apply", str(app), "--database", database]) == 0
    fresh = tmp_path / "fresh"
    assert main(["pull", str(fresh), "--from", database, "--language", "en"]) == 0
    assert (fresh / "forms/lead.json").read_bytes() == (app / "forms/lead.json").read_bytes()

    write(app, NAME)
    (app / "forms" / "note.json").write_text('{"name": "note", "fields": [], "permissions": []}', "utf-8")
    before = {path.relative_to(app): path.read_bytes() for path in app.rglob("*.json")}
    capsys.readouterr()
    given = ["pull", str(app), "--from", database, "--language", "en"]
    assert main([*given, "--plan"]) == 0
    assert main(given) == 1
    shown = capsys.readouterr()
    assert "field Phone (phone) added" in shown.out and "form note" in shown.out and "--overwrite" in shown.err
    assert before == {path.relative_to(app): path.read_bytes() for path in app.rglob("*.json")}
    assert main([*given, "--json"]) == 1
    assert {"added", "removed"} == {each["kind"] for each in json.loads(capsys.readouterr().out)}
    assert main([*given, "--overwrite"]) == 0
    assert not (app / "forms/note.json").exists() and "phone" in (app / "forms/lead.json").read_text("utf-8")
    capsys.readouterr()
    assert main(given) == 0
    assert "has it already" in capsys.readouterr().err

    [archive] = tmp_path.glob("small-*.zip")
    assert main(["pull", str(app), "--from", str(archive), "--overwrite"]) == 0
    assert before == {path.relative_to(app): path.read_bytes() for path in app.rglob("*.json")}


def test_what_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database nobody made is not made by asking, one without an app says so, and no password is shown."""
    missing = tmp_path / "missing.sqlite3"
    assert main(["pull", str(tmp_path / "x"), "--from", str(missing)]) == 1
    assert f"there is no database {missing}" in capsys.readouterr().err and not missing.exists()
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    assert main(["diff", f"sqlite:///{empty}", str(empty)]) == 1
    assert "no app was applied to" in capsys.readouterr().err
    assert "secret" not in str(place("postgresql://crm:secret@db.example.com/crm"))
