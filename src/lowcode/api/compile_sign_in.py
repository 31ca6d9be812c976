"""Which ways to sign in there are: what is wrong with one goes to the report."""

from __future__ import annotations

from lowcode.api.diagnostics import MESSAGES
from lowcode.api.plan import SignIn
from lowcode.api.sign_in.kind import SignInDocument, SignInKind
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.scope import Scope


def sign_in_of(
    document: SignInDocument, kind: SignInKind, source: SourceDocument, scope: Scope, report: Report
) -> SignIn:
    """One way to sign in."""
    lacks = getattr(kind, "lacks", None)
    extra = lacks() if lacks is not None else None
    if extra is not None:
        report.add(MESSAGES.diagnostic("lacks-extra", source.place("/type"), seen=kind.name, extra=extra))
    _check_roles(document, source, scope, report)
    connector: str | None = getattr(document, "connector", None)
    if connector is not None:
        scope.find("connector", connector, source.place("/connector"), report)
    return SignIn(document.name, document.title or document.name, kind, document, connector)


def _check_roles(document: SignInDocument, source: SourceDocument, scope: Scope, report: Report) -> None:
    people = document.people
    if people.create is not None:
        for index, role in enumerate(people.create.roles):
            scope.find("role", role, source.place(f"/people/create/roles/{index}"), report)
    if people.roles is not None:
        for value, roles in people.roles.values.items():
            for index, role in enumerate(roles):
                scope.find("role", role, source.place(f"/people/roles/values/{escape(value)}/{index}"), report)
