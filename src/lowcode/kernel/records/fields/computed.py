"""What computed fields share."""

from __future__ import annotations

from typing import Literal

from lowcode.kernel.expressions import Type

Result = Literal["number", "text", "boolean", "date", "datetime"]

COMPUTED = {"en": "this is computed and cannot be set", "zh-CN": "此项由系统计算，不能填写"}


def declared_type(result: Result | None, scale: int | None) -> Type:
    """The type the author declared; `any` until the expression is understood."""
    if result is None and scale is None:
        return Type("any")
    return Type(result or "number", scale=scale) if result in (None, "number") else Type(result)
