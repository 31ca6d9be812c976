"""What is wrong with a schedule written as cron, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from lowcode.kernel.diagnostics import Text

PARTS = ("分钟", "小时", "日", "月", "星期")
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = {"en": "it never comes", "zh-CN": "永远不会到来"}


def wrong_cron(written: str, error: CronSimError | StopIteration) -> Text:
    """Why a schedule cannot be read: which of its parts, each looked at by itself; or that it never comes."""
    parts = written.split()
    if not str(error):
        return NEVER
    if len(parts) != len(PARTS):
        return {"en": str(error), "zh-CN": f"应有 {len(PARTS)} 段，现有 {len(parts)} 段"}
    wrong = [name for at, name in enumerate(PARTS) if not _reads(parts[at], at)]
    chinese = f"“{'、'.join(wrong)}”写法有误" if wrong else NEVER["zh-CN"]
    return {"en": str(error), "zh-CN": chinese}


def _reads(part: str, at: int) -> bool:
    """Whether a part can be read where the others say nothing."""
    try:
        CronSim(" ".join(part if place == at else "*" for place in range(len(PARTS))), FIRST)
    except CronSimError:
        return False
    return True
