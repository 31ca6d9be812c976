"""The column of an encrypted field: text, sealed on its way in and opened on its way out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Text, types
from sqlalchemy.engine import Dialect

from lowcode.kernel.storage.crypto import Keyring, SealError


class Sealed(types.TypeDecorator[str]):
    """Text that the database cannot read. The host hands in its keys; `place` says where the value belongs."""

    impl = Text
    cache_ok = True
    sealed = True
    """Says to whoever builds SQL that values cannot be compared there, but for equality of searchable ones."""

    def __init__(self, place: str, searchable: bool = False) -> None:
        super().__init__()
        self.place = place
        self.searchable = searchable
        self._keys: Keyring | None = None

    def hold(self, keys: Keyring) -> None:
        """Use these keys."""
        self._keys = keys

    @property
    def keys(self) -> Keyring:
        """The keys of the host."""
        if self._keys is None:
            raise SealError(f"no keys for the encrypted field {self.place}")
        return self._keys

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        return None if value is None else self.keys.seal(str(value), self.place, searchable=self.searchable)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        return None if value is None else self.keys.open(value, self.place)


def sealed_columns(metadata: MetaData) -> list[Sealed]:
    """The encrypted columns of some tables."""
    return [
        column.type for table in metadata.tables.values() for column in table.columns if isinstance(column.type, Sealed)
    ]
