"""Migrations as data: before, rows, after; the steps in words, the rows after, and the rows after undo.

A case is a file of `migrations/`: `before` and `after` are the forms of two versions, `rows` what is written under the
first. `steps`, `needs` (consents) and `findings` are what the plan says, `rows_after` what is there then; `between` is
what people change under the second version, `undone` what is there after undo when that is not what was there before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.migrate import CannotApply, ConsentNeeded, Plan
from tests.kernel.storage.firm import CASES, opened, read, schema, write


def cases() -> list[Path]:
    return sorted(CASES.glob("*.json"))


def said(plan: Plan) -> dict[str, Any]:
    """What a plan says, as the cases have it; system tables and indexes of new tables go without saying, and so do
    indexes that only one of the databases has (`test_beginnings`)."""
    findings = [
        [found.severity, found.words["en"], found.count, [list(map(str, each)) for each in found.samples]]
        for effect in plan.effects
        for found in effect.findings
    ]
    return {
        "steps": [each.words["en"] for each in plan.effects if "index of beginnings" not in each.words["en"]],
        "needs": list(plan.consents),
        "findings": findings,
    }


@pytest.mark.requirement("X2", "X15", "SP06")
@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_case(path: Path, database_url: str) -> None:
    """Each file of `migrations/` states its rule."""
    case = json.loads(path.read_text(encoding="utf-8"))
    with opened(database_url, case["before"]) as first:
        first.publish()
        made = write(first, case["rows"])
        before, tables = read(first), schema(first)
    with opened(database_url, case["after"]) as second:
        plan = second.plan()
        assert said(plan) == {key: case[key] for key in ("steps", "needs", "findings")}
        if case.get("refused"):
            with pytest.raises(CannotApply):
                second.apply(plan, ["*"])
            return
        if case["needs"]:
            with pytest.raises(ConsentNeeded) as refused:
                second.publish()
            assert refused.value.needed == tuple(case["needs"])
        second.apply(plan, case["needs"])
        assert read(second) == case["rows_after"]
        assert second.plan().empty
        for form, number, values in case.get("between", ()):
            _change(second, form, made[form][number - 1], values)
        second.undo(["*"])
    with opened(database_url, case["before"]) as first:
        assert first.plan().empty
        assert schema(first) == tables
        assert read(first) == case.get("undone", before)


def _change(host: Host, form: str, identity: int, values: Any) -> None:
    version = host.ask(APP, "records.get", type=form, id=identity)["version"]
    host.ask(APP, "records.update", type=form, id=identity, version=version, values=values)


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_a_fresh_database_is_like_a_migrated_one(path: Path, tmp_path: Path) -> None:
    """The tables of the second version are the same whether or not the first was there before."""
    case = json.loads(path.read_text(encoding="utf-8"))
    if case.get("refused"):
        return
    with opened(f"sqlite:///{tmp_path}/fresh.sqlite3", case["after"]) as host:
        host.publish()
        fresh = schema(host)
    with opened(f"sqlite:///{tmp_path}/old.sqlite3", case["before"]) as host:
        host.publish()
    with opened(f"sqlite:///{tmp_path}/old.sqlite3", case["after"]) as host:
        host.apply(allow=["*"])
        assert schema(host) == fresh
