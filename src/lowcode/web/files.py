"""What comes and goes as files: paper, exports, imports, uploads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lowcode.context import WORDS
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, Unauthenticated
from lowcode.kernel.identity import Actor
from lowcode.kernel.records.attachments import readable
from lowcode.kernel.storage import files as store
from lowcode.kernel.storage import thumbnails
from lowcode.kernel.storage.files import printable
from lowcode.web.messages import Elsewhere, Request, Response, answer, read_object
from lowcode.web.multipart import parse_form
from lowcode.web.session import Caller
from lowcode.web.tags import has_already

if TYPE_CHECKING:
    from lowcode.web.door import Door

PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; font-src data: 'self'; frame-ancestors 'self'"
)
EXPORT = ("format", "view", "where", "search", "sort", "filter", "template")
INERT = "default-src 'none'; sandbox"
SAFE_INLINE = thumbnails.TYPES
NO_FILE = {"en": "a file is expected in the field 'file'", "zh-CN": "请在 file 字段中上传文件"}
BEYOND_KEY = WORDS["beyond-key"]
NO_SCOPE = {"en": "the key has no scope 'files'", "zh-CN": "密钥没有 files 权限"}
NO_EDGE = {
    "en": "'edge' is how wide or high a thumbnail is, one of {options}; '{seen}' is none of them",
    "zh-CN": "edge 是缩略图的边长，可为 {options}，而不是“{seen}”",
}
NO_RANGE = {"en": "the file has {size} bytes", "zh-CN": "文件共 {size} 字节"}
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
SIGN_IN = {"en": "sign in first", "zh-CN": "请先登录"}


def attachment(name: str, *, inline: bool = False) -> tuple[str, str]:
    """The header that names a file in any script (RFC 6266)."""
    name = printable(name)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "'")
    word = "inline" if inline else "attachment"
    return "Content-Disposition", f"{word}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def export(door: Door, request: Request, caller: Caller, form: str) -> Response:
    """The records of a view as a file, sent while it is made; beside it how many records, and about how many bytes."""
    given = request.known(EXPORT)
    made = door.ask(
        caller, "forms.stream", form=form, reading=partial(_reading, door, caller),
        format=given.get("format", "xlsx"), view=given.get("view"),
        where=given.get("where"), search=given.get("search"), sort=given.get("sort"),
        filter=read_object(given["filter"]) if given.get("filter") else None,
        template=given.get("template") == "true", language=door.locale(request, caller),
    )  # fmt: skip
    headers = [attachment(made["name"]), ("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"),
               ("Lowcode-Rows", str(made["rows"])), ("Lowcode-Size", str(made["size"]))]  # fmt: skip
    return Response(200, made["content"], made["media_type"], headers)


@contextmanager
def _reading(door: Door, caller: Caller) -> Iterator[Any]:
    """A context to read in as the caller."""
    with door.host.database.reading() as unit:
        yield door.host.context(unit, caller.actor)


def import_file(door: Door, request: Request, caller: Caller, form: str) -> Response:
    """Records from a file; a dry run says what would happen."""
    if caller.actor.id is None and not caller.actor.is_app:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    fields, files = parse_form(request)
    if "file" not in files:
        raise Rejected(Problem("http.no-file", NO_FILE, "/file"))
    name, _, content = files["file"]
    parameters: dict[str, Any] = {
        "form": form,
        "name": name,
        "content": content,
        "dry_run": fields.get("dry_run") == "true",
    }
    for key in ("mapping", "fixes"):
        if fields.get(key):
            parameters[key] = read_object(fields[key])
    if fields.get("keys"):
        parameters["keys"] = tuple(part.strip() for part in fields["keys"].split(",") if part.strip())
    for key in ("duplicates", "on_error"):
        if fields.get(key):
            parameters[key] = fields[key]
    if row := fields.get("header_row"):
        parameters["header_row"] = int(row) if row.isascii() and row.isdecimal() and len(row) < 9 else row
    return answer(door.ask(caller, "forms.import", **parameters))


def permit_files(actor: Actor) -> None:
    """Files are for people who are signed in, and for programs whose key has the scope `files`."""
    if actor.id is None:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    if actor.narrowed:
        raise Forbidden(Problem("ask.beyond-key", BEYOND_KEY, "", {"name": "files"}))
    if not actor.may_ask("files"):
        raise Forbidden(Problem("http.key-scope", NO_SCOPE))


def upload(door: Door, request: Request, caller: Caller) -> Response:
    """Keep a file."""
    permit_files(caller.actor)
    _, files = parse_form(request)
    if "file" not in files:
        raise Rejected(Problem("http.no-file", NO_FILE, "/file"))
    name, media_type, content = files["file"]
    kept = door.host.database.write(
        lambda unit: store.keep(door.host.context(unit, caller.actor), name, media_type, content)
    )
    return answer(kept, 201)


def download(door: Door, request: Request, caller: Caller, id: int) -> Response:
    """A kept file; shown in the page only when it is a picture that cannot act. With `edge`, its thumbnail."""
    permit_files(caller.actor)
    edge = _edge(request.known(("download", "edge")).get("edge"))
    with door.host.database.reading() as unit:
        found = readable(door.host.context(unit, caller.actor), id)
    if edge is not None:
        return _small(door, request, found, edge)
    inline = found["media_type"] in SAFE_INLINE and request.parameters.get("download") != "true"
    tag = f'"{found["digest"]}"'
    headers = [attachment(found["name"], inline=inline), *_kept(tag)]
    if has_already(request, tag):
        return Response(304, headers=headers)
    media_type = found["media_type"] if inline else "application/octet-stream"
    return ranged(request, door.host.files.get(found["digest"]), media_type, headers, tag)


def _kept(tag: str) -> list[tuple[str, str]]:
    """What is said of contents that never change."""
    return [("ETag", tag), ("Cache-Control", "private, max-age=86400"), ("Content-Security-Policy", INERT)]


def _edge(given: str | None) -> int | None:
    """How large a thumbnail is asked for. Raises Rejected."""
    options = [str(each) for each in thumbnails.EDGES]
    if given is None or given in options:
        return None if given is None else int(given)
    values = {"seen": given[:20], "options": ", ".join(options)}
    raise Rejected(Problem("http.edge", NO_EDGE, "/edge", values))


def _small(door: Door, request: Request, found: dict[str, Any], edge: int) -> Response:
    """The thumbnail of a picture; the picture itself where the library that draws them is not installed."""
    if found["media_type"] not in SAFE_INLINE:
        raise Rejected(Problem("files.no-picture", thumbnails.NO_PICTURE, "/edge", {"name": found["name"]}))
    tag = f'"{found["digest"]}-{edge}"'
    headers = [attachment(f"{found['name']}.webp", inline=True), *_kept(tag)]
    if has_already(request, tag):
        return Response(304, headers=headers)
    kept = door.host.files.thumbnails.get(found["digest"], edge)
    if kept is None and request.elsewhere:
        return Elsewhere()
    try:
        drawn = kept or thumbnails.thumbnail(door.host.files, found["digest"], edge)
        return Response(200, drawn, thumbnails.MEDIA_TYPE, headers)
    except thumbnails.PillowMissing:
        headers[0] = attachment(found["name"], inline=True)
        return Response(200, door.host.files.get(found["digest"]), found["media_type"], headers)


class RangeNotSatisfiable(Rejected):
    """The part that is asked for lies outside of the file."""

    status = 416
    title = "Range not satisfiable"


def ranged(request: Request, content: bytes, media_type: str, headers: list[tuple[str, str]], tag: str) -> Response:
    """The whole, or the one part that `Range` asks for (RFC 9110, 14); a part of another version is none."""
    headers.append(("Accept-Ranges", "bytes"))
    matched = RANGE.fullmatch(request.headers.get("range", "").strip())
    if matched is None or request.headers.get("if-range", tag) != tag or matched[1] == matched[2] == "":
        return Response(200, content, media_type, headers)
    size = len(content)
    first = int(matched[1]) if matched[1] else max(0, size - int(matched[2]))
    last = min(int(matched[2]), size - 1) if matched[1] and matched[2] else size - 1
    if first > last or (not matched[1] and matched[2] == "0"):
        raise RangeNotSatisfiable(Problem("http.range", NO_RANGE, "", {"size": size}))
    headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    return Response(206, content[first : last + 1], media_type, headers)
