"""The forms engine: forms become record types, views and the description the page draws from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from pydantic import BaseModel

from lowcode.forms.compile import compile_forms
from lowcode.forms.declare import record_type_of
from lowcode.forms.definition import FormBase, form_model
from lowcode.forms.operations import operations
from lowcode.forms.operations.designing import Designing
from lowcode.forms.operations.purging import timers as emptying
from lowcode.forms.operations.reading_ahead import Readers
from lowcode.forms.operations.retaining import timers
from lowcode.forms.operations.runs import expire_halted
from lowcode.forms.operations.submitting import expire
from lowcode.forms.operations.uploading import expire_uploads
from lowcode.forms.operations.with_others import prepare
from lowcode.forms.plan import FormsPlan
from lowcode.forms.tables import metadata
from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents, SourceDocument, parse
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.identity.rates import Rates
from lowcode.kernel.records.fields import FieldKind, setup
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope


class Forms:
    """The engine of the folder `forms`."""

    name = "forms"
    tables = metadata

    def __init__(self, kinds: Kinds | None = None, rates: Rates | None = None) -> None:
        self.rates = rates or Rates()
        self.readers = Readers()
        self.kinds: Registry[FieldKind] = Kinds.of(kinds, setup)["field"]
        self._model = form_model(self.kinds)
        self.documents: Mapping[str, type[BaseModel]] = {"form": self._model}

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make every form and its record type known."""
        for definition, source in self._parse(documents, report):
            scope.declare("form", definition.name, definition, source.place(), report)
            record_type = record_type_of(definition, source, self.kinds, report)
            scope.records.setdefault(definition.name, record_type)
            for _, rows in record_type.rows_below:
                scope.records.setdefault(rows.name, rows)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> FormsPlan:
        """Every form, its expressions and views."""
        known = scope.names("form")
        pairs = [(known[source.name], source) for source in documents.of("forms") if source.name in known]
        return compile_forms(pairs, scope, report)

    def _parse(self, documents: Documents, report: Report) -> Iterable[tuple[FormBase, SourceDocument]]:
        for source in documents.of("forms"):
            definition = parse(self._model, source, report)
            if definition is not None:
                yield definition, source

    def operations(self) -> Iterable[Operation]:
        """What can be asked of forms."""
        return (*operations(self.rates, self.readers), *Designing(self._model, self.kinds).all())

    def stages(self) -> Iterable[Stage]:
        """One: what went with a record comes back with it. Conditions are part of the write path."""
        return (Stage("forms.together", 500, prepare),)

    def handlers(self, plan: FormsPlan) -> Iterable[Handler | Timer]:
        """What visitors did not confirm or send in, the rows of imports that came to a halt, and what was kept long
        enough, is erased when its time is over, of public forms that are not there any more as well."""
        expiring = Timer("forms.expire", expire, every=timedelta(hours=1))
        uploaded = Timer("forms.expire_uploads", expire_uploads, every=timedelta(hours=1))
        halted = Timer("forms.expire_halted", expire_halted, every=timedelta(days=1))
        return (expiring, uploaded, halted, *timers(plan), *emptying(plan))

    def close(self) -> None:
        """End the processes that read workbooks."""
        self.readers.close()
