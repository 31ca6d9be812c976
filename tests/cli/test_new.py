"""What `lowcode new` writes has nothing wrong: the first thing an author sees works."""

from __future__ import annotations

from pathlib import Path

import pytest

from lowcode.cli import main


def test_a_new_app_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An app and one document of each kind: it checks clean, is formatted, and its story passes."""
    app = tmp_path / "Holiday Planner"
    assert main(["new", "app", str(app)]) == 0
    assert main(["new", "form", "trip", "--app", str(app)]) == 0
    for kind in ("flow", "rule", "table", "report", "template", "endpoint"):
        assert main(["new", kind, f"my_{kind}", "--app", str(app), "--form", "trip"]) == 0
    assert main(["new", "dashboard", "overview", "--app", str(app)]) == 0
    assert main(["new", "test", "trip", "--app", str(app)]) == 0
    capsys.readouterr()
    assert main(["check", "--strict", str(app)]) == 0, capsys.readouterr().out
    assert main(["format", "--check", str(app)]) == 0, capsys.readouterr().out
    assert main(["test", str(app)]) == 0


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there stays; a name that cannot be is answered with one that can, a form with the nearest."""
    app = str(tmp_path / "app")
    assert main(["new", "app", app]) == 0
    assert main(["new", "app", app]) == 1
    assert main(["new", "form", "My Trip", "--app", app]) == 1
    assert main(["new", "flow", "a", "--app", app, "--form", "nota"]) == 1
    said = capsys.readouterr().err
    assert "is there already" in said
    assert "'my_trip' can" in said
    assert "Did you mean 'note'?" in said
