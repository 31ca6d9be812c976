"""The repository speaks of the project alone: no machine's folders, no registry's addresses, nothing left open."""

from __future__ import annotations

import re
import subprocess

from tests.architecture.measure import ROOT

HOMES = re.compile(r"""(^|["'`\s=(:])(/(wo[r]k|ro[o]t|ho[m]e/\w+|Us[e]rs/\w+)/|[A-Z]:\\Us[e]rs\\)""")
ADDRESSES = re.compile(r'"resolved": *"https?:|^(--)?(index-url|extra-index-url|find-links)\b|--hash=')
OPEN = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")


def tracked() -> list[str]:
    """The text files of the repository; in an unpacked source distribution there is nothing to ask."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.split("\0") if done.returncode == 0 else []
    return [each for each in names if each and (ROOT / each).is_file() and b"\0" not in (ROOT / each).read_bytes()]


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{each}:{number}: {line.strip()[:100]}"
        for each in names
        for number, line in enumerate((ROOT / each).read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_machine_paths() -> None:
    """Nothing names a folder of the machine it was written on."""
    assert lines_with(HOMES, tracked()) == []


def test_no_registry_addresses() -> None:
    """Lock and constraint files name versions, not the registry they came from: any mirror serves."""
    locks = [each for each in tracked() if each.endswith(("package-lock.json", "constraints.txt", ".lock", ".npmrc"))]
    assert lines_with(ADDRESSES, locks) == []
    assert "uv.lock" not in tracked()


def test_nothing_is_left_open() -> None:
    """What is not done is an issue, not a comment."""
    sources = [each for each in tracked() if each.endswith((".py", ".ts", ".tsx", ".lark")) or each == "dev"]
    assert lines_with(OPEN, sources) == []
