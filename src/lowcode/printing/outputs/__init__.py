"""The outputs a print tree can be given out in."""

from __future__ import annotations

from lowcode.kernel.registry import Kinds
from lowcode.printing.outputs import html
from lowcode.printing.outputs.docx import document
from lowcode.printing.outputs.kind import Output
from lowcode.printing.outputs.xlsx import workbook
from lowcode.printing.outputs.zpl import labels

OFFICE = "application/vnd.openxmlformats-officedocument"

BUILT_IN = (
    Output("html", "text/html; charset=utf-8", "html", False, html.document),
    Output("pdf", "application/pdf", "pdf", True, lambda tree, draw: draw(tree, "pdf")[0]),
    Output("png", "image/png", "png", False, lambda tree, draw: draw(tree, "png")[0]),
    Output("docx", f"{OFFICE}.wordprocessingml.document", "docx", False, document, editable=True),
    Output("xlsx", f"{OFFICE}.spreadsheetml.sheet", "xlsx", False, workbook, editable=True),
    Output("zpl", "application/zpl", "zpl", False, labels, editable=True),
)


def setup(kinds: Kinds) -> None:
    """Open the extension point `output` and add the built-in outputs."""
    kinds.open("output", "output", ("media_type", "suffix", "paper", "make"))
    kinds.add("output", *BUILT_IN)
