"""Drafts: kept for one person, right or not, and no way around anything."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.forms.operations import drafts
from lowcode.forms.operations.drafts import LIMIT, SIZE
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.forms.firm import CUSTOMER, QUOTE, firm


@pytest.mark.requirement("F17")
def test_a_draft_is_kept_restored_and_discarded(database_url: str) -> None:
    """It need not be right, only who was filling it in sees it, and it makes no record."""
    with firm(database_url) as app:
        values = {"budget": "not a number", "name": None, "head": {"id": 7, "label": "x"}, "double": 1, "nothing": 2}
        made = app.ask("ann", "forms.save_draft", form="customer", values=values, title=" 新客户 ")
        kept = app.ask("ann", "forms.draft", id=made["id"])
        assert (kept["title"], kept["values"], kept["record"], kept["newer"]) == (
            "新客户", {"budget": "not a number", "name": None, "head": {"id": 7, "label": "x"}}, None, False,
        )  # fmt: skip
        again = app.ask("ann", "forms.save_draft", form="customer", id=made["id"], values={"name": "恒启"})
        assert again["id"] == made["id"]
        [item] = app.ask("ann", "forms.drafts", form="customer")["items"]
        assert (item["id"], app.ask("ann", "forms.drafts")["items"]) == (made["id"], [item])
        assert app.ask("boss", "forms.drafts")["items"] == []
        assert app.ask("ann", "records.list", type="customer")["items"] == []
        for ask in ("forms.draft", "forms.discard_draft"):
            with pytest.raises(NotFound):
                app.ask("boss", ask, id=made["id"])
        with pytest.raises(NotFound):
            app.ask("boss", "forms.save_draft", form="customer", id=made["id"], values={})
        app.ask("ann", "forms.discard_draft", id=made["id"])
        assert app.ask("ann", "forms.drafts")["items"] == []


@pytest.mark.requirement("F17", "SF08")
def test_a_draft_whose_answer_got_lost_is_the_same_draft(database_url: str) -> None:
    """By the key of its filling in: it is saved again, and thrown away, by whoever saved it and nobody else."""
    with firm(database_url) as app:
        first = app.ask("ann", "forms.save_draft", form="customer", key="one", values={"name": "甲"})
        again = app.ask("ann", "forms.save_draft", form="customer", key="one", values={"name": "乙"})
        assert again["id"] == first["id"]
        assert app.ask("ann", "forms.draft", id=first["id"])["values"] == {"name": "乙"}
        others = [
            app.ask(who, "forms.save_draft", form=form, key=key, values={})["id"]
            for who, form, key in (("boss", "customer", "one"), ("ann", "quote", "one"), ("ann", "customer", "two"))
        ]
        assert len({first["id"], *others}) == 4
        app.ask("boss", "forms.discard_draft", key="two")
        app.ask("ann", "forms.discard_draft", key="two")
        app.ask("ann", "forms.discard_draft", key="two")  # none of that key, or none any more: nothing to do
        assert {each["id"] for each in app.ask("ann", "forms.drafts")["items"]} == {first["id"], others[1]}
        with pytest.raises(NotFound):
            app.ask("ann", "forms.discard_draft")
        app.ask("ann", "forms.save_draft", form="customer", key="three", values={})
        app.ask("ann", "forms.discard_draft", id=first["id"], key="three")  # what it went on with, and what it kept
        app.ask("ann", "forms.discard_draft", id=others[0], key="three")  # of somebody else
        assert [others[1]] == [each["id"] for each in app.ask("ann", "forms.drafts")["items"]]
        assert [others[0]] == [each["id"] for each in app.ask("boss", "forms.drafts")["items"]]


@pytest.mark.requirement("F17", "SF08")
def test_a_draft_that_is_sent_twice_at_once_is_one_draft(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of the two sees the other when it looks whether there is one."""
    with firm(database_url) as app:
        monkeypatch.setattr(drafts, "_called", lambda *_: None)
        made = [
            app.ask("ann", "forms.save_draft", form="customer", key="one", values={"name": name}, title=name)
            for name in ("甲", "乙")
        ]
        assert made[0]["id"] == made[1]["id"]
        assert ["乙"] == [each["title"] for each in app.ask("ann", "forms.drafts")["items"]]
        assert {"name": "乙"} == app.ask("ann", "forms.draft", id=made[0]["id"])["values"]


@pytest.mark.requirement("F17")
def test_a_draft_of_a_record_says_when_it_was_changed_since(database_url: str) -> None:
    """Another draft than that of a new record; gone with the record."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="恒启", budget=1)
        about = {
            "form": "customer",
            "record": one,
            "version": 1,
            "values": {"budget": "5"},
            "before": {"budget": "1.00"},
        }
        made = app.ask("ann", "forms.save_draft", **about)
        assert app.ask("ann", "forms.drafts", form="customer")["items"] == []
        [item] = app.ask("ann", "forms.drafts", form="customer", record=one)["items"]
        assert (item["title"], item["newer"]) == ("恒启", False)
        app.ask("boss", "records.update", type="customer", id=one, values={"budget": 9})
        kept = app.ask("ann", "forms.draft", id=made["id"])
        assert (kept["newer"], kept["before"], kept["values"]) == (True, {"budget": "1.00"}, {"budget": "5"})
        with pytest.raises(NotFound):
            app.ask("ben", "forms.save_draft", **about)
        app.ask("ann", "records.delete", type="customer", id=one)
        assert app.ask("ann", "forms.drafts")["items"] == []


@pytest.mark.requirement("F17", "F19")
def test_a_draft_holds_nothing_that_is_kept_from_somebody() -> None:
    """Neither what they may not see, nor what is encrypted, nor what may not be filled in at all."""
    form: dict[str, Any] = dict(CUSTOMER)
    fields = [*form["fields"], {"name": "pin", "type": "password"}]
    with firm("sqlite://", {**form, "fields": fields}, QUOTE) as app:
        made = app.ask("ann", "forms.save_draft", form="customer", values={"secret": "x", "pin": "1234", "name": "y"})
        assert app.ask("ann", "forms.draft", id=made["id"])["values"] == {"name": "y"}
        with pytest.raises(Forbidden):
            app.ask("rea", "forms.save_draft", form="customer", values={"name": "x"})
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "forms.save_draft", form="customer", values={"name": "x" * SIZE})
        assert refused.value.problems[0].code == "forms.draft-too-large"
        for _ in range(LIMIT - 1):
            app.ask("ann", "forms.save_draft", form="customer", values={})
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "forms.save_draft", form="customer", values={})
        assert refused.value.problems[0].code == "forms.too-many-drafts"
