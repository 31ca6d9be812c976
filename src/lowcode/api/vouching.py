"""Login and password that another service knows: asked when those kept here do not fit."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import Field as Key

from lowcode.api import ldap_people
from lowcode.api.diagnostics import problem
from lowcode.api.plan import Directory, plan_of
from lowcode.api.recognising import recognise
from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Rejected, Unauthenticated
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import Unit

log = logging.getLogger("lowcode.api")


class Vouch(Parameters):
    """What somebody typed."""

    login: str = Key(max_length=200)
    password: str = Key(max_length=1000)


def vouch(context: Context, params: Vouch) -> dict[str, Any] | None:
    """Whom the directories of the app mean by a login and password: `{"user", "method", "proven"}`; None when nobody,
    `{"refused": problem}` where the password is right and somebody has to do something about it. Raises Unauthenticated
    where a directory cannot be asked."""
    for directory in plan_of(context).directories.values():
        found = _of(context, directory, params) if directory.document.sign_in else None
        if found is not None:
            return found
    return None


def _of(context: Context, directory: Directory, params: Vouch) -> dict[str, Any] | None:
    document = directory.document
    if not all(context.host.secret(name) for name in directory.secrets):
        return None
    try:
        person = ldap_people.whom(context, document, params.login, params.password)
    except (OSError, Rejected) as error:
        log.warning("the directory '%s' cannot be asked: %s", directory.name, error)
        raise Unauthenticated(problem("directory-away", "", name=directory.name)) from None
    if person is None:
        return None

    def work(unit: Unit) -> int:
        return recognise(context.host.context(unit, APP, now=context.now()), directory, person)

    try:
        user: int = context.host.write(work)
    except NotSignedIn as refused:
        log.warning("nobody was signed in by '%s' (%s): %s", directory.name, refused.reason, refused)
        return {"refused": problem(f"not-meant-{refused.reason}")}
    return {"user": user, "method": directory.name, "proven": document.second_factor == "theirs"}
