"""Forms with files (multipart/form-data, RFC 7578), cut where their boundaries stand.

A file is not looked into: it is cut out as it is, however many lines it has and whatever it says it is (a letter is a
file here, not parts). The standard library's mail parser, which reads line by line, is given the headers of parts only.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.web.messages import Request

NOT_MULTIPART = {"en": "multipart/form-data is expected", "zh-CN": "应为 multipart/form-data"}
CUT_OFF = {"en": "the form ends before its end; send it again", "zh-CN": "表单数据不完整，请重新提交"}
PARTS_LIMIT = 100
BOUNDARY_LIMIT = 200
HEAD_LIMIT = 8_000
"""Bytes of the headers of a part: a name, a file's name and its type."""
STUMBLES = (ValueError, LookupError, AttributeError, TypeError, AssertionError)
"""What the library raises where a header is not as it should be."""
Fields = dict[str, str]
Files = dict[str, tuple[str, str, bytes]]


def parse_form(request: Request) -> tuple[Fields, Files]:
    """The fields, and the files as (name, media type, content). Raises Rejected."""
    fields: Fields = {}
    files: Files = {}
    for head, content in _parts(request.body, _boundary(request.headers.get("content-type", ""))):
        name, file_name, media_type = _named(head)
        if name is not None and file_name is not None:
            files[name] = (file_name, media_type, content)
        elif name is not None:
            fields[name] = content.decode("utf-8", "replace")
    return fields, files


def _named(head: bytes) -> tuple[str | None, str | None, str]:
    """The name of a part, of its file, and what that says it is. Raises Rejected."""
    try:
        part = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + b"\r\n\r\n", headersonly=True)
        name = part.get_param("name", header="content-disposition")
        return name if isinstance(name, str) else None, part.get_filename(), part.get_content_type()
    except STUMBLES:
        raise Rejected(Problem("http.not-multipart", NOT_MULTIPART)) from None


def _boundary(kind: str) -> bytes:
    """What stands between the parts. Raises Rejected."""
    if kind.startswith("multipart/form-data") and len(kind) <= 4 * BOUNDARY_LIMIT:
        message = Message()
        message["Content-Type"] = kind
        found = message.get_boundary()
        if found and len(found) <= BOUNDARY_LIMIT:
            return found.encode("utf-8", "replace")
    raise Rejected(Problem("http.not-multipart", NOT_MULTIPART))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The headers and the content of each part. Raises Rejected for a form that ends before its end."""
    delimiter = b"--" + boundary
    if not body.rstrip().endswith(delimiter + b"--"):
        raise Rejected(Problem("http.cut-off", CUT_OFF))
    at = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    for _ in range(PARTS_LIMIT):
        begin = body.find(b"\r\n", at)
        if begin < 0 or body.startswith(b"--", at + len(delimiter)):
            return
        blank = body.find(b"\r\n\r\n", begin, begin + HEAD_LIMIT)
        end = _end(body, delimiter, begin)
        if end is None:
            return
        if begin <= blank <= end:
            yield body[begin + 2 : blank], body[blank + 4 : end]
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
