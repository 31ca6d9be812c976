"""Signing in by another service: the browser goes there with words of chance and has to bring them back.

`state` belongs to one sign-in and one browser (by a cookie), so that nobody is signed in by a link of somebody else;
it serves once. What the kind wants to ask is asked outside of any transaction (`walking`). A provider that lets the
browser come back by a POST is met in two steps: browsers send no cookie with a POST from another site, so what it
brings is kept with the sign-in, and the browser is sent on to come with its cookie (docs/decisions/0097).
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api.advice import unreached
from lowcode.api.connectors.kind import Keys, Refused, SecretReference, Steps
from lowcode.api.diagnostics import problem
from lowcode.api.plan import SignIn, plan_of
from lowcode.api.recognising import recognise
from lowcode.api.rehearsing import meant, refusal, said, told
from lowcode.api.secret_values import secret_of
from lowcode.api.sign_in.kind import NotSignedIn, Person, Returned, Start
from lowcode.api.tables import sign_in as table
from lowcode.api.tokens import Tokens
from lowcode.api.walking import Kept, Walk
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, TooManyRequests
from lowcode.kernel.identity import APP
from lowcode.kernel.identity.rates import Rates, network
from lowcode.kernel.identity.second_factor import enter
from lowcode.kernel.identity.sessions import Came
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.reasons import both, of_refusal
from lowcode.kernel.storage import Unit

log = logging.getLogger("lowcode.api")

WAY = timedelta(minutes=10)
"""How long somebody may be on the way."""
BEGINNINGS = 30
"""Sign-ins begun a minute from one address."""
PLACE = re.compile(r"/[\w\-./%~:=&?,]{0,500}")
"""A place of the page, behind its `#`: it leads nowhere else."""
TRIAL = "~"
"""Before the number of an administrator who tries a way, and before the way's name where what came back is kept."""
BROUGHT = 300_000
"""Characters of what comes back by a POST."""
ANSWERS = 2**20
"""Bytes of one answer of a service: metadata of federations is long."""
NO_METHOD = {"en": "there is no such way to sign in", "zh-CN": "没有此登录方式"}

ONE = sa.select(table).where(table.c.state == sa.bindparam("of_state"))
TAKE = sa.delete(table).where(table.c.state == sa.bindparam("of_state"))
BRING = (
    sa.update(table)
    .where(table.c.state == sa.bindparam("of_state"), table.c.method == sa.bindparam("of_method"))
    .where(table.c.brought.is_(None), table.c.expires_at > sa.bindparam("now_at", type_=table.c.expires_at.type))
    .values(brought=sa.bindparam("new_brought", type_=table.c.brought.type))
)
EXPIRED = sa.delete(table).where(table.c.expires_at < sa.bindparam("now_at", type_=table.c.expires_at.type))

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Through:
    """What all sign-ins of one engine share: tokens of applications, and answers that may be kept."""

    tokens: Tokens
    kept: Kept


class Begin(Parameters):
    """A sign-in to begin: by which method, where the browser comes back to, and the place to go to afterwards."""

    name: str
    back: str
    browser: str
    place: str = ""
    address: str = ""
    agent: str = ""
    """What the browser calls itself."""
    trial: int | None = None
    """The administrator who tries the way: nobody is signed in, and what came back is shown to them."""


class Bring(Parameters):
    """A form that a browser brought from a service, by a POST and so without its cookie."""

    name: str
    parameters: Mapping[str, str]


class Described(Parameters):
    """What a provider wants to read of this app, with the address its people come back to."""

    name: str
    back: str


class Tried(Parameters):
    """A trial that came back."""

    token: str


class Finish(Parameters):
    """A browser that came back, with what it brought."""

    name: str
    browser: str
    parameters: Mapping[str, str] = Key(default_factory=dict)
    device: str = ""


def methods(context: Context, _: Nothing) -> list[dict[str, Any]]:
    """The ways to sign in beside a password, for the first page: those whose secrets the host knows."""
    return [
        {"name": each.name, "title": each.title, "kind": each.kind.name}
        for each in plan_of(context).sign_ins.values()
        if _ready(context, each)
    ]


def _ready(context: Context, method: SignIn) -> bool:
    """Whether the host knows every secret that a method, and the connector it signs in by, names."""
    documents = [method.document, *([_connector(context, method)] if method.connector is not None else [])]
    references = [value for document in documents for _, value in document if isinstance(value, SecretReference)]
    return all(context.host.secret(reference.secret) for reference in references)


def begin(context: Context, params: Begin, rates: Rates, through: Through) -> dict[str, Any]:
    """Where the browser goes: `{"go": address}`, or `{"refused": reason}`. Raises NotFound."""
    method = method_of(context, params.name)
    now, verifier = context.now(), secrets.token_urlsafe(48)
    made = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
    start = Start(
        secrets.token_hex(32), fresh(), challenge, params.back, _connector(context, method), params.agent
    )  # letters and digits only: WeCom brings nothing else back
    try:
        rates.take(f"sign-in {network(params.address)}", BEGINNINGS, now, "api.too-many")
        go = walked(context, method, through, lambda keys: method.kind.begin(method.document, start, keys))
    except TooManyRequests:
        return {"refused": "often"}
    except NotSignedIn as refused:
        return refused_by(method, refused)
    row = {
        "state": digest(start.state), "browser": digest(params.browser), "method": method.name, "nonce": start.nonce,
        "verifier": verifier, "back": params.back, "expires_at": now + WAY,
        "place": _place(params),
    }  # fmt: skip

    def work(unit: Unit) -> None:
        unit.run(EXPIRED, now_at=now)
        unit.insert(table, **row)

    context.host.write(work)
    return {"go": go}


def _place(params: Begin) -> str:
    """Where the browser goes in the end; of a trial, whose it is: a place begins with a slash."""
    if params.trial is not None:
        return f"{TRIAL}{params.trial}"
    return params.place if PLACE.fullmatch(params.place) else ""


def bring(context: Context, params: Bring) -> dict[str, Any]:
    """Keep what a browser brought until it comes with its cookie: `{"state": …}`, or `{"refused": reason}`.

    Raises NotFound for a method that takes no POST."""
    method = method_of(context, params.name)
    field = getattr(method.kind, "posts", None)
    if field is None:
        raise NotFound(Problem("api.no-sign-in", NO_METHOD))
    state = params.parameters.get(field, "")
    try:
        if sum(map(len, params.parameters.values())) > BROUGHT:
            raise NotSignedIn(
                "untrusted", both(f"more than {BROUGHT} characters came back", f"返回的内容超过 {BROUGHT} 个字符")
            )
        kept = {
            "of_state": digest(state), "of_method": method.name, "now_at": context.now(),
            "new_brought": dict(params.parameters),
        }  # fmt: skip
        begun = context.unit.one(ONE, of_state=kept["of_state"])  # what was made up costs no write
        if begun is None or not context.host.write(lambda unit: unit.run(BRING, **kept)):
            raise NotSignedIn(
                "expired",
                both(
                    "the sign-in was not begun here, was finished or took too long",
                    "此次登录不是从这里开始的、已完成或已超时",
                ),
            )
    except NotSignedIn as refused:
        return refused_by(method, refused)
    return {"state": state}


def described(context: Context, params: Described) -> str:
    """What the provider wants to read of this app. Raises NotFound, and Rejected for a secret that is not there."""
    method = method_of(context, params.name)
    describe: Callable[..., str] | None = getattr(method.kind, "describe", None)
    if describe is None:
        raise NotFound(Problem("api.no-sign-in", NO_METHOD))
    try:
        return describe(
            method.document, params.back, Keys(lambda name: secret_of(context, name, method.name), context.now())
        )
    except NotSignedIn as wrong:
        raise Rejected(problem("sign-in-setup", method=method.name, reason=str(wrong))) from None


def finish(context: Context, params: Finish, through: Through) -> dict[str, Any]:
    """A session for whoever it was: `{"made": session, "place"}`, or `{"refused": reason}`. Raises NotFound.

    Where our own second factor is still missing, `made` is `{"pending": token}`. Of a trial `{"tried": token}`,
    whatever came of it: nobody is signed in."""
    method = method_of(context, params.name)
    try:
        row = _taken(context, method, params)
        if row["place"].startswith(TRIAL):
            return {"tried": _rehearsed(context, method, row, params, through)}
        person = _came(context, method, row, params, through)

        def work(unit: Unit) -> dict[str, Any]:
            acting = context.host.context(unit, APP, now=context.now())
            user = recognise(acting, method, person)
            known_as = digest(person.known_as) if person.known_as else None
            came = Came(method.name, known_as, person.session)
            return enter(
                acting, unit, user, came, device=params.device, place=row["place"],
                proven=method.document.second_factor == "theirs",
            )  # fmt: skip

        return {"made": context.host.write(work), "place": row["place"]}
    except NotSignedIn as refused:
        return refused_by(method, refused)


def _came(
    context: Context, method: SignIn, row: Mapping[str, Any], params: Finish, through: Through
) -> Person:  # fmt: skip
    """Who came, as the service says it. Raises NotSignedIn."""
    brought = params.parameters if not hasattr(method.kind, "posts") else row["brought"] or {}
    returned = Returned(brought, row["nonce"], row["verifier"], row["back"], _connector(context, method))
    return walked(context, method, through, lambda keys: method.kind.finish(method.document, returned, keys))


def _rehearsed(
    context: Context, method: SignIn, row: Mapping[str, Any], params: Finish, through: Through
) -> str:  # fmt: skip
    """What came of a trial, kept for the administrator who began it; the word by which they ask for it."""
    came: dict[str, Any]
    try:
        person = _came(context, method, row, params, through)
        came = {"person": said(person), "meant": meant(context, method, person)}
    except NotSignedIn as refused:
        came = {"person": None, "meant": refusal(refused)}
    token = fresh()
    kept = {
        "state": digest(token), "browser": row["browser"], "method": f"{TRIAL}{method.name}", "nonce": "",
        "verifier": "", "back": "", "place": row["place"], "expires_at": context.now() + WAY, "brought": came,
    }  # fmt: skip
    context.host.write(lambda unit: unit.insert(table, **kept))
    return token


def tried(context: Context, params: Tried) -> Annotated[dict[str, Any], has(person=dict | None, meant=object)]:
    """What came back of a trial that this administrator began: `{"person", "meant"}`. Raises NotFound."""
    row = context.unit.one(ONE, of_state=digest(params.token))
    mine = row is not None and row["place"] == f"{TRIAL}{context.actor.id}" and row["method"].startswith(TRIAL)
    if row is None or not mine or row["expires_at"] <= context.now():
        raise NotFound(problem("trial-over", "/token"))
    found: dict[str, Any] = row["brought"]
    return {**found, "meant": told(found["meant"], context.actor.locale)}


def _taken(context: Context, method: SignIn, params: Finish) -> Mapping[str, Any]:
    """What was kept of the beginning; it serves once, for the browser that began and the method it began with."""
    state = digest(params.parameters.get("state", ""))
    row = context.unit.one(ONE, of_state=state)
    if row is None or row["expires_at"] <= context.now():
        raise NotSignedIn(
            "expired", both("the sign-in is unknown, was finished or took too long", "此次登录不存在、已完成或已超时")
        )
    if row["method"] != method.name or row["browser"] != digest(params.browser):
        raise NotSignedIn(
            "expired",
            both(
                "the sign-in was begun in another browser or by another method",
                "此次登录是在另一个浏览器或以另一种方式开始的",
            ),
        )
    if not context.host.write(lambda unit: unit.run(TAKE, of_state=state)):
        raise NotSignedIn("expired", both("the sign-in was finished already", "此次登录已经完成"))
    return row


def walked(context: Context, method: SignIn, through: Through, steps: Callable[[Keys], Steps[Result]]) -> Result:
    """Ask what a kind wants to ask, until it knows. Raises NotSignedIn."""
    plan = plan_of(context)
    target = plan.targets[method.connector] if method.connector is not None else None
    walk = Walk(context, through.tokens, through.kept, target, limit=ANSWERS, document=method.name)
    try:
        return walk.through(steps(walk.keys))
    except Rejected as refused:
        raise NotSignedIn("setup", of_refusal(refused)) from None
    except Refused as refused:
        raise NotSignedIn(
            "unreachable" if refused.verdict.outcome == "again" else "setup", refused.verdict.reason
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise NotSignedIn("unreachable", unreached(error)) from None


def _connector(context: Context, method: SignIn) -> Any:
    return plan_of(context).targets[method.connector].document if method.connector is not None else None


def method_of(context: Context, name: str) -> SignIn:
    found = plan_of(context).sign_ins.get(name)
    if found is None:
        raise NotFound(Problem("api.no-sign-in", NO_METHOD))
    return found


def refused_by(method: SignIn, refused: NotSignedIn) -> dict[str, Any]:
    log.warning("nobody was signed in by '%s' (%s): %s", method.name, refused.reason, refused)
    return {"refused": refused.reason}
