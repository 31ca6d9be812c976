"""The closed set of looks a block may be given; every output draws each of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from lowcode.kernel.definitions.documents import Part

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Millimetres = Annotated[float, Field(ge=0, le=2000)]
Alignment = Literal["left", "center", "right"]


class Style(Part):
    """How a block looks. What is left out is taken from the paper."""

    size: float | None = Field(None, ge=4, le=120, description="Size of letters in points.")
    bold: bool = False
    font: Literal["sans", "serif"] | None = None
    spacing: float | None = Field(None, ge=0, le=2, description="Space between letters, in letters.")
    color: Colour | None = None
    background: Colour | None = None
    align: Alignment | None = None
    border: Literal["all", "top", "bottom", "left", "right"] | None = None
    border_color: Colour | None = None
    padding: Millimetres | None = None

    def plain(self) -> dict[str, Any]:
        """The style as the print tree carries it: only what is said."""
        said = self.model_dump(exclude_none=True, exclude_defaults=True)
        if said.pop("bold", False):
            said["weight"] = "bold"
        return said


PLAIN = Style()
