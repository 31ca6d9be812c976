"""Rows of one record of which no two have the same: of one column or of several, in rows and in rows within rows."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.forms.firm import EVERYTHING, firm

PARTS = [{"name": "product", "type": "text", "unique": True}, {"name": "note", "type": "text"}]
ORDER: dict[str, Any] = {
    "name": "order",
    "fields": [
        {"name": "number", "type": "text"},
        {
            "name": "sizes", "type": "lines",
            "unique_rows": [{"fields": ["size", "colours"], "message": {"en": "once each", "zh-CN": "每种一次"}}],
            "fields": [
                {"name": "size", "type": "number", "scale": 2},
                {"name": "colours", "type": "multi_select", "options": [{"name": "red"}, {"name": "blue"}]},
            ],
        },
        {"name": "groups", "type": "lines", "fields": [
            {"name": "title", "type": "text"}, {"name": "parts", "type": "lines", "fields": PARTS}]},
    ],
    "permissions": [{"role": "supervisor", "can": EVERYTHING}],
}  # fmt: skip
LOOSE = {**ORDER, "fields": [
    ORDER["fields"][0], {**ORDER["fields"][1], "unique_rows": []},
    {"name": "groups", "type": "lines", "fields": [
        {"name": "title", "type": "text"},
        {"name": "parts", "type": "lines", "fields": [{"name": "product", "type": "text"}, PARTS[1]]}]},
]}  # fmt: skip
RED: dict[str, Any] = {"size": "1.50", "colours": ["red"]}
CASES: tuple[tuple[dict[str, Any], list[list[str]]], ...] = (
    ({"sizes": [RED, {**RED, "size": "2"}, {**RED, "colours": ["blue"]}, {"size": "1.5"}, {"size": "1.5"}]}, []),
    ({"sizes": [RED, {}, {**RED, "size": "1.5"}]}, [["records.row-twice", "/sizes/2/size", "once each"]]),
    ({"groups": [{"parts": [{"product": "a"}, {"product": "b"}]}, {"parts": [{"product": None}, {}]}]}, []),
    (
        {"groups": [{"parts": [{"product": "a"}]}, {"parts": [{"product": "b"}, {"product": "a"}]}]},
        [["records.row-twice", "/groups/1/parts/1/product", "another row has this already"]],
    ),
)


@pytest.mark.requirement("F2", "SF06")
def test_no_two_rows_of_a_record_have_the_same(database_url: str) -> None:
    """Blank is nothing; rows of other records are nobody's business, and neither are two that were there before."""
    with firm(database_url, LOOSE) as app:
        old = app.create("boss", "order", sizes=[RED, RED], groups=[{"parts": [{"product": "a"}, {"product": "a"}]}])
    with firm(database_url, ORDER) as app:
        for values, wanted in CASES:
            found = app.ask("boss", "forms.check", form="order", values=values)["errors"]
            assert wanted == [[each["code"], each["pointer"], each["detail"]] for each in found]
            if wanted:
                with pytest.raises(Rejected):
                    app.create("boss", "order", **values)
            else:
                app.create("boss", "order", **values)
        app.ask("boss", "records.update", type="order", id=old, values={"number": "1"})
        rows = app.ask("boss", "records.get", type="order", id=old)
        app.ask("boss", "records.update", type="order", id=old, values={"groups": rows["groups"]})
        with pytest.raises(Rejected):
            app.ask("boss", "records.update", type="order", id=old, values={"sizes": [*rows["sizes"], RED]})
        copied = app.ask("boss", "records.copy", type="order", id=old)
        assert [{"product": "a"}, {"product": "a"}] == [
            {"product": each["product"]} for each in copied["values"]["groups"][0]["parts"]
        ], "a copy takes what tells rows apart"
