"""Serial numbers: by period, by the value of a field, without gaps, and never twice."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import DefinitionError, Rejected
from lowcode.kernel.records.creating import create_many
from tests.forms.firm import Firm, firm

CUSTOMER = {
    "name": "customer",
    "label": "code",
    "fields": [{"name": "code", "type": "text"}],
    "permissions": [{"role": "sales", "can": ["create", "read"]}],
}


def form(*serials: dict[str, Any]) -> dict[str, Any]:
    """An order with these numbers."""
    fields = [
        {"name": "kind", "type": "select", "options": [{"name": "A"}, {"name": "B"}]},
        {"name": "customer", "type": "link", "to": "customer"},
        {"name": "amount", "type": "integer", "max": 9},
        *({"name": f"number{index}", "type": "serial", **each} for index, each in enumerate(serials)),
    ]
    return {"name": "deal", "fields": fields, "permissions": [{"role": "sales", "can": ["create", "read"]}]}


def made(app: Firm, **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = app.ask("ann", "records.create", type="deal", values=values)
    return found


@pytest.mark.requirement("F11")
def test_counters_begin_anew_by_period_and_by_value(database_url: str) -> None:
    """As the dates of the pattern say, or as `reset` does; one counter for each kind and each customer."""
    clock = FrozenClock(datetime(2026, 1, 30, 1, tzinfo=UTC))
    serials = (
        {"pattern": "Q{yyyy}{mm}-{000}"},
        {"pattern": "Y{yyyy}{mm}-{000}", "reset": "year", "start": 100},
        {"pattern": "N{yy}-{00}", "reset": "never"},
        {"pattern": "{per}-{00}", "per": "kind"},
        {"pattern": "{per}/{yyyy}/{0}", "per": "customer", "reset": "year"},
    )
    with firm(database_url, CUSTOMER, form(*serials), clock=clock) as app:
        hq, xy = (app.create("ann", "customer", code=code) for code in ("HQ", "XY"))

        def numbers(**values: Any) -> list[str]:
            row = made(app, **values)
            return [row[f"number{index}"] for index in range(len(serials))]

        assert numbers(kind="A", customer=hq) == ["Q202601-001", "Y202601-100", "N26-01", "A-01", "HQ/2026/1"]
        assert numbers(kind="B", customer=hq) == ["Q202601-002", "Y202601-101", "N26-02", "B-01", "HQ/2026/2"]
        clock.set(datetime(2026, 2, 3, 1, tzinfo=UTC))
        assert numbers(kind="A", customer=xy) == ["Q202602-001", "Y202602-102", "N26-03", "A-02", "XY/2026/1"]
        clock.set(datetime(2027, 2, 3, 1, tzinfo=UTC))
        assert numbers() == ["Q202702-001", "Y202702-100", "N27-04", "-01", "/2027/1"]


@pytest.mark.requirement("F11")
def test_a_refused_save_takes_no_number(database_url: str) -> None:
    """The counter moves in the transaction of the record."""
    with firm(database_url, CUSTOMER, form({"pattern": "{000}"})) as app:
        assert made(app)["number0"] == "001"
        with pytest.raises(Rejected):
            made(app, amount=100)
        with pytest.raises(ZeroDivisionError), app.host.session(app.host.actor("ann")) as context:
            assert context.ask("records.create", type="deal", values={})["number0"] == "002"
            raise ZeroDivisionError
        assert made(app)["number0"] == "002"


def together(app: Firm, people: int, each: int) -> list[str]:
    """The numbers that people are given who save at the same moment; every third save is undone."""
    ready = threading.Barrier(people)
    kept: list[str] = []

    def work(login: str) -> None:
        actor = app.host.actor(login)
        ready.wait()
        for turn in range(each):
            with contextlib.suppress(ZeroDivisionError), app.host.session(actor) as context:
                number = context.ask("records.create", type="deal", values={})["number0"]
                if turn % 3 == 2:
                    raise ZeroDivisionError
                kept.append(number)

    threads = [threading.Thread(target=work, args=(("ann", "ben")[at % 2],)) for at in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert people * (each - each // 3) == len(kept)
    return kept


@pytest.mark.requirement("F11")
def test_many_at_once_leave_no_gap(database_url: str) -> None:
    """The first number of a period is asked for by all at once; who fails gives theirs back; none is given twice."""
    with firm(database_url, CUSTOMER, form({"pattern": "{0000}"})) as app:
        kept = together(app, 8, 9)
        assert [f"{number:04}" for number in range(1, len(kept) + 1)] == sorted(kept)


@pytest.mark.requirement("F11")
def test_many_at_once_need_not_wait(database_url: str) -> None:
    """Where numbers may be left out, somebody who has not ended yet holds nobody up, and none is given twice."""
    with firm(database_url, CUSTOMER, form({"pattern": "{0000}", "gapless": False})) as app:
        kept = together(app, 8, 9)
        assert len(set(kept)) == len(kept)
        if app.host.database.dialect_name == "postgresql":
            with app.host.session(app.host.actor("ann")) as context:
                first = context.ask("records.create", type="deal", values={})["number0"]
                with ThreadPoolExecutor(1) as other:
                    second = other.submit(lambda: made(app)["number0"]).result(timeout=20)
            assert first != second
        with firm_again(app) as another:
            assert made(another)["number0"] not in kept


@contextlib.contextmanager
def firm_again(app: Firm) -> Iterator[Firm]:
    """Another process with the same database."""
    host = Host(app.host.documents, str(app.host.database.engine.url.render_as_string(hide_password=False)),
                clock=FrozenClock(datetime(2026, 3, 2, 1, tzinfo=UTC)), engines=[Forms()])  # fmt: skip
    try:
        yield Firm(host)
    finally:
        host.close()


def test_many_records_take_their_numbers_at_once(database_url: str) -> None:
    """A file's rows are numbered as saves one after the other would be, by the value of a field, too."""
    serials = ({"pattern": "{000}"}, {"pattern": "{per}-{00}", "per": "kind"})
    with firm(database_url, CUSTOMER, form(*serials)) as app:
        made(app, kind="A")
        asked = []
        with app.host.session(app.host.actor("ann")) as context:
            plan = app.host.save_plan(app.host.types["deal"])
            grant = app.host.grant(app.host.types["deal"], context.actor)
            asked = create_many(context, plan, grant, [{"kind": "A"}, {"kind": "B"}, {"amount": 100}, {"kind": "A"}])
        numbers = [(each["number0"], each["number1"]) for each in asked if isinstance(each, dict)]
        assert [("002", "A-02"), ("003", "B-01"), ("004", "A-03")] == numbers
        last = made(app, kind="B")
        assert ("005", "B-02") == (last["number0"], last["number1"])


@pytest.mark.parametrize(
    ("serial", "lacking"),
    [
        ({"pattern": "N{00}", "reset": "year"}, "{yyyy}"),
        ({"pattern": "N{yyyy}{00}", "reset": "month"}, "{mm}"),
        ({"pattern": "N{yy}{mm}{00}", "reset": "day"}, "{dd}"),
        ({"pattern": "N{00}", "per": "kind"}, "{per}"),
        ({"pattern": "N{yyyy}"}, "{0000}"),
    ],
)
def test_a_pattern_that_repeats_itself_is_refused(serial: dict[str, Any], lacking: str) -> None:
    """Before the first number is given twice; the message names what is missing."""
    with pytest.raises(DefinitionError) as refused, firm("sqlite://", CUSTOMER, form(serial)):
        pass
    assert [(each.code, each.values["seen"]) for each in refused.value.report] == [("forms.serial-repeats", lacking)]


def test_a_serial_counts_by_a_field_that_is_there() -> None:
    """Another name is a finding, with those that would do."""
    serial = {"pattern": "{per}{00}", "per": "nothing"}
    with pytest.raises(DefinitionError) as refused, firm("sqlite://", CUSTOMER, form(serial)):
        pass
    assert [(each.code, each.place.pointer) for each in refused.value.report] == [
        ("forms.unknown-field", "/fields/3/per")
    ]
