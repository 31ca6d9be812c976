"""A plug-in for firms in China: one module for each kind, and `setup`, which adds them to a host."""

from __future__ import annotations

from lowcode.kernel.registry import Kinds
from lowcode_china.credit_code import CREDIT_CODE, CREDITREGION
from lowcode_china.dingtalk import DINGTALK
from lowcode_china.plain_text import TEXT


def setup(kinds: Kinds) -> None:
    """What a host calls."""
    kinds.add("field", CREDIT_CODE)
    kinds.add("function", CREDITREGION)
    kinds.add("connector", DINGTALK)
    kinds.add("output", TEXT)
