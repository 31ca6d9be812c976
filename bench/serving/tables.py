"""What the hand-written services share: their tables, what may be sent, and what is answered beside the values."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lowcode.kernel.records import searchwords
from lowcode.kernel.storage import fulltext
from lowcode.web.door import SECURITY

metadata = sa.MetaData()
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _kept() -> list[sa.Column[Any]]:
    """What is kept of every record."""
    return [
        sa.Column("id", Big, primary_key=True, autoincrement=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.BigInteger),
        sa.Column("owner", sa.BigInteger),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    ]


customer = sa.Table(
    "customer", metadata,
    *_kept(),
    sa.Column("name", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("company", sa.Text),
    sa.Column("level", sa.Text),
    sa.Column("status", sa.Text),
    sa.Column("amount", sa.Numeric(28, 2)),
    sa.Column("discount", sa.Numeric(28, 4)),
    sa.Column("employees", sa.Integer),
    sa.Column("signed_on", sa.Date),
    sa.Column("next_visit", sa.DateTime(timezone=True)),
    sa.Column("notes", sa.Text),
    sa.Column("net", sa.Numeric(28, 2)),
    sa.Column("size", sa.Text),
)  # fmt: skip
_live = customer.c.deleted_at.is_(None)
sa.Index("customer__owner", customer.c.owner, sqlite_where=_live, postgresql_where=_live)
sa.Index("customer__amount", customer.c.amount, sqlite_where=_live, postgresql_where=_live)
sa.Index("customer__created", customer.c.created_at, customer.c.id)
sa.Index("customer__updated", customer.c.updated_at, customer.c.id)

visit = sa.Table(
    "visit", metadata,
    *_kept(),
    sa.Column("customer", sa.BigInteger, sa.ForeignKey("customer.id")),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("cost", sa.Numeric(28, 2)),
    sa.Column("notes", sa.Text),
)  # fmt: skip
_stands = visit.c.deleted_at.is_(None)
sa.Index("visit__owner", visit.c.owner, sqlite_where=_stands, postgresql_where=_stands)
sa.Index("visit__customer", visit.c.customer, sqlite_where=_stands, postgresql_where=_stands)
sa.Index("visit__at", visit.c.at, sqlite_where=_stands, postgresql_where=_stands)

history = sa.Table(
    "customer__history", metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("record_id", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Index("customer__history_record", "record_id", "id"),
)  # fmt: skip

event = sa.Table(
    "event", metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("record_type", sa.Text),
    sa.Column("record_id", sa.BigInteger),
    sa.Column("actor", sa.BigInteger),
    sa.Column("body", sa.JSON, nullable=False),
)  # fmt: skip

words = sa.Table(
    "words", metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("record_type", sa.Text, nullable=False),
    sa.Column("record_id", sa.BigInteger, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Index("words_record", "record_type", "record_id"),
)  # fmt: skip
"""What customers are searched by, as ours keeps it: the pieces of their names, in an index of the database."""

person = sa.Table(
    "person", metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=False),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("manager", sa.BigInteger),
)  # fmt: skip

session = sa.Table(
    "session", metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("user", sa.BigInteger, nullable=False),
    sa.Column("csrf", sa.Text, nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)  # fmt: skip

SESSION_SECONDS = 15.0
"""How long a session that was found is believed, and the people read with it: as long as ours."""

META = {"can": {"edit": True, "delete": True}, "read_only": [], "transitions": {}, "buttons": [], "flows": [],
        "print": []}  # fmt: skip
"""What may be done with a customer, which is answered with one of them: whoever reads one may change it."""
PRIVATE = ("Cache-Control", "private, no-store")
HEADERS = SECURITY
"""What ours sends with each answer, so that a browser does nothing with it that is not meant."""


def make_tables(connection: sa.Connection) -> None:
    """The tables, and the index of the words."""
    metadata.create_all(connection)
    for statement in fulltext.statements(words.name, connection.dialect.name == "postgresql"):
        connection.exec_driver_sql(statement)


def searched_by(name: str | None) -> dict[str, str]:
    """The words of a customer: the same pieces as ours."""
    plain = searchwords.folded(name or "")
    return {"words": " ".join(searchwords.tokens(plain, short=True, pinyin=False)), "folded": plain}


def _matching(pattern: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError("does not look right")
        return value

    return AfterValidator(check)


Email = Annotated[str, _matching(r"[^@\s]+@[^@\s]+\.[^@\s]+")]
Phone = Annotated[str, _matching(r"\+?[0-9 ()-]{5,20}")]


class Sent(BaseModel):
    """What may be sent of a customer; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    email: Email | None = None
    phone: Phone | None = None
    company: str | None = None
    level: Literal["A", "B", "C", "D"] | None = None
    status: Literal["active", "asleep", "lost"] | None = None
    amount: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    discount: Annotated[Decimal, Field(le=Decimal("0.5"))] | None = None
    employees: int | None = None
    signed_on: date | None = None
    next_visit: datetime | None = None
    notes: str | None = None


class New(Sent):
    """A new customer."""

    name: str = Field(min_length=1)

    @model_validator(mode="after")
    def discount_is_small(self) -> New:
        """The form's check."""
        if not discount_fits(self.discount, self.amount):
            raise ValueError("too much")
        return self


def discount_fits(discount: Decimal | None, amount: Decimal | None) -> bool:
    """A large discount is for small amounts only."""
    return discount is None or discount <= Decimal("0.3") or amount is None or amount < 100000


def computed(amount: Decimal | None, discount: Decimal | None, employees: int | None) -> dict[str, Any]:
    """The two formulas."""
    net = None
    if amount is not None and discount is not None:
        net = (amount * (1 - discount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"net": net, "size": "large" if (employees or 0) > 500 else "small"}


def engine_for(url: str, **more: Any) -> sa.Engine:
    """An engine as a careful programmer sets it up: the same durability as ours."""
    engine = sa.create_engine(url, pool_size=20, **more)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def pragmas(connection: Any, _: Any) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000",
                           "cache_size=-65536", "temp_store=MEMORY"):  # fmt: skip
                connection.execute(f"PRAGMA {pragma}")

    return engine
