"""Records over HTTP: versions, pages, once-only requests."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.records.references import references
from lowcode.kernel.storage.guard import Guard, OutOfTime
from lowcode.web import asgi, present
from tests.api.app import Shop
from tests.web.calls import Open, Visitor, problem


@pytest.fixture
def visitor(open_shop: Open, database_url: str) -> Visitor:
    return Visitor(open_shop(database=database_url)).sign_in("head")


@pytest.mark.requirement("A1")
def test_the_life_of_a_record(visitor: Visitor) -> None:
    """Create, read, change, delete; each answer carries its version as a strong ETag."""
    made = visitor.post("api/records/lead", {"company": "Acme", "budget": "12.5", "grade": "A"})
    assert (201, '"1"', "lead/1") == (made.status_code, made.headers["etag"], made.headers["location"])
    record = made.json()
    assert ("12.50", "25.00", "Acme") == (record["budget"], record["double"], record["_label"])
    assert {"id", "label"} == set(record["owner"])
    read = visitor.get("api/records/lead/1")
    assert {"can", "transitions", "buttons", "flows", "print", "read_only"} <= set(read.json()["_meta"])
    assert 304 == visitor.get("api/records/lead/1", headers={"if-none-match": '"1"'}).status_code
    for known in ('W/"1"', '"7", "1"', "*"):
        assert 304 == visitor.get("api/records/lead/1", headers={"if-none-match": known}).status_code
    changed = visitor.patch("api/records/lead/1", {"grade": "B"}, headers={"if-match": '"1"'})
    assert (200, '"2"', "B") == (changed.status_code, changed.headers["etag"], changed.json()["grade"])
    assert 200 == visitor.get("api/records/lead/1", headers={"if-none-match": '"1"'}).status_code
    assert 204 == visitor.delete("api/records/lead/1", headers={"if-match": '"2"'}).status_code
    assert 404 == visitor.get("api/records/lead/1").status_code


def test_a_record_is_called_alike_everywhere(open_shop: Open) -> None:
    """In its list, by itself and where something links to it, also where what names it comes to 0."""
    mark = {
        "name": "mark", "title": "Mark", "label": "LEN(code) - 1",
        "fields": [{"name": "code", "type": "text"}, {"name": "next", "type": "link", "to": "mark"}],
        "permissions": [{"role": "supervisor", "can": ["create", "read"]}],
    }  # fmt: skip
    visitor = Visitor(open_shop(more={"forms/mark.json": mark})).sign_in("head")
    for code, called in (("x", "0"), ("xyz", "2")):
        made = visitor.post("api/records/mark", {"code": code}).json()
        linked = visitor.post("api/records/mark", {"code": "ab", "next": made["id"]}).json()
        alone = visitor.get(f"api/records/mark/{made['id']}").json()
        listed = {each["id"]: each["_label"] for each in visitor.get("api/records/mark").json()["items"]}
        assert (called,) * 4 == (made["_label"], alone["_label"], listed[made["id"]], linked["next"]["label"])


def test_nobody_overwrites_anybody(visitor: Visitor) -> None:
    """A stale If-Match is 412 with the record as it is now; different fields do not collide."""
    visitor.post("api/records/lead", {"company": "Acme", "grade": "A"})
    assert 200 == visitor.patch("api/records/lead/1", {"grade": "B"}, headers={"if-match": '"1"'}).status_code
    stale = visitor.patch("api/records/lead/1", {"grade": "C"}, headers={"if-match": '"1"'})
    assert (412, [("/grade", "records.changed-meanwhile-field")]) == (problem(stale)[0], problem(stale)[2])
    assert ("B", 2) == (stale.json()["current"]["grade"], stale.json()["current"]["version"])
    assert 200 == visitor.patch("api/records/lead/1", {"company": "Acme Ltd"}, headers={"if-match": '"1"'}).status_code
    late = visitor.delete("api/records/lead/1", headers={"if-match": '"1"'})
    assert 412 == problem(late)[0]


@pytest.mark.requirement("F15")
@pytest.mark.requirement("A1")
def test_id_and_version_are_no_values(visitor: Visitor) -> None:
    """They are said where a record is named: sent among its values they are refused with where that is, and never
    taken for a wish that was heard."""
    sent = {"company": "Acme", "grade": "A"}
    visitor.post("api/records/lead", sent)
    named = [("/id", "records.id-sent"), ("/version", "records.version-sent")]
    for answer in (
        visitor.post("api/records/lead", {**sent, "id": 7, "version": 1}),
        visitor.patch("api/records/lead/1", {"grade": "B", "id": 1, "version": 1}),
    ):
        assert (422, "records.id-sent", named) == problem(answer)
        assert "(…/" in answer.json()["detail"] and "If-Match" in answer.json()["detail"]
    items = [{"do": "update", "id": 1, "values": {"grade": "B", "version": 1}}]
    refused = visitor.post("api/records/lead/bulk", {"items": items}).json()["items"][0]["problems"]
    assert [("/version", "records.version-sent")] == [(each["pointer"], each["code"]) for each in refused]
    assert [("A", 1)] == [(each["grade"], each["version"]) for each in visitor.get("api/records/lead").json()["items"]]


def test_a_value_that_is_taken(visitor: Visitor) -> None:
    """409 at the field, and nothing of the database's words."""
    assert 201 == visitor.post("api/records/contract", {"number": "C1"}).status_code
    answer = visitor.post("api/records/contract", {"number": "C1"})
    assert (409, "records.taken", [("/number", "records.taken")]) == problem(answer)


@pytest.mark.requirement("X22")
def test_the_same_request_twice_is_one(visitor: Visitor) -> None:
    """With an Idempotency-Key the second answer is the first; the key belongs to one request of one person."""
    once = {"idempotency-key": "order-7"}
    first = visitor.post("api/records/lead", {"company": "Acme"}, headers=once)
    again = visitor.post("api/records/lead", {"company": "Acme"}, headers=once)
    assert (201, first.json()) == (again.status_code, again.json())
    assert first.headers["etag"] == again.headers["etag"]
    other = visitor.post("api/records/lead", {"company": "Other"}, headers=once)
    assert (422, "api.idempotency-differs") == problem(other)[:2]
    assert 1 == len(visitor.get("api/records/lead").json()["items"])
    twice = [visitor.patch("api/records/lead/1", {"grade": "B"}, headers={"idempotency-key": "p"}) for _ in range(2)]
    assert twice[0].json() == twice[1].json() and {200} == {each.status_code for each in twice}
    assert twice[0].json()["version"] == visitor.get("api/records/lead/1").json()["version"]
    refused = visitor.post("api/records/lead", {}, headers={"idempotency-key": "x"})
    assert 422 == refused.status_code
    assert 201 == visitor.post("api/records/lead", {"company": "B"}, headers={"idempotency-key": "x"}).status_code
    assert 422 == visitor.post("api/records/lead", {"company": "C"}, headers={"idempotency-key": "y" * 256}).status_code


def test_a_key_is_given_no_answer_that_was_its_persons(visitor: Visitor) -> None:
    """Whoever has a key of few scopes, and knows what the person sent, does not learn what the person was answered; a
    key has the first answer to its own request again."""
    once, sent = {"idempotency-key": "order-8"}, {"company": "Acme"}
    assert 201 == visitor.post("api/records/lead", sent, headers=once).status_code
    weak, strong = (visitor.shop.key("head", *scopes) for scopes in (("form:contract:read",), ("form:lead",)))
    for key in (weak, strong):
        answer = visitor.post("api/records/lead", sent, headers={**once, "authorization": f"Bearer {key}"})
        assert 422 == answer.status_code, answer.text
    own = {"idempotency-key": "order-9", "authorization": f"Bearer {strong}"}
    first, again = (visitor.post("api/records/lead", sent, headers=own) for _ in range(2))
    assert (201, first.json()) == (again.status_code, again.json())


def test_lists(visitor: Visitor) -> None:
    """Filter, order, fields, view, search and count, as asked for."""
    for company, grade in (("Acme", "A"), ("Beta", "B"), ("Alpha", "A"), ("Gamma", None)):
        visitor.post("api/records/lead", {"company": company, "grade": grade})

    def names(query: str) -> list[str]:
        return [each["company"] for each in visitor.get(f"api/records/lead?{query}").json()["items"]]

    assert ["Acme", "Alpha", "Beta", "Gamma"] == names("sort=company")
    assert ["Gamma", "Beta", "Acme", "Alpha"] != names("sort=-grade,company")
    assert ["Acme", "Alpha"] == names("view=good&sort=company")
    assert ["Alpha"] == names("view=good&where=company%20%3C%3E%20%22Acme%22")
    assert ["Acme", "Alpha", "Gamma"] == names("search=a%25&sort=company") == names("search=a&sort=company")
    assert [] == names("search=%25") == names("search=_")
    answer = visitor.get("api/records/lead?count=true&limit=1&fields=company,owner.name").json()
    assert ({"value": 4, "capped": False}, True) == (answer["count"], answer["next"] is not None)
    assert "Head" == answer["items"][0]["owner.name"]
    part = visitor.get("api/records/lead?limit=2&sort=company&skip=1&count=whole").json()
    assert (["Alpha", "Beta"], 4) == ([each["company"] for each in part["items"]], part["count"]["value"])
    assert (422, "http.not-a-number") == problem(visitor.get("api/records/lead?skip=far"))[:2]


def test_the_timeline(visitor: Visitor) -> None:
    """Changes with both values and related records, the newest first."""
    visitor.post("api/records/lead", {"company": "Acme"})
    visitor.patch("api/records/lead/1", {"company": "Acme Ltd"})
    visitor.post("api/records/contract", {"number": "C1", "lead": 1})
    items = visitor.get("api/records/lead/1/timeline").json()["items"]
    assert {"created", "changed", "record"} == {each["kind"] for each in items}
    [changed] = [each for each in items if each["kind"] == "changed"]
    assert [{"field": "company", "from": "Acme", "to": "Acme Ltd"}] == changed["changes"]
    history = visitor.get("api/records/lead/1/history").json()["items"]
    assert ["updated", "created"] == [each["event"] for each in history]
    pages: list[Any] = []
    after: Any = ""
    for _ in history:
        page = visitor.get(f"api/records/lead/1/history?limit=1&after={after}").json()
        pages, after = [*pages, page["items"]], page["next"]
    assert ([[each] for each in history], None) == (pages, after)


def test_a_list_adds_up_all_that_is_found(visitor: Visitor) -> None:
    """`sum` counts every page, the filter and the search hold, worked-out numbers too; a word cannot be added up."""
    for company, budget in (("Acme", "12.50"), ("Acme East", "0.25"), ("Other", "100"), ("Acme West", None)):
        visitor.post("api/records/lead", {"company": company, "budget": budget, "employees": 3})
    page = visitor.get("api/records/lead?limit=1&sum=budget,double,employees").json()
    assert (1, {"budget": "112.75", "double": "225.50", "employees": "12"}) == (len(page["items"]), page["sums"])
    assert {"budget": "12.75"} == visitor.get("api/records/lead?search=acme&sum=budget").json()["sums"]
    assert {"budget": None} == visitor.get("api/records/lead?where=budget > 1000&sum=budget").json()["sums"]
    for path, code in (("company", "records.not-a-number-field"), ("nothing", "records.unknown-field")):
        assert (422, [("/sum", code)]) == problem(visitor.get(f"api/records/lead?sum={path}"))[::2]


def test_nothing_kept_from_a_person_is_added_up(open_shop: Open) -> None:
    """Rows outside their reach do not count, and a hidden field is not there."""
    shop = open_shop()
    shop.host.ask(shop.host.actor("head"), "records.create", type="lead", values={"company": "Far", "budget": "7"})
    seller = Visitor(shop).sign_in("li")
    seller.post("api/records/lead", {"company": "Near", "budget": "5"})
    assert {"budget": "5.00"} == seller.get("api/records/lead?sum=budget").json()["sums"]
    refused = seller.get("api/records/lead?sum=secret_note")
    assert (422, [("/sum", "records.unknown-field")]) == problem(refused)[::2]


STEP = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["A", "B", None])), st.tuples(st.just("page"), st.integers(1, 4))
)


@settings(max_examples=15, deadline=None)
@given(
    before=st.lists(st.sampled_from(["A", "B", None]), max_size=8), steps=st.lists(STEP, max_size=8), down=st.booleans()
)
def test_pages_are_complete_and_without_repeats(before: list[Any], steps: list[tuple[str, Any]], down: bool) -> None:
    """Whoever was there when reading began comes exactly once, whatever is added meanwhile, blanks included."""
    visitor = _reader()
    for record in visitor.get("api/records/lead?limit=200&fields=company").json()["items"]:
        visitor.delete(f"api/records/lead/{record['id']}")
    there = [visitor.post("api/records/lead", {"company": "X", "grade": each}).json()["id"] for each in before]
    sort = "-grade" if down else "grade"
    seen: list[int] = []
    mark: str | None = None
    queue = [*steps, *[("page", 2)] * 20]
    for word, value in queue:
        if word == "add":
            visitor.post("api/records/lead", {"company": "X", "grade": value})
            continue
        query = f"api/records/lead?sort={sort}&limit={value}&fields=company" + (f"&after={mark}" if mark else "")
        page = visitor.get(query).json()
        seen += [each["id"] for each in page["items"]]
        mark = page["next"]
        if mark is None:
            break
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)


_READERS: list[Visitor] = []


def _reader() -> Visitor:
    """One shop for all examples."""
    if not _READERS:
        shop = Shop(database=f"sqlite:///{Path(tempfile.mkdtemp()) / 'pages.sqlite3'}")
        _READERS.append(Visitor(shop).sign_in("head"))
    return _READERS[0]


@pytest.fixture(scope="module", autouse=True)
def _close_reader() -> Any:
    yield
    for each in _READERS:
        each.shop.host.close()
    _READERS.clear()


def test_a_list_that_is_not_quick_is_answered_all_the_same(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the time guard stops in the loop is asked again in a thread, and for some seconds there at once: a machine
    may have been busy with something else."""
    for number in range(3):
        visitor.post("api/records/lead", {"company": f"Acme {number}"})
    quick = visitor.get("api/records/lead?sort=company").json()
    stopped: list[float] = []

    @contextmanager
    def stop(_: Guard, seconds: float, wall: float) -> Iterator[None]:
        stopped.append(seconds)
        yield
        raise OutOfTime

    monkeypatch.setattr(Guard, "quickly", stop)
    assert [quick, quick] == [visitor.get("api/records/lead?sort=company").json() for _ in range(2)]
    assert 1 == len(stopped)
    later = time.monotonic() + asgi.SLOW_FIRST
    monkeypatch.setattr(time, "monotonic", lambda: later + 1)
    assert [quick, quick] == [visitor.get("api/records/lead?sort=company").json() for _ in range(2)]
    assert 2 == len(stopped)


@pytest.mark.requirement("SF21", "A1")
def test_a_filter_and_a_view_somebody_made(visitor: Visitor) -> None:
    """Conditions in groups stand in the address as JSON; a view somebody made is asked for by its name."""
    for company, budget in (("Acme", "5"), ("Bolt", "50"), ("Coil", "70")):
        visitor.post("api/records/lead", {"company": company, "budget": budget})
    big = {"match": "all", "conditions": [{"field": "budget", "operator": "at_least", "value": 50}]}
    name = {"field": "company", "operator": "starts_with", "value": "B"}

    def found(**parameters: Any) -> list[str]:
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in parameters.items()}
        answer = visitor.get("api/records/lead", params={"sort": "company", **given})
        assert 200 == answer.status_code, answer.text
        return [each["company"] for each in answer.json()["items"]]

    assert ["Bolt", "Coil"] == found(filter=big)
    assert ["Bolt"] == found(filter={"conditions": [big, {"match": "any", "conditions": [name]}]})
    body = {"form": "lead", "title": "big", "view": {"filter": big, "sort": ["-company"]}}
    made = visitor.post("api/operations/forms.save_view", body).json()
    assert ["Coil", "Bolt"] == found(view=made["name"], sort="")
    assert ["Bolt"] == found(view=made["name"], where='company = "Bolt"')
    unknown = visitor.get("api/records/lead", params={"view": "~99"})
    assert (404, "forms.unknown-view") == problem(unknown)[:2]
    wrong = visitor.get(
        "api/records/lead", params={"filter": json.dumps({"conditions": [{**name, "operator": "is_big"}]})}
    )
    assert (422, [("/filter/conditions/0/operator", "records.filter-operator")]) == (
        problem(wrong)[0],
        problem(wrong)[2],
    )
    for nonsense in ("[]", "{", '{"match": "some"}', '{"conditions": [{"feld": 1}]}'):
        assert visitor.get("api/records/lead", params={"filter": nonsense}).status_code in (400, 422)


GROUPED = {
    "name": "offer",
    "fields": [
        {"name": "number", "type": "text"},
        {
            "name": "groups",
            "type": "lines",
            "fields": [
                {"name": "title", "type": "text", "required": True},
                {
                    "name": "items",
                    "type": "lines",
                    "fields": [
                        {"name": "lead", "type": "link", "to": "lead"},
                        {"name": "price", "type": "money"},
                        {"name": "card", "type": "text", "mask": "card"},
                        {"name": "double", "type": "formula", "expression": "price * 2", "scale": 2},
                    ],
                },
            ],
        },
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit"]}],
}


@pytest.mark.requirement("F26", "F2", "SP18")
def test_the_history_tells_what_became_of_rows(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which row came, changed or went, and from what to what, down to rows in rows; links by name, all of a history in
    one go; masks kept."""
    visitor = Visitor(open_shop(more={"forms/offer.json": GROUPED})).sign_in("head")
    acme, beta = (visitor.post("api/records/lead", {"company": each}).json()["id"] for each in ("Acme", "Beta"))
    items = [{"lead": acme, "price": "2.50", "card": "6222021234567890"}, {"price": 1}]
    made = visitor.post("api/records/offer", {"groups": [{"title": "one", "items": items}, {"title": "two"}]}).json()
    address = f"api/records/offer/{made['id']}"
    [one, _] = made["groups"]
    first, second = one["items"]
    kept = {"id": first["id"], "lead": beta, "price": "4"}
    sent = [{"id": one["id"], "title": "uno", "items": [kept, {"price": "7"}]}, {"title": "three"}]
    assert 200 == visitor.patch(address, {"groups": sent}).status_code
    named: list[list[int]] = []

    def counted(context: Any, form: str, ids: list[int]) -> Any:
        named.append(ids)
        return references(context, form, ids)

    monkeypatch.setattr(present, "references", counted)
    [change] = visitor.get(f"{address}/history").json()["items"][0]["changes"]
    assert [[acme, beta]] == named
    assert {"added": 1, "changed": 1, "removed": 1} == change["lines"]
    came, changed, went = change["rows"]
    assert ("added", {"title": "three"}) == (came["kind"], came["values"])
    assert ("removed", {"title": "two"}) == (went["kind"], went["values"])
    title, within = changed["changes"]
    assert {"field": "title", "from": "one", "to": "uno"} == title
    new, moved, old = within["rows"]
    assert [("added", "7.00"), ("removed", "1.00")] == [(each["kind"], each["values"]["price"]) for each in (new, old)]
    assert (second["id"], first["id"]) == (old["id"], moved["id"])
    by_name = {each["field"]: (each["from"], each["to"]) for each in moved["changes"]}
    assert ({"id": acme, "label": "Acme"}, {"id": beta, "label": "Beta"}) == by_name["lead"]
    assert ("2.50", "4.00") == by_name["price"]
    assert "6222021234567890" not in visitor.get(f"{address}/timeline").text


@pytest.mark.requirement("F2", "A1")
def test_rows_in_rows_are_nested_json(open_shop: Open) -> None:
    """Sent, answered, described and explained as one tree; links in it with their words, masks over what has one."""
    visitor = Visitor(open_shop(more={"forms/offer.json": GROUPED})).sign_in("head")
    lead = visitor.post("api/records/lead", {"company": "Acme"}).json()["id"]
    items = [{"lead": lead, "price": "2.50", "card": "6222021234567890"}, {"price": 1}]
    made = visitor.post("api/records/offer", {"groups": [{"title": "one", "items": items}]}).json()
    [group] = made["groups"]
    assert [each["double"] for each in group["items"]] == ["5.00", "2.00"]
    assert (
        group["items"][0]["lead"] == {"id": lead, "label": "Acme"} and group["items"][0]["card"] == "6222********7890"
    )
    address = f"api/records/offer/{made['id']}"
    sent = {"groups": [{"id": group["id"], "items": [{"id": group["items"][1]["id"], "price": "4"}]}]}
    assert 200 == visitor.patch(address, sent).status_code
    found = visitor.get(address).json()["groups"]
    assert [(row["title"], [each["price"] for each in row["items"]]) for row in found] == [("one", ["4.00"])]
    wrong = visitor.post("api/records/offer", {"groups": [{"title": "x", "items": [{"price": "much"}]}]})
    assert ["/groups/0/items/0/price"] == [each["pointer"] for each in wrong.json()["errors"]]
    described = visitor.get("api/app").json()["forms"]["offer"]["fields"]
    inner = next(each for each in described if each["name"] == "groups")["fields"][1]["fields"]
    assert [(each["name"], each.get("veiled", False)) for each in inner] == [
        ("lead", False), ("price", False), ("card", True), ("double", False),
    ]  # fmt: skip
    assert '"groups.items.double"' in visitor.get("api/app/expressions.js").text
    schemas = str(visitor.get("api/openapi.json").json()["components"]["schemas"])
    assert "'items': {'type': 'array'" in schemas
