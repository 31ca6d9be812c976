"""What people did with the first rows: `seed/deeds.json`, asked as they would have asked it.

A deed says who (`by`, a login; the app itself when left out), when (`at`, a time before now), and what: `ask` an
operation `with` parameters. `key` keeps its answer; later deeds say `"@key"` for the id in it, and `"@key.items.0.id"`
for anything else. The keys of rows and the logins of people are known in the same way.

Each deed is done at its own time, by the permissions of whoever does it, and what follows from it, a flow that begins
or a notice, follows before the next. So an app that is opened for the first time has work waiting in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.definitions import Source
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from lowcode.seeding.diagnostics import MESSAGES
from lowcode.seeding.rows import TIMED, Rows

REFERENCE = re.compile(r"@[A-Za-z]\w*([.-]\w+)*")
KEYS = ("by", "at", "ask", "with", "key")


class Deeds:
    """One run over a file: what was answered so far."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.host = rows.host
        self.report = rows.report
        self._answers: dict[str, Any] = {}

    def follow(self, source: Source) -> Iterator[int]:
        """Do one deed after another; how many were done so far. One that is refused ends it, as others build on it."""
        for index, deed in enumerate(source.data):
            self._do(source, f"/{index}", deed)
            if not self.report.ok:
                return
            yield index + 1

    def _do(self, source: Source, pointer: str, deed: Mapping[str, Any]) -> None:
        for name in deed.keys() - set(KEYS):
            self.report.add(
                MESSAGES.diagnostic("unknown-part", source.place(f"{pointer}/{name}"), seen=name, known=KEYS)
            )
        login = deed.get("by")
        self.rows.person(login, source, f"{pointer}/by")
        parameters = {
            name: self._value(each, source, f"{pointer}/with/{name}") for name, each in deed.get("with", {}).items()
        }
        record_type = self.host.types.get(parameters.get("type", ""))
        if record_type is not None and isinstance(parameters.get("values"), Mapping):
            parameters["values"] = {
                name: self.rows.value(record_type, name, each, source, f"{pointer}/with/values/{name}")
                for name, each in parameters["values"].items()
            }
        if not self.report.ok:
            return
        at = self.rows.instant(deed.get("at") or {}, source, f"{pointer}/at")
        timed = self._timed(parameters, source, f"{pointer}/with")
        if not self.report.ok:
            return
        with standing(self.host, at):
            try:
                actor = APP if login is None else self.host.actor(login)
                answer = self.host.ask(actor, deed.get("ask", ""), **timed)
            except Rejected as refused:
                for problem in refused.problems:
                    place = source.place(f"{pointer}/with{problem.pointer}" if problem.pointer else pointer)
                    self.report.add(MESSAGES.diagnostic("deed-refused", place, reason=problem.words("en")))
                return
            self.host.deliver()
        if "key" in deed:
            self._answers[deed["key"]] = answer

    def _value(self, value: Any, source: Source, pointer: str) -> Any:
        """A parameter with what its references stand for."""
        if isinstance(value, Mapping):
            return {name: self._value(each, source, f"{pointer}/{name}") for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(each, source, f"{pointer}/{index}") for index, each in enumerate(value)]
        if not isinstance(value, str) or REFERENCE.fullmatch(value) is None:
            return value
        if value in self.rows.keys:
            return self.rows.keys[value]
        known = self.host.directory().by_login
        if value[1:] in known:
            return known[value[1:]].id
        name, *way = value[1:].split(".")
        try:
            return _along(self._answers[name], way or ["id"])
        except (LookupError, ValueError, TypeError):
            keys = [*self.rows.keys, *(f"@{each}" for each in (*self._answers, *known))]
            self.report.add(MESSAGES.diagnostic("unknown-key", source.place(pointer), seen=value, known=keys))
            return None

    def _timed(self, value: Any, source: Source, pointer: str) -> Any:
        """Times from now as instants, where no field said what they are."""
        if isinstance(value, Mapping):
            if value and value.keys() <= TIMED:
                return self.rows.instant(value, source, pointer)
            return {name: self._timed(each, source, f"{pointer}/{name}") for name, each in value.items()}
        if isinstance(value, list):
            return [self._timed(each, source, f"{pointer}/{index}") for index, each in enumerate(value)]
        return value


def _along(answer: Any, way: list[str]) -> Any:
    for part in way:
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


@contextmanager
def standing(host: Host, instant: datetime) -> Iterator[None]:
    """The host's clock stands at an instant meanwhile."""
    clock, host.clock = host.clock, FrozenClock(instant)
    try:
        yield
    finally:
        host.clock = clock
