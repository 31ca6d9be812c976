"""The field types. One file each; `setup` adds them to the kinds of a host, as a plug-in adds its own."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.records.fields.address import Address
from lowcode.kernel.records.fields.attachment import Attachment
from lowcode.kernel.records.fields.barcode import Barcode
from lowcode.kernel.records.fields.boolean import Boolean
from lowcode.kernel.records.fields.cascade import Cascade
from lowcode.kernel.records.fields.color import Color
from lowcode.kernel.records.fields.completeness import Completeness
from lowcode.kernel.records.fields.currency import Currency
from lowcode.kernel.records.fields.day import Date
from lowcode.kernel.records.fields.department import DepartmentField
from lowcode.kernel.records.fields.departments import Departments
from lowcode.kernel.records.fields.duration import Duration
from lowcode.kernel.records.fields.email import Email
from lowcode.kernel.records.fields.formula import Formula
from lowcode.kernel.records.fields.icon import Icon
from lowcode.kernel.records.fields.id_card import IdCard
from lowcode.kernel.records.fields.image import Image
from lowcode.kernel.records.fields.instant import DateTime
from lowcode.kernel.records.fields.integer import Integer
from lowcode.kernel.records.fields.json_value import JsonField
from lowcode.kernel.records.fields.kind import FieldDefinition, FieldKind, Invalid
from lowcode.kernel.records.fields.link import Link
from lowcode.kernel.records.fields.link_any import LinkAny
from lowcode.kernel.records.fields.links import Links
from lowcode.kernel.records.fields.location import Location
from lowcode.kernel.records.fields.long_text import LongText
from lowcode.kernel.records.fields.member import Member
from lowcode.kernel.records.fields.members import Members
from lowcode.kernel.records.fields.money import Money
from lowcode.kernel.records.fields.multi_select import MultiSelect
from lowcode.kernel.records.fields.number import Number
from lowcode.kernel.records.fields.password import Password
from lowcode.kernel.records.fields.percent import Percent
from lowcode.kernel.records.fields.phone import Phone
from lowcode.kernel.records.fields.rating import Rating
from lowcode.kernel.records.fields.region import Region
from lowcode.kernel.records.fields.rich_text import RichText
from lowcode.kernel.records.fields.role import RoleField
from lowcode.kernel.records.fields.rollup import Rollup
from lowcode.kernel.records.fields.secret import Secret
from lowcode.kernel.records.fields.select import Select
from lowcode.kernel.records.fields.serial import Serial
from lowcode.kernel.records.fields.stage import Ageing, Gate, Gates
from lowcode.kernel.records.fields.state import State, StateField, StateFieldDefinition, Transition
from lowcode.kernel.records.fields.tags import Tags
from lowcode.kernel.records.fields.text import TextField
from lowcode.kernel.records.fields.time_of_day import Time
from lowcode.kernel.records.fields.url import Url
from lowcode.kernel.registry import Kinds, Registry, tagged

__all__ = [
    "Ageing",
    "FieldDefinition",
    "FieldKind",
    "Gate",
    "Gates",
    "Invalid",
    "State",
    "StateFieldDefinition",
    "Transition",
    "built_in",
    "setup",
]

KINDS: tuple[type[Any], ...] = (
    TextField, LongText, RichText, Email, Phone, Url, Region, Number, Integer, Money, Percent, Rating, Date, DateTime,
    Time, Boolean, Select, MultiSelect, Tags, StateField,
    Cascade, Currency, Duration, Color, Icon, IdCard, Address, Location, Barcode, Password, Secret,
    Link, LinkAny, Links, Member, Members, DepartmentField, Departments, RoleField,
    Serial, Formula, Rollup, Completeness, Attachment, Image, JsonField,
)  # fmt: skip


def setup(kinds: Kinds) -> None:
    """Open the extension point `field` and add the built-in field types."""
    kinds.open("field", "field type", ("options", "type", "column", "coerce", "show"), tagged("options"))
    kinds.add("field", *(kind() for kind in KINDS))


def built_in() -> Registry[FieldKind]:
    """A registry with every built-in field type."""
    return Kinds.of(None, setup)["field"]
