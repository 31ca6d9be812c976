"""Registries of kinds: each extension point has one, each host its own.

A kind is an object with a `name`. `Kinds` holds the registries of one host, by the word an extension point goes by
(`field`, `function`, `node` …). Built-in rooms and plug-ins register by the same `setup(kinds)`: a room opens its
extension point and adds its kinds, a plug-in adds to it. A name that is taken is refused with both origins named, and
so is a kind that misses a member of its contract.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from lowcode.kernel.diagnostics import LowcodeError, suggestion

BUILT_IN = "lowcode"
"""The origin of what the library brings itself."""


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """The word an app author writes."""
        ...


Kind = TypeVar("Kind", bound=Named)
Made = TypeVar("Made")
Known = ParamSpec("Known")
KEPT = 8
"""So many sets of kinds are remembered."""
Check = Callable[[Any], str | None]
"""Looks at a kind that is to be added; what it answers is why it cannot be."""


class RegistryError(LowcodeError):
    """A kind cannot be added: its name is taken, or it does not fulfil its contract."""


class UnknownKind(LowcodeError, KeyError):
    """No kind of this name; the message names the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


class Registry(Generic[Kind]):
    """The kinds of one extension point, by name, each with its origin. `what` is what an author calls such a kind."""

    def __init__(
        self, what: str, kinds: Iterable[Kind] = (), requires: Iterable[str] = (), check: Check | None = None
    ) -> None:
        self.what = what
        self._requires = tuple(requires)
        self._check = check
        self._kinds: dict[str, Kind] = {}
        self._origins: dict[str, str] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind, origin: str = BUILT_IN) -> None:
        """Make a kind known. Raises RegistryError for a taken name, a missing member or a wrong one."""

        def shown() -> str:
            """Looking up where a kind is written takes milliseconds; it is done for a refusal only."""
            return f"{kind!r} of {origin} ({place_of(kind)})"

        missing = [member for member in ("name", *self._requires) if not hasattr(kind, member)]
        if missing:
            raise RegistryError(f"{shown()} cannot be a {self.what}: it has no {', '.join(missing)}")
        if kind.name in self._kinds:
            there = f"{self._origins[kind.name]} ({place_of(self._kinds[kind.name])})"
            raise RegistryError(
                f"there is a {self.what} '{kind.name}' already, from {there}; {shown()} needs a name of its own"
            )
        reason = self._check(kind) if self._check is not None else None
        if reason is not None:
            raise RegistryError(f"{shown()} cannot be a {self.what}: {reason}")
        self._kinds[kind.name] = kind
        self._origins[kind.name] = origin

    def get(self, name: str) -> Kind | None:
        """The kind of this name, or None."""
        return self._kinds.get(name)

    def origin(self, name: str) -> str:
        """Who added a kind: `lowcode`, or the name of a plug-in."""
        return self._origins[name]

    def __getitem__(self, name: str) -> Kind:
        try:
            return self._kinds[name]
        except KeyError:
            raise UnknownKind(f"no {self.what} '{name}'. {suggestion(name, self._kinds)}") from None

    def __contains__(self, name: Any) -> bool:
        return name in self._kinds

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def __len__(self) -> int:
        return len(self._kinds)

    @property
    def names(self) -> tuple[str, ...]:
        """Every known name, in the order of adding."""
        return tuple(self._kinds)


def made_once(make: Callable[Known, Made]) -> Callable[Known, Made]:
    """What is made of the kinds of registries alone is made once: hosts that know the same kinds share it.

    For models of documents: making them was half of what a host took to start, and they say nothing of the host."""
    known: dict[tuple[tuple[int, ...], ...], tuple[Any, Made]] = {}

    @wraps(make)
    def made(*registries: Known.args, **named: Known.kwargs) -> Made:
        listed: tuple[tuple[Any, ...], ...] = tuple(map(tuple, registries))  # type: ignore[arg-type]  # of registries
        key = tuple(tuple(map(id, kinds)) for kinds in listed)
        found = known.get(key)
        if found is None:  # the kinds are kept too, so that no other gets the number of one
            found = known[key] = listed, make(*registries, **named)
            if len(known) > KEPT:
                del known[next(iter(known))]
        return found[1]

    return made


class Kinds:
    """The extension points of one host and what was added to them."""

    def __init__(self) -> None:
        self._points: dict[str, Registry[Any]] = {}
        self._origin = BUILT_IN

    def open(self, sort: str, what: str, requires: Iterable[str] = (), check: Check | None = None) -> None:
        """Make an extension point. `sort` is the word it goes by; raises RegistryError when it is there already."""
        if sort in self._points:
            raise RegistryError(f"there is an extension point '{sort}' already; {self._origin} cannot open it again")
        self._points[sort] = Registry(what, (), requires, check)

    def add(self, sort: str, *kinds: Any) -> None:
        """Add kinds to an extension point. Raises RegistryError, naming both origins of a name that is taken."""
        point = self[sort]
        for kind in kinds:
            point.add(kind, self._origin)

    @contextmanager
    def registering(self, origin: str) -> Iterator[None]:
        """Within this block what is added comes from a plug-in of this name."""
        before, self._origin = self._origin, origin
        try:
            yield
        finally:
            self._origin = before

    def __getitem__(self, sort: str) -> Registry[Any]:
        try:
            return self._points[sort]
        except KeyError:
            raise UnknownKind(f"no extension point '{sort}'. {suggestion(sort, self._points)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    @staticmethod
    def of(kinds: Kinds | None, *setups: Callable[[Kinds], None]) -> Kinds:
        """The kinds given, or new ones set up with these: for an engine that is made on its own."""
        if kinds is None:
            kinds = Kinds()
            for setup in setups:
                setup(kinds)
        return kinds


def place_of(kind: Any) -> str:
    """Where a kind is written, as `file:line`: its own class, or of a filled-in record the class or function in it."""
    inside = [getattr(kind, member, None) for member in ("model", "options", "document", "python", "make")]
    own = kind if isinstance(kind, type) else type(kind)
    generic = own.__module__.endswith((".kind", ".declaration"))
    candidates: list[Any] = [*inside, own] if generic else [own, *inside]
    for each in candidates:
        try:
            file = inspect.getsourcefile(each)
            line = inspect.getsourcelines(each)[1]
        except (TypeError, OSError):
            continue
        if file is not None:
            return f"{_short(Path(file))}:{line}"
    return "no file"


def _short(path: Path) -> str:
    """A path from the package it belongs to."""
    folder = path.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return path.relative_to(folder).as_posix()


def tagged(member: str) -> Check:
    """A check that the model a kind brings says the kind's own name as its `type`."""

    def check(kind: Any) -> str | None:
        field = getattr(kind, member).model_fields.get("type")
        words = getattr(field.annotation, "__args__", ()) if field is not None else ()
        if words != (kind.name,):
            seen = f"says {words!r}" if field is not None else "has no 'type'"
            return f"its {member} {seen}; write type: Literal[{kind.name!r}]"
        return None

    return check
