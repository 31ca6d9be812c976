"""Colours of options, states and groups of tags are names that a page knows, by day and by night."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.app import compile_app
from lowcode.engines import built_in
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.operations import kernel_operations
from lowcode.reports.charts.palette import solid


def findings(*colors: str) -> list[tuple[str, str, str]]:
    """What is said of a form whose options have these colours: where, what, and the cure."""
    options = [{"name": f"o{index}", "color": each} for index, each in enumerate(colors)]
    state = {"name": "stage", "type": "state", "states": [{"name": "a", "color": colors[0]}, {"name": "b"}]}
    tags = {"name": "tags", "type": "tags", "dimensions": [{"name": "d", "color": colors[0], "options": options}]}
    form: dict[str, Any] = {
        "name": "thing", "fields": [{"name": "kind", "type": "select", "options": options}, state, tags],
    }  # fmt: skip
    report = Report()
    documents = load({"app.json": {"name": "x", "languages": ["en"]}, "forms/thing.json": form}, report)
    compile_app(documents, built_in(), kernel_operations(), report=report)
    return [(each.place.pointer, each.code, str(each.hint)) for each in report.findings if each.place.pointer]


@pytest.mark.requirement("SF02")
def test_a_colour_that_no_page_knows_is_told_where_it_stands() -> None:
    """The nearest name is offered; it is drawn as none, so that a version published before this was said goes on."""
    found = findings("bleu", "red;background:url(x)", "#ff0000")
    assert [(pointer, code) for pointer, code, _ in found if pointer.startswith("/fields/0")] == [
        (f"/fields/0/options/{index}/color", "forms.unknown-color") for index in range(3)
    ]
    places = {pointer for pointer, *_ in found}
    assert {"/fields/1/states/0/color", "/fields/2/dimensions/0/color"} <= places
    assert "blue" in next(hint for pointer, _, hint in found if pointer == "/fields/0/options/0/color")


@pytest.mark.parametrize("name", ["blue", "gray", "grey", "geekblue", "gold", "teal", "default"])
def test_the_names_of_other_palettes_are_drawn(name: str) -> None:
    """What may be written is drawn in charts, too."""
    assert (findings(name), solid(name) is not None) == ([], True)
