"""`lowcode install` with packages, in the folder of an app."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lowcode.cli import main
from lowcode.kernel.definitions import load


@pytest.mark.requirement("SP05", "SP10")
def test_a_package_is_put_into_a_folder_and_taken_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Listed, put in, put in twice (refused), brought to a newer version that meets a change, taken out: the app is
    whole each time, and is what it was in the end. A name that is none is answered with the nearest."""
    app = tmp_path / "firm"
    assert 0 == main(["new", "app", str(app)])
    before = load(app).digest
    capsys.readouterr()
    assert 0 == main(["install"])
    assert "expenses" in capsys.readouterr().out
    assert 1 == main(["install", "expense", "--app", str(app)])
    assert "Did you mean 'expenses'?" in capsys.readouterr().err
    put = ["install", "expenses", "--app", str(app), "--rename", "roles/employee=member"]
    assert 0 == main(put)
    assert 1 == main(put)
    assert "--update" in capsys.readouterr().err
    assert 0 == main(["check", "--strict", str(app)]), capsys.readouterr().out
    form = app / "forms" / "expense_claim.json"
    assert '"role": "member"' in form.read_text("utf-8")

    newer = tmp_path / "newer"
    assert 0 == main(["pull", str(newer), "--from", str(Path(__file__).parents[2] / "src/lowcode/packages/expenses")])
    for each, title in ((newer / "forms/expense_claim.json", "Refund"), (form, "Expense")):
        data = json.loads(each.read_text("utf-8"))
        each.write_text(json.dumps({**data, "title": {**data["title"], "en": title}}), "utf-8")
    capsys.readouterr()
    update = ["install", str(newer), "--app", str(app), "--update"]
    assert 1 == main(update)
    assert "forms/expense_claim.json /title/en" in capsys.readouterr().err
    assert 0 == main([*update, "--take", "mine"])
    assert "Expense" == json.loads(form.read_text("utf-8"))["title"]["en"]
    assert 0 == main(["install", "expenses", "--app", str(app), "--remove"])
    assert load(app).digest == before
