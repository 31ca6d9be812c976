"""Random typed expressions and random records: blanks, ends of months, edges of zones, half cents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

FIELDS = {
    "a": "number:2",
    "b": "number:2!",
    "q": "number:0",
    "p": "number:4",
    "u": "number",
    "t": "text",
    "s": "text!",
    "d": "date",
    "e": "date!",
    "at": "datetime",
    "f": "boolean",
    "c": "choice:new|won|lost",
    "tags": "multi:vip|x",
    "o": "user",
    "items": "rows:item",
    "items.amount": "number:2",
    "items.name": "text",
    "items.day": "date",
    "items.ok": "boolean",
}
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
TEXTS = st.sampled_from(
    ["a", "B", "hello", "Hello", "é", "ß", "İ", "😀x", "𝒳é😀", "%", "_", "a b", " x ", "0", "12.50", "ab"]
)
DAYS = st.one_of(
    st.sampled_from([date(2024, 1, 31), date(2024, 2, 29), date(2023, 2, 28), date(2024, 12, 30), date(2000, 2, 29)]),
    st.dates(date(1990, 1, 1), date(2040, 12, 31)),
)
EDGES = st.sampled_from(
    [
        datetime(2024, 3, 31, 0, 30, tzinfo=UTC),
        datetime(2024, 3, 31, 1, 0, tzinfo=UTC),
        datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
        datetime(2024, 10, 27, 1, 30, tzinfo=UTC),
        datetime(2024, 11, 3, 5, 30, tzinfo=UTC),
        datetime(2024, 6, 30, 16, 0, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    ]
)
INSTANTS = st.one_of(
    EDGES, st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))
)


def decimals(scale: int) -> st.SearchStrategy[str]:
    """A number as text, half steps and zero among them."""
    edge = {0: ["0", "1", "-7"], 2: ["0", "2.50", "-2.50", "0.05", "10.00"], 4: ["0", "0.1250", "-0.0005", "1.0000"]}
    wide = st.decimals(-100000, 100000, places=scale, allow_nan=False, allow_infinity=False).map(str)
    return st.one_of(st.sampled_from(edge[scale]), wide)


def blankable(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def iso(values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return values.map(lambda one: one.isoformat())


ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "amount": blankable(decimals(2)),
            "name": blankable(TEXTS),
            "day": blankable(iso(DAYS)),
            "ok": blankable(st.booleans()),
        }
    ),
    max_size=3,
)
RECORDS = st.fixed_dictionaries(
    {
        "a": blankable(decimals(2)),
        "b": decimals(2),
        "q": blankable(decimals(0)),
        "p": blankable(decimals(4)),
        "u": blankable(decimals(4)),
        "t": blankable(TEXTS),
        "s": TEXTS,
        "d": blankable(iso(DAYS)),
        "e": iso(DAYS),
        "at": blankable(iso(INSTANTS)),
        "f": blankable(st.booleans()),
        "c": blankable(st.sampled_from(["new", "won", "lost"])),
        "tags": blankable(st.lists(st.sampled_from(["vip", "x"]), unique=True)),
        "o": blankable(st.sampled_from([7, 8, 9])),
        "items": ITEMS,
    }
)
MOMENTS = st.fixed_dictionaries(
    {
        "now": iso(INSTANTS),
        "zone": st.sampled_from(ZONES),
        "me": blankable(st.sampled_from([7, 8])),
        "team": st.sampled_from([[], [7], [7, 8]]),
        "roles": st.sampled_from([[], ["sales"]]),
    }
)

Text = st.SearchStrategy[str]


def made(pattern: str, *parts: Text) -> Text:
    """Expressions of a pattern with its holes filled."""
    return st.tuples(*parts).map(lambda found: pattern.format(*(f"({one})" if " " in one else one for one in found)))


SMALL = st.sampled_from(["0", "1", "2", "3", "-1", "12"])
UNIT = st.sampled_from(['"days"', '"weeks"', '"months"', '"quarters"', '"years"'])
PERIOD = UNIT


def numbers(depth: int) -> Text:
    leaf = st.sampled_from(["a", "b", "q", "p", "u", "0", "1", "2.5", "-0.005", "100", "blank"])
    if depth == 0:
        return leaf
    n, t, d, c = numbers(depth - 1), texts(depth - 1), days(depth - 1), conditions(depth - 1)
    return st.one_of(
        leaf,
        *(
            made(one, n, n)
            for one in (
                "{} + {}",
                "{} - {}",
                "{} * {}",
                "{} / {}",
                "MOD({}, {})",
                "MAX({}, {})",
                "QUOTIENT({}, {})",
                "COALESCE({}, {})",
                "SUM({}, {})",
                "AVERAGE({}, {})",
                "MIN({}, {})",
                "FLOOR({}, {})",
                "CEILING({}, {})",
                "MROUND({}, {})",
            )
        ),
        *(
            made(one, n)
            for one in (
                "-{}",
                "ABS({})",
                "INT({})",
                "SIGN({})",
                "ROUND({})",
                "ROUND({}, 2)",
                "ROUNDUP({}, 1)",
                "ROUNDDOWN({}, -1)",
                "TRUNC({}, 1)",
                "SUM(items.amount * {})",
            )
        ),
        made("IF({}, {}, {})", c, n, n),
        made("LEN({})", t),
        made("FIND({}, {})", t, t),
        made("VALUE({})", t),
        *(
            made(one, d)
            for one in (
                "YEAR({})",
                "MONTH({})",
                "DAY({})",
                "QUARTER({})",
                "ISOWEEK({})",
                "WEEKDAY({}, 2)",
                "DAYSSINCE({})",
                "AGE({})",
            )
        ),
        made("DATEDIF({}, {}, {})", d, d, UNIT),
        made("DAYS({}, {})", d, d),
        st.sampled_from(
            [
                "SUM(items.amount)",
                "COUNT(items)",
                "COUNT(items, ok)",
                "MAX(items.amount)",
                "HOUR(at)",
                "AVERAGE(items.amount)",
                "COUNTUNIQUE(items.name)",
                'SUM(items.amount, ok and name <> "a")',
                "SUM(items.amount, amount > parent.b)",
                "MINUTE(at)",
                "DAY(at)",
                "DAYSSINCE(at)",
            ]
        ),
    )


def texts(depth: int) -> Text:
    leaf = st.sampled_from(["t", "s", "c", '"a"', '"😀"', '"B"', '" x  y "', '"12.5"', "blank"])
    if depth == 0:
        return leaf
    n, t, d, c = numbers(depth - 1), texts(depth - 1), days(depth - 1), conditions(depth - 1)
    return st.one_of(
        leaf,
        made("{} & {}", t, t),
        made("{} & {}", t, n),
        made("{} & {}", d, c),
        *(made(one, t) for one in ("UPPER({})", "LOWER({})", "TRIM({})", "PADLEFT({}, 4)", "REPT({}, 2)")),
        *(made(one, t, SMALL) for one in ("LEFT({}, {})", "RIGHT({}, {})", "MID({}, {}, 2)")),
        *(
            made(one, t, t)
            for one in (
                'SUBSTITUTE({}, {}, "z")',
                "TEXTBEFORE({}, {})",
                "TEXTAFTER({}, {})",
                'TEXTJOIN("-", {}, {})',
                "REPLACE({}, 2, 1, {})",
            )
        ),
        made("IF({}, {}, {})", c, t, t),
        made("TOTEXT({})", n),
        made("FIXED({}, 1)", n),
        st.just("MAX(items.name)"),
    )


def days(depth: int) -> Text:
    leaf = st.sampled_from(["d", "e", "TODAY()", "DATE(2024, 2, 29)", "TODATE(at)"])
    if depth == 0:
        return leaf
    d, c = days(depth - 1), conditions(depth - 1)
    return st.one_of(
        leaf,
        made("DATEADD({}, {}, {})", d, SMALL, UNIT),
        made("EOMONTH({}, {})", d, SMALL),
        made("STARTOF({}, {})", d, PERIOD),
        made("ENDOF({}, {})", d, PERIOD),
        made("NEXTANNIVERSARY({})", d),
        made("IF({}, {}, {})", c, d, d),
        made("MAX({}, {})", d, d),
        st.just("MAX(items.day)"),
        made("TODATE(DATEADD(at, {}, {}))", SMALL, UNIT),
    )


def conditions(depth: int) -> Text:
    leaf = st.sampled_from(
        [
            "f",
            "true",
            "a > 1",
            't = "a"',
            'c <> "lost"',
            'c in ("won", blank)',
            "o = ME()",
            "o in TEAM()",
            '"vip" in tags',
            "tags is blank",
            "d <= TODAY()",
            "at > NOW()",
            'HASROLE("sales")',
            "ANY(items, amount > 2)",
            "ALL(items.ok)",
            "items is blank",
            "o not in TEAM()",
            'SAMEPERIOD(d, "month")',
            'INLAST(at, 30, "days")',
            "YEAR(d) = 2024",
            "YEAR(at) >= 2024",
            "DAYSSINCE(d) >= 30",
            "AGE(e) < 18",
            "TODATE(at) = TODAY()",
            'INNEXT(d, 1, "months")',
        ]
    )
    if depth == 0:
        return leaf
    n, t, d, c = numbers(depth - 1), texts(depth - 1), days(depth - 1), conditions(depth - 1)
    comparisons: list[Text] = []
    for kind in (n, t, d):
        comparisons += [made("{} " + sign + " {}", kind, kind) for sign in ("=", "<>", "<", "<=", ">", ">=")]
        comparisons += [
            made("{} is blank", kind),
            made("{} is not blank", kind),
            made("{} between {} and {}", kind, kind, kind),
            made("{} in ({}, {})", kind, kind, kind),
            made("{} not in ({}, {})", kind, kind, kind),
        ]
    return st.one_of(
        leaf,
        *comparisons,
        made("{} and {}", c, c),
        made("{} or {}", c, c),
        made("not {}", c),
        made("{} = {}", c, c),
        made("XOR({}, {})", c, c),
        made("CONTAINS({}, {})", t, t),
        made("STARTSWITH({}, {})", t, t),
        made("ENDSWITH({}, {})", t, t),
        made("IF({}, {}, {})", c, c, c),
        made("{} is blank", c),
        made("COALESCE({}, {})", c, c),
    )


def expressions(depth: int) -> Text:
    """Expressions of any type."""
    return st.one_of(numbers(depth), texts(depth), days(depth), conditions(depth))
