"""Nothing happens on import: a library that is only imported must not be felt (docs/decisions/0006)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.architecture.measure import PACKAGE, modules

WATCH = Path(__file__).with_name("silent.py")
DOORS = ("lowcode.web", "lowcode.cli", "lowcode.testing")


def import_under_watch(source: Path, *names: str) -> dict[str, Any]:
    """Import in a fresh process, in an empty folder, without this process's paths."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LOWCODE"))}
    done = subprocess.run(
        [sys.executable, WATCH, source, *names], cwd="/", env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def every_module() -> list[str]:
    return [dotted(path) for path in modules() if path.stem != "__main__"]


def test_importing_the_package_is_silent() -> None:
    """`import lowcode` opens no file beyond modules, no socket, starts nothing, registers nothing."""
    seen = import_under_watch(PACKAGE.parent, "lowcode")
    assert seen["done"] == []
    assert seen["registered"] == []


def test_importing_all_of_it_is_silent() -> None:
    """Neither does any module of it: registries belong to hosts, not to modules."""
    names = [each for each in every_module() if not each.startswith(DOORS)]
    seen = import_under_watch(PACKAGE.parent, *names)
    assert seen["done"] == []
    assert seen["registered"] == []


def test_it_works_with_the_web_deleted(tmp_path: Path) -> None:
    """The engines do not need the page: a program may use them from Python alone."""
    ignored = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(PACKAGE, tmp_path / "lowcode", ignore=ignored)
    shutil.rmtree(tmp_path / "lowcode" / "web", ignore_errors=True)
    names = [each for each in every_module() if not each.startswith(DOORS)]
    seen = import_under_watch(tmp_path, *names)
    assert not [each for each in seen["loaded"] if each.startswith("lowcode.web")]
