"""What can be wrong, said so that the reader can mend it.

Two families, because two people read them:

* a **Diagnostic** is about a document and is read by its author: place, what was seen, what was possible, the cure.
  `Report` collects them; `DefinitionError` carries the whole report, so an author is refused once and told everything.
* a **Problem** is about data somebody sent and is read by the person at the screen, in their language.
  `Rejected` carries every problem of one attempt.

Exception tree:

    LowcodeError
    ├── DefinitionError      documents cannot be read or understood
    ├── ChainTooLong         events caused one another past the limit
    └── Rejected             somebody asked for something that is refused (status 422)
        ├── Unauthenticated  nobody is signed in (401)
        ├── Forbidden        known, and not allowed (403)
        ├── NotFound         not there, or not for this person (404)
        ├── TooManyRequests  asked too often (429)
        ├── Unavailable      the database is full, busy or gone (503)
        └── Conflict         somebody else was faster, or a unique rule is broken (409)

A catalogue (`MESSAGES` in an engine's `diagnostics.py`) is the one place where the words of its codes stand.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Text = str | dict[str, str]
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""How a language is written (BCP 47), as a pattern."""
Severity = Literal["error", "warning", "information"]


LONGEST_SEEN = 120
"""So much of a value somebody sent is said."""
TOLD = 100
"""So many things wrong are told of one piece of what was sent: nobody reads more, and somebody could send thousands of
unknown names, for each of which the nearest is looked for."""
SLOT = re.compile(r"\{([^{}]*)\}")
"""Where a value stands in the words of a problem."""
SLIP = 0.7
"""So much is alike in two words where one is the other with a slip in it."""


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The known name an author most likely meant, or None when nothing is near."""
    candidates = [str(each) for each in names]
    lowered = {each.lower(): each for each in reversed(candidates)}
    wanted = str(name).lower()
    found = near_to(wanted, lowered)
    return lowered[found] if found is not None else None


def near_to(wanted: str, names: Iterable[str]) -> str | None:
    """The name nearest to what was written: a slip of the hand, or one that begins as it does; what shares some of its
    letters by chance is another word."""
    return next(
        (
            each
            for each in difflib.get_close_matches(wanted, list(names), n=5, cutoff=0.6)
            if each[:1] == wanted[:1] or difflib.SequenceMatcher(None, wanted, each).ratio() >= SLIP
        ),
        None,
    )


def is_text(value: Mapping[Any, Any]) -> bool:
    """Whether an object is words by language, and not a value that somebody sent."""
    return all(isinstance(each, str) and re.match(LANGUAGE, str(tag)) is not None for tag, each in value.items())


def localized(text: Any, locale: str | None = None) -> str:
    """The words of a `Text` in a language: exact tag, then same language, then English, then whatever is there."""
    if text is None:
        return ""
    if not isinstance(text, Mapping):
        return str(text)
    if locale:
        if locale in text:
            return str(text[locale])
        language = locale.split("-")[0].lower()
        for tag, words in text.items():
            if str(tag).split("-")[0].lower() == language:
                return str(words)
    return str(text.get("en") or next(iter(text.values()), ""))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the app: document path, JSON pointer, and line and column (from 1) when the text is known."""

    document: str = ""
    pointer: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.document}{position}" + (f" {self.pointer}" if self.pointer else "")


@dataclass(frozen=True, slots=True)
class Message:
    """The words of one code: `text` and `hint` are templates over the values; `cause` explains it in the reference."""

    text: str
    cause: str
    hint: str = ""
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a document."""

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: Severity = "error"
    values: Mapping[str, Any] = field(default_factory=dict)
    chinese: tuple[str, str] = field(default=("", ""), compare=False)
    """Message and hint in Chinese, where they have been said in it."""

    def told(self, locale: str | None) -> tuple[str, str]:
        """Message and hint as somebody reads them."""
        own = self.chinese if (locale or "").startswith("zh") and self.chinese[0] else (self.message, self.hint)
        return own

    @property
    def text(self) -> Text:
        """Message and hint in both languages."""
        return {tag: " ".join(filter(None, self.told(tag))) for tag in ("en", "zh-CN")}

    def __str__(self) -> str:
        cure = f"\n    fix: {self.hint}" if self.hint else ""
        return f"{self.place}: {self.severity}: {self.message} [{self.code}]{cure}"


class Catalogue(Mapping[str, Message]):
    """The messages of one engine; the code of an entry is `<prefix>.<key>`. `chinese` has text and hint of those that
    people read on the page, by key; `terms` what the engine's own words in `kind` and `what` are called there."""

    def __init__(
        self, prefix: str, messages: Mapping[str, Message], chinese: Mapping[str, tuple[str, str]] | None = None,
        terms: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.prefix = prefix
        self.chinese, self._terms = chinese or {}, terms or {}
        self._messages = {f"{prefix}.{key}": message for key, message in messages.items()}

    def __getitem__(self, code: str) -> Message:
        return self._messages[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)

    def diagnostic(self, key: str, place: Place, **values: Any) -> Diagnostic:
        """A finding with this catalogue's words. `near` and `known` in the values become the hint when it has none."""
        code = f"{self.prefix}.{key}"
        message = self._messages[code]
        shown = {name: _shown(value) for name, value in values.items()}
        hint = message.hint.format(**shown) if message.hint else ""
        if "known" in values:
            hint = " ".join(filter(None, [hint, suggestion(values.get("seen"), values["known"])]))
        return Diagnostic(
            code, message.text.format(**shown), place, hint, message.severity, values, self._in_chinese(key, values)
        )

    def _in_chinese(self, key: str, values: Mapping[str, Any]) -> tuple[str, str]:
        if key not in self.chinese:
            return "", ""
        shown = {name: _shown(value, "zh-CN") for name, value in values.items()}
        shown |= {name: self._terms.get(shown[name], shown[name]) for name in ("kind", "what") if name in shown}
        try:
            text, hint = (each.format(**shown) for each in self.chinese[key])
        except (KeyError, IndexError):  # a finding that lacks a value of the Chinese is told in English
            return "", ""
        if "known" in values:
            hint += suggestion(values.get("seen"), values["known"], "zh-CN")
        return text, hint


NEAR = {"en": "Did you mean '{near}'?", "zh-CN": "是否指“{near}”？"}
"""How the name nearest to an unknown one is offered: in a hint, and where the words of a refusal say `{near}`."""


NONE_YET = {"en": "There is none yet.", "zh-CN": "目前一个也没有。"}
KNOWN = {"en": "Known: {listed}.", "zh-CN": "可用：{listed}。"}


def suggestion(seen: Any, known: Iterable[str], language: str = "en") -> str:
    """The hint for an unknown name: the nearest known one, else the list of those there are."""
    names = sorted({str(each) for each in known})
    near = nearest(localized(seen), names) if seen is not None else None
    if near:
        return NEAR[language].format(near=near)
    if not names:
        return NONE_YET[language]
    listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return KNOWN[language].format(listed=listed)


def _shown(value: Any, locale: str | None = None) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_written(each, locale) if isinstance(each, Mapping) else localized(each) for each in value)
    return _written(value, locale) if isinstance(value, Mapping) else str(value)


def _written(value: Mapping[Any, Any], locale: str | None) -> str:
    """An object in a sentence: a text in its language, another as somebody would write it, and no more of it than is
    needed to know it again."""
    if is_text(value):
        return localized(value, locale)
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= LONGEST_SEEN else f"{written[:LONGEST_SEEN]}…"


class Report:
    """Collects findings; nothing is raised before everything was looked at."""

    def __init__(self, findings: Iterable[Diagnostic] = ()) -> None:
        self._findings: dict[tuple[str, Place, str], Diagnostic] = {}
        self.extend(findings)

    def add(self, finding: Diagnostic) -> None:
        """Keep a finding; the same code, place and words twice is one finding."""
        self._findings.setdefault((finding.code, finding.place, finding.message), finding)

    def extend(self, findings: Iterable[Diagnostic]) -> None:
        """Keep several findings."""
        for finding in findings:
            self.add(finding)

    def drop(self, unwanted: Callable[[Diagnostic], bool]) -> None:
        """Forget findings: those that only follow from others."""
        self._findings = {key: each for key, each in self._findings.items() if not unwanted(each)}

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """All findings in the order of document and line."""
        ordered = sorted(self._findings.values(), key=lambda f: (f.place.document, f.place.line or 0, f.place.pointer))
        return tuple(ordered)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that stop a publication."""
        return tuple(each for each in self.findings if each.severity == "error")

    @property
    def ok(self) -> bool:
        """Whether nothing stops a publication."""
        return not any(each.severity == "error" for each in self._findings.values())

    def raise_if_wrong(self) -> None:
        """Refuse, once, with everything that was found."""
        if not self.ok:
            raise DefinitionError(self)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self._findings)

    def __str__(self) -> str:
        return "\n".join(str(each) for each in self.findings)


class LowcodeError(Exception):
    """The root of what this library raises on purpose."""


class DefinitionError(LowcodeError):
    """Documents of an app cannot be read or understood; `report` lists everything that is wrong."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(f"{len(report.errors)} errors in the definitions\n{report}")


class ChainTooLong(LowcodeError):
    """Events caused one another more often than the limit allows; the message names the chain."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal: a stable code, words for the person, and where in what was sent (JSON pointer)."""

    code: str
    message: Text
    pointer: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def words(self, locale: str | None = None) -> str:
        """The message in a language, values filled in; values that are texts of a definition in that language, too.
        What a value holds is put in as it is, braces and all."""

        def put(found: re.Match[str]) -> str:
            name = found.group(1)
            if name not in self.values:
                return found.group()
            shown = _shown(self.values[name], locale)
            return localized(NEAR, locale).format(near=shown) if name == "near" and shown else shown

        return SLOT.sub(put, localized(self.message, locale)).rstrip()


class Rejected(LowcodeError):
    """What was asked for is refused; `problems` says why, all of it."""

    status = 422
    title = "The request was refused"

    def __init__(self, problems: Problem | Iterable[Problem], **details: Any) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.details = details
        told = (f"{each.pointer or '/'}: {each.words('en')} [{each.code}]" for each in self.problems)
        super().__init__("; ".join(told))


class Unauthenticated(Rejected):
    """Nobody is signed in, or the key or password is wrong."""

    status = 401
    title = "Sign in first"


class Forbidden(Rejected):
    """The person is known and may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(Rejected):
    """There is no such thing, or not for this person: both look alike on purpose."""

    status = 404
    title = "Not found"


class SwitchedOff(NotFound):
    """It is of a part of the app that is switched off: a job that finds so waits, and is no attempt."""


class TooManyRequests(Rejected):
    """It is asked too often; the detail `retry_after` says how many seconds to wait."""

    status = 429
    title = "Too many requests"


class Unavailable(Rejected):
    """The database cannot do it now (full, busy, gone); nothing was done, and the same may be tried again."""

    status = 503
    title = "Not possible at the moment"


class Conflict(Rejected):
    """Somebody else changed it first, or a value that must be unique is taken."""

    status = 409
    title = "Conflict"
