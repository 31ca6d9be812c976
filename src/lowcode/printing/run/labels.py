"""Labels side by side on sheets: the trees of many labels to the tree of the sheets they are cut from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowcode.printing.blocks.kind import Node
from lowcode.printing.plan import Labels

NO_MARGIN = {"top": 0.0, "right": 0.0, "bottom": 0.0, "left": 0.0}


def on_sheets(labels: Labels, trees: Sequence[Node], start: int = 1) -> Node:
    """One tree whose pages are sheets. The first label stands at place `start`, for a sheet some were taken from."""
    placed: list[Node] = []
    for number, tree in enumerate(trees, start - 1):
        page, place = divmod(number, labels.count)
        row, column = divmod(place, labels.columns)
        width, height = tree["page"]["width"], tree["page"]["height"]
        left, top = labels.left + column * (width + labels.across), labels.top + row * (height + labels.down)
        placed += _one(tree, left, top, page + 1)
    sheet = labels.sheet
    return {
        **trees[0],
        "page": {"width": sheet.width, "height": sheet.height, "margin": NO_MARGIN},
        "header": [], "first_header": None, "footer": [], "furniture": {}, "reprint": "", "watermark": None,
        "background": None, "placed": placed, "body": [],
    }  # fmt: skip


def _one(tree: Node, left: float, top: float, page: int) -> list[Node]:
    """A label at its place: the form under it, its blocks within its border, and what has a place of its own on it."""
    sheet, margin = tree["page"], tree["page"]["margin"]
    parts: list[Node] = []
    form = tree["background"]
    if form is not None and form["shown"]:
        picture: dict[str, Any] = {key: each for key, each in form.items() if key not in ("pages", "shown")}
        picture |= {"width": sheet["width"], "height": sheet["height"], "align": "left", "page": form["pages"][0]}
        if form["format"] != "pdf":
            del picture["page"]
        parts.append(_placed(left, top, sheet["width"], sheet["height"], page, [picture]))
    flow = [*tree["header"], *tree["body"], *tree["footer"]]
    flow = [node for node in flow if node["type"] != "page_break"]
    if flow:
        width = sheet["width"] - margin["left"] - margin["right"]
        height = sheet["height"] - margin["top"] - margin["bottom"]
        parts.append(_placed(left + margin["left"], top + margin["top"], width, height, page, flow))
    for node in tree["placed"]:
        width = node["width"] or sheet["width"] - node["x"]
        height = node["height"] or sheet["height"] - node["y"]
        parts.append({**node, **_placed(left + node["x"], top + node["y"], width, height, page, node["body"])})
    return parts


def _placed(x: float, y: float, width: float, height: float, page: int, body: list[Node]) -> Node:
    return {"type": "placed", "x": x, "y": y, "width": width, "height": height, "page": page, "body": body}
