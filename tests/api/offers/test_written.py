"""How values are written in paths, queries, headers, cookies and bodies: the table of styles of OpenAPI 3.1 (4.8.12.4),
and numbers that keep their digits."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.api.offers.operations import Described, operations
from lowcode.api.offers.references import References
from lowcode.api.offers.writing import fitted, number, written
from lowcode.kernel.expressions import Type
from lowcode.kernel.requests import Shape

LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}


def described(place: str, style: str | None = None, explode: bool | None = None, **more: Any) -> Described:
    """An operation with one parameter, `color`."""
    parameter: dict[str, Any] = {"name": "color", "in": place, "required": place == "path", **more}
    parameter |= {} if style is None else {"style": style}
    parameter |= {} if explode is None else {"explode": explode}
    path = "/p/{color}" if place == "path" else "/p"
    tree = {"openapi": "3.1.0", "paths": {path: {"get": {"parameters": [parameter], "responses": {}}}}}
    return next(operations(References(tree), "3.1.0"))


STYLES: list[tuple[str, str | None, bool | None, Any, str]] = [
    ("path", None, None, "blue", "/p/blue"),
    ("path", None, None, LIST, "/p/blue,black,brown"),
    ("path", None, None, OBJECT, "/p/R,100,G,200,B,150"),
    ("path", "simple", True, OBJECT, "/p/R=100,G=200,B=150"),
    ("path", "label", False, "blue", "/p/.blue"),
    ("path", "label", False, LIST, "/p/.blue,black,brown"),
    ("path", "label", True, LIST, "/p/.blue.black.brown"),
    ("path", "label", True, OBJECT, "/p/.R=100.G=200.B=150"),
    ("path", "matrix", False, "blue", "/p/;color=blue"),
    ("path", "matrix", False, LIST, "/p/;color=blue,black,brown"),
    ("path", "matrix", True, LIST, "/p/;color=blue;color=black;color=brown"),
    ("path", "matrix", True, OBJECT, "/p/;R=100;G=200;B=150"),
    ("query", None, None, "blue", "/p?color=blue"),
    ("query", None, None, "", "/p?color="),
    ("query", None, None, True, "/p?color=true"),
    ("query", None, None, LIST, "/p?color=blue&color=black&color=brown"),
    ("query", "form", False, LIST, "/p?color=blue,black,brown"),
    ("query", "form", True, OBJECT, "/p?R=100&G=200&B=150"),
    ("query", "form", False, OBJECT, "/p?color=R,100,G,200,B,150"),
    ("query", "spaceDelimited", False, LIST, "/p?color=blue%20black%20brown"),
    ("query", "pipeDelimited", False, LIST, "/p?color=blue|black|brown"),
    ("query", "deepObject", True, OBJECT, "/p?color[R]=100&color[G]=200&color[B]=150"),
]


@pytest.mark.parametrize(("place", "style", "explode", "value", "target"), STYLES)
def test_styles(place: str, style: str | None, explode: bool | None, value: Any, target: str) -> None:
    """As the table of the standard has them."""
    assert written(described(place, style, explode), {"color": value}, None).target == target


def test_headers_and_cookies() -> None:
    """Are simple and form; what a header cannot hold is refused."""
    header = described("header")
    assert written(header, {"color": LIST}, None).headers == {"color": "blue,black,brown"}
    assert written(described("header", explode=True), {"color": OBJECT}, None).headers == {"color": "R=100,G=200,B=150"}
    assert written(described("cookie"), {"color": "a;b"}, None).cookies == ["color=a%3Bb"]
    for wrong in ("a\r\nX-Admin: yes", "颜色"):
        with pytest.raises(ValueError, match="header"):
            written(header, {"color": wrong}, None)


def test_content_and_reserved() -> None:
    """A parameter with a media type is JSON; reserved signs stay where the document permits it, but those that would
    end the value."""
    as_json = described("query", content={"application/json": {"schema": True}})
    shown = json.dumps(OBJECT).replace(" ", "")
    assert unquote(written(as_json, {"color": OBJECT}, None).target) == f"/p?color={shown}"
    assert written(described("query", allowReserved=True), {"color": "a/b&c#d"}, None).target == "/p?color=a/b%26c%23d"


@given(st.text(min_size=1))
def test_a_text_in_an_address_stays_one(value: str) -> None:
    """Whatever is written in path or query: it is that step, and that value, and nothing else."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    assert parse_qs(written(described("query"), {"color": value}, None).target[3:])["color"] == [value]
    try:
        path = written(described("path"), {"color": value}, None).target
    except ValueError:
        assert not value.strip(".")
        return
    assert path.count("/") == 2 and "?" not in path and "#" not in path and unquote(path[3:]) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=3))
def test_numbers_keep_their_digits(value: Decimal) -> None:
    """A number that is sent reads back as the very one, or is refused."""
    try:
        found = number(str(value))
    except ValueError:
        assert len(value.normalize().as_tuple().digits) > 15
        return
    assert Decimal(json.dumps(found)) == value


def test_values_fit_their_shape() -> None:
    """Exact decimals, which travel as text, are numbers where numbers are wanted; numbers are text where text is."""
    shape = Shape(parts={"a": Shape(Type("number")), "b": Shape(Type("text")), "c": Shape(entry=Shape(Type("number")))})
    sent = {"a": "1.50", "b": 7, "c": ["2", "x"], "d": "3"}
    assert fitted(sent, shape) == {"a": 1.5, "b": "7", "c": [2, "x"], "d": "3"}
