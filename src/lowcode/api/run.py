"""What the documents mean, as values: a body to a payload to field values, an event to a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from lowcode.api import schemas
from lowcode.api.diagnostics import problem
from lowcode.api.misfits import misfits
from lowcode.api.plan import Intake
from lowcode.kernel.definitions.wording import Unfit, no_json
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.expressions import Moment
from lowcode.kernel.storage.types import unfit

BODY_LIMIT = 2**20
WHOLE = 2**53
FORM = "application/x-www-form-urlencoded"


def read_body(schema: Mapping[str, Any], media_type: str, body: bytes) -> dict[str, Any]:
    """The payload that was sent. Raises Rejected."""
    if len(body) > BODY_LIMIT:
        raise Rejected(problem("too-large", limit=BODY_LIMIT))
    kind = media_type.partition(";")[0].strip().lower()
    if kind == FORM:
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
        except ValueError as error:
            reason = {"en": str(error), "zh-CN": "表单的字段过多"}
            raise Rejected(problem("bad-body", reason=reason)) from None
        return _fitting(schemas.from_text(schema, fields))
    if kind not in ("", "application/json") and not kind.endswith("+json"):
        raise Rejected(problem("media-type", seen=kind))
    try:
        found = json.loads(body or b"{}", parse_float=_number, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected(problem("bad-body", reason=no_json(error))) from None
    if not isinstance(found, dict):
        raise Rejected(problem("bad-body", reason={"en": "an object is expected", "zh-CN": "应为一个对象"}))
    return _fitting(found)


def _fitting(found: dict[str, Any]) -> dict[str, Any]:
    """What was sent, when every part behind the door can hold it."""
    reason = unfit(found)
    if reason is not None:
        raise Rejected(problem("bad-body", reason=reason))
    return found


def _number(text: str) -> Decimal | int:
    """A number with a point or an exponent; 1.0 is a whole number (JSON Schema, 6.1.1). Raises ValueError for one that
    no part can hold: 1e999999999 written out would fill the memory."""
    found = schemas.decimal(text)
    return int(found) if abs(found) < WHOLE and found == found.to_integral_value() else found


def _no_constant(text: str) -> Any:
    raise Unfit(f"{text} is not JSON", f"{text} 不是 JSON 的值")


def check(intake: Intake, payload: Mapping[str, Any]) -> None:
    """Refuse a payload that does not fit its schema, with everything that is wrong."""
    found = misfits(intake.schema, payload)
    if found:
        raise Rejected(found)


def values_of(intake: Intake, payload: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The values of the record; what is blank is left to the form's defaults."""
    known = known_of(intake.schema, payload)
    found = {name: expression.evaluate({}, moment, **known) for name, expression in intake.values.items()}
    return {name: value for name, value in found.items() if value is not None}


def known_of(
    schema: Mapping[str, Any], payload: Mapping[str, Any], name: str = "payload", where: str = ""
) -> dict[str, Any]:  # fmt: skip
    """The values of the paths that expressions may read. Raises Rejected for a date that is none."""
    types = schemas.variables(schema, name)
    try:
        return dict(schemas.read(types, payload))
    except ValueError as error:
        path, value = error.args
        pointer = f"{where}/" + "/".join(path.split(".")[1:])
        reason = {"en": f"'{value}' is not a date", "zh-CN": f"“{value}”不是日期"}
        raise Rejected(problem("payload", pointer, reason=reason, rule="format")) from None
