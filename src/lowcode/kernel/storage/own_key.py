"""Keys that a host makes for itself where it is given none: a file each, in the folder of its files, readable by its
user alone."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger("lowcode.sealing")


def read(path: Path) -> str:
    """The key that was made; blank where there is none."""
    return path.read_text("ascii").strip() if path.exists() else ""


def made(path: Path, fresh: Callable[[], str], what: str) -> str:
    """The key of a file, made by whichever process is first: the others read what that one wrote. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # for its user alone
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
            log.info("made %s, in %s", what, path)
    finally:
        os.unlink(temporary)
    return read(path)
