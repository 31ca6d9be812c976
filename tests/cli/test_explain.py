"""`lowcode explain`, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lowcode.cli import main


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app to begin with."""
    folder = tmp_path / "small"
    assert main(["new", "app", str(folder)]) == 0
    return folder


@pytest.mark.requirement("X10")
def test_a_form_is_explained(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Steps with file and line, then who reads what."""
    capsys.readouterr()
    assert main(["explain", str(app), "forms.note", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "member may create, edit, read  forms/note.json:" in shown
    assert "member reads every record" in shown


def test_as_data(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every form, for another program."""
    capsys.readouterr()
    assert main(["explain", str(app), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["note"]["save"][0]["step"] == "permission"


def test_an_unknown_form(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused with the nearest name."""
    assert main(["explain", str(app), "forms.nte"]) == 1
    assert "Did you mean 'note'?" in capsys.readouterr().err
