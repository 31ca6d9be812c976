"""The pages hold together: links lead somewhere, decisions are listed, changelog fragments can be gathered."""

from __future__ import annotations

from tests.architecture.measure import ROOT
from tools import pages, reference


def test_pages() -> None:
    """What `make docs` checks."""
    assert pages.findings() == []


def test_the_reference_is_fresh() -> None:
    """What `./dev docs` writes from the models, the functions and the messages is what is committed."""
    made = reference.pages()
    committed = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in reference.committed()}
    assert sorted(made) == sorted(committed)
    stale = [path for path in made if made[path] != committed[path]]
    assert not stale, f"run ./dev docs and commit: {stale}"
