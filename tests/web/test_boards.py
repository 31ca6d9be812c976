"""Boards and reports over HTTP: files by address, and the page behind a link."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.reports.gallery import open_gallery, with_people
from tests.web.calls import Visitor, problem


@pytest.fixture(scope="module")
def gallery() -> Iterator[Any]:
    host = with_people(open_gallery({}))
    yield SimpleNamespace(host=host)
    host.close()


def test_reports_and_boards_come_as_files(gallery: Any) -> None:
    """By their addresses, under their titles, with the filters of the page."""
    visitor = Visitor(gallery).sign_in("li")
    filters = json.dumps({"channel": "fair"})
    for path, start in (
        ("api/reports/table/file", b"PK"),
        ("api/reports/deals/file?rows=industry&columns=channel&measures=amount", b"PK"),
        ("api/reports/bar/file?format=svg&width=400", b"<svg"),
        ("api/boards/board/file?format=png", b"\x89PNG"),
        ("api/boards/board/file", b"%PDF"),
        (f"api/boards/board/file?format=xlsx&filters={filters}", b"PK"),
    ):
        answer = visitor.get(path)
        assert (200, start) == (answer.status_code, answer.content[: len(start)]), answer.text
        assert "filename*=UTF-8''%" in answer.headers["content-disposition"]
        assert "no-store" == answer.headers["cache-control"]
    assert (422, "http.not-an-object") == problem(visitor.get("api/boards/board/file?filters=[1]"))[:2]
    assert 401 == Visitor(gallery).get("api/boards/board/file").status_code


def test_the_page_behind_a_link_runs_nothing(gallery: Any) -> None:
    """Whoever holds the link sees the board as a picture, without signing in and without scripts; no cache keeps it,
    no search engine lists it, and the address of the link is not told to others."""
    made = Visitor(gallery).sign_in("wei").post("api/operations/reports.share", {"dashboard": "board"}).json()
    answer = Visitor(gallery).get(f"api/boards/shared/{made['token']}")
    assert (200, "text/html; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    told = [answer.headers[name] for name in ("cache-control", "referrer-policy", "x-robots-tag")]
    assert ["no-store", "no-referrer", "noindex, nofollow"] == told
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', answer.text)
    assert found is not None
    picture = base64.b64decode(found[1]).decode()
    assert "Cockpit" in picture and "<script" not in answer.text + picture
    assert 404 == Visitor(gallery).get("api/boards/shared/nothing").status_code
