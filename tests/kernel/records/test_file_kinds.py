"""Which files are of the kinds that a field takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.records import file_kinds

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "file_kinds.json").read_text())
MEANT = {
    ".pdf": None, "image/*": None, "application/vnd.ms-excel": None, "text/x-c++": None,
    "pdf": ".pdf", "*.docx": ".docx", "Image": "image/*", "image/": "image/*", " .png ": ".png",
    "application/vnd.openxmlformats-officedocument.*": "", "*/*": "", "": "", "aplication/pdf": "", "a.b*": "",
}  # fmt: skip
"""What an author may write, or what was meant instead; blank where nothing can be told."""


@pytest.mark.requirement("SF08", "F28")
def test_kinds_are_those_of_a_browser() -> None:
    """By its name for an ending, by its type for a media type; and the contents may not be others."""
    for each in CASES:
        name, kind = each["name"], each["type"]
        head = each["begins"].encode("latin-1")
        found = file_kinds.takes(each["accept"], name, kind), file_kinds.belied(name, kind, head)
        assert (each["taken"], each["belied"]) == found, each
    assert MEANT == {each: None if file_kinds.is_kind(each) else file_kinds.meant(each) or "" for each in MEANT}
    patterns = ["*.docx", "application/vnd.openxmlformats-officedocument.*", "*/*", "a.b*"]
    assert patterns == [each for each in MEANT if file_kinds.is_pattern(each)]
    assert [file_kinds.picture_taken("image/jpeg", [each]) for each in (".JPG", "image/*", ".png")] == [
        True,
        True,
        False,
    ]
