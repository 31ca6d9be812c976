"""The operations of an OpenAPI document (3.0 and 3.1), each read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from lowcode.api.offers.references import References, Unusable
from lowcode.api.offers.schemas import Schemas
from lowcode.api.offers.shapes import Shapes
from lowcode.kernel.reasons import both
from lowcode.kernel.requests import NOTHING_KNOWN, Input, Offer, Shape

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
CALLED = frozenset({"get", "put", "post", "delete", "patch", "head"})
PLACES = ("path", "query", "header", "cookie")
LEFT_TO_US = frozenset({"accept", "content-type", "authorization"})
"""Headers that a parameter cannot describe (OpenAPI 3.1, 4.8.12.2.1)."""
FORM = "application/x-www-form-urlencoded"
Place = Literal["path", "query", "header", "cookie"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: where it goes and how it is written there. `as_json`: its value is written as JSON."""

    name: str
    place: Place
    required: bool
    style: str
    explode: bool
    reserved: bool
    as_json: bool
    schema: Any


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent: its media type and schema."""

    media_type: str
    schema: Any
    required: bool


class Described:
    """One operation, with what of its path holds for it too. Every property may raise Unusable."""

    def __init__(self, references: References, schemas: Schemas, path: str, method: str, item: Any, own: Any) -> None:
        self.references, self.schemas = references, schemas
        self.path, self.method, self._item, self._own = path, method, item, own

    @property
    def name(self) -> str:
        """Its operationId, or method and path."""
        given = self._own.get("operationId")
        return given if isinstance(given, str) and given else self.address

    @property
    def address(self) -> str:
        """Method and path, as they are written."""
        return f"{self.method.upper()} {self.path}"

    @property
    def title(self) -> str:
        """What it is for, in the document's words."""
        return str(self._own.get("summary") or self._own.get("description") or "").strip()[:200]

    @property
    def servers(self) -> list[Any] | None:
        """The servers of the operation or its path; None where those of the document hold."""
        for each in (self._own, self._item):
            if isinstance(each.get("servers"), list) and each["servers"]:
                return list(each["servers"])
        return None

    @property
    def security(self) -> list[Any] | None:
        """What it wants to know of who asks; None where that of the document holds."""
        found = self._own.get("security")
        return list(found) if isinstance(found, list) else None

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Its parameters, under the names that authors write."""
        found: dict[tuple[str, str], Parameter] = {}
        for source in (self._item, self._own):
            for each in source.get("parameters") or ():
                one = self._parameter(self.references.follow(each))
                if one is not None:
                    found[one.place, one.name] = one
        missing = [name for name in names_in(self.path) if ("path", name) not in found]
        if missing:
            raise Unusable(
                both(
                    f"its path has '{{{missing[0]}}}', and no parameter describes it",
                    f"路径中有“{{{missing[0]}}}”，但没有说明它的参数",
                )
            )
        names = [name for _, name in found]
        return {name if names.count(name) == 1 else f"{place}.{name}": each for (place, name), each in found.items()}

    def _parameter(self, written: Any) -> Parameter | None:
        if not isinstance(written, Mapping) or written.get("in") not in PLACES:
            raise Unusable(
                both(
                    "one of its parameters is in none of path, query, header and cookie",
                    "有参数的位置不是 path、query、header、cookie 之一",
                )
            )
        name, place = str(written.get("name", "")), written["in"]
        if place == "header" and name.lower() in LEFT_TO_US:
            return None
        content = written.get("content")
        media: Any = next(iter(content.values()), {}) if isinstance(content, Mapping) else None
        schema = written.get("schema", True) if media is None else media.get("schema", True)
        style = str(written.get("style") or ("form" if place in ("query", "cookie") else "simple"))
        explode = written.get("explode", style == "form") is True
        required = place == "path" or written.get("required") is True
        reserved = written.get("allowReserved") is True
        return Parameter(name, place, required, style, explode, reserved, media is not None, schema)

    @cached_property
    def body(self) -> Body | None:
        """What is sent, as JSON or a web form."""
        written = self.references.follow(self._own.get("requestBody"))
        if not isinstance(written, Mapping):
            return None
        content = written.get("content")
        content = content if isinstance(content, Mapping) else {}
        known = next((each for each in content if is_json(each)), None) or next((e for e in content if e == FORM), None)
        if known is None:
            taken = ", ".join(map(str, content))
            raise Unusable(
                both(
                    f"it takes a body as {taken or 'nothing'}, and JSON or a web form is sent",
                    f"其内容类型为 {taken or '（无）'}，而系统只能发送 JSON 或网页表单",
                )
            )
        media_type = "application/json" if "*" in known else str(known)
        return Body(media_type, _schema(content[known]), written.get("required") is True)

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """What it answers, by status (`200`, `4XX`, `default`)."""
        written = self._own.get("responses")
        written = written if isinstance(written, Mapping) else {}
        found = {str(status).upper(): self.references.follow(each) for status, each in written.items()}
        return {status: each for status, each in found.items() if isinstance(each, Mapping)}

    def answer(self, status: int) -> Mapping[str, Any] | None:
        """What the document says of a status."""
        for known in (str(status), f"{status // 100}XX", "DEFAULT"):
            if known in self.answers:
                found: Mapping[str, Any] = self.answers[known]
                return found
        return None

    @cached_property
    def taken(self) -> Any:
        """The schema of the answer that means yes; None where the document does not say."""
        good = sorted(status for status in self.answers if status[:1] == "2")
        for status in (*good, *(["DEFAULT"] if not good else [])):
            found = json_schema(self.answers.get(status, {}))
            if found is not None:
                return found
        return None

    @cached_property
    def offer(self) -> Offer:
        """What an author is held to. Raises Unusable."""
        sent = Shapes(self.references, "sent")
        inputs = {name: Input(name, sent.of(each.schema), each.required) for name, each in self.parameters.items()}
        body = self.body
        shape = sent.of(body.schema) if body is not None else None
        answer: Shape = NOTHING_KNOWN
        if self.taken is not None:
            answer = Shapes(self.references, "answered").of(self.taken)
        for each in self.checked:
            self.schemas.whole(each, "sent")
        return Offer(self.name, self.title, inputs, shape, body is not None and body.required, answer)

    @property
    def checked(self) -> list[Any]:
        """Every schema that something sent is held against."""
        return [*(each.schema for each in self.parameters.values()), *([self.body.schema] if self.body else [])]


def operations(references: References, version: str) -> Iterator[Described]:
    """Every operation of a document, in its order. Raises Unusable where a path refers to nothing."""
    paths = references.tree.get("paths")
    schemas = Schemas(references, version)
    for path, written in (paths if isinstance(paths, Mapping) else {}).items():
        item = references.follow(written)
        for method, own in (item if isinstance(item, Mapping) else {}).items():
            if method in METHODS and isinstance(own, Mapping):
                yield Described(references, schemas, str(path), method, item, own)


def names_in(template: str) -> list[str]:
    """The names in braces of a path or an address."""
    return [each.partition("}")[0] for each in template.split("{")[1:]]


def is_json(media_type: Any) -> bool:
    """Whether a media type is JSON, or anything."""
    kind = str(media_type).partition(";")[0].strip().lower()
    return kind in ("application/json", "*/*", "application/*", "text/json") or kind.endswith("+json")


def json_schema(answer: Mapping[str, Any]) -> Any:
    """The schema of an answer's JSON; None where it has none."""
    content = answer.get("content")
    for media_type, media in content.items() if isinstance(content, Mapping) else ():
        if is_json(media_type):
            return _schema(media)
    return None


def _schema(media: Any) -> Any:
    return media.get("schema", True) if isinstance(media, Mapping) else True
