"""Versions of an app as they are understood: compiled once, also where one is looked at before it is published."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from lowcode.app import App, compile_app
from lowcode.kernel.contract import Engine, Operation
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import DefinitionError, Report
from lowcode.kernel.registry import Kinds
from lowcode.kernel.storage.crypto import SECRET, Keyring
from lowcode.kernel.storage.sealed import sealed_columns

KEPT = 2
"""So many versions are kept: the one in use, and the one that was looked at last."""


class Compiled:
    """The versions that one host understood."""

    def __init__(
        self, engines: Sequence[Engine], operations: Sequence[Operation], prefix: str, kinds: Kinds,
        secret: Callable[[str], str | None],
    ) -> None:  # fmt: skip
        self._with = engines, operations, prefix, kinds
        self._secret = secret
        self._known: OrderedDict[str, App] = OrderedDict()

    def of(self, documents: Documents) -> App:
        """What documents mean. Raises DefinitionError.

        What was looked at is still there when it is published, and what was in use before when it comes back."""
        app = self._known.pop(documents.digest, None) if documents.report.ok else None
        if app is None:
            engines, operations, prefix, kinds = self._with
            report = Report()
            app = compile_app(documents, engines, operations, prefix=prefix, report=report, kinds=kinds)
            if app is None:
                raise DefinitionError(report)
        self._known[documents.digest] = app
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._held(app)

    def _held(self, app: App) -> App:
        """The app with the keys of its sealed columns at hand."""
        sealed = sealed_columns(app.metadata)
        if sealed:
            keys = Keyring.parse(self._secret(SECRET) or "")
            for each in sealed:
                each.hold(keys)
        return app
