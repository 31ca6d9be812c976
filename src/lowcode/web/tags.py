"""Entity tags: what a visitor has already, and what a change is made from (RFC 9110, 8.8.3, 13.1.1 and 13.1.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from lowcode.kernel.diagnostics import Conflict, Problem

if TYPE_CHECKING:
    from lowcode.web.messages import Request

Result = TypeVar("Result")

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_ONE = re.compile(r'\s*((?:W/)?"[^"]*"|[^",\s]+)\s*(?:,|$)')
_VERSION = re.compile(r'"([0-9]{1,15})"|[0-9]{1,15}')
TAGS = 50
"""So many versions of a list are tried, the newest."""
NO_MATCH = {
    "en": 'If-Match names no version of this record ({seen}): a version is a strong tag such as "7", as ETag gave it; '
    "look at the record again. A tag with W/ in front was weakened by a program on the way, mostly to compress",
    "zh-CN": 'If-Match（{seen}）不是该记录的版本：版本是 ETag 给出的强标签，如 "7"，请重新读取该记录。'
    "带 W/ 的标签是被中间程序（通常为压缩）弱化的",
}
NOT_THERE = {
    "en": "If-Match ({seen}) asks for a record that is there, and there is none; leave it out to make one",
    "zh-CN": "If-Match（{seen}）要求记录已存在，但没有此记录；如需新建请去掉该请求头",
}


class PreconditionFailed(Conflict):
    """The record is no longer the one the person saw."""

    status = 412


def has_already(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names a tag: alone, in a list, weakened by a program between, or as any by `*`."""
    given = request.headers.get("if-none-match", "").strip()
    if not given:
        return False
    return given == "*" or tag.strip('"') in _TAG.findall(given)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The versions of which `If-Match` wants the record to be one, the oldest first; none with `*`, which any version
    fits. Tags are compared strongly: a weak one, and one that is no version of a record, fits none."""

    given: str
    versions: tuple[int, ...] = ()
    any: bool = False

    def ask(self, context: Any, ask: Callable[[int | None], Result]) -> Result:
        """Ask with each version until one fits. Raises Conflict as for the newest of them."""
        if self.any:
            return ask(None)
        for version in self.versions[:-1]:
            try:
                with context.unit.savepoint():
                    return ask(version)
            except Conflict as conflict:
                if not is_changed(conflict.problems):
                    raise
        return ask(self.versions[-1] if self.versions else 0)  # 0 is no version that a record has

    def refusal(self, problems: Iterable[Problem], **more: Any) -> PreconditionFailed:
        """The refusal: the record is another, or no tag could have been any of its versions."""
        if self.any or self.versions:
            return PreconditionFailed(problems, **more)
        return PreconditionFailed([Problem("http.no-match", NO_MATCH, "", {"seen": self.given[:100]})], **more)

    def not_there(self) -> PreconditionFailed:
        """Nothing is there that any tag could fit."""
        return PreconditionFailed([Problem("http.not-there", NOT_THERE, "", {"seen": self.given[:100]})])


ANY = Wanted("*", any=True)


def wanted(request: Request) -> Wanted | None:
    """What `If-Match` wants; None where there is none."""
    if "if-match" not in request.headers:
        return None
    given = request.headers["if-match"].strip()  # a blank one was meant to hold a version, and fits none
    if given == "*":
        return ANY
    found = {int(each.strip('"')) for each in _listed(given) if _VERSION.fullmatch(each)}
    return Wanted(given, tuple(sorted(found - {0}))[-TAGS:])


def _listed(given: str) -> list[str]:
    """The tags of a list; none of what is no list of tags. One that is a number without quotes is let pass."""
    found, at = [], 0
    while at < len(given):
        one = _ONE.match(given, at)
        if one is None:
            return []
        found.append(one[1])
        at = one.end()
    return found


def is_changed(problems: Iterable[Problem]) -> bool:
    """Whether somebody changed the record, and nothing else stood against it."""
    return any(each.code.startswith("records.changed") for each in problems)
