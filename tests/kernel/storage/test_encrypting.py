"""A field with values becomes encrypted, or is encrypted no longer: the plan says it, the values follow, undo too."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode import publishing
from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.crypto import SECRET, Keyring, SealError, new_key
from lowcode.kernel.storage.migrate import ConsentNeeded, versions
from lowcode.kernel.storage.migrate.hand import Hand
from tests.kernel.storage.firm import opened, read, write
from tests.support.forked import run_forked
from tests.support.rows import copies, rows

pytestmark = pytest.mark.requirement("SP15", "X15")
KEY = new_key("a")
SMALL, LARGE = 1_000_000, 1
CARDS = ("62220001", "62220002", "62220001")
CHANGED = "62229999"
ROWS = [{"name": f"n{at}", "card": card, "accounts": [{"iban": f"DE{card}"}]} for at, card in enumerate(CARDS)]


def form(*, column: bool = False, **card: Any) -> list[dict[str, Any]]:
    """Customers with a card, which is searched while it is in clear, and the accounts of them."""
    iban = {"name": "iban", "type": "text", **(card if column else {})}
    card = {"name": "card", "type": "text", **({} if column else card)}
    card["search"] = card.get("encrypted") is not True
    fields = [{"name": "name", "type": "text"}, card, {"name": "accounts", "type": "lines", "fields": [iban]}]
    return [{"name": "customer", "fields": fields}]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of every host."""
    monkeypatch.setenv(f"LOWCODE_SECRET_{SECRET}", KEY)


def filled(url: str, definitions: list[dict[str, Any]]) -> Any:
    """A database of three customers, the last of which changed their card once; what they are."""
    with opened(url, definitions) as host:
        host.publish()
        write(host, {"customer": ROWS})
        host.ask(APP, "records.update", type="customer", id=3, values={"card": CHANGED})
        row = host.ask(APP, "records.get", type="customer", id=3)["accounts"][0]
        values = {"accounts": [{"id": row["id"], "iban": f"DE{CHANGED}"}]}
        host.ask(APP, "records.update", type="customer", id=3, values=values)
        return read(host)


def held(host: Host, table: str, column: str) -> list[str]:
    """A column as it is kept."""
    with host.database.engine.connect() as connection:
        return [row[0] for row in connection.execute(sa.text(f'SELECT "{column}" FROM "{table}" ORDER BY id'))]


def apply(host: Host, large: int, *consents: str) -> None:
    """Go to the documents of the host."""
    publishing.apply(host, publishing.plan(host, consents, large), consents)


@pytest.mark.parametrize("large", [SMALL, LARGE])
@pytest.mark.parametrize(("column", "encrypted"), [(False, True), (False, "searchable"), (True, True)])
def test_there_and_back(
    database_url: str, large: int, column: bool, encrypted: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No table holds a value in clear once the version is in use; an undo asks before it tells them again. To plan it
    none is encrypted for a trial."""
    where = ("customer__accounts", "iban") if column else ("customer", "card")
    label = "customer.accounts.iban" if column else "customer.card"
    before = filled(database_url, form())
    with opened(database_url, form(column=column, encrypted=encrypted)) as host:
        with monkeypatch.context() as patch:
            patch.setattr(Keyring, "seal", pytest.fail)
            said = [(each.words["en"], each.rows) for each in host.plan().effects if each.rows]
        assert ("is encrypted, with the values that are there" in said[0][0], 3) == (True, said[0][1])
        with pytest.raises(ConsentNeeded) as refused:
            host.publish()
        assert refused.value.needed == (f"lossy:{label}",)  # what the history tells of former values
        apply(host, large, f"lossy:{label}")
        assert all(each.startswith("enc1:a") for each in held(host, *where))
        words = "DE6222" if column else "'6222"
        kept = str(list(rows(host)))
        assert words not in kept and (column or '"6222' not in kept)
        assert read(host) == before and host.plan().empty
        if encrypted == "searchable":
            found = host.ask(APP, "records.list", type="customer", search="62220001")
            assert [1] == [each["id"] for each in found["items"]]
        back = publishing.plan_undo(host, large)[0]
        assert (f"reveal:{label}",) == back.consents
        publishing.apply(host, back, [f"reveal:{label}"])
    with opened(database_url, form()) as host:
        host.publish()
        assert read(host) == before and host.plan().empty
        assert not [each for each in held(host, *where) if each.startswith("enc1:")]
        assert [1] == [
            each["id"] for each in host.ask(APP, "records.list", type="customer", search="62220001")["items"]
        ]


@pytest.mark.parametrize("large", [SMALL, LARGE])
def test_no_longer_encrypted(database_url: str, large: int) -> None:
    """Taken away it needs consent; the undo encrypts again, also what was entered meanwhile."""
    before = filled(database_url, form(encrypted=True))
    with opened(database_url, form()) as host:
        plan = host.plan()
        assert plan.consents == ("reveal:customer.card",)
        assert "reads these values from then on: 3" in str([each.findings for each in plan.effects])
        assert "6222" not in str(plan.effects)
        apply(host, large, "reveal:customer.card")
        assert [*CARDS[:2], CHANGED] == held(host, "customer", "card")
        assert read(host) == before
        host.ask(APP, "records.update", type="customer", id=1, values={"card": "62225555"})
        publishing.apply(host, publishing.plan_undo(host, large)[0], ["lossy:*"])
    with opened(database_url, form(encrypted=True)) as host:
        host.publish()  # the index of what is searched follows
        assert ["62225555", CARDS[1], CHANGED] == [each["card"] for each in read(host)["customer"]]
        *_, kept = copies(host)
        assert not [each for each in ("62225555", CARDS[1]) if each in kept.replace(f"DE{each}", "")]


def test_found_by_its_whole_and_no_longer(database_url: str) -> None:
    """The blind index comes and goes; that records which share a value are seen takes consent, and its going leaves no
    copy by which they are."""
    before = filled(database_url, form(encrypted=True))
    with opened(database_url, form(encrypted="searchable")) as host:
        assert host.plan().consents == ("reveal:customer.card",)
        apply(host, SMALL, "reveal:customer.card")
        assert read(host) == before
    with opened(database_url, form(encrypted=True)) as host:
        host.publish()
        assert read(host) == before
        assert not [each for each in held(host, "customer", "card") if each.startswith("enc1:a=")]
        assert "enc1:a=:" not in str(list(rows(host)))


def die(url: str, part: str) -> None:
    """Encrypt, and be killed at the first word of a part: `fill` the column, or `finish` what the history says."""
    swapped = False

    def progress(words: Mapping[str, str], done: int, total: int) -> None:
        nonlocal swapped
        if part == "fill" or (swapped and done == total):
            os.kill(os.getpid(), signal.SIGKILL)
        swapped = swapped or "record version" in words["en"]

    with opened(url, form(encrypted=True)) as host:
        publishing.apply(host, publishing.plan(host, large=LARGE), ["*"], progress)


def test_killed_on_the_way(database_url: str) -> None:
    """After kill -9 the old version is there as it was, or the new one is and the next start finishes it."""
    before = filled(database_url, form())
    for part in ("fill", "finish"):
        assert run_forked(die, database_url, part) == -signal.SIGKILL
        with opened(database_url, form(**({"encrypted": True} if part == "finish" else {}))) as host:
            assert read(host) == before
    with opened(database_url, form(encrypted=True)) as host:
        host.publish()
        assert read(host) == before and host.plan().empty
        kept = str(list(rows(host)))
        assert "'6222" not in kept and '"6222' not in kept


def test_clear_copies_go_with_it(database_url: str) -> None:
    """What an earlier change of type left hidden holds the values in clear: it goes, and that takes its consent."""
    filled(database_url, form(type="long_text"))
    with opened(database_url, form(type="barcode")) as host:
        host.apply(allow=["*"])
    with opened(database_url, form(encrypted=True)) as host:
        needed = ("purge:customer.card", "lossy:customer.card")
        assert set(needed) == set(host.plan().consents)
        apply(host, SMALL, *needed)
        kept = str(list(rows(host)))
        assert "'6222" not in kept and '"6222' not in kept
        assert CHANGED == host.ask(APP, "records.get", type="customer", id=3)["card"]


def test_a_host_without_keys_decrypts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is a field encrypted there, nor are encrypted values taken for what they are."""
    url = f"sqlite:///{tmp_path}/small.sqlite3"
    filled(url, form(encrypted=True))
    monkeypatch.setenv(f"LOWCODE_SECRET_{SECRET}", "")
    with opened(url, form()) as host, pytest.raises(SealError, match="names no key"):
        host.apply(allow=["*"])
    monkeypatch.setenv(f"LOWCODE_SECRET_{SECRET}", new_key("b"))
    with opened(url, form()) as host:
        assert ("lossy:customer.card", "reveal:customer.card") == host.plan().consents


def test_a_schema_that_does_not_know_the_seal(database_url: str) -> None:
    """Values that a version before 0170 sealed are not sealed twice."""
    before = filled(database_url, form(encrypted=True))

    def forget(unit: Any) -> None:
        hand = Hand(unit)
        row = versions.latest(hand)
        assert row is not None
        tables = [
            replace(each, columns=tuple(replace(column, sealed="", place="") for column in each.columns))
            for each in row.schema.tables
        ]
        versions.replace_schema(hand, row.version, replace(row.schema, tables=tuple(tables)), "of before")

    with opened(database_url, form(encrypted=True)) as host:
        host.database.write(forget)
    with opened(database_url, form(encrypted=True)) as host:
        apply(host, SMALL, "lossy:customer.card")
        assert read(host) == before and host.plan().empty
        assert all(each.startswith("enc1:a") for each in held(host, "customer", "card"))
