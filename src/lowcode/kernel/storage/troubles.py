"""What the database cannot do now, said to whoever asked: nothing was done, and the same may be tried again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from lowcode.kernel.diagnostics import Problem, Rejected, Unavailable
from lowcode.kernel.storage import room
from lowcode.kernel.storage.database import Database, Trouble

WORDS: Mapping[Trouble, Mapping[str, str]] = {
    "full": {
        "en": "the database has no room left; nothing was saved",
        "zh-CN": "数据库空间已满，未保存任何内容",
    },
    "memory": {
        "en": "the database has no memory left for so much at once; nothing was saved. Save less at once, or let"
        " whoever runs it raise max_locks_per_transaction",
        "zh-CN": "数据库内存不足，无法一次处理这么多内容，未保存任何内容；请减少单次保存的数量，"
        "或由管理员调高 max_locks_per_transaction",
    },
    "busy": {
        "en": "the database is busy; nothing was saved, try again",
        "zh-CN": "数据库正忙，未保存任何内容，请重试",
    },
    "value": {
        "en": "something that was sent does not fit into the database",
        "zh-CN": "提交的某个值超出数据库可存储的范围",
    },
    "lost": {
        "en": "the database cannot be reached; look whether it was saved, and try again",
        "zh-CN": "暂时无法连接数据库，请确认是否已保存后重试",
    },
}
LACKING = re.compile(r"^no such (table|column): |^table .* has no column named ")
UNSUPPORTED = "0A000"
"""Of a kept plan whose columns are of other types by now, and of much else."""
DEADLOCK = "40P01"
UNDEFINED = ("42P01", "42703", "42804", "42883")
RETRY_SECONDS: Mapping[Trouble, int] = {"full": 60, "memory": 60, "busy": 1, "lost": 5, "value": 0}


def unavailable(database: Database, error: Exception) -> Rejected | None:
    """The refusal a driver's error means, or None for an error of another kind."""
    trouble = database.trouble(error)
    if trouble is None:
        return None
    if trouble == "value":
        return room.refusal(error) or Rejected(Problem("storage.value", dict(WORDS[trouble])))
    return Unavailable(
        Problem(f"storage.{trouble}", dict(WORDS[trouble])), retry_after=RETRY_SECONDS[trouble]
    )  # fmt: skip


def entangled(error: Exception) -> bool:
    """Whether the server undid a piece of work because it and others waited for one another: they went on, so whoever
    comes once more waits for nobody but them. SQLite has one who writes, and so none of it."""
    return getattr(error, "sqlstate", None) == DEADLOCK


def lacks(error: Exception) -> bool:
    """Whether a driver's error says that a table or column is not there, or of another type: PostgreSQL by SQLSTATE,
    SQLite, which has no code for that, by its words."""
    if isinstance(error, sqlite3.OperationalError):
        return LACKING.search(str(error)) is not None
    state = getattr(error, "sqlstate", None)
    return state in UNDEFINED or planned_before(error)


def planned_before(error: BaseException) -> bool:
    """Whether a driver's error means that PostgreSQL keeps a plan of tables as they were."""
    return getattr(error, "sqlstate", None) == UNSUPPORTED and "cached plan" in str(error)
