"""Texts as IMAP writes them (RFC 3501): one line, in quotes, a folder's name in modified UTF-7. Pure."""

from __future__ import annotations

import re
from base64 import b64encode

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What has no place in a line: it would end the command, or be no text at all."""
BEYOND = re.compile(r"[^\x20-\x7e]+")


def quoted(text: str) -> str:
    """A quoted string; the text has no control characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def folder_name(text: str) -> str:
    """The name of a folder as a command has it (RFC 3501, 5.1.3): `已发送` is `&XfJT0ZAB-`, `A&B` is `A&-B`."""
    return BEYOND.sub(_shifted, text.replace("&", "&-"))


def _shifted(found: re.Match[str]) -> str:
    written = b64encode(found[0].encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
    return f"&{written}-"
