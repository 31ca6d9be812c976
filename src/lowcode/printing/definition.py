"""What may be written in `printing/<name>.json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, create_model

from lowcode.kernel.definitions.documents import Document, Expression, Name, Part, Template, Text
from lowcode.kernel.registry import Registry
from lowcode.printing.blocks.kind import BlockKind
from lowcode.printing.blocks.schema import any_block
from lowcode.printing.blocks.style import Colour, Millimetres

SHEETS = {
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "B5": (176.0, 250.0),
    "Letter": (215.9, 279.4),
}


class Margin(Part):
    """The blank border of a sheet in millimetres."""

    top: Millimetres = 22.0
    right: Millimetres = 16.0
    bottom: Millimetres = 20.0
    left: Millimetres = 16.0


class Sheet(Part):
    """A sheet of its own size, in millimetres."""

    width: float = Field(gt=20, le=2000)
    height: float = Field(gt=20, le=2000)


class PageDefinition(Part):
    """The sheet and what stands on each of its pages. `page` and `pages` are the page's number and their count."""

    size: Literal["A3", "A4", "A5", "B5", "Letter"] | Sheet = "A4"
    landscape: bool = False
    margin: Margin | Millimetres = Margin()
    header: list[Any] = Field(default_factory=list)
    first_header: list[Any] | None = Field(None, description="The first page's own header; [] for none.")
    footer: list[Any] = Field(default_factory=list)
    first_footer: list[Any] | None = Field(None, description="The first page's own footer; [] for none.")
    last_footer: list[Any] | None = Field(None, description="The last page's own footer, on paper.")
    even_header: list[Any] | None = Field(None, description="The header of pages 2, 4, 6; the others are odd.")
    even_footer: list[Any] | None = Field(None, description="The footer of pages 2, 4, 6; the others are odd.")


OTHER_FURNITURE = ("first_footer", "last_footer", "even_header", "even_footer")
"""Headers and footers of some pages. Left out, those pages have the usual ones."""
REPRINT = {"zh-CN": "第 {{ copy }} 次打印", "en": "Copy {{ copy }}"}


class Theme(Part):
    """The look of the whole paper."""

    color: Colour = "#1d2430"
    accent: Colour = Field("#1f4e8c", description="Heads of tables, totals.")
    font: Literal["sans", "serif"] = "sans"
    size: float = Field(9.5, ge=5, le=24, description="Points.")


class WatermarkDefinition(Part):
    """Words across each page."""

    text: Template
    when: Expression | None = None
    size: float = Field(96.0, ge=20, le=240)
    color: Colour = "#c0392b"


class MailDefinition(Part):
    """The letter the paper goes out with. Whoever sends it may change its words."""

    to: Template = Field("", description="The address, such as {{ contact.email }}.")
    name: Template = Field("", description="Who it is sent to.")
    subject: Template
    text: Template = Field("", description="The letter in plain words.")
    attach: list[Name] = Field(default_factory=lambda: ["pdf"], description="Outputs that are enclosed; [] for none.")
    body: bool = Field(False, description="The paper itself is the letter, as HTML: for greetings and messages.")


class PrintTemplate(Document):
    """A template: the form it prints, the sheet, and the tree of blocks."""

    form: Name
    languages: list[str] = Field(default_factory=list, description="Languages it is printed in; left out, the app's.")
    roles: list[Name] = Field(default_factory=list, description="Who may print it; left out, all who may read.")
    when: Expression | None = Field(None, description="The record may be printed only where this holds.")
    message: Text = Field("", description="What a person is told where `when` does not hold.")
    outputs: list[Name] | None = Field(
        None,
        description="What it may be given out as; left out, whatever its holder cannot change (so not docx and xlsx).",
    )
    file_name: Template = ""
    author: Template = Field("", description="Who the file says it is from.")
    reprint: Template = Field(
        default_factory=lambda: dict(REPRINT),
        description='What each page of a second and later paper says under its footer; "" for nothing.',
    )
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    mail: MailDefinition | None = None
    page: PageDefinition = PageDefinition()
    theme: Theme = Theme()
    watermark: WatermarkDefinition | list[WatermarkDefinition] = Field(default_factory=list)
    body: list[Any] = Field(min_length=1)


def template_model(kinds: Registry[BlockKind]) -> type[PrintTemplate]:
    """The model of a template over the blocks a host knows."""
    blocks: Any = list[any_block(kinds)]  # type: ignore[misc]
    stated = PageDefinition.model_fields
    others: dict[str, Any] = {name: (blocks | None, stated[name]) for name in OTHER_FURNITURE}
    page: Any = create_model(
        "PageDefinition",
        __base__=PageDefinition,
        __doc__=PageDefinition.__doc__,
        header=(blocks, stated["header"]),
        first_header=(blocks | None, stated["first_header"]),
        footer=(blocks, stated["footer"]),
        **others,
    )
    return create_model(
        "PrintTemplate",
        __base__=PrintTemplate,
        __doc__=PrintTemplate.__doc__,
        page=(page, page()),
        body=(blocks, PrintTemplate.model_fields["body"]),
    )
