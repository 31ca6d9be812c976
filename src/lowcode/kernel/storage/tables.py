"""The kernel's own tables. Engines bring theirs; a host prefixes all of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

from lowcode.kernel.storage.trimmed import Trimmed
from lowcode.kernel.storage.types import Instant, Json

metadata = MetaData()

Id = BigInteger().with_variant(Integer(), "sqlite")

applied = Table(
    "lc_applied",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("digest", Text, nullable=False),
    Column("documents", Json, nullable=False),
    Column("schema", Json, nullable=False),
    Column("steps", Json, nullable=False),
    Column("undone_at", Instant),
    Column("shape", Text),
    Column("state", Text),
    Column("undoes", Integer),
)
"""Each version of the app that was applied: its documents, the schema it led to and the steps that led there.

`shape` is the hash of the schema in use, `state` says how far an apply came (`preparing`, `finishing`, `applied`),
`undoes` the version it takes back. `info["holds"]` of a column says that it holds the name of a form.
"""

sequence = Table(
    "lc_sequence", metadata, Column("name", Text, primary_key=True), Column("next", BigInteger, nullable=False)
)
"""Blocks of record ids on SQLite; PostgreSQL has sequences of its own."""

serial = Table(
    "lc_serial",
    metadata,
    Column("name", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)
"""The counters of serial numbers, one row per field and period: without gaps, because they move with the record."""

ASKING = text("asks IS NOT NULL")

event = Table(
    "lc_event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("name", Text, nullable=False),
    Column("record_type", Text, info={"holds": "form"}),
    Column("record_id", BigInteger),
    Column("actor", BigInteger),
    Column("causes", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("work", Json, info={"refers": ("file", "contents"), "while": "asks"}),
    Column("asks", Integer),
    Index("lc_event_asks", "asks", sqlite_where=ASKING, postgresql_where=ASKING),
    info=Trimmed("events", "at", 30, blank="asks").info,
)
"""What happened, in order: the outbox that feeds handlers, webhooks and the stream of changes. `work` is what the event
asks for at once, `[[operation, parameters], …]`, and `asks` how much that is, until it is in the queue (`jobs.unfold`);
most ask for nothing, and cost no place in its index."""

UNDONE = ("ready", "running", "dead")
KEYED = text('"key" IS NOT NULL')

job = Table(
    "lc_job",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column(
        "body",
        Json,
        nullable=False,
        info={
            "holds": "form:record_type",
            "refers": ("file", "contents"),
            "counts": {"state": UNDONE},
            "without": {"name": ("logs.trim", "files.discard")},
        },
    ),
    Column("due_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("worker", Text),
    Column("key", Text),
    Column("causes", Text, nullable=False),
    Column("actor", BigInteger),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Index("lc_job_due", "state", "due_at"),
    Index("lc_job_key", "key", unique=True, sqlite_where=KEYED, postgresql_where=KEYED),
    info=Trimmed("jobs", "created_at", 365, ("state", ("dead",))).info,
)
"""Work put off: deliveries of events, operations for later, alarms. `kind` is event, operation; `state` is ready,
running, done, dead. The one queue, written in the transaction of the change that made it. Two of one `key` are the same
job; most have none, and cost no place in its index."""

watermark = Table(
    "lc_watermark", metadata, Column("name", Text, primary_key=True), Column("until", Instant, nullable=False)
)
"""How far each timer has run."""

user = Table(
    "lc_user",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("title", Json),
    Column("email", Text),
    Column("phone", Text),
    Column("password", Text),
    Column("locale", Text),
    Column("active", Boolean, nullable=False),
    Column("department", BigInteger),
    Column("manager", BigInteger),
    Column("created_at", Instant, nullable=False),
)

department = Table(
    "lc_department",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("title", Json, nullable=False),
    Column("parent", BigInteger),
    Column("head", BigInteger),
)

membership = Table(
    "lc_membership",
    metadata,
    Column("user", BigInteger, primary_key=True),
    Column("role", Text, primary_key=True),
)

absence = Table(
    "lc_absence",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", BigInteger, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("agent", BigInteger),
    Column("reason", Text),
    Column("only", Json),
    Column("but", Json),
    Index("lc_absence_user", "user", "until"),
)

session = Table(
    "lc_session",
    metadata,
    Column("token", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("method", Text),
    Column("known_as", Text),
    Column("said", Json),
    Index("lc_session_known_as", "known_as"),
)
"""Who is signed in; `method` is the service they signed in by, blank with a password. `known_as` is the digest of what
that service calls them, by which it ends their sessions; `said` is what it wants to hear when this one ends."""

attempt = Table(
    "lc_attempt",
    metadata,
    Column("name", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)
"""Failed attempts to sign in, by login (a digest) and by address; nobody is let in before `until`."""

factor = Table(
    "lc_factor",
    metadata,
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("secret", Text),
    Column("next", Text),
    Column("last_step", BigInteger),
    Column("confirmed_at", Instant),
    Column("asked_at", Instant),
)
"""The second factor of a person: secrets of authenticators, sealed; `next` is one that is being set up. `last_step` is
the step of the last code, which serves once; `asked_at`, when they were first asked to set one up."""

recovery = Table(
    "lc_recovery",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Index("lc_recovery_user", "user"),
)
"""Recovery codes that were not used yet."""

pending = Table(
    "lc_pending",
    metadata,
    Column("token", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Column("method", Text),
    Column("place", Text, nullable=False),
    Column("secret", Text),
    Column("expires_at", Instant, nullable=False),
    Column("known_as", Text),
    Column("said", Json),
)
"""Sign-ins that have shown the first factor and not the second; `secret` is that of one who sets it up on the way. It
is known to this sign-in only, so that nobody sets up what another browser has seen."""

password_link = Table(
    "lc_password_link",
    metadata,
    Column("token", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("lc_password_link_user", "user"),
)
"""Links by which somebody chooses a password; of each its digest."""

device = Table(
    "lc_device",
    metadata,
    Column("token", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("lc_device_user", "user"),
)
"""Browsers in which the second factor is not asked for again."""

push_subscription = Table(
    "lc_push_subscription",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", BigInteger, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("address", Text, nullable=False),
    Column("server_key", Text, nullable=False),
    Column("session", Text),
    Column("device", Text, nullable=False),
    Column("notices", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("reached_at", Instant),
    Index("lc_push_subscription_user", "user"),
    Index("lc_push_subscription_session", "session"),
    sqlite_autoincrement=True,
)
"""Browsers that show notices of the app: `digest` is that of the endpoint at the push service, `address` the endpoint
with the browser's keys, sealed; `server_key` is the public key of the app it takes messages from. It lasts as long as
the `session` it was made in, and belongs to one person: a browser is one device, whoever sits before it. No number is
given out again, as messages wait for a device by it."""

push_let_go = Table(
    "lc_push_let_go",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("user", "digest", name="lc_push_let_go_once"),
)
"""Browsers that a person let go, by the digest of their endpoint: they do not add themselves again."""

refusal = Table(
    "lc_refusal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("code", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("user", BigInteger),
    Column("key", Text, nullable=False),
    Column("more", Integer, nullable=False),
    Index("lc_refusal_at", "at"),
    Index("lc_refusal_user", "user", "id"),
)
"""What was refused at the door; `more` were left out before it, because one address was refused too often."""

notification = Table(
    "lc_notification",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", Json, nullable=False),
    Column("text", Json),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("key", Text),
    Column("read_at", Instant),
    Column("records", Json),
    Index("lc_notification_user", "user", "read_at"),
    Index("lc_notification_record", "record", "form"),
    UniqueConstraint("user", "key", name="lc_notification_once"),
    info=Trimmed("notices", "at", 365).info,
)
"""What people are told. `records`: of how many and which it tells, where it tells of several."""

batch_notice = Table(
    "lc_batch_notice",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", Json, nullable=False),
    Column("text", Json),
    Column("many", Json, nullable=False),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("channels", Json, nullable=False),
    Column("once", Text),
    Column("told_at", Instant),
    Column("sent_at", Instant),
    Index("lc_batch_notice_key", "user", "key"),
    Index("lc_batch_notice_record", "form", "record"),
    UniqueConstraint("user", "once", name="lc_batch_notice_once"),
    info=Trimmed("batch_notices", "at", 30).info,
)
"""What people are told of each record of a batch, such as an import: they are told of all of them as one, by the
notification with the same `user` and `key`. `told_at`: it counts there; `sent_at`: it stood in a letter."""

search = Table(
    "lc_search",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("part", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Index("lc_search_record", "record_type", "record_id", "part"),
    info={"fulltext": True},
)
"""What is searched of records: tokens, looked up by an index of the database, and the text they are of."""

searched = Table(
    "lc_searched",
    metadata,
    Column("record_type", Text, primary_key=True, info={"holds": "form"}),
    Column("shape", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Of which forms `lc_search` holds the words, and by which definition."""

indexing = Table(
    "lc_indexing",
    metadata,
    Column("record_type", Text, primary_key=True, info={"holds": "form"}),
    Column("shape", Text, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Of which forms the words are being written since something was published, and how far that has come."""

analysed = Table(
    "lc_analysed",
    metadata,
    Column("name", Text, primary_key=True),
    Column("reached", BigInteger, nullable=False),
    Column("indexes", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Up to which row the planner of SQLite has looked through a table, and by how many indexes."""

comment = Table(
    "lc_comment",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("text", Text, nullable=False),
    Column("mentions", Json, nullable=False),
    Column("edited_at", Instant),
    Column("removed_at", Instant),
    Column("removed_by", BigInteger),
    Index("lc_comment_record", "record_type", "record_id"),
)
"""What people said of a record; of what was taken away no word is kept, only that it was, and by whom."""

file = Table(
    "lc_file",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("digest", Text, nullable=False, info={"refers": ("contents",)}),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger),
    Index("lc_file_digest", "digest"),
    info=Trimmed("loose_files", "created_at", 30, loose=True).info,
)
"""Files that came in. What nothing refers to goes by night: columns that hold ids of files or digests of contents say
so (`storage.loose`)."""

file_use = Table(
    "lc_file_use",
    metadata,
    Column("file", BigInteger, primary_key=True, info={"refers": ("file",)}),
    Column("record_type", Text, primary_key=True, info={"holds": "form"}),
    Column("record_id", BigInteger, primary_key=True),
)
"""Which records a file belongs to: who may read one of them may read the file."""

former = Table(
    "lc_former",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("value", Text, nullable=False),
    Index("lc_former_record", "record_type", "record_id", "version"),
)
"""What encrypted values of records were until they changed, sealed; `version` is the one that changed them, `place`
what the value is bound to, `row` the id of the row it stood in (0: in the record itself)."""
