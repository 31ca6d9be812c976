"""The services that requests are compared with answer what ours answers."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench.serving import race
from bench.serving.serve import service
from tests.support.apart import run_apart

PLACES = {"amount", "discount", "cost", "net"}
OWN = {"next", "created_at", "updated_at"}
"""A place between two pages is each service's own; the instants of what is written are the clock's."""


def asked(app: Any, request: str) -> tuple[int, dict[bytes, bytes], Any]:
    """The answer to a request as it goes over the wire: status, headers, JSON."""
    head, _, body = request.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "root_path": "",
        "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1), "state": {},
        "headers": [tuple(part.encode() for part in line.split(": ", 1)) for line in lines],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    run_apart(lambda: app(scope, receive, send))
    headers = {name.lower(): value for name, value in sent[0]["headers"] if name.lower() != b"content-length"}
    return sent[0]["status"], headers, json.loads(b"".join(each["body"] for each in sent[1:]))


def meant(value: Any, written: bool, name: str = "") -> Any:
    """A value of an answer, whichever of the ways to write it a service chose."""
    if isinstance(value, dict):
        return {key: meant(each, written, key) for key, each in value.items() if key != "next" and not (
            written and key in OWN)}  # fmt: skip
    if isinstance(value, list):
        return [meant(each, written) for each in value]
    if name in PLACES and value is not None:
        return Decimal(value)
    return datetime.fromisoformat(value) if name.endswith(("_at", "_visit")) or name == "at" else value


@pytest.mark.parametrize("name", race.CALLED)
def test_each_service_answers_what_ours_answers(name: str, tmp_path: Path) -> None:
    """A comparison of requests is one of the same work: the same values with the same names beside them, the same tag
    and the same headers, from rows that are the same."""
    found = {}
    for each in ("ours", name):
        url = f"sqlite:///{tmp_path}/{each}.sqlite3"
        cookie, csrf, ids = (race.prepare_ours if each == "ours" else race.prepare_theirs)(url, 220)
        path = "/api/records/customer" if each == "ours" else "/customers"
        known = race.Service(each, 1, path, cookie, csrf)
        ask = partial(asked, service(each, url))
        found[each] = {operation: ask(known.requests(operation, ids)[7]) if operation not in (
            "list", "expand") else ask(known.requests(operation, ids)[0]) for operation in race.OPERATIONS}  # fmt: skip
    for operation in race.OPERATIONS:
        (status, headers, body), (theirs, their_headers, their_body) = found["ours"][operation], found[name][operation]
        written = operation in ("create", "update")
        if operation == "create":  # ours takes ids in blocks
            assert headers.pop(b"location") == f"customer/{body.pop('id')}".encode()
            assert their_headers.pop(b"location") == f"customer/{their_body.pop('id')}".encode()
        assert (status, headers) == (theirs, their_headers)
        assert meant(body, written) == meant(their_body, written)
    assert len(found["ours"]["list"][2]["items"]) == 20 and found[name]["list"][2]["next"]
