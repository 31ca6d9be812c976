"""A backup holds everything, and goes back into either database."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from lowcode.cli import main
from lowcode.cli.archive import packed, tables_of, unpacked
from lowcode.host import Host
from lowcode.seeding import seed

APP = Path(__file__).parents[1] / "testing" / "app"


def _rows(host: Host) -> dict[str, list[dict[str, object]]]:
    with host.database.engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    {key: unpacked(packed(value)) for key, value in row.items()}
                    for row in connection.execute(sa.select(table)).mappings()
                ),
                key=repr,
            )
            for table in tables_of(host)
            if not table.name.endswith("lc_sequence")
        }


def test_a_backup_comes_back_whole(tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every row is there again, on the other database too, and new records go on after the old ones."""
    first = Host(APP, str(tmp_path / "first.sqlite3"))
    first.publish()
    seed(first)
    ann = first.actor("ann")
    made = first.ask(
        ann, "records.create", type="request", values={"reason": "家事", "days": 3, "starts": "2026-03-09"}
    )
    first.settle()
    assert main(["backup", str(APP), str(tmp_path / "b.zip"), "--database", str(tmp_path / "first.sqlite3")]) == 0
    assert main(["restore", str(tmp_path / "b.zip"), "--database", database_url]) == 0
    second = Host(APP, database_url)
    assert _rows(first) == _rows(second)
    again = second.ask(second.actor("ann"), "records.create", type="request", values={"reason": "more", "days": 1})
    assert again["id"] > made["id"]
    first.close()
    second.close()
    capsys.readouterr()
    assert main(["restore", str(tmp_path / "b.zip"), "--database", database_url]) == 1
    assert "a backup goes into an empty one" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.part"))
