"""The tutorial works as it stands there: each file is written, each command run, each line of Python executed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from lowcode.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "README.md"
BLOCK = re.compile(r"```(json|shell|python)(?: (\S+))?\n(.*?)```", re.DOTALL)


def test_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder to the end, as a reader goes; after every command nothing is wrong."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "tutorial"}
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert {sort for sort, _, _ in blocks} == {"json", "shell", "python"}
    for sort, path, text in blocks:
        if sort == "json":
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            assert main(["check", "desk"]) == 0, path
        elif sort == "shell":
            for line in text.splitlines():
                program, *arguments = shlex.split(line)
                assert (program, main(arguments)) == ("lowcode", 0), line
        else:
            exec(compile(text, str(PAGE), "exec"), names)  # noqa: S102 - the page is what is tested
