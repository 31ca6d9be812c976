"""The facts a paper is made from, as the person printing may see them: rows filtered, hidden fields blank."""

from __future__ import annotations

from lowcode.kernel.contract import Context
from lowcode.kernel.records.visible import visible_facts
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run.snapshot import Snapshot


def read_snapshot(context: Context, plan: TemplatePlan, record_id: int, language: str, copy: int = 1) -> Snapshot:
    """Everything a paper of one record depends on besides its template. Raises NotFound where the person may not read
    the record."""
    record = visible_facts(context, plan.form, record_id, [plan.needs])
    return Snapshot(record, context.moment(), language, context.actor.name, copy)
