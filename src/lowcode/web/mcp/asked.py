"""One request: who asks, what with, and what its answers look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import Actor
from lowcode.web.mcp.messages import BAD_PARAMETERS, FRESH, Answer, error, result
from lowcode.web.messages import to_json
from lowcode.web.problems import problem_document

if TYPE_CHECKING:
    from lowcode.host import Host

PAGE = 60
"""So many are listed at a time: of tools some 30 kB."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. `modern`: the request says by itself what it is; `only`: the tools that are to be listed;
    `lasting`: an answer can be kept open for hours."""

    host: Host
    actor: Actor
    identity: str | int | float
    params: Mapping[str, Any]
    locale: str | None
    modern: bool
    only: tuple[str, ...] = ()
    lasting: bool = False

    def done(self, found: dict[str, Any], asked: str) -> Answer:
        """The answer to what could be done."""
        return Answer(result(self.identity, found), asked)

    def wrong(self, said: str, asked: str = "") -> Answer:
        """The answer to parameters that are none."""
        return Answer(error(self.identity, BAD_PARAMETERS, said), asked)

    def page(self, word: str, items: Sequence[Mapping[str, Any]], by: str, asked: str) -> Answer:
        """A page of a list. The cursor is what the last of the page before is called, and opaque to clients."""
        names, cursor = [each[by] for each in items], self.params.get("cursor")
        if cursor is not None and cursor not in names:
            return self.wrong("'cursor' is none of an answer of now; begin without one")
        begin = names.index(cursor) + 1 if cursor is not None else 0
        end = begin + PAGE
        more = {"nextCursor": names[end - 1]} if end < len(names) else {}
        return self.done({word: list(items[begin:end]), **more, **self.kept(FRESH)}, asked)

    def kept(self, milliseconds: int) -> dict[str, Any]:
        """How long a client may go on with an answer, which is this person's alone."""
        return {"ttlMs": milliseconds, "cacheScope": "private"} if self.modern else {}

    def words(self, refused: Rejected) -> str:
        """What is said of a refusal: each problem, with its place."""
        return "\n".join(
            f"{each.pointer}: {each.words(self.locale)}" if each.pointer else each.words(self.locale)
            for each in refused.problems
        )

    def document(self, refused: Rejected) -> Any:
        """A refusal as HTTP would answer it."""
        return orjson.loads(to_json(problem_document(refused, self.locale, **refused.details)))
