"""Smaller answers: what is the same for many is packed once (gzip) and sent so to whoever can unpack it.

Only what holds no secret and repeats nothing of the request: the files of the page, and the app as it is described.
An answer that mixes a secret with words of a visitor tells them by its size what the secret is (BREACH).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace

from lowcode.web.messages import Request, Response

LEAST = 1_000
"""Bytes below which packing saves no packet."""
VARY = "Accept-Encoding"
SUFFIX = "-gzip"
"""Ends the tag of what was packed: other bytes, another strong tag (RFC 9110, 8.8.1)."""


def unpacks(request: Request) -> bool:
    """Whether the visitor can unpack gzip: named, or meant by `*`, and not refused by `q=0` (RFC 9110, 12.5.3)."""
    found: dict[str, bool] = {}
    for each in request.headers.get("accept-encoding", "").lower().split(","):
        name, *options = (part.strip() for part in each.split(";"))
        found[name] = not any(_is_refusal(option) for option in options)
    return found.get("gzip", found.get("x-gzip", found.get("*", False)))


def _is_refusal(option: str) -> bool:
    name, _, value = option.partition("=")
    try:
        return name.strip() == "q" and float(value) == 0
    except ValueError:
        return False


def packed(request: Request, response: Response, kept: Callable[[Callable[[], bytes]], bytes]) -> Response:
    """The answer as this visitor gets it; `kept`: gives what was packed before, or packs it and keeps it."""
    body = response.body
    if not isinstance(body, bytes) or len(body) < LEAST:
        return response
    vary = next((value for name, value in response.headers if name == "Vary"), "")
    headers = [(name, value) for name, value in response.headers if name != "Vary"]
    headers.append(("Vary", f"{vary}, {VARY}" if vary else VARY))
    if not unpacks(request):
        return replace(response, headers=headers)
    headers = [(name, f'{value[:-1]}{SUFFIX}"' if name == "ETag" else value) for name, value in headers]
    smaller = kept(lambda: gzip.compress(body, mtime=0))
    return replace(response, body=smaller, headers=[*headers, ("Content-Encoding", "gzip")])
