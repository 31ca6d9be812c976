"""Where tests keep what lasts for the length of a run: in memory, where there is room for it.

Most tests open a database of their own, and a new database of PostgreSQL alone is a thousand files. What a test kills
is a process, never the machine, so memory shows the same as a disk.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
"""A run keeps less than half of this at once; containers often have 64 MB, and then the disk has to do."""


def roomy(folder: Path = MEMORY, room: int = ROOM) -> bool:
    """Whether a folder may be written, run from, and has the room (in bytes)."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= room


def use_memory() -> None:
    """Put every temporary folder of this process and of those it starts into memory, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and roomy():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
