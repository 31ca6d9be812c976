"""What comes to a suspended instance and is held on it until it is resumed (decision 0161): operations, with what they
were asked with, each once and closed as the queue closes it (`sealing`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.flows.operations import store
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage.types import json_text

Row = Mapping[str, Any]

NOBODY = {"en": "(anonymised)", "zh-CN": "（已匿名）"}
SAID: Mapping[str, Mapping[str, Any]] = {
    "flows.answered": {"values": {}, "status": None, "reason": NOBODY},
    "flows.advised": {"state": "failed", "decision": None, "reason": NOBODY, "confidence": None},
    "flows.receive": {"body": {}},
}
"""What of an operation was said by somebody, and what stands in its place when it is forgotten: there was no answer."""


def hold(context: Context, row: Row, operation: str, params: Parameters) -> None:
    """Hold an operation on a locked instance; one that is held already is the same."""
    asked = json.loads(json_text(params.model_dump()))
    if (operation, asked) not in list(held(context, row)):
        kept = [operation, closed(context, operation, asked)]
        context.unit.run(store.HOLD, instance_id=row["id"], new_held=[*(row["held"] or ()), kept])


def held(context: Context, row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is held on an instance, the oldest first. Raises SealError when a key it was closed with is gone."""
    for operation, kept in row["held"] or ():
        yield operation, sealing.opened(context.host, kept, operation)


def without_words(context: Context, row: Row) -> list[list[Any]]:
    """What is held on an instance, as it is kept when what was said in it is forgotten."""
    return [
        [operation, closed(context, operation, {**asked, **SAID.get(operation, {})})]
        for operation, asked in held(context, row)
    ]


def closed(context: Context, operation: str, asked: Mapping[str, Any]) -> Any:
    """What an operation is to be asked with, as it is kept."""
    return sealing.seal(context.host, asked, operation) if context.app.operations[operation].sealed else asked
