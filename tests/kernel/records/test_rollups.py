"""Roll-ups are always what they would be if they were computed anew, whatever people do and however many do it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import rollups
from lowcode.kernel.records.creating import create_many
from lowcode.kernel.records.plan import Follower
from tests.kernel.records.works import STATUSES, compared, emptied, works

MONEY = st.one_of(st.none(), st.integers(-10_000, 10_000).map(lambda each: f"{each / 100:.2f}"))
STATUS = st.one_of(st.none(), st.sampled_from(STATUSES))
DAYS = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(str))
NAMES = st.sampled_from(["A", "B", None])
LINES = st.lists(st.fixed_dictionaries({"quantity": st.integers(-2, 9), "price": MONEY}), max_size=3)


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    found = works(database_url)
    yield found
    found.close()


class Selling(RuleBasedStateMachine):
    """What people do with accounts, deals and quotes; refusals are part of life."""

    host: ClassVar[Host]
    accounts, deals, quotes = Bundle("accounts"), Bundle("deals"), Bundle("quotes")
    teams, desks = Bundle("teams"), Bundle("desks")

    def ask(self, operation: str, **parameters: Any) -> Any:
        try:
            return self.host.ask(self.host.actor("ann"), operation, **parameters)
        except Rejected:
            return None

    def make(self, form: str, **values: Any) -> Any:
        found = self.ask("records.create", type=form, values=values)
        return multiple() if found is None else found["id"]

    def __init__(self) -> None:
        super().__init__()
        emptied(self.host)

    @initialize(target=accounts)
    def first_accounts(self) -> Any:
        return multiple(self.make("account", name="A", credit="50"), self.make("account", name="B"))

    @initialize(target=teams)
    def first_teams(self) -> Any:
        return multiple(self.make("team", name="A"), self.make("team", name="B"))

    @initialize(target=desks)
    def first_desks(self) -> Any:
        return multiple(self.make("desk", name="A", bonus="50"), self.make("desk", name="B"))

    @initialize(target=deals, accounts=st.tuples(accounts, accounts, accounts))
    def first_deals(self, accounts: Any) -> Any:
        return multiple(*(self.make("deal", account=each, status="won", amount="7.50") for each in accounts))

    @initialize(target=quotes, deals=st.tuples(deals, deals))
    def first_quotes(self, deals: Any) -> Any:
        items = [{"quantity": 2, "price": "3.30"}]
        return multiple(*(self.make("quote", deal=each, sent=True, items=items) for each in deals))

    @rule(target=accounts, credit=MONEY)
    def account(self, credit: Any) -> Any:
        return self.make("account", credit=credit)

    @rule(
        target=deals, account=accounts, team=st.one_of(st.none(), teams), desk=st.one_of(st.none(), desks),
        status=STATUS, amount=MONEY, signed_on=DAYS,
    )  # fmt: skip
    def deal(self, **values: Any) -> Any:
        return self.make("deal", **values)

    @rule(target=quotes, deal=deals, sent=st.booleans(), items=LINES)
    def quote(self, deal: int, sent: bool, items: Any) -> Any:
        return self.make("quote", deal=deal, sent=sent, items=items)

    @rule(account=accounts, credit=MONEY)
    def lend(self, account: int, credit: Any) -> None:
        self.ask("records.update", type="account", id=account, values={"credit": credit})

    @rule(deal=deals, changes=st.fixed_dictionaries({}, optional={"amount": MONEY, "status": STATUS}))
    def change(self, deal: int, changes: Any) -> None:
        self.ask("records.update", type="deal", id=deal, values=changes)

    @rule(deal=deals, account=st.one_of(st.none(), accounts))
    def move(self, deal: int, account: Any) -> None:
        self.ask("records.update", type="deal", id=deal, values={"account": account})

    @rule(deal=deals, team=st.one_of(st.none(), teams))
    def join(self, deal: int, team: Any) -> None:
        self.ask("records.update", type="deal", id=deal, values={"team": team})

    @rule(deal=deals, desk=st.one_of(st.none(), desks), signed_on=DAYS)
    def sign(self, deal: int, desk: Any, signed_on: Any) -> None:
        self.ask("records.update", type="deal", id=deal, values={"desk": desk, "signed_on": signed_on})

    @rule(desk=desks, bonus=MONEY)
    def reward(self, desk: int, bonus: Any) -> None:
        self.ask("records.update", type="desk", id=desk, values={"bonus": bonus})

    @rule(quote=quotes, deal=deals, sent=st.booleans())
    def move_quote(self, quote: int, deal: int, sent: bool) -> None:
        self.ask("records.update", type="quote", id=quote, values={"deal": deal, "sent": sent})

    @rule(quote=quotes, items=LINES)
    def rewrite(self, quote: int, items: Any) -> None:
        self.ask("records.update", type="quote", id=quote, values={"items": items})


class Life(Selling):
    """Beside that, goods in baskets, and all that goes on around records of any form."""

    goods, baskets, batches = Bundle("goods"), Bundle("baskets"), Bundle("batches")

    @initialize(target=goods)
    def first_goods(self) -> Any:
        return multiple(self.make("good", price="60"), self.make("good", price="5"))

    @initialize(target=baskets, goods=st.lists(goods, min_size=1, max_size=3))
    def first_basket(self, goods: Any) -> Any:
        return self.make("basket", goods=goods)

    @rule(target=goods, price=MONEY)
    def good(self, price: Any) -> Any:
        return self.make("good", price=price)

    @rule(target=baskets, goods=st.lists(goods, max_size=4))
    def basket(self, goods: Any) -> Any:
        return self.make("basket", goods=goods)

    @rule(good=goods, price=MONEY)
    def reprice(self, good: int, price: Any) -> None:
        self.ask("records.update", type="good", id=good, values={"price": price})

    @rule(basket=baskets, goods=st.lists(goods, max_size=4))
    def fill(self, basket: int, goods: Any) -> None:
        self.ask("records.update", type="basket", id=basket, values={"goods": goods})

    @rule(form=st.sampled_from(["deal", "quote", "good", "account"]), data=st.data())
    def delete_or_bring_back(self, form: str, data: Any) -> None:
        with self.host.database.reading() as unit:
            table = self.host.types[form].table
            rows = unit.fetch(sa.select(table.c.id, table.c.deleted_at).order_by(table.c.id.desc()).limit(6))
        if rows:
            row = data.draw(st.sampled_from(rows), label=form)
            self.ask("records.undelete" if row["deleted_at"] else "records.delete", type=form, id=row["id"])

    @rule(deal=Selling.deals, back=st.integers(1, 3))
    def as_it_was(self, deal: int, back: int) -> None:
        self.ask("records.restore", type="deal", id=deal, version=back)

    @rule(into=Selling.accounts, other=Selling.accounts)
    def merge(self, into: int, other: int) -> None:
        self.ask("forms.merge", form="account", into=into, others=(other,))

    @rule(into=goods, other=goods)
    def merge_goods(self, into: int, other: int) -> None:
        self.ask("forms.merge", form="good", into=into, others=(other,))

    @rule(deals=st.lists(Selling.deals, max_size=4), status=STATUS)
    def edit_many(self, deals: Any, status: Any) -> None:
        self.ask("forms.edit_many", form="deal", ids=tuple(deals), values={"status": status})

    @rule(target=batches, rows=st.lists(st.tuples(st.integers(1, 6), NAMES, MONEY, STATUS), min_size=1, max_size=4))
    def bring(self, rows: Any) -> Any:
        lines = [f"deal {number},{','.join(each or '' for each in values)}" for number, *values in rows]
        content = "\n".join(["name,account,amount,status", *lines]).encode()
        sent = {"form": "deal", "name": "x.csv", "content": content, "keys": ("name",)}
        found = self.ask("forms.import", **sent)
        return multiple() if found is None or found["batch"] is None else found["batch"]

    @rule(batch=batches)
    def take_back(self, batch: int) -> None:
        self.ask("forms.undo_import", batch=batch)

    @invariant()
    def as_computed_anew(self) -> None:
        stored, expected = compared(self.host)
        assert expected == stored


@pytest.mark.requirement("F8", "F9", "SF14")
def test_roll_ups_equal_recomputation(host: Host) -> None:
    """Whatever is created, changed, moved, deleted, brought back, merged, imported or undone."""
    run_state_machine_as_test(
        type("Here", (Life,), {"host": host}),
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def together(works: list[Any]) -> None:
    """Run them at the same time; what one of them raises is raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Any) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if errors:
        raise errors[0]


@pytest.mark.requirement("F8", "F9")
def test_people_who_save_under_one_parent_lose_nothing(host: Host) -> None:
    """Six at once, each with deals of their own under two accounts; and one who changes the accounts meanwhile."""
    ann = host.actor("ann")
    accounts = [host.ask(ann, "records.create", type="account", values={"credit": "1000"})["id"] for _ in range(2)]
    teams = [host.ask(ann, "records.create", type="team", values={"name": name})["id"] for name in "AB"]
    desks = [host.ask(ann, "records.create", type="desk", values={"name": name})["id"] for name in "AB"]

    def work(seed: int) -> None:
        luck = random.Random(seed)
        own: list[int] = []
        for _ in range(8):
            values = {
                "account": luck.choice([*accounts, None]), "team": luck.choice(teams), "desk": luck.choice(desks),
                "status": luck.choice(STATUSES), "amount": luck.randint(1, 99),
                "signed_on": f"2026-01-{luck.randint(10, 28)}",
            }  # fmt: skip
            if own and luck.random() < 0.5:
                host.ask(ann, "records.update", type="deal", id=luck.choice(own), values=values)
            else:
                own.append(host.ask(ann, "records.create", type="deal", values=values)["id"])
                host.ask(ann, "records.create", type="quote", values={
                    "deal": own[-1], "sent": True, "items": [{"quantity": 1, "price": luck.randint(1, 99)}],
                })  # fmt: skip

    def lend() -> None:
        for credit in range(8):
            for account in accounts:
                host.ask(ann, "records.update", type="account", id=account, values={"credit": credit})
            for desk in desks:
                host.ask(ann, "records.update", type="desk", id=desk, values={"bonus": credit})

    together([*(lambda seed=seed: work(seed) for seed in range(6)), lend])
    stored, expected = compared(host)
    assert expected == stored and len(stored["deal"]) > 6


Work = tuple[str, dict[str, Any]]
JOIN: Work = ("records.create", {"type": "deal", "values": {"team": "team", "status": "won", "amount": "20"}})
LEAVE: Work = ("records.delete", {"type": "deal", "id": "best"})
DEAL: Work = ("records.create", {"type": "deal", "values": {"account": "account", "status": "won", "amount": "7"}})
LEND: Work = ("records.update", {"type": "account", "id": "account", "values": {"credit": "90"}})
SIGN: Work = ("records.create", {"type": "deal", "values": {"desk": "desk", "status": "won", "amount": "20"}})
CANCEL: Work = ("records.delete", {"type": "deal", "id": "signed"})
REWARD: Work = ("records.update", {"type": "desk", "id": "desk", "values": {"bonus": "90"}})
FILL: Work = ("records.create", {"type": "basket", "values": {"goods": ["good"]}})
REPRICE: Work = ("records.update", {"type": "good", "id": "good", "values": {"price": "61"}})


def named(value: Any, ids: dict[str, int]) -> Any:
    """With ids in place of names."""
    if isinstance(value, dict):
        return {key: each if key == "type" else named(each, ids) for key, each in value.items()}
    return [named(each, ids) for each in value] if isinstance(value, list) else ids.get(value, value)


@pytest.mark.requirement("F8", "F9")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (DEAL, DEAL),
        (DEAL, LEND),
        (LEND, DEAL),
        (FILL, REPRICE),
        (REPRICE, FILL),
        (LEAVE, JOIN),
        (JOIN, LEAVE),
        (SIGN, REWARD),
        (REWARD, SIGN),
        (SIGN, CANCEL),
        (CANCEL, SIGN),
    ],
    ids=[
        "two deals",
        "deal, then account",
        "account, then deal",
        "basket, then price",
        "price, then basket",
        "the best leaves, then a better one comes",
        "a better one comes, then the best leaves",
        "a deal, then what its formulas read beside it",
        "what formulas read, then a deal",
        "a better one of those that formulas read comes, then the best leaves",
        "the best that formulas read leaves, then a better one comes",
    ],
)
def test_who_comes_second_sees_what_the_first_did(host: Host, first: Work, second: Work) -> None:
    """Somebody saves while another has saved and not yet committed: what both wrote is in the sums."""
    ann = host.actor("ann")
    ids = {
        "account": host.ask(ann, "records.create", type="account", values={"credit": "50"})["id"],
        "good": host.ask(ann, "records.create", type="good", values={"price": "1"})["id"],
        "team": host.ask(ann, "records.create", type="team", values={"name": "A"})["id"],
        "desk": host.ask(ann, "records.create", type="desk", values={"name": "A", "bonus": "1"})["id"],
    }
    for name, above in (("best", "team"), ("signed", "desk")):
        values = {above: ids[above], "status": "won", "amount": "9"}
        ids[name] = host.ask(ann, "records.create", type="deal", values=values)["id"]
    other = threading.Thread(target=lambda: host.ask(ann, second[0], **named(second[1], ids)))
    with host.session(ann) as context:
        context.ask(first[0], **named(first[1], ids))
        other.start()
        other.join(0.5)
    other.join()
    stored, expected = compared(host)
    assert expected == stored


def test_what_nothing_reads_costs_nothing(host: Host) -> None:
    """A save that changes no field that a roll-up reads does not touch the parent."""
    ann = host.actor("ann")
    account = host.ask(ann, "records.create", type="account", values={"credit": "5"})["id"]
    deal = host.ask(ann, "records.create", type="deal", values={"account": account, "amount": "3", "status": "won"})
    table = host.types["account"].table
    host.database.write(lambda unit: unit.run(sa.update(table).values(won=None)))
    host.ask(ann, "records.update", type="deal", id=deal["id"], values={"note": "called"})
    assert compared(host)[0]["account"][account]["won"] is None
    host.ask(ann, "records.update", type="deal", id=deal["id"], values={"amount": "4"})
    stored, expected = compared(host)
    assert expected == stored


@pytest.mark.requirement("F8", "F9")
@pytest.mark.parametrize(("reads", "expected"), [("name", []), ("best", ["team"] * 3)])
def test_what_comes_is_compared_in_the_write_itself(
    host: Host, monkeypatch: pytest.MonkeyPatch, reads: str, expected: list[str]
) -> None:
    """A team is not read when a deal comes, grows or leaves, the best one too, as long as nobody follows what changes;
    it is when somebody has to be told."""
    told: list[Any] = []
    team_type = host.types["team"]
    team_type.extras["refreshed"] = (Follower(frozenset({reads}), lambda *given: told.append(given[1:])),)
    read: list[str] = []
    refresh = rollups.refresh

    def watched(context: Any, parent: Any, ids: Any, *given: Any, **more: Any) -> None:
        read.extend(parent.name for _ in ids)
        refresh(context, parent, ids, *given, **more)

    monkeypatch.setattr(rollups, "refresh", watched)
    ann = host.actor("ann")
    team = host.ask(ann, "records.create", type="team", values={"name": "A"})["id"]
    read.clear()
    own = [
        host.ask(ann, "records.create", type="deal", values={"team": team, "amount": each, "status": status})["id"]
        for each, status in (("0", "lost"), ("-5", "won"))
    ]
    host.ask(ann, "records.update", type="deal", id=own[0], values={"amount": "7.50"})
    assert read == expected
    assert [[values["best"] for values in each[1:]] for each in told if "best" in each[2]] == (
        [[None, 0], [0, Decimal("7.50")]] if expected else []
    )
    host.ask(ann, "records.delete", type="deal", id=own[0])
    assert read == [*expected, *expected[:1]]
    stored, wanted = compared(host)
    assert wanted == stored


@pytest.mark.requirement("F8", "F9")
def test_who_need_not_know_the_values_is_told_without_reading(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """That a sum changes is known from what was saved; whether an extreme does is not."""
    told: list[Any] = []
    host.types["team"].extras["refreshed"] = (
        Follower(frozenset({"worth", "name"}), pytest.fail, lambda _, *given: told.append(given)),
    )
    monkeypatch.setattr(rollups, "_held", pytest.fail)
    ann = host.actor("ann")
    team = host.ask(ann, "records.create", type="team", values={"name": "A"})["id"]
    deal = host.ask(ann, "records.create", type="deal", values={"team": team, "amount": "5", "status": "won"})["id"]
    host.ask(ann, "records.update", type="deal", id=deal, values={"status": "open"})
    host.ask(ann, "records.update", type="deal", id=deal, values={"amount": "7"})
    assert told == [(team, {"worth"}), (team, {"worth"})]
    stored, expected = compared(host)
    assert expected == stored


@pytest.mark.requirement("F8", "F9")
def test_formulas_are_computed_where_what_they_read_is_written(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL a desk is not read, whatever its formulas compute; on SQLite, where no server is asked, it is."""
    ann = host.actor("ann")
    desk = host.ask(ann, "records.create", type="desk", values={"name": "A", "bonus": "10"})["id"]
    read: list[str] = []
    refresh = rollups.refresh

    def watched(context: Any, parent: Any, ids: Any, *given: Any, **more: Any) -> None:
        read.extend(parent.name for _ in ids)
        refresh(context, parent, ids, *given, **more)

    monkeypatch.setattr(rollups, "refresh", watched)
    for amount in ("60", "55.55"):
        values = {"desk": desk, "amount": amount, "signed_on": "2026-01-31"}
        made = host.ask(ann, "records.create", type="deal", values=values)["id"]
    host.ask(ann, "records.delete", type="deal", id=made)
    assert read == (["desk"] * 3 if host.database.dialect_name == "sqlite" else [])
    stored, expected = compared(host)
    assert expected == stored
    assert (stored["desk"][desk]["said"], stored["desk"][desk]["due"]) == ("A: 1 / small", date(2026, 2, 28))


@pytest.mark.requirement("F8", "F9")
@pytest.mark.parametrize(
    ("above", "own", "field", "fit"), [("team", {}, "worth", 10), ("desk", {"bonus": "10"}, "paid", 9)]
)
def test_a_sum_without_room_is_refused(host: Host, above: str, own: Any, field: str, fit: int) -> None:
    """By its field, with what it takes and what to do, in the same words where the database computes it in the write
    itself. Nothing of the save is there then, and whoever saves several keeps those that fit."""
    ann = host.actor("ann")
    parent = host.ask(ann, "records.create", type=above, values={"name": "A", **own})["id"]
    values = {above: parent, "amount": "999999999999999"}
    for _ in range(fit):
        host.ask(ann, "records.create", type="deal", values=values)
    with pytest.raises(Rejected) as refused:
        host.ask(ann, "records.create", type="deal", values=values)
    (problem,) = refused.value.problems
    assert ("records.out-of-range", f"/{field}") == (problem.code, problem.pointer)
    assert problem.words("en") == (
        f"the result of '{field}' is too large: at most 9,999,999,999,999,999.99; look at the numbers it is made of"
    )
    record_type, grant = host.types["deal"], host.grant(host.types["deal"], ann)
    sent = [{**values, "amount": each} for each in ("1", "999999999999999", "2")]
    with host.session(ann) as context:
        made = create_many(context, host.save_plan(record_type), grant, sent)
    assert [each[0].pointer if isinstance(each, tuple) else each["amount"] for each in made] == [
        Decimal(1), f"/{field}", Decimal(2),
    ]  # fmt: skip
    stored, expected = compared(host)
    assert expected == stored and len(stored["deal"]) == fit + 2


@pytest.mark.requirement("F8", "F9")
def test_what_changed_is_added_to_what_is_there(host: Host) -> None:
    """Sums, counts, means and extremes follow by difference: a value that was spoiled stays spoiled by as much. The
    extreme that leaves, and whatever cannot be told so, is computed anew."""
    ann = host.actor("ann")
    account = host.ask(ann, "records.create", type="account", values={"credit": "5"})["id"]
    deals = [
        host.ask(ann, "records.create", type="deal", values={"account": account, "amount": each, "status": "won"})["id"]
        for each in (3, 8, 5)
    ]
    table = host.types["account"].table
    spoiled = {"worth": Decimal(1000), "won": Decimal(2000), "priced": Decimal(10), "largest": Decimal(50)}
    host.database.write(lambda unit: unit.run(sa.update(table).where(table.c.id == account).values(**spoiled)))

    def now() -> dict[str, Any]:
        return {name: compared(host)[0]["account"][account][name] for name in (*spoiled, "mean", "middle", "smallest")}

    host.ask(ann, "records.update", type="deal", id=deals[1], values={"amount": "9"})
    assert now() == {
        "worth": 1001, "won": 2001, "priced": 10, "largest": 50, "mean": Decimal("100.1"), "middle": 5, "smallest": 3,
    }  # fmt: skip
    host.ask(ann, "records.delete", type="deal", id=deals[0])
    found = now()
    assert (found["worth"], found["priced"], found["smallest"]) == (998, 9, 5)
    host.ask(ann, "records.create", type="deal", values={"account": account, "amount": "60", "status": "lost"})
    assert (now()["largest"], now()["won"]) == (60, 1998)
    host.ask(host.app_actor, "records.refresh", type="account", ids=(account,))
    stored, expected = compared(host)
    assert expected == stored
