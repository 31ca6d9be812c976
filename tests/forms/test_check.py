"""A form looked at while it is filled in: computed values and problems, and nothing written."""

from __future__ import annotations

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound
from tests.forms.firm import firm


@pytest.mark.requirement("SF02", "F1", "F10")
def test_a_check_computes_and_refuses_without_writing(database_url: str) -> None:
    """Formulas of the record and of its lines; every problem at its field; no record, no number taken."""
    with firm(database_url) as app:
        rows = [{"what": "x", "quantity": 3, "price": "2.50"}, {"what": "y", "quantity": 0, "price": "1"}]
        found = app.ask("ann", "forms.check", form="quote", values={"items": rows})
        assert found["values"] == {"items": [{"amount": "7.50"}, {"amount": None}], "total": "7.50"}
        assert sorted(each["pointer"] for each in found["errors"]) == ["/customer", "/items/1/quantity"]
        assert app.ask("ann", "records.list", type="quote")["items"] == []
        customer = app.create("ann", "customer", name="x")
        number = app.ask("ann", "records.create", type="quote", values={"customer": customer})["number"]
        assert number == "Q2026-0001"


def test_a_check_of_a_record_that_is_there(database_url: str) -> None:
    """What is not sent is as it was; the form's own checks speak the person's language."""
    with firm(database_url) as app:
        customer = app.create("ann", "customer", name="x", budget="10")
        found = app.ask("ann", "forms.check", form="customer", id=customer, values={"budget": "2000000"})
        assert found["values"] == {"double": "4000000.00"}
        assert [(each["pointer"], each["code"]) for each in found["errors"]] == [("/budget", "customer.sane")]
        assert app.ask("ann", "records.get", type="customer", id=customer)["version"] == 1


def test_a_check_is_permitted_like_a_save(database_url: str) -> None:
    """Nobody checks what they may not make, and nothing is said of records one may not see."""
    with firm(database_url) as app:
        customer = app.create("ann", "customer", name="x")
        with pytest.raises(Forbidden):
            app.ask("rea", "forms.check", form="customer", values={"name": "y"})
        with pytest.raises(NotFound):
            app.ask("ben", "forms.check", form="customer", id=customer, values={"name": "y"})
