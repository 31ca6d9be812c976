"""Nothing happens on import: a library that is only imported must not be felt (docs/decisions/0006)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.measure import PACKAGE, modules

WATCH = Path(__file__).with_name("silent.py")
DOORS = ("lowcode.web", "lowcode.cli", "lowcode.testing")


def import_under_watch(source: Path, *names: str, deleted: str = "") -> dict[str, Any]:
    """Import in a fresh process, outside the repository, without this process's paths; `deleted` is a package that is
    not there. What Python compiled before is taken, where it is kept."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LOWCODE"))}
    if sys.pycache_prefix:
        environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    command = [sys.executable, str(WATCH), str(source), deleted, *names]
    done = subprocess.run(command, cwd="/", env=environ, capture_output=True, text=True, check=False)
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


def test_importing_all_of_it_is_silent_and_needs_no_page() -> None:
    """Neither does any module of it: registries belong to hosts, not to modules. And none needs the page: a program may
    use the engines from Python alone, with the page deleted."""
    names = [each for each in every_module() if not each.startswith(DOORS)]
    seen = import_under_watch(PACKAGE.parent, *names, deleted="lowcode.web")
    assert seen["done"] == []
    assert seen["registered"] == []
    assert not [each for each in seen["loaded"] if each.startswith("lowcode.web")]


def test_what_is_deleted_is_not_there() -> None:
    """The page asked for after it was deleted is a module that is not found."""
    with pytest.raises(AssertionError, match=r"ModuleNotFoundError: No module named 'lowcode\.web'"):
        import_under_watch(PACKAGE.parent, "lowcode.web", deleted="lowcode.web")
