"""What must hold across records: ranges that do not overlap, and checks of a record above when one below changes."""

from __future__ import annotations

import json
import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations import incoming
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.overlaps import LOCKS, take_turns
from lowcode.kernel.records.write import write_change
from tests.forms.firm import START, Firm, firm
from tests.forms.test_on_delete import filled

WORLD = json.loads(Path(__file__).with_name("across_records.json").read_text())


ABOVE = ("order", "receipt", "delivery")


def made(app: Firm, *, above: bool) -> dict[str, int]:
    """The world of the cases: of those about records above, or of those about ranges."""
    ids: dict[str, int] = {}
    for name, word, values in WORLD["made"]:
        if (name in ABOVE) == above:
            ids[word] = app.create("boss", name, **filled(values, ids))
    return ids


def done(app: Firm, who: str, step: list[Any], ids: dict[str, int]) -> Any:
    """What a step of a case answers."""
    what, form, *rest = step
    if what == "bulk":
        items = tuple({"do": "create", "values": filled(each, ids)} for each in rest[0])
        return app.ask(who, "records.bulk", type=form, items=items)
    if what in ("delete", "undelete"):
        return app.ask(who, f"records.{what}", type=form, id=ids[rest[0]])
    named = {"id": ids[rest[1]]} if what == "update" else {}
    return app.ask(who, f"records.{what}", type=form, values=filled(rest[0], ids), **named)


@pytest.mark.requirement("SF06")
def test_what_holds_across_records_holds_on_every_way(database_url: str) -> None:
    """Each case in a world of its own that is taken away again: what is done, and what is said where it is refused."""
    with firm(database_url, *WORLD["forms"], clock=FrozenClock(START)) as app:
        for case in WORLD["cases"]:
            form = case["do"][1]
            told(app, case, made(app, above=form in ABOVE))
            if form not in ABOVE:  # what is left would be in the way of the next
                left = tuple(each["id"] for each in app.ask("boss", "records.list", type="booking")["items"])
                app.ask("boss", "forms.delete_many", form="booking", ids=left)


def told(app: Firm, case: dict[str, Any], ids: dict[str, int]) -> None:
    """One case."""
    name, who = case["name"], case.get("as", "boss")
    for step in case.get("first", ()):
        done(app, who, step, ids)
    if "refused" in case:
        with pytest.raises(Rejected) as refused:
            done(app, who, case["do"], ids)
        first = refused.value.problems[0]
        assert (name, [first.code, first.pointer, first.words("en")]) == (name, case["refused"])
        assert all(re.search("[\u4e00-\u9fff]", each.words("zh-CN")) for each in refused.value.problems)
    else:
        answer = done(app, who, case["do"], ids)
        if "done" in case:
            assert (name, [answer["done"], answer["refused"]]) == (name, case["done"])
    if "received" in case:
        order = app.ask("boss", "records.get", type="order", id=ids["order"])
        assert (name, order["received"]) == (name, case["received"])


@pytest.mark.requirement("SF06")
def test_two_people_at_the_same_instant_share_no_range_and_no_rest(database_url: str) -> None:
    """Eight who book one hour: one gets it. Eight who receive one piece of two that are left: two do."""
    with firm(database_url, *WORLD["forms"], clock=FrozenClock(START)) as app:
        ids = made(app, above=True) | made(app, above=False)
        app.create("boss", "receipt", order=ids["order"], pieces=1)
        hour = {"machine": ids["laser"], "starts": "2026-05-01T09:00+08:00", "ends": "2026-05-01T10:00+08:00"}
        piece = {"order": ids["order"], "pieces": 1}
        assert [at_once(app, "booking", hour), at_once(app, "receipt", piece)] == [1, 2]


@pytest.mark.requirement("SF06")
@pytest.mark.parametrize("do", ["create create", "update update", "create update", "upsert upsert", "file"])
def test_several_ranges_are_waited_for_in_one_order(
    postgresql_url: str, do: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody books one machine and then the other; who books both at the same time, the other one first, waits for
    the first, and neither waits for ever, whatever becomes of which: an upsert says by its key alone of which machine
    the record is that it changes, and of a file the one stands in another part than the other."""
    monkeypatch.setattr(incoming, "AT_ONCE", 1)
    with firm(postgresql_url, *WORLD["forms"], clock=FrozenClock(START)) as app:
        one, other = (app.create("boss", "machine", name=each) for each in "AB")
        ends = {"starts": "2026-05-01T09:00+08:00", "ends": "2026-05-01T10:00+08:00"}
        later = {"starts": "2026-05-02T09:00+08:00", "ends": "2026-05-02T10:00+08:00"}
        items: list[dict[str, Any]] = []
        text = "machine,code,starts,ends\n"
        for word, each in zip(do.split() if do != "file" else (do, do), (other, one), strict=True):
            identity = app.create("boss", "booking", machine=each, code=f"c{each}", **later)
            what: dict[str, Any] = {"values": {"machine": each, **ends}}
            text += f"{'AB'[each == other]},c{each},{ends['starts'][:16]},{ends['ends'][:16]}\n"
            if word == "upsert":
                what = {"by": "code", "values": {"code": f"c{each}", **ends}}
            items.append({"do": word, **({"id": identity} if word == "update" else {}), **what})
        booked: list[Any] = []
        file = {"name": "a.csv", "content": text.encode(), "keys": ("code",), "duplicates": "update"}

        def book() -> None:
            asked = ("forms.import", {"form": "booking", **file}) if do == "file" else (
                "records.bulk", {"type": "booking", "items": tuple(items)}
            )  # fmt: skip
            booked.append(app.ask("boss", asked[0], **asked[1]))

        bulk = threading.Thread(target=book)
        with app.host.session(app.host.actor("boss")) as context:
            context.ask("records.create", type="booking", values={"machine": one, **ends})
            bulk.start()
            while not waits(app):
                pass
            context.ask("records.create", type="booking", values={"machine": other, **ends})
        bulk.join()
        assert [2] == [each["refused"] for each in booked]


@pytest.mark.requirement("SF06")
def test_ranges_of_very_many_things_are_waited_for_by_some_locks(postgresql_url: str) -> None:
    """The server keeps the locks of everybody in one table that has an end."""
    held = (
        "select count(*) from pg_locks join pg_database on oid = database"
        " where locktype = 'advisory' and datname = current_database()"
    )
    with (
        firm(postgresql_url, *WORLD["forms"], clock=FrozenClock(START)) as app,
        app.host.session(app.host.actor("boss")) as context,
    ):
        booking = app.host.types["booking"]
        take_turns(context, booking, [{"machine": each} for each in range(600)])
        with app.host.database.engine.connect() as connection:
            assert 500 < connection.execute(sa.text(held)).scalar_one() <= 2 * LOCKS + 1


@pytest.mark.requirement("SF06")
def test_a_save_of_the_record_sees_what_is_received_meanwhile(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Somebody takes a line from an order while a receipt of what it says is saved: one of the two is refused."""
    with firm(database_url, *WORLD["forms"], clock=FrozenClock(START)) as app:
        ids = made(app, above=True)
        receiving, real = threading.Thread(target=receive, args=(app, ids["order"])), write_change

        def write(context: Any, plan: Any, change: Any, *rest: Any) -> None:
            if plan.record_type.name == "order" and not receiving.ident:
                receiving.start()
                while receiving.is_alive() and not waits(app):
                    pass
            real(context, plan, change, *rest)

        monkeypatch.setattr("lowcode.kernel.records.save.write_change", write)
        line = app.ask("boss", "records.get", type="order", id=ids["order"])["items"][0]
        with suppress(Rejected):
            app.ask("boss", "records.update", type="order", id=ids["order"], values={"items": [line]})
        receiving.join()
        order = app.ask("boss", "records.get", type="order", id=ids["order"])
        assert order["received"] <= sum(each["quantity"] for each in order["items"])


@pytest.mark.requirement("SF06")
def test_what_saving_would_refuse_is_said_before(database_url: str) -> None:
    """While a form is filled in and in the preview of a file, whose rows are looked at as if those before were saved:
    the same as when they are brought in."""
    with firm(database_url, *WORLD["forms"], clock=FrozenClock(START)) as app:
        ids = made(app, above=True) | made(app, above=False)
        for case in WORLD["cases"]:
            what, form, *rest = case["do"]
            if what in ("create", "update") and "first" not in case:
                sent = {"form": form, "values": filled(rest[0], ids)} | ({"id": ids[rest[1]]} if rest[1:] else {})
                errors = app.ask(case.get("as", "boss"), "forms.check", **sent)["errors"]
                wanted = [tuple(case["refused"])] if "refused" in case else []
                assert (case["name"], wanted) == (
                    case["name"], [(each["code"], each["pointer"], each["detail"]) for each in errors][:1],
                )  # fmt: skip
        order = app.ask("boss", "records.get", type="order", id=ids["order"])
        assert order["received"] == 6
        receipts = "order,pieces\nO1,2\nO1,2\nO1,1\n"
        days = "from_day,to_day\n2026-05-01,2026-05-03\n2026-05-03,\n2026-04-30,2026-04-30\n"
        for form, text in (("receipt", receipts), ("booking", days)):
            file = {"form": form, "name": "a.csv", "content": text.encode()}
            previewed = app.ask("boss", "forms.import", **file, dry_run=True)
            done_ = app.ask("boss", "forms.import", **file)
            assert (form, 2, 1) == (form, done_["create"], done_["refused"])
            assert (form, done_["problems"]) == (form, previewed["problems"])


def receive(app: Firm, order: int) -> None:
    """Three more of it."""
    with suppress(Rejected):
        app.create("boss", "receipt", order=order, pieces=3)


def waits(app: Firm) -> bool:
    """Whether somebody waits for what another one holds; on SQLite whoever saves does."""
    database = app.host.database
    if database.dialect_name == "sqlite":
        return True
    with database.engine.connect() as connection:
        return bool(connection.execute(sa.text("select count(*) from pg_locks where not granted")).scalar())


def at_once(app: Firm, form: str, values: dict[str, Any]) -> int:
    """How many of eight who save the same in the same instant are not refused."""
    start, saved = threading.Barrier(8), list[int]()

    def save() -> None:
        start.wait()
        with suppress(Rejected):
            saved.append(app.create("boss", form, **values))

    threads = [threading.Thread(target=save) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return len(saved)


@pytest.mark.requirement("SF06", "F18")
def test_whom_the_app_acts_for_is_told_of_no_other_record(database_url: str) -> None:
    """A public form saves as the app, which reads all: the visitor learns that the hour is taken, and not by whom."""
    with firm(database_url, *WORLD["forms"], clock=FrozenClock(START)) as app:
        ids = made(app, above=False)
        taken = {"machine": ids["laser"], "starts": "2026-03-09T10:00+08:00", "ends": "2026-03-09T11:00+08:00"}
        with pytest.raises(Rejected) as refused:
            app.host.ask(app.host.app_actor, "records.create", type="booking", values=taken)
        assert [each.code for each in refused.value.problems] == ["records.overlaps"]
