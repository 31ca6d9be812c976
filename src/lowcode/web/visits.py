"""The script by which a web site tells an intake what its visitors look at."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lowcode.web.messages import Request, Response
from lowcode.web.session import Caller
from lowcode.web.tags import has_already

if TYPE_CHECKING:
    from lowcode.web.door import Door


@cache
def _script() -> tuple[bytes, str]:
    content = Path(__file__).with_name("visits.js").read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def script(door: Door, request: Request, caller: Caller) -> Response:
    """For any site: it reads nothing of the app, and what it sends goes through the intake's own door."""
    content, tag = _script()
    headers = [
        ("ETag", tag), ("Cache-Control", "public, max-age=3600"), ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]  # fmt: skip
    if has_already(request, tag):
        return Response(304, headers=headers)
    return Response(200, content, "text/javascript; charset=utf-8", headers)
