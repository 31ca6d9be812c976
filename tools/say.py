"""Progress in plain words: a first run takes a minute, and a minute of silence looks like a hang."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""

STATE = ROOT / ".dev"
"""What the workshop fetched and made for itself; may be deleted at any time."""


def say(text: str) -> None:
    print(f"dev: {text}", file=sys.stderr, flush=True)


def give_up(what: str, cure: str) -> NoReturn:
    """Stop with what is wrong and what to do about it."""
    print(f"dev: {what}\n     {cure}", file=sys.stderr, flush=True)
    raise SystemExit(1)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a piece of work and how long it took."""
    say(f"{title} …")
    began = time.monotonic()
    yield
    say(f"{title}: done in {time.monotonic() - began:.1f} s")


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT, chatty: bool = False
) -> None:
    """Run a command, showing what it prints (of a `chatty` one only what it says on its error channel); stop when it
    fails."""
    words = [str(word) for word in command]
    shown = subprocess.DEVNULL if chatty else None
    code = subprocess.call(words, env=dict(env) if env is not None else None, cwd=cwd, stdout=shown)
    if code:
        give_up(f"this command failed ({code}): {' '.join(words)}", "Its own message stands above.")


def quiet(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str | None:
    """What a command prints, or None when it is missing or fails."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env=dict(env) if env is not None else None,
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def patiently(command: Sequence[str | Path]) -> tuple[int, str]:
    """Run a command where nobody else needs the processor; what it ended with, and all it said."""
    words = [*(["nice", "-n", "10"] if shutil.which("nice") else []), *map(str, command)]
    done = subprocess.run(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout.strip()


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
