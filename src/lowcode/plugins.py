"""Plug-ins: what others add to the kinds of a host.

A plug-in is a module or an object with `setup(kinds)`, which adds to the extension points of one host:

    def setup(kinds: Kinds) -> None:
        kinds.add("field", ColourField())
        kinds.add("function", LUMINANCE)

A host is given its plug-ins (`Host(app, plugins=[colours])`). By name it finds them among the entry points of the group
`lowcode.plugins` or as a module to import (`plugins=["colours", "firm.lowcode_kinds"]`); `plugins="installed"` takes
every entry point there is. Nothing is looked for, and nothing imported, unless a host asks.

The order is: what is built in, then the plug-ins as given. What goes wrong names the plug-in.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, Protocol

from lowcode.engines import built_in, setup
from lowcode.kernel.contract import Engine
from lowcode.kernel.diagnostics import LowcodeError, suggestion
from lowcode.kernel.registry import Kinds, UnknownKind

GROUP = "lowcode.plugins"


class Plugin(Protocol):
    """A module or an object that adds kinds."""

    def setup(self, kinds: Kinds) -> None:
        """Add kinds to the extension points of one host."""
        ...


Plugins = Literal["installed"] | Iterable[Any]
"""Modules or objects with `setup`, or names of such; or all that are installed."""


class PluginError(LowcodeError):
    """A plug-in is not there, cannot be imported, or fails while it sets up; the message names it and the cause."""


def kinds_with(plugins: Plugins = ()) -> Kinds:
    """The kinds of one host: what is built in and what these plug-ins add. Raises PluginError."""
    kinds = Kinds()
    setup(kinds)
    seen: dict[str, Any] = {}
    for name, plugin in _found(plugins):
        if name in seen:
            raise PluginError(f"the plug-in '{name}' is given twice; two plug-ins need two names")
        seen[name] = plugin
        if not callable(getattr(plugin, "setup", None)):
            raise PluginError(f"the plug-in '{name}' ({plugin!r}) has no setup(kinds)")
        try:
            with kinds.registering(name):
                plugin.setup(kinds)
        except UnknownKind as error:
            raise PluginError(f"the plug-in '{name}' failed in setup: {error}") from error
        except Exception as error:
            raise PluginError(f"the plug-in '{name}' failed in setup: {type(error).__name__}: {error}") from error
    return kinds


def engines_with(kinds: Kinds) -> list[Engine]:
    """The engines of a host, those of plug-ins after the built-in ones. Raises PluginError."""
    try:
        return built_in(kinds)
    except LowcodeError:
        raise
    except Exception as error:
        added = sorted({point.origin(name) for point in map(kinds.__getitem__, kinds) for name in point.names})
        names = ", ".join(each for each in added if each != "lowcode") or "none"
        raise PluginError(
            f"the engines cannot be made of the kinds there are (plug-ins: {names}): {type(error).__name__}: {error}"
        ) from error


def names_of(engines: Iterable[Engine]) -> tuple[str, ...]:
    """The folders whose documents these engines read."""
    return tuple(engine.name for engine in engines)


def installed() -> dict[str, EntryPoint]:
    """The plug-ins of installed packages, by name; none of them is imported."""
    return {each.name: each for each in sorted(entry_points(group=GROUP))}


def name_of(plugin: Any) -> str:
    """What a plug-in is called in messages: its `name`, or where it is written."""
    own = getattr(plugin, "name", None) or getattr(plugin, "__name__", None)
    return str(own) if own else f"{type(plugin).__module__}.{type(plugin).__qualname__}"


def _found(plugins: Plugins) -> Iterator[tuple[str, Any]]:
    if isinstance(plugins, str):
        if plugins != "installed":
            raise PluginError(f"plugins are a list, or the word 'installed'; write plugins=[{plugins!r}]")
        plugins = list(installed())
    for each in plugins:
        yield (each, _named(each)) if isinstance(each, str) else (name_of(each), each)


def _named(name: str) -> Any:
    """A plug-in by the name of its entry point, or of a module (`package.module`, `package.module:object`)."""
    known = installed()
    try:
        if name in known:
            return known[name].load()
        module, _, attribute = name.partition(":")
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.partition(":")[0].startswith(f"{error.name}.")):
            hint = suggestion(name, known) if known else "No installed package brings plug-ins."
            raise PluginError(f"there is no plug-in '{name}', neither installed nor a module. {hint}") from None
        raise PluginError(f"the plug-in '{name}' cannot be imported: {error}") from error
    except Exception as error:
        raise PluginError(f"the plug-in '{name}' cannot be imported: {type(error).__name__}: {error}") from error
    if not attribute:
        return found
    if not hasattr(found, attribute):
        raise PluginError(f"the plug-in '{name}': {module} has no '{attribute}'. {suggestion(attribute, vars(found))}")
    return getattr(found, attribute)
