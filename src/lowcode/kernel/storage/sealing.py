"""What waits to be sent, sealed: the queue and the log of deliveries hold words of letters, links that let their reader
act and codes that serve once, and whoever reads a row, a log of statements or a backup must not find one.

The keys are those of encrypted fields (the secret `ENCRYPTION_KEYS`). A host that is not given any makes one of its own
when it first needs it and keeps it in `OWN_KEY` beside the contents of files, readable by its user alone: a backup of
the database is without it. Where the program keeps contents with a service of its own and the database is on a server,
no folder is shared by the machines that open the queue: such a host does not start without keys. Without the extra
`encryption`, or where no file can be written, words stand in clear until they are sent, and the host says so in the
log, once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from lowcode.kernel.storage.crypto import MARK, SECRET, Keyring, SealError, new_key, possible
from lowcode.kernel.storage.files import GivenFiles
from lowcode.kernel.storage.own_key import made, read
from lowcode.kernel.storage.types import json_text

__all__ = ["OWN_KEY", "SealError", "check_keys", "is_sealed", "opened", "opened_text", "seal", "seal_text"]

log = logging.getLogger("lowcode.sealing")

OWN_KEY = "queue.key"
"""The file of the key that a host made for itself, in the folder of its files."""
OWN_NAME = "own"
SEALED = "sealed"
"""The member of a JSON value that is sealed."""
NEEDS = "needs"
"""Beside it: the files that the value names, so that they are kept until it was sent (`loose`)."""
FILES = frozenset({"file", "files", "digest"})
"""What a value calls files by: ids of files, and digests of contents."""
NAMED = re.compile('"(?:files?|digest)"')
DIGEST = re.compile("[0-9a-f]{64}")
NO_FOLDER = (
    "this host keeps files with a service of its own and its database on a server, so no folder is shared by the "
    "machines that run it, and each would seal what waits to be sent with another key: give all of them the same "
    "LOWCODE_SECRET_{secret} (one is made by: python -c 'from lowcode.kernel.storage.crypto import new_key; "
    "print(new_key())')"
)


def check_keys(host: Any) -> None:
    """Refuse a host that would need a key of its own and has no place for it that all its machines see. Raises
    SealError."""
    if host.secret(SECRET) or not possible() or not isinstance(host.files, GivenFiles):
        return
    if host.database.dialect_name != "sqlite":
        raise SealError(NO_FOLDER.format(secret=SECRET))


def seal(host: Any, value: Any, place: str) -> Any:
    """A JSON value as it is kept: `{"sealed": text}`, with the files it needs. It opens at this place only."""
    keys = _keys(host)
    if keys is None:
        return value
    text = json_text(value)
    needs = list(dict.fromkeys(_files(orjson.loads(text)))) if NAMED.search(text) else None
    return {SEALED: keys.seal(text, place, searchable=False), **({NEEDS: needs} if needs else {})}


def _files(value: Any) -> Iterator[int | str]:
    """The files that stand in a value under a name for them. What only looks like a digest may be a secret."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            for each in part if isinstance(part, (list, tuple)) else (part,):
                number = isinstance(each, int) and not isinstance(each, bool)
                if name in FILES and (number or (isinstance(each, str) and DIGEST.fullmatch(each))):
                    yield each
            yield from _files(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _files(part)


def opened(host: Any, kept: Any, place: str) -> Any:
    """The value that was kept. Raises SealError when it does not open: its key is gone, or it was altered."""
    return orjson.loads(opened_text(host, kept[SEALED], place)) if is_sealed(kept) else kept


def seal_text(host: Any, text: str, place: str) -> str:
    """A text as it is kept."""
    keys = _keys(host)
    return text if keys is None or not text else keys.seal(text, place, searchable=False)


def opened_text(host: Any, kept: str, place: str) -> str:
    """The text that was kept; one that never was sealed is itself. Raises SealError."""
    if not kept.startswith(MARK):
        return kept
    keys = _keys(host)
    if keys is None:
        raise SealError(f"what is kept at {place} is sealed, and this host has no keys: give it the secret {SECRET}")
    return keys.open(kept, place)


def is_sealed(kept: Any) -> bool:
    """Whether a JSON value is one that was sealed."""
    return isinstance(kept, dict) and kept.keys() | {NEEDS} == {SEALED, NEEDS} and str(kept[SEALED]).startswith(MARK)


def _keys(host: Any) -> Keyring | None:
    """The keys that were given, the newest first, and the host's own where there is one; None where none can be had."""
    given = host.secret(SECRET) or ""
    found: tuple[Keyring | None] = host.cached(("sealing", given), lambda: (_found(host, given),))
    return found[0]


def _found(host: Any, given: str) -> Keyring | None:
    if not possible():
        log.warning("words wait in clear until they are sent: the extra 'encryption' is not installed")
        return None
    check_keys(host)
    path = Path(host.files.folder) / OWN_KEY
    try:
        # What was sealed before keys were given must open still.
        own = read(path) if given or path.exists() else _make(path)
    except OSError as error:
        if given:
            own = ""
        else:
            log.warning("words wait in clear until they are sent: %s; give the host the secret %s", error, SECRET)
            return None
    return Keyring.parse(",".join(filter(None, (given, own))))


def _make(path: Path) -> str:
    """A key of one's own, by whichever process is first."""
    return made(path, lambda: new_key(OWN_NAME), f"a key for what waits to be sent; {SECRET} takes its place")
