"""Registries of kinds: each extension point has one, each host its own copy.

A kind is an object with a `name`. Built-ins and third parties add theirs by the same `add`; a clash or a kind that
misses a member of its contract is refused when it is added, naming the member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from lowcode.kernel.diagnostics import LowcodeError, suggestion


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """The word an app author writes."""
        ...


Kind = TypeVar("Kind", bound=Named)


class RegistryError(LowcodeError):
    """A kind cannot be added: its name is taken, or it does not fulfil its contract."""


class UnknownKind(LowcodeError, KeyError):
    """No kind of this name; the message names the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


class Registry(Generic[Kind]):
    """The kinds of one extension point, by name."""

    def __init__(self, what: str, kinds: Iterable[Kind] = (), requires: Iterable[str] = ()) -> None:
        self.what = what
        self._requires = tuple(requires)
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        """Make a kind known. Raises RegistryError for a taken name or a missing member."""
        missing = [member for member in ("name", *self._requires) if not hasattr(kind, member)]
        if missing:
            raise RegistryError(f"{kind!r} cannot be a {self.what}: it has no {', '.join(missing)}")
        if kind.name in self._kinds:
            raise RegistryError(f"there is a {self.what} '{kind.name}' already: {self._kinds[kind.name]!r}")
        self._kinds[kind.name] = kind

    def copy(self) -> Registry[Kind]:
        """A registry of one's own, so that two hosts never meet."""
        copied: Registry[Kind] = Registry(self.what, (), self._requires)
        copied._kinds = dict(self._kinds)
        return copied

    def get(self, name: str) -> Kind | None:
        """The kind of this name, or None."""
        return self._kinds.get(name)

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
