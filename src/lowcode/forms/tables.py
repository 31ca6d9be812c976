"""What the forms engine remembers: which records a file brought in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Table, Text

from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.types import Instant, Json

metadata = MetaData()

batch = Table(
    "forms_import",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("name", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("created", Json, nullable=False),
    Column("updated", Json, nullable=False),
    Column("undone_at", Instant),
)
