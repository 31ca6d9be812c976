"""Pages as pixels: reads grey levels of a PNG and tells how far two pages are apart, without a picture library."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Pixels:
    """Grey levels, row by row."""

    width: int
    height: int
    grey: bytes

    def apart(self, other: Pixels) -> float:
        """The share of pixels that differ clearly, after each was averaged with its neighbours."""
        if (self.width, self.height) != (other.width, other.height):
            return 1.0
        far = sum(abs(one - two) > 48 for one, two in zip(self._soft(), other._soft(), strict=True))
        return far / (self.width * self.height)

    def _soft(self) -> list[int]:
        """Each pixel with its three neighbours: an edge that moved by a hair is no difference."""
        width, grey = self.width, self.grey
        on = grey + grey[-1:] * (width + 1)
        four = zip(grey, on[1:], on[width:], on[width + 1 :], strict=False)
        return [(here + right + below + corner) >> 2 for here, right, below, corner in four]


def read(content: bytes) -> Pixels:
    """The grey levels of a PNG of eight bits per channel, on white."""
    at, packed, head = 8, b"", b""
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        name, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        head = body if name == b"IHDR" else head
        packed += body if name == b"IDAT" else b""
        at += 12 + length
    width, height, depth, color = struct.unpack(">IIBB", head[:10])
    assert depth == 8 and color in (0, 2, 6), "eight bits, grey or colour"
    channels = {0: 1, 2: 3, 6: 4}[color]
    rows = _unfiltered(zlib.decompress(packed), width * channels, height, channels)
    if channels == 1:
        return Pixels(width, height, rows)
    colours = zip(*(rows[channel::channels] for channel in range(3)), strict=True)
    levels = [(299 * red + 587 * green + 114 * blue) // 1000 for red, green, blue in colours]
    if channels == 4:
        levels = [(level * alpha + 255 * (255 - alpha)) // 255 for level, alpha in zip(levels, rows[3::4], strict=True)]
    return Pixels(width, height, bytes(levels))


def write(pixels: Pixels) -> bytes:
    """A grey PNG: small, and shown by every viewer."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    width = pixels.width
    rows = b"".join(b"\0" + pixels.grey[row * width : (row + 1) * width] for row in range(pixels.height))
    head = struct.pack(">IIBBBBB", width, pixels.height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def _unfiltered(raw: bytes, stride: int, height: int, channels: int) -> bytes:
    done = bytearray()
    above = bytearray(stride)
    for row in range(height):
        start = row * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for at in range(stride) if kind else ():
            left = line[at - channels] if at >= channels else 0
            corner = above[at - channels] if at >= channels else 0
            match kind:
                case 1:
                    line[at] = (line[at] + left) & 255
                case 2:
                    line[at] = (line[at] + above[at]) & 255
                case 3:
                    line[at] = (line[at] + (left + above[at]) // 2) & 255
                case 4:
                    line[at] = (line[at] + _nearest(left, above[at], corner)) & 255
        done += line
        above = line
    return bytes(done)


def _nearest(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[distances.index(min(distances))]
