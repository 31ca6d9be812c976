"""How host and worker talk: a JSON head, then any number of byte strings, each with its length before it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from typing import IO, Any

LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], head: dict[str, Any], bodies: Iterable[bytes] = ()) -> None:
    """Write one message."""
    parts = list(bodies)
    text = json.dumps({**head, "bodies": len(parts)}, ensure_ascii=False).encode()
    for part in (text, *parts):
        stream.write(LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


class TooMuch(ValueError):
    """A message is larger than whoever reads it takes."""


def receive(stream: IO[bytes], limit: int = 1 << 62) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one message, or None when the other side is gone. Raises TooMuch, having read no more than the limit."""
    text = _part(stream, limit)
    if text is None:
        return None
    head = json.loads(text)
    bodies: list[bytes] = []
    for _ in range(head["bodies"]):
        part = _part(stream, limit - sum(map(len, bodies)))
        if part is None:
            return None
        bodies.append(part)
    return head, bodies


def _part(stream: IO[bytes], limit: int) -> bytes | None:
    size = stream.read(LENGTH.size)
    if len(size) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(size)
    if length > limit:
        raise TooMuch(str(length))
    content = stream.read(length)
    return content if len(content) == length else None
