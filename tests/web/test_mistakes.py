"""The mistakes newcomers and attackers make, and what the door answers: never stored, never 200, never a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.app import Shop
from tests.web.calls import Open, Visitor, problem


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    """One shop for all: what is refused must leave nothing behind."""
    shop = Shop()
    made = Visitor(shop).sign_in("head")
    assert 201 == made.post("api/records/lead", {"company": "Acme", "employees": 7}).status_code
    yield made
    shop.host.close()


WRITES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"company": "A", "employees": "abc"}, [("/employees", "records.not")]),
    ({"company": "A", "employees": 1.5}, [("/employees", "records.too-many-places")]),
    ({"company": "A", "employees": True}, [("/employees", "records.not")]),
    ({"company": "A", "employees": {"a": 1}}, [("/employees", "records.not")]),
    ({"company": "A", "employees": 10**30}, [("/employees", "records.too-many-digits")]),
    ({"company": "A", "grade": "Z"}, [("/grade", "records.not")]),
    ({"company": "A", "since": "2026-02-30"}, [("/since", "records.not")]),
    ({"company": "A", "since": 20260101}, [("/since", "records.not")]),
    ({"company": "A", "budget": "12,50"}, [("/budget", "records.not")]),
    ({"company": "A", "email": "nobody"}, [("/email", "records.not")]),
    ({"company": "A", "earlier": 999}, [("/earlier", "records.")]),
    ({"company": "A", "earlier": "x"}, [("/earlier", "records.")]),
    ({"company": "A", "owner": 99999}, [("/owner", "records.")]),
    ({"company": "A", "owner": "x"}, [("/owner", "records.")]),
    ({"company": ["A"]}, [("/company", "records.not-text")]),
    ({}, [("/company", "records.required")]),
    ({"company": None}, [("/company", "records.required")]),
    ({"company": "A", "double": 4}, [("/double", "records.read-only")]),
    ({"company": "A", "created_at": "2020-01-01T00:00:00Z"}, [("/created_at", "records.read-only")]),
    (
        {"compny": "A", "grade": "Z"},
        [("/compny", "records.unknown-field"), ("/grade", "records.not"), ("/company", "records.required")],
    ),
]


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(("sent", "wrong"), WRITES)
def test_what_does_not_fit_is_refused(visitor: Visitor, sent: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    """Everything wrong at once, each with its place; nothing is stored."""
    before = visitor.get("api/records/lead").json()
    for answer in (visitor.post("api/records/lead", sent), visitor.patch("api/records/lead/1", sent)):
        if sent == {} and answer.request.method == "PATCH":
            continue
        status, _, errors = problem(answer)
        assert 422 == status, answer.text
        expected = [
            each
            for each in wrong
            if answer.request.method == "POST" or each[1] != "records.required" or "company" in sent
        ]
        assert [place for place, _ in expected] == [place for place, _ in errors], answer.text
        assert all(seen.startswith(code) for (_, code), (_, seen) in zip(expected, errors, strict=True)), answer.text
    assert before == visitor.get("api/records/lead").json()


def test_a_misspelt_field_is_answered_with_the_nearest(visitor: Visitor) -> None:
    """Unknown is refused, never dropped."""
    answer = visitor.post("api/records/lead", {"company": "A", "emial": "x"})
    assert "email" == answer.json()["errors"][0]["values"]["near"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "api/records/lead/999", 404),
        ("GET", "api/records/lead/abc", 404),
        ("GET", "api/records/lead/99999999999999999999", 404),
        ("GET", "api/records/leed", 404),
        ("GET", "api/records/user", 404),
        ("PATCH", "api/records/lead/999", 404),
        ("DELETE", "api/records/lead/999", 404),
        ("GET", "api/nothing", 404),
        ("PUT", "api/records/lead/1", 405),
        ("POST", "api/records/lead/1", 405),
        ("POST", "api/operations/records.lst", 404),
        ("POST", "api/operations/notifications.send", 404),
        ("GET", "api/records/lead?view=goood", 404),
        ("GET", "api/records/lead?whre=1", 422),
        ("GET", "api/records/lead?where=grde%20%3D%20%22A%22", 422),
        ("GET", "api/records/lead?where=((", 422),
        ("GET", "api/records/lead?where=1", 422),
        ("GET", "api/records/lead?where=company", 422),
        ("GET", "api/records/lead?where=grade%20%3D%20%22Z%22", 422),
        ("GET", "api/records/lead?sort=compny", 422),
        ("GET", "api/records/lead?fields=compny", 422),
        ("GET", "api/records/lead?fields=owner.password", 422),
        ("GET", "api/records/lead?limit=abc", 422),
        ("GET", "api/records/lead?count=some", 422),
        ("GET", "api/records/lead?filter=x", 422),
        ("GET", "api/records/lead?limit=1&limit=2", 422),
        ("GET", "api/records/lead?sort=contracts", 422),
        ("GET", "api/records/lead/1?field=company", 422),
        ("GET", "api/records/lead/1/history?limt=2", 422),
        ("GET", "api/records/lead/1/history?limit=0", 422),
        ("GET", "api/records/lead/1/history?limit=x", 422),
        ("GET", "api/records/lead/1/history?after=x", 422),
        ("GET", "api/records/lead/aggregate?search=a&search=b", 422),
        ("GET", "api/records/lead?limit=0", 422),
        ("GET", "api/records/lead?limit=100000", 422),
        ("GET", "api/records/lead?after=zzz", 422),
        ("GET", "api/records/lead?after=W10", 422),
        ("GET", "api/records/lead/1/timeline?limit=x", 422),
        ("GET", "api/files/999", 404),
        ("GET", "api/print/nothing/1", 404),
        ("POST", "api/intake/nothing", 404),
    ],
)
def test_wrong_addresses_and_parameters(visitor: Visitor, method: str, path: str, status: int) -> None:
    """Each is a problem document that says what is wrong."""
    answer = visitor.ask(method, path, **({"json": {}} if method in ("POST", "PATCH", "PUT") else {}))
    assert status == problem(answer)[0], answer.text
    assert "Traceback" not in answer.text and "sqlite" not in answer.text.lower()
    assert not re.search(r"\{[a-z]+\}", answer.json()["detail"]), "a word that was to be filled in"


def test_a_blank_precondition_is_none_that_holds(visitor: Visitor) -> None:
    """`If-Match` with nothing in it was meant to hold a version: what it is to protect is not written over."""
    changed = visitor.ask("PATCH", "api/records/lead/1", json={"source": "lost"}, headers={"if-match": ""})
    assert (412, "http.no-match") == problem(changed)[:2]


def test_a_method_that_is_not_possible_names_those_that_are(visitor: Visitor) -> None:
    """405 comes with Allow."""
    assert {"GET", "PATCH", "DELETE"} <= set(visitor.ask("PUT", "api/records/lead/1").headers["allow"].split(", "))


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b'{"company": NaN}', b"[" * 10_000])
def test_bodies_that_are_no_json(visitor: Visitor, body: bytes) -> None:
    """A broken body is 422, wherever it is sent."""
    for method, path in (
        ("POST", "api/records/lead"),
        ("PATCH", "api/records/lead/1"),
        ("POST", "api/operations/identity.people"),
    ):
        assert 422 == problem(visitor.ask(method, path, content=body))[0]


def test_operations_check_their_parameters(visitor: Visitor) -> None:
    """Unknown and wrong parameters are named with their place."""
    status, code, errors = problem(visitor.post("api/operations/identity.people", {"serch": "x", "limit": "many"}))
    assert (422, "ask.bad-parameter") == (status, code)
    assert {"/serch", "/limit"} == {place for place, _ in errors}


SHAPES: tuple[tuple[object, str, str], ...] = (
    ([{"field": "company"}], "/filter/conditions/0/operator", "the key 'operator' is missing. Add \"operator\"."),
    ([{"feld": "company", "operator": "is"}], "/filter/conditions/0/feld", "Did you mean 'field'?"),
    ([7], "/filter/conditions/0", "7 stands where an object { } is needed"),
    ([{"conditions": 7}], "/filter/conditions/0/conditions", "7 stands where a list [ ] is needed"),
)


@pytest.mark.parametrize(("conditions", "pointer", "reason"), SHAPES)
def test_a_parameter_of_the_wrong_shape_is_named_where_it_stands(
    visitor: Visitor, conditions: object, pointer: str, reason: str
) -> None:
    """By what was meant, in the branch that fits best, with what is possible."""
    given = {"type": "lead", "filter": {"conditions": conditions}}
    answer = visitor.post("api/operations/records.list", given)
    found = {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
    assert reason in found[pointer]


def test_nobody_sees_nothing(open_shop: Open) -> None:
    """Without a session everything is 401, and never an empty list."""
    visitor = Visitor(open_shop())
    for path in (
        "api/app",
        "api/records/lead",
        "api/records/lead/1",
        "api/files/1",
        "api/records/lead/1/timeline",
    ):
        assert 401 == visitor.get(path).status_code, path
    assert 401 == visitor.post("api/records/lead", {"company": "x"}).status_code
    assert 401 == visitor.post("api/operations/identity.people", {}).status_code


def test_others_records_are_not_there(visitor: Visitor) -> None:
    """What a person may not see looks like what does not exist, for every verb."""
    other = Visitor(visitor.shop, app=visitor.app).sign_in("li")
    for method, path in (("GET", ""), ("PATCH", ""), ("GET", "/history"), ("GET", "/timeline")):
        answer = other.ask(
            method, f"api/records/lead/1{path}", **({"json": {"company": "x"}} if method == "PATCH" else {})
        )
        assert 404 == problem(answer)[0], (method, path)
    assert problem(other.get("api/records/lead/999"))[1] == problem(other.get("api/records/lead/1"))[1]
    assert [] == other.get("api/records/lead").json()["items"]


def test_hidden_fields_stay_hidden(visitor: Visitor) -> None:
    """They are not answered, not filtered, sorted or searched by, and not written."""
    other = Visitor(visitor.shop, app=visitor.app).sign_in("li")
    made = other.post("api/records/lead", {"company": "Own"}).json()
    assert "secret_note" not in made
    where = "api/records/lead?where=secret_note%20is%20blank"
    for path in (where, "api/records/lead?sort=secret_note", "api/records/lead?fields=secret_note"):
        assert other.get(path).status_code in (403, 422), path
    assert 422 == other.patch(f"api/records/lead/{made['id']}", {"secret_note": "x"}).status_code
