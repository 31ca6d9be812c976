"""A small firm full of roll-ups: accounts and teams with deals, deals with quotes, quotes with lines, baskets that link
to goods.

What they have to be is written down here a second time, in plain Python over the plain tables, so that nothing that
computes them has a say in whether they are right.
"""

from __future__ import annotations

import calendar
import copy
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.identity import APP

EVERYBODY = [{"role": "sales", "can": ["create", "read", "edit", "delete", "import", "restore"]}]
ZONE = ZoneInfo("Asia/Shanghai")
STATUSES = ("open", "won", "lost")
ACCOUNT = {
    "name": "account",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text", "unique": True},
        {"name": "credit", "type": "money"},
        {"name": "won", "type": "rollup", "expression": 'SUM(deals.amount, status = "won")', "scale": 2},
        {"name": "deals_open", "type": "rollup", "expression": 'COUNT(deals, status = "open")'},
        {"name": "largest", "type": "rollup", "expression": "MAX(deals.amount)", "scale": 2},
        {"name": "smallest", "type": "rollup", "expression": 'MIN(deals.amount, status <> "lost")', "scale": 2},
        {"name": "worth", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2},
        {"name": "priced", "type": "rollup", "expression": "COUNT(deals.amount)"},
        {"name": "mean", "type": "rollup", "expression": "AVERAGE(deals.amount)", "scale": 4},
        {"name": "middle", "type": "rollup", "expression": "MEDIAN(deals.amount)", "scale": 3},
        {"name": "kinds", "type": "rollup", "expression": "COUNTUNIQUE(deals.status)"},
        {"name": "any_won", "type": "rollup", "expression": 'ANY(deals, status = "won")', "result": "boolean"},
        {"name": "above", "type": "rollup", "expression": "COUNT(deals, amount > parent.credit)"},
        {"name": "quoted", "type": "rollup", "expression": "SUM(deals.quoted)", "scale": 2},
        {"name": "left", "type": "formula", "expression": "credit - won - quoted", "scale": 2},
    ],
    "relations": [{"name": "deals", "form": "deal", "by": "account"}],
    "permissions": EVERYBODY,
}
TEAM = {
    "name": "team",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "worth", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2},
        {"name": "many", "type": "rollup", "expression": 'COUNT(deals, status = "won")'},
        {"name": "best", "type": "rollup", "expression": "MAX(deals.amount)", "scale": 2},
        {"name": "least", "type": "rollup", "expression": 'MIN(deals.amount, status <> "lost")', "scale": 2},
    ],
    "relations": [{"name": "deals", "form": "deal", "by": "team"}],
    "permissions": EVERYBODY,
}
"""Of which nothing has to be read when a deal comes: what follows of it is added or compared in the write itself."""
DESK = {
    "name": "desk",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "bonus", "type": "money"},
        {"name": "worth", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2},
        {"name": "many", "type": "rollup", "expression": "COUNT(deals)"},
        {"name": "best", "type": "rollup", "expression": "MAX(deals.amount)", "scale": 2},
        {"name": "last", "type": "rollup", "expression": "MAX(deals.signed_on)"},
        {"name": "heard", "type": "rollup", "expression": "MAX(deals.created_at)"},
        {"name": "paid", "type": "formula", "expression": "worth + bonus", "scale": 2},
        {"name": "each", "type": "formula", "expression": "worth / many", "scale": 3},
        {"name": "third", "type": "formula", "expression": "each / 3 + best * 0.333", "scale": 1},
        {"name": "size", "type": "formula", "expression": 'IF(worth > 100, "big", IF(worth < 0, "owing", "small"))'},
        {"name": "said", "type": "formula", "expression": 'name & ": " & many & " / " & size'},
        {"name": "rich", "type": "formula", "expression": "best >= 50 and bonus > 0"},
        {"name": "due", "type": "formula", "expression": 'DATEADD(last, 1, "month")'},
        {"name": "hour", "type": "formula", "expression": "HOUR(heard)"},
    ],
    "relations": [{"name": "deals", "form": "deal", "by": "desk"}],
    "permissions": EVERYBODY,
}
"""Formulas of every class over what is added and compared: numbers with fewer places than they are computed with, and
over one another, words, truths that may be blank, days, hours of a zone, and over what somebody sets."""
DEAL = {
    "name": "deal",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text", "unique": True},
        {"name": "account", "type": "link", "to": "account"},
        {"name": "team", "type": "link", "to": "team"},
        {"name": "desk", "type": "link", "to": "desk"},
        {"name": "signed_on", "type": "date"},
        {"name": "status", "type": "select", "options": [{"name": each} for each in STATUSES]},
        {"name": "amount", "type": "money"},
        {"name": "note", "type": "text"},
        {"name": "quoted", "type": "rollup", "expression": "SUM(quotes.total, sent)", "scale": 2},
    ],
    "relations": [{"name": "quotes", "form": "quote", "by": "deal"}],
    "permissions": EVERYBODY,
}
QUOTE = {
    "name": "quote",
    "fields": [
        {"name": "deal", "type": "link", "to": "deal"},
        {"name": "sent", "type": "boolean"},
        {
            "name": "items",
            "type": "lines",
            "fields": [
                {"name": "quantity", "type": "integer"},
                {"name": "price", "type": "money"},
                {"name": "amount", "type": "formula", "expression": "quantity * price", "scale": 2},
            ],
        },
        {"name": "total", "type": "formula", "expression": "SUM(items.amount, quantity > 0)", "scale": 2},
    ],
    "permissions": EVERYBODY,
}
GOOD = {
    "name": "good",
    "label": "name",
    "fields": [{"name": "name", "type": "text"}, {"name": "price", "type": "money"}],
    "relations": [],
    "permissions": EVERYBODY,
}
BASKET = {
    "name": "basket",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "goods", "type": "links", "to": "good"},
        {"name": "worth", "type": "rollup", "expression": "SUM(goods.price)", "scale": 2},
        {"name": "dear", "type": "rollup", "expression": "COUNT(goods, price >= 50)"},
        {"name": "many", "type": "rollup", "expression": "COUNT(goods)"},
    ],
    "permissions": EVERYBODY,
}


def works(url: str) -> Host:
    """The firm on a database, with one person."""
    forms = (ACCOUNT, TEAM, DESK, DEAL, QUOTE, GOOD, BASKET)
    documents = {f"forms/{each['name']}.json": each for each in forms}
    app = {"name": "works", "zone": ZONE.key, "roles": [{"name": "sales"}]}
    host = Host({"app.json": app, **documents}, url, engines=[Forms()])
    host.publish()
    host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
    host.forget_directory()
    return host


def tables(host: Host) -> dict[str, dict[int, dict[str, Any]]]:
    """Every row of every table, by id."""
    types = host.types
    found: dict[str, dict[int, dict[str, Any]]] = {}
    with host.database.reading() as unit:
        for name, record_type in types.items():
            found[name] = {row["id"]: row for row in unit.fetch(sa.select(record_type.table))}
        pairs = unit.fetch(sa.select(types["basket"].joins["goods"]))
    for basket in found["basket"].values():
        basket["goods"] = [row["target"] for row in pairs if row["source"] == basket["id"]]
    return found


def compared(host: Host) -> tuple[Any, Any]:
    """The roll-ups, and what is computed from them, as they stand and as they are worked out from the rows."""
    rows = tables(host)
    wanted = _worked_out(copy.deepcopy(rows))
    stored = {
        form: {identity: {name: rows[form][identity][name] for name in values} for identity, values in records.items()}
        for form, records in wanted.items()
    }
    return stored, wanted


def emptied(host: Host) -> None:
    """No record is left."""

    def work(unit: Any) -> None:
        for record_type in host.types.values():
            if record_type.parent is None:
                for table in (*record_type.joins.values(), record_type.table):
                    unit.run(sa.delete(table))

    host.database.write(work)


def _worked_out(rows: dict[str, dict[int, dict[str, Any]]]) -> dict[str, dict[int, dict[str, Any]]]:
    lines = rows["quote.items"].values()
    for quote in rows["quote"].values():
        mine = [each for each in lines if each["parent"] == quote["id"] and (each["quantity"] or 0) > 0]
        quote["total"] = sum((each["quantity"] * each["price"] for each in mine if each["price"]), Decimal(0))
    deals = {identity: _deal(each, rows) for identity, each in rows["deal"].items()}
    for identity, each in rows["deal"].items():
        each.update(deals[identity])
    accounts = {identity: _account(each, rows) for identity, each in rows["account"].items()}
    quotes = {identity: {"total": each["total"]} for identity, each in rows["quote"].items()}
    desks = {identity: _desk(each, rows) for identity, each in rows["desk"].items()}
    baskets = {identity: _basket(each, rows) for identity, each in rows["basket"].items()}
    teams = {identity: _team(each, rows) for identity, each in rows["team"].items()}
    return {"quote": quotes, "deal": deals, "account": accounts, "team": teams, "desk": desks, "basket": baskets}


def _living(rows: dict[int, dict[str, Any]], link: str, identity: int) -> list[dict[str, Any]]:
    return [each for each in rows.values() if each[link] == identity and each["deleted_at"] is None]


def _deal(deal: dict[str, Any], rows: Any) -> dict[str, Any]:
    quotes = _living(rows["quote"], "deal", deal["id"])
    return {"quoted": sum((each["total"] for each in quotes if each["sent"]), Decimal(0))}


def _account(account: dict[str, Any], rows: Any) -> dict[str, Any]:
    deals = _living(rows["deal"], "account", account["id"])
    amounts = sorted(each["amount"] for each in deals if each["amount"] is not None)
    kept = [each["amount"] for each in deals if each["status"] != "lost" and each["amount"] is not None]
    won = sum((each["amount"] or 0 for each in deals if each["status"] == "won"), Decimal(0))
    quoted = sum((each["quoted"] for each in deals), Decimal(0))
    credit = account["credit"]
    half = len(amounts) // 2
    middle = None if not amounts else amounts[half] if len(amounts) % 2 else (amounts[half - 1] + amounts[half]) / 2
    return {
        "won": won,
        "deals_open": sum(each["status"] == "open" for each in deals),
        "largest": max(amounts, default=None),
        "smallest": min(kept, default=None),
        "worth": sum(amounts, Decimal(0)),
        "priced": len(amounts),
        "mean": (sum(amounts) / len(amounts)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if amounts else None,
        "middle": middle,
        "kinds": len({each["status"] for each in deals if each["status"]}),
        "any_won": any(each["status"] == "won" for each in deals),
        "above": sum(credit is not None and amount > credit for amount in amounts),
        "quoted": quoted,
        "left": None if credit is None else credit - won - quoted,
    }


def _team(team: dict[str, Any], rows: Any) -> dict[str, Any]:
    deals = _living(rows["deal"], "team", team["id"])
    amounts = [each["amount"] for each in deals if each["amount"] is not None]
    kept = [each["amount"] for each in deals if each["status"] != "lost" and each["amount"] is not None]
    return {
        "worth": sum(amounts, Decimal(0)),
        "many": sum(each["status"] == "won" for each in deals),
        "best": max(amounts, default=None),
        "least": min(kept, default=None),
    }


def _desk(desk: dict[str, Any], rows: Any) -> dict[str, Any]:
    deals = _living(rows["deal"], "desk", desk["id"])
    amounts = [each["amount"] for each in deals if each["amount"] is not None]
    worth, many, bonus = sum(amounts, Decimal(0)), len(deals), desk["bonus"]
    best = max(amounts, default=None)
    last = max((each["signed_on"] for each in deals if each["signed_on"] is not None), default=None)
    heard = max((each["created_at"] for each in deals), default=None)
    each = _places(worth / many, 3) if many else None
    size = "big" if worth > 100 else "owing" if worth < 0 else "small"
    of_truth = [None if best is None else best >= 50, None if bonus is None else bonus > 0]
    return {
        "worth": worth, "many": many, "best": best, "last": last, "heard": heard, "each": each, "size": size,
        "paid": None if bonus is None else worth + bonus,
        "third": None if each is None or best is None else _places(each / 3 + best * Decimal("0.333"), 1),
        "said": f"{desk['name'] or ''}: {many} / {size}",
        "rich": False if False in of_truth else None if None in of_truth else True,
        "due": None if last is None else _month_later(last),
        "hour": None if heard is None else heard.astimezone(ZONE).hour,
    }  # fmt: skip


def _places(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _month_later(day: date) -> date:
    year, month = divmod(day.month, 12)
    following = day.replace(year=day.year + year, month=month + 1, day=1)
    return following.replace(day=min(day.day, calendar.monthrange(following.year, following.month)[1]))


def _basket(basket: dict[str, Any], rows: Any) -> dict[str, Any]:
    goods = [rows["good"][each] for each in basket["goods"] if rows["good"][each]["deleted_at"] is None]
    prices = [each["price"] for each in goods if each["price"] is not None]
    return {"worth": sum(prices, Decimal(0)), "dear": sum(each >= 50 for each in prices), "many": len(goods)}
