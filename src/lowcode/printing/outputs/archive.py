"""A zip whose bytes follow from its content: the office formats are zips, and a kept paper has to be provable."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any


def reproducible(content: bytes, at: datetime) -> bytes:
    """The same archive with one time on every member, in the order it was written."""
    stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second // 2 * 2)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = member.external_attr
            target.writestr(info, source.read(member))
    return made.getvalue()


def written(root: Any) -> bytes:
    """A tree as a member of an office file."""
    from lxml import etree  # an optional dependency, at its one door

    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content
