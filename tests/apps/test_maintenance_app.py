"""The second example: nothing of it is a customer's, so what it needs the engines can do for anybody."""

from __future__ import annotations

import pytest

from lowcode.cli import main
from lowcode.testing import Story, stories

APP = "examples/maintenance_app"


@pytest.mark.requirement("SP09")
@pytest.mark.parametrize("story", stories(APP), ids=str)
def test_the_plant(story: Story) -> None:
    """Everything the story says comes true."""
    story.check()


def test_nothing_is_wrong_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Its definitions have no errors, and it holds nothing else."""
    assert 0 == main(["check", APP])
    assert "error" not in capsys.readouterr().out
