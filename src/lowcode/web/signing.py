"""Signing in by another service: the browser is sent there, and what it brings back becomes a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem
from lowcode.kernel.identity.tokens import fresh
from lowcode.kernel.links import public_url
from lowcode.web import cookies
from lowcode.web.cookies import BROWSER, DEVICE, SESSION
from lowcode.web.events import listener
from lowcode.web.messages import Request, Response, answer
from lowcode.web.people import cookies_of, end_earlier, half_way, without_session
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

PRIVATE = [("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")]
TRIED = "/connections/tried/"
"""The place of the page that shows what came back of a trial."""
NO_TRIAL = {"en": "only administrators try ways to sign in", "zh-CN": "只有管理员可以试登录"}
NOT_HERE = {"en": "the embedding program says who is signed in", "zh-CN": "登录由宿主程序负责"}
FIELDS = 20
"""So many a form has at most that a service lets a browser bring."""
ENVELOPES = ("text/xml", "application/soap+xml")
METADATA = "application/samlmetadata+xml"
REFUSED = "/sign-in/"
"""The place of the page that says why nobody was signed in."""


def methods(door: Door) -> list[dict[str, Any]]:
    """The ways to sign in beside a password; none where the embedding program says who asks."""
    host = door.host
    if door.callers.identity is not None or "api.sign_in_methods" not in host.app.operations:
        return []
    found: list[dict[str, Any]] = host.ask(host.app_actor, "api.sign_in_methods")
    return found


def begin(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """Send the browser to the service."""
    _here(door)
    host = door.host
    known = cookies.brought(request, BROWSER) or ""
    browser = known if 40 <= len(known) <= 100 else fresh()
    back = _back(door, request, name)
    found = host.ask(
        host.app_actor, "api.begin_sign_in", name=name, back=back, browser=browser,
        place=request.parameters.get("to", ""), address=request.address, trial=_trial(request, caller),
        agent=request.headers.get("user-agent", "")[:500],
    )  # fmt: skip
    if "refused" in found:
        return _refused(door, request, caller, found["refused"], "../../")
    headers = [("Location", found["go"]), *PRIVATE]
    if browser != known:
        headers.append(cookies.given(request, BROWSER, browser))
    return Response(303, headers=headers)


def done(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """The browser comes back: a session for whoever it was, and on to where they wanted to go."""
    _here(door)
    host = door.host
    found = host.ask(
        host.app_actor, "api.finish_sign_in", name=name, browser=cookies.brought(request, BROWSER) or "",
        parameters=dict(request.parameters), device=cookies.brought(request, DEVICE) or "",
    )  # fmt: skip
    if "refused" in found:
        return _refused(door, request, caller, found["refused"], "../../../")
    if "tried" in found:
        return _to_page(f"{TRIED}{found['tried']}", "../../../")
    if "pending" in found["made"]:
        return _to_page(REFUSED + "code", "../../../", half_way(request, found["made"]["pending"]))
    end_earlier(door, caller)
    return _to_page(found["place"], "../../../", cookies_of(request, found["made"]))


def _trial(request: Request, caller: Caller) -> int | None:
    """Who tries a way to sign in; administrators may."""
    if "trial" not in request.parameters:
        return None
    if not caller.actor.is_administrator:
        raise Forbidden(Problem("http.trial", NO_TRIAL))
    return caller.actor.id


def brought(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """The browser comes back by a form of the service. It has no cookie with it, so it is sent on to come with it."""
    _here(door)
    host = door.host
    found = host.ask(host.app_actor, "api.bring_sign_in", name=name, parameters=_form(request))
    if "refused" in found:
        return _refused(door, request, caller, found["refused"], "../../../")
    return Response(303, headers=[("Location", f"done?state={quote(found['state'], safe='')}"), *PRIVATE])


def metadata(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """What the provider reads of this app when it is entered there."""
    _here(door)
    host = door.host
    text = host.ask(host.app_actor, "api.describe_sign_in", name=name, back=_back(door, request, name))
    return Response(200, text.encode(), METADATA, [("Cache-Control", "no-store")])


def sign_out(door: Door, request: Request, caller: Caller) -> Response:
    """End the session; where it was begun by a service that can end it too, the answer says where to go for that."""
    go = _way_out(door, request, caller)
    end_earlier(door, caller)
    door.listening.doubt(listener(caller))
    headers = without_session(request)
    return answer({"go": go}, headers=headers) if go else Response(204, headers=headers)


def _way_out(door: Door, request: Request, caller: Caller) -> str | None:
    host = door.host
    if not caller.token or "api.leave" not in host.app.operations:
        return None
    session = host.ask(host.app_actor, "identity.session", token=caller.token)
    if session is None or session["method"] is None:
        return None
    name = session["method"]
    found: str | None = host.ask(
        host.app_actor, "api.leave", name=name, place=f"{_address(door, request)}/", back=_back(door, request, name),
        session=session["said"] or {},
    )  # fmt: skip
    return found


def logout(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """A browser brings word of a service that a session ended there; on to where it has to go with the answer. Or the
    service comes itself, with an envelope, and gets one."""
    _here(door)
    host, posted = door.host, request.method == "POST"
    if posted and request.headers.get("content-type", "").partition(";")[0].strip().lower() in ENVELOPES:
        back = _back(door, request, name)
        found = host.ask(host.app_actor, "api.hear_sign_out", name=name, back=back, envelope=request.body or b" ")
        return Response(200, found["answer"], "text/xml", [("Cache-Control", "no-store")])
    found = host.ask(
        host.app_actor, "api.hear_sign_out", name=name, back=_back(door, request, name), query=request.query,
        posted=posted, parameters=_form(request) if posted else dict(request.parameters),
    )  # fmt: skip
    token = cookies.brought(request, SESSION)
    gone = token and host.ask(host.app_actor, "identity.session", token=token) is None
    door.callers.forget(token)
    headers = without_session(request) if gone else []
    if found["go"] is None:
        return _to_page("/", "../../../", headers)
    return Response(303, headers=[("Location", found["go"]), *headers, *PRIVATE])


def _form(request: Request) -> dict[str, str]:
    """What a form of a service sends; nothing where it has more fields than one has."""
    try:
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        return {}


def _refused(door: Door, request: Request, caller: Caller, reason: str, up: str) -> Response:
    """The page is told why nobody was signed in, and so are the administrators."""
    door.refusals.write(door, request, caller, f"sign-in.{reason}", 401)
    return _to_page(f"{REFUSED}{reason}", up)


def _here(door: Door) -> None:
    if door.callers.identity is not None:
        raise NotFound(Problem("http.nothing-here", NOT_HERE))


def _address(door: Door, request: Request) -> str:
    """Where the app is opened: what the host says, else where this request went."""
    return public_url(door.host) or f"{request.scheme}://{request.headers.get('host', '')}{request.root.rstrip('/')}"


def _back(door: Door, request: Request, name: str) -> str:
    """Where a browser comes back to from a service."""
    return f"{_address(door, request)}/api/sign-in/{quote(name)}/done"


def _to_page(place: str, up: str, headers: list[tuple[str, str]] | None = None) -> Response:
    """On to a place of the page. The address is relative, so it holds under any prefix, and leads nowhere else."""
    return Response(303, headers=[("Location", f"{up}#{place or '/'}"), *(headers or []), *PRIVATE])
