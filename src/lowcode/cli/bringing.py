"""A package put into the folder of an app, brought to a newer version, or taken out: what is written then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowcode.app import App
from lowcode.cli.models import every_model, model_of
from lowcode.cli.understanding import Reading
from lowcode.kernel.definitions import Documents
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.packaging import Installed, Outcome, install, installed, remove, update
from lowcode.kernel.diagnostics import LowcodeError, Report, localized, suggestion


class NotBrought(LowcodeError):
    """The package is there already, or is not; a name is taken, or both sides changed the same."""


@dataclass(frozen=True)
class Bringing:
    """An app's folder, and a package as a folder or archive; where one is taken out, its name."""

    reading: Reading
    app: Path
    package: Path | str

    def installed(self, names: Mapping[str, str]) -> Outcome:
        """The app with the package in it. Raises NotBrought where a name is taken, DefinitionError where the package or
        the app with it is wrong."""
        package, understood = self._package()
        app = self._app()
        name = str(package.app.data["name"])
        if name in installed(app):
            raise NotBrought(f"the package '{name}' is in {self.app} already; bring it to this version with --update")
        made = install(package, understood.scope.named, app, names)
        if made.held:
            held = ", ".join(made.held)
            raise NotBrought(
                f"the app has other files of these names: {held}; nothing was written. Call them otherwise"
            )
        if made.collisions:
            cures = " ".join(f"--rename {each.path}={each.free}" for each in made.collisions)
            taken = ", ".join(f"{each.path} ({localized(each.title, 'en')})" for each in made.collisions)
            raise NotBrought(f"the app has these names already: {taken}; nothing was written. Give others: {cures}")
        return made

    def updated(self, take: str | None) -> Outcome:
        """The app with this version of the package. Raises NotBrought where both sides changed the same."""
        package, understood = self._package()
        app = self._app()
        kept = self._kept(app, str(package.app.data["name"]))
        chosen = (
            {}
            if take is None
            else dict.fromkeys((*kept.documents, *kept.files, *package.files, *(each.path for each in package)), take)
        )
        made = update(package, understood.scope.named, kept, app, chosen)
        if made.clashes:
            told = ", ".join(
                f"{path} {clash.pointer}" for path, clashes in made.clashes.items() for clash in clashes
            )  # fmt: skip
            raise NotBrought(
                f"both sides changed this: {told}; nothing was written. Say whose counts: --take mine|theirs"
            )
        return made

    def removed(self) -> Outcome:
        """The app without the package."""
        app = self._app()
        kept = self._kept(app, str(self.package))
        report = Report()
        understood = self.reading.compile(app, report)
        if understood is None:
            report.raise_if_wrong()
        assert understood is not None
        return remove(kept, app, understood.scope.named)

    def _package(self) -> tuple[Documents, App]:
        report = Report()
        package = self.reading.load(Path(self.package), report)
        understood = self.reading.compile(package, report)
        report.raise_if_wrong()
        assert understood is not None
        return package, understood

    def _app(self) -> Documents:
        report = Report()
        app = self.reading.load(self.app, report)
        report.raise_if_wrong()
        return app

    def _kept(self, app: Documents, name: str) -> Installed:
        there = installed(app)
        if name not in there:
            raise NotBrought(f"the package '{name}' is not in {self.app}. {suggestion(name, there)}")
        return there[name]


def written(folder: Path, made: Outcome) -> Iterator[str]:
    """Write what an app becomes into its folder; each path that was written or taken away."""
    models = every_model()
    for path, data in sorted(made.documents.items()):
        model: Any = model_of(models, path.split("/", 1)[0] if "/" in path else "")
        yield _put(folder, path, None if data is None else format_document(data, model).encode())
    for path, content in sorted(made.files.items()):
        yield _put(folder, path, content)


def _put(folder: Path, path: str, content: bytes | None) -> str:
    target = folder / path
    if content is None:
        target.unlink(missing_ok=True)
        return f"- {path}"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return f"+ {path}"
