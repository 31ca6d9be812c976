"""Whether the page is stale is decided by what its sources say, not by when they were written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import front_end


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end that was built."""
    sources, static = tmp_path / "web", tmp_path / "static"
    monkeypatch.setattr(front_end, "SOURCES", sources)
    monkeypatch.setattr(front_end, "STATIC", static)
    monkeypatch.setattr(front_end, "MARK", static / ".source-sha256")
    (sources / "app").mkdir(parents=True)
    (sources / "package.json").write_text("{}", encoding="utf-8")
    (sources / "app" / "main.tsx").write_text("export {}", encoding="utf-8")
    static.mkdir()
    (static / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (static / ".source-sha256").write_text(front_end.digest(), encoding="utf-8")
    return sources


def test_built_and_unchanged(web: Path) -> None:
    """A newer date alone does not make it stale, and neither do installed packages."""
    os.utime(web / "package.json", (2e9, 2e9))
    (web / "node_modules").mkdir()
    (web / "node_modules" / "react.js").write_text("…", encoding="utf-8")
    assert front_end.fresh()


@pytest.mark.parametrize("change", ["edit", "add", "rename", "remove", "unbuilt"])
def test_stale(web: Path, change: str) -> None:
    """Every change of a source is noticed, and so is a page that is gone."""
    main = web / "app" / "main.tsx"
    if change == "edit":
        main.write_text("export {};", encoding="utf-8")
    elif change == "add":
        (web / "app" / "more.tsx").write_text("", encoding="utf-8")
    elif change == "rename":
        main.rename(web / "app" / "entry.tsx")
    elif change == "remove":
        main.unlink()
    else:
        (front_end.STATIC / "index.html").unlink()
    assert not front_end.fresh()


def test_built_files_without_sources(web: Path) -> None:
    """An unpacked source distribution without web/ is taken as it is."""
    for path in sorted(web.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert front_end.fresh()
