"""Files by the digest of their contents: the same file twice is kept once, and what is kept can be proven.

Contents lie in a folder (or, without one, in the database's neighbour folder), or with a service of the embedding
program; the table knows names and types.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.services import Files
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.loose import tables_of, unused_contents
from lowcode.kernel.storage.media_types import plain_type
from lowcode.kernel.storage.thumbnails import InFolder, InMemory, Keeper

GOING = ".going"
MAXIMUM = 50 * 2**20
TOO_LARGE = {"en": "a file has at most {limit} MB", "zh-CN": "文件最大 {limit} MB"}
GONE = {"en": "there is no such file", "zh-CN": "文件不存在"}
DIGEST = re.compile(r"[0-9a-f]{64}")


log = logging.getLogger("lowcode.files")


def warn_of_temporary(given: object, database: Any) -> None:
    """Say that what people upload will not last: a folder of temporary files is emptied when the machine starts, and no
    other machine sees it."""
    if given is None and database.dialect_name != "sqlite":
        log.warning(
            "contents of files, and the key of what waits to be sent, are kept in %s, which is a folder of temporary "
            "files: give the host a folder that stays and that all its machines share, Host(…, files=…)",
            database.files_folder(),
        )  # fmt: skip


class FileStore:
    """Contents in a folder, spread over subfolders by the first characters of their digest."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.thumbnails: Keeper = InFolder(self.folder)

    def put(self, content: bytes) -> str:
        """Keep contents; their digest. Written aside and renamed, so a crash leaves no half file."""
        digest = digest_of(content)
        path = self.path(digest)
        if not _touched(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
            _settled(path.parent)
        return digest

    def get(self, digest: str) -> bytes:
        """Contents by digest. Raises NotFound."""
        path = self.path(digest)
        for each in (path, path.with_suffix(GOING), path):
            try:
                return each.read_bytes()
            except FileNotFoundError:
                continue
        raise NotFound(Problem("files.gone", GONE))

    def remove(self, digest: str) -> None:
        """Contents that nobody holds any more."""
        self.path(digest).unlink(missing_ok=True)
        self.thumbnails.forget(digest)

    def discard(self, digest: str, seconds: float) -> bool:
        """Contents that nothing refers to, unless somebody kept the same within so many seconds: whether they went.
        They are put aside before they are looked at, so that whoever keeps them at this moment writes them anew."""
        path = self.path(digest)
        aside = path.with_suffix(GOING)
        try:
            if time.time() - path.stat().st_mtime < seconds:
                return False
            os.replace(path, aside)
            if time.time() - aside.stat().st_mtime < seconds:
                os.replace(aside, path)
                return False
        except FileNotFoundError:
            return True
        aside.unlink(missing_ok=True)
        self.thumbnails.forget(digest)
        return True

    def path(self, digest: str) -> Path:
        """Where contents lie. Raises NotFound for what is no digest."""
        name = _a_digest(digest)
        return self.folder / name[:2] / name

    def open(self, digest: str) -> BinaryIO:
        """Contents to be read piece by piece. Raises NotFound."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            return io.BytesIO(self.get(digest))


class GivenFiles:
    """Contents kept by a service of the embedding program; `folder` is where this host keeps what is its own alone."""

    def __init__(self, service: Files, folder: str | Path) -> None:
        self.service = service
        self.folder = Path(folder)
        self.thumbnails: Keeper = InMemory()

    def put(self, content: bytes) -> str:
        """Keep contents; their digest."""
        digest = digest_of(content)
        self.service.put(digest, content)
        return digest

    def get(self, digest: str) -> bytes:
        """Contents by digest. Raises NotFound."""
        try:
            return self.service.get(_a_digest(digest))
        except (FileNotFoundError, KeyError):
            raise NotFound(Problem("files.gone", GONE)) from None

    def remove(self, digest: str) -> None:
        """Contents that nobody holds any more."""
        self.service.remove(digest)
        self.thumbnails.forget(digest)

    def discard(self, digest: str, seconds: float) -> bool:
        """Contents that nothing refers to, unless somebody kept the same within so many seconds: whether they went."""
        gone = self.service.discard(digest, seconds)
        if gone:
            self.thumbnails.forget(digest)
        return gone

    def open(self, digest: str) -> BinaryIO:
        """Contents to be read piece by piece. Raises NotFound."""
        return io.BytesIO(self.get(digest))


def _a_digest(text: str) -> str:
    """What may be a digest; any other name would be a way to other files. Raises NotFound."""
    if DIGEST.fullmatch(text) is None:
        raise NotFound(Problem("files.gone", GONE))
    return text


def digest_of(content: bytes) -> str:
    """What contents go by. Raises Rejected for more than a file may have."""
    if len(content) > MAXIMUM:
        raise Rejected(Problem("files.too-large", TOO_LARGE, "/file", {"limit": MAXIMUM // 2**20}))
    return hashlib.sha256(content).hexdigest()


def _touched(path: Path) -> bool:
    """Whether contents are there; they are as new from now on, so that none are discarded that somebody keeps again."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _settled(folder: Path) -> None:
    """Have the folder written too: after a power cut a file without its name is no file."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def printable(name: str) -> str:
    """A name without what would end a header or cannot be written: line breaks, controls, halves of characters."""
    whole = name.encode("utf-8", "replace").decode()
    return "".join(each if each.isprintable() else "_" for each in whole)


def keep(context: Any, name: str, media_type: str, content: bytes) -> dict[str, Any]:
    """Keep a file somebody sent; its media type is kept plain."""
    media_type = plain_type(media_type)
    digest = context.host.files.put(content)
    clean = printable(os.path.basename(name.replace("\\", "/")))[:200] or "file"
    identity = context.unit.insert(
        t.file, digest=digest, name=clean, media_type=media_type, size=len(content),
        created_at=context.now(), created_by=context.actor.id,
    )  # fmt: skip
    return {"id": identity, "name": clean, "size": len(content), "type": media_type}


def find(context: Any, identity: int) -> dict[str, Any]:
    """The row of a file. Raises NotFound."""
    found = context.unit.one(
        context.host.cached("file", lambda: sa.select(t.file).where(t.file.c.id == sa.bindparam("file_id"))),
        file_id=identity,
    )
    if found is None:
        raise NotFound(Problem("files.gone", GONE))
    return dict(found)


def files_of(context: Any, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is known of several files, by id."""
    listed = sorted(ids)
    if not listed:
        return {}
    rows = context.unit.fetch(sa.select(t.file).where(t.file.c.id.in_(listed)))
    return {
        row["id"]: {"id": row["id"], "name": row["name"], "size": row["size"], "type": row["media_type"]}
        for row in rows
    }


def forget_files(context: Any, form: str, records: list[int], files: Iterable[int]) -> None:
    """Files that some records held: gone when no other record holds them, and their contents when no other file has
    the same and no template or message needs them, after the commit."""
    listed = sorted(set(files))
    if not listed:
        return
    unit = context.unit
    own = sa.and_(t.file_use.c.record_type == form, t.file_use.c.record_id.in_(records))
    unit.run(sa.delete(t.file_use).where(own, t.file_use.c.file.in_(listed)))
    kept = {row["file"] for row in unit.fetch(sa.select(t.file_use.c.file).where(t.file_use.c.file.in_(listed)))}
    gone = [each for each in listed if each not in kept]
    rows = unit.fetch(sa.select(t.file.c.digest).where(t.file.c.id.in_(gone))) if gone else []
    if rows:
        unit.run(sa.delete(t.file).where(t.file.c.id.in_(gone)))
    for digest in unused_contents(unit, tables_of(context.app), {row["digest"] for row in rows}):
        unit.after_commit.append(partial(context.host.files.remove, digest))
