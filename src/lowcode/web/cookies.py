"""The cookies of the door: out of reach of scripts and of other sites, and, over TLS, of neighbouring names.

A page at `evil.example.com` may set a cookie for all of `example.com`, and a browser sends it here beside ours: whoever
is signed in would work in somebody else's session without noticing. A name that begins with `__Host-` is taken from
this very origin only (RFC 6265bis, 4.1.3.2). Browsers ask of such a cookie that it is for the whole origin, so its name
says which of several apps of one origin it belongs to. Without TLS there are no such names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from lowcode.web.messages import Request

SESSION = "lowcode_session"
PENDING = "lowcode_pending"
"""A sign-in whose second factor is still missing."""
DEVICE = "lowcode_device"
"""A browser that is not asked for it again."""
BROWSER = "lowcode_sign_in"
"""By which a browser that comes back from a service is known to be the one that was sent."""


def called(request: Request, name: str) -> str:
    """What one of these is called where the request came to."""
    return _own(name, request.root) if request.scheme == "https" else name


def brought(request: Request, name: str) -> str | None:
    """The value of one of these that came along."""
    return request.cookies.get(called(request, name))


def given(request: Request, name: str, value: str, seconds: int | None = None) -> tuple[str, str]:
    """The header that gives one for so long, or until the browser is closed; with 0 it is taken away."""
    secure = request.scheme == "https"
    path = "/" if secure else request.root or "/"
    said = f"{called(request, name)}={value}; Path={path}; HttpOnly; SameSite=Lax"
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return "Set-Cookie", f"{said}{age}{'; Secure' if secure else ''}"


@lru_cache(maxsize=100)
def _own(name: str, root: str) -> str:
    place = quote(root.strip("/"), safe="")
    return f"__Host-{name}.{place}" if place else f"__Host-{name}"
