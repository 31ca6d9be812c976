"""Every message says why it came and is provoked by a test: an untested message is wrong on the day it is needed."""

from __future__ import annotations

import importlib
from functools import cache

from lowcode.kernel.diagnostics import Catalogue
from tests.architecture.measure import ROOT, files, tolerated
from tests.architecture.test_silence import every_module


@cache
def catalogues() -> dict[str, Catalogue]:
    """Every catalogue of the package, by its prefix."""
    found: dict[str, Catalogue] = {}
    for module in every_module():
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, Catalogue):
                assert found.setdefault(value.prefix, value) is value, f"two catalogues of '{value.prefix}' messages"
    return found


@cache
def spoken_of() -> str:
    """All tests and cases as one text: a test that provokes a message names its code, whole or without the prefix."""
    paths = [*files(["tests"], ".py", ".json"), *files(["examples"], ".json")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.parent != ROOT / "tests/architecture")


def test_every_message_says_why() -> None:
    """A code has words and a cause."""
    silent = [code for each in catalogues().values() for code, message in each.items() if not message.cause.strip()]
    assert not silent, f"no cause: {silent}"


def test_every_message_is_provoked() -> None:
    """A code stands in a test or case; how many of a catalogue still do not stands in tolerated.txt, and shrinks."""
    allowed = {line.where: line.up_to for line in tolerated() if line.rule == "messages"}
    for prefix, catalogue in catalogues().items():
        known = spoken_of()
        missing = [code for code in catalogue if code not in known and f'"{code.partition(".")[2]}"' not in known]
        assert len(missing) <= allowed.get(prefix, 0), f"no test provokes {missing}"
