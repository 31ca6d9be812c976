"""What `lowcode new kind` writes, and so what the tutorials of docs/extending show, works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lowcode.cli import main, scaffold
from tools.reference import TUTORIALS, extending

ROOT = Path(__file__).parents[2]
RULES = "E,F,W,I,UP,B,C4,SIM,PIE,PLE,RUF"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of the tutorials, written by the command."""
    made = tmp_path_factory.mktemp("kinds")
    for sort, (_, name) in TUTORIALS.items():
        assert main(["new", "kind", sort, name, "--into", str(made)]) == 0
    return made


def run(*command: str, folder: Path, **environment: str) -> None:
    """A tool finds nothing wrong."""
    environ = {**os.environ, **environment}
    words = [sys.executable, "-m", *command]
    done = subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_extension_point_has_a_tutorial() -> None:
    """A template, a tutorial and an extension point of a host: three lists that agree."""
    from lowcode.plugins import kinds_with

    assert sorted(TUTORIALS) == scaffold.sorts() == sorted(kinds_with())


def test_their_tests_pass(folder: Path) -> None:
    """Each kind is tested through a host that is given it."""
    run("pytest", "-q", "-p", "no:cacheprovider", ".", folder=folder)


def test_they_are_clean(folder: Path) -> None:
    """Nothing for ruff to find or to format, with no settings but the length of a line."""
    settings = ("--isolated", "--line-length", "120")
    run("ruff", "check", *settings, "--select", RULES, "--ignore", "RUF001,RUF002,RUF003", ".", folder=folder)
    run("ruff", "format", *settings, "--check", ".", folder=folder)


def test_their_types_agree(folder: Path) -> None:
    """Strictly typed: a kind that misses its contract is seen while it is written."""
    files = [str(path) for path in sorted(folder.glob("*.py"))]
    # As the project is checked, so that what is known of the package is not worked out again.
    run("mypy", "--strict", *files, folder=ROOT, MYPYPATH=str(folder))


def test_the_tutorials_show_them(folder: Path) -> None:
    """The code of a page is, byte for byte, what the command writes."""
    for path, page in extending().items():
        shown = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
        _, name = TUTORIALS[Path(path).stem]
        written = [(folder / file).read_text("utf-8").strip() for file in (f"{name}.py", f"test_{name}.py")]
        assert [each.strip() for each in shown] == written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kind", "feild", "shade"], "no extension point 'feild'. Did you mean 'field'?"),
        (["kind", "field", "Shade"], "'shade' can"),
        (["kind", "field", "money"], "there is a field 'money' already"),
        (["kind", "function", "abs"], "there is a function 'abs' already"),
        (["kind", "field", "json"], "a module or a word of Python"),
        (["kind", "field"], "write: lowcode new kind SORT NAME"),
        (["form", "one", "two"], "one name is enough for a new form"),
    ],
)
def test_what_cannot_be_new(words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sort there is not, a name that cannot be or is taken: each is refused with the way on."""
    assert main(["new", *words, "--into", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays."""
    (tmp_path / "test_shade.py").write_text("mine", "utf-8")
    assert main(["new", "kind", "field", "shade", "--into", str(tmp_path)]) == 1
    assert "test_shade.py is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["test_shade.py"]
