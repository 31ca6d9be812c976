"""Measures the sources, and reads what is tolerated. Limits: files 500, functions 80, classes 200 lines, 20 methods."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "lowcode"
PYTHON = ("src/lowcode", "tests", "tools", "bench")
WEB = ("web/packages", "web/app")
LEFT_OUT = {"node_modules", "dist", "static", "__pycache__", "generated"}
LIMITS = {"file": 500, "function": 80, "class": 200, "methods": 20}

Rule = Literal["file", "function", "class", "methods"]


@dataclass(frozen=True, order=True)
class Size:
    """One measured thing: `where` is `path` or `path:name`."""

    rule: Rule
    where: str
    size: int


@dataclass(frozen=True)
class Tolerated:
    rule: str
    where: str
    up_to: int
    reason: str


def files(folders: Iterable[str], *endings: str) -> Iterator[Path]:
    """The source files below these folders of the repository."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.suffix in endings and not LEFT_OUT.intersection(inside.parts):
                yield path


def modules() -> list[Path]:
    """The modules of the package."""
    return list(files(["src/lowcode"], ".py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def sizes() -> list[Size]:
    """Every file, function and class of the repository, measured once."""
    found: list[Size] = []
    for path in [*files(PYTHON, ".py"), *files(WEB, ".ts", ".tsx")]:
        text = path.read_text(encoding="utf-8")
        found.append(Size("file", name(path), text.count("\n")))
        if path.suffix == ".py":
            found += _inside(name(path), ast.parse(text))
    return found


def _inside(where: str, tree: ast.AST) -> Iterator[Size]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Size("function", f"{where}:{node.name}", _lines(node))
        elif isinstance(node, ast.ClassDef):
            members = [member for member in node.body if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)]
            yield Size("class", f"{where}:{node.name}", _lines(node))
            yield Size("methods", f"{where}:{node.name}", len(members))


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def tolerated() -> list[Tolerated]:
    """The lines of tolerated.txt."""
    lines = []
    for line in (Path(__file__).parent / "tolerated.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            rule, where, up_to, reason = (part.strip() for part in line.split("|"))
            assert reason, f"tolerated.txt gives no reason for {where}"
            lines.append(Tolerated(rule, where, int(up_to or 0), reason))
    return lines


def percentile(values: list[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
