"""Imports `lowcode` under watch and prints as JSON what the import did beyond reading modules.

Run in a process of its own by test_silence.py: `python silent.py <folder with lowcode> <deleted> [module …]`,
where `<deleted>` is a package that is not there, or empty.
"""

import gc
import importlib.abc
import json
import sys
import threading
import zoneinfo
from typing import Any

NOISY = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "sqlite3.connect", "os.mkdir",
    "os.remove", "os.rename", "os.putenv", "signal.", "shutil.", "tempfile.", "urllib.", "ftplib.", "smtplib.",
)  # fmt: skip
done: list[str] = []


class Deleted(importlib.abc.MetaPathFinder):
    """Finds nothing of one package, as if it was not there."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if self.package and f"{fullname}.".startswith(f"{self.package}."):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def main(source: str, deleted: str, names: list[str]) -> None:
    sys.path.insert(0, source)
    sys.meta_path.insert(0, Deleted(deleted))
    # Python's own modules and data, and its time zones, wherever the system keeps them.
    known = (source, sys.prefix, sys.base_prefix, sys.exec_prefix, *zoneinfo.TZPATH, sys.pycache_prefix or source)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and not arguments[0].startswith(known):
            done.append(f"opened {arguments[0]}")
        elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            done.append(f"wrote {arguments[0]}")
        elif event.startswith(NOISY):
            done.append(f"{event} {arguments[:2]}")

    threads = threading.active_count()
    sys.dont_write_bytecode = True
    sys.addaudithook(watch)
    for name in names:
        __import__(name)
    registered = []
    if "lowcode.kernel.registry" in sys.modules:
        registry = sys.modules["lowcode.kernel.registry"].Registry
        registered = [repr(each) for each in gc.get_objects() if isinstance(each, registry)]
    if threading.active_count() != threads:
        done.append("started a thread")
    loaded = sorted(name for name in sys.modules if name.startswith("lowcode"))
    print(json.dumps({"done": done, "registered": registered, "loaded": loaded}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
