"""Notices about records are taken back without going through everybody's."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.forms.firm import firm


@pytest.mark.requirement("X14")
def test_they_are_found_by_an_index() -> None:
    """Whoever takes an import back asks for them part by part, and a firm has very many."""
    asked = (
        "EXPLAIN QUERY PLAN DELETE FROM lc_notification WHERE form = 'customer'"
        " AND record IN (SELECT value FROM json_each('[1, 2]')) AND read_at IS NULL"
    )
    with firm("sqlite://") as app, app.host.database.engine.connect() as connection:
        told = " ".join(str(row[3]) for row in connection.execute(sa.text(asked)))
    assert "SEARCH lc_notification USING INDEX lc_notification_record (record=? AND form=?)" in told
