"""Many rows on their way to the driver: as each of them would go by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.records.keeping import keeper
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.types import Day, Instant, Json, JsonText, ScaledDecimal, json_text

TABLE = sa.Table(
    "row", sa.MetaData(), sa.Column("at", Instant), sa.Column("on", Day), sa.Column("amount", ScaledDecimal(2)),
    sa.Column("body", Json),
)  # fmt: skip
FEW = [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=each) for each in range(3)]
DAYS = [date(2026, 3, each) for each in range(1, 4)]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.sampled_from([None, *FEW]),
            "on": st.sampled_from([None, *DAYS]),
            "amount": st.none() | st.decimals(-9999, 9999, places=2),
            "body": st.none() | st.lists(st.integers(0, 9), max_size=2),
        }
    ),
    max_size=8,
)


@given(ROWS)
def test_what_the_row_before_had_as_well_is_converted_alike(rows: Sequence[dict[str, Any]]) -> None:
    """Whatever repeats, is blank in between, or comes again later."""
    for dialect in (sqlite.dialect(), postgresql.psycopg.dialect()):  # type: ignore[no-untyped-call]
        prepared = Prepared(sa.insert(TABLE).values({each.name: sa.bindparam(each.name) for each in TABLE.c}), dialect)
        assert [tuple(prepared.parameters(each)) for each in rows] == list(prepared.tuples(rows))
        written = [
            {**each, "body": each["body"] and JsonText(json_text(each["body"]))} for each in rows if each["body"]
        ]
        assert [tuple(prepared.parameters(each)) for each in rows if each["body"]] == list(prepared.tuples(written))


@given(st.none() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-9, 9))
def test_the_history_has_numbers_as_json_has_them(value: Decimal | int | None) -> None:
    """Made text before they are written, they read as they would by themselves."""
    kept = keeper(["plain", "other"], frozenset(), ["plain"])({"plain": value, "other": value})
    assert json_text(kept.get("other")) == json_text(kept.get("plain"))
    assert (value is None) == ("plain" not in kept)
