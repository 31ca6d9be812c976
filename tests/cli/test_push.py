"""`lowcode push`: an app published to a running host over HTTP, with plan, consent, conflict and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.cli import main
from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.support.served import served

NAME: dict[str, Any] = {"name": "name", "type": "text", "title": {"zh-CN": "名称", "en": "Name"}}
PHONE: dict[str, Any] = {"name": "phone", "type": "text", "title": {"zh-CN": "电话", "en": "Phone"}}
Push = Callable[..., tuple[int, str]]


def write(folder: Path, *fields: dict[str, Any], **more: dict[str, Any]) -> None:
    """An app of one form in a folder."""
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    (folder / "app.json").write_text('{"name": "small", "roles": [{"name": "sales"}]}\n', "utf-8")
    form = {"name": "lead", "fields": fields, "permissions": [{"role": "sales", "can": ["read"]}], **more}
    (folder / "forms" / "lead.json").write_text(json.dumps(form) + "\n", "utf-8")


def key_of(host: Host, login: str, *scopes: str) -> str:
    """A key of a person who is made when not there."""
    with host.session(APP) as context:
        role = "administrator" if login == "root" else "sales"
        context.ask("identity.save_person", login=login, name=login, roles=[role])
    host.forget_directory()
    made = host.ask(host.actor(login), "api.create_key", name="push", scopes=scopes)
    return str(made["key"])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Host, str]]:
    """A host that serves the app of a folder, and where."""
    write(tmp_path / "first", NAME)
    with Host(tmp_path / "first", str(tmp_path / "running.sqlite3")) as host:
        host.publish()
        with served(host) as url:
            yield host, url.rstrip("/")


@pytest.fixture
def push(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Push:
    """Runs a command with a key; what it said."""

    def run(key: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("LOWCODE_KEY", key)
        capsys.readouterr()
        code = main([*words, "--language", "en"])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.mark.requirement("X1", "X2")
def test_from_a_folder_to_a_running_host_and_back(running: tuple[Host, str], tmp_path: Path, push: Push) -> None:
    """Fetched, changed, planned, published with consent, at once in use, and taken back; nothing restarts."""
    host, url = running
    key, app = key_of(host, "root", "app", "form:lead"), tmp_path / "app"
    host.ask(APP, "records.create", type="lead", values={"name": "Acme"})
    assert 0 == push(key, "pull", str(app), "--from", url)[0]
    assert (app / "forms/lead.json").read_bytes() == (tmp_path / "first/forms/lead.json").read_bytes()
    assert "has it already" in push(key, "push", str(app), "--to", url)[1]

    write(app, NAME, PHONE)
    code, said = push(key, "push", str(app), "--to", url, "--plan")
    assert (0, True) == (code, "+ form lead: field Phone (phone) added" in said)
    assert "phone" not in host.types["lead"].fields
    code, said = push(key, "push", str(app), "--to", url, "--json")
    assert (0, "added") == (code, json.loads(said[said.index("{") : said.rindex("}") + 1])["changes"][0]["kind"])
    host.ask(APP, "records.update", type="lead", id=1, values={"phone": "138"})

    write(app, PHONE)
    code, said = push(key, "push", str(app), "--to", url)
    assert (1, True) == (code, "--allow retire:lead.name" in said)
    assert "name" in host.types["lead"].fields
    assert 0 == push(key, "push", str(app), "--to", url, "--allow", "retire:lead.name")[0]
    assert {"phone"} == set(host.types["lead"].fields)
    code, said = push(key, "push", str(app), "--to", url, "--allow", "purge:lead.fax")
    assert (0, True) == (code, "nothing would change" in said)
    assert 0 == push(key, "push", str(app), "--to", url, "--undo")[0]
    record = host.ask(APP, "records.get", type="lead", id=1)
    assert ("Acme", "138") == (record["name"], record["phone"])


def columns(host: Host) -> set[str]:
    """The columns of the table, hidden ones among them."""
    return {each["name"] for each in sa.inspect(host.database.engine).get_columns("lead")}


@pytest.mark.requirement("X2")
def test_what_was_hidden_is_purged_from_afar(running: tuple[Host, str], tmp_path: Path, push: Push) -> None:
    """The plan names what is kept and the consent that purges it; without that consent nothing is, and with it the
    values are gone for good."""
    host, url = running
    key, app = key_of(host, "root", "app"), tmp_path / "app"
    host.ask(APP, "records.create", type="lead", values={"name": "Acme"})
    assert 0 == push(key, "pull", str(app), "--from", url)[0]
    write(app, PHONE)
    assert 0 == push(key, "push", str(app), "--to", url, "--allow", "retire:lead.name")[0]
    assert "has it already" in push(key, "push", str(app), "--to", url)[1]
    code, said = push(key, "push", str(app), "--to", url, "--plan", "--allow", "purge:lead.name")
    assert (0, True) == (code, "1 row" in said or "rows: 1" in said), said
    kept = columns(host)
    assert 0 == push(key, "push", str(app), "--to", url, "--allow", "purge:lead.name")[0]
    assert 1 == len(kept - columns(host))
    assert 1 == push(key, "push", str(app), "--to", url, "--undo")[0]


@pytest.mark.requirement("X2")
def test_who_was_faster_is_seen(running: tuple[Host, str], tmp_path: Path, push: Push) -> None:
    """What others published since is not written over without a word; neither is a host a folder never came from."""
    host, url = running
    key, mine, theirs = key_of(host, "root", "*"), tmp_path / "mine", tmp_path / "theirs"
    for folder in (mine, theirs):
        assert 0 == push(key, "pull", str(folder), "--from", url)[0]
    write(theirs, NAME, PHONE)
    assert 0 == push(key, "push", str(theirs), "--to", url)[0]
    write(mine, {**NAME, "required": True})
    code, said = push(key, "push", str(mine), "--to", url)
    assert (1, True) == (code, "version 2 was published" in said)
    before = host.app.digest
    code, said = push(key, "push", str(tmp_path / "first"), "--to", url)
    assert (1, True, before) == (code, "was not fetched from" in said or "--allow" in said, host.app.digest)


@pytest.mark.requirement("X2")
def test_two_running_hosts_are_compared_each_with_its_key(
    running: tuple[Host, str], tmp_path: Path, push: Push
) -> None:
    """No host is shown the key of another one: a key that does not say whose it is is shown to neither of two."""
    host, url = running
    write(tmp_path / "second", NAME, PHONE)
    with Host(tmp_path / "second", str(tmp_path / "other.sqlite3")) as second:
        second.publish()
        with served(second) as elsewhere:
            keys = f"{url}={key_of(host, 'root', 'app')} {elsewhere}={key_of(second, 'root', 'app')}"
            code, said = push(keys, "diff", url, elsewhere)
            assert (0, True) == (code, "Phone" in said), said
            code, said = push(keys.partition(" ")[0], "diff", url, elsewhere)
            assert (1, True) == (code, f"none for {elsewhere.rstrip('/')}" in said), said
            bare = key_of(host, "root", "app")
            for words in (("diff", url, elsewhere), ("push", url, "--to", elsewhere)):
                code, said = push(bare, *words)
                cure = f"LOWCODE_KEY='{url}=lc_… {elsewhere.rstrip('/')}=lc_…'"
                assert (1, True, False) == (code, cure in said, "the key is wrong" in said), said
            assert 0 == push(bare, "diff", url, url)[0]


def test_who_may(running: tuple[Host, str], tmp_path: Path, push: Push) -> None:
    """Only administrators and their keys; whoever cannot is told why."""
    host, url = running
    app = tmp_path / "app"
    root = key_of(host, "root", "app")
    assert 0 == push(root, "pull", str(app), "--from", url)[0]
    for key, words in (
        (key_of(host, "ann", "*"), "you may not do this"),
        (key_of(host, "root", "form:lead"), "you may not do this"),
        ("lc_wrong_key", "the key is wrong"),
        ("", "Set LOWCODE_KEY"),
    ):
        code, said = push(key, "push", str(app), "--to", url)
        assert (1, True) == (code, words in said), said
    assert "does not answer" in push(root, "push", str(app), "--to", "http://127.0.0.1:9")[1]
