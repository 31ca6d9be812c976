"""What visitors may upload: the limits of the field, and those that hold for everybody from outside. Pure.

A visitor never gets to know the number of a file. What they hold is a token that names the file, the form and the field
it was uploaded for; it opens nothing, and is only good for being sent in with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.forms.public import signing
from lowcode.forms.public.plan import FILES, Public
from lowcode.forms.public.words import problem
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records.file_kinds import ENDINGS, HEAD, belied, picture_taken
from lowcode.kernel.records.file_kinds import takes as of_kind
from lowcode.kernel.records.plan import Field, RecordType

LARGEST = 10 * 2**20
"""Bytes of one file of a visitor, whatever the field takes."""
MOST = 10
"""Files a visitor may send in by one field, whatever the field takes."""
A_PAGE = 30
"""Files one opened page may upload, those that are taken out again among them."""
A_DAY = 200 * 2**20
"""Bytes one network address may upload within a day."""
FILES_A_DAY = 200
"""Files one network address may upload within a day, however small."""
FILES_OF_ALL = 10_000
"""Files that everybody together may upload by one public form within a day."""
OF_ALL = 2 * 2**30
"""Bytes that everybody together may upload by one public form within a day."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PURPOSE = "upload"


def takes(field: Field) -> tuple[str, ...]:
    """The kinds of files a field takes from visitors; any when an attachment says none. Pictures are those whose
    contents can be told, whatever else the field takes from colleagues."""
    options: Any = field.options
    accept = tuple(options.accept)
    if field.options_type != "image":
        return accept
    return tuple(each for each in PICTURES if not accept or picture_taken(each, accept))


def largest(field: Field) -> int:
    """The bytes one file may have."""
    options: Any = field.options
    return min(LARGEST, options.max_size or LARGEST)


def most(field: Field) -> int:
    """How many files may be sent in."""
    options: Any = field.options
    return min(MOST, int(options.max_files))


def unfit(field: Field, name: str, media_type: str, content: bytes) -> Problem | None:
    """Why a file is not taken for a field."""
    pointer, limit, known = f"/{field.name}", largest(field), takes(field)
    if not content:
        return problem("file-empty", pointer, name=name)
    if len(content) > limit:
        return problem("file-too-large", pointer, name=name, limit=in_words(limit))
    if (known or field.options_type == "image") and not of_kind(known, name, media_type):
        told = ", ".join(map(kind_in_words, known))
        return problem("file-not-taken", pointer, name=name, seen=media_type, known=told)
    said = belied(name, media_type, content[:HEAD])
    return None if said is None else problem("file-other-inside", pointer, name=name, seen=said)


def kind_in_words(kind: str) -> str:
    """A kind of files as people call it, where they do."""
    if kind[:1] == ".":
        return kind[1:].upper()
    return next((ending.upper() for ending in reversed(list(ENDINGS)) if ENDINGS[ending] == kind), kind)


def in_words(size: int) -> str:
    """A number of bytes as people say it."""
    return f"{size / 2**20:.3g} MB" if size >= 2**20 else f"{max(1, round(size / 2**10))} kB"


def token_of(key: str, face: Public, field: str, identity: int, at: int) -> str:
    """What the visitor holds of a file."""
    return signing.sign(key, PURPOSE, form=face.form, name=face.definition.name, field=field, file=identity, at=at)


def resolved(
    key: str, record_type: RecordType, face: Public, values: Mapping[str, Any], since: float
) -> tuple[dict[str, Any], list[Problem]]:
    """What was sent with numbers of files where it had tokens; what is wrong with those. `since`: when the oldest that
    are good were made."""
    found, problems = dict(values), []
    for name in face.fields:
        if record_type.fields[name].options_type not in FILES or values.get(name) in (None, "", []):
            continue
        numbers = list(_numbers(key, face, name, values[name], since))
        if None in numbers:
            problems.append(problem("file-not-sent", f"/{name}"))
        found[name] = list(dict.fromkeys(each for each in numbers if each is not None))
    return found, problems


def _numbers(key: str, face: Public, field: str, sent: Any, since: float) -> Iterator[int | None]:
    wanted = (face.form, face.definition.name, field)
    for each in sent if isinstance(sent, list) else [sent]:
        said = signing.read(key, PURPOSE, each) if isinstance(each, str) else None
        good = said is not None and (said["form"], said["name"], said["field"]) == wanted and said["at"] >= since
        yield int(said["file"]) if said is not None and good else None
