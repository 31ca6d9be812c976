"""What the print engine remembers: each paper that was made, with everything it was made from."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint

from lowcode.kernel.storage.trimmed import Trimmed
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
    Column("content", Text, nullable=False, info={"refers": ("contents",)}),
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

print_batch = Table(
    "lc_print_batch",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("template", Text, nullable=False),
    Column("ids", Json, nullable=False),
    Column("output", Text, nullable=False),
    Column("language", Text),
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("refused", Json, nullable=False),
    Column("files", Json, nullable=False, info={"refers": ("file",)}),
    Column("asked_by", BigInteger),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""Papers of many records in one go. `state` is waiting, running, done; `files` are kept files, `refused` says why."""

own_template = Table(
    "lc_print_own",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("kind", Text, nullable=False),
    Column("document", Json, nullable=False),
    Column("path", Text, nullable=False),
    Column("content", Text, nullable=False, info={"refers": ("contents",)}),
    Column("file_name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("made_by", BigInteger),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("name", "version"),
)
"""Templates that were uploaded, every version; `content` is the digest the file is kept under."""

template_draft = Table(
    "lc_print_draft",
    metadata,
    Column("name", Text, primary_key=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("document", Text, nullable=False),
    Column("files", Json, nullable=False, info={"refers": ("contents",)}),
    Column("base", Text, nullable=False, info={"refers": ("contents",)}),
    Column("revision", Integer, nullable=False),
    Column("made_by", BigInteger),
    Column("made_at", Instant, nullable=False),
)
"""Templates of the app that somebody is designing and has not published. `document` is kept as text, in the order it
was written in; `base` is the digest of what the app said when it was begun; `files` are the digests of new pictures."""

batch_file = Table(
    "lc_print_batch_file",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("batch", BigInteger, primary_key=True),
)
"""What the files of batches are: a file that holds many papers is proven by its own hash."""

printer = Table(
    "lc_printer",
    metadata,
    Column("name", Text, primary_key=True),
    Column("right", Integer, nullable=False),
    Column("down", Integer, nullable=False),
    Column("set_by", BigInteger),
    Column("set_at", Instant, nullable=False),
)
"""How far a printer has to be corrected, in thousandths of a millimetre, so that it meets forms that are printed."""

print_link = Table(
    "lc_print_link",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("token", Text, nullable=False, unique=True),
    Column("print", BigInteger, nullable=False),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("reader", Text, nullable=False),
    Column("email", Text),
    Column("needs_code", Boolean, nullable=False),
    Column("may_download", Boolean, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("opened_at", Instant),
    Column("code", Text),
    Column("code_until", Instant),
    Column("code_tries", Integer, nullable=False),
    Column("made_by", BigInteger),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("lc_print_link_record", "record_type", "record_id"),
)
"""An address at which somebody outside may read one kept print. Of the address and of codes only hashes are kept."""

print_pass = Table(
    "lc_print_pass",
    metadata,
    Column("token", Text, primary_key=True),
    Column("link", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
    info=Trimmed("reader_passes", "until", 1).info,
)
"""A reader who opened a link, for some hours, so that a page can be loaded again and the file taken."""

print_view = Table(
    "lc_print_view",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("link", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Index("lc_print_view_link", "link"),
    info=Trimmed("reader_views", "at", 1095).info,
)
"""What happened at a link: opened, downloaded, code-sent, code-wrong. `address` is a hash, to tell readers apart."""

print_letter = Table(
    "lc_print_letter",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("template", Text, nullable=False),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("print", BigInteger),
    Column("link", BigInteger),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sent_by", BigInteger),
    Column("sent_at", Instant, nullable=False),
    Index("lc_print_letter_record", "record_type", "record_id"),
)
"""Each letter that a paper went out with."""
