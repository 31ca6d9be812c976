"""What a program of its own may take that reads what comes from anybody. It imports nothing, so that it costs such a
program nothing to start with."""

from __future__ import annotations


def limit(memory: int, written: int | None = None) -> None:
    """Hold this process to bytes of memory and, where they are given, of each file it writes; it leaves no core behind.
    Windows knows no such limits; there it ends when the machine has no more."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if written is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
