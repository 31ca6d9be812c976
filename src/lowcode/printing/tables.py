"""What the print engine remembers: each paper that was made, with everything it was made from."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint

from lowcode.kernel.storage.types import Instant, Json

metadata = MetaData()

template_version = Table(
    "lc_print_template",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("document", Json, nullable=False),
    Column("first_used_at", Instant, nullable=False),
)
"""Each version of a template that something was printed with, so that a print can be made again."""

template_file = Table(
    "lc_print_file",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("content", Text, nullable=False),
)
"""The pictures of each version of a template: `content` is the digest they are kept under in the file store."""

print_copy = Table(
    "lc_print",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("template", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("copy", Integer, nullable=False),
    Column("output", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("printed_by", BigInteger),
    Column("printed_at", Instant, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("fonts", Text, nullable=False),
    Column("missing", Json, nullable=False),
    UniqueConstraint("template", "record_id", "copy"),
    Index("lc_print_record", "record_type", "record_id"),
    Index("lc_print_content", "content"),
)
"""Each paper: `content` is the hash of the file that was given out, `fonts` that of the faces it was set in."""
