"""Provinces, cities and districts, for whoever chooses one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.contract import Context, Nothing, Operation
from lowcode.kernel.records.fields import regions


def places(context: Context, params: Nothing) -> Mapping[str, Any]:
    """The tree: province to cities, city to districts; where there is no city, province to districts."""
    return regions.tree()


OPERATIONS = (
    Operation(
        "forms.regions", places, access="anyone", writes=False,
        summary={"en": "Provinces, cities and districts", "zh-CN": "省市区"},
    ),
)  # fmt: skip
