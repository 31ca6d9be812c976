"""The program that reads the lines of a photo, in a process of its own (`reading` starts it): what it loads is large,
and what it is given comes from anybody.

It imports nothing large of the library. It answers one line of JSON: the lines of the photo from top to bottom, or why
there are none.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

from lowcode.kernel.limits import limit

REFUSED = 3
"""How it ends when it has said why."""
KINDS = ("JPEG", "PNG", "WEBP", "BMP")
PIXELS = 60_000_000
"""A photo of more is not laid out."""
SIDE = 2000
"""Pixels of the longer side that is read: letters of a card have some thirty then."""
SURE = 0.6
"""Below this it is rather a pattern than a text."""


def main(memory: int) -> int:
    """Read a photo from the input and write what stands in it."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    limit(memory)
    given = sys.stdin.buffer.read()
    try:
        picture = _opened(given)
    except Exception as error:  # whatever is wrong with the picture is an answer
        answers.write(json.dumps({"refused": str(error)[:200]}))
        answers.close()
        return REFUSED
    answers.write(json.dumps({"lines": _lines(picture)}))
    answers.close()
    return 0


def _opened(given: bytes) -> Any:
    """The picture upright, no larger than is read."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS // 2  # twice as much is refused
    with Image.open(io.BytesIO(given), formats=KINDS) as opened:
        if opened.width * opened.height > PIXELS:
            raise ValueError("it is too large")
        opened.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((SIDE, SIDE))
        return upright.convert("RGB")


def _lines(picture: Any) -> list[dict[str, Any]]:
    from rapidocr import RapidOCR

    read = RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1})
    found = read(picture)
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    lines = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score >= SURE and text.strip():
            top, bottom = (sum(float(box[index][1]) for index in pair) / 2 for pair in ((0, 1), (2, 3)))
            lines.append({"text": text, "height": round(bottom - top, 1), "top": round(top, 1)})
    return sorted(lines, key=lambda each: each["top"])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
