"""A backup: one zip archive with the definitions, every row of every table, and the files.

Rows are JSON lines, the same from SQLite and from PostgreSQL, so a backup of one is restored into the other. All tables
are read in one snapshot while people work on.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import LowcodeError
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import GOING
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.hidden import add_hidden, merged
from lowcode.kernel.storage.migrate.schema import Schema, table_of
from lowcode.plugins import Plugins, engines_with, kinds_with, names_of

FORMAT = 1
BATCH = 1000
COUNTERS = "lc_sequence"
CONTENTS = re.compile(rf"([0-9a-f]{{64}})({re.escape(GOING)})?")
Watch = Callable[[str, int, int], None]


class NotABackup(LowcodeError):
    """The file is no backup, or the database it would go into is in use."""


def tables_of(host: Host) -> list[sa.Table]:
    """Every table of an app, those of the kernel and of the engines first, with what is hidden."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        applied = versions.latest(hand) if versions.known(hand) else None
    if applied is None:
        raise NotABackup("nothing was ever applied to this database; publish the app first")
    return _tables(host, applied.schema)


def _tables(host: Host, schema: Schema) -> list[sa.Table]:
    metadata = sa.MetaData()
    return [host.database.table(t.applied), *(table_of(each, metadata, host.prefix) for each in schema.tables)]


def write(host: Host, path: Path, watch: Watch) -> dict[str, int]:
    """Write a backup; how many rows of which table. The file appears whole or not at all."""
    counts: dict[str, int] = {}
    aside = path.with_name(path.name + ".part")
    tables = [table for table in tables_of(host) if table.name != host.prefix + COUNTERS]
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive, host.database.engine.connect() as connection:
            snapshot = _snapshot(connection)
            for index, table in enumerate(tables):
                watch(table.name, index, len(tables))
                counts[table.name] = _write_table(archive, table, snapshot)
            applied, documents = _applied(host)
            _write_app(archive, documents)
            _write_contents(archive, host.files.folder)
            manifest = {"format": FORMAT, "app": host.app.name, "digest": applied.digest, "rows": counts}
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return counts


def _write_contents(archive: zipfile.ZipFile, folder: Path) -> None:
    """The contents of files, and nothing else that lies in the folder: no thumbnails, no keys, nothing half written."""
    found = {digest: file for file in sorted(folder.glob("*/*")) if (digest := _digest_in(file.name)) is not None}
    for digest, file in found.items():
        archive.write(file, f"files/{digest}")


def _digest_in(name: str) -> str | None:
    """The digest in the name of contents, also of those that are put aside to go; None for what else there is."""
    found = CONTENTS.fullmatch(name)
    return found[1] if found is not None else None


def _applied(host: Host) -> tuple[versions.Applied, Documents]:
    """The version the rows belong to: it may be another than that of the folder."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        applied = versions.latest(hand)
        assert applied is not None
        return applied, versions.documents(hand, applied.version, names_of(host.engines))


def _snapshot(connection: sa.Connection) -> sa.Connection:
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    connection.exec_driver_sql("BEGIN")
    return connection


def _write_table(archive: zipfile.ZipFile, table: sa.Table, connection: sa.Connection) -> int:
    count = 0
    with (
        archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as binary,
        io.TextIOWrapper(binary, "utf-8") as out,
    ):
        for row in connection.execute(sa.select(table)).mappings():
            kept = {key: packed(value) for key, value in row.items() if value is not None}
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")
            count += 1
    return count


def _write_app(archive: zipfile.ZipFile, documents: Documents) -> None:
    for document in documents:
        text = document.source.text or json.dumps(document.data, ensure_ascii=False, indent=2)
        archive.writestr(f"app/{document.path}", text)
    for path, content in documents.files.items():
        archive.writestr(f"app/{path}", content)


def read(
    path: Path, database: str, watch: Watch, plugins: Plugins = (), files: str | None = None
) -> dict[str, int]:  # fmt: skip
    """Restore a backup into an empty database; how many rows of which table. All or nothing."""
    with zipfile.ZipFile(path) as archive:
        manifest = _manifest(archive, path)
        documents = _app_of(archive, names_of(engines_with(kinds_with(plugins))))
        host = Host(documents, database, plugins=plugins, files=files)
        try:
            host.publish()
            if host.directory().users:
                raise NotABackup("there are people in this database; a backup goes into an empty one")
            made = _applied(host)[0]
            kept = _kept(archive) or made.schema
            with host.database.transaction() as unit:
                add_hidden(Hand(unit), kept)
            whole = merged(made.schema, kept)
            tables = _tables(host, whole)
            with host.database.engine.begin() as connection:
                for index, table in enumerate(tables):
                    watch(table.name, index, len(tables))
                    if table.name in manifest["rows"]:
                        _read_table(archive, table, connection)
                _count_on(host, tables, connection)
            with host.database.transaction() as unit:
                hand = Hand(unit)
                restored = versions.latest(hand)
                if restored is not None:
                    versions.replace_schema(hand, restored.version, whole, made.shape)
            for name in archive.namelist():
                # backups of earlier versions hold whatever lay in the folder
                if name.startswith("files/") and _digest_in(name.removeprefix("files/")) is not None:
                    host.files.put(archive.read(name))
        finally:
            host.close()
    counts: dict[str, int] = manifest["rows"]
    return counts


def _kept(archive: zipfile.ZipFile) -> Schema | None:
    """The schema of the version that was backed up."""
    name = "tables/lc_applied.jsonl"
    rows = archive.read(name).decode().split("\n") if name in archive.namelist() else []
    found = [{key: unpacked(value) for key, value in json.loads(each).items()} for each in rows if each]
    applied = [each for each in found if each.get("state") not in (None, "preparing")]
    newest = max(applied, key=lambda each: int(each["version"]), default=None)
    return Schema.from_json(newest["schema"]) if newest is not None else None


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError):
        raise NotABackup(f"{path} is not a backup: it has no manifest.json") from None
    if manifest.get("format") != FORMAT:
        raise NotABackup(f"{path} has format {manifest.get('format')}; this version reads {FORMAT}")
    return manifest


def _app_of(archive: zipfile.ZipFile, engines: Iterable[str]) -> Documents:
    names = [name for name in archive.namelist() if name.startswith("app/")]
    files: Mapping[str, bytes] = {name.removeprefix("app/"): archive.read(name) for name in names}
    return load(files, engines=engines)


def _read_table(archive: zipfile.ZipFile, table: sa.Table, connection: sa.Connection) -> None:
    # A restored table begins empty: what publishing wrote (watermarks) gives way to what was.
    connection.execute(sa.delete(table))
    with archive.open(f"tables/{table.name}.jsonl") as binary:
        for batch in _batches(io.TextIOWrapper(binary, "utf-8"), list(table.columns.keys())):
            connection.execute(sa.insert(table), batch)


def _batches(lines: Iterator[str] | io.TextIOWrapper, names: list[str]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        row = json.loads(line)
        batch.append({name: unpacked(row.get(name)) for name in names})
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _count_on(host: Host, tables: list[sa.Table], connection: sa.Connection) -> None:
    """New ids go on after the restored ones."""
    counters = host.database.table(t.sequence)
    for table in tables:
        if "id" not in table.c or not isinstance(table.c["id"].type, sa.Integer):
            continue
        last = connection.execute(sa.select(sa.func.max(table.c["id"]))).scalar()
        if last is None:
            continue
        if connection.dialect.name == "postgresql":
            sequence = f"{table.name}_id_seq"
            known = connection.execute(sa.text("SELECT to_regclass(:name)"), {"name": f'"{sequence}"'}).scalar()
            if known is not None:
                connection.execute(
                    sa.text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": f'"{sequence}"', "last": last}
                )
        elif table.info.get("role") in ("records", "lines"):
            connection.execute(sa.delete(counters).where(counters.c.name == table.name))
            connection.execute(sa.insert(counters), {"name": table.name, "next": last + 1})


def packed(value: Any) -> Any:
    """A value as JSON that says what it was."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case _:
            return {"json": value}


_UNPACK: dict[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "bytes": base64.b64decode,
    "json": lambda value: value,
}


def unpacked(value: Any) -> Any:
    """The value that was packed."""
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    return _UNPACK[kind](content)
