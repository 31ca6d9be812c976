"""What the forms engine remembers: which records a file brought in, which column filled which field, the views that
people made and which of them they begin with, and what they were filling in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

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

view = Table(
    "forms_view",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("owner", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("looks", Json, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("roles", Json, nullable=False),
    Column("departments", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("forms_view_form", "form"),
)

first_view = Table(
    "forms_first_view",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("actor", BigInteger, nullable=False),
    Column("view", Text, nullable=False),
    Index("forms_first_view_actor", "form", "actor", unique=True),
)

draft = Table(
    "forms_draft",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("version", Integer),
    Column("owner", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("before", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("forms_draft_owner", "owner", "form"),
)
