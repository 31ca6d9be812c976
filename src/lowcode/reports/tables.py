"""What the report engine remembers: boards that people made for themselves, links given away, and letters ordered."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.types import Instant, Json

metadata = MetaData()

board = Table(
    "report_board",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("tiles", Json, nullable=False),
    Column("filters", Json, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("report_board_person", "person"),
)
"""A board of one person: reports on a grid, and the filters above them."""

share = Table(
    "report_share",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("person", BigInteger, nullable=False),
    Column("dashboard", Text, nullable=False),
    Column("filters", Json, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("ended", Boolean, nullable=False),
)
"""A link to a board for people outside; only the digest of its secret is kept. It shows what `person` may see."""

subscription = Table(
    "report_subscription",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person", BigInteger, nullable=False),
    Column("dashboard", Text, nullable=False),
    Column("filters", Json, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("condition", Json),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("channel", Text),
    Column("unsent", Json),
    Index("report_subscription_person", "person"),
)
"""A board sent on a schedule (cron, in the app's zone), if `condition` holds: by mail, or by the `channel` of that
name. `unsent` says why the last one could not be sent, in each language."""

change = Table(
    "report_change",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("transaction", BigInteger, nullable=False),
    Index("report_change_transaction", "transaction"),
)
"""What changed, for mirrors: a row of a table, noted by a trigger. Empty in apps that ask for no mirror."""

mirror = Table(
    "report_mirror",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("identity", Text, nullable=False),
    Column("purged", BigInteger, nullable=False),
)
"""By what a mirror knows this database, and up to which note they are forgotten."""
