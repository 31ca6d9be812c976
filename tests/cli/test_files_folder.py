"""Where contents of files are kept is said before anything is served, where they would lie among temporary ones."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from lowcode import Host
from lowcode.cli import main

APP = Path(__file__).parents[1] / "testing" / "app"
SERVER = "postgresql://nobody@127.0.0.1:1/none"
"""A server that is not there: a command that began with it would fail otherwise."""


@pytest.mark.parametrize(
    "words",
    [("serve", str(APP)), ("work", str(APP)), ("backup", str(APP), "b.zip"), ("restore", "b.zip"), ("demo", str(APP)),
     ("mcp", str(APP), "--as", "li")],
)  # fmt: skip
@pytest.mark.parametrize("said", [None, "", " "])
def test_a_server_needs_a_folder(
    words: tuple[str, ...], said: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database on a server has no folder beside it: the command does not start, and says what to do. Nothing, or a
    blank, is no folder, as a setting that was left empty gives it."""
    monkeypatch.delenv("LOWCODE_FILES", raising=False)
    if said is not None:
        monkeypatch.setenv("LOWCODE_FILES", said)
    assert 1 == main([*words, "--database", SERVER, *(() if said is None else ("--files", said))])
    told = capsys.readouterr().err
    assert "--files" in told and "lowcode-files-" in told


def test_a_program_is_told(
    database_url: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:  # fmt: skip
    """A host on a server without a folder says where contents lie; one with a folder, or on a file, says nothing."""
    for files, told in ((None, "postgresql" in database_url), (tmp_path, False)):
        caplog.clear()
        with caplog.at_level(logging.WARNING, "lowcode.files"):
            host = Host(APP, database_url, files=files)
            assert host.app
            host.close()
        assert told == ("temporary" in caplog.text)
