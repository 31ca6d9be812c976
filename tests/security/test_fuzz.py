"""Anything at all, sent to any address: an answer that says what is wrong, and never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowcode.kernel.storage.types import DEPTH_LIMIT
from lowcode.web import asgi_app, routes
from lowcode.web.asgi import AsgiApp
from lowcode.web.messages import ADDRESS_LIMIT, HEADERS_LIMIT, JSON_LIMIT
from tests.api.app import Shop
from tests.support.apart import run_apart
from tests.web.calls import Visitor, problem

Answer = tuple[int, dict[str, str], bytes]
PAGES = ("/api/decide/", "/api/shared/")
"""What people open from a letter: it answers with a page of its own."""
INSIDE = (b"Traceback", b"sqlite3", b"psycopg", b"SELECT ", b"sqlalchemy", b'File "')


@pytest.fixture(scope="module")
def app() -> Iterator[AsgiApp]:
    """A shop in which an administrator asks everything."""
    shop = Shop()
    shop.ask("root", "records.create", type="lead", values={"company": "Acme", "budget": "1.00"})
    yield asgi_app(shop.host, identity=lambda request: shop.host.actor("root"))
    shop.host.close()


def sent(app: AsgiApp, method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> Answer:
    """One request in the words of ASGI, as a server would hand it on."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers,
             "client": ("203.0.113.9", 1), "scheme": "http", "root_path": ""}  # fmt: skip
    run_apart(lambda: app(scope, receive, send))
    answered = {name.decode(): value.decode("latin-1") for name, value in messages[0]["headers"]}
    return messages[0]["status"], answered, messages[1]["body"]


def judged(answer: Answer, path: str, method: str) -> None:
    """No fault, nothing of the inside, a problem document for every refusal, and the headers of safety on all."""
    status, headers, body = answer
    assert status < 500, body
    assert "nosniff" == headers["x-content-type-options"]
    assert "content-security-policy" in headers
    assert not any(each in body for each in INSIDE), body
    if path.startswith("/api/") and not path.startswith(PAGES) and status >= 400 and method != "HEAD":
        assert "application/problem+json" == headers["content-type"]
        found = json.loads(body)
        assert found["code"] and found["status"] == status


words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["lead", "contract", "1", "0", "-1", "9" * 15, "company", "records.list", "x"]),
)
PARAMETERS = ("where", "sort", "fields", "limit", "after", "count", "search", "view", "format", "language", "template")
fillers = st.one_of(words, st.sampled_from(["..", "%2e%2e", "\0", "a" * 5000, "owner.name", "id = 1", "1e999", "٣"]))
templates = st.sampled_from(
    [path for _, path, _ in routes.TABLE] + ["", "index.html", "assets/x", "api/events/x", "api/"]
)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """An address of the table with anything in its holes, or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return "/" + draw(st.text(max_size=60))
    path = draw(templates)
    for hole in ("{form}", "{id:int}", "{name}", "{template}"):
        path = path.replace(hole, draw(fillers))
    return "/" + path


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(words, st.sampled_from(PARAMETERS)), inner, max_size=4)
    ),
    max_leaves=12,
)
names = st.sampled_from(
    ["type", "form", "id", "ids", "values", "fields", "where", "limit", "company", "budget", "record"]
)
objects = st.dictionaries(st.one_of(names, words), st.one_of(json_values, fillers), max_size=6)
bodies = st.one_of(
    st.binary(max_size=200),
    objects.map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 2000, b"\xff\xfe", b'{"values":{"company":"\\u0000"}}']),
    st.just(b'{"id":1e400}'),
    st.binary(max_size=60).map(lambda inner: b'--b\r\ncontent-disposition: form-data; name="file"; filename="' + inner
                               + b'"\r\n\r\n' + inner + b"\r\n--b--"),
)  # fmt: skip
header_values = st.one_of(
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from([b"multipart/form-data; boundary=b", b"bytes=0-1,5-", b'W/"1"', b"Bearer lc_x_y", b"en;q=nan"]),
)  # fmt: skip
header_names = st.sampled_from(
    [b"content-type", b"cookie", b"authorization", b"if-match", b"if-none-match", b"range", b"accept-language",
     b"idempotency-key", b"x-csrf-token", b"host", b"origin", b"x-forwarded-for", b"content-length"]
)  # fmt: skip
queries = st.lists(st.tuples(st.sampled_from(PARAMETERS), fillers), max_size=3).map(
    lambda pairs: "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'replace'))}" for name, value in pairs
    ).encode()
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "x"]),
    path=paths(), query=st.one_of(queries, st.binary(max_size=40)),
    headers=st.lists(st.tuples(header_names, header_values), max_size=4), body=bodies,
)  # fmt: skip
def test_anything(
    app: AsgiApp, method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """Methods, paths, queries, headers and bodies of every sort."""
    if path != "/api/events":
        judged(sent(app, method, path, query, headers, body), path, method)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_parameters(app: AsgiApp, data: st.DataObject) -> None:
    """Every operation, with its own parameters and anything as their values."""
    operations = app.door.host.app.operations
    name = data.draw(st.sampled_from(sorted(each for each, one in operations.items() if one.access != "internal")))
    known = list(operations[name].params.model_fields)
    values = st.one_of(json_values, fillers, st.integers(-2, 3), st.lists(st.integers(-1, 3), max_size=3))
    body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(known, values)))
    path = f"/api/operations/{name}"
    judged(sent(app, "POST", path, b"", [], json.dumps(body).encode()), path, "POST")


@pytest.mark.parametrize(
    ("path", "headers", "body", "status", "code"),
    [
        ("/api/records/lead", [], b'"' + b"x" * JSON_LIMIT + b'"', 413, "http.too-large"),
        ("/api/records/" + "x" * ADDRESS_LIMIT, [], b"", 414, "http.address-too-long"),
        ("/api/records/lead", [(b"x-y", b"x" * HEADERS_LIMIT)], b"", 431, "http.headers-too-large"),
        ("/api/records/lead", [], b'{"a":' * DEPTH_LIMIT + b"1" + b"}" * DEPTH_LIMIT, 422, "records.unknown-field"),
        ("/api/records/lead", [], b'{"a":' + b"[" * DEPTH_LIMIT + b"]" * DEPTH_LIMIT + b"}", 422, "http.bad-json"),
        ("/api/records/lead", [], b'{"company":"\\u0000"}', 422, "http.bad-json"),
        ("/api/records/lead", [], b'{"company":"a","employees":18446744073709551615}', 422, "http.bad-json"),
        ("/api/operations/records.list", [], b'{"type":"lead","limit":1001}', 422, "ask.bad-parameter"),
    ],
)
def test_limits(
    app: AsgiApp, path: str, headers: list[tuple[bytes, bytes]], body: bytes, status: int, code: str
) -> None:
    """Each limit and its words."""
    answer = sent(app, "POST", path, b"", headers, body)
    judged(answer, path, "POST")
    assert (status, code) == (answer[0], json.loads(answer[2])["code"])


@pytest.mark.postgresql
def test_what_only_a_driver_refuses(postgresql_url: str) -> None:
    """Page marks that somebody made up: a value of the wrong kind reaches the server and comes back as a refusal."""
    import base64

    shop = Shop(database=postgresql_url)
    try:
        visitor = Visitor(shop, identity=lambda request: shop.host.actor("root"))
        for value in ("x", "a\0b", 2**70, {"a": 1}, True):
            mark = [["company", False], ["id", False], [value, value]]
            text = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
            answer = visitor.get(f"api/records/lead?sort=company&after={text}")
            assert (422, "records.bad-cursor") == problem(answer)[:2]
        assert [] == visitor.get("api/records/lead?search=a%00b").json()["items"], "no text holds it"
        for _ in range(2):
            shop.ask("root", "records.create", type="lead", values={"company": "Acme", "employees": 3})
        for sort in ("version", "employees", "budget", "created_at", "owner", "since", "id"):
            first = visitor.get(f"api/records/lead?sort={sort}&limit=1").json()
            answer = visitor.get(f"api/records/lead?sort={sort}&limit=1&after={first['next']}")
            assert 200 == answer.status_code, (sort, answer.text)
        assert 200 == visitor.get("api/records/lead").status_code
    finally:
        shop.host.close()


def test_a_request_that_breaks_off(app: AsgiApp) -> None:
    """Half a request is none, even where the half would do: nothing is done of it."""
    messages = [
        {"type": "http.request", "body": b'{"company": "Half"}', "more_body": True}, {"type": "http.disconnect"},
    ]  # fmt: skip

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there to be answered")

    scope = {"type": "http", "method": "POST", "path": "/api/records/lead", "headers": []}
    run_apart(lambda: app(scope, receive, send))
    found = app.door.host.ask(app.door.host.actor("root"), "records.list", type="lead", where='company = "Half"')
    assert [] == found["items"]


def test_no_file_outside_the_folder(app: AsgiApp) -> None:
    """However an address is written, it leads to no file outside of the page's folder."""
    for path in ("/../asgi.py", "/..%2fasgi.py", "/assets/../../asgi.py", "//etc/passwd", "/\0", "/" + "a/" * 3000):
        status, _, body = sent(app, "GET", path, b"", [], b"")
        assert 404 == status and b"import" not in body
