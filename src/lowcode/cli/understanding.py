"""Reading an app for a command, with the plug-ins named on the command line."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from functools import cached_property

from lowcode.app import App, compile_app
from lowcode.cli.places import Place, documents_at
from lowcode.kernel.contract import Engine
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.operations import kernel_operations
from lowcode.kernel.registry import Kinds
from lowcode.plugins import Plugins, engines_with, kinds_with, names_of


def plugins_of(options: Namespace) -> Plugins:
    """The plug-ins a person named with `--plugin`."""
    given: list[str] = options.plugin
    return "installed" if "installed" in given else given


@dataclass(frozen=True)
class Reading:
    """What reads an app: plug-ins, and the kinds and engines that come of them."""

    plugins: Plugins = ()

    @cached_property
    def kinds(self) -> Kinds:
        """What is built in and what the plug-ins add. Raises PluginError."""
        return kinds_with(self.plugins)

    @cached_property
    def engines(self) -> list[Engine]:
        """The engines of these kinds. Raises PluginError."""
        return engines_with(self.kinds)

    def load(self, path: Place, report: Report) -> Documents:
        """The documents of an app; what is wrong goes to the report."""
        return documents_at(path, report, names_of(self.engines))

    def compile(self, documents: Documents, report: Report) -> App | None:
        """The app the documents make, or None; what is wrong goes to the report."""
        return compile_app(documents, self.engines, kernel_operations(), report=report, kinds=self.kinds)
