"""Who asks: by password, by key, in a demonstration; and who does not."""

from __future__ import annotations

import pytest

from tests.web.calls import Open, Visitor, problem


@pytest.fixture
def visitor(open_shop: Open) -> Visitor:
    return Visitor(open_shop())


def test_signing_in_and_out(visitor: Visitor) -> None:
    """A session lasts until it is ended; its cookie is out of reach of scripts."""
    unknown = visitor.get("api/session")
    assert (401, "http.sign-in") == problem(unknown)[:2]
    assert ("small", False) == (unknown.json()["app"]["name"], unknown.json()["demo"])
    answer = visitor.post("api/session", {"login": "li", "password": "li-password"})
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=Lax" in answer.headers["set-cookie"]
    assert "no-store" == answer.headers["cache-control"]
    visitor.headers["x-csrf-token"] = answer.json()["token"]
    assert "li" == visitor.get("api/session").json()["actor"]["login"]
    stolen = dict(visitor.cookies)
    assert 204 == visitor.delete("api/session").status_code
    visitor.cookies = stolen
    assert 401 == visitor.get("api/session").status_code


@pytest.mark.parametrize(
    "sent", [{"login": "li", "password": "x"}, {"login": "nobody", "password": "x"}, {"login": "li"}, {}, {"login": 7}]
)
def test_wrong_passwords(visitor: Visitor, sent: dict[str, object]) -> None:
    """One answer for a wrong name and a wrong password; no one-click sign-in outside a demonstration."""
    assert (401, "identity.wrong-password", [("/password", "identity.wrong-password")]) == problem(
        visitor.post("api/session", sent)
    )


def test_writes_carry_the_secret_of_the_page(visitor: Visitor) -> None:
    """A page of another origin has the cookie sent along, and not the secret."""
    visitor.sign_in("li")
    del visitor.headers["x-csrf-token"]
    assert (403, "http.csrf") == problem(visitor.post("api/records/lead", {"company": "Acme"}))[:2]
    forged = {"x-csrf-token": "x" * 32}
    assert (403, "http.csrf") == problem(visitor.post("api/records/lead", {"company": "Acme"}, headers=forged))[:2]
    assert 403 == visitor.patch("api/session", {"locale": "en"}).status_code
    assert 403 == visitor.delete("api/session").status_code
    assert 200 == visitor.get("api/records/lead").status_code


def test_secrets_that_are_no_text(visitor: Visitor) -> None:
    """A header beyond ASCII is a refusal and no fault."""
    visitor.sign_in("li")
    strange = {"x-csrf-token": "é".encode("latin-1")}
    assert 403 == visitor.post("api/records/lead", {"company": "A"}, headers=strange).status_code


def test_keys(visitor: Visitor) -> None:
    """A key in place of a session: no cookie, no secret of a page; a wrong one is 401 and never an empty list."""
    key = visitor.shop.key("li", "form:lead")
    visitor.headers["authorization"] = f"Bearer {key}"
    assert 201 == visitor.post("api/records/lead", {"company": "Acme"}).status_code
    assert 1 == len(visitor.get("api/records/lead").json()["items"])
    assert 200 == visitor.get("api/records/lead/1").status_code
    assert 403 == visitor.get("api/records/contract").status_code
    assert 403 == visitor.post("api/operations/api.list_keys", {}).status_code
    [row] = visitor.shop.ask("li", "api.list_keys")["items"]
    assert row["last_used_at"] is not None
    for wrong in (f"{key}x", "lc_x", "something"):
        visitor.headers["authorization"] = f"Bearer {wrong}"
        answer = visitor.get("api/records/lead")
        assert 401 == answer.status_code
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_too_often(visitor: Visitor) -> None:
    """A key that asks too often is told how long to wait."""
    visitor.headers["authorization"] = f"Bearer {visitor.shop.key('li', '*', rate=1)}"
    assert 200 == visitor.get("api/records/lead").status_code
    answer = visitor.get("api/records/lead")
    assert (429, "api.too-many") == problem(answer)[:2]
    assert 60 <= int(answer.headers["retry-after"]) <= 61


def test_demonstration(open_shop: Open) -> None:
    """One click signs in, in a demonstration only."""
    shop = open_shop()
    assert 404 == Visitor(shop).get("api/session/people").status_code
    visitor = Visitor(shop, demo=True)
    people = visitor.get("api/session/people").json()["items"]
    assert ["head", "li", "zhao", "root"] == [each["login"] for each in people]
    assert 200 == visitor.post("api/session", {"login": "li"}).status_code
    assert 401 == visitor.post("api/session", {"login": "nobody"}).status_code


def test_language(visitor: Visitor) -> None:
    """Refusals come in the language of the reader, and of the person once signed in."""
    words = visitor.get("api/session", headers={"accept-language": "zh-CN,zh;q=0.9"}).json()["detail"]
    assert "请先登录" == words
    assert "sign in first" == visitor.get("api/session").json()["detail"]
    visitor.sign_in("zhao")
    assert "zh-CN" == visitor.get("api/session", headers={"accept-language": "en"}).json()["locale"]
