"""Where the copy of a host is kept: in a file of this process, or in a warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from lowcode.kernel.definitions.application import MirrorDefinition
from lowcode.reports.mirror.columns import CopiedTable
from lowcode.reports.mirror.copy import open_copy
from lowcode.reports.mirror.kept import Kept
from lowcode.reports.mirror.warehouse import Unfit, Warehouse, engine_of, lowering_of


class Place(Protocol):
    """Where a copy is kept."""

    far: bool
    """Whether it may be out of reach, and back later."""

    @property
    def lowering(self) -> str:
        """How questions are lowered for it. Raises Unfit."""
        ...

    def open(self, tables: Mapping[str, CopiedTable]) -> Kept:
        """The copy that is there, of whatever moment. Raises Unfit."""
        ...


class InFile:
    """A folder beside the files of the host, apart for each database; each process takes a file of it."""

    far = False
    lowering = "duckdb"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, tables: Mapping[str, CopiedTable]) -> Kept:
        """The first file that nobody holds."""
        copy = open_copy(self.folder)
        if copy is None:
            raise RuntimeError("every file of a mirror is held by another process")
        return copy


class InWarehouse:
    """Tables of a database whose address is a secret."""

    far = True

    def __init__(self, secret: str, address: str | None, mark: str) -> None:
        self._secret, self._address, self._mark = secret, address, mark

    @cached_property
    def engine(self) -> sa.Engine:
        """The way there. Raises Unfit."""
        if not self._address:
            raise Unfit(f"the secret '{self._secret}' with the address of the warehouse is not set")
        return engine_of(self._address)

    @property
    def lowering(self) -> str:
        """As its dialect is asked."""
        return lowering_of(self.engine)

    def open(self, tables: Mapping[str, CopiedTable]) -> Kept:
        """The tables of this app's copy."""
        warehouse = Warehouse(self.engine, self._mark)
        warehouse.hold(tables)
        return warehouse


def place_of(host: Any, definition: MirrorDefinition) -> Place:
    """Where the copy of a host is kept, by what its app asks for."""
    url = host.database.engine.url.render_as_string(hide_password=True)
    mark = hashlib.blake2b(f"{url} {host.prefix}".encode(), digest_size=8).hexdigest()
    if definition.warehouse is None:
        return InFile(Path(f"{host.database.files_folder()}-mirror") / mark)
    return InWarehouse(definition.warehouse, host.secret(definition.warehouse), mark)
