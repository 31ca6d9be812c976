"""The facts a paper is made from, as the person printing may see them: rows filtered, hidden fields blank."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.records.visible import visible_facts
from lowcode.printing.plan import TemplatePlan


def read_facts(context: Context, plan: TemplatePlan, record_id: int) -> dict[str, Any]:
    """Everything the template reads of one record. Raises NotFound where the person may not read the record."""
    return visible_facts(context, plan.form, record_id, [plan.needs])
