"""Where tests keep what lasts for the length of a run: in memory, where there is room for it.

Most tests open a database of their own, and a new database of PostgreSQL alone is a thousand files. What a test kills
is a process, never the machine, so memory shows the same as a disk.

A run that is killed clears nothing up, and memory would fill: each run has a folder of its own, whose lock the system
takes back with the process that made it, and the next run sweeps away what it finds without one.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

if sys.platform != "win32":
    import fcntl

MEMORY = Path("/dev/shm")
DISK = Path("/tmp")
ROOM = 4 * 1024**3
"""A run keeps less than half of this at once; containers often have 64 MB, and then the disk has to do."""
PREFIX = "lowcode-run-"
KEPT = "pytest-of-*"
"""What pytest keeps of tests that failed, until the next run."""
PATIENCE = 10.0
"""Seconds in which a process ends that was killed."""

_own: dict[Path, tuple[Path, int]] = {}
"""The folder of this process in each place, with the descriptor that holds its lock."""


def roomy(folder: Path = MEMORY, room: int = ROOM) -> bool:
    """Whether a folder may be written, run from, and has the room (in bytes)."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= room


def use_memory() -> None:
    """Put every temporary folder of this process and of those it starts into memory, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and roomy():
        os.environ["TMPDIR"] = str(own_folder(MEMORY))
        tempfile.tempdir = None


def own_folder(place: Path) -> Path:
    """The folder of this run in `place`: that of the process which began it, else a new one, which goes with this
    process. What dead runs left in `place` is swept away first."""
    inherited = Path(tempfile.gettempdir())
    if inherited.parent == place and inherited.name.startswith(PREFIX):
        return inherited
    if place not in _own:
        sweep(place)
        _own[place] = _make(place)
        atexit.register(_leave, *_own[place], os.getpid())
    return _own[place][0]


def sweep(place: Path) -> list[Path]:
    """End what still runs for dead runs in `place` and take away what they left; the folders that are gone with it."""
    swept = []
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or taken away by another run at this moment
            if (lock := _lock(folder)) is None:
                continue
            try:
                _end(folder)
                shutil.rmtree(folder)
                swept.append(folder)
            finally:
                os.close(lock)
    return swept


def _make(place: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        # A server of PostgreSQL runs as somebody else, and has to come by.
        folder.chmod(0o711)
        lock = _lock(folder)
        if lock is not None and folder.exists():
            return folder, lock
        # Another run swept it away before it was locked.
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the lock of a folder as long as it is open here; None while another process has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _end(folder: Path) -> None:
    """Kill every process that was started by a run: it has the run's folder for its temporary files, or works in it,
    as servers of PostgreSQL do."""
    found = [each for each in psutil.process_iter() if each.pid != os.getpid() and _belongs(each, folder)]
    for each in found:
        with suppress(psutil.Error):
            each.kill()
    psutil.wait_procs(found, PATIENCE)


def _belongs(process: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.Error, OSError):
        if process.environ().get("TMPDIR") == str(folder):
            return True
    with suppress(psutil.Error, OSError):
        return Path(process.cwd()).is_relative_to(folder)
    return False


def _leave(folder: Path, lock: int, owner: int) -> None:
    """What the process that made it does at its end: all goes but what failed tests left."""
    if os.getpid() != owner:
        return
    for each in folder.iterdir():
        if each.match(KEPT):
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink(missing_ok=True)
    for empty in (*folder.glob(f"{KEPT}/*"), *folder.glob(KEPT), folder):
        with suppress(OSError):
            empty.rmdir()
    os.close(lock)
