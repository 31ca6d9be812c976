"""The examples are what an integrator copies from: nothing to be said about them, and written in the canonical way."""

from __future__ import annotations

from pathlib import Path

import pytest

from lowcode.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.requirement("X23")
@pytest.mark.parametrize("name", ["crm_app", "maintenance_app"])
def test_an_example_is_clean_and_canonical(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` finds nothing, not even a remark, and `format` would change nothing."""
    assert main(["check", str(EXAMPLES / name)]) == 0
    said = capsys.readouterr()
    assert (said.out + said.err).strip().endswith("nothing wrong")
    assert main(["format", "--check", str(EXAMPLES / name)]) == 0
