"""What was understood of the forms of an app."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lowcode.forms.definition import FormBase, ViewDefinition
from lowcode.forms.privacy.plan import Privacy
from lowcode.forms.public.plan import Public
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.plan import RecordType


@dataclass(frozen=True, slots=True)
class View:
    """A view with its filter compiled; `text`: its `where` and its `filter` as one expression."""

    definition: ViewDefinition
    where: Expression | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its document, the record type it declared, its views."""

    definition: FormBase
    record_type: RecordType
    views: Mapping[str, View]
    sections: Mapping[str, Expression] = field(default_factory=dict)
    public: Mapping[str, Public] = field(default_factory=dict)
    privacy: Privacy | None = None


@dataclass(frozen=True, slots=True)
class FormsPlan:
    """Every form by name."""

    forms: Mapping[str, Form]

    def without(self, paths: Collection[str]) -> FormsPlan:
        """The same without the forms of some documents: nobody is shown them, and nothing is done in them by itself."""
        return FormsPlan({
            name: each for name, each in self.forms.items() if each.record_type.place.document not in paths
        })  # fmt: skip
