"""Entity tags: what a visitor has already (RFC 9110, 8.8.3 and 13.1.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lowcode.web.messages import Request

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def has_already(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names a tag: alone, in a list, weakened by a program between, or as any by `*`."""
    given = request.headers.get("if-none-match", "").strip()
    return given == "*" or tag.strip('"') in _TAG.findall(given)
