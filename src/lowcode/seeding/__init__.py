"""First data: the people and rows in an app's `seed/` folder, and what these people did with them.

`people.json` holds departments and users. `deeds.json` holds what people did once the rows were there (`deeds`). Every
other file is a list of records of the form in its name (`40_lead.json`), in the order of the names. A row may carry
`@key` (others refer to it as `"@key"`), `@at` (when it was made), `@by` (who made it) and `@stages` (how its state came
about: `[{"state": "need", "at": {"days": -30}}, …]`). People are named by login. A time is `{"days": -12, "hours": 3}`
from now, so that a demonstration is never old; `{"days": 3, "time": "14:30"}` is in three days at half past two where
the app is.

Rows go through the one write path, made by `@by`, else by their owner, with nobody listening: they set off no rule and
no flow. Deeds are asked like anything else, and set off what they set off.

Rooms: `people`, `rows`, `deeds`; `diagnostics` has the messages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath

from lowcode.host import Host
from lowcode.kernel.diagnostics import Report
from lowcode.seeding.deeds import Deeds
from lowcode.seeding.diagnostics import MESSAGES
from lowcode.seeding.people import write_people
from lowcode.seeding.rows import BATCH, Rows, form_of

__all__ = ["MESSAGES", "seed"]

Progress = Callable[[str, int, int], None]


def seed(
    host: Host, progress: Progress | None = None, *, forms: Collection[str] | None = None, passwords: bool = True
) -> int:
    """Write the app's first data; how many records. Raises DefinitionError with every row that is not accepted.

    With `forms`, only rows of these, and the people; `passwords=False` leaves theirs out, whose hashes cost time on
    purpose, where nobody will sign in."""
    report = Report()
    files = host.documents.files
    paths = [path for path in files.under("seed") if path.endswith(".json")]
    people = [path for path in paths if PurePosixPath(path).name == "people.json"]
    deeds = [path for path in paths if PurePosixPath(path).name == "deeds.json"]
    for path in people:
        write_people(host, files.source(path, report), passwords)
    report.raise_if_wrong()
    rows = Rows(host, report)
    wanted = [path for path in paths if path not in (*people, *deeds) and (forms is None or form_of(path) in forms)]
    sources = [(path, files.source(path, report)) for path in wanted]
    told = [(path, files.source(path, report)) for path in deeds if forms is None]
    total = sum(len(source.data) for _, source in (*sources, *told) if isinstance(source.data, list))
    done = 0
    for path, source in sources:
        for start in range(0, len(source.data), BATCH):
            done += rows.write(path, source, start)
            if progress is not None:
                progress(path, done, total)
    report.raise_if_wrong()
    rows.settle()
    for path, source in told:
        for asked in Deeds(rows).follow(source):
            if progress is not None:
                progress(path, done + asked, total)
    report.raise_if_wrong()
    return done
