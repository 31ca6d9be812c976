"""Comments, and who is told of them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.web.timeline import timeline_of
from tests.forms.firm import Firm, firm


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


@pytest.mark.requirement("F25")
def test_a_comment_is_put_in_other_words_and_taken_away(database_url: str) -> None:
    """Whoever wrote it changes it and takes it away; whom it calls anew is told, and nobody twice. Others change
    nothing; an administrator takes it away."""
    with firm(database_url) as app:
        customer = app.create("ann", "customer", name="恒启")
        boss = app.person("boss")
        of = {"form": "customer", "id": customer}
        said = app.ask("ann", "forms.comment", **of, text="请看")
        number = int(said["id"][1:])
        changed = app.ask("ann", "forms.change_comment", **of, comment=number, text="请 @Boss 看", mentions=(boss,))
        assert (changed["id"], changed["text"], changed["edited"]) == (said["id"], "请 @Boss 看", True)
        app.ask("ann", "forms.change_comment", **of, comment=number, text="请 @Boss 细看", mentions=(boss,))
        assert len(app.ask("boss", "notifications.list")["items"]) == 1
        for name, more in (("change_comment", {"text": "x"}), ("remove_comment", {})):
            with pytest.raises(Forbidden):
                app.ask("boss", f"forms.{name}", **of, comment=number, **more)
            with pytest.raises(NotFound):
                app.ask("ann", f"forms.{name}", **of, comment=number + 1, **more)
        with pytest.raises(Rejected):
            app.ask("ann", "forms.change_comment", **of, comment=number, text=" ")
        app.ask("ann", "forms.remove_comment", **of, comment=number)
        assert heard(app)[-2:] == [
            ("record.comment_changed", {"comment": number, "mentions": [boss]}),
            ("record.comment_removed", {"comment": number, "author": app.person("ann")}),
        ]
        other = int(app.ask("ann", "forms.comment", **of, text="再说")["id"][1:])
        app.host.ask(APP, "forms.remove_comment", **of, comment=other)
        with pytest.raises(NotFound):
            app.ask("ann", "forms.remove_comment", **of, comment=other)


@pytest.mark.requirement("F25")
def test_words_that_were_taken_back_stay_nowhere(database_url: str) -> None:
    """A notice has the words of a comment as it is now; who is no longer meant has none, and a comment that was taken
    away leaves none, but in the timeline that it was there and who took it away."""
    with firm(database_url) as app:
        customer = app.create("ann", "customer", name="恒启")
        boss, ann = app.person("boss"), app.person("ann")
        of = {"form": "customer", "id": customer}

        def noticed() -> list[str]:
            return [each["text"] for each in app.ask("boss", "notifications.list")["items"]]

        number = int(app.ask("ann", "forms.comment", **of, text="a wrong word", mentions=(boss,))["id"][1:])
        other = int(app.ask("ann", "forms.comment", **of, text="another", mentions=(boss,))["id"][1:])
        app.ask("ann", "forms.change_comment", **of, comment=number, text="a better word", mentions=(boss,))
        assert noticed() == ["another", "a better word"]
        app.ask("ann", "forms.change_comment", **of, comment=number, text="not for you")
        assert noticed() == ["another", ""]
        app.ask("ann", "forms.change_comment", **of, comment=number, text="for you again", mentions=(boss,))
        assert noticed() == ["another", "for you again"]
        app.host.ask(APP, "forms.remove_comment", **of, comment=other)
        app.ask("ann", "forms.remove_comment", **of, comment=number)
        assert noticed() == ["", ""]
        with app.host.session(app.host.actor("boss")) as context:
            told = [each for each in timeline_of(context, "customer", customer, 10) if each["kind"] == "comment"]
        assert {each["id"]: (each["text"], each["mentions"], each["removed"]["by"]) for each in told} == {
            f"c{number}": ("", [], {"id": ann, "label": "Ann"}), f"c{other}": ("", [], None),
        }  # fmt: skip
        assert "word" not in str(rows_of(app, t.comment)) + str(rows_of(app, t.notification))


def rows_of(app: Firm, table: sa.Table) -> list[dict[str, Any]]:
    with app.host.database.reading() as unit:
        return [dict(row) for row in unit.fetch(sa.select(table).order_by(table.c.id))]


def heard(app: Firm) -> list[tuple[str, dict[str, Any]]]:
    """What was told of comments."""
    return [(row["name"], row["body"]) for row in rows_of(app, t.event) if "comment" in row["name"]]
