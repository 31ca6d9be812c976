"""Builds `web/` into `src/lowcode/web/static/`, only when the sources changed.

Used by `./dev` and by the wheel's build hook. What decides is the content of the sources, not their dates, so that a
fresh clone, a switched branch and an unpacked source distribution are all judged rightly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tools import node
from tools.say import ROOT, give_up, run, step

SOURCES = ROOT / "web"
STATIC = ROOT / "src" / "lowcode" / "web" / "static"
MARK = STATIC / ".source-sha256"
QUIET = {"VITE_CONFIG_NATIVE_IGNORE_WARNING": "true"}
"""Vite tells in forty lines of what its next major version may load otherwise."""
LEFT_OUT = {"node_modules", "dist", "coverage", "e2e", "test-results", ".vite", "tsconfig.tsbuildinfo"}
"""What tools leave in `web/`, which no source distribution holds."""


def sources() -> Iterator[Path]:
    """Every file the build depends on, in a fixed order."""
    for file in sorted(SOURCES.rglob("*")):
        if file.is_file() and not LEFT_OUT.intersection(file.relative_to(SOURCES).parts):
            yield file


def digest() -> str:
    """A hash over names and contents of the sources."""
    total = hashlib.sha256()
    for file in sources():
        total.update(f"{file.relative_to(SOURCES).as_posix()}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def exists() -> bool:
    return (SOURCES / "package.json").is_file()


def fresh() -> bool:
    """Whether the built files belong to the present sources. Without sources (a source distribution may leave them
    out) the built files are what there is."""
    if not (STATIC / "index.html").is_file():
        return False
    return not exists() or (MARK.is_file() and MARK.read_text(encoding="utf-8").strip() == digest())


def install() -> node.Node:
    """`npm ci`, unless the lock file is the one installed already: npm would start from nothing each time."""
    lock = SOURCES / "package-lock.json"
    mark = SOURCES / "node_modules" / ".lock-sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    tool = node.get()
    if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
        with step("Installing the front end's packages"):
            words = tool.npm_command("ci", "--no-audit", "--no-fund", "--loglevel=error")
            run(words, env=tool.environment(), cwd=SOURCES)
        mark.write_text(wanted, encoding="utf-8")
    return tool


def build(*, force: bool = False) -> None:
    """Build when stale; stop when no page came out of it."""
    if not exists() or (fresh() and not force):
        return
    tool = install()
    before = digest()
    with step("Building the front end"):
        run(tool.npm_command("run", "build", "--silent"), env=tool.environment() | QUIET, cwd=SOURCES)
    if not (STATIC / "index.html").is_file():
        give_up("the front end was built, and there is no index.html.", f"`npm run build` must write into {STATIC}.")
    MARK.write_text(f"{before}\n", encoding="utf-8")


def test() -> None:
    """The front end's own tests. Its types were checked when it was built: the same sources are not read twice."""
    if not exists():
        return
    tool = install()
    run(tool.npm_command("run", "test", "--silent", "--if-present"), env=tool.environment(), cwd=SOURCES)
