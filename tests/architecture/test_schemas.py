"""Generated things are committed and fresh: the JSON Schemas that editors complete from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.measure import PACKAGE, ROOT

COMMITTED = PACKAGE / "schemas"


def test_schemas_are_fresh(tmp_path: Path) -> None:
    """`lowcode schema` writes what is committed, byte for byte."""
    if not (PACKAGE / "cli").exists():
        assert not COMMITTED.exists(), "schemas are committed and nothing here could have written them"
        return
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-m", "lowcode.cli", "schema", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    expected = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.schema.json")}
    committed = {path.name: path.read_text(encoding="utf-8") for path in COMMITTED.glob("*.schema.json")}
    assert sorted(expected) == sorted(committed)
    stale = [name for name in expected if expected[name] != committed[name]]
    assert not stale, f"run `lowcode schema` and commit: {stale}"


def test_schemas_are_schemas() -> None:
    """Every committed schema is a valid draft 2020-12 schema with closed objects at its top."""
    from jsonschema import Draft202012Validator

    for path in COMMITTED.glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
