"""`lowcode parts` on the folder of an app."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from lowcode.cli import main
from lowcode.kernel.definitions import load

CRM = Path(__file__).parents[2] / "examples" / "crm_app"


@pytest.mark.requirement("SP07", "SP08")
def test_parts_are_listed_and_switched_with_what_belongs_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Off goes with what needs it, on comes with what it needs; app.json stays formatted and the app whole. A name that
    is none is answered with the nearest."""
    app = tmp_path / "crm"
    shutil.copytree(CRM, app, ignore=shutil.ignore_patterns("seed", "tests"))
    assert 0 == main(["parts", str(app), "--json"])
    listed = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert all(each["enabled"] and each["documents"] for each in listed.values())
    assert ["sales"] == listed["contracts"]["needs"]

    assert 0 == main(["parts", str(app), "--off", "sales"])
    off = {"sales", "contracts", "marketing", "service", "adoption"}
    assert off == _off(app)
    assert 0 == main(["parts", str(app), "--on", "contracts"])
    assert {"marketing", "service", "adoption"} == _off(app)
    capsys.readouterr()
    assert 0 == main(["check", str(app)]), capsys.readouterr().out
    assert 0 == main(["format", "--check", str(app / "app.json")]), capsys.readouterr().out
    capsys.readouterr()
    assert 1 == main(["parts", str(app), "--off", "contract"])
    assert "Did you mean 'contracts'?" in capsys.readouterr().err


def _off(app: Path) -> set[str]:
    return {each["name"] for each in load(app).app.data["parts"] if not each.get("enabled", True)}
