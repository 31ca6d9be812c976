"""What a form document may say: `forms/<name>.json`."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal, Union

from pydantic import Field as Key
from pydantic import create_model

from lowcode.forms.cards.definition import BusinessCardDefinition
from lowcode.forms.privacy.definition import FormPrivacyDefinition
from lowcode.forms.public.definition import PublicDefinition
from lowcode.kernel.definitions import Document, Expression, Name, Part, Text
from lowcode.kernel.records.fields import FieldDefinition, FieldKind
from lowcode.kernel.records.filters import FilterGroup
from lowcode.kernel.registry import Registry

Reached = Literal["call", "mail", "map", "wechat", "qq", "whatsapp", "telegram"]
"""By what a record is reached: a call or a text message, a mail, a way to go, a messenger."""


class RelationDefinition(Part):
    """Records of another form that link here."""

    name: Name
    form: str
    by: str = Key(description="The link field of that form which names this record.")
    title: Text = ""
    timeline: bool = True


class UniqueDefinition(Part):
    """Values that may occur once."""

    fields: list[str] = Key(min_length=1)
    message: Text | None = None


class WithoutOverlapsDefinition(Part):
    """A range that no two records may share, as a machine is booked by one at a time."""

    range: str = Key(description="The date or datetime field it begins at; its `until` says where it ends.")
    per: list[str] = Key(
        default_factory=list,
        description="Fields: only ranges of records that have the same in all of them are held against one another.",
    )
    where: Expression | None = Key(None, description="Of which records, by fields of their own; left out: all.")
    message: Text | None = Key(None, description="Left out: with which record it overlaps, to whoever may read that.")


class CheckDefinition(Part):
    """Something that must hold of every record."""

    name: Name
    expression: Expression
    field: str | None = None
    message: Text


class DuplicateDefinition(Part):
    """How the same thing, entered twice, is recognised."""

    fields: list[str] = Key(min_length=1)
    match: Literal["exact", "similar", "sounds"] = Key(
        "exact",
        description="similar: written alike; sounds: spoken alike in Chinese (王磊, 王蕾), of a field with "
        '`"search": "pinyin"`.',
    )


class PermissionDefinition(Part):
    """What roles may do, on which rows, without which fields."""

    role: str | list[str]
    can: list[str]
    where: Expression | None = None
    hide: list[str] = Key(default_factory=list)
    read_only: list[str] = Key(default_factory=list)


class PlacedField(Part):
    """A field in a layout."""

    field: str
    span: int = Key(1, ge=1, le=4)


class DividerDefinition(Part):
    """A line across, with words or without."""

    divider: Text


class NoticeDefinition(Part):
    """Words for whoever fills the form in."""

    notice: Text
    kind: Literal["info", "success", "warning", "error"] = "info"


class ButtonDefinition(Part):
    """The button of a rule, among the fields of the record's page."""

    button: str = Key(description="The rule; it has a button on this form.")


class SectionDefinition(Part):
    """A group of fields under a heading."""

    name: Name | None = None
    section: Text | None = None
    help: Text | None = None
    columns: int = Key(2, ge=1, le=4)
    fields: list[str | PlacedField | DividerDefinition | NoticeDefinition | ButtonDefinition]
    collapsed: bool = False
    visible_when: Expression | None = None

    def named(self) -> list[str]:
        """The names of the fields that stand in it."""
        placed = [each for each in self.fields if isinstance(each, (str, PlacedField))]
        return [each if isinstance(each, str) else each.field for each in placed]


class TabDefinition(Part):
    """A page of sections."""

    tab: Text
    step: bool = Key(False, description="One step of filling in a new record: the next opens when this one is right.")
    sections: list[SectionDefinition]


class ColumnDefinition(Part):
    """A column of a list."""

    field: str
    title: Text | None = None
    width: int | None = Key(None, ge=40, le=1200)
    pin: Literal["left", "right"] | None = Key(None, description="Stays in sight while the others are scrolled.")


CalendarSpan = Literal["month", "week", "day"]
ViewType = Literal["grid", "kanban", "calendar", "timeline", "resource", "gallery", "tree", "map"]


class ViewDefinition(Part):
    """A way of looking at the records."""

    name: Name
    type: ViewType = "grid"
    title: Text = ""
    columns: list[str | ColumnDefinition] = Key(default_factory=list)
    where: Expression | None = None
    filter: FilterGroup | None = Key(None, description="Conditions in groups, as people put them together.")
    sort: list[str] = Key(default_factory=list, description="Fields, `-` before one for descending.")
    roles: list[str] | None = None
    default: bool | list[str] = Key(
        False, description="Whether one begins with it: everybody (true), or these roles, before what all others do."
    )
    group: str | None = Key(None, description="grid: the field whose equal values stand together under a heading.")
    by: str | None = Key(
        None,
        description="kanban: the select or state field of the columns; calendar, timeline, resource, map: what gives "
        "the colours, a field of choices, or a link, person or department, whose colour stays with the name.",
    )
    color: str | None = Key(
        None,
        description="kanban: what marks the cards with its colour, a field of choices, or a link, person or "
        "department; also one of a linked record, such as `account.grade`.",
    )
    card: list[str] = Key(
        default_factory=list, description="kanban, gallery, calendar, resource, map: the fields on a card."
    )
    starts: str | None = Key(
        None, description="calendar, timeline, resource: the date or datetime field a record begins at."
    )
    ends: str | None = Key(None, description="calendar, timeline, resource: the field of the same type it ends at.")
    shows: CalendarSpan | None = Key(
        None,
        description="calendar, resource: what it begins with. Left out, a calendar begins with a month, on a phone "
        "always with a day; a resource view begins with a week.",
    )
    resource: str | None = Key(
        None,
        description="resource: the field whose values are the rows, which records are dragged between: a member (or "
        "`owner`), department, link, select or state.",
    )
    capacity: float | None = Key(
        None,
        gt=0,
        description="resource: how much one row takes on one day; a day with more is marked. Counted in the field of "
        "`sum`, else in hours where records have times that end, else in records.",
    )
    image: str | None = Key(None, description="gallery: the image field of the pictures.")
    parent: str | None = Key(
        None, description="tree: the link of a record to the one it hangs under; else that of the form's `tree`."
    )
    sum: str | None = Key(
        None,
        description="kanban: the number added up per column; resource: per row and day, in equal parts for a record of "
        "several days.",
    )
    place: str | None = Key(None, description="map: the location field of the dots.")
    tiles: str | None = Key(
        None, pattern=r"^(https?:/)?/[^ ]*\{z\}[^ ]*$", description="map: the address of the ground, with {z} {x} {y}."
    )


class SavedLooks(Part):
    """What a view shows that a person made: as a view of the form; `base` is the one it was made from, whose condition
    holds too."""

    base: str | None = None
    type: ViewType = "grid"
    columns: list[str | ColumnDefinition] = Key(default_factory=list)
    filter: FilterGroup | None = None
    sort: list[str] = Key(default_factory=list)
    group: str | None = None
    by: str | None = None
    color: str | None = None
    card: list[str] = Key(default_factory=list)
    starts: str | None = None
    ends: str | None = None
    shows: CalendarSpan | None = None
    resource: str | None = None
    capacity: float | None = Key(None, gt=0)
    image: str | None = None
    parent: str | None = None
    sum: str | None = None
    place: str | None = None


class ReachDefinition(Part):
    """Where a record is reached at, by what."""

    field: str = Key(description="A field, a field of what it links to (`contact.mobile`), or of a relation.")
    by: Reached | None = Key(
        None, description="Left out: by what the type of the field says; a text says it, as with `wechat`."
    )


class DetailDefinition(Part):
    """The page of one record."""

    header: list[str] = Key(default_factory=list)
    related: list[str] | None = Key(None, description="Relations shown below the record; all of them when left out.")
    reach: list[str | ReachDefinition] | None = Key(
        None,
        description="Where it is reached at, offered on a phone at the thumb: to call, write to and go to. Fields, "
        "fields of what it links to (`contact.mobile`) or of a relation (`contacts.mobile`); left out: its own of type "
        "phone, email, address and location.",
    )
    add: list[str] = Key(
        default_factory=list,
        description="Relations of which a new record is one press away: what is written down often.",
    )
    timeline: bool = True
    presence: bool = Key(True, description="Whoever has it open sees who else has, and who is changing it.")
    recent: int = Key(
        3, ge=0, le=365, description="For so many days what a colleague did last is told above the record; 0: never."
    )


class OfflineDefinition(Part):
    """How the form is filled in where there is no network."""

    choices: int = Key(
        200, ge=0, le=1000, description="How many records of each linked form stay on the device to choose from."
    )
    conflicts: dict[str, Literal["mine", "theirs"]] = Key(
        default_factory=dict,
        description="Fields that are not asked about when somebody else changed them, and whose change counts.",
    )


class FormBase(Document):
    """A form: what a record has, how it looks, who may do what with it."""

    id: str | None = Key(None, description="The permanent identity: keep it when the name changes.")
    was: str | None = None
    plural: Text | None = Key(None, description="What many of its records are called, where that is another word.")
    icon: str | None = None
    label: Expression | None = Key(None, description="What a record is called: a field, or an expression.")
    help: Text | None = None
    tree: str | None = Key(
        None, description="The link of a record to the one of this form that it hangs under: its records form a tree."
    )
    fields: list[FieldDefinition]
    relations: list[RelationDefinition] = Key(default_factory=list)
    unique: list[UniqueDefinition] = Key(default_factory=list)
    without_overlaps: list[WithoutOverlapsDefinition] = Key(
        default_factory=list, description="Ranges of which two may not overlap: bookings, shifts, periods of a price."
    )
    checks: list[CheckDefinition] = Key(default_factory=list)
    duplicates: list[DuplicateDefinition] = Key(default_factory=list)
    permissions: list[PermissionDefinition] = Key(default_factory=list)
    layout: list[SectionDefinition | TabDefinition] = Key(default_factory=list)
    views: list[ViewDefinition] = Key(default_factory=list)
    detail: DetailDefinition = Key(default_factory=DetailDefinition)
    privacy: FormPrivacyDefinition | None = Key(None, description="Whom its records are about.")
    keep_deleted_days: int | None = Key(
        None, ge=1, description="Days after which what was deleted goes for good; left out, it stays in the bin."
    )
    offline: bool | OfflineDefinition = Key(
        False, description="Filled in without a network, too: what is entered waits on the device and is sent later."
    )
    public: list[PublicDefinition] = Key(default_factory=list, description="The form as anybody may fill it in.")
    business_card: BusinessCardDefinition | None = Key(
        None, description="What a photo of a business card fills in; needs the extra `cards` on the server."
    )


class LinesBase(FieldDefinition):
    """Rows inside a record: a table, or one card under the other."""

    widget: Literal["table", "cards"] = "table"
    min: int = Key(0, ge=0)
    max: int | None = Key(None, ge=1)
    unique_rows: list[UniqueDefinition] = Key(
        default_factory=list,
        description="Columns of which no two rows of a record may have the same together; one alone says `unique`.",
    )


def offline_of(form: FormBase) -> OfflineDefinition | None:
    """What a form says of being filled in without a network; None when it is not."""
    if isinstance(form.offline, OfflineDefinition):
        return form.offline
    return OfflineDefinition() if form.offline else None


def form_model(kinds: Registry[FieldKind]) -> type[FormBase]:
    """The model of a form document over the field types a host knows; lines hold every type, and lines once more."""
    return _form_model(tuple(kind.options for kind in kinds))


@lru_cache(maxsize=8)
def _form_model(simple: tuple[type[FieldDefinition], ...]) -> type[FormBase]:
    """Made once for all hosts that know the same: it says nothing of the host."""
    inner = _lines("InnerLinesDefinition", simple)
    lines = _lines("LinesDefinition", (*simple, inner))
    every: Any = _one_of((*simple, lines))
    return create_model("FormDefinition", __base__=FormBase, __doc__=FormBase.__doc__, fields=(list[every], ...))


def _lines(name: str, kinds: tuple[type[FieldDefinition], ...]) -> type[FieldDefinition]:
    """Lines whose columns are of these types."""
    extra: Any = {"type": (Literal["lines"], ...), "fields": (list[_one_of(kinds)], ...)}  # type: ignore[misc]
    made: type[FieldDefinition] = create_model(name, __base__=LinesBase, __doc__=LinesBase.__doc__, **extra)
    return made


def _one_of(kinds: tuple[type[FieldDefinition], ...]) -> Any:
    return Annotated[Union[kinds], Key(discriminator="type")]  # noqa: UP007
