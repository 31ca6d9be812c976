"""Filters as data: each comparison of each type finds what it says, on every database, and nothing gets around it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.filters import DEPTH, OPERATORS, SIZE, FilterGroup, expression_of
from lowcode.kernel.records.groups import LIMIT
from tests.forms.firm import CUSTOMER, Firm, firm

CASES = json.loads(Path(__file__).with_name("filters.json").read_text())
FIELDS = {"text": "t", "number": "n", "choice": "c", "multi": "m", "date": "d", "boolean": "b", "user": "u"}
GRADES: dict[str, Any] = {
    **CUSTOMER,
    "fields": [
        *(
            {**each, "options": each["options"][::-1]} if each["name"] == "grade" else each
            for each in CUSTOMER["fields"]
        ),
        {"name": "known", "type": "formula", "expression": "IF(budget > 0, grade)"},
        {"name": "big", "type": "formula", "expression": "budget > 1000"},
    ],
}
"""Customers whose grades are defined in another order than that of their keys."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Firm]:
    """Three customers of Ann's."""
    with ExitStack() as stack:
        url = "sqlite://"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgresql_server").database())
        found = stack.enter_context(firm(url, GRADES))
        first = found.create(
            "ann", "customer", name="恒启", phone="13800001111", budget="100.50", grade="a", tags=["x", "y"],
            since="2026-03-02", called_at=datetime(2026, 3, 1, 2, tzinfo=UTC), agent=found.person("ann"),
        )  # fmt: skip
        found.create(
            "ann", "customer", name="恒通 B", budget="2000", grade="b", tags=["y"], since="2026-02-10",
            head=first, agent=found.person("ben"),
        )  # fmt: skip
        found.create("ann", "customer", name='star "A"')
        yield found


def filled(app: Firm, filter: Any) -> Any:
    """A case with the names of people and customers as ids, and a lone condition as a group."""
    found = json.loads(json.dumps(filter).replace('"id": "ben"', f'"id": {app.person("ben")}'))
    if found.get("field") == "head" and "value" in found:
        [row] = app.ask("ann", "records.list", type="customer", where='name = "恒启"')["items"]
        found["value"] = [row["id"]]
    return found if "conditions" in found else {"conditions": [found]}


@pytest.mark.requirement("SF21")
def test_comparisons_find_what_they_say(app: Firm) -> None:
    """Every case, as Ann."""
    for case in CASES:
        asked = filled(app, case["filter"])
        if "refused" in case:
            with pytest.raises(Rejected) as refused:
                app.ask("ann", "records.list", type="customer", filter=asked)
            assert (case["filter"], case["refused"]) == (case["filter"], refused.value.problems[0].code)
        else:
            rows = app.ask("ann", "records.list", type="customer", filter=asked, count=True, sum=("budget",))
            names = sorted(row["name"] for row in rows["items"])
            assert (case["filter"], sorted(case["found"])) == (case["filter"], names)
            assert len(names) == rows["count"]["value"]


def test_every_comparison_has_a_case() -> None:
    """Of every type but those whose comparisons are those of another (time, duration, boolean)."""
    used = {each["operator"] for case in CASES for each in _conditions(case["filter"]) if "found" in case}
    offered = {each for kind, known in OPERATORS.items() if kind not in ("time", "boolean") for each in known}
    assert offered - used == set()


def _conditions(filter: Any) -> Iterator[Any]:
    if "conditions" not in filter:
        yield filter
    for each in filter.get("conditions", ()):
        yield from _conditions(each)


@pytest.mark.requirement("SF21")
def test_values_and_how_often_they_occur(app: Firm) -> None:
    """Among what is found, by a choice and by a person, blanks last; not by what is kept from the person. Options come
    as they are defined, computed ones too, records and people by name; each says where a list by the field has it."""
    ask = {"type": "customer", "by": "grade"}
    wanted = [{"value": "b", "count": 1, "from": 1}, {"value": "a", "count": 1, "from": 0}]
    assert app.ask("ann", "records.groups", **ask) == [*wanted, {"value": None, "count": 1, "from": 2}]
    for by, values in (
        ("known", ["b", "a", None]),
        ("big", [False, True, None]),
        ("budget", ["100.50", "2000.00", None]),
    ):
        found = app.ask("ann", "records.groups", type="customer", by=by)
        assert [each["value"] for each in found] == values
        rows = app.ask("ann", "records.list", type="customer", sort=(by,), as_json=True)["items"]
        assert [rows[each["from"]][by] for each in found] == values
    some = {"conditions": [{"field": "since", "operator": "not_blank"}]}
    assert [each["value"] for each in app.ask("ann", "records.groups", filter=some, search="恒", **ask)] == ["b", "a"]
    app.create("boss", "customer", name="东区", head=app.create("boss", "customer", name="安达"))
    for by, names in (("agent", ["Ann", "Ben", None]), ("head", ["安达", "恒启", None])):
        found = app.ask("boss", "records.groups", type="customer", by=by)
        assert [each["value"] and each["value"]["label"] for each in found] == names
    for name in ("secret", "tags", "double.x"):
        with pytest.raises(Rejected):
            app.ask("ann", "records.groups", type="customer", by=name)
    assert len(app.ask("ben", "records.groups", **ask)) == 0 < LIMIT


def test_a_filter_has_limits(app: Firm) -> None:
    """How deep, how many; said as a refusal and not found out by the parser."""
    deep: Any = {"conditions": [{"field": "name", "operator": "blank"}]}
    for _ in range(DEPTH):
        deep = {"conditions": [deep]}
    wide = {"conditions": [{"conditions": [{"field": "name", "operator": "blank"}] * 60}] * 2}
    for asked, code in ((deep, "records.filter-too-deep"), (wide, "records.filter-too-large")):
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "records.list", type="customer", filter=asked)
        assert refused.value.problems[0].code == code
    assert SIZE == 100


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "count", "unit"]), inner),
    max_leaves=4,
)
conditions = st.builds(
    lambda kind, operator, value: {"field": FIELDS[kind], "operator": operator, "value": value},
    st.sampled_from(sorted(FIELDS)), st.sampled_from(sorted(set().union(*OPERATORS.values()))), values,
)  # fmt: skip
groups = st.recursive(
    conditions,
    lambda inner: st.builds(
        lambda match, inside: {"match": match, "conditions": inside},
        st.sampled_from(["all", "any", "none"]), st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip


@given(group=groups)
def test_whatever_is_sent_is_refused_or_one_expression(group: Any) -> None:
    """Values become literals: no text, number or path in a filter gets outside of them."""
    types = {name: Type(kind) for kind, name in FIELDS.items()}  # type: ignore[arg-type]
    asked = FilterGroup.model_validate(group if "conditions" in group else {"conditions": [group]})
    try:
        text = expression_of(asked, types.get)
    except Rejected as refused:
        assert all(each.code.startswith("records.filter-") for each in refused.problems)
        return
    outside = "".join(part for index, part in enumerate(text.split('"')) if index % 2 == 0)
    assert not set(outside) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.()<>=-, 0123456789")
