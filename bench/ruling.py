"""Rules against what one would do without them: many conditions at once, saves with armed rules, time, tables.

A thousand conditions are asked of records by ours, by zen-engine (one decision table with a row for each) and by
rule-engine. A save of a form with two hundred armed rules of which two fire is measured against one with none. A tick
of a rule on inactivity over customers with three follow-ups each, and which row of a table of a thousand answers for
every record, are measured against the same written by hand: a tick finds who is due, writes a job for each and moves
the watermark, in one transaction of the same database, committed as firmly.
"""

from __future__ import annotations

import json
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import rule_engine
import zen

from bench.customers import GRADES
from bench.harness import Comparison, Size
from bench.lists import write_rows
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.rules.engine import Rules
from lowcode.rules.run import Save, matching

RULES, RECORDS, ARMED, CUSTOMERS, ROWS = 1000, 10_000, 200, 1_000_000, 1000
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
FIELDS = [
    {"name": "name", "type": "text"},
    {"name": "level", "type": "select", "options": [{"name": grade} for grade in GRADES]},
    {"name": "status", "type": "select", "options": [{"name": each} for each in ("active", "asleep")]},
    {"name": "amount", "type": "money"},
    {"name": "employees", "type": "integer"},
    {"name": "last_contact", "type": "datetime"},
]


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite: the ways of evaluating are the same on both databases."""
    yield from _conditions(size)
    with tempfile.TemporaryDirectory() as folder:
        yield from _saves(folder, max(20, size.of(ARMED)))
        yield from _sets(folder, max(1000, size.of(CUSTOMERS)), max(20, size.of(ROWS)))


def _app(rules: Sequence[dict[str, Any]]) -> dict[str, Any]:
    documents: dict[str, Any] = {
        "app.json": {"name": "bench", "roles": [{"name": "sales"}]},
        "forms/customer.json": {"name": "customer", "fields": FIELDS},
    }
    return documents | {f"rules/{rule['name']}.json": rule for rule in rules}


def _rule(number: int, condition: str) -> dict[str, Any]:
    tell = {"notify": {"to": ["owner"], "title": "Look"}}
    return {"name": f"r{number}", "form": "customer", "on": {"becomes": condition}, "actions": [tell]}


# -- a thousand conditions --------------------------------------------------------------------------------------------


def _conditions(size: Size) -> Iterator[Comparison]:
    """Each rule asks for a grade and an amount; a record meets about one in eight of those of its grade."""
    dice = random.Random(3)
    many = max(20, size.of(RULES))
    asked = [(GRADES[number % 4], dice.randrange(100_000)) for number in range(many)]
    rules = [_rule(at, f'level = "{grade}" and amount > {least}') for at, (grade, least) in enumerate(asked)]
    count = max(20, size.of(RECORDS) // 50)
    records: list[dict[str, Any]] = [
        {"level": GRADES[dice.randrange(4)], "amount": Decimal(dice.randrange(10_000_000)) / 100} for _ in range(count)
    ]
    host = Host(_app(rules), "sqlite://")
    host.publish()
    watch = host.app.plans["rules"].after["customer", "create"]
    with host.database.reading() as unit:
        moment = host.context(unit, APP).moment()

    def ours() -> list[int]:
        return [len(matching(watch, Save("create", each, None, frozenset()), moment, _whole)) for each in records]

    table = zen.ZenEngine().create_decision(json.dumps(_zen_table(asked)))
    plain = [{"level": each["level"], "amount": float(each["amount"])} for each in records]

    def by_zen() -> list[int]:
        return [len(table.evaluate(each)["result"]) for each in plain]

    written = [rule_engine.Rule(f'level == "{grade}" and amount > {least}') for grade, least in asked]
    few = plain[: max(2, count // 20)]

    def by_rule_engine() -> list[int]:
        return [sum(rule.matches(each) for rule in written) for each in few]

    def ours_few() -> list[int]:
        return [len(matching(watch, Save("create", each, None, frozenset()), moment, _whole))
                for each in records[: len(few)]]  # fmt: skip

    assert ours() == by_zen()
    assert ours_few() == by_rule_engine()
    yield Comparison(f"{many} rules, against zen-engine's table", ours, by_zen, 10.0, "records", count)
    yield Comparison(f"{many} rules, against rule-engine", ours_few, by_rule_engine, 100.0, "records", len(few))
    host.close()


def _whole(facts: Any, _: Any) -> Any:
    return facts


def _zen_table(asked: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """A decision table of zen with a row for each rule, that collects every hit."""
    rows = [
        {"_id": f"r{at}", "l": f'"{grade}"', "a": f"> {least}", "o": str(at)} for at, (grade, least) in enumerate(asked)
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "l", "name": "level", "field": "level"}, {"id": "a", "name": "amount", "field": "amount"}],
        "outputs": [{"id": "o", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": {"x": 0, "y": 0}, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


# -- saves ------------------------------------------------------------------------------------------------------------


def _saves(folder: str, rules: int) -> Iterator[Comparison]:
    """A new record with two hundred armed rules of which two fire, and one of the same form without rules."""
    armed = [_rule(at, f"amount > {1000 if at < 2 else 10_000_000 + at}") for at in range(rules)]
    with_rules, without = (_saving(f"sqlite:///{folder}/{name}.sqlite3", rules) for name, rules in (
        ("armed", armed), ("bare", []),
    ))  # fmt: skip
    yield Comparison(f"a save with {rules} armed rules, two fire", with_rules, without, 1 / 1.3, "saves")


def _saving(url: str, rules: Sequence[dict[str, Any]]) -> Callable[[], None]:
    host = Host(_app(rules), url)
    host.publish()
    values = {"name": "Customer", "level": "A", "status": "active", "amount": "5000", "employees": 20}

    def save() -> None:
        host.ask(APP, "records.create", type="customer", values=values)

    return save


# -- sets ------------------------------------------------------------------------------------------------------------

CUSTOMER = {
    "name": "customer",
    "fields": [*FIELDS, {"name": "last_follow_up_at", "type": "rollup", "expression": "MAX(follow_ups.at)"}],
    "relations": [{"name": "follow_ups", "form": "follow_up", "by": "customer"}],
}
FOLLOW_UP = {
    "name": "follow_up",
    "fields": [{"name": "customer", "type": "link", "to": "customer"}, {"name": "at", "type": "datetime"}],
}
SILENT = {
    "name": "silent", "form": "customer", "when": 'status = "active"',
    "on": {"inactive": {"since": "last_follow_up_at", "for": {"days": 30}}},
    "actions": [{"notify": {"to": ["owner"], "title": "Call"}}],
}  # fmt: skip
TICK_GOAL = 0.5
"""In a minute two fall silent or nobody: measured is what a tick costs at all, which by hand knows of one rule only."""
EACH = 3
"""Follow-ups of a customer."""
BEGIN = START - timedelta(days=300)
"""Where the clock stands before the first tick: from there on somebody falls silent all the time."""


def _sets(folder: str, customers: int, count: int) -> Iterator[Comparison]:
    """Who falls silent, and a table over all records, beside SQL by hand."""
    dice = random.Random(5)
    cells = [(GRADES[at % 4], dice.randrange(900), dice.randrange(90_000)) for at in range(count - 1)]
    rows = [
        {"when": {"level": f'"{grade}"', "employees": f">= {least}", "amount": f"< {most}"}, "then": {"row": f"{at}"}}
        for at, (grade, least, most) in enumerate(cells)
    ]
    table = {
        "name": "grades", "type": "table", "form": "customer", "hit": "FIRST",
        "inputs": [{"name": name, "expression": name} for name in ("level", "employees", "amount")],
        "outputs": [{"name": "row", "type": "number"}], "rules": [*rows, {"when": {}, "then": {"row": "-1"}}],
    }  # fmt: skip
    path, clock = f"{folder}/sets.sqlite3", FrozenClock(BEGIN)
    documents = _app([SILENT, table])
    documents |= {"forms/customer.json": CUSTOMER, "forms/follow_up.json": FOLLOW_UP}
    host = Host(documents, f"sqlite:///{path}", clock=clock, engines=[Forms(), Rules()])
    host.publish()
    _fill(host, customers)
    hand = sqlite3.connect(path, isolation_level=None)
    hand.execute("pragma synchronous=FULL")
    _follow(hand)
    hand.execute("analyze")
    silent = Silent(host, hand, clock)
    for minutes, name, goal in ((1, "a minute", TICK_GOAL), (200, "200 minutes", 1 / 1.3), (1440, "a day", 1 / 1.3)):
        work = silent.ours(minutes), silent.by_hand(minutes)
        yield Comparison(f"who fell silent in {name}, of {customers:,} customers", *work, goal, "ticks")
    yield _decided(host, hand, cells, customers)
    hand.close()
    host.close()


def _fill(host: Host, customers: int) -> None:
    dice, batch = random.Random(7), []
    with host.session(APP) as context:
        context.unit.begin()
        for number in range(customers):
            silent = START - timedelta(seconds=dice.randrange(365 * 86_400))
            batch.append({
                "id": number + 1, "version": 1, "created_at": START, "created_by": None, "updated_at": START,
                "updated_by": None, "owner": None, "deleted_at": None, "name": f"Customer {number}",
                "level": GRADES[number % 4], "status": "active" if dice.random() < 0.5 else "asleep",
                "amount": Decimal(dice.randrange(9_000_000)) / 100, "employees": dice.randrange(900),
                "last_contact": silent, "last_follow_up_at": silent,
            })  # fmt: skip
            if len(batch) == 5000 or number == customers - 1:
                write_rows(context.unit, host.types["customer"].table, batch)
                batch = []


def _follow(hand: sqlite3.Connection) -> None:
    """Each customer's follow-ups: the last one, and others a week before the next."""
    hand.execute("begin immediate")
    for back in range(EACH):
        at = f"strftime('%Y-%m-%dT%H:%M:%f', last_follow_up_at, '-{7 * back} days') || substr(last_follow_up_at, 24)"
        hand.execute(
            "insert into follow_up (id, version, created_at, updated_at, customer, at)"
            f" select id * {EACH} - {back}, 1, created_at, created_at, id, {at} from customer"
        )
    hand.execute("commit")


class Silent:
    """The rule on inactivity, tick by tick, and the same by hand in the same tables under names of its own."""

    def __init__(self, host: Host, hand: sqlite3.Connection, clock: FrozenClock) -> None:
        self.host, self.hand, self.clock = host, hand, clock
        bind: Callable[[Any], str] | None = t.watermark.c.until.type.bind_processor(_dialect(host))
        self.text = bind or str
        host.tick()
        hand.execute("insert into lc_watermark (name, until) values ('hand', ?)", [self.text(BEGIN)])
        self.ours(200)()
        self.by_hand(200)()
        mine, theirs = (self._jobs(name) for name in ("rules:silent", "hand"))
        assert mine == theirs and len(mine) > 0

    def _jobs(self, name: str) -> list[str]:
        found = self.hand.execute("select key from lc_job where key like ? || ':%' order by key", [name])
        return [key.removeprefix(f"{name}:").removesuffix(":0") for (key,) in found]

    def ours(self, minutes: int) -> Callable[[], None]:
        """The clock goes on, and the host ticks."""

        def tick() -> None:
            self.clock.advance(timedelta(minutes=minutes))
            self.host.tick()

        return tick

    def by_hand(self, minutes: int) -> Callable[[], None]:
        """The window since the watermark, a job for each who is due, and the watermark."""
        hand, text, month = self.hand, self.text, timedelta(days=30)
        due = (
            "select id, last_follow_up_at from customer where deleted_at is null and last_follow_up_at > ?"
            " and last_follow_up_at <= ? and status = 'active'"
        )
        put = (
            "insert into lc_job (kind, name, body, due_at, state, attempts, key, causes, actor, created_at)"
            " values ('operation', 'rules.fire', ?, ?, 'ready', 0, ?, '', null, ?)"
            " on conflict (key) where key is not null do nothing"
        )

        def jobs(rows: list[tuple[int, str]], now: str) -> Iterator[tuple[str, ...]]:
            for identity, at in rows:
                occurrence = datetime.fromisoformat(at).isoformat()
                body = {"rule": "silent", "step": 0, "record": identity, "occurrence": occurrence, "actor": None,
                        "before": None}  # fmt: skip
                yield json.dumps(body), now, f"hand:{identity}:{occurrence}", now

        def tick() -> None:
            hand.execute("begin immediate")
            since = hand.execute("select until from lc_watermark where name = 'hand'").fetchone()[0]
            after = datetime.fromisoformat(since)
            until = after + timedelta(minutes=minutes)
            rows = hand.execute(due, [text(after - month), text(until - month)]).fetchall()
            now = text(until)
            hand.executemany(put, jobs(rows, now))
            hand.execute("update lc_watermark set until = ? where name = 'hand'", [now])
            hand.execute("commit")

        return tick


def _dialect(host: Host) -> Any:
    return host.database.engine.dialect


def _decided(host: Host, hand: sqlite3.Connection, cells: Sequence[tuple[str, int, int]], customers: int) -> Comparison:
    scaled = hand.execute("select max(amount) from customer").fetchone()[0] > 100_000
    cases = " ".join(
        f"when level = '{grade}' and employees >= {least} and amount < {most * (100 if scaled else 1)} then {at + 1}"
        for at, (grade, least, most) in enumerate(cells)
    )
    last = len(cells) + 1
    sql = f"select case {cases} else {last} end as line, count(*) from customer where deleted_at is null group by line"

    def ours() -> list[int]:
        found = host.ask(APP, "rules.decide_all", table="grades")["rows"]
        return [each["records"] for each in found if each["records"]]

    def by_hand() -> list[int]:
        return [count for _, count in sorted(hand.execute(sql).fetchall())]

    assert ours() == by_hand()
    return Comparison(f"a table of {last} rows over {customers:,} records", ours, by_hand, 0.667, "statements")
