"""Records that lie in the trash: who may still be told of them."""

from __future__ import annotations

from lowcode.kernel.records.query import was_readable
from tests.forms.firm import firm


def test_only_who_could_read_a_record_is_told_that_it_is_gone(database_url: str) -> None:
    """By the same filter of rows as before; a record that is there, or never was, is not gone."""
    with firm(database_url) as app:
        gone, there = (app.create("ann", "customer", name=name) for name in ("gone", "there"))
        app.ask("ann", "records.delete", type="customer", id=gone)
        told = {}
        for login in ("ann", "ben", "boss"):
            with app.host.session(app.host.actor(login)) as context:
                record_type = app.host.types["customer"]
                told[login] = [was_readable(context, record_type, each) for each in (gone, there, 999)]
        assert told == {"ann": [True, False, False], "ben": [False] * 3, "boss": [True, False, False]}
