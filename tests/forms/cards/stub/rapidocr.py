"""What reads cards, as far as the library asks it: it says of a picture what the picture's first pixel stands for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

CARD = (
    ("宁波海川泵业有限公司", 20, 0.99), ("陈国栋", 60, 0.99), ("销售总监", 20, 0.98), ("手机：138 0574 6612", 20, 0.97),
    ("邮箱：chen.gd@haichuan-pump.com", 20, 0.99), ("浙江省宁波市鄞州区科技路88号3幢", 20, 0.99), ("电话：12", 20, 0.9),
    ("匠心制造", 20, 0.99), ("▒▒▒", 20, 0.2),
)  # fmt: skip
"""The lines, how high their letters are, and how sure the reader is."""


class RapidOCR:
    """Reads a card; a black picture has none, and of a red one it dies."""

    def __init__(self, params: dict[str, Any]) -> None:
        assert params["Global.log_level"] == "critical"

    def __call__(self, picture: Any) -> Any:
        red, green, _ = picture.getpixel((0, 0))
        if red > 200 and green < 50:
            raise MemoryError
        if red < 50:
            return SimpleNamespace(boxes=None, txts=None, scores=None)
        boxes, top = [], 0
        for _, height, _ in CARD:
            boxes.append([[0, top], [300, top], [300, top + height], [0, top + height]])
            top += height + 10
        order = [*range(4, len(CARD)), *range(4)]  # found in any order
        return SimpleNamespace(
            boxes=[boxes[each] for each in order], txts=[CARD[each][0] for each in order],
            scores=[CARD[each][2] for each in order],
        )  # fmt: skip
