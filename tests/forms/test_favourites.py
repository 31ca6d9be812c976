"""Favourites: kept at hand for one person, and never a way to what they may not see."""

from __future__ import annotations

import pytest

from lowcode.forms.operations.favourites import LIMIT
from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.forms.firm import firm


def test_records_and_views_are_kept_at_hand(database_url: str) -> None:
    """In the order they were added, once each, by the name they have now; taken off, they are gone."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="恒启", budget=1)
        for _ in range(2):
            app.ask("ann", "forms.add_favourite", form="customer", record=one)
        app.ask("ann", "forms.add_favourite", form="customer", view="")
        kept = app.ask("ann", "forms.save_view", form="customer", title="大客户", view={})
        app.ask("ann", "forms.add_favourite", form="customer", view=kept["name"])
        app.ask("ann", "records.update", type="customer", id=one, values={"name": "恒启股份"})
        assert app.ask("ann", "forms.favourites")["items"] == [
            {"form": "customer", "record": one, "view": None, "label": "恒启股份"},
            {"form": "customer", "record": None, "view": None, "label": None},
            {"form": "customer", "record": None, "view": kept["name"], "label": "大客户"},
        ]
        assert app.ask("boss", "forms.favourites")["items"] == []
        for _ in range(2):
            app.ask("ann", "forms.remove_favourite", form="customer", record=one)
        assert [each["view"] for each in app.ask("ann", "forms.favourites")["items"]] == [None, kept["name"]]


def test_what_may_not_be_seen_is_not_offered(database_url: str) -> None:
    """A record of others cannot be kept; one that is deleted, and a view that is removed, are offered no more."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="恒启", budget=1)
        for asked in ({"record": one}, {"view": "nowhere"}, {"record": one + 1}):
            with pytest.raises(NotFound):
                app.ask("ben", "forms.add_favourite", form="customer", **asked)
        with pytest.raises(NotFound):
            app.ask("ann", "forms.add_favourite", form="nothing", view="")
        app.ask("ann", "forms.add_favourite", form="customer", record=one)
        kept = app.ask("ann", "forms.save_view", form="customer", title="大客户", view={})
        app.ask("ann", "forms.add_favourite", form="customer", view=kept["name"])
        app.ask("ann", "records.delete", type="customer", id=one)
        app.ask("ann", "forms.remove_view", form="customer", name=kept["name"])
        assert app.ask("ann", "forms.favourites")["items"] == []


def test_there_is_an_end_to_favourites(database_url: str) -> None:
    """Nobody fills the database with them."""
    with firm(database_url) as app:
        for number in range(LIMIT):
            one = app.create("boss", "customer", name=f"客户 {number}", budget=1)
            app.ask("boss", "forms.add_favourite", form="customer", record=one)
        with pytest.raises(Rejected, match="favourites"):
            app.ask("boss", "forms.add_favourite", form="customer", view="")
