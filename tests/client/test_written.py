"""Clients written for an app: the type checkers of both languages find nothing wrong, and a wrong use is found."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from lowcode.cli import main
from tests.api.app import Shop
from tests.client.conftest import Serve
from tools import node
from tools.say import ROOT

CRM = ROOT / "examples" / "crm_app"
USE = """
from crm import Api

def use(api: Api) -> None:
    lead = api.lead.create({{"company": "Acme", "source": {source}}})
    print(lead["id"] + 1)
    for each in api.quote.each(where="total > 100"):
        print([row.get("price") for row in each.get("items", [])])
"""
KEYWORD = {
    "name": "move", "title": "Move",
    "fields": [{"name": "from", "type": "text"}, {"name": "ask", "type": "link", "to": "lead"}],
    "permissions": [{"role": "supervisor", "can": ["create", "read"]}],
}  # fmt: skip


@pytest.mark.requirement("A2")
def test_python_checks(tmp_path: Path) -> None:
    """`mypy --strict` takes the module of the CRM, and knows a choice that is none."""
    assert main(["client", str(CRM), "-o", str(tmp_path / "crm.py")]) == 0
    (tmp_path / "right.py").write_text(USE.format(source='"phone"'), encoding="utf-8")
    (tmp_path / "wrong.py").write_text(USE.format(source='"phon"'), encoding="utf-8")
    run = subprocess.run(  # as the project is checked, so that what is known of the package is not worked out again
        [sys.executable, "-m", "mypy", "--strict", *map(str, sorted(tmp_path.glob("*.py")))],
        cwd=ROOT, env={**os.environ, "MYPYPATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    [found] = [line for line in run.stdout.splitlines() if ": error: " in line]
    assert "/wrong.py:" in found and "has type \"Literal['phon']\"" in found, run.stdout + run.stderr


def test_typescript_checks(tmp_path: Path) -> None:
    """The compiler takes the module of the CRM in its strictest way."""
    written = tmp_path / "crm.ts"
    assert main(["client", str(CRM), "-o", str(written), "--name", "Crm"]) == 0
    run = compiled(tmp_path, written, noEmit="true")
    assert run.returncode == 0, run.stdout


def compiled(folder: Path, *files: Path, **options: str) -> subprocess.CompletedProcess[str]:
    """What the compiler of TypeScript says of some files, in its strictest way."""
    compiler = ROOT / "web" / "node_modules" / "typescript" / "bin" / "tsc"
    strict = ["--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--exactOptionalPropertyTypes"]
    more = [word for name, value in options.items() for word in (f"--{name}", value)]
    command: list[str | Path] = [node.get().binary, compiler, *strict, *more, *files]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


@pytest.mark.requirement("A2")
def test_the_module_of_typescript_runs(open_shop: Callable[..., Shop], served: Serve, tmp_path: Path) -> None:
    """Each verb against a served app: choices, money, days, pages, files, what is refused, and what is put off."""
    shop = open_shop()
    written = saved(shop, tmp_path)
    assert main(["client", str(written), "-o", str(tmp_path / "made.ts"), "--name", "Small"]) == 0
    copyfile(Path(__file__).with_name("run.ts"), tmp_path / "run.ts")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    made = compiled(tmp_path, tmp_path / "run.ts", module="es2022", moduleResolution="bundler", outDir="out")
    assert made.returncode == 0, made.stdout
    (tmp_path / "out" / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    with served(shop) as url:
        command = [node.get().binary, tmp_path / "out" / "run.js", url, shop.key("head", rate=10_000)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    assert [
        ["Acme", "A", "10.50", "2026-03-02"], [412, 0], [422, ["/budget", "/grade"]], 250, 251, [1, 1, "10.50"],
        [[None, 250], ["B", 1]], True, ["updated", "created"], ["名片.txt", "你好"], ["contract", "lead"], 404, [1, 2],
    ] == json.loads(run.stdout)  # fmt: skip


def saved(shop: Shop, folder: Path) -> Path:
    """The documents of a shop as a folder."""
    for path, document in {each.path: each.data for each in shop.host.documents}.items():
        (folder / "app" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "app" / path).write_text(json.dumps(document), encoding="utf-8")
    return folder / "app"


def test_the_module_runs(open_shop: Callable[..., Shop], served: Serve, tmp_path: Path) -> None:
    """Forms are properties; names that Python or the client has already get an underscore, fields stay as they are."""
    shop = open_shop(more={"forms/move.json": KEYWORD, "forms/ask.json": {**KEYWORD, "name": "ask"}})
    assert main(["client", str(saved(shop, tmp_path)), "-o", str(tmp_path / "made.py"), "--name", "Small"]) == 0
    spec = importlib.util.spec_from_file_location("made", tmp_path / "made.py")
    assert spec is not None and spec.loader is not None
    made: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    with served(shop) as url, made.Small(url, shop.key("head")) as client:
        lead = client.lead.create({"company": "Acme"})
        move = client.move.create({"from": "here", "ask": lead["id"]})
        assert ("here", {"id": lead["id"], "label": "Acme"}) == (move["from"], move["ask"])
        assert [] == client.ask_.list().items
