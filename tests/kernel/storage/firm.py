"""A small app whose forms change from version to version, on any database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
APP_DOCUMENT = {"name": "firm", "zone": "Asia/Shanghai", "roles": [{"name": "sales"}]}
ENGINES = (Forms(),)
"""Made once: the model of a form takes a while to build."""
CASES = Path(__file__).parent / "migrations"
Versions = Sequence[Mapping[str, Any]]


def documents(forms: Versions) -> dict[str, Any]:
    """The documents of an app of these forms."""
    permitted = {"permissions": [{"role": "sales", "can": ["create", "read", "edit", "delete"]}]}
    return {"app.json": APP_DOCUMENT, **{f"forms/{each['name']}.json": {**permitted, **each} for each in forms}}


@contextmanager
def opened(url: str, forms: Versions, **options: Any) -> Iterator[Host]:
    """A host on a database, without publishing."""
    host = Host(documents(forms), url, clock=FrozenClock(START), engines=ENGINES, **options)
    try:
        yield host
    finally:
        host.close()


def write(host: Host, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[int]]:
    """Write records; their ids by form. `"@form:1"` stands for the first record of a form."""
    made: dict[str, list[int]] = {}

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(each) for each in value]
        if isinstance(value, str) and value.startswith("@"):
            form, _, number = value[1:].partition(":")
            return made[form][int(number) - 1]
        return value

    for form, records in rows.items():
        for record in records:
            values = {name: filled(value) for name, value in record.items()}
            made.setdefault(form, []).append(int(host.ask(APP, "records.create", type=form, values=values)["id"]))
    return made


def read(host: Host) -> dict[str, list[dict[str, Any]]]:
    """Every record of every form, its own fields only; links by the number of the record."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, record_type in host.types.items():
        if record_type.parent is not None:
            continue
        with host.database.engine.connect() as connection:
            table = record_type.table
            ids = [
                row[0] for row in connection.execute(table.select().with_only_columns(table.c.id).order_by(table.c.id))
            ]
        found[name] = [_plain(host.ask(APP, "records.get", type=name, id=each), record_type) for each in ids]
    return found


def _plain(record: Mapping[str, Any], record_type: Any) -> dict[str, Any]:
    return dict(json.loads(json.dumps(_own(record, record_type), default=_shown)))


def _own(record: Mapping[str, Any], record_type: Any) -> dict[str, Any]:
    """The values of its fields; of rows, and rows in them, as well."""
    return {
        name: record[name] if field.rows is None else [_own(row, field.rows) for row in record[name]]
        for name, field in record_type.fields.items()
    }


def _shown(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


def schema(host: Host) -> dict[str, dict[str, str]]:
    """The tables of the forms as the database has them: column and type, without what is hidden; and the indexes."""
    import sqlalchemy as sa

    inspector = sa.inspect(host.database.engine)
    columns, indexes = inspector.get_multi_columns(), inspector.get_multi_indexes()
    found = {}
    for name in inspector.get_table_names():
        if name.startswith(host.prefix) and not name.startswith((f"{host.prefix}_", "_")):
            seen = [each for each in columns[None, name] if not each["name"].startswith("_")]
            found[name] = {each["name"]: str(each["type"]) for each in seen} | {
                str(each["name"]): f"index {each['column_names']} {bool(each['unique'])}"
                for each in indexes[None, name]
            }
    return found
