"""Every message says why it came and is provoked by a test: an untested message is wrong on the day it is needed."""

from __future__ import annotations

import importlib
from functools import cache
from string import Formatter

from lowcode.kernel.diagnostics import Catalogue
from tests.architecture.measure import ROOT, files, tolerated
from tests.architecture.test_silence import every_module

ENGLISH = {"tests"}
"""Catalogues without Chinese: what they say is read at the command line."""


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


def with_chinese() -> dict[str, Catalogue]:
    """The catalogues whose messages are said in Chinese."""
    return {prefix: each for prefix, each in catalogues().items() if each.chinese}


def slots(*texts: str) -> set[str]:
    """What stands in braces."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def test_what_designers_read_is_said_in_chinese() -> None:
    """Only what is of an app's own tests stays English; a catalogue with Chinese has it for each message."""
    assert ENGLISH == {*catalogues()} - {*with_chinese()}
    for prefix, catalogue in with_chinese().items():
        keys = {code.partition(".")[2] for code in catalogue}
        assert {*catalogue.chinese} <= keys, f"{prefix}: Chinese of no message: { ({*catalogue.chinese} - keys) }"
        lacking = keys - {*catalogue.chinese}
        assert not lacking, f"{prefix}: no Chinese of {sorted(lacking)}"


def test_slots_are_the_same_in_both_languages() -> None:
    """The Chinese of a message shows what its English shows, has a cure where that has one, and asks for no value that
    the English does not have: a finding would have no Chinese then."""
    wrong = []
    for prefix, catalogue in with_chinese().items():
        for key, (text, hint) in catalogue.chinese.items():
            message = catalogue[f"{prefix}.{key}"]
            own = slots(message.text, message.hint) | {"seen"}
            if not slots(text, hint) <= own or not slots(message.text) <= slots(text, hint):
                wrong.append(f"{prefix}.{key}: slots")
            if bool(message.hint) != bool(hint):
                wrong.append(f"{prefix}.{key}: cure")
            if not any("\u4e00" <= sign <= "\u9fff" for sign in text) and slots(text) != slots(message.text):
                wrong.append(f"{prefix}.{key}: no Chinese")
    assert wrong == []
