"""The example CRM, told as stories through operations, with a clock that only the story moves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lowcode import Host
from lowcode.testing import Story, stories
from tests.support.postgresql import Server

CRM = "examples/crm_app"
SHOWN = {
    "assignment": ("SC23",),
    "care": ("SC17",),
    "collection": ("SC14", "SC15", "SC19", "SC21", "SC25", "SW17"),
    "complaint": ("SC16", "SC18"),
    "customer_file": ("SC06", "SC07", "SC08", "SC10", "SC11", "SC12", "SF15", "SF16", "SF17", "SF18", "SF31", "SB22"),
    "grading": ("SC20", "SC22", "SF29"),
    "feedback": ("SP25", "SP26"),
    "kpi": ("SB19", "SC24"),
    "outreach": ("SC26",),
    "pool": ("SC01",),
    "sources": ("A16",),
    "stage_gate": ("SC13",),
}
"""The rows of the list that one story alone shows."""
STORIES = [
    pytest.param(each, id=str(each), marks=[pytest.mark.requirement(*SHOWN[str(each)])] if str(each) in SHOWN else [])
    for each in stories(CRM)
]


@pytest.mark.requirement("SC02", "SC05", "SR04", "SR06", "SR10", "SR23", "SW02", "SW06", "SB02", "ST07", "SA05", "X3")
@pytest.mark.requirement("SB06", "SB07", "SB08", "SB10", "SB12", "SB20", "SB26", "SB27", "SB29", "SB30", "SB31", "SB32")
@pytest.mark.requirement("SB33", "SB34", "SB35", "SB36", "SB37", "SB38", "SB39")
@pytest.mark.requirement("SA02", "SA03", "SA04", "SA06", "SA08", "SA10", "SA11")
@pytest.mark.parametrize("story", STORIES)
def test_the_crm(story: Story) -> None:
    """Everything the story says comes true."""
    story.check()


@pytest.fixture(scope="module")
def published(postgresql_server: Server) -> Iterator[str]:
    """A database with the tables of the CRM and nothing in them, to be copied: making them costs more than a story."""
    with postgresql_server.database() as url:
        host = Host(CRM, url)
        host.publish()
        host.close()
        yield url


@pytest.mark.parametrize("story", stories(CRM), ids=str)
def test_the_crm_on_postgresql(story: Story, postgresql_server: Server, published: str) -> None:
    """The same stories on the other database."""
    with postgresql_server.database(like=published) as url:
        story.check(url)


@pytest.mark.requirement("SB02")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_two_columns_of_a_report_are_called_the_same(language: str) -> None:
    """Whoever reads a table knows which column is the number and which the share of it, in either language."""
    alike = []
    for path in sorted(Path(CRM, "reports").glob("*.json")):
        report = json.loads(path.read_text("utf-8"))
        columns = [each for part in ("dimensions", "measures") for each in report.get(part, [])]
        told = [each["title"] for each in columns if isinstance(each, dict) and isinstance(each.get("title"), dict)]
        titles = Counter(each[language] for each in told)
        alike += [f"{path.name}: {title}" for title, count in titles.items() if count > 1]
    assert alike == []
