"""Names say what a thing is, the public face is small, and every module says what it is for."""

from __future__ import annotations

import ast
import importlib
import re

import lowcode
from tests.architecture.measure import PACKAGE, modules, name, tolerated

BAGS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "shared", "manager", "managers"}
BAG_ENDINGS = ("Manager", "Helper", "Helpers", "Util", "Utils", "Base", "Mixin", "Impl")
MOST_PUBLIC_NAMES = 20


def allowed() -> set[str]:
    return {line.where for line in tolerated() if line.rule == "name"}


def test_no_file_is_a_bag() -> None:
    """A file is named after the one thing in it."""
    wrong = [name(path) for path in modules() if path.stem in BAGS or path.parent.name in BAGS]
    assert not set(wrong) - allowed(), f"named after nothing: {wrong}"


def test_no_class_is_a_bag() -> None:
    """A class is a thing of this field, not a place where functions are kept."""
    wrong = [
        f"{name(path)}:{node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name.endswith(BAG_ENDINGS)
    ]
    assert not set(wrong) - allowed(), f"named after nothing: {wrong}"


def test_every_module_says_what_it_is_for() -> None:
    """A module begins with its docstring."""
    silent = [name(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not set(silent) - allowed(), f"no docstring: {silent}"


def test_the_public_face_is_small() -> None:
    """`lowcode` offers a few names, each of which exists and says what it is for."""
    public = list(getattr(lowcode, "__all__", ()))
    assert len(public) <= MOST_PUBLIC_NAMES
    for each in public:
        assert getattr(lowcode, each).__doc__, f"lowcode.{each} does not say what it is for"


def test_packages_offer_what_they_have() -> None:
    """Every name in an `__all__` exists, once."""
    for path in modules():
        if path.name == "__init__.py" and "__all__" in path.read_text(encoding="utf-8"):
            dotted = ".".join(path.relative_to(PACKAGE.parent).parent.parts)
            package = importlib.import_module(dotted)
            assert len(set(package.__all__)) == len(package.__all__), f"{dotted} offers a name twice"
            missing = [each for each in package.__all__ if not hasattr(package, each)]
            assert not missing, f"{dotted} offers what it does not have: {missing}"


def test_comments_do_not_talk_down() -> None:
    """ "Just" and "obviously" tell readers that it is their fault if they do not see it."""
    words = re.compile(r"\b(simply|obviously|of course|trivially)\b", re.IGNORECASE)
    wrong = [
        f"{name(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert not set(wrong) - allowed(), f"say it without the word: {wrong}"
