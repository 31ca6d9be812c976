"""Looking at a record, and keeping a roll-up: what a form costs beyond the write itself.

A record of thirty fields looked at as `forms.check` does before it answers (values made, required fields, options,
limits, a check over two fields), against a pydantic model of the same thirty fields written by hand.
A save of a row whose parent adds it up, against the same save in a form without the roll-up (`rolling`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bench import rolling
from bench.deals import app
from bench.harness import Comparison, Size
from lowcode.host import Host
from lowcode.kernel.records import save
from lowcode.kernel.records.linked import Known
from lowcode.seeding import seed

TEN: list[dict[str, Any]] = [{"name": f"more_{number}", "type": "text", "max_length": 40} for number in range(10)]


class Deal(BaseModel):
    """The thirty fields by hand."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    number: Annotated[str, Field(max_length=500)]
    title: Annotated[str, Field(max_length=500)] | None = None
    customer: Annotated[int, Field(gt=0)] | None = None
    stage: Literal["lead", "offer", "won", "lost"] | None = None
    amount: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    cost: Annotated[Decimal, Field(decimal_places=2)] | None = None
    discount: Annotated[Decimal, Field(le=Decimal("0.5"), decimal_places=4)] | None = None
    quantity: Annotated[int, Field(ge=0)] | None = None
    weight: Annotated[Decimal, Field(decimal_places=3)] | None = None
    signed_on: date | None = None
    due_on: date | None = None
    called_at: datetime | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[\d\- ]{5,20}$")] | None = None
    city: Annotated[str, Field(max_length=500)] | None = None
    street: Annotated[str, Field(max_length=500)] | None = None
    source: Annotated[str, Field(max_length=500)] | None = None
    urgent: bool | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    notes: str | None = None
    more_0: Annotated[str, Field(max_length=40)] | None = None
    more_1: Annotated[str, Field(max_length=40)] | None = None
    more_2: Annotated[str, Field(max_length=40)] | None = None
    more_3: Annotated[str, Field(max_length=40)] | None = None
    more_4: Annotated[str, Field(max_length=40)] | None = None
    more_5: Annotated[str, Field(max_length=40)] | None = None
    more_6: Annotated[str, Field(max_length=40)] | None = None
    more_7: Annotated[str, Field(max_length=40)] | None = None
    more_8: Annotated[str, Field(max_length=40)] | None = None
    more_9: Annotated[str, Field(max_length=40)] | None = None

    @model_validator(mode="after")
    def sane(self) -> Deal:
        """The check over two fields."""
        if self.discount is not None and self.amount is not None:
            if self.discount > Decimal("0.3") and self.amount >= 100_000:
                raise ValueError("too much")
        return self


def comparisons(size: Size) -> Iterator[Comparison]:
    """Validation, then roll-ups on both databases."""
    yield from _looking()
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            for others in (rolling.FEW, size.of(rolling.MANY)):
                urls = [f"sqlite:///{folder}/{name}-{others}.sqlite3" for name in ("with", "without")]
                yield from rolling.comparisons("SQLite", urls, others)
            yield from rolling.floors("SQLite", lambda name: f"sqlite:///{folder}/{name}.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                for others in (rolling.FEW, size.of(rolling.MANY)):
                    urls = [make(f"{name}{others}") for name in ("with", "without")]
                    yield from rolling.comparisons("PostgreSQL", urls, others)
                yield from rolling.floors("PostgreSQL", make, size)


def _looking() -> Iterator[Comparison]:
    documents = app(*TEN)
    assert len(documents["forms/deal.json"]["fields"]) == len(Deal.model_fields) == 30
    host = Host(documents, "sqlite://")
    host.publish()
    seed(host)
    actor = host.actor("person0")
    customer = host.ask(actor, "records.create", type="customer", values={"name": "示例"})["id"]
    record = {**rolling.sent(7, customer), **{each["name"]: "示例文字" for each in TEN}}
    record_type = host.types["deal"]
    plan, grant = host.save_plan(record_type), host.grant(record_type, actor)
    with host.session(actor) as context:
        known = Known()
        known["customer", customer] = True

        def ours() -> None:
            change = save.draft(context, plan, grant, record)
            save.walk(context, plan, grant, change, known)
            assert not change.problems

        yield Comparison("look at a record of 30 fields", ours, lambda: Deal.model_validate(record), 0.6, "records")
    host.close()
