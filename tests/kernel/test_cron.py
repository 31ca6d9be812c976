"""What is wrong with a schedule is said of its part, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cronsim import CronSim, CronSimError

from lowcode.kernel.calendar.cron import wrong_cron


@pytest.mark.parametrize(("written", "english", "chinese"), [
    ("nine", "Wrong number of fields", "应有 5 段，现有 1 段"),
    ("61 * * * *", "Bad minute", "“分钟”写法有误"),
    ("0 25 * * *", "Bad hour", "“小时”写法有误"),
    ("0 9 40 * *", "Bad day-of-month", "“日”写法有误"),
    ("0 9 * 13 9", "Bad month", "“月、星期”写法有误"),
    ("0 9 * * 9", "Bad day-of-week", "“星期”写法有误"),
    ("0 0 31 2 *", "Bad day-of-month", "永远不会到来"),
])  # fmt: skip
def test_a_wrong_schedule(written: str, english: str, chinese: str) -> None:
    """Each part is looked at by itself; parts that only together make no day never come."""
    with pytest.raises(CronSimError) as refused:
        next(CronSim(written, datetime(2026, 1, 1, tzinfo=UTC)))
    assert wrong_cron(written, refused.value) == {"en": english, "zh-CN": chinese}
    assert wrong_cron(written, StopIteration()) == {"en": "it never comes", "zh-CN": "永远不会到来"}
