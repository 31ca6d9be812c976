"""A command line and a host of different versions: served, or refused in words on either side, with nothing done."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from lowcode.cli import main, remote
from lowcode.context import WorkContext
from lowcode.host import Host
from lowcode.publishing import protocol
from tests.cli.test_push import NAME, PHONE, Push, key_of, push, running, write
from tests.support.answers import PLAIN

__all__ = ["push", "running"]
HERE, THERE = "0.1", "0.9"
SIDES: list[tuple[Mapping[str, int], Mapping[str, int], str]] = [
    ({}, {"REVISION": 2}, ""),
    ({}, {"REVISION": 3, "OLDEST": 2}, "understands publishing from revision 2 on"),
    ({"REVISION": 2}, {}, ""),
    ({"REVISION": 3, "OLDEST": 2}, {}, "it publishes by revision 1, and the one here (0.1) needs 2 or later"),
    ({"REVISION": 3, "OLDEST": 2}, {"REVISION": 4, "OLDEST": 3}, ""),
]
"""What the command line and the host understand beyond what they do now, and what is said."""


def commands(url: str, app: Path) -> list[tuple[str, ...]]:
    """Every way a command line asks a host."""
    return [
        ("diff", str(app), url),
        ("pull", str(app), "--from", url, "--plan"),
        ("push", str(app), "--to", url, "--plan", "--allow", "*"),
        ("push", str(app), "--to", url, "--undo", "--plan"),
    ]


@pytest.mark.requirement("X2")
def test_two_versions_understand_each_other_or_say_so(
    running: tuple[Host, str], tmp_path: Path, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever is the older, nothing is done that one of them could misread, and it is said which one to change."""
    host, url = running
    key, app = key_of(host, "root", "app"), tmp_path / "app"
    assert 0 == push(key, "pull", str(app), "--from", url)[0]
    write(app, NAME, PHONE)
    assert 0 == push(key, "push", str(app), "--to", url)[0]
    write(app, NAME)
    monkeypatch.setattr(protocol, "release", lambda: THERE)
    monkeypatch.setattr(remote, "release", lambda: HERE)
    for own, other, words in SIDES:
        with monkeypatch.context() as changed:
            for where, what in ((remote, own), (protocol, other)):
                for name, value in what.items():
                    changed.setattr(where, name, value)
            version = host.standing.version
            for command in commands(url, app):
                code, said = push(key, *command)
                assert (bool(words), words in said) == (code == 1, True), (command, said)
                assert not words or (f"lowcode=={THERE}" in said and "nothing was done" in said), said
            assert version == host.standing.version


@pytest.mark.requirement("X2")
def test_a_host_that_does_not_know_what_it_is_sent_says_its_version(
    running: tuple[Host, str], tmp_path: Path, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a newer lowcode can define is refused by an older one by its place, and beside it which version is where."""
    host, url = running
    key, app = key_of(host, "root", "app"), tmp_path / "app"
    assert 0 == push(key, "pull", str(app), "--from", url)[0]
    write(app, NAME, PHONE)
    plan = {"plan": None, "findings": [{"document": "forms/lead.json", "line": 3, "message": "new", "hint": ""}]}
    real = remote.ask

    def older(at: str, operation: str, /, language: str | None = None, **parameters: Any) -> Any:
        return plan if operation == "app.plan" else real(at, operation, language=language, **parameters)

    monkeypatch.setattr(remote, "ask", older)
    for version, told in ((THERE, True), (HERE, False)):
        monkeypatch.setattr(protocol, "release", lambda version=version: version)
        monkeypatch.setattr(remote, "release", lambda: HERE)
        code, said = push(key, "push", str(app), "--to", url)
        assert (1, True, told) == (code, "forms/lead.json:3 new" in said, f"the host has lowcode {THERE}" in said), said


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_answer_of_nobodys_making_is_no_fault_of_ours(
    running: tuple[Host, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:  # fmt: skip
    """A host before this had a revision is served; an answer without what it has to have is told, and not stumbled
    over."""
    host, url = running
    monkeypatch.setenv("LOWCODE_KEY", key_of(host, "root", "app"))
    write(tmp_path / "app", NAME)
    headers = {"authorization": f"Bearer {os.environ['LOWCODE_KEY']}", protocol.HEADER: "newest"}
    odd = httpx.post(f"{url}/api/operations/app.documents", json={}, headers=headers)
    assert (400, "app.no-revision") == (odd.status_code, odd.json()["code"])
    said: dict[str, Any] = {}
    monkeypatch.setattr(WorkContext, "answer", PLAIN)
    monkeypatch.setattr(protocol, "told", lambda: said)
    words = ["diff", str(tmp_path / "app"), url, "--language", language]
    assert 0 == main(words), capsys.readouterr()
    for wrong in ({"publishing": 7}, {"publishing": {"revision": "1", "oldest": 1}}, {"digest": None, "app": None}):
        said.update(wrong)
        if "digest" in wrong:
            monkeypatch.setattr(remote, "ANSWERS", {"app.documents": ("nothing",)})
        capsys.readouterr()
        assert 1 == main(words)
        told = capsys.readouterr().err
        assert {"en": "is no lowcode app", "zh-CN": "不是 lowcode 应用的回答"}[language] in told, json.dumps(wrong)
        said.clear()
