"""The example CRM, told as stories through operations, with a clock that only the story moves."""

from __future__ import annotations

import pytest

from lowcode.testing import Story, stories


@pytest.mark.requirement("SC02", "SC05", "SR04", "SR06", "SR10", "SR23", "SW02", "SW06", "SB02", "ST07", "X3")
@pytest.mark.parametrize("story", stories("examples/crm_app"), ids=str)
def test_the_crm(story: Story) -> None:
    """Everything the story says comes true."""
    story.check()
