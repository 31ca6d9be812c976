"""What the forms engine remembers: which records a file brought in, and which column filled which field."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

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

mapping = Table(
    "forms_mapping",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False),
    Column("titles", Text, nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("fields", Json, nullable=False),
    Index("forms_mapping_titles", "form", "titles", "actor", unique=True),
)
