"""Where an app stands: a folder, a zip archive, a database it was applied to, or a running host.

So that what is tried in one place can be compared with, fetched from and carried to another: `lowcode diff app
postgresql://…/crm`, `lowcode apply trial.sqlite3 --database postgresql://…/crm`, `lowcode pull app --from …`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from lowcode.cli import remote
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.definitions.load import FOLDERS
from lowcode.kernel.diagnostics import Diagnostic, LowcodeError, Report
from lowcode.kernel.storage.database import open_database
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.versions import text_of

DATABASES = (".sqlite3", ".sqlite", ".db")
"""How the files end that are databases."""
SHOWN = 10
PLACE = "a folder, a zip archive, or a database it was applied to: a URL or a file ending in .sqlite3"
ANYWHERE = f"{PLACE}; or a running host: https://crm.example.com, with a key in LOWCODE_KEY (of several: ADDRESS=KEY …)"


class NothingThere(LowcodeError):
    """No app was ever applied to the database."""


class NotWhole(LowcodeError):
    """Some of an app cannot be read here: it was written by a newer version, with a plug-in, or is broken."""

    def __init__(self, where: Place, wrong: Sequence[Diagnostic]) -> None:
        shown = {tag: [_line(each, tag) for each in wrong[:SHOWN]] for tag in ("en", "zh-CN")}
        rest = len(wrong) - SHOWN
        super().__init__("\n".join((
            f"not all of {where} can be read here, so nothing was done:", *shown["en"],
            *([f"  … and {rest} more"] if rest > 0 else ()),
            "Where it was written by a newer lowcode, install that one here (pip install -U lowcode); "
            "where it uses a plug-in, name it with --plugin.",
        )))  # fmt: skip
        self.chinese = "\n".join((
            f"{where} 中有无法读取的内容，未执行任何操作：", *shown["zh-CN"],
            *([f"  …… 还有 {rest} 项"] if rest > 0 else ()),
            "如果由更新版本的 lowcode 编写，请在此处升级（pip install -U lowcode）；"
            "如果使用了插件，请用 --plugin 指明。",
        ))  # fmt: skip


def _line(each: Diagnostic, tag: str) -> str:
    message, hint = each.told(tag)
    return f"  {each.place} {message} {hint}".rstrip()


@dataclass(frozen=True)
class AppliedTo:
    """The app of a database, as it was applied last."""

    url: str

    def __str__(self) -> str:
        return self.url if "://" not in self.url else sa.make_url(self.url).render_as_string(hide_password=True)

    def is_dir(self) -> bool:
        """A database is no folder that documents could be written into."""
        return False


@dataclass(frozen=True)
class Running:
    """The app that a running host uses."""

    url: str

    def __str__(self) -> str:
        return self.url

    def is_dir(self) -> bool:
        """A host is no folder that documents could be written into."""
        return False


Place = Path | AppliedTo | Running


def place(text: str) -> Place:
    """What a person named on the command line."""
    if text.startswith(("http://", "https://")):
        return Running(text.rstrip("/"))
    return AppliedTo(text) if "://" in text or text.endswith(DATABASES) else Path(text)


def documents_at(where: Place, report: Report, engines: Iterable[str] = ()) -> Documents:
    """The documents of an app, for engines of these names. Raises NothingThere."""
    if isinstance(where, Path):
        return load(where, report, engines=engines)
    if isinstance(where, Running):
        return remote.documents_of(where.url, report, engines)
    if "://" not in where.url and not Path(where.url).is_file():
        raise NothingThere(f"there is no database {where}")
    database = open_database(where.url)
    try:
        with database.reading() as unit:
            hand = Hand(unit, within=False)
            applied = versions.latest(hand) if versions.known(hand) else None
            if applied is None:
                raise NothingThere(f"no app was applied to {where} yet; see lowcode apply")
            return versions.documents(hand, applied.version, engines)
    finally:
        database.close()


def documents_whole(where: Place, engines: Iterable[str] = (), apart: Iterable[str] = ()) -> Documents:
    """The documents of an app of which each could be read: what cannot be read looks as if it had been taken away.
    `apart`: findings that are none here. Raises NotWhole, and NothingThere."""
    report = Report()
    documents = documents_at(where, report, engines)
    wrong = [each for each in report.errors if each.code not in apart]
    if wrong:
        raise NotWhole(where, wrong)
    return documents


def replace(folder: Path, documents: Documents, before: Documents | None = None) -> None:
    """Write documents and files into a folder, and take away what is not among them: every document, and of the files
    those of the app as it was `before`. Each is whole at any time; the app's own document comes last."""
    wanted = {each.path: each for each in documents}
    for kind in FOLDERS:
        for path in sorted((folder / kind).rglob("*.json")) if (folder / kind).is_dir() else ():
            if path.relative_to(folder).as_posix() not in wanted:
                path.unlink()
    for name in before.files if before is not None else ():
        if name not in documents.files:
            (folder / name).unlink(missing_ok=True)
    for name, content in documents.files.items():
        _put(folder / name, content)
    for name, document in sorted(wanted.items(), key=lambda each: each[0] == documents.app.path):
        _put(folder / name, text_of(document).encode())


def _put(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        remote.put(path, content)
