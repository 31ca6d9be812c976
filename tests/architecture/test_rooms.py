"""Every engine is the same flat of rooms; a newcomer who knows one knows where to look in the others."""

from __future__ import annotations

import ast
import re

from tests.architecture.measure import PACKAGE, tolerated
from tests.architecture.test_floors import ENGINES

ROOMS = {"__init__", "definition", "compile", "plan", "run", "engine", "operations", "tables", "diagnostics"}
NEEDED = {"__init__", "definition", "compile", "plan", "engine", "operations", "diagnostics"}
KINDS = ("widgets", "nodes", "actions", "charts", "blocks", "outputs", "connectors")


def rooms_of(engine: str) -> set[str]:
    """What stands in the engine's folder: modules and packages."""
    folder = PACKAGE / engine
    return {path.stem for path in folder.glob("*") if path.suffix == ".py" or (path / "__init__.py").exists()}


def finished() -> list[str]:
    """The engines that are there."""
    return [engine for engine in ENGINES if (PACKAGE / engine / "engine.py").exists()]


def test_the_front_page_names_what_is_there() -> None:
    """Beside the rooms that every engine has, an engine's folder holds parts of them; its docstring says of each what
    it is, in reading order, so that a newcomer finds the way without opening every file."""
    allowed = {line.where for line in tolerated() if line.rule == "room"}
    wrong = []
    for engine in finished():
        page = ast.get_docstring(ast.parse((PACKAGE / engine / "__init__.py").read_text(encoding="utf-8"))) or ""
        named = set(re.findall(r"`(\w+)/?`", page))
        wrong += [f"{engine}/{room}" for room in rooms_of(engine) - ROOMS - named]
    assert not set(wrong) - allowed, f"not named on the engine's front page: {sorted(wrong)}"
    assert not allowed - set(wrong), f"take out of tolerated.txt: {sorted(allowed - set(wrong))}"


def test_every_engine_has_the_needed_rooms() -> None:
    """An engine that can be asked has all rooms from what may be written to how it is asked."""
    for engine in finished():
        assert not NEEDED - rooms_of(engine), f"{engine} lacks {sorted(NEEDED - rooms_of(engine))}"


def test_a_kind_is_one_file() -> None:
    """A folder of kinds holds its contract (`kind.py`) beside the kinds."""
    for engine in finished():
        for kinds in rooms_of(engine).intersection(KINDS):
            page = PACKAGE / engine / kinds / "kind.py"
            assert page.exists(), f"{engine}/{kinds} has no kind.py that says what a kind is"
