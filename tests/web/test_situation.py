"""What is told of a record beside its values, and that the values are the same whichever way they became JSON."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.web.messages import to_json
from lowcode.web.present import Presenter
from lowcode.web.situation import known_of
from tests.web.calls import Open, Visitor

SAMPLE: dict[str, Any] = {
    "name": "sample",
    "title": "Sample",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "lead", "type": "link", "to": "lead"},
        {"name": "at", "type": "datetime"},
        {"name": "day", "type": "date"},
        {"name": "time", "type": "time"},
        {"name": "price", "type": "money"},
        {"name": "part", "type": "percent"},
        {"name": "count", "type": "integer"},
        {"name": "done", "type": "boolean"},
        {"name": "tags", "type": "multi_select", "options": [{"name": "a"}, {"name": "b"}]},
        {"name": "card", "type": "text", "mask": "card"},
        {"name": "twice", "type": "formula", "expression": "price * 2", "scale": 2},
        {"name": "lines", "type": "lines", "fields": [{"name": "cost", "type": "money"}]},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit"], "where": "owner in TEAM()"},
        {"role": "sales", "can": ["delete"], "where": "owner in TEAM() and price < 10"},
        {"role": "supervisor", "can": ["create", "read", "edit", "delete"]},
    ],
}
VALUES: dict[str, Any] = {
    "name": "Ада", "at": "2026-03-04T05:06:07.089Z", "day": "2026-02-28", "time": "08:30:00", "price": "-0.05",
    "part": "0.125", "count": 7, "done": False, "tags": ["b", "a"], "card": "6222021234567890",
    "lines": [{"cost": "1.50"}, {"cost": None}],
}  # fmt: skip


@pytest.mark.parametrize("values", [VALUES, {}], ids=["filled", "blank"])
@pytest.mark.parametrize("fields", [(), ("name", "at", "lead.budget", "owner.name", "id", "version")])
def test_values_are_the_same_json_either_way(
    open_shop: Open, database_url: str, values: dict[str, Any], fields: tuple[str, ...]
) -> None:
    """Read as JSON from the database or made JSON afterwards: the same bytes leave."""
    shop = open_shop(database=database_url, more={"forms/sample.json": SAMPLE})
    actor = shop.host.actor("li")
    lead = shop.host.ask(actor, "records.create", type="lead", values={"company": "Acme", "budget": "12.5"})["id"]
    made = shop.host.ask(actor, "records.create", type="sample", values={**values, "lead": lead})["id"]
    with shop.host.session(actor) as context:
        presenter = Presenter(context, shop.host.types["sample"])
        direct, after = (
            presenter.show(
                [context.ask("records.get", type="sample", id=made, fields=fields, as_json=as_json)], as_json=as_json
            )
            for as_json in (True, False)
        )
    assert to_json(after) == to_json(direct)


def test_people_are_made_once_for_all_forms(open_shop: Open) -> None:
    """How somebody is shown is one value for all record types, and goes with the directory it was read from."""
    shop = open_shop()
    actor = shop.host.actor("li")

    def shown() -> list[Any]:
        found = []
        with shop.host.session(actor) as context:
            for name in ("lead", "contract"):
                known = {"id": 1, "owner": actor.id}
                found.append(Presenter(context, shop.host.types[name]).show([dict(known)], labels=False)[0]["owner"])
        return found

    first, second = shown()
    assert first is second and first["id"] == actor.id
    shop.host.forget_directory()
    again = shown()
    assert again == [first, first] and again[0] is again[1] is not first


@pytest.mark.parametrize(
    ("login", "form", "expected"),
    [
        ("li", "lead", (True, False, False)),  # the same rows may be read and edited, and nobody of sales deletes
        ("head", "lead", (True, True, False)),
        ("li", "sample", (True, None, True)),  # only some of those that are read may be deleted
        ("head", "contract", (True, True, True)),  # what it may become depends on its state
    ],
)
def test_what_needs_no_record_is_known_before(
    open_shop: Open, login: str, form: str, expected: tuple[bool | None, bool | None, bool]
) -> None:
    """Whether somebody may edit and delete any record they read, and whether anything has to be looked at in it."""
    shop = open_shop(more={"forms/sample.json": SAMPLE})
    with shop.host.session(shop.host.actor(login)) as context:
        known = known_of(context, shop.host.types[form])
    assert expected == (known.edit, known.delete, known.by_values)


@pytest.mark.requirement("A1")
def test_what_depends_on_the_record_is_looked_at(open_shop: Open) -> None:
    """A record that may be read and not deleted says so, and one beside it that may be deleted says that."""
    seller = Visitor(open_shop(more={"forms/sample.json": SAMPLE})).sign_in("li")
    ids = [seller.post("api/records/sample", {"price": price}).json()["id"] for price in ("5", "50")]
    can = [seller.get(f"api/records/sample/{each}").json()["_meta"]["can"] for each in ids]
    assert [{"edit": True, "delete": True}, {"edit": True, "delete": False}] == can
    assert [204, 403] == [seller.delete(f"api/records/sample/{each}").status_code for each in ids]


CASE: dict[str, Any] = {
    "name": "case", "title": "Case", "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "budget", "title": {"zh-CN": "预算", "en": "Budget"}, "type": "money"},
        {"name": "secret", "title": "Secret", "type": "text"},
        {"name": "stage", "type": "state", "initial": "new", "states": [
            {"name": "new", "required": ["budget", "secret"], "exit": [
                {"when": "COUNT(notes) > 0", "message": {"zh-CN": "先写一条记录", "en": "Write a note first"}}]},
            {"name": "done"}],
         "transitions": [{"from": "new", "to": "done", "when": "budget > 10 or secret = \"x\"", "required": ["budget"],
                          "message": {"zh-CN": "预算太小", "en": "The budget is too small"}}]},
    ],
    "relations": [{"name": "notes", "form": "note", "by": "case"}],
    "permissions": [
        {"role": "sales", "can": ["create", "read"], "hide": ["secret"]},
        {"role": "sales", "can": ["edit"], "where": "owner = ME()", "hide": ["secret"]},
        {"role": "supervisor", "can": ["create", "read", "edit"]},
    ],
}  # fmt: skip
NOTE: dict[str, Any] = {
    "name": "note", "title": "Note", "label": "words",
    "fields": [{"name": "words", "type": "text"}, {"name": "case", "type": "link", "to": "case"}],
    "permissions": [{"role": "sales", "can": ["create", "read"]}],
}  # fmt: skip


@pytest.mark.requirement("SW08", "SW20")
def test_what_a_step_still_needs_is_told_with_the_way_to_it(open_shop: Open) -> None:
    """Each thing by itself: fields, and of a condition the fields it reads and the relations it counts; without what is
    kept from whoever looks, and none where they may not take the step."""
    shop = open_shop(more={"forms/case.json": CASE, "forms/note.json": NOTE})
    seller, head = Visitor(shop).sign_in("li"), Visitor(shop).sign_in("head")
    own, other = (each.post("api/records/case", {"name": "x"}).json()["id"] for each in (seller, head))

    def steps(visitor: Visitor, record: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = visitor.get(f"api/records/case/{record}").json()["_meta"]["transitions"]["stage"]
        return found

    def told(visitor: Visitor, record: int) -> list[tuple[Any, ...]]:
        (step,) = steps(visitor, record)
        return [(each["kind"], each["title"], each["field"], each["reads"], each["rows"]) for each in step["unmet"]]

    kept = [
        ("field", "Budget", "budget", [], []),
        ("gate", "The budget is too small", None, ["budget"], []),
        ("gate", "Write a note first", None, [], ["notes"]),
    ]
    assert kept == told(seller, own)
    assert "Secret" not in steps(seller, own)[0]["message"]
    kept[1] = (*kept[1][:3], ["budget", "secret"], [])
    assert [*kept, ("field", "Secret", "secret", [], [])] == told(head, own)
    assert [] == steps(seller, other)
    seller.post("api/records/note", {"words": "x", "case": own})
    head.patch(f"api/records/case/{own}", {"budget": "50", "secret": "y"})
    assert [{"to": "done", "allowed": True}] == steps(seller, own)
