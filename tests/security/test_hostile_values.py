"""Values that are small to send and large to look at: numbers of a billion digits, thousands of names nobody knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.diagnostics import TOLD
from tests.api.app import PUBLIC, open_shop
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]
CASES = json.loads(Path(__file__).with_name("hostile_values.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"][:60])
def test_small_to_send_and_large_to_look_at(open_shop: Open, case: dict[str, Any]) -> None:
    """Each is refused as what it is, and so briefly that somebody reads it."""
    visitor = Visitor(open_shop(PUBLIC)).sign_in("head")
    names = ", ".join(f'"k{number}": 1' for number in range(case.get("names", 0)))
    method, path, body = (each.replace("DEEP", "[" * 1500) for each in case["sent"])
    kind = "application/x-www-form-urlencoded" if case.get("form") else "application/json"
    answer = visitor.ask(method, path, content=body.replace("NAMES", names), headers={"content-type": kind})
    assert (case.get("status", 422), case["code"]) == problem(answer)[:2]
    assert len(answer.json()["errors"]) == (TOLD if names else 1)
