"""Filters that people put together: conditions in groups in groups, as data, made into the one expression language.

What a person clicks together in the page, keeps in a saved view or sends over the network is the same tree, and here it
becomes text that is compiled, checked and permitted like any filter an author writes. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import Field as Key

from lowcode.kernel.definitions import Part
from lowcode.kernel.diagnostics import Problem, Rejected, nearest
from lowcode.kernel.expressions import ABOVE, Type
from lowcode.kernel.expressions.types import USER, USERS
from lowcode.kernel.records import words
from lowcode.kernel.records.plan import Field, RecordType

DEPTH, SIZE, VALUES = 6, 100, 200
"""How deep groups may stand in one another, how many conditions a filter holds, and values a condition."""
PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
UNITS = ("day", "week", "month", "quarter", "year")
BLANK = ("blank", "not_blank")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "text": ("contains", "contains_not", "is", "is_not", "starts_with", "ends_with", *BLANK),
    "number": ("is", "is_not", "more_than", "at_least", "less_than", "at_most", "between", *BLANK),
    "duration": ("is", "is_not", "more_than", "at_least", "less_than", "at_most", *BLANK),
    "date": ("period", "is", "from", "until", "between", "in_last", "in_next", "before_last", *BLANK),
    "datetime": ("period", "is", "from", "until", "between", "in_last", "in_next", "before_last", *BLANK),
    "time": ("from", "until", *BLANK),
    "choice": ("one_of", "none_of", "starts_with", *BLANK),
    "multi": ("any_of", "all_of", "none_of", *BLANK),
    "boolean": ("yes", "no"),
    "record": ("one_of", "none_of", *BLANK),
    "user": ("one_of", "none_of", "me", "not_me", "my_team", *BLANK),
    "rows": ("any_of", "all_of", "none_of", *BLANK),
}
"""What a value of each type can be compared by, in the order in which it is offered."""
PEOPLE = ("any_of", "all_of", "none_of", "me", "not_me", *BLANK)
"""The same of several people."""
UNDER = ("under", "not_under")
"""What links to records that form a tree can be compared by, too: these records, by their ids or by what they are
called, and all that hang below them."""
PERIODS = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
)  # fmt: skip

NOT_TOGETHER = ("json", "attachment", "image", "multi_select", "tags", "secret", "password", "long_text", "rich_text")
SYSTEM = ("owner", "created_by", "updated_by")


class FilterCondition(Part):
    """One comparison of a field with a value; `me`, `my_team` and the periods follow whoever looks, and the day."""

    field: str = Key(max_length=200, description="A field, or a path through links: customer.region")
    operator: str = Key(max_length=20)
    value: Any = None


class FilterGroup(Part):
    """Conditions and groups of which all, any or none have to hold."""

    match: Literal["all", "any", "none"] = "all"
    conditions: list[FilterCondition | FilterGroup] = Key(default_factory=list, max_length=SIZE)


def path_type(shapes: Mapping[str, Any], start: str, path: str) -> Type | None:
    """The type at the end of a path of links, or None where there is no such path."""
    current, type_ = start, None
    for name in path.split("."):
        shape = shapes.get(current) if current else None
        if name == ABOVE and shape is not None:
            return Type("users", record=current) if shape.tree else None
        if shape is None or name not in shape.fields:
            return None
        type_ = shape.fields[name].type
        current = type_.record or ("user" if type_.kind == "user" else "")
    return type_


def people_at(shapes: Mapping[str, Any], start: str | None, text: str) -> Type:
    """The type that a text has to have where people are named: of several, where it is the path of a field of several
    people, else of one."""
    found = path_type(shapes, start, text.strip()) if start is not None and PATH.fullmatch(text.strip()) else None
    return USERS if found is not None and found.kind == "rows" and found.record == "user" else USER


def groups_by(field: Field) -> bool:
    """Whether records with equal values of a field can stand together."""
    return field.stored and field.rows is None and not field.sealed and field.options_type not in NOT_TOGETHER


def groupable(record_type: RecordType, name: str) -> bool:
    """The same of a name, which may be one that every record has."""
    field = record_type.fields.get(name)
    return name in SYSTEM if field is None else groups_by(field)


def tree_operators(type_of: Callable[[str], Type | None], path: str) -> tuple[str, ...]:
    """What links to records of a tree can be compared by beside."""
    one = (found := type_of(path)) is not None and found.kind != "rows"
    return UNDER if one and type_of(f"{path}.{ABOVE}") is not None else ()


def operators_of(type_: Type) -> tuple[str, ...]:
    """What values of a type can be compared by. Rows of lines have no life of their own to be chosen by: only whether
    there are any can be asked."""
    own = type_.kind == "rows" and "." in (type_.record or "")
    if type_.kind == "rows" and type_.record == "user":
        return PEOPLE
    return BLANK if own else OPERATORS.get(type_.kind, ())


def conditions_of(group: FilterGroup, pointer: str = "/filter") -> Iterator[tuple[str, FilterCondition]]:
    """Every condition of a filter, however deep, and where it stands."""
    for index, each in enumerate(group.conditions):
        at = f"{pointer}/conditions/{index}"
        if isinstance(each, FilterGroup):
            yield from conditions_of(each, at)
        else:
            yield at, each


def expression_of(group: FilterGroup, type_of: Callable[[str], Type | None], pointer: str = "/filter") -> str:
    """A filter in the expression language; blank when it asks for nothing. `type_of` is the type at the end of a path,
    or None. Raises Rejected with everything that is wrong."""
    problems: list[Problem] = []
    if sum(1 for _ in conditions_of(group)) > SIZE:
        raise Rejected(words.problem("filter-too-large", pointer, limit=SIZE))
    text = _group(group, type_of, pointer, 1, problems)
    if problems:
        raise Rejected(problems)
    return text


def joined(*parts: str | None) -> str | None:
    """Conditions that all have to hold, as one text."""
    found = [each for each in parts if each]
    return " and ".join(f"({each})" for each in found) if len(found) > 1 else (found[0] if found else None)


def _group(
    group: FilterGroup, type_of: Callable[[str], Type | None], pointer: str, depth: int, problems: list[Problem]
) -> str:
    if depth > DEPTH:
        problems.append(words.problem("filter-too-deep", pointer, limit=DEPTH))
        return ""
    parts = []
    for index, each in enumerate(group.conditions):
        at = f"{pointer}/conditions/{index}"
        if isinstance(each, FilterGroup):
            found = _group(each, type_of, at, depth + 1, problems)
        else:
            found = _condition(each, type_of, at, problems)
        if found:
            parts.append(found)
    if not parts:
        return ""
    text = parts[0] if len(parts) == 1 else f"({(' and ' if group.match == 'all' else ' or ').join(parts)})"
    return f"not ({text})" if group.match == "none" else text


def _condition(
    each: FilterCondition, type_of: Callable[[str], Type | None], pointer: str, problems: list[Problem]
) -> str:
    type_ = type_of(each.field) if PATH.fullmatch(each.field) else None
    if type_ is None:
        problems.append(words.problem("filter-field", f"{pointer}/field", field=each.field[:100]))
        return ""
    known = (*operators_of(type_), *tree_operators(type_of, each.field))
    if each.operator not in known:
        near = nearest(each.operator, known) or ""
        values = {"seen": each.operator, "field": each.field, "near": near, "possible": list(known)}
        problems.append(words.problem("filter-operator", f"{pointer}/operator", **values))
        return ""
    try:
        return _compare(each.field, type_, each.operator, each.value)
    except (ValueError, TypeError, KeyError, InvalidOperation, AttributeError):
        seen = {"field": each.field, "operator": each.operator, "seen": str(each.value)[:100]}
        problems.append(words.problem("filter-value", f"{pointer}/value", **seen))
        return ""


def _compare(name: str, type_: Type, operator: str, value: Any) -> str:
    """One comparison; raises ValueError and its like for a value it cannot be made with."""
    if type_.kind == "rows":
        return _rows(name, operator, value)
    simple = {
        "blank": f"{name} is blank", "not_blank": f"{name} is not blank", "me": f"{name} = ME()",
        "not_me": f"{name} <> ME()", "my_team": f"{name} in TEAM()", "yes": f"{name} = true",
        "no": f"({name} = false or {name} is blank)",
    }  # fmt: skip
    if operator in simple:
        return simple[operator]
    if type_.kind in ("date", "datetime"):
        return _day(name, f"TODATE({name})" if type_.kind == "datetime" else name, operator, value)
    if operator in UNDER:
        found = f"UNDER({name}, {', '.join(_node(one) for one in _several(value))})"
        return found if operator == "under" else f"not {found}"
    if operator in ("one_of", "none_of", "any_of", "all_of"):
        return _listed(name, type_, operator, value)
    if operator in ("contains", "contains_not"):
        found = f"CONTAINS(LOWER({name}), {_quoted(_words(value).lower())})"
        return found if operator == "contains" else f"({name} is blank or not {found})"
    if operator in ("starts_with", "ends_with"):
        return f"{operator.replace('_', '').upper()}({name}, {_quoted(_words(value))})"
    if operator == "between":
        low, high = value
        return _between(name, *(None if _is_blank(each) else _literal(type_, each) for each in (low, high)))
    signs = {"is": "=", "is_not": "<>", "more_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<=",
             "from": ">=", "until": "<="}  # fmt: skip
    return f"{name} {signs[operator]} {_literal(type_, value)}"


def _listed(name: str, type_: Type, operator: str, value: Any) -> str:
    former = dict(type_.former)
    values = [former.get(one, one) if isinstance(one, str) else one for one in _several(value)]
    if type_.kind == "multi":
        each = [f"CONTAINS({name}, {_quoted(_words(one))})" for one in values]
        found = f"({(' and ' if operator == 'all_of' else ' or ').join(each)})"
        return f"({name} is blank or not {found})" if operator == "none_of" else found
    if type_.kind in ("record", "user"):
        of, literals = f"{name}.id", [_identity(one) for one in values]
    else:
        of, literals = name, [_quoted(_words(one)) for one in values]
    found = f"{of} = {literals[0]}" if len(literals) == 1 else f"{of} in ({', '.join(literals)})"
    return f"not ({found})" if operator == "none_of" else found


def _rows(name: str, operator: str, value: Any) -> str:
    """A comparison of the records that several links name, or of rows: those that whoever looks may read."""
    if operator in BLANK:
        return f"COUNT({name}) {'=' if operator == 'blank' else '>'} 0"
    if operator in ("me", "not_me"):
        return f"ME() in {name}" if operator == "me" else f"ME() not in {name}"
    ids = list(dict.fromkeys(_identity(each) for each in _several(value)))
    if operator == "all_of":
        return f"COUNT({name}, id in ({', '.join(ids)})) = {len(ids)}"
    found = f"ANY({name}.id in ({', '.join(ids)}))"
    return f"not {found}" if operator == "none_of" else found


def _several(value: Any) -> list[Any]:
    values = list(value) if isinstance(value, (list, tuple)) else [value]
    if not values or len(values) > VALUES:
        raise ValueError(value)
    return values


def _day(name: str, day: str, operator: str, value: Any) -> str:
    match operator:
        case "period":
            return _period(name, day, str(value))
        case "is":
            return f"{day} = {_date(value)}"
        case "from":
            return f"{day} >= {_date(value)}"
        case "until":
            return f"{day} <= {_date(value)}"
        case "between":
            low, high = value
            return _between(day, *(None if _is_blank(each) else _date(each) for each in (low, high)))
    count, unit = int(value["count"]), str(value["unit"])
    if unit not in UNITS or not 0 < count <= 1000:
        raise ValueError(value)
    step = (count * 3, "month") if unit == "quarter" else (count, unit)
    if operator == "before_last":
        return f'{day} < DATEADD(TODAY(), {-step[0]}, "{step[1]}")'
    return f'{"INLAST" if operator == "in_last" else "INNEXT"}({name}, {step[0]}, "{step[1]}")'


def _period(name: str, day: str, value: str) -> str:
    if value not in PERIODS:
        raise ValueError(value)
    if value in ("today", "yesterday", "tomorrow"):
        step = {"today": 0, "yesterday": -1, "tomorrow": 1}[value]
        return f"{day} = TODAY()" if step == 0 else f'{day} = DATEADD(TODAY(), {step}, "day")'
    which, _, unit = value.partition("_")
    if which == "this":
        return f'SAMEPERIOD({name}, "{unit}")'
    step = 1 if which == "next" else -1
    other = f'DATEADD(TODAY(), {step * 3}, "month")' if unit == "quarter" else f'DATEADD(TODAY(), {step}, "{unit}")'
    return f'({day} >= STARTOF({other}, "{unit}") and {day} <= ENDOF({other}, "{unit}"))'


def _between(what: str, low: str | None, high: str | None) -> str:
    parts = [f"{what} >= {low}" if low else "", f"{what} <= {high}" if high else ""]
    if not any(parts):
        raise ValueError(what)
    return " and ".join(each for each in parts if each)


def _literal(type_: Type, value: Any) -> str:
    match type_.kind:
        case "number" | "duration":
            if isinstance(value, bool):
                raise ValueError(value)
            number = Decimal(str(value))
            if not number.is_finite() or abs(number.adjusted()) > 30:  # 1e-999999999 has a billion digits written out
                raise ValueError(value)
            return f"{number:f}"
        case "time":
            found = time.fromisoformat(str(value))
            return f"TIME({found.hour}, {found.minute}, {found.second})"
        case _:
            return _quoted(_words(value))


def _is_blank(value: Any) -> bool:
    return value is None or value == ""


def _date(value: Any) -> str:
    found = date.fromisoformat(str(value)[:10])
    return f"DATE({found.year}, {found.month}, {found.day})"


def _identity(value: Any) -> str:
    found = value["id"] if isinstance(value, Mapping) else value
    if isinstance(found, bool) or not isinstance(found, int):
        raise ValueError(value)
    return str(found)


def _node(value: Any) -> str:
    """A record of a tree: by its id, or by what it is called."""
    return _quoted(_words(value)) if isinstance(value, str) else _identity(value)


def _words(value: Any) -> str:
    if not isinstance(value, (str, int, Decimal)) or isinstance(value, bool) or value == "" or len(str(value)) > 500:
        raise ValueError(value)
    return str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
