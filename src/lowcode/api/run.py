"""What the documents mean, as values: a body to a payload to field values, an event to a message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match, relevance
from referencing import Registry

from lowcode.api import schemas
from lowcode.api.diagnostics import problem
from lowcode.api.plan import Intake
from lowcode.kernel.diagnostics import TOLD, Problem, Rejected, nearest
from lowcode.kernel.expressions import Moment
from lowcode.kernel.storage.types import unfit

BODY_LIMIT = 2**20
WHOLE = 2**53
DECIMAL = re.compile(r"Decimal\('([^']*)'\)")
"""How Python writes a number, in what jsonschema says of one."""
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
            raise Rejected(problem("bad-body", reason=str(error))) from None
        return _fitting(schemas.from_text(schema, fields))
    if kind not in ("", "application/json") and not kind.endswith("+json"):
        raise Rejected(problem("media-type", seen=kind))
    try:
        found = json.loads(body or b"{}", parse_float=_number, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected(problem("bad-body", reason=str(error))) from None
    if not isinstance(found, dict):
        raise Rejected(problem("bad-body", reason="an object is expected"))
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
    raise ValueError(f"{text} is not JSON")


def check(intake: Intake, payload: Mapping[str, Any]) -> None:
    """Refuse a payload that does not fit its schema, with everything that is wrong."""
    found = misfits(intake.schema, payload)
    if found:
        raise Rejected(found)


def misfits(schema: Mapping[str, Any], sent: Mapping[str, Any], pointer: str = "") -> list[Problem]:
    """Everything of what was sent that does not fit a schema; `pointer` says where it was sent."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker(), registry=Registry())
    errors = sorted(islice(validator.iter_errors(sent), TOLD), key=relevance, reverse=True)
    found = (each for error in errors for each in _problems(best_match([error]) if error.context else error, pointer))
    return list(islice(found, TOLD))


def _problems(error: ValidationError, prefix: str) -> Iterable[Problem]:
    pointer = prefix + "".join(f"/{step}" for step in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        known = list(schemas.properties(error.schema))
        for name in error.instance:
            if name not in known:
                yield problem("unknown-key", f"{pointer}/{name}", name=name, near=nearest(name, known) or "")
    elif error.validator == "required" and isinstance(error.instance, Mapping):
        required: Any = error.validator_value
        wanted = [name for name in required if name not in error.instance and f"'{name}'" in error.message]
        for name in wanted:
            yield problem("missing", f"{pointer}/{name}", name=name)
    else:
        yield problem("payload", pointer, reason=DECIMAL.sub(r"\1", error.message), rule=str(error.validator))


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
        raise Rejected(problem("payload", pointer, reason=f"'{value}' is not a date", rule="format")) from None
