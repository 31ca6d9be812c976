"""What texts begin with is found by an index, also in a database that was there before the index was asked for."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.storage.crypto import new_key
from tests.kernel.storage.firm import opened

ROWS = 3000
MADE = "firm: make index of beginnings on name"


def firms(**name: Any) -> list[dict[str, Any]]:
    """Firms with a name, a way of steps, a number, and a text that the database cannot read."""
    ways = [{"name": "east", "children": [{"name": "first"}]}, {"name": "west"}]
    return [
        {
            "name": "firm",
            "fields": [
                {"name": "name", "type": "text", **name},
                {"name": "way", "type": "cascade", "options": ways, "index": True},
                {"name": "size", "type": "integer", "index": True},
                {"name": "pin", "type": "text", "index": True, "encrypted": "searchable"},
            ],
        }
    ]


def asked(host: Host, condition: str) -> tuple[list[Any], str]:
    """The ids that a list of a condition finds, and how the database goes about it when it may not read all rows."""
    found = host.ask(APP, "records.list", type="firm", where=condition, sort=("name",), fields=("name",))
    cached: Any = host._cache
    (listing,) = [each for key, each in cached.items() if key[:2] == ("list", "firm") and hasattr(each, "statements")]
    statement, *_ = listing.statements.values()
    cached.clear()
    with host.session(APP) as context:
        given = {**moment_parameters(context, statement), "page_limit": 51, "variable_lifted_0": "company-299"}
    postgresql = host.database.dialect_name == "postgresql"
    text = str(statement.params(given).compile(host.database.engine, compile_kwargs={"literal_binds": True}))
    with host.database.engine.connect() as connection:
        if postgresql:
            connection.exec_driver_sql("SET enable_seqscan = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{text}".replace("%", "%%"))
        return [each["id"] for each in found["items"]], str(rows.fetchall())


@pytest.mark.requirement("SF21")
def test_an_index_tells_what_texts_begin_with(database_url: str) -> None:
    """A database of before gets the index by a plan, on PostgreSQL beside the one that sorts; what begins so is found
    by it, and undoing takes it away."""
    secrets = {"ENCRYPTION_KEYS": new_key()}
    with opened(database_url, firms(), secrets=secrets) as before:
        before.publish()
        items = [{"values": {"name": f"company-{number}", "size": number}} for number in range(ROWS)]
        for start in range(0, ROWS, 500):
            before.ask(APP, "records.bulk", type="firm", items=items[start : start + 500])
    with opened(database_url, firms(index=True), secrets=secrets) as after:
        postgresql = after.database.dialect_name == "postgresql"
        steps = [each.words["en"] for each in after.plan().effects]
        assert steps == [*([MADE] if postgresql else []), "firm: make index on name"]
        after.publish()
        assert after.plan().empty
        made = {str(each["name"]) for each in sa.inspect(after.database.engine).get_indexes("firm")}
        begin = {"firm__begins_name", "firm__begins_way"}
        assert {each for each in made if "begins" in each} == (begin if postgresql else set())
        with after.database.engine.begin() as connection:
            connection.execute(sa.text("ANALYZE"))
        ids, way = asked(after, 'STARTSWITH(name, "company-299")')
        assert len(ids) == 11
        assert ("firm__begins_name" if postgresql else "firm__name") in way
        after.undo(["*"])
    with opened(database_url, firms(), secrets=secrets) as before:
        assert before.plan().empty
