"""What is imported is declared and pinned: an environment that happens to hold a package proves nothing."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from tests.architecture.measure import ROOT, files, name

OURS = {"lowcode", "tests", "tools", "bench", "hatch_build", "dev", "examples"}
PROVIDED = {"zen": "zen-engine", "pydantic_core": "pydantic", "markupsafe": "jinja2", "referencing": "jsonschema"}
"""Modules named unlike their package, and packages that are part of another one's public face."""


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def distribution(requirement: str) -> str:
    """`psycopg[binary]>=3.2` names `psycopg`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()


def declared(*groups: str) -> set[str]:
    """What an installation brings: the dependencies, every extra, and these groups."""
    tables = [project()["project"]["dependencies"], *project()["project"]["optional-dependencies"].values()]
    tables += [project()["dependency-groups"][group] for group in groups]
    return {distribution(each) for table in tables for each in table}


def imported(paths: Iterable[Path]) -> dict[str, str]:
    """The packages from elsewhere that these files import, each with a file that does."""
    found: dict[str, str] = {}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for module in {each.partition(".")[0] for each in names} - OURS - set(sys.stdlib_module_names):
                found.setdefault(module, name(path))
    return found


def undeclared(paths: Iterable[Path], *groups: str) -> list[str]:
    known, installed = declared(*groups), packages_distributions()
    wrong = []
    for module, where in imported(paths).items():
        providers = {distribution(each) for each in [PROVIDED.get(module, module), *installed.get(module, [])]}
        if not providers & known:
            wrong.append(f"{where} imports {module}")
    return wrong


def test_the_package_imports_what_it_declares() -> None:
    """The package needs nothing that pyproject.toml does not name among its dependencies or extras."""
    assert undeclared(files(["src/lowcode"], ".py")) == []


def test_tests_import_what_is_declared() -> None:
    """So do the tests, tools, benchmarks and the examples of embedding, with their dependency groups."""
    paths = files(["tests", "tools", "bench", "examples/embedding"], ".py")
    assert undeclared(paths, "test", "lint", "bench") == []


def test_everything_declared_is_pinned() -> None:
    """`./dev pin` was run after a dependency was added."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = {distribution(line) for line in text.splitlines() if line and not line.startswith("#")}
    missing = declared(*project()["dependency-groups"]) - pins - {"lowcode"}
    assert not missing, f"run `./dev pin`: {sorted(missing)}"
