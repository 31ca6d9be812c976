"""What saving several records in one go shares: how it is given up, and with what the rows are saved one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from lowcode.kernel.contract import Change, Context, PutOff
from lowcode.kernel.records.ahead import Ahead
from lowcode.kernel.records.upheld import NotUpheld
from lowcode.kernel.storage.room import NoRoom

Result = TypeVar("Result")


class OneByOne(Exception):
    """These rows cannot be looked at together."""


def in_one_go(context: Context, work: Callable[[], list[Result]]) -> list[Result] | None:
    """What comes of rows that are saved together; None, and nothing has happened, when they have to be saved one by
    one: a step of one asked the database, a value was taken, a check of a record above does not hold for all, or what
    is computed there of all has no room."""
    try:
        with context.unit.savepoint():
            return work()
    except (OneByOne, NotUpheld, NoRoom):
        return None
    except Exception as error:
        if context.unit.database.is_unique_violation(error) is None:
            raise
        return None


def apart(looked: Ahead, changes: Iterable[Change]) -> None:
    """Raises OneByOne when what follows one row may write what another read ahead."""
    if looked.used and any(not isinstance(after, PutOff) for change in changes for after in change.after):
        raise OneByOne
