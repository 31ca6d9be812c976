"""What the rule engine keeps: occurrences that have fired, runs and what came of them, and whose turn it is."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.types import Instant, Json

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
)
"""The run log: `outcome` is done, not_met or stopped; conditions with their values, actions with their results."""

turn = Table(
    "rule_turn",
    metadata,
    Column("pool", Text, primary_key=True),
    Column("last", BigInteger),
    Column("given", BigInteger, nullable=False),
)
"""Whose turn it was last in each pool of people; the row is locked while the next one is chosen."""
