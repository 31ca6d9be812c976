"""The kinds of blocks a template is made of; one file each, siblings that share everything but their words in one."""

from __future__ import annotations

from lowcode.kernel.registry import Kinds, tagged
from lowcode.printing.blocks import (
    chart,
    codes,
    containers,
    excel,
    fields,
    html,
    image,
    place,
    signature,
    spacing,
    stamp,
    table,
    text,
    word,
)
from lowcode.printing.blocks.kind import BlockKind

BUILT_IN: tuple[BlockKind, ...] = (
    text.KIND,
    fields.KIND,
    table.KIND,
    containers.COLUMNS,
    containers.KEEP,
    containers.WHEN,
    containers.EACH,
    image.KIND,
    place.KIND,
    chart.KIND,
    stamp.KIND,
    signature.KIND,
    codes.QRCODE,
    codes.BARCODE,
    spacing.LINE,
    spacing.SPACE,
    spacing.PAGE_BREAK,
    html.KIND,
    word.KIND,
    excel.KIND,
)


def setup(kinds: Kinds) -> None:
    """Open the extension point `block` and add the built-in kinds."""
    kinds.open("block", "block", ("model", "compile"), tagged("model"))
    kinds.add("block", *BUILT_IN)
