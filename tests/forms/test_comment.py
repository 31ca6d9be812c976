"""Comments, and who is told of them."""

from __future__ import annotations

import pytest

from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.forms.firm import firm


@pytest.mark.requirement("SF12", "F25")
def test_a_comment_tells_those_it_mentions(database_url: str) -> None:
    """Who may read the record gets a notice; who may not learns nothing of it."""
    with firm(database_url) as app:
        customer = app.create("ann", "customer", name="恒启")
        boss, ben = app.person("boss"), app.person("ben")
        said = app.ask("ann", "forms.comment", form="customer", id=customer, text=" 请看 ", mentions=(boss, ben))
        assert (said["kind"], said["text"], said["by"]["label"]) == ("comment", "请看", "Ann")
        assert [each["label"] for each in said["mentions"]] == ["Boss", "Ben"]
        (notice,) = app.ask("boss", "notifications.list")["items"]
        assert (notice["record"]["id"], "恒启" in notice["title"]) == (customer, True)
        assert app.ask("ben", "notifications.list")["items"] == []


def test_a_comment_is_refused(database_url: str) -> None:
    """On a record one may not read, without words, to nobody known."""
    with firm(database_url) as app:
        customer = app.create("ann", "customer", name="恒启")
        with pytest.raises(NotFound):
            app.ask("ben", "forms.comment", form="customer", id=customer, text="x")
        for wrong in ({"text": "  "}, {"text": "x", "mentions": (999,)}):
            with pytest.raises(Rejected):
                app.ask("ann", "forms.comment", form="customer", id=customer, **wrong)
