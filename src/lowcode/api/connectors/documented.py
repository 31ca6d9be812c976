"""What a kind makes of an answer that is not of the shape its service documents.

Kinds read answers as their makers document them: a number is a number, a list has objects in it. Another program may
answer anything, by mistake or by intent; then a kind stumbles, and what would have been a fault of this program, with a
message that waits for ever and an asker who is never told, is the service's refusal like any other. What was stumbled
over is logged with its place, so that a mistake of a kind is found all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from lowcode.api.connectors.kind import Verdict
from lowcode.kernel.reasons import both

log = logging.getLogger("lowcode.api")
STUMBLES = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError)
"""What reading a value as one of another sort raises."""
UNDOCUMENTED = Verdict(
    "again",
    both(
        "the answer is not of the shape that this service documents: look at it, and whether the address is the "
        "service's",
        "返回内容与该服务的文档不符：请查看返回内容，并检查地址是否属于该服务",
    ),
)
NOT_UNDERSTOOD = both(
    "it was sent, and the answer says yes in a shape that this service does not document: look there whether it was "
    "taken, before it is sent again",
    "已发出，但对方的成功返回与其文档不符：请先到对方查看是否已收到，再决定是否重发",
)
"""Why a message stays as it is: sent again, people might get it twice."""

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def as_documented(read: Callable[Asked, Found], *given: Asked.args, **named: Asked.kwargs) -> Found | Verdict:
    """What a kind reads in an answer, or `UNDOCUMENTED` where it stumbles."""
    try:
        return read(*given, **named)
    except STUMBLES as error:
        log.warning("an answer could not be read: %s", type(error).__name__, exc_info=error)
        return UNDOCUMENTED
