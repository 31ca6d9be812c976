"""The corpus, carried out by the browser's library in Node, once that library is built."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.expressions import Moment, NotPushable
from tests.conformance.expressions.support import Case, cases, expected, flat_record, type_of, written

HERE = Path(__file__).parent
LIBRARY = HERE.parents[2] / "web" / "packages" / "expressions" / "dist" / "index.js"
ANSWERED = [one for one in cases() if "result" in one.wanted]
NOT_IN_THE_BROWSER = ("LOOKUPTABLE", "WORKDAY", "NETWORKDAYS", "WORKINGHOURS", "EXP", "LN", "LOG10", "POWER")


def emitted(case: Case) -> str | None:
    """The source of a case, or None when the browser leaves it to the server."""
    try:
        return case.compile().javascript()
    except NotPushable:
        return None


@pytest.mark.parametrize("case", ANSWERED, ids=str)
def test_every_case_is_emitted_or_named(case: Case) -> None:
    """Only the functions named as the server's own are refused."""
    expression = case.compile()
    if emitted(case) is None:
        assert any(name in expression.text for name in NOT_IN_THE_BROWSER)


def json_row(row: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    """A flat record as JSON, numbers as text."""
    out: dict[str, Any] = {}
    for name, value in row.items():
        if kinds.get(name, "").startswith("rows"):
            below = {key[len(name) + 1 :]: kind for key, kind in kinds.items() if key.startswith(name + ".")}
            out[name] = [json_row(one, below) for one in value]
        else:
            out[name] = written(value, type_of(kinds.get(name, "record")))
    return out


def payload(case: Case, source: str) -> dict[str, Any]:
    """What the runner needs for one case."""
    moment: Moment = case.python_moment()
    kinds = dict(case.fields)
    old = case.moment.get("old")
    return {
        "source": source,
        "fields": {name: type_of(kind).kind for name, kind in kinds.items()},
        "record": json_row(case.python_record(), kinds),
        "moment": {
            "now": moment.now.isoformat().replace("+00:00", "Z"),
            "today": moment.today.isoformat(),
            "zone": moment.zone.key,
            "me": moment.me,
            "roles": sorted(moment.roles),
            "team": sorted(moment.team),
            "units": sorted(moment.units),
            "isNew": moment.is_new,
            "old": json_row(flat_record(kinds, old), kinds) if old is not None else None,
        },
    }


if LIBRARY.exists():

    def test_javascript_gives_the_results_of_the_cases() -> None:
        """What a case says is what the browser's library gives."""
        asked = [(case, source) for case in ANSWERED if (source := emitted(case)) is not None]
        sent = {"library": str(LIBRARY), "cases": [payload(case, source) for case, source in asked]}
        ran = subprocess.run(
            ["node", str(HERE / "run.mjs")], input=json.dumps(sent), capture_output=True, text=True, check=True
        )
        wrong = {}
        for (case, source), answer in zip(asked, json.loads(ran.stdout), strict=True):
            wanted = expected(case, case.compile().type)
            if answer != {"result": wanted}:
                wrong[str(case)] = (case.expression, source, wanted, answer)
        assert not wrong
