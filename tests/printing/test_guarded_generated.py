"""Attacks made by the hundred: whatever is put together from hostile parts is refused, or says nothing of note."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.printing.blocks.guarded import OUTPUT_LIMIT, TEXT_LIMIT, TemplateRefused, render

DATA: dict[str, Any] = {"text": "abc", "number": 5, "row": {"x": 1}, "rows": [{"x": 1}, {"x": 2}], "none": None}
SECRETS = re.compile(
    r"<(class|function|module|built-in|bound|generator|object)|__\w+__|root:x:|subclasses", re.IGNORECASE
)
"""What would show that a template reached the interpreter or the machine."""
TARGETS = (
    "text",
    "number",
    "row",
    "rows",
    "none",
    "loop",
    "self",
    "range",
    "''",
    "[]",
    "{}",
    "()",
    "1",
    "caller",
    "true",
)
STEPS = (
    "__class__", "__mro__", "__base__", "__subclasses__()", "__globals__", "__init__", "__builtins__", "__dict__",
    "__getattribute__('x')", "format('x')", "format_map({})", "_fields", "mro()", "pop()", "append(1)", "items()",
    "func_globals", "gi_frame", "cr_frame", "im_func", "environment", "_TemplateReference__context", "update({})",
)  # fmt: skip
FILTERS = ("attr('__class__')", "map('upper')", "map(attribute='__class__')", "format(1)", "pprint", "tojson", "safe",
           "xmlattr", "groupby('x')", "selectattr('x')", "list", "string", "center(9999999)", "wordwrap(1)",
           "indent(99999)", "batch(1)", "slice(2)", "urlize", "random", "dictsort", "forceescape",
           "striptags")  # fmt: skip
WALKS = [
    *(f"{{{{ {target}.{step} }}}}" for target, step in itertools.product(TARGETS, STEPS)),
    *(f"{{{{ {target}['{step.partition('(')[0]}'] }}}}" for target, step in itertools.product(TARGETS[:8], STEPS)),
    *(f"{{{{ {target}|{each} }}}}" for target, each in itertools.product(("text", "rows", "row", "number"), FILTERS)),
]


def harmless(source: str) -> None:
    """Refused, or written without a trace of the interpreter."""
    try:
        written = render(source, DATA)
    except TemplateRefused:
        return
    assert not SECRETS.search(written), (source, written)
    assert len(written) <= OUTPUT_LIMIT


@pytest.mark.requirement("T6", "ST05")
@pytest.mark.parametrize("start", range(0, len(WALKS), 100))
def test_every_walk_ends_nowhere(start: int) -> None:
    """Each way from each value to Python's insides: some six hundred, one by one."""
    assert len(WALKS) > 500
    for source in WALKS[start : start + 100]:
        harmless(source)


WORDS = st.sampled_from(
    [*TARGETS, *(f"text.{each}" for each in STEPS), "range(9999)", "'a' * 99999999", "9 ** 9 ** 9", "text ~ text",
     "rows[0].x", "(text, number)", "text[0]", "number / 0", "lipsum()", "cycler(1)", "joiner()", "namespace(a=1)",
     "dict(a=1)", "1 if text else 2", "not rows", "'%s' % text", "text|replace('a', text)", "rows|join(text)"]
)  # fmt: skip
FRAMES = st.sampled_from(
    ["{{{{ {0} }}}}", "{{% if {0} %}}{1}{{% endif %}}", "{{% for a in {0} %}}{1}{{% endfor %}}",
     "{{% set b = {0} %}}{1}{{{{ b }}}}", "{{% macro m() %}}{1}{{% endmacro %}}{{{{ m() }}}}",
     "{{% for a in range(300) %}}{{% for b in range(300) %}}{1}{{% endfor %}}{{% endfor %}}",
     "{{% include {0} %}}", "{{% import {0} as q %}}", "{{% extends {0} %}}", "{{% block x %}}{1}{{% endblock %}}",
     "{{% filter upper %}}{1}{{% endfilter %}}", "{{% call {0} %}}{1}{{% endcall %}}",
     "{{% with z = {0} %}}{1}{{% endwith %}}", "{{% autoescape false %}}{1}{{% endautoescape %}}"]
)  # fmt: skip


@st.composite
def hostile(draw: st.DrawFn) -> str:
    """Frames within frames around hostile words."""
    inner = "x"
    for _ in range(draw(st.integers(1, 4))):
        inner = draw(FRAMES).format(draw(WORDS), inner)
    return inner


@pytest.mark.requirement("T6", "ST05")
@settings(max_examples=300, deadline=None)
@given(source=hostile())
def test_what_is_put_together_is_harmless(source: str) -> None:
    """Three hundred templates of hostile parts in one another."""
    harmless(source)


@settings(max_examples=100, deadline=None)
@given(value=st.text(max_size=200))
def test_values_are_never_code(value: str) -> None:
    """Whatever a customer is called, it comes out as its escaped self: no tag, no expression."""
    shown = render("<p>{{ text }}</p>", {"text": value})
    assert shown.startswith("<p>") and shown.endswith("</p>")
    assert "<" not in shown[3:-4] and len(shown) <= 7 + 6 * len(value)
    assert TEXT_LIMIT > 200
