"""Imports point down only. import-linter holds the floors; what it cannot say is said here."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import grimp

from tests.architecture.measure import PACKAGE, ROOT, modules, name, tolerated

ENGINES = ("forms", "flows", "rules", "reports", "printing", "api")
LONGEST_CHAIN = 15


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("lowcode", exclude_type_checking_imports=True, cache_dir=None)


def test_floors() -> None:
    """The contracts of pyproject.toml hold; the message names file and line of each import that points up."""
    linter = Path(sys.executable).with_name("lint-imports" + (".exe" if os.name == "nt" else ""))
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1"}
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_a_front_page() -> None:
    """A folder of modules without `__init__.py` says nothing about itself, and the floors do not see it."""
    bare = {name(path.parent) for path in modules() if not (path.parent / "__init__.py").exists()}
    assert not bare, f"no __init__.py: {sorted(bare)}"


def test_one_place_lists_the_engines() -> None:
    """Only engines.py imports an engine, so that a host may be given another list."""
    wrong = [
        f"{importer} imports {imported}"
        for engine in ENGINES
        if (imported := f"lowcode.{engine}.engine") in graph().modules
        for importer in graph().find_modules_that_directly_import(imported)
        if importer != "lowcode.engines" and not importer.startswith(f"lowcode.{engine}.")
    ]
    assert not wrong, "\n".join(wrong)


def begun_by(module: str) -> set[str]:
    """What an import of this module has to have run before: what it imports, and the packages those are in. Its own
    packages have begun already."""
    imported = graph().find_modules_directly_imported_by(module)
    return {*imported, *(each for one in imported for each in packages(one))} - {*packages(module), module} | {
        each for each in imported if each in packages(module)
    }


def packages(module: str) -> set[str]:
    """`a.b.c` is in `a.b`, and in `a`."""
    parts = module.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def test_no_package_imports_in_a_circle() -> None:
    """Modules do not import one another in a circle, of which a package's `__init__` is part when something in it is
    imported: a circle means one file too few or too many, and that it depends on the order whether they begin. Without
    one every module may be the first that is imported."""
    allowed = {line.where for line in tolerated() if line.rule == "circle"}
    imports = {
        module: {each for each in begun_by(module) if f"{module} {each}" not in allowed} for module in graph().modules
    }
    done: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> None:
        if module in path:
            raise AssertionError("imports in a circle: " + " → ".join([*path[path.index(module) :], module]))
        if module not in done:
            path.append(module)
            for imported in sorted(imports.get(module, ())):
                visit(imported)
            path.pop()
            done.add(module)

    for module in sorted(imports):
        visit(module)


def room(module: str) -> str:
    """What somebody reads as one thing: an engine, a package of the kernel, or what stands above them."""
    parts = module.split(".")
    return ".".join(parts[: 3 if parts[1:2] == ["kernel"] else 2])


def test_chains_are_short() -> None:
    """The longest chain of imports within an engine or a package of the kernel is short enough to keep in mind."""
    depth: dict[str, int] = {}

    def below(module: str) -> list[str]:
        imported = graph().find_modules_directly_imported_by(module)
        return sorted(each for each in imported if room(each) == room(module))

    def measure(module: str) -> int:
        if module not in depth:
            depth[module] = 0  # a circle is another test's matter
            depth[module] = 1 + max(map(measure, below(module)), default=0)
        return depth[module]

    too_long = []
    for module in sorted(graph().modules):
        if measure(module) > LONGEST_CHAIN:
            chain = [module]
            while under := below(chain[-1]):
                chain.append(max(under, key=measure))
            too_long.append(f"a chain of {depth[module]} imports: {' → '.join(chain)}")
    assert not too_long, "\n".join(too_long)
