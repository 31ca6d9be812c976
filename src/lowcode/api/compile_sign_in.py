"""Which ways to sign in there are, and which organisations are followed: what is wrong with one goes to the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lowcode.api import ldap
from lowcode.api.connectors.kind import secrets_of
from lowcode.api.connectors.organisation import people_of
from lowcode.api.definition_ldap import LdapDocument
from lowcode.api.definition_organisation import OrganisationDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.plan import Directory, OrganisationPlan, SignIn, Target
from lowcode.api.sign_in.kind import PeopleDocument, SignInDocument, SignInKind
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
    _check_roles(document.people, source, scope, report)
    connector: str | None = getattr(document, "connector", None)
    if connector is not None:
        found = scope.find("connector", connector, source.place("/connector"), report)
        needed = getattr(kind, "connector", None)
        if found is not None and needed is not None and found.data.get("type") != needed:
            values = {"name": connector, "seen": found.data.get("type"), "needed": needed, "kind": kind.name}
            report.add(MESSAGES.diagnostic("wrong-connector", source.place("/connector"), **values))
    return SignIn(document.name, document.title or document.name, kind, document, connector)


def directory_of(document: LdapDocument, source: SourceDocument, scope: Scope, report: Report) -> Directory:
    """One LDAP directory."""
    if not ldap.possible():
        values = {"seen": "ldap", "extra": "ldap"}
        report.add(MESSAGES.diagnostic("lacks-extra", source.place("/type"), **values))
    else:
        filters = {"/where": document.where, **({"/groups/where": document.groups.where} if document.groups else {})}
        for pointer, where in filters.items():
            try:
                ldap.parsed(where)
            except ValueError as error:
                values = {"seen": where, "reason": str(error)}
                report.add(MESSAGES.diagnostic("bad-filter", source.place(pointer), **values))
    _check_roles(document.people, source, scope, report)
    return Directory(document.name, document.title or document.name, document, secrets_of(document))


def organisation_of(
    document: OrganisationDocument, source: SourceDocument, scope: Scope, report: Report,
    targets: Mapping[str, Target], directories: Mapping[str, Directory],
) -> OrganisationPlan | None:  # fmt: skip
    """One organisation; None where what is behind it is not there, is switched off, or has no people."""
    _check_roles(document.people, source, scope, report)
    name, title, every = document.name, document.title or document.name, timedelta(minutes=document.every)
    directory = directories.get(document.connector)
    if directory is not None:
        return OrganisationPlan(name, title, directory.name, "ldap", every, document, directory.secrets)
    if scope.find("connector", document.connector, source.place("/connector"), report) is None:
        return None
    target = targets.get(document.connector)
    if target is None:
        return None
    if target.kind is None or people_of(target.kind) is None:
        values = {"name": document.connector, "seen": target.kind.name if target.kind is not None else "webhook"}
        report.add(MESSAGES.diagnostic("no-people", source.place("/connector"), **values))
        return None
    return OrganisationPlan(
        name, title, document.connector, target.kind.name, every, document, secrets_of(target.document)
    )  # fmt: skip


def _check_roles(people: PeopleDocument, source: SourceDocument, scope: Scope, report: Report) -> None:
    if people.create is not None:
        for index, role in enumerate(people.create.roles):
            scope.find("role", role, source.place(f"/people/create/roles/{index}"), report)
    if people.roles is not None:
        for value, roles in people.roles.values.items():
            for index, role in enumerate(roles):
                scope.find("role", role, source.place(f"/people/roles/values/{escape(value)}/{index}"), report)
