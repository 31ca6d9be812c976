"""The documents of an app, read and put in order: `load`.

The folder of a file says what kind of document it is. What lies in `templates`, `locales`, `seed`, `tests` and
`openapi` is not a document of an engine but goes with the app, and is read when somebody asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.definitions.overlay import OVERLAY, overlaid
from lowcode.kernel.definitions.shape_errors import seen
from lowcode.kernel.definitions.source import Source, read_source
from lowcode.kernel.definitions.trees import Archive, Folder, Tree, Values
from lowcode.kernel.definitions.upgrade import lift
from lowcode.kernel.definitions.wording import folder
from lowcode.kernel.diagnostics import Place, Report

FOLDERS = ("forms", "flows", "rules", "reports", "printing", "api")
"""The folders of documents: one per built-in engine, of its name."""

COMPANIONS = ("templates", "locales", "seed", "tests", "openapi", "packages")
"""The folders of files that go with the documents."""

APP = "app.json"
WHOLE = ""
"""Where what is wrong with the archive or folder itself is told."""


class SourceDocument:
    """One document: its kind (folder), name, data, and where everything in it stands."""

    def __init__(self, kind: str, source: Source) -> None:
        self.kind = kind
        self.source = source
        self.data: Any = source.data
        given = self.data.get("name") if isinstance(self.data, dict) else None
        self.name: str = given if isinstance(given, str) and given else PurePosixPath(source.path).stem

    @property
    def path(self) -> str:
        """Its path within the app."""
        return self.source.path

    def at(self, pointer: str) -> Any:
        """The value at a JSON pointer."""
        return self.source.at(pointer)

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """Where a value (or its key) stands."""
        return self.source.place(pointer, key=key)

    def __repr__(self) -> str:
        return f"<SourceDocument {self.path}>"


class Files(Mapping[str, bytes]):
    """The bytes of files by path, read when asked for."""

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        self._tree = tree
        self._paths = tuple(sorted(paths))

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        content = self._tree.read(path)
        if isinstance(content, (bytes, bytearray)):
            return bytes(content)
        return (content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)).encode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def under(self, folder: str) -> list[str]:
        """The paths in a folder, in order."""
        return [path for path in self._paths if path.startswith(folder.rstrip("/") + "/")]

    def source(self, path: str, report: Report) -> Source:
        """A JSON file of the app with the places of its values: seed rows, locales, app tests."""
        return read_source(path, self._tree.read(path), report)


class Documents:
    """Everything an app is made of."""

    def __init__(
        self,
        app: SourceDocument,
        documents: Iterable[SourceDocument],
        files: Files,
        report: Report,
        unread: Iterable[str] = (),
        sent: bool = False,
    ) -> None:
        self.app = app
        self.files = files
        self.report = report
        """What was found while loading."""
        self.unread = frozenset(unread)
        """The names of documents whose text could not be understood."""
        self.sent = sent
        """Whether they came over the network and are not in use yet: what is heavy to read is read elsewhere then."""
        self._kinds: dict[str, dict[str, SourceDocument]] = {}
        for document in documents:
            self._kinds.setdefault(document.kind, {})[document.name] = document

    def of(self, kind: str) -> list[SourceDocument]:
        """The documents of a folder, in the order of their paths."""
        return list(self._kinds.get(kind, {}).values())

    def get(self, kind: str, name: str) -> SourceDocument | None:
        """One document by folder and name."""
        return self._kinds.get(kind, {}).get(name)

    def without(self, paths: Collection[str]) -> Documents:
        """The same app without some documents; its files stay."""
        left = (each for each in self if each is not self.app and each.path not in paths)
        return Documents(self.app, left, self.files, self.report, self.unread, self.sent)

    def __iter__(self) -> Iterator[SourceDocument]:
        yield self.app
        for documents in self._kinds.values():
            yield from documents.values()

    def source(self, path: str) -> Source | None:
        """The text of a document by its path: to show the line of a finding."""
        return next((each.source for each in self if each.path == path), None)

    @cached_property
    def digest(self) -> str:
        """What the app says, as one hash: formatting does not change it, any value or file does."""
        digest = hashlib.sha256()
        for document in sorted(self, key=lambda each: each.path):
            content = json.dumps(document.data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            digest.update(f"{document.path}\0{len(content)}\0".encode())
            digest.update(content)
        for path, content in self.files.items():
            digest.update(f"{path}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


Origin = str | Path | Mapping[str, Any] | bytes | BinaryIO


def load(
    origin: Origin, report: Report | None = None, *, engines: Iterable[str] = (), sent: bool = False
) -> Documents:  # fmt: skip
    """Read an app from a folder, a zip archive (path, bytes or open file), or a mapping of path to text or values.

    With a `report`, findings are added to it and what could be read is returned; without one, errors are raised
    as DefinitionError, all at once. `engines` names engines of plug-ins, whose folders hold documents too;
    `sent`: they came over the network (`Documents.sent`).
    """
    found = Report() if report is None else report
    loading = _Loading(tree_of(origin, found), tuple(dict.fromkeys((*FOLDERS, *engines))), found, sent)
    documents = loading.documents()
    if report is None:
        found.raise_if_wrong()
    return documents


def tree_of(origin: Origin, report: Report) -> Tree:
    """The files of an app; of an overlay, those of the app it lies over with its own."""
    folder = Path(origin) if isinstance(origin, (str, Path)) else None
    if folder is not None and (folder.name in (APP, OVERLAY) or folder.is_file()):
        folder = folder.parent
    return overlaid(_tree(origin, report), folder, _tree, report)


def _tree(origin: Origin, report: Report) -> Tree:
    if isinstance(origin, Mapping):
        return Values(origin, report)
    if isinstance(origin, str):
        origin = Path(origin)
    if isinstance(origin, Path) and origin.name in (APP, OVERLAY) and origin.is_file():
        origin = origin.parent
    if isinstance(origin, Path) and not origin.is_file():
        if not origin.is_dir():
            report.add(
                MESSAGES.diagnostic("unreadable", Place(str(origin)), problem="there is no such folder or archive")
            )
        return Folder(origin, report)
    return Archive(origin, report)


class _Loading:
    """One loading: files to documents, folder by folder."""

    def __init__(self, tree: Tree, kinds: tuple[str, ...], report: Report, sent: bool) -> None:
        self.tree, self.sent = tree, sent
        self.kinds = kinds
        self.report = report
        self.unread: set[str] = set()

    def documents(self) -> Documents:
        """Everything, with findings on the way."""
        documents: list[SourceDocument] = []
        files: list[str] = []
        app: SourceDocument | None = None
        unknown: set[str] = set()
        for path in sorted(self.tree.paths()):
            folder = path.split("/", 1)[0] if "/" in path else ""
            if path == APP:
                app = self._document("app", path)
            elif folder in COMPANIONS:
                files.append(path)
            elif folder in self.kinds and path.endswith(".json"):
                document = self._document(folder, path)
                if document is not None:
                    documents.append(document)
            elif folder and folder not in self.kinds:
                self._unknown_folder(folder, path, unknown)
            elif path.endswith((".json", ".yaml", ".yml")):
                self.report.add(MESSAGES.diagnostic("unknown-file", Place(path), seen=path))
        if app is None:
            if not any(each.place.document in (APP, OVERLAY, WHOLE) for each in self.report):
                self.report.add(MESSAGES.diagnostic("no-app", Place(APP)))
            app = SourceDocument("app", Source(APP, None, {"name": "app"}))
        self._unique(documents)
        return Documents(app, documents, Files(self.tree, files), self.report, self.unread, self.sent)

    def _document(self, kind: str, path: str) -> SourceDocument | None:
        try:
            source = read_source(path, self.tree.read(path), self.report)
        except OSError as error:
            self.report.add(MESSAGES.diagnostic("unreadable", Place(path), problem=error.strerror or str(error)))
            return None
        if not source.whole:
            self.unread.add(PurePosixPath(path).stem)
            return None
        if not isinstance(source.data, dict):
            self.report.add(MESSAGES.diagnostic("not-an-object", source.place(), seen=seen(source.data)))
            self.unread.add(PurePosixPath(path).stem)
            return None
        source.data = lift(kind, source, self.report)
        document = SourceDocument(kind, source)
        file = PurePosixPath(path).stem
        if kind != "app" and "name" in source.data and document.name != file:
            place = source.place("/name")
            self.report.add(MESSAGES.diagnostic("name-unlike-file", place, seen=document.name, file=file))
        return document

    def _unknown_folder(self, folder: str, path: str, told: set[str]) -> None:
        if folder not in told and not folder.startswith("x-") and path.endswith(".json"):
            known = [*self.kinds, *COMPANIONS]
            self.report.add(MESSAGES.diagnostic("unknown-folder", Place(path), seen=folder, known=known))
            told.add(folder)

    def _unique(self, documents: list[SourceDocument]) -> None:
        names: dict[tuple[str, str], SourceDocument] = {}
        for document in documents:
            other = names.setdefault((document.kind, document.name), document)
            if other is not document:
                place = document.place("/name")
                values = {"kind": folder(document.kind), "seen": document.name, "other": other.place("/name")}
                self.report.add(MESSAGES.diagnostic("name-twice", place, **values))
