"""Fields of several links in lists: named in their own order, filtered by what they name, as far as it may be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from lowcode.web.present import Presenter
from tests.forms.firm import EVERYTHING, Firm, firm

PART: dict[str, Any] = {
    "name": "part", "label": "name", "tree": "above",
    "fields": [{"name": "name", "type": "text"}, {"name": "above", "type": "link", "to": "part"}],
    "permissions": [
        {"role": "supervisor", "can": EVERYTHING},
        {"role": "sales", "can": ["read"], "where": 'name <> "secret"'},
    ],
}  # fmt: skip
BOX: dict[str, Any] = {
    "name": "box", "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "parts", "type": "links", "to": "part"},
        {"name": "spare", "type": "links", "to": "part"},
        {"name": "rows", "type": "lines", "fields": [{"name": "what", "type": "text"}]},
    ],
    "permissions": [
        {"role": ["supervisor", "sales"], "can": EVERYTHING},
        {"role": "reader", "can": ["read"], "hide": ["parts"]},
    ],
    "views": [{"name": "all", "columns": ["name", "parts"]}, {"name": "cards", "type": "gallery", "card": ["parts"]}],
}  # fmt: skip
FOUND: list[tuple[str, str, tuple[str, ...], list[str], list[str]]] = [
    ("parts", "any_of", ("bolt", "nut"), ["one", "three", "two"], ["one", "three", "two"]),
    ("parts", "all_of", ("bolt", "nut"), ["one"], ["one"]),
    ("parts", "none_of", ("bolt",), ["none", "three", "veiled"], ["none", "three", "veiled"]),
    ("parts", "any_of", ("secret",), ["one", "veiled"], []),
    ("parts", "none_of", ("secret",), ["none", "three", "two"], ["none", "one", "three", "two", "veiled"]),
    ("parts", "blank", (), ["none"], ["none", "veiled"]),
    ("parts", "not_blank", (), ["one", "three", "two", "veiled"], ["one", "three", "two"]),
    ("rows", "not_blank", (), ["two"], ["two"]),
    ("rows", "blank", (), ["none", "one", "three", "veiled"], ["none", "one", "three", "veiled"]),
]
"""Field, comparison, parts; the boxes found by the supervisor, and by Ann, from whom one part is kept."""


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    """Four parts, one of them kept from sales and one thrown away, in boxes."""
    with firm(database_url, PART, BOX) as found:
        yield found


@pytest.fixture
def parts(app: Firm) -> dict[str, int]:
    """The parts by their names, after the boxes were filled."""
    known = {name: app.create("boss", "part", name=name) for name in ("bolt", "nut", "secret", "gone")}
    for name, held in (
        ("one", ("nut", "secret", "gone", "bolt")), ("two", ("bolt",)), ("three", ("nut",)), ("veiled", ("secret",)),
        ("none", ()),
    ):  # fmt: skip
        values = {"parts": [known[each] for each in held], "spare": [known["nut"]] if held else []}
        app.create("boss", "box", name=name, **values, rows=[{"what": "x"}] if name == "two" else [])
    app.ask("boss", "records.delete", type="part", id=known["gone"])
    return known


@pytest.mark.requirement("SF14")
def test_what_is_linked_is_listed_in_its_order(app: Firm, parts: dict[str, int]) -> None:
    """Each names what it links to as it was put there; what was thrown away, and what is kept from whoever looks, is
    left out. Who asks for no fields is told none of them."""
    names = {identity: name for name, identity in parts.items()}

    def held(login: str) -> dict[str, list[str]]:
        page = app.ask(login, "records.list", type="box", fields=("name", "parts", "spare"), sort=("id",), as_json=True)
        assert all(row["spare"] == ([parts["nut"]] if row["name"] != "none" else []) for row in page["items"])
        return {row["name"]: [names[each] for each in row["parts"]] for row in page["items"]}

    rest = {"two": ["bolt"], "three": ["nut"], "none": []}
    assert held("boss") == {"one": ["nut", "secret", "bolt"], "veiled": ["secret"], **rest}
    assert held("ann") == {"one": ["nut", "bolt"], "veiled": [], **rest}
    assert "parts" not in app.ask("ann", "records.list", type="box")["items"][0]
    with pytest.raises(Rejected) as refused:
        app.ask("rea", "records.list", type="box", fields=("name", "parts"))
    assert [(each.pointer, each.code) for each in refused.value.problems] == [("/fields/1", "records.unknown-field")]


def test_a_file_names_them_in_their_order(app: Firm, parts: dict[str, int]) -> None:
    """An export says what each box holds as it was put there."""
    found = app.ask("boss", "forms.export", form="box", view="all", format="csv", sort=("id",))["content"].decode()
    assert '"nut, secret, bolt"' in found.splitlines()[1]


def test_they_are_named_as_links_are(app: Firm, parts: dict[str, int]) -> None:
    """Doors give each with what it is called."""
    with app.host.session(app.host.actor("ann")) as context:
        page = context.ask("records.list", type="box", fields=("parts",), sort=("id",), limit=1, as_json=True)
        [shown] = Presenter(context, app.host.types["box"]).show(page["items"], as_json=True)
    assert shown["parts"] == [{"id": parts["nut"], "label": "nut"}, {"id": parts["bolt"], "label": "bolt"}]


@pytest.mark.requirement("SF21")
def test_boxes_are_found_by_what_they_hold(app: Firm, parts: dict[str, int]) -> None:
    """Any, all, none of some records, or whether there are any: by what whoever asks may read."""

    def names(login: str, field: str, operator: str, value: tuple[str, ...]) -> list[str]:
        one = {"field": field, "operator": operator, "value": [{"id": parts[each]} for each in value] or None}
        page = app.ask(login, "records.list", type="box", filter={"conditions": [one]}, fields=("name",))
        return sorted(row["name"] for row in page["items"])

    told = [(*case[:3], names("boss", *case[:3]), names("ann", *case[:3])) for case in FOUND]
    assert told == FOUND
    with pytest.raises(Rejected) as refused:
        app.ask("ann", "records.list", type="box", filter={"conditions": [
            {"field": "rows", "operator": "any_of", "value": [1]},
            {"field": "parts", "operator": "any_of", "value": ["x"]},
            {"field": "parts", "operator": "under", "value": [1]},
        ]})  # fmt: skip
    codes = ["records.filter-operator", "records.filter-value", "records.filter-operator"]
    assert [each.code for each in refused.value.problems] == codes


def test_a_page_of_many_asks_as_often_as_one_of_few(app: Firm, parts: dict[str, int]) -> None:
    """One statement for each field of several links, however many records there are."""

    def asked(limit: int) -> int:
        with app.host.session(app.host.actor("ann")) as context:
            fetch, count = context.unit.fetch, 0

            def counting(*args: Any, **values: Any) -> Any:
                nonlocal count
                count += 1
                return fetch(*args, **values)

            context.unit.fetch = counting  # type: ignore[method-assign]
            context.ask("records.list", type="box", fields=("name", "parts", "spare"), limit=limit)
        return count

    assert (asked(1), asked(5)) == (3, 3)


def test_as_many_are_asked_for_as_may_be_chosen(app: Firm, parts: dict[str, int]) -> None:
    """All of two hundred, one of them twice, is a question like any other."""
    many = [app.create("boss", "part", name=f"pin {each}") for each in range(199)]
    app.create("boss", "box", name="full", parts=many, spare=[])
    one = {"field": "parts", "operator": "all_of", "value": [{"id": each} for each in (*many, many[0])]}
    page = app.ask("boss", "records.list", type="box", fields=("name",), filter={"conditions": [one]})
    assert [row["name"] for row in page["items"]] == ["full"]
