"""Pictures that a record holds, as nodes: photos, hand signatures, drawings. Their contents come with the snapshot, by
the number of the file, so that a paper can be made again after the file is gone."""

from __future__ import annotations

import base64

from lowcode.printing.blocks.kind import Node
from lowcode.printing.blocks.values import Facts, Value

EDGE = 60.0
"""Millimetres that a picture takes where the template does not say how large it is."""
HIGHEST = 240.0
"""A picture as wide as it should be is at most so high: more than that no sheet has room for."""


def kept_as(identity: int) -> str:
    """The name that a file's contents have in the pictures of a snapshot."""
    return f"file/{identity}"


def pictures_of(
    value: Value, facts: Facts, most: int = 1, width: float | None = None, height: float | None = None
) -> list[Node]:
    """The first pictures of a field, each as large as fits into what it may take, in its own proportions. What is no
    picture, and what this person may not see, is left out."""
    found = value.of(facts)
    nodes: list[Node] = []
    for identity in found if isinstance(found, (list, tuple)) else ():
        said = facts.pictures.get(kept_as(identity))
        if said is None or len(nodes) == most:
            continue
        form, _, data = said.partition(",")
        across, down = size_of(base64.b64decode(data))
        nodes.append({"type": "image", "data": data, "format": form, **fitting(across, down, width, height)})
    return nodes


def shown_picture(value: object, facts: Facts, width: float, height: float) -> dict[str, Node]:
    """The first picture of a value that holds pictures, as a part of the node it stands in; nothing of others."""
    found = pictures_of(value, facts, 1, width, height) if isinstance(value, Value) and value.pictured else []
    return {"picture": {**found[0], "alt": ""}} if found else {}


def fitting(across: int, down: int, width: float | None, height: float | None) -> dict[str, float]:
    """The millimetres of a picture of so many dots within a width and a height."""
    if width is None and height is None:
        width = height = EDGE
    share = min(
        width / across if width is not None else float("inf"),
        (height if height is not None else HIGHEST) / down,
    )
    return {"width": round(across * share, 2), "height": round(down * share, 2)}


def size_of(content: bytes) -> tuple[int, int]:
    """The dots of a PNG, GIF or JPEG, from its head; a square where it does not say."""
    if content.startswith(b"\x89PNG"):
        found = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    elif content.startswith(b"GIF8"):
        found = int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    else:
        found = _of_jpeg(content)
    return found if min(found) > 0 else (100, 100)


def _of_jpeg(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 < len(content):
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        place += 2 + length
    return 0, 0
