"""What was published while the app ran, laid over the documents a host was opened with.

A version that was published from the page is in the database and not in the folder of the app. So that the next start
from the folder does not lose it, the version says of each such document what the folder held when it was published
(`over`: a digest, or none): as long as the folder still holds that, what was published stays. When the folder was
changed meanwhile too, somebody has to decide (decision 0084).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.storage import StorageError
from lowcode.kernel.storage.migrate import versions

REPLACE = "replace:"
"""How consents begin that let a document of the folder go over what was published while the app ran."""
Over = Mapping[str, str | None]


@dataclass
class Standing:
    """Which documents a host was opened with, which version of the database it runs, and when it looked last."""

    folder: Documents
    over: Over = field(default_factory=dict)
    version: int = 0
    """0 until the database was brought to the host's documents: before that, nobody else's version is followed."""
    unreadable: int = 0
    """The version in use that this process cannot read: it goes on reading with its own, and writes nothing."""
    schema: int | None = None
    """The number of the tables (`Unit.schema`) that was last looked at."""
    looked: float = 0.0
    went_on: float = float("-inf")
    """When it went on with another version, by the same clock as `looked`."""
    swaps: int = 0
    closed: bool = False
    """Whether the host was closed: no thread follows any more."""
    again: Callable[[Any], None] | None = None
    """What each unit of the host is told as `Unit.again`; made with the first of them."""
    lock: threading.RLock = field(default_factory=threading.RLock)


class Diverged(StorageError):
    """Documents were changed in the folder, and otherwise while the app ran; `paths` names them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        allowing = " ".join(f"--allow {REPLACE}{each}" for each in self.paths)
        super().__init__(
            f"changed here, and published otherwise while the app ran: {', '.join(self.paths)}; nothing was done.\n"
            "Fetch what is in use (lowcode pull <another folder> --from <database>) and bring both together; "
            f"or let the documents here go over it: lowcode apply … {allowing}"
        )


def contents(documents: Documents) -> dict[str, bytes]:
    """Documents and files by path, as they would stand in a folder."""
    found = {each.path: versions.text_of(each).encode() for each in documents}
    return found | dict(documents.files)


def marks(documents: Documents) -> dict[str, str]:
    """For each document and file a digest of what it says, whatever its formatting."""
    found = {}
    for each in documents:
        said = json.dumps(each.data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        found[each.path] = hashlib.sha256(said).hexdigest()
    return found | {path: hashlib.sha256(content).hexdigest() for path, content in documents.files.items()}


def differing(folder: Documents, documents: Documents) -> dict[str, str | None]:
    """What documents say otherwise than the folder, with what the folder says."""
    here, there = marks(folder), marks(documents)
    return {path: here.get(path) for path in sorted({*here, *there}) if here.get(path) != there.get(path)}


def laid_over(
    folder: Documents, kept: Mapping[str, Any], replace: Iterable[str] = (), engines: Iterable[str] = ()
) -> tuple[Documents, dict[str, str | None]]:
    """The folder with what was published while the app ran, and what of that is left. Raises Diverged.

    `kept` is a version as the database holds it; `replace` are consents such as `replace:rules/greet.json`.
    """
    published: Over = kept.get("over") or {}
    if not published:
        return folder, {}
    used = versions.contents(kept)
    here, there = marks(folder), marks(load(used, Report(), engines=engines))
    patterns = tuple(replace)
    taken, over, wrong = contents(folder), dict[str, str | None](), []
    for path, was in published.items():
        if here.get(path) == there.get(path) or any(fnmatchcase(REPLACE + path, each) for each in patterns):
            continue
        if here.get(path) != was:
            wrong.append(path)
            continue
        over[path] = was
        taken.pop(path, None)
        if path in used:
            taken[path] = used[path]
    if wrong:
        raise Diverged(wrong)
    return (load(taken, Report(), engines=engines), over) if over else (folder, {})
