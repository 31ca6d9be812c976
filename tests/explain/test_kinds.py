"""What there is to build with and who hears what, each with the file and line where it is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lowcode import Host
from lowcode.cli import main
from lowcode.explain.kinds import kinds_there_are, on_event
from lowcode.plugins import kinds_with
from tests.plugins.kinds import APP, Everything

PLACE = re.compile(r"[\w/]+\.py:\d+")


def test_every_kind_has_a_place() -> None:
    """Built in or of a plug-in: a reader finds the line."""
    told = kinds_there_are(kinds_with([Everything()]))
    assert [each for each in told if not PLACE.fullmatch(each["place"])] == []
    own = kinds_there_are(kinds_with([Everything()]), "everything")
    assert {each["sort"]: each["place"].partition(":")[0] for each in own} == dict.fromkeys(
        (
            "field",
            "function",
            "node",
            "action",
            "chart",
            "block",
            "output",
            "connector",
            "sign_in",
            "engine",
            "scorer",
            "analyser",
            "reviewer",
        ),
        "tests/plugins/kinds.py",
    )


def test_who_hears_an_event() -> None:
    """Handlers by event and timers, each with its place."""
    with Host(APP, plugins=[Everything()]) as host:
        told = on_event(host.app)
    assert [each for each in told if not PLACE.fullmatch(each["place"])] == []
    assert [each["event"] for each in told] == sorted((each["event"] or "~") for each in told if each["event"]) + [
        None for each in told if each["event"] is None
    ]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`lowcode explain --kinds --events` prints both."""
    (tmp_path / "app.json").write_text('{"name": "small"}', "utf-8")
    assert main(["explain", str(tmp_path), "--kinds", "--events", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"kinds", "events"} == told.keys()
    assert main(["explain", str(tmp_path), "--kinds"]) == 0
    assert "lowcode/kernel/records/fields/rating.py:" in capsys.readouterr().out
