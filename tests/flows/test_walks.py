"""The corpus of walks: a flow, what people decide, and where its tokens stand after each decision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.shapes import flow, plan_of
from tests.flows.test_run import World

CORPUS = Path(__file__).parents[1] / "conformance" / "flows" / "walks"


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json")), ids=lambda path: path.stem)
def test_walk(path: Path) -> None:
    """Three people are asked at every node; joins show the tokens that wait there."""
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    world = World(plan_of(flow(*case["nodes"])), people=3)
    for step in case["steps"]:
        if "node" in step:
            world.decide(step["node"], step["person"], step["decision"])
        assert (step["at"], step.get("outcome")) == (world.at, world.outcome), step
        if "open" in step:
            assert step["open"] == [seat.person for _, seat in world.open()], step
