"""A record that is answered by what was worked out before: the same answer, and nothing of it outlives its reason."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.web import ready
from tests.web.calls import Open, Visitor

NOTE: dict[str, Any] = {
    "name": "note",
    "label": "title",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "cost", "type": "money"},
        {"name": "at", "type": "datetime"},
        {"name": "reader", "type": "member"},
        {"name": "inner", "type": "text"},
        {"name": "lead", "type": "link", "to": "lead"},
        {"name": "papers", "type": "attachment"},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit"], "where": "owner in TEAM()", "hide": ["inner"]},
        {"role": "supervisor", "can": ["create", "read", "edit", "delete"]},
    ],
}
PLAIN = {**NOTE, "name": "plain", "fields": NOTE["fields"][:5]}
FULL = {"title": "Call", "cost": "12.5", "at": "2026-03-02T01:00:00Z"}


@pytest.fixture
def visitor(open_shop: Open, database_url: str) -> Visitor:
    forms = {f"forms/{each['name']}.json": each for each in (NOTE, PLAIN)}
    return Visitor(open_shop(database=database_url, more=forms)).sign_in("head")


def also(visitor: Visitor, login: str) -> Visitor:
    """Somebody else at the same door."""
    return Visitor(visitor.shop, app=visitor.app).sign_in(login)


def whole(visitor: Visitor, path: str) -> Any:
    """The answer of the whole way: what was worked out is forgotten first."""
    visitor.shop.host.forget()
    return visitor.get(path)


def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The forms that were answered by what was worked out."""
    found: list[str] = []
    real = ready.answer_of

    def noted(door: Any, request: Any, caller: Any, form: str, id: int) -> Any:
        made = real(door, request, caller, form, id)
        if made is not None:
            found.append(form)
        return made

    monkeypatch.setattr("lowcode.web.records.answer_of", noted)
    return found


def test_the_answer_is_that_of_the_whole_way(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the byte and with its headers: with people, links and blanks, hidden fields, and without a name."""
    used = count(monkeypatch)
    seller = also(visitor, "li")
    lead = seller.post("api/records/lead", {"company": "Acme"}).json()["id"]
    me = visitor.shop.host.actor("li").id
    paths = [
        f"api/records/{form}/{seller.post(f'api/records/{form}', values).json()['id']}"
        for form, more in (("plain", {}), ("note", {"lead": lead}))
        for values in ({**FULL, **more, "reader": me}, {"title": None})
    ]
    for who in (seller, visitor):
        for path in paths:
            first = whole(who, path)
            assert 200 == first.status_code
            for _ in range(2):
                again = who.get(path)
                assert (first.content, first.headers.items()) == (again.content, again.headers.items())
    assert {"plain", "note"} == set(used) and len(used) == 2 * 2 * len(paths)
    assert "inner" not in seller.get(paths[0]).json() and "inner" in visitor.get(paths[0]).json()


def test_rows_and_records_that_are_not_there_are_refused_as_before(visitor: Visitor) -> None:
    """Whoever may not read a record is told what everybody is told of one that is not there."""
    seller, other = also(visitor, "li"), also(visitor, "zhao")
    mine = seller.post("api/records/plain", {"title": "mine"}).json()["id"]
    theirs = other.post("api/records/plain", {"title": "theirs"}).json()["id"]
    for who, own, of_others in ((seller, mine, theirs), (other, theirs, mine)):
        assert [200, 200, 404, 404] == [
            who.get(f"api/records/plain/{id}").status_code for id in (own, own, of_others, 9_999)
        ]
    assert 204 == visitor.delete(f"api/records/plain/{mine}").status_code
    assert 404 == seller.get(f"api/records/plain/{mine}").status_code


def test_nothing_outlives_its_reason(visitor: Visitor) -> None:
    """A session that ended, a role that was taken and a person who left are refused by the next answer; whoever is not
    signed in never gets one; a key is asked for its scopes each time."""
    shop, seller = visitor.shop, also(visitor, "li")
    path = f"api/records/plain/{seller.post('api/records/plain', {'title': 'mine'}).json()['id']}"
    key = Visitor(shop, app=visitor.app)
    key.headers["authorization"] = f"Bearer {shop.key('head', 'form:lead:read')}"
    stranger = Visitor(shop, app=visitor.app)
    assert [200, 200, 200, 200] == [who.get(path).status_code for who in (seller, seller, visitor, visitor)]
    assert [401, 403] == [stranger.get(path).status_code, key.get(path).status_code]
    assert 304 == seller.get(path, headers={"if-none-match": '"1"'}).status_code
    shop.ask("root", "identity.save_person", login="li", name="Li", roles=[], department="trade")
    assert 403 == seller.get(path).status_code
    shop.ask("root", "identity.save_person", login="li", name="Li", roles=["sales"], department="trade")
    assert [200, 200] == [seller.get(path).status_code for _ in range(2)]
    assert 204 == seller.delete("api/session").status_code
    assert 401 == seller.get(path).status_code


def test_another_version_answers_by_itself(visitor: Visitor) -> None:
    """A field that is kept from somebody by the next version is in none of its answers."""
    host, seller = visitor.shop.host, also(visitor, "li")
    path = f"api/records/plain/{seller.post('api/records/plain', FULL).json()['id']}"
    assert ["12.50", "12.50"] == [seller.get(path).json()["cost"] for _ in range(2)]
    tighter = [{**PLAIN["permissions"][0], "hide": ["inner", "cost"]}, PLAIN["permissions"][1]]
    root = visitor.shop.host.actor("root")
    changed: dict[str, Any] = {"documents": {"forms/plain.json": {**PLAIN, "permissions": tighter}}}
    host.ask(root, "app.publish", **changed, plan=host.ask(root, "app.plan", **changed)["plan"])
    assert [False, False] == ["cost" in seller.get(path).json() for _ in range(2)]
    assert ["12.50", "12.50"] == [visitor.get(path).json()["cost"] for _ in range(2)]
