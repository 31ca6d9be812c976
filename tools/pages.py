"""`make docs`: writes what is generated, and checks that every link and every named file of the pages is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import reference
from tools.say import ROOT, say

DECISIONS = ROOT / "docs" / "decisions"
LEFT_OUT = {"node_modules", ".venv", ".dev", "build", "dist", "static"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
SORTS = ("added", "changed", "fixed", "removed", "security")


def pages() -> Iterator[Path]:
    """Every Markdown page of the repository."""
    for path in sorted(ROOT.rglob("*.md")):
        if not LEFT_OUT.intersection(path.relative_to(ROOT).parts):
            yield path


def broken_links() -> Iterator[str]:
    """Links within the repository that lead nowhere."""
    for page in pages():
        text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for found in LINK.finditer(text):
            target = (found.group(1) or found.group(2)).partition("#")[0]
            inside = target and "://" not in target and not target.startswith("mailto:")
            if inside and not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: there is no {target}"


def wrong_decisions() -> Iterator[str]:
    """Decision records that miss a part, or that the list leaves out."""
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    numbers: dict[str, str] = {}
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        # Branches written side by side leave gaps; two pages of one number would make a reference ambiguous.
        first = numbers.setdefault(path.name[:4], path.name)
        if first != path.name:
            yield f"{path.name}: {path.name[:4]} is the number of {first}"
        for part in ("## Context", "## Options", "## Decision", "## Consequences"):
            if part not in text:
                yield f"{path.name}: has no part '{part}'"
        title = text.splitlines()[0].removeprefix("# ")
        if f"- [{title}]({path.name})" not in index:
            yield f"{path.name}: docs/decisions/README.md does not list it by its title"


def wrong_fragments() -> Iterator[str]:
    """Changelog fragments that a release could not gather."""
    for path in sorted((ROOT / "changelog.d").glob("*.md")):
        if path.name != "README.md" and path.suffixes[:-1] not in [[f".{sort}"] for sort in SORTS]:
            yield f"changelog.d/{path.name}: is named <what>.<sort>.md, the sort being one of {', '.join(SORTS)}"


def findings() -> list[str]:
    return [*broken_links(), *wrong_decisions(), *wrong_fragments()]


def generate() -> None:
    """Write what is generated from the code: the JSON Schemas that editors use, and the reference."""
    if (ROOT / "src" / "lowcode" / "cli").exists():
        schemas = ROOT / "src" / "lowcode" / "schemas"
        subprocess.run([sys.executable, "-m", "lowcode.cli", "schema", schemas], cwd=ROOT, check=True)
        reference.write()


def main() -> int:
    generate()
    wrong = findings()
    for each in wrong:
        say(each)
    say(f"{sum(1 for _ in pages())} pages, {len(wrong)} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
