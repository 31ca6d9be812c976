"""What the preview of a file says of each row is what becomes of it, whatever its rows have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lowcode.forms.operations import incoming
from lowcode.forms.operations.incoming import Row
from lowcode.kernel.diagnostics import Rejected
from tests.forms.firm import EVERYTHING, Firm, firm

BOSS = [{"role": "supervisor", "can": EVERYTHING}]
ORDER: dict[str, Any] = {
    "name": "order", "label": "number", "permissions": BOSS,
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "got", "type": "rollup", "expression": "SUM(receipts.pieces)"},
    ],
    "relations": [{"name": "receipts", "form": "receipt", "by": "order"}],
    "checks": [{"name": "enough", "expression": "got <= 5", "message": {"en": "too many", "zh-CN": "超出"}}],
}  # fmt: skip
RECEIPT: dict[str, Any] = {
    "name": "receipt", "label": "code", "permissions": BOSS,
    "fields": [
        {"name": "code", "type": "text"},
        {"name": "box", "type": "text", "unique": True},
        {"name": "shelf", "type": "text"},
        {"name": "order", "type": "link", "to": "order"},
        {"name": "pieces", "type": "integer", "min": 1},
    ],
    "unique": [{"fields": ["shelf", "pieces"]}],
}  # fmt: skip
TITLES = "code,box,shelf,order,pieces"
LINES = st.tuples(
    st.sampled_from(["", "A", "B", "C", "R1", "R2"]),
    st.sampled_from(["", "X", "x", "Y", "B1", "B2"]),
    st.sampled_from(["", "S", "S1"]),
    st.sampled_from(["", "O1"]),
    st.sampled_from(["", "0", "1", "3", "much"]),
)
FILES = st.lists(LINES.filter(any), min_size=2, max_size=7)


@pytest.fixture(scope="module")
def app() -> Iterator[Firm]:
    """An order, and two receipts that a file may name."""
    with firm("sqlite://", ORDER, RECEIPT) as found:
        order = found.create("boss", "order", number="O1")
        found.create("boss", "receipt", code="R1", box="B1", shelf="S1", pieces=1, order=order)
        found.create("boss", "receipt", code="R2", box="B2", shelf="S1", pieces=3)
        yield found


class _Undone(Exception):
    """Nothing of it is to stay."""


def became(app: Firm, content: bytes, monkeypatch: pytest.MonkeyPatch, **options: Any) -> dict[int, str]:
    """What becomes of each row; nothing stays."""
    rows: list[Row] = []
    standing = incoming.bring

    def heard(*given: Any) -> Iterator[Row]:
        for row in standing(*given):
            rows.append(row)
            yield row

    with monkeypatch.context() as patched:
        patched.setattr("lowcode.forms.operations.transfer.bring", heard)
        with pytest.raises(_Undone), app.host.session(app.host.actor("boss")) as context:
            try:
                context.ask("forms.import", form="receipt", name="a.csv", content=content, **options)
            except Rejected as refused:
                raise AssertionError([each.code for each in refused.problems]) from refused
            raise _Undone
    return {row.number: row.action for row in rows}


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([("A", "X", "", "", "much"), ("B", "X", "", "", "")], "code", "update", 1000)
@example([("A", "X", "", "O1", "3"), ("B", "X", "", "O1", "3"), ("C", "Y", "", "O1", "1")], "code", "update", 1000)
@example([("A", "X", "", "O1", "3"), ("B", "Y", "", "O1", "3"), ("C", "Y", "", "", "")], "code", "update", 1000)
@example([("R1", "Z", "", "", ""), ("R2", "B1", "", "", "")], "code", "update", 1000)
@example([("R1", "X", "", "", ""), ("A", "X", "", "", "")], "code", "update", 1000)
@example([("R1", "X", "", "", ""), ("", "", "", "", "1"), ("A", "B1", "", "", "")], "code", "update", 2)
@given(
    FILES, st.sampled_from(["", "code", "box"]), st.sampled_from(["create", "update", "skip"]),
    st.sampled_from([2, 1000]),
)  # fmt: skip
@pytest.mark.requirement("SF06", "SF10")
def test_a_preview_says_what_the_import_does(
    app: Firm, monkeypatch: pytest.MonkeyPatch, lines: list[tuple[str, ...]], key: str, duplicates: str, at_once: int
) -> None:  # fmt: skip
    """A row that is refused keeps no value from another and counts nowhere; one that is saved does both."""
    content = "\n".join([TITLES, *(",".join(each) for each in lines)]).encode()
    options: dict[str, Any] = {"duplicates": duplicates, "keys": [key] if key else []}
    with monkeypatch.context() as patched:
        patched.setattr(incoming, "AT_ONCE", at_once)
        foretold = became(app, content, monkeypatch, dry_run=True, **options)
        assert became(app, content, monkeypatch, **options) == foretold
