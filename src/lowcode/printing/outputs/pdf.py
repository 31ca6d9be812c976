"""Paper as PDF, or as images of its pages, drawn by typst from our own prelude.

The trees go in as one JSON text; the timestamp is fixed to the snapshot's, so the same trees give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lowcode.printing.outputs.paged import BREAKS

PRELUDE = Path(__file__).with_name("prelude.typ")


def draw(trees: Sequence[Mapping[str, Any]], fonts: list[str], form: str = "pdf", scale: float = 144.0) -> list[bytes]:
    """The pages of trees, one paper after the other: one PDF, or one image per page for `png` and `svg`."""
    import typst  # an optional dependency, at its one door

    with tempfile.TemporaryDirectory() as folder:
        papers = [_with_files(tree, Path(folder)) for tree in trees]
        compiler = typst.Compiler(
            PRELUDE.read_bytes(),
            root=folder,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=fonts),
            sys_inputs={"papers": json.dumps(papers, ensure_ascii=False), **({BREAKS: ""} if form == BREAKS else {})},
        )
        if form == BREAKS:
            return [_breaks(json.loads(compiler.query("<lowcode-breaks>", field="value", one=True)))]
        made = compiler.compile(
            format=form,  # type: ignore[arg-type]
            ppi=trees[0].get("dots", scale),
            timestamp=datetime.fromisoformat(trees[0]["at"]),
            pdf_tags=bool(trees[0].get("tags", True)),
        )
    if made is None:
        return []
    return list(made) if isinstance(made, list) else [made]


def _breaks(lines: Sequence[tuple[str, int]]) -> bytes:
    """How many lines of each table stand on each page, in the order of the pages."""
    found: dict[str, dict[int, int]] = {}
    for table, page in lines:
        counts = found.setdefault(table, {})
        counts[page] = counts.get(page, 0) + 1
    return json.dumps({table: [counts[page] for page in sorted(counts)] for table, counts in found.items()}).encode()


def _with_files(value: Any, folder: Path) -> Any:
    """The tree with its pictures as files beside the prelude, whose language reads no base64. The same picture is one
    file, and nothing else is in the folder."""
    if isinstance(value, Mapping):
        if value.get("type") == "image" and "data" in value:
            return {key: each for key, each in value.items() if key != "data"} | {"path": _file(value, folder)}
        return {key: _with_files(each, folder) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_files(each, folder) for each in value]
    return value


def _file(picture: Mapping[str, Any], folder: Path) -> str:
    content = base64.b64decode(picture["data"])
    name = f"{hashlib.sha256(content).hexdigest()}.{picture['format']}"
    path = folder / name
    if not path.exists():
        path.write_bytes(content)
    return f"/{name}"
