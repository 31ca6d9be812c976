"""What the README promises to a program is run as it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode import Host
from lowcode.kernel.identity import APP

ROOT = Path(__file__).parents[2]
PYTHON = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[dict[str, Any]]:
    """The first example was run in an empty folder beside the examples."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    exec(compile(PYTHON[0], "README.md", "exec"), found)  # noqa: S102 - the README is what is tested
    found["printed"] = capsys.readouterr().out
    yield found
    found["host"].close()
    found["engine"].dispose()


@pytest.mark.requirement("X1")
def test_from_python(names: dict[str, Any]) -> None:
    """A lead is made, found, and a wrong value refused at its place."""
    assert ["Acme"] == [each["company"] for each in names["found"]["items"]]
    assert "/province" in names["printed"]


@pytest.mark.requirement("X1")
def test_in_your_transaction(names: dict[str, Any]) -> None:
    """Both sides are written."""
    orders = sa.Table("orders", sa.MetaData(), sa.Column("number", sa.Text))
    orders.create(names["engine"])
    exec(compile(PYTHON[2], "README.md", "exec"), {**names, "orders": orders})  # noqa: S102 - as above
    host: Host = names["host"]
    assert "Order A-1" == host.ask(APP, "records.get", type="lead", id=names["lead"]["id"])["need"]
    with names["engine"].connect() as connection:
        assert ["A-1"] == connection.execute(sa.select(orders.c.number)).scalars().all()


def test_inside_fastapi(names: dict[str, Any]) -> None:
    """The app is mounted and answers the users of the program."""
    from tests.embedding.test_mounting import call

    code = PYTHON[1].replace('"postgresql://localhost/shop", prefix="crm_"', 'engine, prefix="crm_"')
    user = SimpleNamespace(id=7, login="anna", name="Anna", roles=["director"])
    sessions = SimpleNamespace(find=lambda sid: user if sid == "good" else None)
    inside: dict[str, Any] = {"engine": names["engine"], "sessions": sessions}
    exec(compile(code, "README.md", "exec"), inside)  # noqa: S102 - as above
    assert 401 == call(inside["app"], "GET", "/crm/api/records/lead").status_code
    answer = call(inside["app"], "GET", "/crm/api/records/lead", headers={"cookie": "sid=good"})
    assert ["Acme"] == [each["company"] for each in answer.json()["items"]]
