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


def named(*wage: str, hide: bool = False) -> list[dict[str, Any]]:
    """A form with a field `wage`, a column of rows, and rows of that name in them, of ids that end so; or without."""
    ends = [{"name": "wage", "type": "text", "id": f"w{each}"} for each in wage]
    within = [{"name": "wage", "type": "text", "id": f"c{each}"} for each in wage]
    columns = [{"name": "what", "type": "text"}, *within]
    parts = [{"name": "parts", "type": "lines", "id": f"p{each}", "fields": [{"name": "code", "type": "text"}]}
             for each in wage]  # fmt: skip
    fields = [{"name": "title", "type": "text"}, {"name": "items", "type": "lines", "fields": columns}, *ends, *parts]
    kept = {"hide": ["wage", "items.wage", "parts"]} if hide else {}
    return [{"name": "post", "fields": fields, "permissions": [{"role": "sales", "can": ["read", "edit"], **kept}]}]


@pytest.mark.requirement("X15")
@pytest.mark.parametrize("between", [[()], []], ids=["removed before", "removed at once"])
def test_another_field_of_the_name_is_not_told_what_the_removed_one_was(
    database_url: str, between: list[tuple[str, ...]]
) -> None:
    """Not by the history, and no restored version writes it there; when the removed field returns, so does what is said
    of it, and what is said of the other one goes."""
    first = {"title": "a", "wage": "71", "items": [{"what": "x", "wage": "72"}], "parts": [{"code": "73"}]}
    with opened(database_url, named("1", hide=True)) as host:
        host.publish()
        write(host, {"post": [first]})
        host.ask(APP, "records.update", type="post", id=1, values={"title": "b", "wage": "74", "items": []})
    for wage in [*between, ("2",)]:
        with opened(database_url, named(*wage)) as host:
            host.apply(allow=["*"])
            told = str(host.ask(ADA, "records.history", type="post", id=1))
            assert not [each for each in ("71", "72", "73", "74") if f"'{each}'" in told]
            seen = str(host.ask(ROOT, "records.history", type="post", id=1))
            assert all(f"'{each}'" in seen for each in ("71", "72", "73", "74"))
            if wage:
                restored = host.ask(ADA, "records.restore", type="post", id=1, version=1)
                assert (None, []) == (restored["wage"], restored["parts"])
                assert [("x", None)] == [(each["what"], each["wage"]) for each in restored["items"]]
                host.ask(ADA, "records.update", type="post", id=1, values={"wage": "75"})
    with opened(database_url, named("1")) as host:
        host.apply(allow=["*"])
        told = str(host.ask(ADA, "records.history", type="post", id=1))
        assert "'71'" in told and "'74'" in told and "'72'" in told and "'75'" not in told
