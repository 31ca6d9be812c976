"""A frozen value with some fields changed is what `dataclasses.replace` makes of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.run.board import State, Token
from lowcode.flows.run.changed import replace

VALUES = (Seat(1, 2), Token(3, "ask", "start:to", seats=(Seat(1, 2),)), State(next_number=4))


@given(st.sampled_from(VALUES), st.data())
def test_as_the_library_has_it(value: Any, data: st.DataObject) -> None:
    """Whichever fields are changed, all of them or none; the value itself stays."""
    names = [each.name for each in dataclasses.fields(value)]
    changes = data.draw(st.dictionaries(st.sampled_from(names), st.none() | st.integers()))
    before = dataclasses.asdict(value)
    found = replace(value, **changes)
    assert dataclasses.replace(value, **changes) == found
    assert type(value) is type(found)
    assert before == dataclasses.asdict(value)


def test_a_field_that_is_not_there() -> None:
    """A misspelt field is refused and not added."""
    with pytest.raises(TypeError, match="sate"):
        replace(VALUES[0], sate="done")
