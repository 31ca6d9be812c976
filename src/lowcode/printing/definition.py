"""What may be written in `printing/<name>.json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, create_model

from lowcode.kernel.definitions.documents import Document, Expression, File, Name, Part, Template, Text
from lowcode.kernel.registry import Registry, made_once
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


class BackgroundDefinition(Part):
    """A form the paper is printed onto: a PDF or a picture, laid over the whole sheet."""

    file: File = Field(description="A file of the app, such as templates/receipt.pdf, or one per language.")
    pages: list[int] = Field(
        default_factory=list,
        description="Which page of the PDF lies under each page; left out, one after the other. The last one repeats.",
    )
    printed: bool = Field(
        False,
        description="Whether the form is printed too; else only what is filled in, for sheets that have the form.",
    )


class LabelSheet(Part):
    """Labels on a sheet, in millimetres."""

    paper: Literal["A3", "A4", "A5", "B5", "Letter"] | Sheet = "A4"
    columns: int = Field(ge=1, le=50)
    rows: int = Field(ge=1, le=100)
    width: float = Field(gt=5, le=400, description="Of one label.")
    height: float = Field(gt=5, le=400, description="Of one label.")
    left: Millimetres = Field(0.0, description="From the edge of the sheet to the first label.")
    top: Millimetres = Field(0.0, description="From the edge of the sheet to the first label.")
    across: Millimetres = Field(0.0, description="Between two labels beside one another.")
    down: Millimetres = Field(0.0, description="Between two labels above one another.")


class RollDefinition(Part):
    """A label printer that is spoken to in ZPL; the sheet of the template is one label."""

    dots: Literal[203, 300, 600] = Field(203, description="Dots per inch of the printer.")
    letters: Literal["drawn", "printer"] = Field(
        "drawn", description="Whether words are drawn as in the preview, or set in the printer's own font."
    )
    font: str = Field(
        "", max_length=40, pattern=r"^[A-Z0-9:._]*$",
        description="The printer's font for words beyond Latin, such as E:SIMSUN.FNT; left out, those are drawn.",
    )  # fmt: skip


class PageDefinition(Part):
    """The sheet and what stands on each of its pages. `page` and `pages` are the page's number and their count."""

    size: Literal["A3", "A4", "A5", "B5", "Letter"] | Sheet = "A4"
    landscape: bool = False
    margin: Margin | Millimetres = Margin()
    background: BackgroundDefinition | None = Field(
        None, description="A form that is printed already, or a letterhead."
    )
    header: list[Any] = Field(default_factory=list)
    first_header: list[Any] | None = Field(None, description="The first page's own header; [] for none.")
    footer: list[Any] = Field(default_factory=list)
    first_footer: list[Any] | None = Field(None, description="The first page's own footer; [] for none.")
    last_footer: list[Any] | None = Field(None, description="The last page's own footer, on paper.")
    even_header: list[Any] | None = Field(None, description="The header of pages 2, 4, 6; the others are odd.")
    even_footer: list[Any] | None = Field(None, description="The footer of pages 2, 4, 6; the others are odd.")


OTHER_FURNITURE = ("first_footer", "last_footer", "even_header", "even_footer")
"""Headers and footers of some pages. Left out, those pages have the usual ones."""
NUMBERING = {"zh-CN": "第 {{ page }} 页 / 共 {{ pages }} 页", "en": "Page {{ page }} of {{ pages }}"}
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


class AttachmentsDefinition(Part):
    """PDFs and pictures of the record that come behind the paper, when it is given out as PDF."""

    fields: list[str] = Field(min_length=1, description="Fields that hold files, such as files or contract.scan.")
    when: Expression | None = None
    numbering: Template = Field(
        default_factory=lambda: dict(NUMBERING), description="What stands below each appended page; numbers go on."
    )


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
    attachments: AttachmentsDefinition | None = None
    labels: str | LabelSheet | None = Field(
        None, description="The paper is a label: the sheet by its name, such as l7160, or its measures."
    )
    roll: RollDefinition | None = Field(None, description="The paper is a label on a roll, given out as zpl too.")
    page: PageDefinition = PageDefinition()
    theme: Theme = Theme()
    watermark: WatermarkDefinition | list[WatermarkDefinition] = Field(default_factory=list)
    body: list[Any] = Field(min_length=1)


@made_once
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
