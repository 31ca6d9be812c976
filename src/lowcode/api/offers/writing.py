"""Values as they are written in a path, a query, headers and cookies (OpenAPI: style, explode, allowReserved), and as
JSON that fits a schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from lowcode.api.offers.operations import FORM, Described, Parameter
from lowcode.kernel.reasons import Reasoned, both
from lowcode.kernel.requests import Shape

RESERVED = ":/?#[]@!$&'()*+,;="
BETWEEN = {"spaceDelimited": "%20", "pipeDelimited": "|"}
DIGITS = 15
"""So many digits every JSON number keeps."""


@dataclass(slots=True)
class Written:
    """A request in the making: what follows the address of the server, headers and body."""

    path: str
    query: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query."""
        return self.path + (f"?{'&'.join(self.query)}" if self.query else "")


def written(described: Described, parameters: Mapping[str, Any], body: Any) -> Written:
    """A request of values that were checked. Raises ValueError for a value that cannot stand where it has to."""
    found = Written(described.path)
    for name, each in described.parameters.items():
        if name not in parameters:
            continue
        value = parameters[name]
        value = orjson.dumps(value).decode() if each.as_json else value
        match each.place:
            case "path":
                found.path = found.path.replace(f"{{{each.name}}}", _in_path(each, value))
            case "query":
                found.query.extend(_in_query(each, value))
            case "header":
                found.headers[each.name] = _in_header(each, value)
            case "cookie":
                found.cookies.append(f"{each.name}={quote(_listed(value, ',', '='), safe='')}")
    if described.body is not None and body is not None:
        found.headers["Content-Type"] = described.body.media_type
        found.body = _form(body) if described.body.media_type == FORM else orjson.dumps(body)
    return found


def text(value: Any) -> str:
    """A simple value as text."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _in_path(parameter: Parameter, value: Any) -> str:
    joined = {"label": ".", "matrix": ";"}.get(parameter.style, ",")
    between = joined if parameter.explode else ","
    if parameter.style == "matrix":
        return _matrix(parameter, value)
    made = _quoted(value, between, parameter.explode)
    if not made.strip("."):
        raise Reasoned(
            both(
                f"'{parameter.name}' is part of an address, and blank or dots alone would lead to another one",
                f"“{parameter.name}”是地址的一部分，为空或只有点会指向别的地址",
            )
        )
    return f".{made}" if parameter.style == "label" else made


def _matrix(parameter: Parameter, value: Any) -> str:
    name = quote(parameter.name, safe="")
    match value:
        case Mapping() if parameter.explode:
            return "".join(f";{quote(str(key), safe='')}={quote(text(each), safe='')}" for key, each in value.items())
        case list() if parameter.explode:
            return "".join(f";{name}={quote(text(each), safe='')}" for each in value)
        case _:
            return f";{name}={_quoted(value, ',', False)}"


def _quoted(value: Any, between: str, explode: bool) -> str:
    match value:
        case Mapping():
            pair = "=" if explode else ","
            pairs = (f"{quote(str(key), safe='')}{pair}{quote(text(each), safe='')}" for key, each in value.items())
            return between.join(pairs)
        case list():
            return between.join(quote(text(each), safe="") for each in value)
        case _:
            return quote(text(value), safe="")


def _in_query(parameter: Parameter, value: Any) -> list[str]:
    safe = RESERVED.replace("&", "").replace("#", "").replace("+", "") if parameter.reserved else ""
    name = quote(parameter.name, safe="[]")

    def shown(each: Any) -> str:
        return quote(text(each), safe=safe)

    match value:
        case Mapping() if parameter.style == "deepObject":
            return [f"{name}[{quote(str(key), safe='')}]={shown(each)}" for key, each in value.items()]
        case Mapping() if parameter.explode:
            return [f"{quote(str(key), safe='')}={shown(each)}" for key, each in value.items()]
        case Mapping():
            pairs = [f"{quote(str(key), safe='')},{shown(each)}" for key, each in value.items()]
            return [f"{name}={','.join(pairs)}"]
        case list() if parameter.explode:
            return [f"{name}={shown(each)}" for each in value]
        case list():
            return [f"{name}={BETWEEN.get(parameter.style, ',').join(shown(each) for each in value)}"]
        case _:
            return [f"{name}={shown(value)}"]


def _in_header(parameter: Parameter, value: Any) -> str:
    made = _listed(value, ",", "=" if parameter.explode else ",")
    if not made.isprintable() or not made.isascii():
        raise Reasoned(
            both(
                f"'{parameter.name}' is a header, and those hold printable ASCII only",
                f"“{parameter.name}”是请求头，只能使用可打印的 ASCII 字符",
            )
        )
    return made


def _listed(value: Any, between: str, pair: str) -> str:
    match value:
        case Mapping():
            return between.join(f"{key}{pair}{text(each)}" for key, each in value.items())
        case list():
            return between.join(text(each) for each in value)
        case _:
            return text(value)


def _form(body: Any) -> bytes:
    if not isinstance(body, Mapping):
        raise Reasoned(both("a web form is an object", "网页表单的内容应为对象"))
    pairs = [
        (name, text(each)) for name, value in body.items() for each in (value if isinstance(value, list) else [value])
    ]
    return urlencode(pairs).encode()


def fitted(value: Any, shape: Shape) -> Any:
    """A value as the other side wants it: exact decimals, which travel as text, become numbers where it wants numbers,
    and numbers text where it wants text. Raises ValueError for a number with more digits than a JSON number keeps."""
    if isinstance(value, Mapping):
        known = shape.parts or {}
        return {name: fitted(each, known[name]) if name in known else each for name, each in value.items()}
    if isinstance(value, list):
        return [fitted(each, shape.entry) for each in value] if shape.entry is not None else value
    if not shape.simple or isinstance(value, bool):
        return value
    if shape.type.kind == "number" and isinstance(value, str):
        return number(value)
    if shape.type.kind in ("text", "choice") and isinstance(value, (int, float)):
        return text(value)
    return value


def number(value: str) -> int | float | str:
    """A number of a text; the text itself where it is none."""
    try:
        found = Decimal(value)
    except InvalidOperation:
        return value
    if not found.is_finite():
        return value
    if found == found.to_integral_value() and abs(found) < 10**DIGITS:
        return int(found)
    if len(found.normalize().as_tuple().digits) > DIGITS:
        raise Reasoned(
            both(f"{value} has more digits than a JSON number keeps", f"{value} 的位数超过 JSON 数字能保留的位数")
        )
    return float(found)
