"""Paper as PDF, or as images of its pages, drawn by typst from our own prelude.

The trees go in as one JSON text; the timestamp is fixed to the snapshot's, so the same trees give the same bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

PRELUDE = Path(__file__).with_name("prelude.typ")


def draw(trees: Sequence[Mapping[str, Any]], fonts: list[str], form: str = "pdf", scale: float = 144.0) -> list[bytes]:
    """The pages of trees, one paper after the other: one PDF, or one image per page for `png` and `svg`."""
    import typst  # an optional dependency, at its one door

    compiler = typst.Compiler(
        PRELUDE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=fonts),
        sys_inputs={"papers": json.dumps([_with_bytes(tree) for tree in trees], ensure_ascii=False)},
    )
    made = compiler.compile(
        format=form,  # type: ignore[arg-type]
        ppi=scale,
        timestamp=datetime.fromisoformat(trees[0]["at"]),
        pdf_tags=bool(trees[0].get("tags", True)),
    )
    if made is None:
        return []
    return list(made) if isinstance(made, list) else [made]


def _with_bytes(value: Any) -> Any:
    """The tree with pictures as lists of bytes: the prelude's language reads no base64."""
    if isinstance(value, Mapping):
        if value.get("type") == "image" and "data" in value:
            content = base64.b64decode(value["data"])
            picture = {"svg": content.decode()} if value["format"] == "svg" else {"bytes": list(content)}
            return {key: each for key, each in value.items() if key != "data"} | picture
        return {key: _with_bytes(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_bytes(each) for each in value]
    return value
