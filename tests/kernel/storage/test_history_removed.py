"""What is told of a field that is no longer in the definitions: to whoever everything is shown to, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.storage.crypto import new_key
from lowcode.web.timeline import changes_of, timeline_of
from tests.kernel.storage.firm import opened, write

ADA = Actor(7, "ada", "Ada", roles=frozenset({"sales"}))
ROOT = Actor(1, "root", "Root", roles=frozenset({"administrator"}))


def form(*, secrets: bool) -> list[dict[str, Any]]:
    """A form with a field, a column of rows, and one of rows in them, all of which are kept from sales; or without."""
    text = {"type": "text"}
    personal = {"encrypted": True}
    deep = [{"name": "code", **text}, *([{"name": "price", **text}] if secrets else [])]
    inner = {"name": "parts", "type": "lines", "fields": deep}
    columns = [{"name": "what", **text}, *([{"name": "cost", **text}] if secrets else []), inner]
    fields = [
        {"name": "title", **text},
        {"name": "items", "type": "lines", "fields": columns},
        *([{"name": "wage", **text}, {"name": "card", **text, **personal}] if secrets else []),
    ]
    kept = {"hide": ["wage", "card", "items.cost", "items.parts.price"]} if secrets else {}
    return [{"name": "post", "fields": fields, "permissions": [{"role": "sales", "can": ["read", "edit"], **kept}]}]


ROW = {"what": "x", "cost": "71", "parts": [{"code": "p", "price": "72"}]}


@pytest.mark.requirement("X15")
def test_a_removed_field_is_told_to_nobody_it_may_have_been_kept_from(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the history, the stream or a version that is restored; whoever sees everything is told as ever."""
    monkeypatch.setenv("LOWCODE_SECRET_ENCRYPTION_KEYS", new_key())
    with opened(database_url, form(secrets=True)) as host:
        host.publish()
        write(host, {"post": [{"title": "a", "wage": "73", "card": "74", "items": [ROW]}]})
        [row] = host.ask(APP, "records.get", type="post", id=1)["items"]
        [part] = row["parts"]
        changed = {**ROW, "id": row["id"], "cost": "75", "parts": [{"id": part["id"], "price": "76"}]}
        host.ask(APP, "records.update", type="post", id=1, values={"wage": "77", "card": "78", "items": [changed]})
        host.ask(APP, "records.update", type="post", id=1, values={"title": "b", "items": []})
    with opened(database_url, form(secrets=False)) as host:
        host.apply(allow=["*"])

        def told(actor: Actor) -> str:
            history = host.ask(actor, "records.history", type="post", id=1)
            with host.database.reading() as unit:
                context = host.context(unit, actor)
                return str([history, changes_of(context, "post", 1), timeline_of(context, "post", 1, 50)])

        for word in ("wage", "card", "cost", "price", "'71'", "'72'", "'73'", "'75'", "'76'", "'77'"):
            assert word not in told(ADA)
            assert word in told(ROOT)
        assert "'x'" in told(ADA) and "'p'" in told(ADA)
        restored = host.ask(ADA, "records.restore", type="post", id=1, version=1)
        assert [] == restored["_left"]
        assert ["a", "x", "p"] == [
            restored["title"], restored["items"][0]["what"], restored["items"][0]["parts"][0]["code"]
        ]  # fmt: skip
