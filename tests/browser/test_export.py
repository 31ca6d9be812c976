"""A long list as a file: how it gets on, a way out, and the file at the end."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from lowcode.forms.operations import export
from lowcode.host import Host
from tests.browser.conftest import SignIn

LEADS = 3_000


@pytest.fixture
def many(demo: Host) -> None:
    """Leads enough for a progress to be read."""
    table = demo.types["lead"].table
    owner, at = demo.actor("chen.guodong").id, datetime(2026, 3, 1, tzinfo=UTC)
    with demo.session() as context:
        found = context.ask("records.list", type="lead", limit=1, fields=("stage",))["items"][0]
        columns = {column.name: None for column in table.columns}
        context.unit.insert_many(
            table,
            [
                {**columns, "id": context.unit.new_ids(table, 1)[0], "version": 1, "created_at": at, "updated_at": at,
                 "owner": owner, "stage": found["stage"], "company": f"长单{number:04}有限公司"}
                for number in range(LEADS)
            ],
        )  # fmt: skip


@pytest.mark.requirement("SF10", "F23")
def test_a_long_list_goes_out(
    page: Page, sign_in: SignIn, many: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The page says how far it is and of how much; cancelled, nothing is saved; left alone, the file is whole."""
    rows = export._rows
    slow = [True]

    def taking_its_time(*given: Any, **more: Any) -> Iterator[Sequence[Any]]:
        time.sleep(0.3 if slow[0] else 0)
        return rows(*given, **more)

    monkeypatch.setattr(export, "PAGE", 100)
    monkeypatch.setattr(export, "_rows", taking_its_time)
    sign_in(page, "陈国栋", "#/records/lead?view=all")
    page.get_by_role("button", name="更多").first.click()
    page.get_by_role("menuitem", name="导出为 Excel").click()
    running = page.locator(".lc-export-run")
    expect(running).to_contain_text(" / 3,", timeout=20_000)
    running.get_by_role("button", name="取消").click()
    expect(page.locator(".ant-message")).to_contain_text("已取消导出")
    slow[0] = False
    page.get_by_role("button", name="更多").first.click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="导出为 Excel").click()
    assert download.value.suggested_filename.startswith("线索-")
    download.value.save_as(tmp_path / "leads.xlsx")
    content = (tmp_path / "leads.xlsx").read_bytes()
    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert LEADS < len(found)
    expect(page.locator(".ant-message")).to_contain_text("已导出")
