"""Forms with files (multipart/form-data, RFC 7578), cut where their boundaries stand.

A file is not looked into: it is cut out as it is, however many lines it has and whatever it says it is (a letter is a
file here, not parts). What a part says of itself is read here as well, each character once: the standard library's
parser of headers takes ever longer for each of them, and goes as deep as its brackets do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from urllib.parse import unquote_to_bytes

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.web.messages import Request

NOT_MULTIPART = {"en": "multipart/form-data is expected", "zh-CN": "应为 multipart/form-data"}
CUT_OFF = {"en": "the form ends before its end; send it again", "zh-CN": "表单数据不完整，请重新提交"}
BAD_PART = {
    "en": "part {number} of the form does not say its name: it begins with lines of at most {limit} bytes in all, one "
    'of them content-disposition: form-data; name="…", and a blank one',
    "zh-CN": "表单的第 {number} 部分没有说明名称：开头应为合计不超过 {limit} 字节的若干行，其中一行为 "
    'content-disposition: form-data; name="…"，其后为空行',
}
TOO_MANY_PARTS = {"en": "a form has at most {limit} parts", "zh-CN": "表单最多包含 {limit} 个部分"}
PARTS_LIMIT = 100
BOUNDARY_LIMIT = 200
HEAD_LIMIT = 4_000
"""Bytes of the headers of a part: its name, and the name of a file of 255 characters twice, each of them nine bytes in
the second."""
PARAMETERS_LIMIT = 20
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
PARAMETER = re.compile(rf'[ \t]*;[ \t]*(?:({TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*+)"|([^\s;"]*)))?', re.DOTALL)
"""One parameter of a header, or none between two semicolons. It is looked for where the one before ends, and nowhere
else; what was read of it is not read again in another way."""
ESCAPED = re.compile(r'\\(["\\])|%22')
FOLDED = re.compile(rb"\r\n[ \t]+")
MEDIA_TYPE = re.compile(rf"({TOKEN}/{TOKEN})[ \t]*(?:;|$)")
EXTENDED = re.compile(r"(utf-8|iso-8859-1)'[^']*'((?:[^%]|%[0-9a-f]{2})*+)", re.IGNORECASE)
"""How `filename*` is written (RFC 8187)."""
Fields = dict[str, str]
Files = dict[str, tuple[str, str, bytes]]


def parse_form(request: Request) -> tuple[Fields, Files]:
    """The fields, and the files as (name, media type, content). Raises Rejected."""
    fields: Fields = {}
    files: Files = {}
    boundary = _boundary(request.headers.get("content-type", ""))
    for number, (head, content) in enumerate(_parts(request.body, boundary), 1):
        named = None if head is None else _named(head)
        if named is None:
            raise Rejected(Problem("http.bad-part", BAD_PART, "", {"number": number, "limit": HEAD_LIMIT}))
        name, file_name, media_type = named
        if file_name is None:
            fields[name] = content.decode("utf-8", "replace")
        else:
            files[name] = (file_name, media_type, content)
    return fields, files


def _named(head: bytes) -> tuple[str, str | None, str] | None:
    """The name of a part, of its file, and what that says it is; None where it has no name."""
    said: dict[str, str] = {}
    for line in FOLDED.sub(b" ", head).decode("utf-8", "replace").split("\r\n"):
        header, _, value = line.partition(":")
        said.setdefault(header.strip().lower(), value.strip())
    found = parameters(said.get("content-disposition", ""))
    if found is None or "name" not in found:
        return None
    media_type = MEDIA_TYPE.match(said.get("content-type", ""))
    file_name = _extended(found.get("filename*", ""))
    return (
        found["name"],
        found.get("filename") if file_name is None else file_name,
        "text/plain" if media_type is None else media_type[1].lower(),
    )


def parameters(value: str) -> dict[str, str] | None:
    """What stands behind the first word of a header, by name, the first of each; None where it is written otherwise."""
    found: dict[str, str] = {}
    at = value.find(";")
    if at < 0:
        return found
    for _ in range(PARAMETERS_LIMIT):
        match = PARAMETER.match(value, at)
        if match is None:
            return None
        name, quoted, plain = match.groups()
        if name is not None:
            said = plain if quoted is None else ESCAPED.sub(lambda each: each[1] or '"', quoted)
            found.setdefault(name.lower(), said)
        at = match.end()
        if not value[at:].strip():
            return found
    return None


def _extended(written: str) -> str | None:
    """A name in any script: charset'language'bytes (RFC 8187); None where it is not written like that."""
    match = EXTENDED.fullmatch(written)
    return None if match is None else unquote_to_bytes(match[2]).decode(match[1], "replace")


def _boundary(kind: str) -> bytes:
    """What stands between the parts. Raises Rejected."""
    if kind.lower().startswith("multipart/form-data") and len(kind) <= 4 * BOUNDARY_LIMIT:
        found = (parameters(kind) or {}).get("boundary", "").rstrip()
        if found and len(found) <= BOUNDARY_LIMIT:
            return found.encode("utf-8", "replace")
    raise Rejected(Problem("http.not-multipart", NOT_MULTIPART))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes | None, bytes]]:
    """The headers of each part, None where they do not end, and its content. Raises Rejected for a form that ends
    before its end, or does not end."""
    delimiter = b"--" + boundary
    if not body.rstrip().endswith(delimiter + b"--"):
        raise Rejected(Problem("http.cut-off", CUT_OFF))
    at = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    for number in count(1):
        begin = body.find(b"\r\n", at)
        if begin < 0 or body.startswith(b"--", at + len(delimiter)):
            return
        end = _end(body, delimiter, begin)
        if end is None:
            return
        if number > PARTS_LIMIT:
            raise Rejected(Problem("http.too-many-parts", TOO_MANY_PARTS, "", {"limit": PARTS_LIMIT}))
        blank = body.find(b"\r\n\r\n", begin, min(begin + HEAD_LIMIT + 4, end + 4))
        yield (body[begin + 2 : blank], body[blank + 4 : end]) if begin <= blank <= end else (None, b"")
        at = end + 2


def _end(body: bytes, delimiter: bytes, begin: int) -> int | None:
    """Where a part ends: before a line that is the delimiter, and no line that only begins like it."""
    at = begin
    while (at := body.find(b"\r\n" + delimiter, at)) >= 0:
        behind = body[at + 2 + len(delimiter) : at + 4 + len(delimiter)]
        if behind in (b"--", b"\r\n", b"") or behind[:1] in (b" ", b"\t"):
            return at
        at += 2
    return None
