"""Questions in SQL: reports ask about what they find, and nobody finds more than they may read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.identity import Actor
from lowcode.reports.sql import reading
from lowcode.reports.sql.written import Refused, understood
from tests.reports.opened import DIRECTOR, SALES, Opened, cells, fill, open_firm

SQL = """
WITH big AS (SELECT d.id, d.owner, d.account, d.amount, d.closed_on FROM deal AS d WHERE d.amount >= 100.5)
SELECT b.owner AS seller, COALESCE(a.industry, 'none: at all') AS industry, b.closed_on AS day, b.amount * 2 AS doubled,
       b.amount > 500 AS large, (SELECT COUNT(*) FROM deal.items AS i WHERE i.parent = b.id) AS parts
FROM big AS b LEFT JOIN account AS a ON a.id = b.account
"""
FIELDS = [
    {"name": "seller", "type": "user"}, {"name": "industry"}, {"name": "day", "type": "date"},
    {"name": "doubled", "type": "number"}, {"name": "large", "type": "boolean"},
    {"name": "parts", "type": "number", "scale": 0},
]  # fmt: skip


def question(name: str, sql: str, fields: Any, **more: Any) -> dict[str, Any]:
    """A question, and a report that counts what it finds by its second column."""
    measures = [{"name": "rows", "expression": "COUNT()"}]
    measures += [
        {"name": each["name"], "expression": f"SUM({each['name']})"} for each in fields if each.get("type") == "number"
    ]
    by = fields[1]["name"]
    return {
        f"reports/{name}.json": {
            "name": name, "type": "sql", "form": "deal", "sql": sql, "fields": fields, **more,
        },
        f"reports/of_{name}.json": {
            "name": f"of_{name}", "type": "report", "form": f"sql.{name}", "measures": measures,
            "dimensions": [{"name": by, "expression": by}],
        },
        f"reports/months_{name}.json": {
            "name": f"months_{name}", "type": "report", "form": f"sql.{name}", "where": "large", "date": "day",
            "dimensions": [
                {"name": "month", "expression": "day", "grain": "month"}, {"name": "s", "expression": "seller"},
            ],
            "measures": [{"name": "doubled", "expression": "SUM(doubled)"}],
        },
    }  # fmt: skip


def by_hand(opened: Opened, actor: Actor) -> dict[Any, dict[str, Any]]:
    """The same counted row by row, in what a person may read."""

    def mine(row: Any) -> bool:
        return actor is DIRECTOR or row["owner"] == actor.id

    industries = {row["id"]: row["industry"] for row in opened.rows["account"] if mine(row)}
    found: dict[Any, dict[str, Any]] = {}
    for deal in opened.rows["deal"]:
        if mine(deal) and deal["amount"] is not None and deal["amount"] >= Decimal("100.5"):
            key = (industries.get(deal["account"]) or "none: at all",)
            group = found.setdefault(key, {"rows": Decimal(0), "doubled": Decimal(0), "parts": Decimal(0)})
            group["rows"] += 1
            group["doubled"] += 2 * deal["amount"]
            group["parts"] += len(deal["items"])
    return found


@pytest.mark.requirement("B15", "SB17")
def test_a_question_in_sql_is_facts_of_reports(database_url: str) -> None:
    """Joined, filtered and counted by hand for a director and two sellers: each finds what they may read, on both
    databases, with decimals, days and truths as everywhere."""
    opened = open_firm(database_url, more=question("margins", SQL, FIELDS))
    fill(opened, 11)
    for actor in (DIRECTOR, *SALES):
        result = opened.host.ask(actor, "reports.run", report="of_margins")
        assert cells(result) == by_hand(opened, actor), actor.login
        assert opened.host.ask(actor, "reports.run", report="months_margins", filters={"period": "last_365_days"})[
            "rows"
        ]
    with pytest.raises(Rejected) as refused:
        opened.host.ask(DIRECTOR, "reports.drill", report="of_margins", drill={"industry": "cars"})
    assert [each.code for each in refused.value.problems] == ["reports.no-drill"]
    opened.host.close()


@pytest.mark.requirement("B15", "B18")
def test_a_question_leads_around_no_permission(database_url: str) -> None:
    """A column that is kept from somebody is no column of theirs; the roles of a question hold; a report sees nothing
    of a form its reader may not read."""
    costs = question("costs", "SELECT d.owner AS seller, d.name AS industry, d.cost AS doubled, true AS large, "
                              "d.closed_on AS day FROM deal AS d",
                     [*FIELDS[:2], {"name": "doubled", "type": "number"}, *FIELDS[2:3], FIELDS[4]])  # fmt: skip
    ours = question("ours", SQL, FIELDS, roles=["director"])
    opened = open_firm(database_url, more={**costs, **ours})
    fill(opened, 12, deals=6)
    assert opened.host.ask(DIRECTOR, "reports.run", report="of_costs")["rows"]
    assert opened.host.ask(DIRECTOR, "reports.run", report="of_ours")["rows"]
    for report, code in (("of_costs", "reports.hidden-field"), ("of_ours", "reports.not-for-you")):
        with pytest.raises(Forbidden) as refused:
            opened.host.ask(SALES[0], "reports.run", report=report)
        assert [each.code for each in refused.value.problems] == [code]
        said = "".join(each.words(language) for each in refused.value.problems for language in ("en", "zh-CN"))
        assert report not in said and report.removeprefix("of_") not in said, "what is refused is not named"
    stranger = Actor(8, "x", "X", frozenset({"nobody"}), locale="en")
    with pytest.raises(Forbidden):
        opened.host.ask(stranger, "reports.run", report="of_costs")
    opened.host.close()


@pytest.mark.requirement("B15")
def test_a_question_ends(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Any) -> None:
    """One that takes too long is stopped, and what the database cannot do is said in its words."""
    endless = ("WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT n.x + 1 FROM n WHERE n.x < 1000000000) "
               "SELECT 1 AS seller, 'a' AS industry, d.closed_on AS day, n.x AS doubled, true AS large "
               "FROM n CROSS JOIN deal AS d")  # fmt: skip
    wrong = ("SELECT 1 AS seller, 'a' AS industry, d.closed_on AS day, CAST(d.name AS INT) / 0 AS doubled, "
             "true AS large FROM deal AS d")  # fmt: skip
    fields = [*FIELDS[:2], {"name": "doubled", "type": "number"}, *FIELDS[2:3], FIELDS[4]]
    url = database_url if database_url.startswith("postgres") else f"sqlite:///{tmp_path / 'firm.sqlite3'}"
    opened = open_firm(url, more={**question("endless", endless, fields), **question("wrong", wrong, fields)})
    fill(opened, 13, deals=3)
    monkeypatch.setattr(reading, "SECONDS", 0.3)
    with pytest.raises(Rejected) as refused:
        opened.host.ask(DIRECTOR, "reports.run", report="of_endless")
    assert [each.code for each in refused.value.problems] == ["reports.sql-too-slow"]
    if database_url.startswith("postgres"):
        with pytest.raises(Rejected) as refused:
            opened.host.ask(DIRECTOR, "reports.run", report="of_wrong")
        assert [each.code for each in refused.value.problems] == ["reports.sql-failed"]
    opened.host.close()


KNOWN = {"deal": {"id": "bigint", "name": "text"}, "deal.items": {"id": "bigint", "parent": "bigint"}}


@pytest.mark.requirement("B15")
@pytest.mark.parametrize(
    ("sql", "key"),
    [
        ("SELECT", "sql-no-column"), ("SELECT (", "sql-unreadable"), ("", "sql-not-a-question"),
        ("DELETE FROM deal", "sql-not-a-question"), ("SELECT 1 AS n; SELECT 2 AS n", "sql-not-a-question"),
        ("WITH x AS (DELETE FROM deal RETURNING id) SELECT x.id AS n FROM x", "sql-not-a-question"),
        ("SELECT d.id AS n INTO other FROM deal AS d", "sql-not-a-question"),
        ("SELECT d.id AS n FROM deal AS d FOR UPDATE", "sql-not-a-question"),
        ("SELECT pg_sleep(9) AS n", "sql-not-a-question"),
        ("SELECT pg_read_file('/etc/passwd') AS n", "sql-not-a-question"),
        ("SELECT load_extension('x') AS n", "sql-not-a-question"), ("DROP TABLE deal", "sql-not-a-question"),
        ("PRAGMA table_info(deal)", "sql-not-a-question"), ("SELECT :secret AS n", "sql-not-a-question"),
        ("SELECT * FROM deal", "sql-star"), ("SELECT d.* FROM deal AS d", "sql-star"),
        ("SELECT u.password AS n FROM lc_user AS u", "sql-unknown-table"),
        ("SELECT d.id AS n FROM main.deal AS d", "sql-unknown-table"),
        ("SELECT g.n AS n FROM generate_series(1, 9) AS g(n)", "sql-unknown-table"),
        ("WITH deal AS (SELECT 1 AS id) SELECT d.id AS n FROM deal AS d", "sql-unknown-table"),
        ("SELECT d.cost AS n FROM deal AS d", "sql-unknown-column"),
        ("SELECT d.id AS m FROM deal AS d", "sql-no-column"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(sql: str, key: str) -> None:
    """Whatever changes, locks, reaches beyond the forms or calls the server's own is no question."""
    with pytest.raises(Refused) as refused:
        understood(sql, KNOWN, ("n",))
    assert refused.value.key == key
