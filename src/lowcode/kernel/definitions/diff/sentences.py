"""The sentences of a difference, each in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from lowcode.kernel.definitions.diff.words import (
    CONDITIONS,
    DOCUMENTS,
    LANGUAGES,
    SWITCHES,
    Language,
    is_text,
    label,
    noun,
    property_word,
    quoted,
    shown,
    word,
)

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Trail:
    """The way from the document to a member: what each step is (a document's kind, or the list it lies in) and who."""

    steps: tuple[tuple[str, Any, int], ...]
    properties: tuple[str, ...] = ()

    @classmethod
    def document(cls, kind: str, data: Any) -> Trail:
        """The way begins at a document; its `type` may have a word of its own."""
        own = str(data.get("type", "")) if isinstance(data, dict) else ""
        return cls(((own if own in DOCUMENTS else kind, data, 0),))

    def member(self, key: str, data: Any, index: int) -> Trail:
        """On to a member of one of its lists."""
        return Trail((*self.steps, (key, data, index)))

    def inside(self, key: str) -> Trail:
        """On to an object that is one of its properties."""
        return replace(self, properties=(*self.properties, key))

    @property
    def outer(self) -> Trail:
        """What holds the last step."""
        return Trail(self.steps[:-1])

    def said(self, language: Language) -> str:
        """All of it in words: `field 预算 (budget) of form 客户 (account)`."""
        steps = [self._step(index, language) for index in range(len(self.steps))]
        return "的".join(steps) if language == "zh-CN" else " of ".join(reversed(steps))

    def last(self, language: Language) -> str:
        """The last step alone."""
        return self._step(len(self.steps) - 1, language)

    def _step(self, index: int, language: Language) -> str:
        key, data, place = self.steps[index]
        what = word(DOCUMENTS[key], language) if index == 0 else noun(key, language)
        who = label(data, f"#{place + 1}", language)
        return f"{what}“{who}”" if language == "zh-CN" else f"{what} {who}"

    def named(self, key: str, language: Language) -> str:
        """A property in words, with the objects it lies in."""
        joined = " › " if self.properties else ""
        return (
            " › ".join(property_word(each, language) for each in self.properties)
            + joined
            + property_word(key, language)
        )


def _both(say: Callable[[Language], str]) -> Words:
    return {language: say(language) for language in LANGUAGES}


def added(trail: Trail) -> Words:
    """Somebody is new."""
    if len(trail.steps) == 1:
        return _both(lambda each: f"新增{trail.said(each)}" if each == "zh-CN" else f"{trail.said(each)} added")
    return _both(
        lambda each: (
            f"{trail.outer.said(each)}：新增{trail.last(each)}"
            if each == "zh-CN"
            else f"{trail.outer.said(each)}: {trail.last(each)} added"
        )
    )


def removed(trail: Trail) -> Words:
    """Somebody is gone."""
    if len(trail.steps) == 1:
        return _both(lambda each: f"删除{trail.said(each)}" if each == "zh-CN" else f"{trail.said(each)} removed")
    return _both(
        lambda each: (
            f"{trail.outer.said(each)}：删除{trail.last(each)}"
            if each == "zh-CN"
            else f"{trail.outer.said(each)}: {trail.last(each)} removed"
        )
    )


def renamed(trail: Trail, before: str, after: str) -> Words:
    """Somebody has another name."""
    return _both(
        lambda each: (
            f"{trail.said(each)}由 {before} 改名为 {after}"
            if each == "zh-CN"
            else f"{trail.said(each)} renamed from {before} to {after}"
        )
    )


def moved(trail: Trail, ahead: Trail | None) -> Words:
    """Somebody stands elsewhere in the order."""

    def say(each: Language) -> str:
        if ahead is None:
            return f"{trail.said(each)}移到最前" if each == "zh-CN" else f"{trail.said(each)} moved to the front"
        after = ahead.last(each)
        return f"{trail.said(each)}移到{after}之后" if each == "zh-CN" else f"{trail.said(each)} moved after {after}"

    return _both(say)


def content(trail: Trail) -> Words:
    """A file has other content."""
    return _both(lambda each: f"{trail.said(each)}内容有变" if each == "zh-CN" else f"{trail.said(each)} changed")


def changed(trail: Trail, key: str, before: Any, after: Any) -> Words:
    """A property has another value; switches and conditions are said as people say them."""
    if key in SWITCHES and not trail.properties and _is_switch(before) and _is_switch(after):
        phrase = SWITCHES[key][bool(after) if after is not None else not before]
        return _both(lambda each: trail.said(each) + ("" if each == "zh-CN" else " ") + word(phrase, each))
    if key in CONDITIONS and not trail.properties:
        return _condition(trail, CONDITIONS[key], before, after)
    if is_text(before) and is_text(after):
        return _words_changed(trail, key, before, after)

    def say(each: Language) -> str:
        what, old, new = trail.named(key, each), shown(before, each), shown(after, each)
        said = trail.said(each)
        if before is None:
            return f"{said}：{what}设为{new}" if each == "zh-CN" else f"{said}: {what} set to {new}"
        if after is None:
            return f"{said}：去掉{what}{old}" if each == "zh-CN" else f"{said}: {what} {old} removed"
        return f"{said}：{what}由{old}改为{new}" if each == "zh-CN" else f"{said}: {what} changed from {old} to {new}"

    return _both(say)


def _is_switch(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _condition(trail: Trail, adjective: tuple[str, str], before: Any, after: Any) -> Words:
    def say(each: Language) -> str:
        said, how = trail.said(each), word(adjective, each)
        if after is None:
            return f"{said}不再按条件{how}" if each == "zh-CN" else f"{said} is no longer {how} by condition"
        if before is None:
            return f"{said}在 {after} 时{how}" if each == "zh-CN" else f"{said} is now {how} when {after}"
        if each == "zh-CN":
            return f"{said}{how}的条件由 {before} 改为 {after}"
        return f"{said} is now {how} when {after}, no longer when {before}"

    return _both(say)


def _words_changed(trail: Trail, key: str, before: dict[str, str], after: dict[str, str]) -> Words:
    tags = [tag for tag in dict.fromkeys([*after, *before]) if before.get(tag) != after.get(tag)]

    def say(each: Language) -> str:
        tag = each if each in tags else tags[0]
        what = trail.named(key, each) + ("" if tag == each else f" ({tag})")
        old, new = quoted(before.get(tag, ""), each), quoted(after.get(tag, ""), each)
        if each == "zh-CN":
            return f"{trail.said(each)}：{what}由{old}改为{new}"
        return f"{trail.said(each)}: {what} changed from {old} to {new}"

    return _both(say)


def list_changed(trail: Trail, key: str, before: list[Any], after: list[Any]) -> Words:
    """A list of plain values has others, or another order."""
    gone = [each for each in before if each not in after]
    new = [each for each in after if each not in before]

    def say(each: Language) -> str:
        chinese = each == "zh-CN"
        parts = []
        if new:
            listed = (
                "、".join(shown(value, each) for value in new)
                if chinese
                else ", ".join(shown(value, each) for value in new)
            )
            parts.append(f"新增{listed}" if chinese else f"{listed} added")
        if gone:
            listed = (
                "、".join(shown(value, each) for value in gone)
                if chinese
                else ", ".join(shown(value, each) for value in gone)
            )
            parts.append(f"去掉{listed}" if chinese else f"{listed} removed")
        if not parts:
            parts.append("顺序有变" if chinese else "reordered")
        what = trail.named(key, each)
        return (
            f"{trail.said(each)}：{what}" + "，".join(parts)
            if chinese
            else f"{trail.said(each)}: {what}: " + ", ".join(parts)
        )

    return _both(say)
