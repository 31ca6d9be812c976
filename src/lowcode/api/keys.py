"""Keys of programs: made once, shown once, kept as a hash; each acts as a person, within its scopes.

Scopes: `*` (whatever the person may), an operation (`flows.decide`) or an engine (`flows`), `form:lead`,
`form:lead:read`, `form:*:read`, `intake`, `intake:website_leads`, `endpoint`,
`endpoint:receivables`. `rows` and `fields` narrow it further (`narrowing`).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import narrowing
from lowcode.api.diagnostics import problem
from lowcode.api.plan import plan_of
from lowcode.api.tables import key as key_table
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, Unauthenticated, localized, nearest
from lowcode.kernel.identity.rates import Rates, network
from lowcode.kernel.identity.tokens import digest, fresh

VERBS = ("create", "read", "edit", "delete", "export", "import")
NOTED = timedelta(minutes=1)
"""How often the last use of a key is written down."""

BY_PREFIX = sa.select(key_table).where(key_table.c.prefix == sa.bindparam("of_prefix"))
BY_ID = sa.select(key_table).where(key_table.c.id == sa.bindparam("key_id"))
ALL = sa.select(*(column for column in key_table.c if column.name != "digest")).order_by(key_table.c.id)
REVOKE = (
    sa.update(key_table)
    .where(key_table.c.id == sa.bindparam("key_id"), key_table.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("at", type_=key_table.c.revoked_at.type))
)
USED = (
    sa.update(key_table)
    .where(key_table.c.id == sa.bindparam("key_id"))
    .values(
        last_used_at=sa.bindparam("at", type_=key_table.c.last_used_at.type), last_address=sa.bindparam("from_address")
    )
)


class CreateKey(Parameters):
    """A new key: what it is for, whom it acts as, what it may, how long and how often."""

    name: str = Key(min_length=1, max_length=100)
    scopes: tuple[str, ...] = Key(min_length=1)
    user: str | None = None
    expires_at: datetime | None = None
    rate: int = Key(600, ge=1, le=1_000_000, description="Requests a minute.")
    rows: dict[str, str] = Key(
        default_factory=dict,
        description='The records it works on, by form: `{"lead": "grade = \\"A\\""}`, beside what its person may.',
    )
    fields: dict[str, tuple[str, ...]] = Key(
        default_factory=dict,
        description='The fields it reads and sets, by form: `{"lead": ["company", "grade"]}`; a column of rows is '
        "`items.price`. What every record has (number, version, owner, dates) is read in any case; "
        "`owner` is set when it is named.",
    )


class OneKey(Parameters):
    """A key of the list."""

    id: int


class Presented(Parameters):
    """A key as a program shows it."""

    key: str = Key(max_length=500)
    address: str = ""
    again: bool = Key(False, description="Whether it was shown before, and nothing new is asked with it.")


class Use(Parameters):
    """A use of a key to be written down."""

    id: int
    address: str = ""


def create_key(
    context: Context, params: CreateKey
) -> Annotated[dict[str, Any], has(id=int, prefix=str, key=str, user=str, scopes=list[str], rows=dict, fields=dict)]:
    """Make a key. The answer is the only place where it can be read."""
    _by_person(context)
    login = params.user or context.actor.login
    if login != context.actor.login and not context.actor.is_administrator:
        raise Forbidden(problem("not-yours", "/user"))
    user = context.host.directory(context.unit).by_login.get(login)
    if user is None or not user.active:
        raise Rejected(problem("no-person", "/user", login=login))
    _check_scopes(context, params.scopes)
    narrowing.check(context, user.id, params.rows, params.fields)
    prefix = f"lc_{secrets.token_hex(6)}"
    text = f"{prefix}_{fresh()}"
    identity = context.unit.insert(
        key_table,
        prefix=prefix,
        digest=digest(text),
        name=params.name,
        user=user.id,
        scopes=list(params.scopes),
        rows=params.rows or None,
        fields={form: list(names) for form, names in params.fields.items()} or None,
        rate=params.rate,
        created_at=context.now(),
        created_by=context.actor.id,
        expires_at=params.expires_at,
    )
    return {
        "id": identity, "prefix": prefix, "key": text, "user": login, "scopes": list(params.scopes),
        "rows": params.rows, "fields": params.fields,
    }  # fmt: skip


def _by_person(context: Context) -> None:
    if context.actor.key:
        raise Forbidden(problem("keys-by-key"))


def _check_scopes(context: Context, scopes: tuple[str, ...]) -> None:
    known = set(known_scopes(context))
    wrong = [(index, each) for index, each in enumerate(scopes) if each not in known]
    if wrong:
        raise Rejected(
            [
                problem("unknown-scope", f"/scopes/{index}", scope=each, near=nearest(each, known) or "")
                for index, each in wrong
            ]
        )


def known_scopes(context: Context) -> list[str]:
    """Every scope a key of this app can have."""
    operations = [name for name, each in context.app.operations.items() if each.access not in ("internal", "anyone")]
    forms = ["*", *(name for name, each in context.app.types.items() if each.parent is None)]
    return [
        "*",
        *operations,
        *sorted({name.partition(".")[0] for name in operations}),
        "files",
        *(f"form:{form}" for form in forms),
        *(f"form:{form}:{verb}" for form in forms for verb in VERBS),
        "intake",
        *(f"intake:{name}" for name in plan_of(context).intakes),
        "endpoint",
        *(f"endpoint:{name}" for name, each in plan_of(context).endpoints.items() if each.key),
    ]


def scopes(context: Context, _: Nothing) -> Items:
    """What a key can be given beside forms, with a title where there is one; what only administrators may ask, for
    them alone."""
    found = []
    for scope in known_scopes(context):
        operation = context.app.operations.get(scope)
        if scope == "*" or scope.startswith("form:"):
            continue
        if operation is not None and operation.access == "administrator" and not context.actor.is_administrator:
            continue
        kind, door_name = (*scope.split(":", 1), "")[:2]
        plan = plan_of(context)
        door = (plan.intakes if kind == "intake" else plan.endpoints if kind == "endpoint" else {}).get(door_name)
        title = operation.summary if operation is not None else door.title if door is not None else ""
        found.append({"scope": scope, "title": localized(title, context.actor.locale)})
    return {"items": found}


def list_keys(context: Context, _: Nothing) -> Items:
    """One's keys; an administrator sees all."""
    rows = context.unit.fetch(ALL)
    return {"items": [row for row in rows if context.actor.is_administrator or row["user"] == context.actor.id]}


def revoke_key(context: Context, params: OneKey) -> None:
    """End a key at once."""
    _by_person(context)
    row = context.unit.one(BY_ID, key_id=params.id)
    if row is None or not (context.actor.is_administrator or row["user"] == context.actor.id):
        raise NotFound(problem("no-row", id=params.id))
    context.unit.run(REVOKE, key_id=params.id, at=context.now())


def recognise(context: Context, params: Presented, rates: Rates) -> dict[str, Any]:
    """Whose key it is: `{"actor", "id", "note"}`. Raises Unauthenticated or TooManyRequests.

    `note` says that the use should be written down (`api.key_used`): not at every request, so that a read stays a read.
    """
    prefix = "_".join(params.key.split("_")[:2])
    row = context.unit.one(BY_PREFIX, of_prefix=prefix)
    now = context.now()
    if row is None or not hmac.compare_digest(row["digest"], digest(params.key)) or not _valid(row, now):
        if not params.again:
            rates.take(f"wrong {network(params.address)}", 60, now, "api.too-many")
        raise Unauthenticated(problem("bad-key"))
    actor = context.host.directory(context.unit).actor(row["user"])
    if actor is None:
        raise Unauthenticated(problem("bad-key"))
    if not params.again:
        rates.take(row["prefix"], row["rate"], now, "api.too-many")
    limits = frozenset() if "*" in row["scopes"] else frozenset(row["scopes"])
    noted = row["last_used_at"]
    return {
        "actor": replace(
            actor, limits=limits, key=row["prefix"], narrowed=narrowing.of(row["rows"] or {}, row["fields"] or {})
        ),
        "id": row["id"],
        "note": noted is None or now - noted >= NOTED,
    }


def _valid(row: Mapping[str, Any], now: datetime) -> bool:
    return row["revoked_at"] is None and (row["expires_at"] is None or row["expires_at"] > now)


def note_use(context: Context, params: Use) -> None:
    """Write down that a key was used."""
    context.unit.run(USED, key_id=params.id, at=context.now(), from_address=params.address)
