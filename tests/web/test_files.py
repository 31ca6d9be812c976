"""Files: kept by content, and never active inside the page's origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.calls import Open, Visitor, problem

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def visitor(open_shop: Open, tmp_path: Path) -> Visitor:
    return Visitor(open_shop(files=str(tmp_path))).sign_in("li")


def upload(visitor: Visitor, name: str, content: bytes, media_type: str) -> int:
    answer = visitor.ask("POST", "api/files", files={"file": (name, content, media_type)})
    assert 201 == answer.status_code, answer.text
    return int(answer.json()["id"])


def test_up_and_down(visitor: Visitor) -> None:
    """What went up comes down, under its name in any script, and once more not at all."""
    identity = upload(visitor, "报价 ”1”.png", PNG, "image/png")
    answer = visitor.get(f"api/files/{identity}")
    assert (PNG, "image/png") == (answer.content, answer.headers["content-type"])
    assert "filename*=UTF-8''%E6%8A%A5" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("inline")
    again = visitor.get(f"api/files/{identity}", headers={"if-none-match": answer.headers["etag"]})
    assert (304, b"") == (again.status_code, again.content)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("x.html", "text/html"), ("x.svg", "image/svg+xml"), ("x.xml", "text/xml"), ("x.pdf", "application/pdf"),
        ("x.js", "text/javascript"), ("x.png", "text/html"), ("x.html", "image/png; charset=x"),
    ],
)  # fmt: skip
def test_nothing_active_is_shown(visitor: Visitor, name: str, media_type: str) -> None:
    """Only plain pictures are shown; all else is handed over as bytes, in a sandbox, without guessing."""
    identity = upload(visitor, name, b"<script>alert(1)</script>", media_type)
    headers = visitor.get(f"api/files/{identity}").headers
    if headers["content-type"] != "image/png":
        assert headers["content-disposition"].startswith("attachment")
        assert "application/octet-stream" == headers["content-type"]
    assert "sandbox" in headers["content-security-policy"]
    assert "nosniff" == headers["x-content-type-options"]


def test_what_is_no_upload(visitor: Visitor) -> None:
    """A missing part and a wrong kind of body are refused."""
    assert (422, "http.not-multipart") == problem(visitor.post("api/files", {"file": "x"}))[:2]
    assert (422, "http.no-file") == problem(visitor.ask("POST", "api/files", files={"other": ("x", b"x")}))[:2]
