"""A text in SQL, understood: the tables and columns it reads, and the same question for each database. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.diagnostics import Text

MAIN = "postgres"
"""The dialect authors write; other databases are translated to."""


NO_SQL = {"en": "it takes the extra 'sql': pip install lowcode[sql]", "zh-CN": "需要扩展 sql：pip install lowcode[sql]"}


class Refused(Exception):
    """Why a text is not taken: the key of a message, and its values."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Read:
    """One table that is read: the record type, what stands for it in the text, and the columns that may be meant."""

    record: str
    stands: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A question: what it reads, and its text by database."""

    reads: tuple[Read, ...]
    texts: Mapping[str, str]


def understood(text: str, known: Mapping[str, Mapping[str, str]], wanted: tuple[str, ...]) -> Written:
    """A text over tables with their columns and types, that has the wanted columns. Raises Refused."""
    try:
        import sqlglot  # an optional dependency, at its one door
    except ImportError:
        raise Refused("sql-unreadable", reason=NO_SQL) from None
    try:
        parsed = [each for each in sqlglot.parse(text, read=MAIN) if each is not None]
    except sqlglot.errors.ParseError as error:
        raise Refused("sql-unreadable", reason=_placed(error)) from None
    except sqlglot.errors.SqlglotError as error:
        raise Refused("sql-unreadable", reason=_plain(error)) from None
    if len(parsed) != 1 or not isinstance(parsed[0], sqlglot.exp.Query):
        raise Refused("sql-not-a-question", seen=parsed[0].key.upper() if len(parsed) == 1 else f"{len(parsed)} parts")
    tree = parsed[0]
    _only_reads(tree)
    reads = _tables(tree, known)
    _columns(tree, reads, known, wanted)
    return Written(tuple(reads.values()), {name: tree.sql(dialect=name) for name in ("sqlite", MAIN)})


def _plain(error: Exception) -> str:
    """A reason in one line: parsers mark places by underlining on terminals."""
    first = str(error).splitlines()[0]
    return first.replace("\x1b[4m", "").replace("\x1b[0m", "")


def _placed(error: Any) -> Text:
    """Where a text cannot be read."""
    first = error.errors[0] if error.errors else {}
    line, column, near = first.get("line"), first.get("col"), first.get("highlight", "")
    return {
        "en": f"line {line}, column {column}, near '{near}'",
        "zh-CN": f"第 {line} 行第 {column} 个字符处，“{near}”附近",
    }


def _only_reads(tree: Any) -> None:
    """Nothing is changed, locked or called that standard SQL does not know: a server has functions that read files."""
    from sqlglot import exp

    wrong = (
        exp.DML, exp.DDL, exp.Into, exp.Command, exp.Lock, exp.Anonymous, exp.AnonymousAggFunc, exp.Placeholder,
        exp.Parameter, exp.SessionParameter,
    )  # fmt: skip
    for node in tree.walk():
        if isinstance(node, wrong) and not isinstance(node, exp.Query):
            seen = str(node.this) if isinstance(node, (exp.Anonymous, exp.AnonymousAggFunc)) else node.key.upper()
            raise Refused("sql-not-a-question", seen=seen)
        if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            raise Refused("sql-star")


def _tables(tree: Any, known: Mapping[str, Mapping[str, str]]) -> dict[str, Read]:
    """What is read, by the name that stands for it in the text from now on."""
    from sqlglot import exp

    own = {each.alias_or_name for each in tree.find_all(exp.CTE)}
    for name in own & known.keys():
        raise Refused("sql-unknown-table", seen=f"{name} (twice)", known=sorted(known))
    reads: dict[str, Read] = {}
    for table in list(tree.find_all(exp.Table)):
        name = ".".join(part.name for part in table.parts)
        if name in own:
            continue
        if name not in known or not isinstance(table.this, exp.Identifier):
            raise Refused("sql-unknown-table", seen=name or table.sql(), known=sorted(known))
        stands = f"permitted_{name.replace('.', '__')}"
        reads.setdefault(stands, Read(name, stands, ()))
        alias = table.alias or table.name
        table.replace(exp.alias_(exp.to_table(stands), alias, table=True))
    return reads


def _columns(
    tree: Any, reads: dict[str, Read], known: Mapping[str, Mapping[str, str]], wanted: tuple[str, ...]
) -> None:
    """Every column exists, and those the fields are made of are there."""
    from sqlglot import exp
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.qualify import qualify

    schema: dict[str, object] = {each.stands: dict(known[each.record]) for each in reads.values()}
    try:
        named = qualify(tree.copy(), schema=schema, dialect=MAIN).named_selects
    except SqlglotError as error:
        raise Refused("sql-unknown-column", reason=_plain(error)) from None
    missing = [name for name in wanted if name not in named]
    if missing:
        raise Refused("sql-no-column", seen=missing[0], known=list(named))
    mentioned = {each.name for each in tree.find_all(exp.Column)}
    for stands, each in reads.items():
        columns = tuple(name for name in known[each.record] if name in mentioned)
        reads[stands] = Read(each.record, stands, columns or ("id",))
