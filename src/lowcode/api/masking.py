"""What a log shows of what went out: enough to tell one message from another, not what it says of people.

Names, telephones, addresses and words of a message are of the person it is about; whoever looks after the connections
need not read them; who has to reads one whole (`api.delivery`), which is written down. Numbers, truth values, the kind
of the message and its time stay.
"""

from __future__ import annotations

from typing import Any

import orjson

KEPT = frozenset({"type", "timestamp", "form", "event", "operation"})
HIDDEN = "…"


def masked(body: str | None) -> str | None:
    """The body of a message with its words hidden but for their first character; what is no JSON is hidden whole."""
    if not body:
        return body
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return HIDDEN
    if isinstance(found, dict):
        return orjson.dumps({key: each if key in KEPT else _hidden(each) for key, each in found.items()}).decode()
    return orjson.dumps(_hidden(found)).decode()


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hidden(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each) for each in value]
    return f"{value[0]}{HIDDEN}" if isinstance(value, str) and value else value
