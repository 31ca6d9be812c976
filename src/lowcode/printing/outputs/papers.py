"""PDF files that somebody else made: whether they can be read, and how large their pages are."""

from __future__ import annotations

import io
from typing import Any

MM_PER_POINT = 25.4 / 72
MOST_PAGES = 2000
REASONS = {
    "encrypted": {"en": "it has a password", "zh-CN": "设有密码"},
    "broken": {"en": "it is broken", "zh-CN": "文件已损坏"},
    "long": {"en": f"it has more than {MOST_PAGES} pages", "zh-CN": f"超过 {MOST_PAGES} 页"},
    "heavy": {"en": "reading it takes too much memory or time", "zh-CN": "读取它占用的内存或时间过多"},
    "missing": {
        "en": "the library that reads it is not installed; pip install 'lowcode[pdf]'",
        "zh-CN": "未安装读取它的程序库，请安装：pip install 'lowcode[pdf]'",
    },
}
"""Why one cannot be used, in words."""


class UnusablePdf(ValueError):
    """It cannot be used; `reason` is `encrypted`, `broken`, `long`, `heavy` or `missing` (the library that reads
    it)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def reader_of(content: bytes) -> Any:
    """A reader of a PDF, with its lock opened where it has no password. Raises UnusablePdf."""
    try:
        import pypdf  # an optional dependency, at its one door
        from pypdf.errors import DependencyError
    except ImportError:
        raise UnusablePdf("missing") from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnusablePdf("encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise UnusablePdf("long")
    except (UnusablePdf, MemoryError):
        raise
    except DependencyError:  # it is locked in a way that only another library opens
        raise UnusablePdf("encrypted") from None
    except Exception:  # a broken file fails in as many ways as there are objects in it
        raise UnusablePdf("broken") from None
    return reader


def sizes_of(content: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in millimetres, as it is seen. Raises UnusablePdf."""
    reader = reader_of(content)
    try:
        return [_size(page) for page in reader.pages]
    except MemoryError:
        raise
    except Exception:  # as above: pages are read when they are asked for
        raise UnusablePdf("broken") from None


def _size(page: Any) -> tuple[float, float]:
    box = page.cropbox
    width, height = float(box.width) * MM_PER_POINT, float(box.height) * MM_PER_POINT
    return (height, width) if page.rotation % 180 else (width, height)
