"""What was understood of a template: its sheet, its blocks ready to be drawn, and what they must be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.records.facts import Needs
from lowcode.printing.blocks.files import ByLanguage
from lowcode.printing.blocks.kind import Drawable
from lowcode.printing.blocks.values import Condition, Value, Wanted, Words


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet in millimetres."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True, slots=True)
class Background:
    """A form that lies under the pages."""

    nodes: ByLanguage[Mapping[str, Any]]
    printed: bool


@dataclass(frozen=True, slots=True)
class Attachments:
    """Files of the record that come behind the paper."""

    fields: tuple[Value, ...]
    when: Condition | None
    numbering: Words


@dataclass(frozen=True, slots=True)
class Labels:
    """Where labels stand on a sheet, in millimetres."""

    sheet: Page
    columns: int
    rows: int
    left: float
    top: float
    across: float
    down: float

    @property
    def count(self) -> int:
        """How many a sheet has."""
        return self.columns * self.rows


@dataclass(frozen=True, slots=True)
class Roll:
    """How a label printer is spoken to."""

    dots: int
    letters: str
    font: str


@dataclass(frozen=True, slots=True)
class Watermark:
    """Words across each page while a condition holds."""

    words: Words
    when: Condition | None
    size: float
    color: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter a paper goes out with."""

    to: Words
    name: Words
    subject: Words
    text: Words
    attach: tuple[str, ...]
    body: bool


@dataclass(frozen=True, slots=True)
class TemplatePlan:
    """One template, understood."""

    name: str
    title: Text
    form: str
    digest: str
    document: Any
    """What was written: kept with the first print of each version."""
    files: Mapping[str, bytes]
    """The pictures and papers of the app that it uses: kept with the version too."""
    languages: tuple[str, ...]
    currency: str
    page: Page
    theme: Mapping[str, Any]
    when: Condition | None
    message: Text
    file_name: Words
    reprint: Words
    author: Words
    header: tuple[Drawable, ...]
    first_header: tuple[Drawable, ...] | None
    footer: tuple[Drawable, ...]
    furniture: Mapping[str, tuple[Drawable, ...]]
    """What stands on some pages instead: `first_footer`, `last_footer`, `even_header`, `even_footer`."""
    watermark: tuple[Watermark, ...]
    body: tuple[Drawable, ...]
    needs: Needs
    roles: frozenset[str]
    outputs: tuple[str, ...]
    mail: Letter | None = None
    ties: Mapping[str, str] = field(default_factory=dict)
    """Of rows of rows (`groups.items`): which of their fields names the row they belong to."""
    background: Background | None = None
    attachments: Attachments | None = None
    labels: Labels | None = None
    roll: Roll | None = None
    pictures: tuple[Wanted, ...] = ()
    """Pictures of reports that its papers show."""
    photos: frozenset[tuple[str, str]] = frozenset()
    """Fields whose pictures its papers show: the rows they stand in, and their path there."""
    links: frozenset[tuple[str, str]] = frozenset()
    """What it shows that names records of several forms: the rows it stands in, and its path there."""


@dataclass(frozen=True, slots=True)
class PrintingPlan:
    """Every template of an app, by name, and by the form it prints."""

    templates: Mapping[str, TemplatePlan] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    """Those that were uploaded."""
    understand: Callable[[Any, Mapping[str, bytes], Any, Any], TemplatePlan | None] | None = field(
        default=None, compare=False, repr=False
    )
    """Understands an uploaded template: document, files, scope and report to its plan."""
    by_form: Mapping[str, tuple[TemplatePlan, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_form: dict[str, tuple[TemplatePlan, ...]] = {}
        for _, template in sorted(self.templates.items()):
            by_form[template.form] = (*by_form.get(template.form, ()), template)
        object.__setattr__(self, "by_form", by_form)

    def of_form(self, form: str) -> tuple[TemplatePlan, ...]:
        """The templates of a form, in the order of their names: every page of a record asks."""
        return self.by_form.get(form, ())
