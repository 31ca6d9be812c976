"""Asked through the house: who may print what, what is kept, and that it can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import Actor
from lowcode.printing.engine import Printing

FIRM = Path(__file__).parent / "firm"
SALES = Actor(1, "li.na", "李娜", frozenset({"sales"}), team=frozenset({1}), locale="zh-CN")
OTHER = Actor(2, "zhang.wei", "张伟", frozenset({"sales"}), team=frozenset({2}))
SUPERVISOR = Actor(3, "wang.fang", "王芳", frozenset({"supervisor"}), locale="en")


@dataclass
class Firm:
    """The sample firm, opened."""

    host: Host

    def ask(self, actor: Actor, operation: str, **parameters: Any) -> Any:
        """One operation in a transaction of its own."""
        with self.host.session(actor) as session:
            return session.ask(operation, **parameters)


@pytest.fixture(scope="module")
def firm() -> Iterator[Firm]:
    """One firm with one quote of Li Na's."""
    printing = Printing()
    host = Host(
        FIRM, "sqlite://", engines=[Forms(), printing], clock=FrozenClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
    )
    host.publish()
    opened = Firm(host)
    account = opened.ask(SALES, "records.create", type="account", values={"name": "苏州博世汽车部件有限公司"})
    line = {
        "code": "EJA-110E",
        "description": "差压变送器",
        "unit": "台",
        "quantity": 2,
        "price": Decimal("8650.50"),
        "cost": 5,
    }
    values = {"account": account["id"], "quoted_on": date(2026, 11, 23), "items": [line], "owner": 1}
    opened.ask(SUPERVISOR, "records.create", type="quote", values=values)
    yield opened
    host.close()


@pytest.mark.requirement("ST01")
@pytest.mark.requirement("T1")
def test_a_paper_is_given_with_its_name(firm: Firm) -> None:
    """A PDF with the record's name, in the person's language; each paper is counted."""
    made = firm.ask(SALES, "printing.render", template="quotation", id=1)
    assert made["content"].startswith(b"%PDF") and made["media_type"] == "application/pdf"
    assert made["name"] == "报价单-Q202611-0001-苏州博世汽车部件有限公司.pdf"
    again = firm.ask(SUPERVISOR, "printing.render", template="quotation", id=1)
    assert again["name"] == "Quotation-Q202611-0001.pdf"
    assert (made["copy"], again["copy"]) == (1, 2)


def test_a_print_can_be_made_again(firm: Firm) -> None:
    """From the kept snapshot, byte for byte, though the record has changed since."""
    made = firm.ask(SALES, "printing.render", template="quotation", id=1)
    firm.ask(SALES, "records.update", type="quote", id=1, values={"terms": "改过的条款"})
    again = firm.ask(SALES, "printing.again", print=made["print"])
    assert again["same"] and again["content"] == made["content"]
    assert firm.ask(SALES, "printing.history", form="quote", id=1)["items"][0]["copy"] == made["copy"]


def test_a_preview_is_not_counted(firm: Firm) -> None:
    """Looking at the page leaves no row."""
    before = len(firm.ask(SALES, "printing.history", form="quote", id=1)["items"])
    made = firm.ask(SALES, "printing.render", template="quotation", id=1, format="html", language="en")
    assert made["content"].startswith(b"<!doctype html>") and made["print"] is None
    assert len(firm.ask(SALES, "printing.history", form="quote", id=1)["items"]) == before


def test_who_may_not_read_may_not_print(firm: Firm) -> None:
    """Another person's quote looks as if it were not there, for printing, history and copies alike."""
    for operation, parameters in (
        ("printing.render", {"template": "quotation", "id": 1}),
        ("printing.history", {"form": "quote", "id": 1}),
        ("printing.again", {"print": 1}),
        ("printing.list", {"form": "quote", "id": 99}),
    ):
        with pytest.raises(NotFound):
            firm.ask(OTHER, operation, **parameters)


def test_hidden_fields_are_blank_on_paper(firm: Firm) -> None:
    """What a person may not see is not on their paper, in the record and in its lines."""
    sales = firm.ask(SALES, "printing.render", template="costing", id=1, format="html")["content"].decode()
    supervisor = firm.ask(SUPERVISOR, "printing.render", template="costing", id=1, format="html")["content"].decode()
    assert "5.00" in supervisor and "5.00" not in sales


def test_a_template_says_when(firm: Firm) -> None:
    """A paper whose time has not come is refused with the author's words, and not offered."""
    assert [each["name"] for each in firm.ask(SALES, "printing.list", form="quote", id=1)["items"]] == [
        "costing",
        "quotation",
    ]
    with pytest.raises(Rejected) as refused:
        firm.ask(SALES, "printing.render", template="delivery", id=1)
    assert refused.value.problems[0].words("zh-CN") == "批准后才能打印送货单"


def test_a_language_that_is_missing_falls_back(firm: Firm) -> None:
    """A page in a language the template has not prints the person's, or the template's first."""
    made = firm.ask(OTHER, "printing.describe")
    assert [each["name"] for each in made["quote"]] == ["costing", "delivery", "quotation"]
    for language, name in (
        ("fr", "报价单-Q202611-0001-苏州博世汽车部件有限公司.html"),
        ("en-GB", "Quotation-Q202611-0001.html"),
    ):
        paper = firm.ask(SALES, "printing.render", template="quotation", id=1, language=language, format="html")
        assert paper["name"] == name


def test_a_page_is_told_what_can_be_printed(firm: Firm) -> None:
    """The buttons of a record and the entries of its timeline."""
    assert firm.ask(SALES, "printing.situation", form="quote", id=1) == {"print": ["costing", "quotation"]}
    assert all(each["kind"] == "print" for each in firm.ask(SALES, "printing.activities", form="quote", id=1))
