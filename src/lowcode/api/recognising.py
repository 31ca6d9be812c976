"""Which person of the directory somebody is whom another service vouches for.

The account decides, and it never changes hands. Somebody who comes for the first time is found by an address or number
that the service has verified, or is made where the document says so. A login name decides nothing, because whoever may
choose one at the service could choose somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import sqlalchemy as sa

from lowcode.api.channels import remember
from lowcode.api.sign_in.kind import DepartmentDocument, NotSignedIn, PeopleDocument, Person
from lowcode.api.sign_in.words import chinese
from lowcode.api.tables import account as account_table
from lowcode.kernel import reasons
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected, Text, localized
from lowcode.kernel.reasons import both
from lowcode.kernel.storage import tables as t

LOGIN_LENGTH = 100

OF_ACCOUNT = sa.select(account_table.c.user).where(
    account_table.c.connector == sa.bindparam("of_connector"), account_table.c.account == sa.bindparam("of_account")
)
OF_USER = sa.select(account_table.c.account).where(
    account_table.c.connector == sa.bindparam("of_connector"), account_table.c.user == sa.bindparam("of_user")
)
BY_ID = sa.select(t.user).where(t.user.c.id == sa.bindparam("user_id"))
BY_LOGIN = sa.select(t.user.c.id).where(sa.func.lower(t.user.c.login) == sa.bindparam("of_login"))
BY_EMAIL = sa.select(t.user).where(sa.func.lower(t.user.c.email) == sa.bindparam("sought")).order_by(t.user.c.id)
WITH_PHONE = sa.select(t.user).where(t.user.c.phone.is_not(None)).order_by(t.user.c.id)
ROLES = sa.select(t.membership.c.role).where(t.membership.c.user == sa.bindparam("user_id"))


class Method(Protocol):
    """By what somebody comes: its document says of `people` whom they are, `accounts` where theirs are kept."""

    @property
    def document(self) -> Any:
        """What an author wrote."""
        ...

    @property
    def accounts(self) -> str:
        """Under which name accounts are kept."""
        ...


def recognise(context: Context, method: Method, person: Person) -> int:
    """The person's number in the directory; linked, made and given roles as the document says. Raises NotSignedIn.

    The context acts as the app: the directory is kept by its own operations."""
    people: PeopleDocument = method.document.people
    known = context.unit.one(OF_ACCOUNT, of_connector=method.accounts, of_account=person.account)
    user: Mapping[str, Any] | None = context.unit.one(BY_ID, user_id=known["user"]) if known is not None else None
    if user is None:
        user = _found(context, method, people, person)
    if user is None:
        user = _made(context, people, person)
    if not user["active"]:
        raise NotSignedIn("inactive", both(f"'{user['login']}' is no longer active", f"“{user['login']}”已停用"))
    if known is None:
        remember(context, method.accounts, person.account, user["id"])
    _keep(context, people, person, user)
    return int(user["id"])


def _found(context: Context, method: Method, people: PeopleDocument, person: Person) -> Mapping[str, Any] | None:
    """Whom a verified address or number belongs to; None when to nobody."""
    if people.find == "nothing":
        return None
    sought = person.email.strip().casefold() if people.find == "email" else digits(person.phone)
    if not sought or people.find not in person.verified:
        if people.create is None or people.domains:
            raise NotSignedIn(
                "unknown",
                both(
                    f"the account '{person.account}' brings no verified {people.find}",
                    f"账号“{person.account}”没有已验证的{chinese(people.find)}",
                ),
            )
        return None
    if people.domains and sought.rpartition("@")[2] not in {each.casefold() for each in people.domains}:
        raise NotSignedIn(
            "unknown", both(f"'{person.email}' belongs to none of the domains", f"“{person.email}”不属于任何允许的域名")
        )
    if people.find == "email":
        rows = context.unit.fetch(BY_EMAIL, sought=sought)
    else:
        rows = [row for row in context.unit.fetch(WITH_PHONE) if digits(row["phone"]) == sought]
    if len(rows) > 1:
        raise NotSignedIn(
            "ambiguous",
            both(
                f"several people have the {people.find} of '{person.account}'",
                f"有多人的{chinese(people.find)}与“{person.account}”的相同",
            ),
        )
    if rows:
        others = context.unit.fetch(OF_USER, of_connector=method.accounts, of_user=rows[0]["id"])
        if others:
            login = rows[0]["login"]
            raise NotSignedIn(
                "taken",
                both(
                    f"'{login}' signs in with another account; link the new one by api.link_account",
                    f"“{login}”已绑定其他账号；请用 api.link_account 绑定新账号",
                ),
            )
    return rows[0] if rows else None


def _made(context: Context, people: PeopleDocument, person: Person) -> Mapping[str, Any]:
    """Somebody new. What the service has not verified is not written down as their address."""
    if people.create is None:
        raise NotSignedIn(
            "unknown",
            both(
                f"nobody of the directory is meant by the account '{person.account}'",
                f"通讯录中没有与账号“{person.account}”对应的人员",
            ),
        )
    vouched = {sort for sort in ("email", "phone") if sort in person.verified and getattr(person, sort)}
    email = person.email.strip() if "email" in vouched else None
    login = (person.login or email or person.account.rpartition(" ")[2]).strip()[:LOGIN_LENGTH]
    if context.unit.one(BY_LOGIN, of_login=login.casefold()) is not None:
        raise NotSignedIn(
            "taken", both(f"there is somebody else with the login '{login}'", f"登录名“{login}”已被他人使用")
        )
    values = {"name": person.name.strip()[:200] or login, "roles": tuple(people.create.roles)}
    if people.create.department is not None:
        values["department"] = people.create.department
    phone = person.phone if "phone" in vouched else None
    try:
        identity = context.ask("identity.save_person", login=login, email=email, phone=phone, **values)
    except Rejected as refused:
        raise NotSignedIn("setup", _why(f"'{login}' cannot be made", f"无法创建“{login}”", refused)) from None
    made = context.unit.one(BY_ID, user_id=identity)
    assert made is not None
    return made


def _keep(context: Context, people: PeopleDocument, person: Person, user: Mapping[str, Any]) -> None:
    """Roles and department by what the service says today."""
    values: dict[str, Any] = {}
    if people.roles is not None:
        managed = {role for roles in people.roles.values.values() for role in roles}
        given = {role for each in said(person.values, people.roles.claim) for role in people.roles.values.get(each, ())}
        has = {row["role"] for row in context.unit.fetch(ROLES, user_id=user["id"])}
        wanted = (has - managed) | given
        if wanted != has:
            values["roles"] = tuple(sorted(wanted))
    department = _department(people.department, person)
    if department is not None:
        values["department"] = department
    if values:
        try:
            context.ask("identity.save_person", login=user["login"], **values)
        except Rejected as refused:
            login, names = user["login"], ", ".join(sorted(values))
            english, in_chinese = f"'{login}' cannot be given {names}", f"无法为“{login}”设置 {names}"
            raise NotSignedIn("setup", _why(english, in_chinese, refused)) from None


def _why(english: str, in_chinese: str, refused: Rejected) -> Text:
    """What could not be done, and what was said against it."""
    said_against = reasons.of_refusal(refused)
    return both(f"{english}: {localized(said_against, 'en')}", f"{in_chinese}：{localized(said_against, 'zh-CN')}")


def _department(document: DepartmentDocument | None, person: Person) -> str | None:
    if document is None:
        return None
    return next(
        (document.values[each] for each in said(person.values, document.claim) if each in document.values), None
    )


def said(values: Mapping[str, Any], claim: str) -> list[str]:
    """The texts of a claim."""
    found = values.get(claim)
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str)]


def digits(phone: str | None) -> str:
    """A number as it is compared: digits only, without the country code of China."""
    found = "".join(each for each in phone or "" if each.isdecimal())
    return found[-11:] if len(found) == 13 and found.startswith("861") else found
