"""The pictures of a record that a paper shows, as small as paper needs them: read with the record, kept with the
snapshot."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.storage import files
from lowcode.kernel.storage.thumbnails import TURNS, PillowMissing, for_paper
from lowcode.printing.blocks.image import format_of
from lowcode.printing.blocks.pictured import kept_as
from lowcode.printing.diagnostics import problem
from lowcode.printing.plan import TemplatePlan

DOTS = 1000
"""The longer edge of a picture on paper: 60 mm of it are finer than printers draw."""
MOST_BYTES = 20 * 2**20
"""What the pictures of one paper have together."""
AS_IT_IS = 4 * 2**20
"""Without the library that draws pictures smaller, one of at most so many bytes is taken as it is."""
DRAWN = frozenset({"png", "jpg", "gif"})
"""What every output can show."""


def photos(context: Context, plan: TemplatePlan, record: Mapping[str, Any]) -> dict[str, str]:
    """Each picture by `kept_as` its number: its kind, a comma, base64. What is no picture is left out. Raises Rejected
    where together they are too large."""
    host: Any = context.host
    found: dict[str, str] = {}
    size = 0
    for identity in dict.fromkeys(_numbers(plan, record)):
        try:
            drawn = _drawn(host.files.get(files.find(context, identity)["digest"]))
        except NotFound:  # deleted since: its place stays empty, as where there never was one
            continue
        if drawn is None:
            continue
        size += len(drawn[1])
        if size > MOST_BYTES:
            raise Rejected(problem("pictures-large", limit=MOST_BYTES // 2**20))
        found[kept_as(identity)] = f"{drawn[0]},{base64.b64encode(drawn[1]).decode()}"
    return found


def _numbers(plan: TemplatePlan, record: Mapping[str, Any]) -> Iterator[int]:
    for way, path in sorted(plan.photos):
        for row in record.get(way) or () if way else (record,):
            for held in row.get(path) or ():
                yield held["id"] if isinstance(held, dict) else held


def _drawn(content: bytes) -> tuple[str, bytes] | None:
    form = format_of(content)
    if form is None or form == "svg":
        return None
    try:
        with TURNS:
            small = for_paper(io.BytesIO(content), DOTS)
        return format_of(small) or "png", small
    except PillowMissing:
        return (form, content) if form in DRAWN and len(content) <= AS_IT_IS else None
    except Rejected:
        return None
