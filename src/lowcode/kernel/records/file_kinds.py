"""Which files a field takes, as the `accept` of a browser says it: an ending, a media type, or a group of media types.

What a file is called and what was sent as its type are words of whoever sends it. Of kinds whose contents can be told
the contents have to agree with both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from lowcode.kernel.storage.media_types import plain_type

ACCEPT = (
    "Kinds of files as a browser knows them: endings (`.pdf`), media types (`application/pdf`) or groups (`audio/*`)."
)
GROUPS = ("application", "audio", "font", "image", "message", "model", "multipart", "text", "video")
"""The groups of media types that are registered."""
ENDING = re.compile(r"\.[^\s./*?,;\\]+")
MEDIA_TYPE = re.compile(rf"({'|'.join(GROUPS)})/(\*|[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*)")
OFFICE: Mapping[str, str] = {
    ending: f"application/vnd.openxmlformats-officedocument.{name}"
    for ending, name in {
        "docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet", "pptx": "presentationml.presentation",
    }.items()
}  # fmt: skip
ENDINGS: Mapping[str, str] = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "zip": "application/zip", **OFFICE,
}  # fmt: skip
"""As what files of an ending begin."""
HEAD = 1024
"""So many bytes tell what is in a file."""
BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    kind: re.compile(found, re.DOTALL)
    for kind, found in {
        "image/png": rb"\x89PNG\r\n\x1a\n",
        "image/jpeg": rb"\xff\xd8\xff",
        "image/gif": rb"GIF8[79]a",
        "image/webp": rb"RIFF.{4}WEBP",
        "application/pdf": rb"\s{0,1000}%PDF-",
        "application/zip": rb"PK(\x03\x04|\x05\x06)",
        **dict.fromkeys(OFFICE.values(), rb"PK(\x03\x04|\x05\x06)|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    }.items()
}
"""How files of these kinds begin; readers of PDF leave room before its beginning, and an office file with a password
is a container of another kind."""


def is_kind(text: str) -> bool:
    """Whether `accept` of a browser could say it."""
    return bool(ENDING.fullmatch(text) or MEDIA_TYPE.fullmatch(text))


def is_pattern(text: str) -> bool:
    """Whether it is a pattern of media types (`*/*`, `application/vnd.ms-*`), as earlier versions wrote them: what was
    published goes on taking what it took."""
    return "*" in text and not is_kind(text)


def meant(text: str) -> str | None:
    """What was probably meant by something that is no kind; None where that cannot be told."""
    plain = text.strip().lower()
    if plain.rstrip("/*") in GROUPS:
        return f"{plain.rstrip('/*')}/*"
    ending = f".{plain.removeprefix('*').removeprefix('.')}"
    return ending if ENDING.fullmatch(ending) else plain if is_kind(plain) else None


def takes(accept: Iterable[str], name: str, media_type: str) -> bool:
    """Whether a file is of one of the kinds, by what it is called and said to be."""
    name, sent = name.lower(), plain_type(media_type)
    for each in accept:
        kind = each.lower()
        if fnmatchcase(sent, kind) if "*" in kind else name.endswith(kind) if kind[:1] == "." else sent == kind:
            return True
    return False


def picture_taken(kind: str, accept: Iterable[str]) -> bool:
    """Whether a field takes pictures of a media type, be it by an ending."""
    listed = list(accept)
    return takes(listed, "", kind) or any(ENDINGS.get(each[1:].lower()) == kind for each in listed if each[:1] == ".")


def belied(name: str, media_type: str, head: bytes) -> str | None:
    """The ending or the media type that the contents of a file belie."""
    ending = name.lower().rpartition(".")[2] if "." in name else ""
    for said, kind in ((media_type, plain_type(media_type)), (f".{ending}", ENDINGS.get(ending, ""))):
        begins = BEGINNINGS.get(kind)
        if begins is not None and not begins.match(head):
            return said
    return None
