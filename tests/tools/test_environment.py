"""What runs in `.venv` is compiled once, and not by every Python that a run starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment
from tools.say import STATE


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({}, {}),
        ({"PYTHONDONTWRITEBYTECODE": "1"}, {"PYTHONPYCACHEPREFIX": str(STATE / "bytecode")}),
        ({"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/else"}, {"PYTHONPYCACHEPREFIX": "/else"}),
    ],
)
def test_bytecode_is_kept_where_it_may_be(told: dict[str, str], kept: dict[str, str]) -> None:
    """Nothing stands beside the sources of someone who wants nothing there."""
    assert {"PATH": "/bin", **kept} == environment.compiled({"PATH": "/bin", **told})


def test_a_second_start_compiles_nothing(tmp_path: Path) -> None:
    """What the first Python compiled is there for the next."""
    (tmp_path / "thing.py").write_text("value = 1\n", encoding="utf-8")
    told = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(tmp_path / "kept")}
    command = [sys.executable, "-c", "import thing; print(thing.__cached__)"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment.compiled(told), capture_output=True, text=True, check=True
    )
    kept = Path(done.stdout.strip())
    assert kept.is_file()
    assert kept.is_relative_to(tmp_path / "kept")
    assert not (tmp_path / "__pycache__").exists()
