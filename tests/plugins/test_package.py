"""The example of a plug-in package: its own tests, its app, and what it is called when it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lowcode.cli import main
from lowcode.plugins import GROUP, kinds_with

PACKAGE = Path(__file__).parents[2] / "examples" / "plugin_china"


def test_its_own_tests_pass() -> None:
    """As a firm would run them: the package on the path, lowcode as a library."""
    path = os.pathsep.join([str(PACKAGE / "src"), *sys.path])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(PACKAGE), str(PACKAGE)]
    done = subprocess.run(
        command, cwd=PACKAGE, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_uses_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With the plug-in the app is whole; without it every kind that is missing is named."""
    monkeypatch.syspath_prepend(str(PACKAGE / "src"))
    app = str(PACKAGE / "app")
    assert main(["check", "--strict", app, "--plugin", "lowcode_china"]) == 0
    assert main(["format", "--check", app, "--plugin", "lowcode_china"]) == 0
    assert main(["check", app]) == 1
    said = capsys.readouterr().out
    assert [each for each in ("credit_code", "dingtalk") if each not in said] == []


def test_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the package names as its plug-in is one."""
    monkeypatch.syspath_prepend(str(PACKAGE / "src"))
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["project"]
    [(name, module)] = project["entry-points"][GROUP].items()
    kinds = kinds_with([module])
    added = {sort: [each for each in kinds[sort].names if kinds[sort].origin(each) == module] for sort in kinds}
    assert name == "china"
    assert {sort: names for sort, names in added.items() if names} == {
        "field": ["credit_code"], "function": ["CREDITREGION"], "output": ["text"], "connector": ["dingtalk"],
    }  # fmt: skip
