"""The types of the language: what a value may be, and which types fit one another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal[
    "number",
    "text",
    "boolean",
    "date",
    "datetime",
    "time",
    "duration",
    "choice",
    "multi",
    "record",
    "rows",
    "user",
    "users",
    "any",
]

TYPES = {
    "number": "数字", "text": "文本", "boolean": "是/否", "date": "日期", "date and time": "日期时间", "choice": "选项",
    "set of choices": "多选", "blank": "空值", "time": "时间", "user": "人员", "users": "多名人员", "duration": "时长",
    "rows": "多行", "record": "记录",
}  # fmt: skip
"""What each type is called in Chinese, by its English."""
MAXIMUM_SCALE = 12
"""Decimals a number keeps; a quotient or a longer product is rounded to them, half away from zero."""


@dataclass(frozen=True, slots=True)
class Type:
    """What is known of a value before anything runs."""

    kind: Kind
    scale: int | None = None
    options: tuple[str, ...] | None = None
    record: str | None = None
    nullable: bool = True
    former: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    """Options by their former names and those of now: what still says the former one is told the other."""

    def __str__(self) -> str:
        names = {"datetime": "date and time", "multi": "set of choices", "rows": "rows", "any": "blank"}
        if self.kind in ("record", "rows") and self.record:
            return f"{self.kind} of {self.record}" if self.kind == "rows" else self.record
        return names.get(self.kind, self.kind)

    def told(self, locale: str | None) -> str:
        """What it is called, as somebody reads it; records are called by their form."""
        if not (locale or "").startswith("zh"):
            return str(self)
        if self.kind in ("record", "rows") and self.record:
            return f"{self.record} 的{TYPES[self.kind]}" if self.kind == "rows" else self.record
        return TYPES[str(self)]

    @property
    def text(self) -> dict[str, str]:
        """What it is called, in both languages."""
        english = str(self)
        if self.kind in ("record", "rows") and self.record:
            return {"en": english, "zh-CN": f" {self.record} 的{TYPES[self.kind]}"}
        return {"en": english, "zh-CN": TYPES.get(english, english)}

    @property
    def required(self) -> Type:
        """The same type, known not to be blank."""
        return replace(self, nullable=False) if self.nullable else self

    @property
    def optional(self) -> Type:
        """The same type, possibly blank."""
        return self if self.nullable else replace(self, nullable=True)

    @property
    def target(self) -> str | None:
        """The record type a to-one value points at."""
        return "user" if self.kind == "user" else self.record if self.kind == "record" else None


ANY = Type("any")
NUMBER = Type("number")
INTEGER = Type("number", scale=0)
TEXT = Type("text")
BOOLEAN = Type("boolean")
DATE = Type("date")
DATETIME = Type("datetime")
TIME = Type("time")
USER = Type("user", record="user")
USERS = Type("users", record="user", nullable=False)

ORDERED = frozenset({"number", "text", "date", "datetime", "time", "duration"})


def same_family(left: Type, right: Type) -> bool:
    """Whether two values may be compared for equality or stand in the same place."""
    if "any" in (left.kind, right.kind):
        return True
    if {left.kind, right.kind} <= {"text", "choice"}:
        return True
    if left.target and right.target:
        return left.target == right.target
    if left.kind == right.kind:
        return left.record in (None, right.record) or right.record is None
    return False


def common(types: list[Type]) -> Type | None:
    """The type of a value that is one of several, or None when they do not agree."""
    known = [one for one in types if one.kind != "any"]
    nullable = any(one.nullable for one in types)
    if not known:
        return ANY
    first = known[0]
    if not all(same_family(first, other) for other in known[1:]):
        return None
    if first.kind == "number":
        scales = [one.scale for one in known]
        scale = None if None in scales else max(s for s in scales if s is not None)
        return Type("number", scale=scale, nullable=nullable)
    if {one.kind for one in known} == {"choice"}:
        merged: dict[str, None] = {}
        for one in known:
            if one.options is None:
                return Type("choice", nullable=nullable)
            merged.update(dict.fromkeys(one.options))
        former = tuple(dict.fromkeys(pair for one in known for pair in one.former))
        return Type("choice", options=tuple(merged), nullable=nullable, former=former)
    if first.kind in ("choice", "text"):
        return Type("text", nullable=nullable)
    return replace(first, nullable=nullable)
