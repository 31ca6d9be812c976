"""What somebody may not do is said in their language, without a word of the program."""

from __future__ import annotations

import re

import pytest

from lowcode.kernel.records import words
from lowcode.kernel.records.permissions import ACTIONS


@pytest.mark.parametrize("action", [*sorted(ACTIONS), "privacy"])
def test_what_somebody_may_not_do(action: str) -> None:
    said = words.problem("may-not", "", action=action, form="lead")
    assert ("records.may-not", action) == (said.code, said.values["action"])
    assert not re.search("[a-zA-Z{]", said.words("zh-CN"))
    assert said.words("en").startswith("you may not ") and "{" not in said.words("en")
