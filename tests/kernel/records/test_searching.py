"""Searching: two characters find, in one form and across all; nothing is found by what one may not see; the index
follows every save, and an apply builds it for what is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import NotFound, Rejected, Report
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.records import indexing, searchwords
from lowcode.kernel.storage import pinyin
from lowcode.kernel.storage import tables as t
from lowcode.publishing import apply, running
from lowcode.publishing.merging import Standing
from tests.forms.firm import APP_DOCUMENT, CUSTOMER, EVERYTHING, QUOTE, Firm, firm

FORM: dict[str, Any] = dict(CUSTOMER)
SEARCHED = {"name": "pinyin", "phone": True, "secret": True, "grade": True, "email": True, "tags": True}


def asking(**searched: Any) -> dict[str, Any]:
    """The customer with these fields searched."""
    fields = [{**each, "search": searched.get(each["name"], False)} for each in FORM["fields"]]
    for each in fields:
        if each["name"] == "email":
            each["mask"] = "email"
    return {**CUSTOMER, "fields": fields}


LEAD: dict[str, Any] = {
    "name": "lead",
    "label": "company",
    "fields": [
        {"name": "company", "type": "text", "search": True},
        {"name": "story", "type": "long_text", "search": True},
        {"name": "customer", "type": "link", "to": "customer", "search": True},
    ],
    "permissions": [
        {"role": "supervisor", "can": EVERYTHING},
        {"role": "sales", "can": ["read"], "where": 'company <> "暗"'},
    ],
}


def names(app: Firm, login: str, text: str) -> list[str]:
    """What a list finds."""
    page = app.ask(login, "records.list", type="customer", search=text, sort=("id",))
    return [row["name"] for row in page["items"]]


@pytest.mark.requirement("SF21")
def test_a_list_finds_by_words(database_url: str) -> None:
    """Any two characters that stand together, one alone, the beginning and the end of words and numbers, pinyin whole
    and by initials, titles of choices; every word that was typed has to be there."""
    with firm(database_url, asking(**SEARCHED)) as app:
        app.create(
            "ann", "customer", name="恒启科技（上海）有限公司", phone="138 0000 1111", grade="a", tags=["老客户"]
        )
        app.create("ann", "customer", name="Étoile 科恒", phone="021-5555 1234")
        first, second = "恒启科技（上海）有限公司", "Étoile 科恒"
        cases = {
            "恒启": [first], "启科": [first], "启科技": [first], "科技上": [], "恒科": [],
            "启": [first],
            "上海 恒启": [first], "上海 5555": [], "hengqi": [first], "hqkj": [first], "KEJI": [first], "kjs": [],
            "heng": [first, second],
            "étoile": [second], "ETOI": [second], "oile": [second], "1234": [second], "0000 1111": [first],
            "重点": [first], "key": [first], "老客户": [first], "%": [], "_": [], "ｅtoile": [second],
        }  # fmt: skip
        assert {text: names(app, "ann", text) for text in cases} == cases


@pytest.mark.requirement("SF21", "F19", "F18")
def test_nothing_is_found_by_what_is_kept_from_somebody(database_url: str) -> None:
    """Hidden fields and those under a mask are searched by those who may read them; other people's rows by nobody."""
    with firm(database_url, asking(**SEARCHED)) as app:
        one = app.create("ann", "customer", name="恒启", email="li@acme.example")
        app.ask("boss", "records.update", type="customer", id=one, values={"secret": "蓝图计划"})
        for text, hers, supervisors in (("蓝图", [], ["恒启"]), ("acme", [], []), ("恒启", ["恒启"], ["恒启"])):
            assert (text, names(app, "ann", text), names(app, "boss", text)) == (text, hers, supervisors)
            found = [app.ask(who, "records.search", text=text) for who in ("ann", "boss", "ben")]
            assert [bool(each) for each in found] == [bool(hers), bool(supervisors), False]


@pytest.mark.requirement("SF21")
def test_a_search_in_all_forms_has_the_best_first(database_url: str) -> None:
    """Who is called so, who is called nearly so, who mentions it; with the words where it was found."""
    with firm(database_url, asking(**SEARCHED), LEAD) as app:
        app.create("ann", "customer", name="旧恒启物流")
        app.create("ann", "customer", name="恒启科技")
        app.create("ann", "customer", name="恒启")
        app.create("boss", "lead", company="远洋", story="由恒启介绍，想要报价")
        app.create("boss", "lead", company="暗", story="恒启的对手")
        [customers, leads] = app.ask("ann", "records.search", text="恒启", limit=2)
        assert ([each["label"] for each in customers["items"]], customers["more"]) == (["恒启", "恒启科技"], True)
        assert leads == {
            "form": "lead", "more": False,
            "items": [{"id": 1, "label": "远洋", "field": "story", "words": "由恒启介绍，想要报价"}],
        }  # fmt: skip
        assert [each["form"] for each in app.ask("boss", "records.search", text="恒启", forms=("lead",))] == ["lead"]
        assert app.ask("rea", "records.search", text="恒启", forms=("lead",)) == []
        assert app.ask("ann", "records.search", text="  ") == []
        with pytest.raises(NotFound):
            app.ask("ann", "records.search", text="x", forms=("nothing",))


@pytest.mark.requirement("SF21")
def test_a_link_is_found_by_what_it_names(database_url: str) -> None:
    """The words of another record are looked for there, as far as the person may see it."""
    with firm(database_url, asking(**SEARCHED), LEAD) as app:
        customer = app.create("ann", "customer", name="恒启")
        app.create("boss", "lead", company="远洋", customer=customer)

        def leads(login: str) -> list[str]:
            return [row["company"] for row in app.ask(login, "records.list", type="lead", search="恒启")["items"]]

        assert (leads("boss"), leads("ann"), leads("ben")) == (["远洋"], ["远洋"], [])


@pytest.mark.requirement("SF21")
def test_the_index_follows_every_save(database_url: str) -> None:
    """In the transaction of the save: what was is not found, what is undone was never there, what is deleted is gone
    and comes back."""
    with firm(database_url, asking(**SEARCHED)) as app:
        one = app.create("ann", "customer", name="恒启", phone="13800001111")
        app.ask("ann", "records.update", type="customer", id=one, values={"name": "远洋", "budget": 5})
        assert (names(app, "ann", "恒启"), names(app, "ann", "远洋"), names(app, "ann", "1111")) == (
            [],
            ["远洋"],
            ["远洋"],
        )
        with pytest.raises(Rejected), app.host.session(app.host.actor("ann")) as context:
            context.ask("records.update", type="customer", id=one, values={"name": "海川"})
            context.ask("records.create", type="customer", values={})
        assert (names(app, "ann", "海川"), names(app, "ann", "远洋")) == ([], ["远洋"])
        app.ask("ann", "records.update", type="customer", id=one, values={"phone": None})
        assert names(app, "ann", "1111") == []
        app.ask("ann", "records.delete", type="customer", id=one)
        assert (names(app, "ann", "远洋"), app.ask("ann", "records.search", text="远洋")) == ([], [])
        app.ask(None, "records.undelete", type="customer", id=one)
        assert names(app, "ann", "远洋") == ["远洋"]


@pytest.mark.requirement("SF21", "X15")
def test_an_apply_builds_the_index_for_what_is_there(database_url: str) -> None:
    """When another field is searched, when one is hidden from somebody, when nothing is searched any more; twice is
    once, and what broke off begins again."""
    with firm(database_url, asking(name=True)) as app:
        for number in range(3):
            app.create("boss", "customer", name=f"恒启{number}", phone=f"1380000111{number}", owner=app.person("ann"))

        def become(form: dict[str, Any]) -> None:
            becoming(app, form)
            app.host.publish()

        def rows() -> list[tuple[str, str]]:
            with app.host.database.reading() as unit:
                found = unit.fetch(t.search.select().order_by(t.search.c.record_id, t.search.c.part))
            return [(row["part"], row["folded"]) for row in found]

        assert rows() == [("", f"\n恒启{number}\n") for number in range(3)]
        assert names(app, "ann", "1112") == []
        become(asking(name=True, phone=True))
        assert names(app, "ann", "1112") == ["恒启2"]
        hiding = [{**line, "hide": ["phone"]} if line["role"] == "sales" else line for line in FORM["permissions"]]
        become({**asking(name=True, phone=True), "permissions": hiding})
        assert (names(app, "ann", "1112"), names(app, "boss", "1112")) == ([], ["恒启2"])
        with app.host.database.transaction() as unit:
            unit.run(t.searched.delete())
        become({**asking(name=True, phone=True), "permissions": hiding})
        assert [part for part, _ in rows()] == ["", "phone"] * 3
        become(asking())
        assert rows() == []


def becoming(app: Firm, form: dict[str, Any]) -> None:
    """Other documents, not applied yet."""
    documents = load({"app.json": APP_DOCUMENT, "forms/customer.json": form, "forms/quote.json": QUOTE}, Report())
    app.host.take(documents)
    app.host.standing = Standing(documents)
    app.host.forget()


@pytest.mark.requirement("X15")
def test_a_plan_says_which_indexes_are_to_be_built(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and time, before anything runs; while the index is built, people read and write, and it holds what they
    wrote; then there is nothing to do."""
    monkeypatch.setattr(indexing, "BATCH", 2)
    with firm(database_url, asking(name=True)) as app:
        for number in range(5):
            app.create("boss", "customer", name=f"恒启{number}", phone=f"1380000111{number}")
        becoming(app, asking(name=True, phone=True))
        [found] = app.host.plan().afterwards
        assert ("Customer: index what is searched of the records that are there (name, phone)", 5, 1) == (
            found.words["en"], found.rows, found.seconds,
        )  # fmt: skip
        seen: list[int] = []

        def watching(words: dict[str, str], done: int, total: int) -> None:
            if "search" in words["en"] and len(seen) < 2:
                made = app.create("boss", "customer", name=f"其间{done}", phone=f"139000011{done:02}")
                app.ask("boss", "records.update", type="customer", id=1, values={"phone": f"137000022{done:02}"})
                seen.append(len(app.ask("boss", "records.list", type="customer")["items"]) + 0 * made)

        assert apply(app.host, app.host.plan(), progress=watching)
        assert [6, 7] == seen
        assert ["恒启0"] == names(app, "boss", "137000022") and 2 == len(names(app, "boss", "139000011"))
        assert ["恒启4"] == names(app, "boss", "13800001114")
        assert app.host.plan().empty
        becoming(app, asking())
        assert ["Customer: take the search index away"] == [each.words["en"] for each in app.host.plan().afterwards]
        becoming(app, asking(name=True, phone=True))
        _published_while_it_runs(app)


def _published_while_it_runs(app: Firm) -> None:
    """Nobody waits for the index: a job writes each part, and says how far it is; one that died is done again once,
    and what is published meanwhile begins anew."""

    def publish(form: dict[str, Any]) -> None:
        found = {"app.json": APP_DOCUMENT, "forms/customer.json": form, "forms/quote.json": QUOTE}
        plan, wanted = running.plan_documents(app.host, load(found, Report()))
        running.publish(app.host, plan, wanted, plan.consents, None)

    def far() -> list[tuple[str, int, int]]:
        items = app.ask(None, "records.indexing")["items"]
        return [(each["form"], each["done"], each["total"]) for each in items]

    app.host.settle()
    publish(asking(name=True, phone=True, grade=True))
    assert far() == [("customer", 0, 7)]
    Delivery(app.host).deliver(1)
    publish(asking(name=True, email=True))
    assert far() == [("customer", 0, 7)]
    Delivery(app.host).deliver(2)
    assert far() == [("customer", 2, 7)]
    dead = Delivery(app.host)
    taken = dead._lease()
    clock: Any = app.host.clock
    clock.advance(timedelta(minutes=6))
    app.ask("boss", "records.update", type="customer", id=5, values={"email": "five@example.com"})
    app.host.settle()
    for job in taken:
        dead._run(job)
    assert far() == []
    with app.host.database.reading() as unit:
        assert indexing.waiting(app.host, unit) == []
        words = [(row["record_id"], row["folded"]) for row in unit.fetch(t.search.select())]
    assert (len(words), len(set(words)), len({identity for identity, _ in words})) == (8, 8, 7)
    assert [identity for identity, text in words if "five@" in text] == [5]


def test_a_form_that_says_nothing_is_searched_by_its_texts(database_url: str) -> None:
    """As before: row by row, in texts and numbers."""
    with firm(database_url, asking()) as app:
        app.create("ann", "customer", name="恒启", phone="13800001111")
        assert (names(app, "ann", "启"), names(app, "ann", "0000"), names(app, "ann", "x")) == (["恒启"], ["恒启"], [])
        assert app.ask("ann", "records.search", text="恒启") == []


def test_pinyin_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it a document that asks for it is refused, with the cure."""
    monkeypatch.setattr(pinyin, "known", lambda: False)
    from lowcode.kernel.diagnostics import DefinitionError

    with pytest.raises(DefinitionError) as refused, firm("sqlite://", asking(name="pinyin")):
        pass
    assert [(each.code, each.hint) for each in refused.value.report] == [
        ("forms.no-pinyin", 'pip install "lowcode[pinyin]"')
    ]


texts = st.text(st.sampled_from("恒启科技上海ABc 1２３-（，.é"), max_size=12)


@given(text=texts, start=st.integers(0, 11), length=st.integers(1, 12))
def test_any_part_of_a_short_text_is_found(text: str, start: int, length: int) -> None:
    """What stands in a name as it stands there is found by it: two Chinese characters always, words and numbers from
    three characters of their end on, or from their beginning."""
    folded = searchwords.folded(text)
    part = folded[start : start + length]
    have = set(searchwords.tokens(folded))
    for chinese, run in searchwords.runs(part):
        at = folded.find(run)
        begins = at == 0 or not folded[at - 1].isalnum() or bool(searchwords.HAN.match(folded[at - 1])) != chinese
        if chinese or begins or len(run) >= searchwords.SHORTEST:
            wanted = searchwords.wanted(run)
            for term, prefix in wanted.terms:
                assert any(each.startswith(term) if prefix else each == term for each in have), (text, run, have)


@given(text=st.text(max_size=30))
def test_what_is_typed_never_breaks_the_query(text: str) -> None:
    """Only letters and digits reach the query languages of the databases."""
    wanted = searchwords.wanted(text)
    for query in (searchwords.fts5(wanted), searchwords.tsquery(wanted)):
        words = query.replace('"', " ").replace("'", " ").replace(":*", " ").replace("*", " ").replace("&", " ")
        assert all(each.isalnum() for each in words.split())
