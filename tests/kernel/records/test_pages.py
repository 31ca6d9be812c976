"""Pages follow one another without a gap and without a row twice, whichever way they are ordered, blanks last."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.records.show import plain

AMOUNTS = (3, None, 1, 3, None, 2, 0, None, 3, -1, None)


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    fields = [
        {"name": "indexed", "type": "money", "index": True},
        {"name": "plain", "type": "money"},
        {"name": "word", "type": "text"},
    ]
    found = Host({"app.json": {"name": "firm"}, "forms/item.json": {"name": "item", "fields": fields}}, database_url)
    found.publish()
    for number, amount in enumerate(AMOUNTS):
        values = {"indexed": amount, "plain": amount, "word": "ab"[number % 2]}
        found.ask(APP, "records.create", type="item", values=values)
    yield found
    found.close()


def walked(host: Host, **asked: Any) -> list[dict[str, Any]]:
    """Every item, page by page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = host.ask(APP, "records.list", type="item", limit=2, after=after, **asked)
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


def test_pages_are_the_whole_list_in_order(host: Host) -> None:
    """With an index or without one, with a filter or without: the same rows in the same order, each once."""
    for where in (None, 'word = "a"', "indexed is blank", "indexed > 0"):
        everything = host.ask(APP, "records.list", type="item", where=where, limit=100)["items"]
        for field, sign in itertools.product(("indexed", "plain"), (1, -1)):

            def key(row: dict[str, Any], field: str = field, sign: int = sign) -> tuple[bool, Decimal, int]:
                value = row[field]
                return value is None, sign * (value or Decimal(0)), sign * row["id"]

            pages = walked(host, where=where, sort=(field if sign > 0 else f"-{field}",))
            assert [row["id"] for row in sorted(everything, key=key)] == [row["id"] for row in pages]


def test_any_part_of_a_list_is_reached_at_once(host: Host) -> None:
    """`skip` passes over rows, from the beginning or after a cursor, also from those with a value into the blanks; the
    count is that of everything."""
    for where, field in itertools.product(
        (None, 'word = "a"'), ("indexed", "-indexed", "plain", "-plain", "-created_at")
    ):
        everything = [row["id"] for row in walked(host, where=where, sort=(field,))]

        def page(field: str = field, where: str | None = where, **asked: Any) -> dict[str, Any]:
            found: dict[str, Any] = host.ask(
                APP, "records.list", type="item", where=where, sort=(field,), limit=2, **asked
            )
            return found

        cursor = page()["next"]
        for skip in range(len(everything) + 2):
            assert everything[skip : skip + 2] == [row["id"] for row in page(skip=skip)["items"]], (field, skip)
            assert everything[skip + 2 : skip + 4] == [row["id"] for row in page(skip=skip, after=cursor)["items"]]
        whole = page(skip=3, after=cursor, count=True, whole=True)["count"]
        assert {"value": len(everything), "capped": False} == whole


def test_values_for_doors_are_what_the_kinds_show(host: Host) -> None:
    """`as_json` gives what a door would make of the values one by one."""
    [row] = host.ask(APP, "records.list", type="item", where="plain = -1")["items"]
    [shown] = host.ask(APP, "records.list", type="item", where="plain = -1", as_json=True)["items"]
    stamp = row["created_at"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert ("-1.00", stamp, row["id"]) == (shown["plain"], shown["created_at"], shown["id"])


@pytest.mark.parametrize(
    ("sort", "beside"), [("indexed", 0), ("-plain", 0), ("word", 0), ("-id", 0), ("-created_at", 1)]
)
def test_what_orders_a_list_is_read_once(host: Host, sort: str, beside: int) -> None:
    """What is shown and ordered by stands once in the statement of a list; an instant, which is shown to the
    millisecond, is read whole beside it. The page that follows is the same for values and for doors."""
    found = []
    for as_json in (False, True):
        page = host.ask(APP, "records.list", type="item", limit=3, sort=(sort,), as_json=as_json)
        columns = list(host.database._prepared.values())[-1][1].columns
        assert beside * as_json == len([each for each in columns if each.startswith("@")])
        assert not any("@" in name for row in page["items"] for name in row)
        found.append((page["next"], [row["id"] for row in page["items"]]))
    assert found[0] == found[1] and found[0][0] is not None


TEXTS = ("0001-01-02T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2024-02-29T12:00:00.1Z", "2026-07-01T08:30:00.001Z",
         "2026-07-01T08:30:00.000999Z", "9998-12-31T23:59:59Z")  # fmt: skip
NUMBERS = ("-0.01", "0", "999999999999.99", "-1", "0.99", "1.00")


def test_what_is_shown_is_what_would_be_read(database_url: str) -> None:
    """A page for a door takes instants, days and decimals from the database as text where it can: the same as reading
    and then writing them, whatever zone the connection of an embedding program is set to."""
    fields = [
        {"name": name, "type": kind}
        for name, kind in (("at", "datetime"), ("day", "date"), ("cost", "money"), ("share", "number"))
    ]
    with Host({"app.json": {"name": "a"}, "forms/item.json": {"name": "item", "fields": fields}}, database_url) as host:
        host.publish()
        for text, number in zip(TEXTS, NUMBERS, strict=True):
            values = {"at": text, "day": text[:10], "cost": number, "share": number[:5]}
            host.ask(APP, "records.create", type="item", values=values)

        def both(context: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
            read, shown = (context.ask("records.list", type="item", as_json=flag)["items"] for flag in (False, True))
            return [plain(each) for each in read], shown

        with host.session(APP) as context:
            read, shown = both(context)
        assert read == shown and len(TEXTS) == len(read)
        engine = sa.create_engine(database_url)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TIME ZONE 'Asia/Kolkata'")
            with host.session(APP, connection=connection) as context:
                assert (read, shown) == both(context)
        engine.dispose()


def test_lists_that_differ_in_a_value_share_a_statement(host: Host) -> None:
    """What is asked for one value after another is made once, and each finds its own; counts and sums as well."""
    prepared = host.database._prepared

    def asked(amount: str, words: tuple[str, ...], **more: Any) -> tuple[list[Any], Any, Any]:
        listed = ", ".join(f'"{each}"' for each in words)
        where = f"indexed > {amount} and word in ({listed})"
        page = host.ask(APP, "records.list", type="item", where=where, count=True, sum=("plain",), **more)
        return sorted(row["indexed"] for row in page["items"]), page["count"]["value"], page["sums"]["plain"]

    def meant(amount: int, words: tuple[str, ...]) -> tuple[list[Any], Any, Any]:
        found = [
            each for number, each in enumerate(AMOUNTS)
            if each is not None and each > amount and "ab"[number % 2] in words
        ]  # fmt: skip
        return sorted(found), len(found), sum(found) if found else None

    assert asked("2", ("a", "b")) == meant(2, ("a", "b"))
    known = len(prepared)
    for amount, words in itertools.product(range(-2, 4), (("a", "b"), ("b", "a"), ("b", "z"))):
        assert asked(str(amount), words) == meant(amount, words)
    assert known == len(prepared)
    assert asked("0.5", ("a",)) == meant(0, ("a",))
    groups = [host.ask(APP, "records.groups", type="item", by="word", where=f"indexed > {each}") for each in (0, 2)]
    assert [[("a", 3), ("b", 2)], [("a", 2), ("b", 1)]] == [[(g["value"], g["count"]) for g in each] for each in groups]


def test_a_list_of_certain_records(host: Host) -> None:
    """`ids`: only these, with all else that a list is asked for; unknown ones are not there."""
    everything = [row["id"] for row in walked(host, sort=("id",))]
    some = everything[1:6]
    page = host.ask(APP, "records.list", type="item", ids=(*some, 10**9), where='word = "a"', count=True, sort=("id",))
    wanted = [each for number, each in enumerate(everything) if each in some and number % 2 == 0]
    assert (wanted, len(wanted)) == ([row["id"] for row in page["items"]], page["count"]["value"])
    assert [] == host.ask(APP, "records.list", type="item", ids=())["items"]
    assert some == [row["id"] for row in walked(host, sort=("id",), ids=tuple(reversed(some)))]
