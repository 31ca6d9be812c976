"""What services say in their answers, read the same way: a number, and words for it that say what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from lowcode.api.connectors.kind import LOOK, Call, Notice, Verdict
from lowcode.kernel.diagnostics import Text, localized

Codes = Mapping[Any, Verdict]


def object_of(answer: str) -> Mapping[str, Any] | None:
    """The answer as an object; None when it is none."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


NO_OBJECT = Verdict("again", {"en": "the answer is no JSON object", "zh-CN": "返回内容不是 JSON 对象"})


def judged(answer: str, codes: Codes, code: str, words: str, good: Any = 0) -> Verdict | None:
    """What an answer of the shape `{"errcode": 0, "errmsg": "ok"}` means."""
    found = object_of(answer)
    if found is None or code not in found:
        return NO_OBJECT
    if found[code] == good:
        return None
    return verdict(codes, found[code], found.get(words, ""))


def verdict(codes: Codes, code: Any, words: Any) -> Verdict:
    """What a code means: number, what to do, and the service's own words."""
    known = codes.get(code)
    if known is None:
        return Verdict("again", both("{code}: {words}", "{code}：{words}", code=code, words=words))
    cure = both("{code}: {cure} ({words})", "{code}：{cure}（{words}）", code=code, cure=known.reason, words=words)
    return Verdict(known.outcome, cure, known.wait)


def both(english: str, chinese: str, **values: Any) -> Text:
    """A text in both languages, filled in."""
    found: dict[str, str] = {}
    for locale, pattern in (("en", english), ("zh-CN", chinese)):
        shown = {name: localized(value, locale) if name == "cure" else value for name, value in values.items()}
        found[locale] = pattern.format(**shown)
    return found


def told(outcome: Any, english: str, chinese: str, wait: int | None = None) -> Verdict:
    """A line of a table of codes."""
    return Verdict(outcome, {"en": english, "zh-CN": chinese}, wait)


def in_query(call: Call, token: str) -> Call:
    """A request with the token of the application in its address, as DingTalk and WeCom take it."""
    between = "&" if "?" in call.url else "?"
    return replace(call, url=f"{call.url}{between}{urlencode({'access_token': token})}")


def look_of(values: Mapping[str, Any]) -> str:
    """What stands on the link of a message."""
    return str(values.get("look") or LOOK)


def deciding(notice: Notice) -> Mapping[str, Any]:
    """The values of a message to people, with the buttons by which they decide where there are some."""
    said = for_people(notice)
    buttons = [{"title": each.title, "url": each.url} for each in notice.buttons]
    return {**said, "buttons": buttons} if buttons else said


def for_people(notice: Notice) -> dict[str, Any]:
    """A notice as the values of a message to people by their accounts."""
    text = notice.text or notice.title
    return {"title": notice.title, "text": text, "link": notice.link, "look": notice.look, "people": notice.to}


def markdown(title: str, text: str, link: str, more: str) -> str:
    """A notice as Markdown: a title, the words, and where to read on."""
    parts = [f"### {title}" if title else "", text, f"[{more}]({link})" if link else ""]
    return "\n\n".join(part for part in parts if part)


def shortened(text: str, limit: int) -> str:
    """At most so many bytes of UTF-8, cut between characters."""
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode("utf-8", "ignore") + "…"
