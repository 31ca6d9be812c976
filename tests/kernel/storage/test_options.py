"""An option by another name: what was written under the former one goes on, wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest

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
