"""What was understood of a form's privacy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lowcode.kernel.records.fields.privacy import PrivacyDefinition
from lowcode.kernel.records.mentioned import ANONYMOUS as ANONYMOUS
from lowcode.kernel.records.plan import RecordType


@dataclass(frozen=True, slots=True)
class Retention:
    """One rule: which records (a filter over the form) lose which fields."""

    name: str
    where: str
    fields: tuple[str, ...]
    put_away: bool


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is personal in a form, and what becomes of it."""

    fields: Mapping[str, PrivacyDefinition]
    """By name; of rows as `items.phone`."""
    subject: str | None = None
    identify: tuple[str, ...] = ()
    retention: tuple[Retention, ...] = ()
    trash: int = 30

    def erased(self, names: tuple[str, ...] = ()) -> dict[str, PrivacyDefinition]:
        """The fields that erasing touches: all, or some."""
        return {
            name: each for name, each in self.fields.items() if each.erase != "keep" and (not names or name in names)
        }


def personal(record_type: RecordType) -> dict[str, PrivacyDefinition]:
    """The personal fields of a form and of its rows."""
    found = {}
    for field in record_type.fields.values():
        if field.options.privacy is not None:
            found[field.name] = field.options.privacy
        if field.rows is not None:
            found.update({f"{field.name}.{name}": each for name, each in personal(field.rows).items()})
    return found
