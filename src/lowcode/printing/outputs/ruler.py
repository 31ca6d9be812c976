"""A sheet to measure a printer with: crosses and rulers at known places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

WIDTH, HEIGHT = 210, 297
CROSSES = ((20, 20), (190, 20), (20, 277), (190, 277))
WORDS = {
    True: (
        "打印机校准页　{printer}\n\n1. 用实际打印时的设置打印本页：A4，缩放 100%（实际大小）。\n"
        "2. 量左上十字的中心：到纸的左边与上边应各为 20 mm。\n"
        "3. 偏左、偏上多少毫米，就在“校准”中把向右、向下加上多少；偏右、偏下则减去。\n"
        "4. 再打印本页核对。本页已按向右 {right} mm、向下 {down} mm 校正。"
    ),
    False: (
        "Printer calibration　{printer}\n\n1. Print this page as you print forms: A4, scale 100 % (actual size).\n"
        "2. Measure the centre of the upper left cross: it should be 20 mm from the left and from the upper edge.\n"
        "3. If it is too far left or up, add as many millimetres to 'right' and 'down'; else take them off.\n"
        "4. Print this page again. It is corrected by {right} mm to the right and {down} mm down."
    ),
}


def test_sheet(offset: tuple[float, float], printer: str, chinese: bool, at: datetime) -> dict[str, Any]:
    """The print tree of the sheet."""
    text = WORDS[chinese].format(printer=printer, right=f"{offset[0]:g}", down=f"{offset[1]:g}")
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(_marks())}</svg>'
    whole = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "page": None}
    picture = {"type": "image", "svg": drawing, "width": WIDTH, "height": HEIGHT, "align": "left"}
    words = {"type": "text", "text": text, "style": {"size": 11}}
    return {
        "title": "calibration", "author": "", "language": "zh-CN" if chinese else "en", "region": None,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "theme": {"color": "#000000", "accent": "#000000", "font": "sans", "size": 10},
        "page": {"width": WIDTH, "height": HEIGHT, "margin": {"top": 0, "right": 0, "bottom": 0, "left": 0}},
        "header": [], "first_header": None, "footer": [], "furniture": {}, "reprint": "", "watermark": None,
        "background": None, "offset": list(offset), "body": [],
        "placed": [{"type": "placed", **whole, "body": [picture]},
                   {"type": "placed", **whole, "x": 40, "y": 110, "width": 130, "height": 90, "body": [words]}],
    }  # fmt: skip


def _marks() -> Iterator[str]:
    """Crosses in the corners, and rulers with a stroke for each millimetre through the first of them."""
    for x, y in CROSSES:
        yield _line(x - 8, y, x + 8, y, 0.2)
        yield _line(x, y - 8, x, y + 8, 0.2)
    for millimetre in range(20, 191):
        high = 5 if millimetre % 10 == 0 else 3.5 if millimetre % 5 == 0 else 2
        yield _line(millimetre, 40, millimetre, 40 + high, 0.12)
        yield _line(12, millimetre + 30, 12 + high, millimetre + 30, 0.12)


def _line(x: float, y: float, to_x: float, to_y: float, width: float) -> str:
    return f'<path d="M{x} {y}L{to_x} {to_y}" stroke="#000" stroke-width="{width}"/>'
