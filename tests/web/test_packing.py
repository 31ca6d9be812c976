"""What is the same for many goes over the network packed; what holds a secret never does."""

from __future__ import annotations

import gzip
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lowcode.web.assets import Assets
from lowcode.web.messages import Request
from lowcode.web.packing import unpacks
from tests.web.calls import Open, Visitor

BIG = "export const words = 'word';\n" * 200
UNPACKS = {
    "gzip": True, "gzip, deflate, br": True, "br;q=1.0, gzip;q=0.5": True, "GZIP": True, "x-gzip": True, "*": True,
    "*;q=0, gzip": True, "": False, "br": False, "gzip;q=0": False, "gzip; q=0.000": False, "*;q=0": False,
    "gzip;q=0, *": False, "identity": False, "gzip;q=much": True,
}  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), UNPACKS.items())
def test_who_can_unpack(said: str, expected: bool) -> None:
    """As `Accept-Encoding` is read: by name, by `*`, with refusals."""
    assert expected == unpacks(Request("GET", "", headers={"accept-encoding": said}))


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """A page of three files."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "big.js").write_text(BIG, encoding="utf-8")
    (tmp_path / "assets" / "small.js").write_text("1", encoding="utf-8")
    (tmp_path / "icon.png").write_bytes(b"\x89PNG" + bytes(5_000))
    host: Any = SimpleNamespace(cached=lambda key, make: "data: blob:")
    return Assets(host, tmp_path)


def serve(assets: Assets, path: str, accepts: str) -> tuple[bytes, dict[str, str]]:
    answer = assets.serve(Request("GET", path, headers={"accept-encoding": accepts} if accepts else {}))
    assert isinstance(answer.body, bytes)
    return answer.body, dict(answer.headers)


def test_files_of_the_page_are_packed(assets: Assets, tmp_path: Path) -> None:
    """Packed once, plain for who cannot unpack, anew when the file is another; not what is small or packed already."""
    packed, headers = serve(assets, "assets/big.js", "gzip")
    assert (BIG, "gzip", "Accept-Encoding") == (
        gzip.decompress(packed).decode(), headers["Content-Encoding"], headers["Vary"]
    )  # fmt: skip
    assert len(packed) < len(BIG) / 10
    assert packed is serve(assets, "assets/big.js", "gzip")[0]
    plain, headers = serve(assets, "assets/big.js", "")
    assert (BIG, False, "Accept-Encoding") == (plain.decode(), "Content-Encoding" in headers, headers["Vary"])
    assert "Content-Encoding" not in serve(assets, "assets/small.js", "gzip")[1]
    assert "Content-Encoding" not in serve(assets, "icon.png", "gzip")[1]
    (tmp_path / "assets" / "big.js").write_text(BIG + "// more", encoding="utf-8")
    assert gzip.decompress(serve(assets, "assets/big.js", "gzip")[0]).decode().endswith("// more")


def test_the_app_is_packed_and_a_session_is_not(open_shop: Open) -> None:
    """Each way has a tag of its own that is known again; an answer with the page's secret is sent as it is."""
    visitor = Visitor(open_shop()).sign_in("li")
    tags = {}
    for accepts in ("gzip", "identity"):
        visitor.headers["accept-encoding"] = accepts
        answer = visitor.get("api/app")
        tags[accepts] = answer.headers["etag"]
        assert (accepts == "gzip") == ("content-encoding" in answer.headers)
        assert "small" == answer.json()["name"]
        assert {"Cookie", "Authorization", "Accept-Encoding"} == {*answer.headers["vary"].split(", ")}
    assert tags["gzip"] != tags["identity"]
    for tag in tags.values():
        again = visitor.get("api/app", headers={"if-none-match": tag})
        assert (304, tag) == (again.status_code, again.headers["etag"])
    visitor.headers["accept-encoding"] = "gzip"
    assert "content-encoding" not in visitor.get("api/session").headers
