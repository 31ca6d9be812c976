"""What fields do by condition, held on every door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Rejected
from tests.forms.firm import EVERYTHING, Firm, firm

PERMITTED = [{"role": ["sales", "supervisor"], "can": EVERYTHING}]
COMPANY = {
    "name": "company",
    "label": "name",
    "fields": [{"name": "name", "type": "text"}, {"name": "active", "type": "boolean"}],
    "permissions": PERMITTED,
}
PERSON = {
    "name": "person",
    "label": "name",
    "fields": [{"name": "name", "type": "text"}, {"name": "works_for", "type": "link", "to": "company"}],
    "permissions": PERMITTED,
}
CALL: dict[str, Any] = {
    "name": "call",
    "fields": [
        {"name": "kind", "type": "select", "options": [
            {"name": "phone"}, {"name": "visit"}, {"name": "gift", "when": "budget > 100 and kind is not blank"}]},
        {"name": "budget", "type": "money"},
        {"name": "where", "type": "text", "required": True},
        {"name": "why", "type": "text", "required_when": "budget > 1000"},
        {"name": "closed", "type": "boolean"},
        {"name": "result", "type": "text", "read_only_when": "closed"},
        {"name": "company", "type": "link", "to": "company", "filter": "active = true"},
        {"name": "person", "type": "link", "to": "person", "matches": {"works_for": "company"}},
        {"name": "topics", "type": "multi_select", "options": [
            {"name": "price", "when": "budget > 0"}, {"name": "other"}]},
        {"name": "items", "type": "lines", "fields": [
            {"name": "what", "type": "text", "required_when": "parent.budget > 10"},
            {"name": "long", "type": "text", "required": True, "visible_when": 'what = "x"'},
            {"name": "fixed", "type": "text", "read_only_when": "parent.closed"},
            {"name": "who", "type": "link", "to": "person", "matches": {"works_for": "parent.company"}}]},
    ],
    "layout": [
        {"fields": ["kind", "budget", "why"]},
        {"name": "visiting", "section": "Visit", "visible_when": 'kind = "visit"', "fields": ["where"]},
    ],
    "permissions": PERMITTED,
}  # fmt: skip


def said(app: Firm, form: str, identity: int | None, values: dict[str, Any]) -> set[tuple[str, str]]:
    """Pointer and code of everything wrong, by a save; a check while filling in says the same."""
    given_id = {} if identity is None else {"id": identity}
    checked = app.ask("ann", "forms.check", form=form, values=values, **given_id)["errors"]
    try:
        operation = "records.create" if identity is None else "records.update"
        app.ask("ann", operation, type=form, values=values, **given_id)
        found = set()
    except Rejected as refused:
        found = {(each.pointer, each.code.removeprefix("records.")) for each in refused.problems}
    assert {(each["pointer"], each["code"].removeprefix("records.")) for each in checked} == found
    return found


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, COMPANY, PERSON, CALL) as found:
        yield found


@pytest.mark.requirement("F12", "F13", "X13")
def test_required_visible_and_fixed_in_records_sections_and_rows(app: Firm) -> None:
    """A field in a hidden section is not asked for; conditions of rows read the record around them."""
    assert said(app, "call", None, {"kind": "phone"}) == set()
    assert said(app, "call", None, {"kind": "visit"}) == {("/where", "required")}
    assert said(app, "call", None, {"budget": "1001"}) == {("/why", "required")}
    assert said(app, "call", None, {"items": [{}, {"what": "x"}, {"what": "x", "long": "y"}]}) == {
        ("/items/1/long", "required"),
    }
    assert said(app, "call", None, {"budget": "11", "items": [{}]}) == {("/items/0/what", "required")}
    one = app.create("ann", "call", closed=True, result="done", items=[{"fixed": "a"}])
    row = app.ask("ann", "records.get", type="call", id=one)["items"][0]
    assert said(app, "call", one, {"result": "again"}) == {("/result", "read-only")}
    assert said(app, "call", one, {"result": "again", "closed": False}) == set()
    app.ask("ann", "records.update", type="call", id=one, values={"closed": True})
    assert said(app, "call", one, {"items": [{"id": row["id"], "fixed": "b"}]}) == {("/items/0/fixed", "read-only")}
    assert said(app, "call", one, {"budget": "11"}) == {("/items/0/what", "required")}


@pytest.mark.requirement("X13")
def test_options_by_condition(app: Firm) -> None:
    """An option is refused when its condition does not hold, and one that was chosen before is left alone."""
    assert said(app, "call", None, {"kind": "gift", "budget": "100"}) == {("/kind", "option-not-available")}
    assert said(app, "call", None, {"topics": ["other", "price"]}) == {("/topics", "option-not-available")}
    one = app.create("ann", "call", kind="gift", budget="101", topics=["price"])
    assert said(app, "call", one, {"budget": "1"}) == set()
    assert said(app, "call", one, {"kind": "gift", "where": "x"}) == set()


@pytest.mark.requirement("X13")
def test_records_that_may_be_chosen(app: Firm) -> None:
    """A filter on the chosen record, and what it must have in common with this one, in rows too."""
    good, gone = (app.create("ann", "company", name=name, active=name == "good") for name in ("good", "gone"))
    ann, bob = (app.create("ann", "person", name="p", works_for=each) for each in (good, gone))
    assert said(app, "call", None, {"company": good, "person": ann}) == set()
    assert said(app, "call", None, {"company": gone}) == {("/company", "link-not-offered")}
    assert said(app, "call", None, {"company": good, "person": bob}) == {("/person", "link-not-offered")}
    assert said(app, "call", None, {"person": bob}) == set()
    rows = [{"who": ann}, {"who": bob}]
    assert said(app, "call", None, {"company": good, "items": rows}) == {("/items/1/who", "link-not-offered")}
    assert said(app, "call", None, {"person": 999}) == {("/person", "link-not-found")}


# -- every door gives the same answer ---------------------------------------------------------------------------------

CONDITIONS = ("n > 3", "t is blank", 'c = "x"', 'n is not blank and c <> "y"', "b", "not b", "n + LEN(t) > 4")
MAYBE = st.one_of(st.none(), st.sampled_from(CONDITIONS))
KEYS = st.fixed_dictionaries({}, optional={
    "required": st.just(True), "read_only": st.just(True), "required_when": st.sampled_from(CONDITIONS),
    "visible_when": st.sampled_from(CONDITIONS), "read_only_when": st.sampled_from(CONDITIONS),
})  # fmt: skip
OPTIONS = st.lists(MAYBE, min_size=3, max_size=3)
VALUES = st.fixed_dictionaries({}, optional={
    "c": st.sampled_from(["x", "y", "z", ""]), "n": st.sampled_from(["", "1", "4", "nine"]),
    "t": st.sampled_from(["", "ab", "abcd", "abcdefgh"]), "b": st.sampled_from(["yes", "no", ""]),
})  # fmt: skip


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """A form of four fields with conditions on one another, a check across them, and perhaps a section that hides."""
    when = draw(OPTIONS)
    options = [{"name": name, **({"when": each} if each else {})} for name, each in zip("xyz", when, strict=True)]
    section = draw(MAYBE)
    return {
        "name": "thing",
        "fields": [
            {"name": "c", "type": "select", "options": options, **draw(KEYS)},
            {"name": "n", "type": "integer", "max": 5, **draw(KEYS)},
            {"name": "t", "type": "text", "max_length": 6, **draw(KEYS)},
            {"name": "b", "type": "boolean", **draw(KEYS)},
            {"name": "there", "type": "text"},
        ],
        "checks": [{"name": "fits", "expression": draw(st.sampled_from(CONDITIONS)), "field": "n", "message": "no"}],
        "layout": [{"name": "s", "fields": ["t"], **({"visible_when": section} if section else {})},
                   {"fields": ["c", "n", "b"]}],
        "permissions": PERMITTED,
    }  # fmt: skip


def imported(app: Firm, values: dict[str, str], *, dry_run: bool) -> set[tuple[str, str]]:
    """What an import of one row says."""
    names = ["c", "n", "t", "b", "there"]
    line = ",".join(values.get(name, "") for name in names)
    content = f"{','.join(names)}\n{line}\n".encode()
    sent = {"form": "thing", "name": "x.csv", "content": content, "dry_run": dry_run}
    found = app.ask("ann", "forms.import", **sent)["problems"]
    return {(each["field"] or "", each["code"].removeprefix("records.")) for each in found}


@pytest.mark.requirement("X13", "F13", "F14")
@settings(max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(definition=definitions(), samples=st.lists(VALUES, min_size=3, max_size=3))
def test_every_door_gives_the_same_answer(definition: dict[str, Any], samples: list[dict[str, str]]) -> None:
    """Filling in, saving, changing, and importing (tried and done) refuse the same values for the same reasons."""
    read_only = {each["name"] for each in definition["fields"] if each.get("read_only")}
    with firm("sqlite://", definition) as app:
        for sent in samples:
            values = {name: value for name, value in sent.items() if value and name not in read_only}
            values["there"] = "so that a line of the file is never blank"
            answer = {(pointer.lstrip("/"), code) for pointer, code in said(app, "thing", None, values)}
            assert imported(app, values, dry_run=True) == imported(app, values, dry_run=False) == answer
            if not answer:
                made = app.ask("ann", "records.list", type="thing", limit=1)["items"][0]
                said(app, "thing", made["id"], dict(sent))


@pytest.mark.requirement("X13", "F12")
def test_read_only_columns_of_rows_are_held(database_url: str) -> None:
    """On every door, in rows and in rows of rows, new ones too: what is there may be sent as it is, and the app itself
    may set it."""
    parts = {"name": "parts", "type": "lines", "fields": [
        {"name": "key", "type": "text"}, {"name": "seal", "type": "text", "read_only": True},
    ]}  # fmt: skip
    rows = {"name": "rows", "type": "lines", "fields": [
        {"name": "what", "type": "text"}, {"name": "paid", "type": "money", "read_only": True, "default": 5}, parts,
    ]}  # fmt: skip
    form = {"name": "order", "fields": [rows], "permissions": PERMITTED}
    with firm(database_url, form) as app:
        fixed = {("/rows/0/paid", "read-only"), ("/rows/0/parts/0/seal", "read-only")}
        sent = {"rows": [{"what": "a", "paid": 7, "parts": [{"key": "k", "seal": "s"}]}]}
        assert said(app, "order", None, sent) == fixed
        answer = app.ask("ann", "records.bulk", type="order", items=[{"values": sent}])["items"][0]
        assert {(each["pointer"], each["code"].partition(".")[2]) for each in answer["problems"]} == fixed
        made = app.ask("ann", "records.create", type="order", values={"rows": [{"what": "a", "parts": [{"key": "k"}]}]})
        [row] = app.ask("ann", "records.get", type="order", id=made["id"])["rows"]
        assert (row["paid"], row["parts"][0]["seal"]) == (5, None)
        own = {"id": row["parts"][0]["id"]}
        changed = {"rows": [{"id": row["id"], "paid": 8, "parts": [{**own, "seal": "t"}]}]}
        assert said(app, "order", made["id"], changed) == fixed
        app.ask(None, "records.update", type="order", id=made["id"], values=changed)
        same = {"rows": [{"id": row["id"], "what": "b", "paid": "8.00", "parts": [{**own, "seal": "t", "key": "l"}]}]}
        assert said(app, "order", made["id"], same) == set()


@pytest.mark.requirement("X13", "F12")
def test_conditions_of_a_table_of_rows_are_held(database_url: str) -> None:
    """A table of rows is required, shown and fixed by condition as any other field is, in rows as well; sent as it
    stands, it is no change."""
    parts = {"name": "parts", "type": "lines", "fields": [{"name": "key", "type": "text"}],
             "read_only_when": "parent.closed"}  # fmt: skip
    fields = [{"name": "what", "type": "text"}, {"name": "price", "type": "money"}, parts]
    rows = {"name": "rows", "type": "lines", "fields": fields,
            "required_when": "priced", "read_only_when": "fixed"}  # fmt: skip
    flags = [{"name": each, "type": "boolean", "default": False} for each in ("priced", "fixed", "closed")]
    with firm(database_url, {"name": "order", "fields": [*flags, rows], "permissions": PERMITTED}) as app:
        assert said(app, "order", None, {"priced": True, "rows": []}) == {("/rows", "required")}
        made = app.ask("ann", "records.create", type="order", values={
            "priced": True, "fixed": True, "rows": [{"what": "a", "price": 7, "parts": [{"key": "k"}]}]})  # fmt: skip
        [row] = app.ask("ann", "records.get", type="order", id=made["id"])["rows"]
        same = {"id": row["id"], "what": "a", "price": "7.00", "parts": [{"id": row["parts"][0]["id"], "key": "k"}]}
        for change in ([], [{**same, "price": 8}], [same, {"what": "b"}], [{**same, "parts": []}]):
            refused = said(app, "order", made["id"], {"rows": change})
            assert ("/rows", "read-only") in refused
        assert said(app, "order", made["id"], {"rows": [same]}) == set()
        app.ask(None, "records.update", type="order", id=made["id"], values={"fixed": False, "closed": True})
        fewer = {"rows": [{**same, "price": 9, "parts": []}]}
        assert said(app, "order", made["id"], fewer) == {("/rows/0/parts", "read-only")}
        assert said(app, "order", made["id"], {"rows": [{**same, "price": 9}]}) == set()
