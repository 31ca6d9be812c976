"""What a call is answered: status, headers and body, as values that leave the process."""

from __future__ import annotations

import string
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from lowcode.api.endpoints.plan import Body, Each, Nested
from lowcode.api.endpoints.steps import Call
from lowcode.kernel.diagnostics import LowcodeError
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.show import plain

HEADER = string.ascii_letters + string.digits + string.punctuation + " "


class WrongAnswer(LowcodeError):
    """An endpoint's expression gives a status that no answer can have."""


def answered(call: Call) -> dict[str, Any]:
    """`{"status", "headers", "body"}`."""
    answer = call.endpoint.answer
    status = answer.status if isinstance(answer.status, int) else call.value(answer.status)
    if status is None or not 200 <= status <= 299:
        raise WrongAnswer(f"the endpoint {call.endpoint.name} gives the status {status}; possible: 200 to 299")
    headers = [(name, _header(call, each)) for name, each in answer.headers.items()]
    if answer.body is None:
        return {"status": 204 if answer.status == 200 else int(status), "headers": headers, "body": None}
    return {"status": int(status), "headers": headers, "body": _body(call, answer.body, None, {})}


def _header(call: Call, expression: Any) -> str:
    """A value a header can hold: everything else is written in percent signs."""
    return quote(str(plain(call.value(expression)) or ""), safe=HEADER)


def _body(call: Call, body: Body, entry: Mapping[str, Any] | None, more: Mapping[str, Any]) -> Any:
    match body:
        case Nested():
            return {name: _body(call, part, entry, more) for name, part in body.parts.items()}
        case Each():
            own = entry.get(body.list) if entry is not None else None
            rows = own if isinstance(own, list) else call.lists.get(body.list, [])
            if body.body is None:
                return [plain(row) for row in rows]
            inner = body.body
            return [_body(call, inner, row, {f"row.{name}": value for name, value in row.items()}) for row in rows]
        case _:
            variables = {**call.values, **more} if more else call.values
            return shown(body.evaluate(entry or {}, call.context.moment(), **variables), body.type)


def shown(value: Any, type_: Type) -> Any:
    """A value as its type says: whole numbers as numbers, others as text, so that no digit is lost."""
    if value is None:
        return None
    if type_.kind == "number":
        return int(value) if type_.scale == 0 else plain(Decimal(value))
    return plain(value)
