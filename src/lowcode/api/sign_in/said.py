"""What DingTalk, WeCom and Feishu answer: 200 whatever happened, and a number inside that says what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lowcode.api.connectors.codes import object_of
from lowcode.api.connectors.kind import Reply
from lowcode.api.sign_in.kind import NotSignedIn, Reason
from lowcode.kernel.reasons import both


def result_of(
    reply: Reply, code: str, words: str, inside: str | None, *,
    nobody: Collection[int] = (), late: Collection[int] = (),
) -> Mapping[str, Any]:  # fmt: skip
    """What was asked for. Raises NotSignedIn: nobody of the organisation, a code that was used, or a wrong set-up."""
    found = object_of(reply.text)
    if found is None:
        raise NotSignedIn(
            "unreachable",
            both(
                f"the service answered {reply.status} and no object", f"对方返回了 {reply.status}，内容不是 JSON 对象"
            ),
        )
    number = found.get(code)
    if number != 0:
        reason: Reason = "unknown" if number in nobody else "expired" if number in late else "setup"
        raise NotSignedIn(
            reason,
            both(
                f"the service says {number}: {text_of(found, words)[:200]}",
                f"对方返回 {number}：{text_of(found, words)[:200]}",
            ),
        )
    result = found.get(inside) if inside is not None else found
    return result if isinstance(result, dict) else {}


def text_of(found: Mapping[str, Any], name: str) -> str:
    """A text of an answer; blank where it is missing or no text."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def vouched_for(email: str, phone: str) -> frozenset[str]:
    """What the service vouches for: it hands out an organisation's addresses itself, and people sign in there by the
    number of their account. An address that people write into their profile is none of these."""
    return frozenset(sort for sort, value in (("email", email), ("phone", phone)) if value)
