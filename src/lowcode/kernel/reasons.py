"""Why something was not done, kept for people of several languages.

A reason of the program's own has words in each language; one that another program or a person gives is what they wrote.
Both stand in one text column: words in several languages as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.kernel.diagnostics import LANGUAGE, Rejected, Text, localized

LANGUAGES = ("en", "zh-CN")
"""Those that the program's own words have."""
UNKNOWN = "und"
"""The language of what somebody wrote (BCP 47)."""


class Reasoned(ValueError):
    """What cannot be used; `reason` says why in every language the engine speaks."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(localized(reason))


def both(english: str, chinese: str) -> dict[str, str]:
    """A reason in both languages."""
    return dict(zip(LANGUAGES, (english, chinese), strict=True))


def filled(reason: Text, **values: Any) -> Text:
    """A reason with its values, in every language it has."""
    if isinstance(reason, str):
        return reason.format(**values)
    return {language: each.format(**values) for language, each in reason.items()}


def joined(parts: Iterable[Text], before: str = "") -> dict[str, str]:
    """Several reasons as one, in every language the engine speaks."""
    known = list(parts)
    return {each: before + "; ".join(localized(part, each) for part in known) for each in LANGUAGES}


def reason_of(error: ValueError) -> Text:
    """Why something cannot be used: of a library, in its own words."""
    return error.reason if isinstance(error, Reasoned) else str(error)


def of_refusal(refused: Rejected) -> Text:
    """Why something was refused, in every language the engine speaks."""
    return {language: "; ".join(each.words(language) for each in refused.problems) for language in LANGUAGES}


def kept(reason: Text | None) -> str | None:
    """A reason as a text column holds it; None for none."""
    if not reason:
        return None
    if isinstance(reason, str):
        if isinstance(recalled(reason), str):
            return reason
        reason = {UNKNOWN: reason}
    return json.dumps(reason, ensure_ascii=False, sort_keys=True)


def recalled(text: str | None) -> Text | None:
    """A reason that was kept: words by languages, or somebody's, which may look like them."""
    if text is None or not text.startswith('{"'):
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, dict) and all(map(_said, found.items())) else text


def _said(words: tuple[str, Any]) -> bool:
    return re.fullmatch(LANGUAGE, words[0]) is not None and isinstance(words[1], str)


def told(text: str | None, language: str | None) -> str | None:
    """A reason that was kept, in a language."""
    found = recalled(text)
    return found if found is None or isinstance(found, str) else localized(found, language)


def problems_kept(refused: Rejected | None) -> list[dict[str, Any]]:
    """What was wrong with something that came in, each with its place, as JSON that is kept; nothing for no refusal."""
    return [
        {"pointer": each.pointer, "code": each.code, "detail": {word: each.words(word) for word in LANGUAGES}}
        for each in (refused.problems if refused is not None else ())
    ]


def problems_told(problems: Sequence[Mapping[str, Any]], language: str | None) -> list[dict[str, Any]]:
    """What was kept of a refusal, in a language."""
    return [{**each, "detail": localized(each["detail"], language)} for each in problems]
