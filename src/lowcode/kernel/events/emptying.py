"""What was erased goes from the log of writes as well, as soon as nobody reads from it (`storage.wiping`)."""

from __future__ import annotations

from lowcode.kernel.contract import Context, Nothing, Operation
from lowcode.kernel.diagnostics import Problem, Unavailable
from lowcode.kernel.storage import wiping

BEING_READ = {
    "en": "the log of writes still holds what was erased: somebody has been reading from the database all the while; "
    "end long exports, backups and other programs that hold it open, and run this job again",
    "zh-CN": "数据库的写入日志中仍保留已删除的内容：一直有读取操作未结束；"
    "请结束长时间的导出、备份或占用数据库的程序，再重新运行此任务",
}


def empty_soon(context: Context) -> None:
    """Have the log of writes emptied after the commit, and have it seen to that it was."""
    database = context.unit.database

    def at_once() -> None:
        wiping.wipe(database)

    if wiping.has_log(database):
        context.unit.after_commit.append(at_once)
        context.as_app().later("storage.wipe", key=f"storage.wipe:{context.now().timestamp()}")


def wipe(context: Context, params: Nothing) -> None:
    """Empty the log of writes. Raises Unavailable while somebody reads from it: the queue tries again, and shows the
    job to administrators when that went on for a day."""
    if not wiping.wipe(context.unit.database):
        raise Unavailable(Problem("storage.being-read", BEING_READ))


OPERATIONS = (Operation("storage.wipe", wipe, Nothing, "internal", outside=True),)
