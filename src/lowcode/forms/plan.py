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
    resting: Mapping[str, Form] = field(default_factory=dict)
    """Those of parts that are switched off."""

    @property
    def known(self) -> Mapping[str, Form]:
        """All forms, whichever parts are on: for what concerns a person and not their work, as erasing does."""
        return {**self.forms, **self.resting}

    def without(self, paths: Collection[str]) -> FormsPlan:
        """The same without the forms of some documents: nobody is shown them, and nothing is done in them by itself."""
        resting = {name: each for name, each in self.known.items() if each.record_type.place.document in paths}
        return FormsPlan({name: each for name, each in self.known.items() if name not in resting}, resting)
