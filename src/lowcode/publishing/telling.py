"""A plan as values, for pages and programs: what changes in words, each step with its rows, cost and consents."""

from __future__ import annotations

from typing import Any

import orjson

from lowcode.kernel.storage.migrate import Plan
from lowcode.kernel.storage.migrate.breaks import Finding
from lowcode.kernel.storage.migrate.examine import Effect
from lowcode.kernel.storage.migrate.steps import step_json
from lowcode.kernel.storage.types import json_text


def values_of(plan: Plan) -> dict[str, Any]:
    """All of a plan, as JSON knows it."""
    values = {
        "base": plan.base,
        "version": plan.version,
        "undoes": plan.undoes,
        "plan": plan.digest,
        "consents": plan.consents,
        "changes": [{"kind": each.kind, "document": each.document, "pointer": each.pointer, "words": each.words}
                    for each in plan.changes],
        "steps": [_effect(each) for each in plan.effects],
        "afterwards": [
            {"words": each.words, "cost": "online", "rows": each.rows, "seconds": each.seconds}
            for each in plan.afterwards
        ],
        "kept": [{"consent": each.consent, "since": each.since} for each in plan.kept],
    }  # fmt: skip
    found: dict[str, Any] = orjson.loads(json_text(values))
    return found


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        **step_json(effect.step),
        "words": effect.words,
        "cost": effect.cost,
        "rows": effect.rows,
        "consents": effect.consents,
        "findings": [_finding(each) for each in effect.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    samples = [[each if isinstance(each, (int, bool)) or each is None else str(each) for each in sample]
               for sample in finding.samples]  # fmt: skip
    return {"severity": finding.severity, "words": finding.words, "count": finding.count, "samples": samples}
