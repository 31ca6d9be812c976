"""An option by another name: what was written under the former one goes on, wherever it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from tests.kernel.storage.firm import opened

BEFORE: list[dict[str, Any]] = [
    {
        "name": "lead",
        "fields": [
            {"name": "name", "type": "text"},
            {"name": "grade", "type": "select", "options": [{"name": "a"}, {"name": "b"}]},
            {
                "name": "stage",
                "type": "state",
                "states": [{"name": "new"}, {"name": "lost"}],
                "initial": "new",
                "transitions": [{"from": "new", "to": "lost"}],
            },
            {"name": "items", "type": "lines", "fields": [
                {"name": "unit", "type": "select", "options": [{"name": "pc"}, {"name": "box"}]},
            ]},
        ],
    }
]  # fmt: skip
AFTER: list[dict[str, Any]] = [
    {
        "name": "lead",
        "fields": [
            {"name": "name", "type": "text"},
            {"name": "grade", "type": "select", "options": [{"name": "first", "was": "a"}, {"name": "b"}]},
            {
                "name": "stage",
                "type": "state",
                "states": [{"name": "fresh", "was": "new"}, {"name": "lost"}],
                "initial": "fresh",
                "transitions": [{"from": "fresh", "to": "lost"}],
            },
            {"name": "items", "type": "lines", "fields": [
                {"name": "unit", "type": "select", "options": [{"name": "piece", "was": "pc"}, {"name": "box"}]},
            ]},
        ],
    }
]  # fmt: skip


def kept(host: Host) -> tuple[list[Any], list[tuple[Any, ...]]]:
    """What the history and the stage history say."""
    record_type = host.types["lead"]
    with host.database.engine.connect() as connection:
        history = record_type.history
        said = connection.execute(history.select().order_by(history.c.id)).all()
        assert record_type.stages is not None
        stages = connection.execute(record_type.stages.select().order_by(record_type.stages.c.id)).all()
    return [each.changes for each in said], [(each.came_from, each.state) for each in stages]


@pytest.mark.requirement("X15")
def test_its_histories_follow_and_return(database_url: str) -> None:
    """What the history, the rows in it and the history of a state say of an option is said by its new name, and by the
    former one after undo."""
    with opened(database_url, BEFORE) as host:
        host.publish()
        values = {"name": "A", "grade": "a", "items": [{"unit": "pc"}]}
        made = host.ask(APP, "records.create", type="lead", values=values)
        row = made["items"][0]
        changed = {"grade": "b", "stage": "lost", "items": [{"id": row["id"], "unit": "box"}]}
        host.ask(APP, "records.update", type="lead", id=made["id"], values=changed)
        before = kept(host)
    with opened(database_url, AFTER) as host:
        host.apply()
        (created, updated), stages = kept(host)
        assert ["a", "b"] != updated["grade"] == ["first", "b"]
        assert (created["grade"], created["stage"]) == ([None, "first"], [None, "fresh"])
        assert created["items"][1][0]["unit"] == "piece"
        assert "pc" not in str(updated) and "piece" in str(updated)
        assert stages == [(None, "fresh"), ("fresh", "lost")]
        host.undo(["*"])
    with opened(database_url, BEFORE) as host:
        assert kept(host) == before


@pytest.mark.requirement("X15")
def test_what_still_says_the_former_name_is_understood(database_url: str) -> None:
    """A view somebody keeps, and a program that sends the former name, mean the option of now; a filter in the
    expression language is refused with the new name."""
    looks = {"filter": {"conditions": [{"field": "grade", "operator": "one_of", "value": ["a"]}]}}
    with opened(database_url, BEFORE) as host:
        host.publish()
        host.ask(APP, "records.create", type="lead", values={"name": "A", "grade": "a"})
        view = host.ask(APP, "forms.save_view", form="lead", title="First", view=looks)
    with opened(database_url, AFTER) as host:
        host.apply()
        made = host.ask(APP, "records.create", type="lead", values={"name": "B", "grade": "a"})
        assert made["grade"] == "first"
        seen = host.ask(APP, "forms.view", form="lead", name=view["name"])
        found = host.ask(APP, "records.list", type="lead", where=seen["where"])
        assert [each["name"] for each in found["items"]] == ["B", "A"]
        with pytest.raises(Rejected, match="first"):
            host.ask(APP, "records.list", type="lead", where='grade = "a"')


def places(*, renamed: bool) -> list[dict[str, Any]]:
    """A form with options in levels and in groups, before and after two of them are renamed."""
    inner, hot = ("x", "hot") if not renamed else ("z", "warm")
    was = {"x": {}, "hot": {}, "z": {"was": "x"}, "warm": {"was": "hot"}}
    branches = [{"name": "n", "children": [{"name": inner, **was[inner]}, {"name": "y"}]}, {"name": "s"}]
    heat = {"name": "heat", "options": [{"name": hot, **was[hot]}, {"name": "cold"}]}
    fields = [
        {"name": "name", "type": "text"},
        {"name": "place", "type": "cascade", "options": branches},
        {"name": "marks", "type": "tags", "dimensions": [heat]},
    ]
    return [{"name": "lead", "fields": fields}]


def forget(host: Host) -> None:
    """Store the schema as libraries did that kept of a cascade the first steps, and none of the tags in groups."""
    with host.database.engine.begin() as connection:
        stored = connection.execute(sa.text("SELECT schema FROM lc_applied")).scalar_one()
        schema = json.loads(stored) if isinstance(stored, str) else stored
        for column in (each for table in schema["tables"] for each in table["columns"]):
            if column.get("kind") == "cascade":
                column["options"] = ["n", "s"]
            elif column.get("kind") == "tags":
                del column["options"]
        connection.execute(
            sa.text("UPDATE lc_applied SET schema = :schema, shape = 'other'"),
            {"schema": json.dumps({**schema, "format": 1})},
        )


@pytest.mark.requirement("X15")
def test_options_that_an_earlier_library_did_not_keep_are_those_rows_hold(database_url: str) -> None:
    """A database that was applied when the options of levels and groups were not kept loses none of them, and a rename
    in the very next apply is carried out; undo takes it back."""
    values = {"name": "A", "place": "n/x", "marks": ["hot", "free"]}
    with opened(database_url, places(renamed=False)) as host:
        host.publish()
        made = host.ask(APP, "records.create", type="lead", values=values)["id"]
        host.ask(APP, "records.create", type="lead", values={"name": "B", "place": "s"})
        forget(host)
    with opened(database_url, places(renamed=False)) as host:
        assert ([], ()) == (list(host.plan().effects), host.plan().consents)
    with opened(database_url, places(renamed=True)) as host:
        said = [each.words["en"].partition(";")[0] for each in host.plan().effects]
        assert said == [
            "lead: options of field place are renamed, n/x → n/z",
            "lead: options of field marks are renamed, hot → warm",
        ]
        host.apply()
        found = host.ask(APP, "records.get", type="lead", id=made)
        assert ("n/z", ["warm", "free"]) == (found["place"], found["marks"])
        assert host.plan().empty
        host.undo(["*"])
    with opened(database_url, places(renamed=False)) as host:
        found = host.ask(APP, "records.get", type="lead", id=made)
        assert ("n/x", ["hot", "free"]) == (found["place"], found["marks"])


@pytest.mark.requirement("X15")
def test_options_that_were_not_kept_and_become_one_ask(database_url: str) -> None:
    """Where rows hold the former name and the new one, they could not be told apart afterwards."""
    with opened(database_url, places(renamed=False)) as host:
        host.publish()
        for place in ("n/x", "n/y"):
            host.ask(APP, "records.create", type="lead", values={"name": place, "place": place})
        forget(host)
    joined = places(renamed=False)
    joined[0]["fields"][1]["options"] = [{"name": "n", "children": [{"name": "y", "was": "x"}]}, {"name": "s"}]
    with opened(database_url, joined) as host:
        assert host.plan().consents == ("lossy:lead.place",)
