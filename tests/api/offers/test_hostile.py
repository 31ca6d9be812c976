"""Documents of somebody who means no good, or is careless: read within bounds, refused in words."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from lowcode.api.offers import reading
from lowcode.api.offers.operations import Described, operations
from lowcode.api.offers.patterns import checkable, wrong
from lowcode.api.offers.reading import Unreadable, read
from lowcode.api.offers.references import References, Unusable
from lowcode.api.offers.schemas import Schemas
from lowcode.api.offers.shapes import MOST, Shapes
from lowcode.kernel.diagnostics import localized
from tests.web.test_chinese_refusals import is_english

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}, *a{at - 1}, *a{at - 1}, *a{at - 1}, *a{at - 1}, *a{at - 1}, *a{at - 1}]\n"
    for at in range(1, 20)
)
UNREADABLE: list[tuple[str, bytes, str]] = [
    ("a.json", b"[" * 200_000, "deeper"),
    ("a.json", b'{"a":' * 150 + b"1" + b"}" * 150, "deeper"),
    ("a.json", b'{"a": NaN}', "no JSON"),
    ("a.json", b'{"a": ' + b"9" * 10_000 + b"}", "no JSON"),
    ("a.json", b"[]", "no object"),
    ("a.json", b"\xff\xfe", "UTF-8"),
    ("a.json", b" " * (reading.BYTES + 1), "bytes"),
    ("a.json", b'{"a": [' + b"1," * reading.NODES + b"1]}", "values"),
    ("a.yaml", b"[" * 900, "deeper"),
    ("a.yaml", b"[" * 200_000, "deeper|YAML"),
    ("a.yaml", b"- " * 5000, "deeper|YAML"),
    ("a.yaml", BOMB.encode(), "values"),
    ("a.yaml", b"a: &a\n  b: *a\n", "stands for nothing"),
    ("a.yaml", b"a: *b", "alias"),
    ("a.yaml", b"a: &a {x: 1}\nb: {<<: *a}", "merges"),
    ("a.yaml", b"? [a, b]\n: 1", "key"),
    ("a.yaml", b"a: [", "no YAML"),
    ("a.yaml", b"a: \x00", "no YAML"),
    ("a.yaml", b"", "no object"),
]


@pytest.mark.parametrize(("path", "content", "words"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_unreadable(path: str, content: bytes, words: str) -> None:
    """Each is refused, soon, and in Chinese, too."""
    begun = time.process_time()
    with pytest.raises(Unreadable, match=words) as refused:
        read(content, path)
    assert not is_english(localized(refused.value.reason, "zh-CN"))
    assert time.process_time() - begun < 20


def test_yaml_is_that_of_json() -> None:
    """Truth, numbers and nothing as JSON has them; what else looks like something stays a text. Keys are texts, and
    tags make nothing."""
    text = """
    a: no
    b: 2026-01-01
    c: !!python/object/apply:os.system [ls]
    d: !!binary aGk=
    200: {e: 0x1F, f: 1_000, g: 1e3, h: .5, i: 012, j: ~, k: 'true', l: TRUE, m: "1", n: -7, o: tRue}
    p: |
      two
      lines
    q: &q {r: 1}
    s: *q
    """
    assert read(text.encode(), "a.yaml") == {
        "a": "no", "b": "2026-01-01", "c": ["ls"], "d": "aGk=",
        "200": {"e": "0x1F", "f": "1_000", "g": 1000.0, "h": ".5", "i": "012", "j": None, "k": "true", "l": True,
                "m": "1", "n": -7, "o": "tRue"},
        "p": "two\nlines\n", "q": {"r": 1}, "s": {"r": 1},
    }  # fmt: skip


def test_yaml_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal names what to install."""
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(Unreadable, match=r"lowcode\[yaml\]"):
        read(b"a: an-app-without-the-library", "a.yaml")


def tree(schema: Any, version: str = "3.1.0", **schemas: Any) -> Described:
    """An operation whose body is of a schema."""
    body = {"content": {"application/json": {"schema": schema}}}
    found = {
        "openapi": version, "paths": {"/a": {"post": {"requestBody": body, "responses": {}}}},
        "components": {"schemas": schemas},
    }  # fmt: skip
    return next(operations(References(found), version))


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        found = {"type": "object", "properties": {"a": found}}
    return found


UNUSABLE: list[tuple[Described, str]] = [
    (tree(ref("A"), A=ref("A")), "refers to itself"),
    (tree(ref("A"), A=ref("B"), B=ref("A")), "refers to itself"),
    (tree(ref("A"), A={"anyOf": [ref("B"), True]}, B={"not": ref("A")}), "refers to itself"),
    (tree(ref("A"), A={"if": True, "then": ref("A")}), "refers to itself"),
    (tree(ref("A")), "nothing at"),
    (tree({"$ref": "other.yaml#/A"}), "leads out"),
    (tree({"$ref": "file:///etc/passwd"}), "leads out"),
    (tree({"properties": {"a": {"$ref": "http://169.254.169.254/"}}}), "leads out"),
    (tree({"$ref": "#anchor"}), "no place"),
    (tree(nested(80)), "nested deeper"),
    (tree({"items": {"allOf": [nested(0)] * 30_000}}), "more than"),
    (tree({"properties": {"a": 5}}), "a schema is"),
]


@pytest.mark.parametrize(("described", "words"), UNUSABLE, ids=range(len(UNUSABLE)))
def test_unusable(described: Described, words: str) -> None:
    """An operation that cannot be asked says why, in both languages; nothing is fetched."""
    with pytest.raises(Unusable, match=words) as refused:
        _ = described.offer
    assert not is_english(localized(refused.value.reason, "zh-CN"))


def said(schema: Any, value: Any) -> list[str]:
    """What is wrong with a value, in English; the Chinese has the same places, and words of its own."""
    found = wrong(schema, value)
    for each in found:
        place, chinese = each["zh-CN"].split("：", 1)
        assert each["en"].startswith(f"{place}: ") and not is_english(chinese), each
    return [each["en"] for each in found]


def whole(schema: Any, version: str = "3.1.0", **schemas: Any) -> Any:
    described = tree(schema, version, **schemas)
    return Schemas(described.references, version).whole(schema, "sent")


def test_schemas_that_refer_to_themselves_for_parts() -> None:
    """Are fine: a tree is checked as deep as it is sent."""
    parts = {"name": {"type": "string"}, "below": {"type": "array", "items": ref("Tree")}}
    tree = {"type": "object", "required": ["name"], "additionalProperties": False, "properties": parts}
    schema = whole(ref("Tree"), Tree=tree)
    assert said(schema, {"name": "a", "below": [{"name": "b", "below": []}]}) == []
    assert said(schema, {"name": "a", "below": [{"below": []}]}) == ["/below/0: 'name' is a required property"]
    deep: dict[str, Any] = {"name": "a"}
    for _ in range(5000):
        deep = {"name": "a", "below": [deep]}
    assert said(schema, deep) == ["/: it is too deep or too large to be checked"]


def test_schemas_that_branch_without_end() -> None:
    """Twice as many ways with every step: counted, and given up."""
    schema = whole(ref("A"), A={"anyOf": [{"items": ref("A"), "minItems": 9}, {"items": ref("A"), "maxItems": 0}]})
    value: list[Any] = []
    for _ in range(60):
        value = [value]
    begun = time.process_time()
    assert said(schema, value) == ["/: it is too deep or too large to be checked"]
    assert time.process_time() - begun < 10


def test_patterns() -> None:
    """Those that could run for ever are left to the other side, and texts that are long are not asked."""
    for endless in (r"^(a+)+$", r"(a|a)*$", r"^(\w+\s?)*$", r"(.*)(.*)(.*)x", r"(a)\1", "(", "a" * 400, r"(?=a)", 7):
        assert not checkable(endless), endless
    for fine in (r"^[A-Z]{2}\d{4}$", r"^\d+-\d+$", r"^(A|B)\d?$", ""):
        assert checkable(fine), fine
    schema = whole({"type": "string", "pattern": "^(a+)+$"})
    begun = time.process_time()
    assert said(schema, "a" * 50 + "b") == [] and time.process_time() - begun < 1
    assert said(whole({"pattern": r"^\d+$"}), "x") == [r"/: 'x' does not match '^\\d+$'"]
    assert said(whole({"pattern": r"^\d+$"}), "x" * 201) == []
    names = {"patternProperties": {"^(x+)+$": {"type": "string"}}, "additionalProperties": False}
    assert said(whole(names), {"xx": "a"}) == []
    assert said(whole({**names, "patternProperties": {"^x-": {"type": "string"}}}), {"x-a": 1, "b": 1}) != []


LIFTED: list[tuple[dict[str, Any], Any, bool]] = [
    ({"type": "string", "nullable": True}, None, True),
    ({"type": "string", "nullable": True, "enum": ["a"]}, None, True),
    ({"type": "string"}, None, False),
    ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, 0, False),
    ({"type": "number", "minimum": 0, "exclusiveMinimum": False}, 0, True),
    ({"type": "number", "maximum": 5, "exclusiveMaximum": True}, 4, True),
    ({"type": "object", "required": ["id"], "properties": {"id": {"readOnly": True}}}, {}, True),
    ({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}, {}, False),
    ({"type": "string", "format": "date"}, "2026-13-01", False),
    ({"type": "strange", "minLength": "x"}, 5, True),
    ({"type": "string", "minLength": 2, "example": "x", "x-own": {"$ref": "nowhere"}}, "x", False),
]


@pytest.mark.parametrize(("schema", "value", "good"), LIFTED, ids=range(len(LIFTED)))
def test_schemas_of_openapi_3_0(schema: dict[str, Any], value: Any, good: bool) -> None:
    """Mean what the standard says."""
    assert (said(whole(schema, "3.0.3"), value) == []) is good


def test_nothing_is_fetched_by_a_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by one that came past everything: the validator knows no way to the network."""
    opened: list[Any] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda *given, **_: opened.append(given))
    with pytest.raises(Exception, match="nresolvable"):
        said({"$ref": "http://127.0.0.1:9/schema.json"}, json.loads("{}"))
    assert opened == []


class Counted(References):
    """References of a document, with how often one is followed."""

    followed = 0

    def follow(self, value: Any) -> Any:
        """As ever."""
        self.followed += 1
        return super().follow(value)


def test_things_that_lead_to_one_another_are_understood_once() -> None:
    """A large document says the same things thousands of times: what one operation was understood to answer is not
    worked out again for the next, and none is larger for it."""
    things = {
        f"T{at}": {
            "properties": {
                **{f"f{number}": {"type": "string"} for number in range(20)},
                "next": {"$ref": f"#/things/T{(at + 1) % 20}"},
                "all": {"type": "array", "items": {"$ref": f"#/things/T{(at + 7) % 20}"}},
            }
        }
        for at in range(20)
    }
    references = Counted({"things": things})
    shapes = [Shapes(references, "answered").of({"$ref": f"#/things/T{at % 20}"}) for at in range(400)]
    assert references.followed < 400 * MOST / 20
    assert shapes[0] == shapes[380] == Shapes(References({"things": things}), "answered").of({"$ref": "#/things/T0"})
