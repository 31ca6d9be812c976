"""Signing in and out over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno

from lowcode.kernel.diagnostics import NotFound, Problem, Unauthenticated, localized
from lowcode.kernel.identity import ADMINISTRATOR, words
from lowcode.kernel.identity.password_links import offered
from lowcode.kernel.identity.sessions import begin_session
from lowcode.web.cookies import DEVICE, PENDING, SESSION, brought, given
from lowcode.web.messages import Request, Response, answer
from lowcode.web.problems import problem_response
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

SIGN_IN = {"en": "sign in first", "zh-CN": "请先登录"}
THE_ADMINISTRATOR = {"en": "Administrator", "zh-CN": "管理员"}
NO_DEMO = {"en": "there is nothing here", "zh-CN": "地址不存在"}


def session(door: Door, request: Request, caller: Caller) -> Response:
    """The session as the page needs it."""
    if caller.actor.id is None:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    return answer(describe(door, request, caller), headers=[("Cache-Control", "no-store")])


def describe(door: Door, request: Request, caller: Caller) -> dict[str, Any]:
    """Who is signed in, and what emitted expressions see of the person and the clock."""
    host, actor = door.host, caller.actor
    people = host.directory()
    user = people.users.get(actor.id or 0)
    department = people.departments.get(actor.department or 0)
    locale = door.locale(request, caller)
    return {
        "actor": {
            "id": actor.id, "login": actor.login, "name": actor.name,
            "title": localized(user.title, locale) if user else "",
            "roles": sorted(actor.roles), "administrator": actor.is_administrator,
            "department": {"id": department.id, "label": localized(department.title, locale)} if department else None,
        },
        "token": caller.csrf or "", "locale": locale, "demo": door.demo,
        "moment": {
            "now": host.clock.now(), "zone": host.app.definition.zone, "me": actor.id, "roles": sorted(actor.roles),
            "team": sorted(actor.team), "units": sorted(actor.units), "calendar": None,
        },
    }  # fmt: skip


def sign_in(door: Door, request: Request, caller: Caller) -> Response:
    """Begin a session by name and password, or, in a demonstration, by name."""
    sent = request.json()
    if door.demo and "password" not in sent:
        user = door.host.directory().by_login.get(str(sent.get("login")))
        if user is None or not user.active:
            raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
        made = door.host.database.write(lambda unit: begin_session(unit, door.host.clock.now(), user.id))
    else:
        made = door.ask(
            caller, "identity.sign_in", login=str(sent.get("login", "")), password=str(sent.get("password", "")),
            address=request.address, device=brought(request, DEVICE) or "",
        )  # fmt: skip
    if "pending" in made:
        problem = Unauthenticated(words.problem("second-factor"))
        response = problem_response(problem, door.locale(request, caller), pending=missing(door, made["pending"]))
        response.headers.append(given(request, PENDING, made["pending"], 600))
        return response
    return _entered(door, request, caller, made)


def missing(door: Door, token: str | None) -> dict[str, Any] | None:
    """What is still missing of a sign-in: a code, or first an authenticator, with the picture it reads."""
    host = door.host
    found = host.ask(host.app_actor, "identity.pending", token=token or "")
    return _with_picture(found) if found is not None else None


def _with_picture(found: dict[str, Any]) -> dict[str, Any]:
    if "address" not in found:
        return found
    return {**found, "picture": segno.make(found["address"], error="m").svg_data_uri(border=2, scale=4)}


def show_code(door: Door, request: Request, caller: Caller) -> Response:
    """The second factor: with it, what was pending becomes a session; `later`, where there is none yet and it may still
    be put off."""
    sent, host = request.json(), door.host
    if sent.get("later") is True:
        found = host.ask(host.app_actor, "identity.put_off_factor", token=brought(request, PENDING) or "")
        response = _entered(door, request, caller, found["made"], place=found["place"])
        response.headers.append(given(request, PENDING, "", 0))
        return response
    found = host.ask(
        host.app_actor, "identity.show_factor", token=brought(request, PENDING) or "", code=str(sent.get("code", "")),
        remember=sent.get("remember") is True, address=request.address,
    )  # fmt: skip
    response = _entered(door, request, caller, found["made"], place=found["place"], recovery=found["recovery"])
    response.headers.append(given(request, PENDING, "", 0))
    if found["device"]:
        days = host.app.definition.second_factor.remember_days
        response.headers.append(given(request, DEVICE, found["device"], days * 86400))
    return response


def ask_password_link(door: Door, request: Request, caller: Caller) -> Response:
    """A letter with a link to whoever is called so, if anybody is: the answer is the same."""
    _ours(door)
    door.ask(caller, "identity.ask_password_link", name=str(request.json().get("name", "")), address=request.address)
    return Response(204, headers=[("Cache-Control", "no-store")])


def use_password_link(door: Door, request: Request, caller: Caller) -> Response:
    """The password that somebody chooses by a link."""
    _ours(door)
    sent = request.json()
    found = door.ask(
        caller, "identity.use_password_link", token=str(sent.get("token", "")), new=str(sent.get("new", "")),
        address=request.address,
    )  # fmt: skip
    return answer(found, headers=[("Cache-Control", "no-store")])


def _ours(door: Door) -> None:
    """Where the embedding program says who asks, there are no passwords here."""
    if door.callers.identity is not None:
        raise NotFound(Problem("http.nothing-here", NO_DEMO))


def by_letter(door: Door) -> bool:
    """Whether the page offers a link to whoever forgot their password."""
    return door.callers.identity is None and offered(door.host)


def set_up_factor(door: Door, request: Request, caller: Caller) -> Response:
    """A new authenticator for whoever is signed in, with the picture it reads."""
    return answer(_with_picture(door.ask(caller, "identity.set_up_factor", **request.json())))


def _entered(door: Door, request: Request, caller: Caller, made: dict[str, Any], **more: Any) -> Response:
    """The session that was begun, and the cookie of it."""
    actor = door.host.directory().actor(made["user"])
    if actor is None:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    end_earlier(door, caller)
    signed_in = Caller(actor, made["csrf"], made["token"])
    headers = [*cookies_of(request, made), ("Cache-Control", "no-store")]
    told = {name: value for name, value in more.items() if value}
    return answer({**describe(door, request, signed_in), **told}, headers=headers)


def end_earlier(door: Door, caller: Caller) -> None:
    """Whoever planted or kept an earlier session gains nothing by the one that begins."""
    if caller.token:
        door.ask(caller, "identity.sign_out", token=caller.token)
        door.callers.forget(caller.token)


def cookies_of(request: Request, made: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers that give a browser its session."""
    return [given(request, SESSION, made["token"], 1209600)]


def half_way(request: Request, token: str) -> list[tuple[str, str]]:
    """The headers that let a browser go on with its second factor."""
    return [given(request, PENDING, token, 600)]


def change_session(door: Door, request: Request, caller: Caller) -> Response:
    """Choose a language."""
    sent = request.json()
    door.ask(caller, "identity.set_locale", locale=str(sent.get("locale", "")))
    actor = door.host.directory().actor(caller.actor.id or 0) or caller.actor
    return answer(describe(door, request, Caller(actor, caller.csrf, caller.token)))


def without_session(request: Request) -> list[tuple[str, str]]:
    """The headers that take it away again."""
    return [given(request, SESSION, "", 0)]


def demo_people(door: Door, request: Request, caller: Caller) -> Response:
    """Everybody, for signing in by one click; only in a demonstration."""
    if not door.demo:
        raise NotFound(Problem("http.nothing-here", NO_DEMO))
    locale = door.locale(request, caller)
    everybody = door.host.directory()
    called = {ADMINISTRATOR: localized(THE_ADMINISTRATOR, locale)}
    called |= {role.name: localized(role.title or role.name, locale) for role in door.host.app.definition.roles}
    items = []
    for user in sorted(everybody.users.values(), key=lambda each: each.id):
        if user.active:
            department = everybody.departments.get(user.department or 0)
            items.append(
                {
                    "login": user.login, "name": user.name, "title": localized(user.title, locale),
                    "department": localized(department.title, locale) if department else None,
                    "roles": [called.get(role, role) for role in sorted(user.roles)],
                }
            )  # fmt: skip
    return answer({"items": items})
