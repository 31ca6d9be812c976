"""kill -9 of a host while an app is pushed to it: the version before or the new one, whole, and the pusher is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.cli.test_push import Push, key_of, push
from tests.faults.app import opened
from tests.faults.conftest import victim

__all__ = ["push"]
PHASES = ("before", "within", "after")


def with_field(app: Path, name: str) -> None:
    """The form gets one more field."""
    path = app / "forms/entry.json"
    form = json.loads(path.read_text("utf-8"))
    form["fields"].append({"name": name, "type": "text"})
    path.write_text(json.dumps(form) + "\n", "utf-8")


@pytest.mark.requirement("X2", "X15")
def test_a_host_is_killed_while_it_publishes(tmp_path: Path, push: Push) -> None:
    """Wherever it was: who pushed is told that it may have been done and how to see; after a start every field is there
    or none of it, and the same push brings what is missing."""
    app, url = tmp_path / "app", f"sqlite:///{tmp_path}/faults.sqlite3"  # applying itself is killed on both databases
    with opened(url) as host:
        key = key_of(host, "root", "app", "form:entry")
    for phase in PHASES:
        with victim("serve", url, phase) as there:
            there.read(1)
            address = there.said[-1][0].rstrip("/")
            if phase == PHASES[0]:
                assert 0 == push(key, "pull", str(app), "--from", address)[0]
            else:  # what the process before did not survive
                code, said = push(key, "push", str(app), "--to", address, "--overwrite")
                assert 0 == code, said
            known = [each for each in PHASES if each in (app / "forms/entry.json").read_text("utf-8")]
            asked = f"{address}/api/records/entry?fields={','.join(['text', *known])}"
            assert 200 == httpx.get(asked, headers={"authorization": f"Bearer {key}"}).status_code
            with_field(app, phase)
            code, said = push(key, "push", str(app), "--to", address, "--overwrite")
            assert (1, True) == (code, "may have been done or not" in said and "lowcode diff" in said), said
            there.end()
        with closing(sqlite3.connect(tmp_path / "faults.sqlite3")) as left:
            columns = {each[1] for each in left.execute("PRAGMA table_info(entry)")}
        assert (phase == "after") == (phase in columns)
    with opened(url) as host:
        assert {"before", "within", "after"} <= set(host.types["entry"].fields)
        made = host.ask(host.actor("root"), "records.create", type="entry", values=dict.fromkeys(PHASES, "x"))
        assert ["x", "x", "x"] == [made[each] for each in PHASES]
