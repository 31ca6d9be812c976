"""Small pictures of kept ones: made once by what the contents are, and gone with them.

Lists show pictures a few dots wide; the photographs behind them have millions. A thumbnail is drawn anew, so nothing of
the file but what is seen comes along: no place where it was taken, no camera, no comment.
"""

from __future__ import annotations

import io
import logging
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, BinaryIO, Protocol

from lowcode.kernel.diagnostics import Problem, Rejected

EDGES = (128, 256, 640)
"""How wide or high thumbnails may be: of a list, of a record, of a card. Few, so that nobody fills the folder."""
TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MEDIA_TYPE = "image/webp"
MOST_DOTS = 50_000_000
"""A picture of more dots is not drawn: a few kilobytes may say that they are as large as a house."""
MOST_BYTES = 256_000_000
"""Nor is one that would need more memory than this (see `weight`)."""
QUALITY = 80
AT_ONCE = 2
"""So many pictures are drawn at a time, each within `MOST_BYTES`."""
TURNS = BoundedSemaphore(AT_ONCE)
WEIGHTS = {"1": 6, "L": 2, "P": 6, "RGB": 5, "RGBA": 9, "I;16": 6}
"""Bytes for each dot of a PNG or GIF while it is drawn, by what it is made of: as it is read, and what of it becomes
another kind of dot before it is small. What is not named here needs the most."""
REMEMBERED = 500
NO_PICTURE = {
    "en": "'{name}' is no PNG, JPEG, GIF or WebP, and has no thumbnail; ask for the file itself, without 'edge'",
    "zh-CN": "文件“{name}”不是 PNG、JPEG、GIF 或 WebP 图片，没有缩略图；请去掉 edge 参数以获取文件本身",
}
DAMAGED = {
    "en": "the file cannot be read as a picture, and has no thumbnail; ask for the file itself, without 'edge'",
    "zh-CN": "该文件无法按图片读取，没有缩略图；请去掉 edge 参数以获取文件本身",
}
TOO_MANY = {
    "en": "the picture has more than {limit} million dots, and no thumbnail; ask for the file itself, without 'edge'",
    "zh-CN": "图片超过 {limit} 百万像素，没有缩略图；请去掉 edge 参数以获取文件本身",
}
log = logging.getLogger("lowcode.files")


class PillowMissing(Exception):
    """The library that reads pictures is not installed: `lowcode[pictures]`."""


class Keeper(Protocol):
    """Keeps thumbnails by the digest of what they show, and the longer edge."""

    def get(self, digest: str, edge: int) -> bytes | None:
        """The thumbnail that was kept."""
        ...

    def put(self, digest: str, edge: int, content: bytes) -> None:
        """Keep one."""
        ...

    def forget(self, digest: str) -> None:
        """Keep none of these contents any more."""
        ...


class InFolder:
    """Thumbnails beside the contents they show, where whoever shares the folder finds them too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "thumbnails"

    def get(self, digest: str, edge: int) -> bytes | None:
        """The thumbnail that was kept."""
        try:
            return self.path(digest, edge).read_bytes()
        except OSError:
            return None

    def put(self, digest: str, edge: int, content: bytes) -> None:
        """Keep one. It is written aside and renamed; after a power cut it is drawn anew."""
        path = self.path(digest, edge)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=f"{digest}-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                os.replace(temporary, path)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:  # a full disk, a folder that is only read: whoever asked gets the picture all the same
            log.warning("a thumbnail was drawn and cannot be kept: %s", error)

    def forget(self, digest: str) -> None:
        """Keep none of these contents any more, nor what was half written when the process ended."""
        for each in self.path(digest, 0).parent.glob(f"{digest}-*"):
            each.unlink(missing_ok=True)

    def path(self, digest: str, edge: int) -> Path:
        """Where a thumbnail lies."""
        return self.folder / digest[:2] / f"{digest}-{edge}.webp"


class InMemory:
    """The thumbnails that were asked for last. Where a service of the embedding program keeps the contents, nothing of
    them stays on this machine."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str, edge: int) -> bytes | None:
        """The thumbnail that was kept."""
        with self._lock:
            found = self._kept.get((digest, edge))
            if found is not None:
                self._kept.move_to_end((digest, edge))
            return found

    def put(self, digest: str, edge: int, content: bytes) -> None:
        """Keep one, in place of the one that nobody asked for longest."""
        with self._lock:
            self._kept[digest, edge] = content
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)

    def forget(self, digest: str) -> None:
        """Keep none of these contents any more."""
        with self._lock:
            for edge in EDGES:
                self._kept.pop((digest, edge), None)


class Kept(Protocol):
    """Where contents are kept, and their thumbnails."""

    thumbnails: Keeper

    def open(self, digest: str) -> BinaryIO:
        """Contents to be read piece by piece. Raises NotFound."""
        ...


def thumbnail(files: Kept, digest: str, edge: int) -> bytes:
    """A small picture of kept contents, from what was drawn before where it was. Others may be drawn first. Raises
    NotFound where the contents are gone, Rejected for what is no picture or too large a one, and PillowMissing."""
    found = files.thumbnails.get(digest, edge)
    if found is None:
        with TURNS, files.open(digest) as content:
            found = files.thumbnails.get(digest, edge) or draw(content, edge)
        files.thumbnails.put(digest, edge, found)
        # Whoever forgets a file takes its contents first and the thumbnails then: one of the two sees the other.
        try:
            files.open(digest).close()
        except Rejected:
            files.thumbnails.forget(digest)
            raise
    return found


def draw(content: BinaryIO, edge: int) -> bytes:
    """A picture as WebP that fits a square: turned as the camera was held, in the colours of screens, its first frame.
    Raises Rejected and PillowMissing."""
    return _drawn(content, edge, lambda image: ("WEBP", {"exif": b"", "xmp": b""}))


def for_paper(content: BinaryIO, edge: int) -> bytes:
    """The same as what office programs show too: JPEG, or PNG where something of it is transparent, as a hand signature
    is. Raises Rejected and PillowMissing."""
    return _drawn(content, edge, lambda image: ("PNG", {}) if image.mode == "RGBA" else ("JPEG", {"comment": b""}))


def _drawn(content: BinaryIO, edge: int, kind: Callable[[Any], tuple[str, dict[str, Any]]]) -> bytes:
    try:
        from PIL import Image, ImageOps  # an optional dependency, at its one door
    except ImportError as error:
        raise PillowMissing from error
    try:
        with Image.open(content, formats=FORMATS) as image:
            most = min(MOST_DOTS, MOST_BYTES // weight(image))
            if image.width * image.height > most:
                raise _too_many(most)
            plain: Any = image
            if image.mode.startswith(("I", "F")):  # grey in 65,536 steps
                plain = image.point(_in_256).convert("L")
            elif image.mode not in ("L", "RGB", "RGBA", "CMYK"):
                plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
            plain.thumbnail((edge, edge))
            small = _for_screens(ImageOps.exif_transpose(plain))
            made = io.BytesIO()
            form, more = kind(small)
            small.save(made, form, quality=QUALITY, icc_profile=b"", **more)
            return made.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many(MOST_DOTS) from None
    except Rejected:
        raise
    except Exception as error:  # readers of pictures raise what they like at damaged ones
        log.info("a picture cannot be drawn small: %r", error)
        raise Rejected(Problem("files.no-picture", DAMAGED, "/edge")) from None


def weight(image: Any) -> int:
    """Bytes for each dot of a picture while it is drawn. A JPEG is read smaller than it is, unless all of it has to be
    there before the first line is."""
    match image.format:
        case "WEBP":
            return 16
        case "JPEG" | "MPO":
            return 2 * len(image.getbands()) + 1 if image.info.get("progressive") else 2
    most = max(WEIGHTS.values()) + 4
    return most if image.mode == "P" and image.has_transparency_data else WEIGHTS.get(image.mode, most)


def _in_256(step: Any) -> Any:
    """Of 65,536 steps of grey the one of 256."""
    return step * (1 / 256)


def _for_screens(image: Any) -> Any:
    """A picture in the colours that browsers take for granted; a profile that is damaged is none."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            turned = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
            if turned is not None:
                return turned
    return image if image.mode in ("RGB", "RGBA") else image.convert("RGB")


def _too_many(most: int) -> Rejected:
    return Rejected(Problem("files.too-many-dots", TOO_MANY, "/edge", {"limit": most // 1_000_000}))
