"""Every engine is the same flat of rooms; a newcomer who knows one knows where to look in the others."""

from __future__ import annotations

from tests.architecture.measure import PACKAGE, tolerated
from tests.architecture.test_floors import ENGINES

ROOMS = {"__init__", "definition", "compile", "plan", "run", "engine", "operations", "tables", "diagnostics"}
NEEDED = {"__init__", "definition", "compile", "plan", "engine", "operations", "diagnostics"}
KINDS = {
    "forms": "widgets",
    "flows": "nodes",
    "rules": "actions",
    "reports": "charts",
    "printing": "outputs",
    "api": "connectors",
}


def rooms_of(engine: str) -> set[str]:
    """What stands in the engine's folder: modules and packages."""
    folder = PACKAGE / engine
    return {path.stem for path in folder.glob("*") if path.suffix == ".py" or (path / "__init__.py").exists()}


def finished() -> list[str]:
    """The engines that are there."""
    return [engine for engine in ENGINES if (PACKAGE / engine / "engine.py").exists()]


def test_no_engine_invents_a_room() -> None:
    """A file of an engine is a room or the folder of its kinds; what else it needs goes inside a room."""
    allowed = {line.where for line in tolerated() if line.rule == "room"}
    for engine in ENGINES:
        strange = rooms_of(engine) - ROOMS - {KINDS[engine]}
        wrong = sorted(f"{engine}/{room}" for room in strange if f"{engine}/{room}" not in allowed)
        assert not wrong, f"no rooms of an engine: {', '.join(wrong)}"


def test_every_engine_has_the_needed_rooms() -> None:
    """An engine that can be asked has all rooms from what may be written to how it is asked."""
    for engine in finished():
        assert not NEEDED - rooms_of(engine), f"{engine} lacks {sorted(NEEDED - rooms_of(engine))}"


def test_tolerated_rooms_exist() -> None:
    """A line of tolerated.txt for a room that is gone is taken out."""
    for line in tolerated():
        if line.rule == "room":
            engine, _, room = line.where.partition("/")
            assert room in rooms_of(engine), f"take {line.where} out of tolerated.txt"


def test_a_kind_is_one_file() -> None:
    """A folder of kinds holds its contract (`kind.py`) beside the kinds."""
    for engine, kinds in KINDS.items():
        folder = PACKAGE / engine / kinds
        if folder.exists():
            assert (folder / "kind.py").exists(), f"{engine}/{kinds} has no kind.py that says what a kind is"
