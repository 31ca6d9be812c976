"""lowcode as a library in somebody's program: their database, their people, their transaction."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import lowcode
from lowcode import Actor, DefinitionError, Host, NotFound, Rejected
from lowcode.kernel.identity import APP
from tests.api.app import documents

MINE = sa.Table(
    "their_orders", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("lead", sa.BigInteger)
)
SELLER = Actor(id=7, login="anna", name="Anna", roles=frozenset({"sales"}), team=frozenset({7}))
"""Somebody the host program knows and the built-in directory does not."""


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """The host program's own engine and table."""
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    made = sa.create_engine(url)
    MINE.metadata.create_all(made)
    yield made
    made.dispose()


def count(engine: sa.Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar_one())


@pytest.mark.requirement("X1", "A20")
def test_act_as_a_person_of_the_host_program(engine: sa.Engine) -> None:
    """Over the program's engine, as its own user: permissions hold, and what is refused says why."""
    with Host(documents(), engine) as host:
        host.publish()
        with host.session(SELLER) as crm:
            made = crm.ask("records.create", type="lead", values={"company": "Acme", "grade": "A"})
            [found] = crm.ask("records.list", type="lead", where='grade = "A"', fields=("company",))["items"]
        assert "Acme" == found["company"]
        with pytest.raises(Rejected) as refused:
            host.ask(SELLER, "records.update", type="lead", id=made["id"], values={"grade": "Z", "emplyees": 1})
        assert ["/grade", "/emplyees"] == [each.pointer for each in refused.value.problems]
        other = Actor(id=8, roles=frozenset({"sales"}), team=frozenset({8}))
        with pytest.raises(NotFound):
            host.ask(other, "records.get", type="lead", id=made["id"])


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_one_transaction_for_both(engine: sa.Engine, end: str) -> None:
    """The host program's rows and ours are committed together, or not at all; it alone decides."""
    with Host(documents(), engine, prefix="lc_") as host:
        host.publish()
        with engine.connect() as connection:
            transaction = connection.begin()
            with host.session(SELLER, connection=connection) as crm:
                made = crm.ask("records.create", type="lead", values={"company": "Acme"})
                crm.ask("records.update", type="lead", id=made["id"], values={"company": "Acme Ltd"})
            connection.execute(MINE.insert().values(lead=made["id"]))
            getattr(transaction, end)()
        expected = 1 if end == "commit" else 0
        assert (expected, expected) == (count(engine, "their_orders"), count(engine, "lc_lead"))
        assert expected == len(host.ask(APP, "records.list", type="lead")["items"])
        assert 2 * expected == count(engine, "lc_lc_event")


def test_a_refusal_inside_their_transaction(engine: sa.Engine) -> None:
    """What is refused can be caught; their own work goes on and is committed."""
    with Host(documents(), engine) as host:
        host.publish()
        with engine.begin() as connection:
            connection.execute(MINE.insert().values(lead=1))
            with pytest.raises(Rejected), host.session(SELLER, connection=connection) as crm:
                crm.ask("records.create", type="lead", values={"company": "Acme", "grade": "Z"})
        assert (1, 0) == (count(engine, "their_orders"), count(engine, "lead"))


def test_two_apps_in_one_database(engine: sa.Engine) -> None:
    """Prefixes keep them apart; each has its own app, clock, people and registries."""
    other = documents()
    other["app.json"] = {**other["app.json"], "name": "other", "title": "Other"}
    with Host(documents(), engine, prefix="one_") as one, Host(other, engine, prefix="two_") as two:
        one.publish()
        two.publish()
        one.ask(SELLER, "records.create", type="lead", values={"company": "Acme"})
        with one.session(APP) as context:
            context.ask("identity.save_person", login="li", roles=("sales",))
        assert (1, 0) == (count(engine, "one_lead"), count(engine, "two_lead"))
        assert [] == two.ask(APP, "records.list", type="lead")["items"]
        with pytest.raises(KeyError):
            two.actor("li")
        assert not {id(each) for each in one.engines} & {id(each) for each in two.engines}
        assert ("small", "other") == (one.app.definition.name, two.app.definition.name)


def test_what_is_nested_too_deeply_is_refused() -> None:
    """What no door would let in is refused where a program hands it over, and is no fault inside."""
    nested: dict[str, Any] = {}
    for _ in range(3000):
        nested = {"x-note": nested}
    with Host(documents(), "sqlite://") as host:
        host.publish()
        for ask, document in {"forms.check_document": {"name": "a"}, "app.check_document": {}}.items():
            with pytest.raises(Rejected, match=r"64 levels .*ask\.unfit"):
                host.ask(APP, ask, document={**document, **nested})


def test_wrong_definitions_are_refused_when_they_are_loaded() -> None:
    """Nothing runs on documents that are wrong."""
    wrong = documents()
    wrong["forms/contract.json"] = {**wrong["forms/contract.json"], "feilds": []}
    with pytest.raises(DefinitionError, match="fields"), Host(wrong) as host:
        host.publish()


def test_importing_it_loads_nothing() -> None:
    """`import lowcode` is free; a name loads what it needs."""
    heavy = "('lowcode', 'sqlalchemy', 'pydantic', 'lark')"
    code = f"import sys, lowcode; print(sorted(each for each in sys.modules if each.startswith({heavy})))"
    source = Path(lowcode.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True)
    assert "['lowcode']" == done.stdout.strip()


def test_the_public_face() -> None:
    """A dozen names at most, each there, and a misspelt one is an error as anywhere."""
    assert len(lowcode.__all__) <= 12
    assert all(getattr(lowcode, name) is not None for name in lowcode.__all__)
    assert set(lowcode.__all__) <= set(dir(lowcode))
    with pytest.raises(AttributeError):
        _: Any = lowcode.Hots
