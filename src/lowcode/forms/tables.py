"""What the forms engine remembers: which records a file brought in, which column filled which field, the views that
people made and which of them they begin with, what they keep at hand, what they were filling in, who is at which
record, what everybody sent and agreed to."""

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

signing = Table(
    "forms_signing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
)
"""One row: the key of this database's tokens."""

submission = Table(
    "forms_submission",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("public", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("nonce", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("record", BigInteger),
    Column("address", Text, nullable=False),
    Column("source", Json, nullable=False),
    Column("sent", Json, info={"refers": ("file",)}),
    Column("until", Instant),
    Index("forms_submission_at", "form", "public", "at"),
    Index("forms_submission_until", "state", "until"),
)
"""What everybody sent: `state` is received, kept, filled, linked, flagged, waiting, expired. `sent` holds the values
only while they wait to be confirmed; of the network address a digest is kept."""

submission_file = Table(
    "forms_submission_file",
    metadata,
    Column("submission", BigInteger, primary_key=True, autoincrement=False),
    Column("file", BigInteger, primary_key=True, autoincrement=False, info={"refers": ("file",)}),
    Index("forms_submission_file_file", "file"),
)
"""The files of what waits to be confirmed; gone when it is confirmed or has expired."""

upload = Table(
    "forms_upload",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("public", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("uploaded", BigInteger),
    Column("digest", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Index("forms_upload_at", "at"),
    Index("forms_upload_uploaded", "uploaded"),
)
"""What visitors uploaded within a day, by the page and the digest of the network address it came from. The row
does not hold the file that was `uploaded`, which is blank once a record has it: one that was not sent in goes, and the
row after it. A number may be given again when its file is gone, so `digest` says which contents are meant."""

consent = Table(
    "forms_consent",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("record", BigInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("by_way_of", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Index("forms_consent_record", "form", "record", "purpose"),
)
"""Who agreed to what, in which words, or took it back; the latest of a purpose counts."""

erasure = Table(
    "forms_erasure",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("records", Json, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fields", Json, nullable=False),
    Column("reason", Text, nullable=False),
)
"""That something about people was taken away: which records and fields, by whom, why; nothing of what it was."""

WHILE_IT_IS_READ = {"refers": ("file",), "counts": {"state": ("reading", "halted"), "total": (0,)}}
"""Of an import: when its rows are laid out in parts, and so counted, nobody reads the file any more."""

deletion = Table(
    "forms_deletion",
    metadata,
    Column("form", Text, primary_key=True, info={"holds": "form"}),
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("of", BigInteger),
    Column("of_form", Text, info={"holds": "form"}),
    Index("forms_deletion__with", "of_form", "of"),
)
"""Why a record was deleted, where it was not by hand: `cause` is many, import, merge or with, `of` the import, the
merge, or the record (of `of_form`) with which it was deleted. It holds while the record is what it became then
(`version`)."""

merged = Table(
    "forms_merge",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("record", BigInteger, nullable=False),
    Column("others", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("comments", Json, nullable=False),
    Column("undone_at", Instant),
    Index("forms_merge_record", "form", "record"),
)
"""Records that became one, so that they become several again: the versions of the one that stays `before` and `after`
it, whose `comments` went along."""

merge_moved = Table(
    "forms_merge_moved",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("merge", BigInteger, nullable=False),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("record", BigInteger, nullable=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Index("forms_merge_moved_merge", "merge"),
    Index("forms_merge_moved_record", "form", "record"),
)
"""The records that named one which went into another, and name that one since a merge: their versions before and
after it."""

import_run = Table(
    "forms_import_run",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("name", Text, nullable=False),
    Column("actor", BigInteger),
    Column("at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("state", Text, nullable=False),
    Column("file", BigInteger, nullable=False, info=WHILE_IT_IS_READ),
    Column("asked", Json, nullable=False, info=WHILE_IT_IS_READ),
    Column("titles", Json, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("counts", Json, nullable=False),
    Column("preview", Json, nullable=False),
    Column("problems", Json, nullable=False),
    Column("error", Text),
)
"""A file that is brought in behind the scenes: `state` is reading, running, done, cancelled, failed, undoing, undone,
stopped or halted (its work was given up at `ended_at`; `asked` says where). `part` is the next of its parts,
`asked` how it is to be brought in."""

ENDED = ("done", "cancelled", "failed", "undone", "stopped")
"""States of an import in which neither its file nor its rows are read any more."""

UNDOABLE = ("done", "cancelled", "failed", "halted")
"""States of an import whose records can be taken back."""

import_part = Table(
    "forms_import_part",
    metadata,
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("rows", Json),
    Column("made", Json),
)
"""Some hundred rows of a file as they stand in it until they are saved or the import is over, and, when they were
saved, what they made; one part, one transaction."""

import_key = Table(
    "forms_import_key",
    metadata,
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Text, primary_key=True),
    Column("row", Integer, nullable=False),
)
"""Which row of a file had a key first; gone when the file is in."""

import_foreseen = Table(
    "forms_import_foreseen",
    metadata,
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body", Json, nullable=False),
    Index("forms_import_foreseen_place", "run", "place"),
)
"""What records above, those below them and ranges would be after the parts of a file that were only looked at; gone
when all are."""

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
    Column("key", Text),
    Column("title", Text, nullable=False),
    Column("values", Json, nullable=False, info={"refers": ("file",)}),
    Column("before", Json, nullable=False, info={"refers": ("file",)}),
    Column("updated_at", Instant, nullable=False),
    Index("forms_draft_key", "owner", "form", "key", unique=True),
)

favourite = Table(
    "forms_favourite",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("owner", BigInteger, nullable=False),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("view", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("forms_favourite_owner", "owner", "form"),
)

presence = Table(
    "forms_presence",
    metadata,
    Column("form", Text, primary_key=True, info={"holds": "form"}),
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("edits_until", Instant),
    Index("forms_presence_person", "person"),
)
"""Who has a record open until when, unless they say so again, and until when they are changing it."""
