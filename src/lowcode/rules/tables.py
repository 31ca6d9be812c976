"""What the rule engine keeps: occurrences that have fired, runs and what came of them, whose turn it is, and scores."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.trimmed import Trimmed
from lowcode.kernel.storage.types import Day, Instant, Json, ScaledDecimal

metadata = MetaData()

occurrence = Table(
    "rule_occurrence",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("occurrence", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""A rule has fired for a record on an occasion: written in the transaction of its actions, so it happens once."""

run = Table(
    "rule_run",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("rule", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("occurrence", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("conditions", Json, nullable=False),
    Column("actions", Json, nullable=False),
    Column("causes", Json, nullable=False),
    Column("actor", BigInteger),
    Column("error", Text),
    Column("microseconds", BigInteger, nullable=False),
    Index("rule_run_rule", "rule", "at"),
    Index("rule_run_record", "form", "record", "at"),
    info=Trimmed("rule_runs", "at", 180).info,
)
"""The run log: `outcome` is done, not_met or stopped; conditions with their values, actions with their results."""

wait = Table(
    "rule_wait",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("rule", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("actor", BigInteger),
    Column("started_at", Instant, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("variables", Json, nullable=False),
    Column("before", Json),
    Index("rule_wait_record", "rule", "record", unique=True),
)
"""What a rule waits to do for a record: the step it goes on with, since when and until when, and what it has made so
far. A record is on its way through a rule once at a time."""

held = Table(
    "rule_held",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("form", Text, nullable=False, info={"holds": "form"}),
    Column("record", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("actor", BigInteger),
    Column("before", Json),
    Column("wait", BigInteger),
    Index("rule_held_record", "form", "record"),
)
"""What a rule had to do for a record while it lay in the bin, done when it is back: a firing, or a wait to end."""

batch = Table(
    "rule_batch",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("action", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False, info={"holds": "form"}),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("actor", BigInteger),
    Column("at", Instant, nullable=False),
    Column("named", Json, nullable=False),
    Column("given", Json, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("refusals", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("moved_at", Instant, nullable=False),
    Index("rule_batch_rule", "rule", "state"),
    info=Trimmed("rule_batches", "moved_at", 365, ("state", ("done", "ended"))).info,
)
"""What an action does to more records than one transaction holds: up to the record `last`, `after` which it goes on;
working, paused with its rule, done, or ended."""

message = Table(
    "rule_message",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("user", BigInteger),
    Column("name", Text),
    Column("subject", Json),
    Column("text", Json),
    Column("language", Text),
    Column("values", Json),
    Column("form", Text, info={"holds": "form"}),
    Column("record", BigInteger),
    Column("rule", Text),
    Column("by", BigInteger),
    Column("key", Text, nullable=False, unique=True),
    Column("most", Integer),
    Column("within", BigInteger),
    Column("files", Json, info={"refers": ("contents",)}),
    Column("at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("sent_at", Instant),
    Column("reason", Text),
    Index("rule_message_address", "channel", "address", "sent_at"),
    Index("rule_message_record", "form", "record", "id"),
    info=Trimmed("rule_messages", "at", 365, ("state", ("sent", "dropped", "unsent"))).info,
)
"""What rules and people write to others: waiting, sent (handed to its channel), dropped (the recipient had enough) or
unsent (there is no such channel now); `most` within so many seconds is what the recipient may get by the channel."""

digest = Table(
    "rule_digest",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("digest", Text, nullable=False),
    Column("user", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("notice", Json, nullable=False),
    Column("key", Text, unique=True),
    Index("rule_digest_user", "user", "digest", "due_at"),
)
"""Notices that wait to be told together."""

pause = Table(
    "rule_pause",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("reason", Text, nullable=False),
)
"""The rules that do not fire until somebody resumes them: paused by a person, or by a guard."""

word = Table("rule_word", metadata, Column("word", Text, primary_key=True), Column("name", Text, nullable=False))
"""What the app calls a word of the scenarios, since somebody said so."""

turn = Table(
    "rule_turn",
    metadata,
    Column("pool", Text, primary_key=True),
    Column("last", BigInteger),
    Column("given", BigInteger, nullable=False),
)
"""Whose turn it was last in each pool of people; the row is locked while the next one is chosen."""

debt = Table(
    "rule_turn_debt",
    metadata,
    Column("pool", Text, primary_key=True),
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("owed", BigInteger, nullable=False),
)
"""What each person of a pool is owed where turns are shared by weight."""

score = Table(
    "rule_score",
    metadata,
    Column("card", Text, primary_key=True),
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("points", ScaledDecimal(4)),
    Column("band", Text),
    Column("version", Text, nullable=False),
    Column("until", Day),
    Column("at", Instant, nullable=False),
    Column("contributions", Json, nullable=False),
    Index("rule_score_until", "card", "until"),
)
"""The score of a record by a card: what each part gave, by which version of the card, and until when it holds."""

model = Table(
    "rule_model",
    metadata,
    Column("card", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("scorer", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("model", Json, nullable=False),
    Column("report", Json, nullable=False),
    Column("adopted_at", Instant),
    Column("adopted_by", BigInteger),
    Column("given_up_at", Instant),
)
"""A model the learned part of a card can go by: what it was learned as, and how good it is on unseen records. `by`
learned it; it is in use from when it was adopted until it was given up."""

score_change = Table(
    "rule_score_change",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("card", Text, nullable=False),
    Column("record", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("points", ScaledDecimal(4)),
    Column("band", Text),
    Column("former", ScaledDecimal(4)),
    Column("former_band", Text),
    Column("version", Text, nullable=False),
    Index("rule_score_change_record", "card", "record", "id"),
    info=Trimmed("score_changes", "at", 1095).info,
)
"""How a score went up and down: a row for each change of it."""

pool_move = Table(
    "rule_pool_move",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("pool", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("record", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("user", BigInteger),
    Column("former", BigInteger),
    Column("to_pool", Text),
    Column("reason", Json),
    Index("rule_pool_move_user", "pool", "kind", "user", "at"),
    Index("rule_pool_move_record", "form", "record", "id"),
    Index("rule_pool_move_at", "pool", "at"),
)
"""What came into a pool and went out of it: who did it, who has the record now, who had it."""
