"""Which browsers show whose notices: a person adds the one they sit before, sees all of theirs, and lets one go.

A subscription is of one session and goes with it, however that ends: with signing out, with another person signing in
there, with a new password, with being blocked. An endpoint is a secret that lets its holder send to a browser, so it
is sealed, and whoever shows one has the browser before them: it is whoever showed it last that is told there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api.diagnostics import problem
from lowcode.api.push import services
from lowcode.api.push.encryption import fits_point
from lowcode.api.push.keys import decoded, pairs_of
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.identity.tokens import digest
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage import tables as t

PLACE = "lc_push_subscription.address"
MOST = 10
"""Devices of one person."""
LET_GO = 20
"""So many browsers that a person let go are remembered of them, the newest."""
AUTH_BYTES = 16
SUBSCRIPTION = t.push_subscription.c
NOW = sa.bindparam("now_at", type_=t.session.c.expires_at.type)
LASTS = sa.or_(SUBSCRIPTION.session.is_(None), t.session.c.expires_at > NOW)
OF_SESSION = t.push_subscription.outerjoin(t.session, t.session.c.token == SUBSCRIPTION.session)
"""A subscription holds while its session does; one made without any, where the embedding program says who acts, until
it is let go."""
MINE = (
    sa.select(*SUBSCRIPTION)
    .select_from(OF_SESSION)
    .where(SUBSCRIPTION.user == sa.bindparam("me"), LASTS)
    .order_by(SUBSCRIPTION.id)
)
OVER = sa.delete(t.push_subscription).where(
    SUBSCRIPTION.session.is_not(None),
    ~sa.exists(sa.select(1).where(t.session.c.token == SUBSCRIPTION.session, t.session.c.expires_at > NOW)),
)
BY_DIGEST = sa.delete(t.push_subscription).where(SUBSCRIPTION.digest == sa.bindparam("of_digest"))
OF_ANOTHER = BY_DIGEST.where(SUBSCRIPTION.user != sa.bindparam("me"))
BEFORE = sa.select(*SUBSCRIPTION).where(
    SUBSCRIPTION.user == sa.bindparam("me"),
    SUBSCRIPTION.digest.in_((sa.bindparam("of_digest"), sa.bindparam("of_former"))),
)
"""What a browser had before, also where the session it was made in has run out."""
FORGET = (
    sa.delete(t.push_subscription)
    .where(SUBSCRIPTION.id == sa.bindparam("of_id"), SUBSCRIPTION.user == sa.bindparam("me"))
    .returning(SUBSCRIPTION.digest)
)
GO = t.push_let_go.c
OF_GONE = (GO.user == sa.bindparam("me"), GO.digest == sa.bindparam("of_digest"))
WENT = sa.select(GO.id).where(*OF_GONE)
TAKE_BACK = sa.delete(t.push_let_go).where(*OF_GONE)
TRIM = sa.delete(t.push_let_go).where(
    GO.user == sa.bindparam("me"),
    GO.id.not_in(
        sa.select(GO.id)
        .where(GO.user == sa.bindparam("me"))
        .order_by(GO.id.desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    ),
)
ME = sa.select(t.user.c.id).where(t.user.c.id == sa.bindparam("me")).with_for_update()
"""Who adds a device in two tabs at once does so one after the other."""
CHOOSE = (
    sa.update(t.push_subscription)
    .where(SUBSCRIPTION.id == sa.bindparam("of_id"), SUBSCRIPTION.user == sa.bindparam("me"))
    .values(notices=sa.bindparam("which"))
)
SESSION_OF = sa.select(t.session.c.token).where(
    t.session.c.token == sa.bindparam("of_token"), t.session.c.user == sa.bindparam("me")
)
Which = Literal["all", "chosen"]
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"), ("WeChat", r"MicroMessenger/"), ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"), ("Firefox", r"(?:Firefox|FxiOS)/"), ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android"), ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Windows", r"Windows"), ("macOS", r"Mac OS X|Macintosh"), ("ChromeOS", r"CrOS"), ("Linux", r"Linux|X11"),
)  # fmt: skip


class Keys(Parameters):
    """What a browser encrypts for: its public key, and its secret, in base64url."""

    p256dh: str = Key(max_length=200)
    auth: str = Key(max_length=100)


class Subscribe(Parameters):
    """What a browser gave when it subscribed (`PushSubscription.toJSON()`); `former` is the endpoint it had before,
    `server_key` the public key it subscribed with; `resumed`: nobody pressed, the browser goes on by itself. `token` is
    its session, `agent` how it calls itself."""

    endpoint: str = Key(min_length=10, max_length=2000)
    keys: Keys
    server_key: str = Key(max_length=200)
    notices: Which | None = None
    former: str = Key("", max_length=2000)
    resumed: bool = False
    token: str = ""
    agent: str = ""


class OfBrowser(Parameters):
    """The endpoint of the browser that asks, if it has any."""

    endpoint: str = Key("", max_length=2000)


class OneDevice(Parameters):
    """A device of one's own."""

    id: int


class Choose(OneDevice):
    """Which notices a device shows: all, or those that a definition sends there (the channel `push`) and those by which
    a flow asks, reminds or urges."""

    notices: Which


def devices(context: Context, params: OfBrowser) -> Items:
    """What one's page needs: the key to subscribe with, or why there is none, and one's devices; `this` is the one of
    the endpoint, `let_go` whether one let that one go: then only a press adds it again."""
    by_person(context)
    this = digest(params.endpoint) if params.endpoint else ""
    key, reason = None, None
    try:
        key = next(iter(pairs_of(context.host)))
    except Rejected as unready:
        reason = "; ".join(each.words(context.actor.locale or "") for each in unready.problems)
    rows = context.unit.fetch(MINE, me=context.actor.id, now_at=context.now())
    items = [
        {"id": row["id"], "device": row["device"], "notices": row["notices"], "created_at": row["created_at"],
         "reached_at": row["reached_at"], "this": row["digest"] == this, "key": row["server_key"]}
        for row in rows
    ]  # fmt: skip
    let_go = bool(this) and _went(context, this)
    return {"key": key, "reason": reason, "items": items, "most": MOST, "let_go": let_go}


def subscribe(context: Context, params: Subscribe) -> Annotated[dict[str, Any], has(id=int)]:
    """Show notices in this browser; whoever was told there before is not any more. The number of the device."""
    by_person(context)
    if params.server_key not in pairs_of(context.host):
        raise Conflict(problem("push-old-key", "/server_key"))
    services.check(context.host, params.endpoint, "/endpoint")
    _check_keys(params.keys)
    unit, now, me = context.unit, context.now(), context.actor.id
    unit.locked(ME, me=me)
    here, former = digest(params.endpoint), digest(params.former)
    if params.resumed and any(_went(context, each) for each in (here, former)):
        raise Conflict(problem("push-let-go"))
    before = unit.one(BEFORE, me=me, of_digest=here, of_former=former)
    unit.run(OVER, now_at=now)
    unit.run(TAKE_BACK, me=me, of_digest=here)
    for each in filter(None, (params.endpoint, params.former)):
        unit.run(BY_DIGEST if each == params.endpoint else BY_DIGEST.where(SUBSCRIPTION.user == me),
                 of_digest=digest(each))  # fmt: skip
    if len(_mine(context)) >= MOST:
        raise Rejected(problem("push-too-many", most=MOST))
    session = digest(params.token) if params.token else None
    if session is not None and unit.one(SESSION_OF, of_token=session, me=me) is None:
        raise Forbidden(problem("push-no-session"))
    address = {"endpoint": params.endpoint, "p256dh": params.keys.p256dh, "auth": params.keys.auth}
    identity = unit.insert(
        t.push_subscription, user=me, digest=here,
        address=sealing.seal_text(context.host, json.dumps(address), PLACE), server_key=params.server_key,
        session=session, device=name_of(params.agent),
        notices=params.notices or (before["notices"] if before is not None else "all"),
        created_at=before["created_at"] if before is not None else now,
        reached_at=before["reached_at"] if before is not None else None,
    )  # fmt: skip
    context.host.forget_directory(unit)
    return {"id": identity}


def _mine(context: Context) -> list[Mapping[str, Any]]:
    return list(context.unit.fetch(MINE, me=context.actor.id, now_at=context.now()))


def _went(context: Context, of: str) -> bool:
    """Whether a person let a browser go, and did not press the button there since."""
    return context.unit.one(WENT, me=context.actor.id, of_digest=of) is not None


def _check_keys(keys: Keys) -> None:
    """What a browser gave must be what can be encrypted for. Raises Rejected."""
    for name, fits in (("p256dh", fits_point), ("auth", lambda content: len(content) == AUTH_BYTES)):
        try:
            good = fits(decoded(getattr(keys, name)))
        except ValueError:
            good = False
        if not good:
            raise Rejected(problem("push-bad-key", f"/keys/{name}", name=name))


def release(context: Context, params: OfBrowser) -> Annotated[dict[str, Any], has(mine=bool)]:
    """A browser that is before this person shows notices of nobody else; whether it shows theirs."""
    by_person(context)
    of = digest(params.endpoint)
    if context.unit.run(OF_ANOTHER, of_digest=of, me=context.actor.id):
        context.host.forget_directory(context.unit)
    return {"mine": any(row["digest"] == of for row in _mine(context))}


def choose(context: Context, params: Choose) -> None:
    """Choose which notices a device of one's own shows."""
    by_person(context)
    if not context.unit.run(CHOOSE, of_id=params.id, me=context.actor.id, which=params.notices):
        raise NotFound(problem("push-no-device", "/id"))


def forget(context: Context, params: OneDevice) -> None:
    """Show no more notices on a device of one's own; the browser does not add itself again."""
    by_person(context)
    unit, me = context.unit, context.actor.id
    gone = unit.locked(FORGET, of_id=params.id, me=me)
    if not gone:
        raise NotFound(problem("push-no-device", "/id"))
    unit.run(TAKE_BACK, me=me, of_digest=gone[0]["digest"])
    unit.insert(t.push_let_go, user=me, digest=gone[0]["digest"])
    unit.run(TRIM, me=me, most=LET_GO)
    context.host.forget_directory(unit)


def by_night(context: Context, since: datetime, until: datetime) -> None:
    """Take away what was subscribed in sessions that have run out."""
    if context.unit.run(OVER, now_at=until):
        context.host.forget_directory(context.unit)


def opened(context: Context, row: Mapping[str, Any]) -> Mapping[str, str]:
    """The endpoint and keys of a row. Raises SealError where its key is gone."""
    found: Mapping[str, str] = json.loads(sealing.opened_text(context.host, row["address"], PLACE))
    return found


def name_of(agent: str) -> str:
    """What a person knows a browser by: `Chrome · Windows`, from how it calls itself."""
    parts = (next((name for name, sign in known if re.search(sign, agent)), "") for known in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, parts)) or "Browser"


def by_person(context: Context) -> None:
    """Only a person, before the browser, asks about devices: a device outlives the key that would ask for it."""
    if context.actor.key or context.actor.id is None:
        raise Forbidden(problem("push-by-key"))
