"""`lowcode plan`, `apply` and `undo`, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.cli import main
from lowcode.host import Host
from lowcode.kernel.identity import APP

NAME: dict[str, Any] = {"name": "name", "type": "text"}
PHONE: dict[str, Any] = {"name": "phone", "type": "text", "title": {"zh-CN": "电话", "en": "Phone"}}


def _write(folder: Path, *fields: dict[str, Any]) -> None:
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    (folder / "app.json").write_text('{"name": "small", "roles": [{"name": "sales"}]}', "utf-8")
    form = {"name": "lead", "fields": fields, "permissions": [{"role": "sales", "can": ["read"]}]}
    (folder / "forms" / "lead.json").write_text(json.dumps(form), "utf-8")


@pytest.mark.requirement("X2", "X15", "SF03")
def test_a_field_comes_changes_goes_and_returns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan does nothing; apply refuses what destroys until it is allowed; undo brings back documents and values."""
    app, database = tmp_path / "small", str(tmp_path / "small.sqlite3")
    given = [str(app), "--database", database, "--language", "en"]
    _write(app, NAME, PHONE)
    assert main(["plan", *given]) == 0
    assert "create form lead" in capsys.readouterr().out
    with Host(app, database) as host:
        assert not host.plan().empty  # planning has made no table
    assert main(["apply", *given]) == 0
    with Host(app, database) as host:
        host.ask(APP, "records.create", type="lead", values={"name": "A", "phone": "+86 10 1"})
    capsys.readouterr()

    _write(app, NAME)
    assert main(["plan", *given]) == 1
    shown = capsys.readouterr()
    assert "lead: hide field Phone (phone); its values are kept" in shown.out
    assert "rows that hold a value: 1" in shown.out
    assert "--allow retire:lead.phone" in shown.err
    assert main(["apply", *given]) == 1
    again = f"lowcode apply {app} --database {database} --allow retire:lead.phone"
    assert again in capsys.readouterr().err  # as it can be repeated
    assert main(["plan", *given, "--json"]) == 1
    plan = json.loads(capsys.readouterr().out)
    assert plan["consents"] == ["retire:lead.phone"]
    assert main(["apply", *given, "--allow", "retire:*", "--plan", "0000000000"]) == 1
    assert "look at it again" in capsys.readouterr().err
    assert main(["apply", *given, "--allow", "retire:*", "--plan", plan["plan"][:16]]) == 0
    capsys.readouterr()

    nowhere = tmp_path / "smal.sqlite3"
    assert main(["undo", str(app), "--database", str(nowhere), "--language", "en"]) == 1
    assert "there is no database at" in capsys.readouterr().err
    assert not nowhere.exists()
    assert main(["undo", *given, "--plan"]) == 0
    assert "bring back field Phone (phone) with the values it had" in capsys.readouterr().out
    assert main(["undo", *given, "--write"]) == 0
    assert [each["name"] for each in json.loads((app / "forms" / "lead.json").read_text("utf-8"))["fields"]] == [
        "name", "phone",
    ]  # fmt: skip
    with Host(app, database) as host:
        assert host.plan().empty
        assert host.ask(APP, "records.list", type="lead")["items"][0]["phone"] == "+86 10 1"
    capsys.readouterr()
    assert main(["undo", *given]) == 1
    assert "there is no version before" in capsys.readouterr().err


def test_the_tables_of_the_library_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A first plan tells what is the app's own, and of the library's tables how many they are; asked for, it tells all
    of them."""
    app, database = tmp_path / "small", str(tmp_path / "small.sqlite3")
    given = [str(app), "--database", database, "--language", "en"]
    _write(app, NAME)
    assert main(["plan", *given]) == 0
    short = capsys.readouterr().out
    assert "create form lead" in short and "lc_user" not in short
    assert main(["plan", *given, "--verbose"]) == 0
    long = capsys.readouterr().out
    assert "create table lc_user" in long
    hidden = len(long.splitlines()) - len(short.splitlines()) + 1
    assert f"  · the library's own tables, in {hidden} steps (--verbose lists them)" in short.splitlines()
    assert main(["plan", *given, "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert sum(each["table"]["id"].startswith("@") for each in steps) == hidden


def test_a_slip_in_a_consent_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A consent that no step asks for is named with the nearest, where apply is refused and where it goes through."""
    app, database = tmp_path / "small", str(tmp_path / "small.sqlite3")
    given = [str(app), "--database", database, "--language", "en"]
    _write(app, NAME, PHONE)
    assert main(["apply", *given]) == 0
    _write(app, NAME)
    capsys.readouterr()
    assert main(["apply", *given, "--allow", "retire:lead.phnoe"]) == 1
    assert "No step asks for retire:lead.phnoe; was retire:lead.phone meant?" in capsys.readouterr().err
    assert main(["plan", *given, "--allow", "retire:lead.phnoe"]) == 1
    assert "no step asks for retire:lead.phnoe; was retire:lead.phone meant?" in capsys.readouterr().err
    assert main(["apply", *given, "--allow", "retire:*", "--allow", "lossy:*"]) == 0
    assert "no step asks for" not in capsys.readouterr().err
    assert main(["apply", *given, "--allow", "purge:lead.fone"]) == 0
    assert "no step asks for purge:lead.fone; was purge:lead.phone meant?" in capsys.readouterr().err
    assert main(["apply", *given, "--allow", "purge:lead.phone"]) == 0
    assert "no step asks for" not in capsys.readouterr().err


def test_an_index_of_what_is_searched_is_foreseen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which records are to be indexed, how many, that people go on working, and about how long it takes."""
    app, database = tmp_path / "small", str(tmp_path / "small.sqlite3")
    given = [str(app), "--database", database, "--language", "en"]
    _write(app, NAME)
    assert main(["apply", *given]) == 0
    with Host(app, database) as host:
        host.ask(APP, "records.create", type="lead", values={"name": "A"})
    _write(app, {**NAME, "search": True})
    capsys.readouterr()
    assert main(["plan", *given]) == 0
    line = "index what is searched of the records that are there (name)  in small parts while people work, rows: 1"
    assert f"lead: {line}, less than a minute" in capsys.readouterr().out
    assert main(["plan", *given, "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)["afterwards"]
    assert ("online", 1, 1) == (told["cost"], told["rows"], told["seconds"])


@pytest.mark.requirement("X15")
def test_purging_is_a_consent_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is hidden stays until it is purged by name; then undo says why it cannot go back."""
    app, database = tmp_path / "small", str(tmp_path / "small.sqlite3")
    given = [str(app), "--database", database, "--language", "zh-CN"]
    _write(app, NAME, PHONE)
    assert main(["apply", *given]) == 0
    _write(app, NAME)
    assert main(["apply", *given, "--allow", "retire:lead.phone"]) == 0
    assert main(["plan", *given]) == 0
    assert "purge:lead.phone  自版本 2 起" in capsys.readouterr().out
    assert main(["apply", *given, "--allow", "purge:lead.phone"]) == 0
    assert "彻底删除已隐藏的字段“电话 (phone)”" in capsys.readouterr().out
    assert main(["undo", *given]) == 1
    assert "needs what was purged since: lead.phone" in capsys.readouterr().err
    with Host(app, database) as host, host.database.engine.connect() as connection:
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(lead)")]
        assert not [each for each in columns if each.startswith("_")]


@pytest.mark.parametrize(("language", "said"), [("en", "there is no database at"), ("zh-CN", "找不到数据库")])
@pytest.mark.parametrize("database", [None, "other.sqlite3", "sqlite:///other.sqlite3"])
def test_undo_makes_no_database(
    database: str | None, language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Run in another folder than the database's, it says what to give; nothing is left there."""
    _write(tmp_path / "small", NAME)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    given = ["--database", database] if database else []
    assert main(["undo", str(tmp_path / "small"), *given, "--language", language]) == 1
    shown = capsys.readouterr().err
    assert said in shown and "--database" in shown
    assert ("other.sqlite3" if database else "small.sqlite3") in shown
    assert list(here.iterdir()) == []
