"""What the designer of ways to sign in asks: whom somebody of a directory would be here, and what would change if the
people here followed an organisation as it would be. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated, Any

from lowcode.api import ldap_people
from lowcode.api.advice import unreached
from lowcode.api.diagnostics import problem
from lowcode.api.ldap import LdapError
from lowcode.api.plan import OrganisationPlan
from lowcode.api.rehearsing import meant, said, told
from lowcode.api.trying import HELD, Examined
from lowcode.kernel import reasons
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Problem, Rejected, Report, localized

Previewed = Callable[[Context, OrganisationPlan], dict[str, Any]]
"""What would change by an organisation."""


class TryLdap(Parameters):
    """A directory as it would be, and the login of somebody in it."""

    document: dict[str, Any]
    login: str


class TryOrganisation(Parameters):
    """An organisation as it would be."""

    document: dict[str, Any]


def try_ldap(
    context: Context, params: TryLdap, examined: Examined
) -> Annotated[dict[str, Any], has(done=bool, error=object, person=dict | None)]:
    """Whom a login means in a directory, as it is and before it is published: `{"done", "error", "person", "meant"}`.
    No password is asked for but the reader's. A secret that the host has not said is for it is not used."""
    report, plan = examined(context, {**params.document, "enabled": True})
    locale = context.actor.locale
    directory = plan.directories.get(str(params.document.get("name")))
    found: dict[str, Any] = {"done": False, "error": None, "person": None, "meant": None}
    try:
        _allowed(report)
        if directory is None:
            raise Rejected(problem("not-understood"))
        person = ldap_people.sought(context, directory.document, params.login)
    except Rejected as refused:
        return {**found, "error": localized(reasons.of_refusal(refused), locale)}
    except LdapError as refused:
        return {**found, "error": localized(refused.reason, locale)}
    except OSError as error:
        return {**found, "error": localized(unreached(error), locale)}
    if person is None:
        return {**found, "done": True}
    return {**found, "done": True, "person": said(person), "meant": told(meant(context, directory, person), locale)}


def _allowed(report: Report) -> None:
    """Refuse what keeps a secret from being used by a document that is not published."""
    held = next((each for each in report if each.code in HELD), None)
    if held is not None:
        raise Rejected(Problem(held.code, {tag: " ".join(held.told(tag)) for tag in ("en", "zh-CN")}))


def try_organisation(
    context: Context, params: TryOrganisation, examined: Examined, previewed: Previewed
) -> Annotated[dict[str, Any], has(departments=list[dict], people=list[dict], conflicts=list, counts=dict)]:
    """What would change if the people here followed an organisation as it would be: as `api.plan_sync` says it. Raises
    Rejected with what is wrong with it, or why it cannot be read."""
    report, plan = examined(context, {**params.document, "enabled": True})
    if not report.ok:
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])
    organisation = plan.organisations.get(str(params.document.get("name")))
    if organisation is None:
        raise Rejected(problem("not-understood", "/document/connector"))
    return previewed(context, organisation)


def operations(examined: Examined, previewed: Previewed) -> Iterable[Operation]:
    """Every operation."""
    yield Operation(
        "api.try_ldap", partial(try_ldap, examined=examined), TryLdap, "administrator", False,
        {"en": "Whom a login means in a directory", "zh-CN": "测试 LDAP 目录"}, outside=True,
    )  # fmt: skip
    yield Operation(
        "api.try_organisation", partial(try_organisation, examined=examined, previewed=previewed),
        TryOrganisation, "administrator", False,
        {"en": "What would change by an organisation", "zh-CN": "预览未发布的组织同步"}, outside=True,
    )  # fmt: skip
