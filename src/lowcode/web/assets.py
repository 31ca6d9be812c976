"""The page, if it was built: files of `static/`, served with their types, far-future caching for hashed names."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lowcode.kernel.diagnostics import localized
from lowcode.web.messages import Request, Response
from lowcode.web.packing import packed

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'self'"
)
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>lowcode</title>
<h1>The page has not been built</h1>
<p>The API answers under <code>api/</code>. In a checkout, run <code>make demo</code>, or
<code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>; an installed wheel carries the page.</p>
"""
TYPES = {
    ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
    ".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".html": "text/html; charset=utf-8",
}  # fmt: skip


def ground_of_maps(host: Any) -> tuple[str, ...]:
    """Where the pictures under the maps of an app come from, when its views name somebody outside."""
    views = (view.definition for form in host.app.plans["forms"].forms.values() for view in form.views.values())
    found = {urlsplit(view.tiles) for view in views if view.tiles}
    return tuple(sorted(f"{each.scheme}://{each.netloc}" for each in found if each.netloc))


MANIFEST = "manifest.webmanifest"


def manifest_of(host: Any, locale: str) -> bytes:
    """What a machine needs to know to install the page as an app of its own: the name is that of the app."""
    title = localized(host.app.definition.called, locale)
    drawn = [
        ("any", "icon.svg", "image/svg+xml", "any"),
        ("192x192", "icon-192.png", "image/png", "any"),
        ("512x512", "icon-512.png", "image/png", "any"),
        ("512x512", "icon-maskable.png", "image/png", "maskable"),
    ]
    icons = [{"sizes": size, "src": src, "type": kind, "purpose": purpose} for size, src, kind, purpose in drawn]
    return json.dumps(
        {
            "name": title, "short_name": title[:12], "lang": locale, "id": "./", "start_url": "./", "scope": "./",
            "display": "standalone", "background_color": "#f4f5f7", "theme_color": "#ffffff", "icons": icons,
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


PACKED = {".js", ".css", ".svg", ".html", ".json", ".geojson", ".txt"}
"""What is text, and a third of its size when packed; fonts and pictures are packed as they are."""


class Assets:
    """Serves the built page; `host`: the app, whose maps may take their ground from elsewhere."""

    def __init__(self, host: Any, folder: Path = STATIC) -> None:
        self.host = host
        self.folder = folder.resolve()
        self._packed: dict[Path, tuple[int, bytes]] = {}
        """Files of the folder as they were packed, and when they had been changed last."""

    def _policy(self) -> str:
        allowed = self.host.cached(("ground-of-maps",), lambda: " ".join(("data: blob:", *ground_of_maps(self.host))))
        return POLICY.replace("data: blob:", allowed, 1)

    def serve(self, request: Request) -> Response:
        """A file of the page; an unknown address is a 404, the empty one the page itself."""
        headers = [
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", self._policy()),
            ("Referrer-Policy", "same-origin"),
        ]
        if request.method not in ("GET", "HEAD"):
            return Response(405, b"", "text/plain", [*headers, ("Allow", "GET, HEAD")])
        if request.path == MANIFEST:
            locale = "zh-CN" if request.headers.get("accept-language", "zh").startswith("zh") else "en"
            headers += [("Cache-Control", "no-cache"), ("Vary", "Accept-Language")]
            return Response(200, manifest_of(self.host, locale), TYPES[".webmanifest"], headers)
        path = self._file(request.path or "index.html")
        if path is None:
            if request.path in ("", "index.html"):
                return Response(200, NOT_BUILT.encode(), TYPES[".html"], headers)
            return Response(404, b"Not found", "text/plain; charset=utf-8", headers)
        hashed = path.parent.name == "assets"
        headers.append(("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache"))
        media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        response = Response(200, path.read_bytes(), media_type, headers)
        return packed(request, response, partial(self._pack, path)) if path.suffix in PACKED else response

    def _pack(self, path: Path, pack: Callable[[], bytes]) -> bytes:
        changed = path.stat().st_mtime_ns
        before = self._packed.get(path)
        if before is None or before[0] != changed:
            before = self._packed[path] = changed, pack()
        return before[1]

    def _file(self, name: str) -> Path | None:
        """A file below the folder; None for whatever is none, however it is written."""
        try:
            path = (self.folder / name).resolve()
            return path if path.is_relative_to(self.folder) and path.is_file() else None
        except (OSError, ValueError):  # too long for a name, or with a null character
            return None
