"""Duplicates become one record; many records are changed at once and handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import new_key
from tests.forms.firm import CUSTOMER, EVERYTHING, QUOTE, Firm, firm

PARTS = [{"name": "of", "type": "link", "to": "customer"}, {"name": "text", "type": "text"}]
NOTE: dict[str, Any] = {
    "name": "note",
    "fields": [
        {"name": "about", "type": "link_any", "to": ["customer", "quote"]},
        {"name": "all", "type": "links", "to": "customer"},
        {"name": "parts", "type": "lines", "fields": PARTS},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": EVERYTHING}],
}


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, CUSTOMER, QUOTE, NOTE) as found:
        yield found


@pytest.mark.requirement("SF11", "SF12", "F16")
def test_records_are_merged(app: Firm) -> None:
    """What is blank is filled, what is chosen is taken, sets are joined, and what pointed at the others points here."""
    one = app.create("boss", "customer", name="Acme", tags=["a"], email="a@b.cn")
    two = app.create("boss", "customer", name="ACME Ltd", phone="13800138000", tags=["b"], grade="a")
    three = app.create("boss", "customer", name="Acme GmbH", phone="13900139000", budget="5", email="c@b.cn")
    branch = app.create("boss", "customer", name="Branch", head=two)
    quote = app.create("boss", "quote", customer=two)
    note = app.create("boss", "note", about=f"customer/{three}", all=[one, two], parts=[{"of": two, "text": "x"}])
    app.ask("boss", "forms.comment", form="customer", id=two, text="hello")
    made = app.ask("boss", "forms.merge", form="customer", into=one, others=(two, three), take={"email": three})
    found = app.ask("boss", "records.get", type="customer", id=one)
    assert {name: found[name] for name in ("name", "phone", "grade", "tags", "email")} == {
        "name": "Acme", "phone": "13800138000", "grade": "a", "tags": ["a", "b"], "email": "c@b.cn",
    }  # fmt: skip
    assert str(found["budget"]) == "5.00" and made["record"]["id"] == one and made["moved"] == 4
    assert app.ask("boss", "records.get", type="customer", id=branch)["head"] == one
    assert app.ask("boss", "records.get", type="quote", id=quote)["customer"] == one
    moved = app.ask("boss", "records.get", type="note", id=note)
    assert moved["about"] == f"customer/{one}" and moved["all"] == [one]
    assert [(row["of"], row["text"]) for row in moved["parts"]] == [(one, "x")]
    for gone in (two, three):
        with pytest.raises(NotFound):
            app.ask("boss", "records.get", type="customer", id=gone)
    last = max(app.ask("boss", "records.history", type="customer", id=one), key=lambda each: each["id"])
    assert ("merged", {}, app.person("boss")) == (last["kind"], last["changes"], last["actor"])
    app.ask("boss", "records.update", type="customer", id=one, version=1, values={"name": "Acme Inc"})


def test_who_may_merge_what(app: Firm) -> None:
    """As one may read, delete and edit; all or nothing."""
    mine, other = app.create("ann", "customer", name="a"), app.create("ben", "customer", name="b")
    with pytest.raises(NotFound):
        app.ask("ann", "forms.merge", form="customer", into=mine, others=(other,))
    with pytest.raises(Forbidden):
        app.ask("rea", "forms.merge", form="customer", into=mine, others=(other,))
    for wrong in ({"others": (mine,)}, {"others": (other,), "take": {"name": 77}}):
        with pytest.raises(Rejected):
            app.ask("boss", "forms.merge", form="customer", into=mine, **wrong)
    assert app.ask("boss", "records.list", type="customer", count=True)["count"]["value"] == 2


def test_many_records_are_changed(app: Firm) -> None:
    """One that is refused does not hold up the others, and is named with its reason."""
    ids = [app.create("ann", "customer", name=name, budget="5") for name in "ab"]
    other = app.create("ben", "customer", name="c", budget="5")
    found = app.ask("ann", "forms.edit_many", form="customer", ids=(*ids, other), values={"grade": "a"})
    assert found["changed"] == 2 and [each["id"] for each in found["refused"]] == [other]
    found = app.ask("boss", "forms.edit_many", form="customer", where="budget = 5", values={"budget": "2000000"})
    assert found["changed"] == 0
    assert [each["problems"][0]["code"] for each in found["refused"]] == ["customer.sane"] * 3
    assert app.ask("boss", "forms.edit_many", form="customer", where="budget = 5", values={"budget": 6})["changed"] == 3


@pytest.mark.requirement("SP22")
def test_what_somebody_owns_is_handed_over(app: Firm) -> None:
    """In one step, over all forms, with the fields that name the person; by an administrator or who they report to."""
    ann, ben = app.person("ann"), app.person("ben")
    mine = app.create("ann", "customer", name="a", agent=ann)
    app.create("ben", "customer", name="b", agent=ann)
    app.create("ann", "quote", customer=mine)
    with pytest.raises(Forbidden):
        app.ask("ben", "forms.hand_over", **{"from": ann, "to": ben})
    with pytest.raises(Rejected):
        app.ask(None, "forms.hand_over", **{"from": ann, "to": 999})
    counted = app.ask(None, "forms.hand_over", **{"from": ann, "to": ben, "dry_run": True})["counts"]
    assert counted == {"customer": 2, "quote": 1, "note": 0}
    app.host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=["sales"], manager="boss")
    app.host.forget_directory()
    done = app.ask("boss", "forms.hand_over", **{"from": ann, "to": ben})
    assert (done["changed"], done["counts"], done["refused"]) == (3, {"customer": 2, "quote": 1}, [])
    listed = app.ask(None, "records.list", type="customer", fields=("owner", "agent"))["items"]
    assert [(each["owner"], each["agent"]) for each in listed] == [(ben, ben)] * 2
    assert app.ask("ann", "records.list", type="customer")["items"] == []


SAFE: dict[str, Any] = {
    "name": "safe",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "card", "type": "text", "encrypted": True, "mask": "card"},
        {"name": "pin", "type": "secret"},
        {"name": "door", "type": "password", "min_length": 4},
        {"name": "cost", "type": "money"},
        {"name": "rank", "type": "number", "read_only": True},
        {"name": "kept", "type": "lines", "fields": [{"name": "what", "type": "text"}]},
        {"name": "keys", "type": "lines", "fields": [{"name": "code", "type": "text", "encrypted": True}]},
    ],
    "permissions": [
        {"role": "supervisor", "can": [*EVERYTHING, "reveal"]},
        {"role": "sales", "can": EVERYTHING, "hide": ["cost", "kept"]},
    ],
}  # fmt: skip


@pytest.mark.requirement("F16", "SF12", "SP15")
def test_a_merge_takes_over_what_whoever_merges_does_not_see(database_url: str) -> None:
    """What is encrypted, masked, secret, hidden or set by rules fills what is blank in the record that stays; what
    cannot be taken over is named; and rows that are taken from the other come whole."""
    with firm(database_url, SAFE, secrets={"ENCRYPTION_KEYS": new_key("a")}) as app:
        rows = {"kept": [{"what": "x"}], "keys": [{"code": "c1"}]}
        one = app.create("ann", "safe", title="a", keys=[{"code": "c0"}])
        two = app.create("boss", "safe", title="b", card="6222020200112233", pin="s1", door="open1", cost=3, **rows)
        app.ask(None, "records.update", type="safe", id=two, values={"rank": 7, "owner": app.person("ann")})
        done = app.ask("ann", "forms.merge", form="safe", into=one, others=(two,), take={"keys": two})
        assert done["left"] == ["door"] and "cost" not in done["record"]
        found = app.ask("boss", "records.get", type="safe", id=one)
        assert [found[name] for name in ("title", "card", "cost", "rank")] == ["a", "6222020200112233", 3, 7]
        assert [row["what"] for row in found["kept"]] == ["x"] and [row["code"] for row in found["keys"]] == ["c1"]
        assert app.ask("boss", "records.reveal", type="safe", id=one, field="pin") == "s1"


@pytest.mark.requirement("F22", "X14", "SP15")
def test_an_import_taken_back_gives_back_what_was_encrypted(database_url: str) -> None:
    """And names what it cannot give back."""
    with firm(database_url, SAFE, secrets={"ENCRYPTION_KEYS": new_key("a")}) as app:
        made = app.create("boss", "safe", title="a", card="6222020200112233")
        content = b"title,card\na,6222020200999999\n"

        def taken_back(*, kept: bool) -> Any:
            """The answer; without what is kept, as of records that an older version of the library changed."""
            how = {"form": "safe", "name": "a.csv", "content": content, "keys": ("title",), "duplicates": "update"}
            brought = app.ask("boss", "forms.import", **how)
            if not kept:
                with app.host.session(APP) as context:
                    context.unit.run(sa.delete(t.former))
            return app.ask("boss", "forms.undo_import", batch=brought["batch"])

        assert taken_back(kept=True) == {"deleted": 0, "restored": 1, "kept": [], "left": []}
        assert app.ask("boss", "records.get", type="safe", id=made)["card"] == "6222020200112233"
        assert taken_back(kept=False)["left"] == [{"id": made, "fields": ["card"]}]
