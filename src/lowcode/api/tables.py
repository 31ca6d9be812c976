"""What the api engine remembers: keys, what came in, what went out, and answers to repeated requests."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.trimmed import Trimmed
from lowcode.kernel.storage.types import Instant, Json

metadata = MetaData()

key = Table(
    "api_key",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("prefix", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("user", BigInteger, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("rows", Json),
    Column("fields", Json),
    Column("rate", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("last_address", Text),
    Column("revoked_at", Instant),
)
"""Keys of programs: the hash alone is kept, the prefix names the key in lists and logs."""

use = Table(
    "api_key_use",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("address", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Index("api_key_use_key", "key", "id"),
)
"""What keys were used for: the newest of each key, by its prefix."""

request = Table(
    "api_request",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("intake", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("address", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("key", Text),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("record", BigInteger),
    Column("problems", Json, nullable=False),
    Column("replays", Integer, nullable=False),
    Column("message", Text),
    Index("api_request_intake", "intake", "state"),
    Index("api_request_message", "intake", "message"),
    info=Trimmed("requests", "at", 180).info,
)
"""What came in, as it came: `state` is accepted, refused or flagged; `outcome` created, updated or linked; `message` is
by what a signed one is known when it comes again."""

delivery = Table(
    "api_delivery",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("message", Text, nullable=False, unique=True),
    Column("target", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("replays", Integer, nullable=False),
    Column("status", Integer),
    Column("answer", Text),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("tried_at", Instant),
    Column("next_at", Instant),
    Column("asker", Json),
    Index("api_delivery_target", "target", "state"),
    Index("api_delivery_tried", "target", "tried_at"),
    info=Trimmed("deliveries", "created_at", 180, ("state", ("delivered", "dead"))).info,
)
"""What goes out: `state` is waiting, delivered or dead; `message` is the webhook-id, the same over all attempts;
`asker` is the operation that is told of the answer, with what it wants of it."""

delivery_read = Table(
    "api_delivery_read",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("delivery", BigInteger, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("key", Text),
    Index("api_delivery_read_delivery", "delivery", "id"),
    info=Trimmed("delivery_reads", "at", 730).info,
)
"""Who read a message that went out whole, and when: `by` is the person, `key` names the key they came with."""

answered = Table(
    "api_answered",
    metadata,
    Column("actor", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("api_answered_at", "at"),
)
"""Answers to requests that carried an Idempotency-Key."""

account = Table(
    "api_account",
    metadata,
    Column("connector", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Index("api_account_user", "user", "connector"),
)
"""Who is who at a service: the account of a connector that belongs to a person of the directory."""

member = Table(
    "api_member",
    metadata,
    Column("connector", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("left_at", Instant),
)
"""Who was seen in the organisation behind a connector, and since when they are no longer there."""

section = Table(
    "api_section",
    metadata,
    Column("connector", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("department", BigInteger, nullable=False),
)
"""Which department of the directory each department behind a connector is."""

sync = Table(
    "api_sync",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("organisation", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("error", Text),
    Column("counts", Json, nullable=False),
    Column("told", Json, nullable=False),
    Index("api_sync_organisation", "organisation", "id"),
)
"""What came of following an organisation: how many changes of each sort, the changes and conflicts, or why it could
not be read."""

sign_in = Table(
    "api_sign_in",
    metadata,
    Column("state", Text, primary_key=True),
    Column("browser", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("back", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("brought", Json),
)
"""Sign-ins on their way to another service and back: of `state` and of the browser's cookie the digest is kept;
`brought` is what came back by a POST, which carries no cookie, until the browser comes with it."""

mailbox = Table(
    "api_mailbox",
    metadata,
    Column("name", Text, primary_key=True),
    Column("validity", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("looked_at", Instant),
    Column("error", Text),
)
"""How far each mailbox was read."""

letter = Table(
    "api_letter",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("message", Text, nullable=False, unique=True),
    Column("mailbox", Text),
    Column("direction", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("about_form", Text, info={"holds": "form"}),
    Column("about_record", BigInteger),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("state", Text, nullable=False),
    Column("problems", Json, nullable=False),
    Column("content", LargeBinary),
    Column("cut", BigInteger),
    Index("api_letter_about", "about_form", "about_record"),
    Index("api_letter_state", "state", "id"),
    info=Trimmed("unfiled_letters", "at", 180, ("state", ("unknown", "automatic", "refused"))).info,
)
"""Letters in and out: `about` is the record whose people it was exchanged with, `record` what was made of it. `state`
is sent, filed, unknown (nobody of the app wrote it), automatic or refused; what is not filed keeps its content. `cut`
is the size of a letter that only the beginning of was fetched."""

calendar = Table(
    "api_calendar",
    metadata,
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)
"""The addresses under which people subscribe to calendars: the hash alone of the word in each."""
