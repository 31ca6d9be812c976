"""Ways to sign in, directories and organisations, tried before anybody relies on them: what comes back is shown to the
administrator who tries, nobody is signed in, and nothing of it stays."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.api.app import Shop
from tests.api.test_organisation import Firm, firm
from tests.security.test_ldap import open_firm, there
from tests.security.test_openid import chosen, open_company, open_shop, parameters, provider, who
from tests.support.ldap import Directory
from tests.web.calls import Visitor

__all__ = ["firm", "open_company", "open_firm", "open_shop", "provider", "there"]

ROLES = {"claim": "groups", "values": {"leading": ["supervisor"], "selling": ["sales"]}}


def administrator(shop: Shop) -> Visitor:
    """Somebody who is signed in here and tries."""
    return Visitor(shop).sign_in("root")


def tried(shop: Shop, visitor: Visitor, person: str) -> dict[str, Any]:
    """All the way round as a trial, and what came back."""
    begun = visitor.get("api/sign-in/company", params={"trial": "1"})
    assert 303 == begun.status_code
    ended = visitor.get(chosen(begun.headers["location"], person))
    place, token = ended.headers["location"].rsplit("/", 1)
    assert (ended.status_code, place) == (303, "../../../#/connections/tried")
    found: dict[str, Any] = shop.ask("root", "api.tried_sign_in", token=token)
    with pytest.raises(NotFound):
        shop.ask("root", "api.tried_sign_in", token=f"{token}x")
    with pytest.raises(Forbidden):
        shop.ask("head", "api.tried_sign_in", token=token)
    return found


@pytest.mark.requirement("A11", "A8")
def test_a_way_is_tried_in_a_window_of_its_own(open_company: Callable[..., Shop], database_url: str) -> None:
    """Who is known is named with what the provider says of them; who would be made is not, and whoever is refused is
    told why. The administrator stays who they are, and others cannot begin a trial."""
    shop = open_company(people={"create": {"roles": ["sales"]}, "roles": ROLES}, database=database_url)
    visitor = administrator(shop)
    known = tried(shop, visitor, "s-li")
    assert (known["meant"]["user"]["login"], known["meant"]["new"], known["meant"]["refused"]) == ("li", False, None)
    assert known["person"]["account"].endswith(" s-li") and known["person"]["verified"] == ["email"]
    assert known["person"]["values"]["groups"] == "selling"
    new = tried(shop, visitor, "s-new")
    assert (new["meant"]["new"], new["meant"]["roles"]) == (True, ["supervisor"])
    assert tried(shop, visitor, "s-root")["meant"]["refused"] == "taken"
    assert "root" == who(visitor)
    assert {"wang@example.com", "s-new"}.isdisjoint(each.login for each in shop.host.directory().users.values())
    assert shop.ask("root", "identity.directory")["items"]
    assert 403 == Visitor(shop).get("api/sign-in/company", params={"trial": "1"}).status_code
    assert 403 == Visitor(shop).sign_in("li").get("api/sign-in/company", params={"trial": "1"}).status_code


@pytest.mark.requirement("A11", "A8")
def test_a_trial_is_no_sign_in(open_company: Callable[..., Shop]) -> None:
    """What is kept of a trial begins nothing: its word is no state, and a way that is set up wrongly is told so."""
    shop = open_company()
    visitor = administrator(shop)
    begun = visitor.get("api/sign-in/company", params={"trial": "1"})
    ended = visitor.get(chosen(begun.headers["location"], "s-li"))
    token = ended.headers["location"].rsplit("/", 1)[1]
    again = visitor.get("api/sign-in/company/done", params={"state": token, "code": "x"})
    assert "../../../#/sign-in/expired" == again.headers["location"]
    state = parameters(begun.headers["location"])["state"]
    late = visitor.get("api/sign-in/company/done", params={"state": state, "code": "x"})
    assert "../../../#/sign-in/expired" == late.headers["location"]
    assert "root" == who(visitor)
    wrong = open_company(secret={"secret": "WRONG_SECRET"})
    found = tried(wrong, administrator(wrong), "s-li")
    assert (found["person"], found["meant"]["refused"]) == (None, "setup")
    assert "no token was given: invalid_client" == found["meant"]["detail"]


@pytest.mark.requirement("A11")
def test_somebody_is_looked_up_in_a_directory(open_firm: Callable[..., Shop], there: Directory) -> None:
    """By the reader alone, in the directory as it would be: who they would be, with roles by their groups; nobody for
    an unknown login or one that counts no more; and why it cannot be read. Nobody is linked by it."""
    roles = {"claim": "groups", "values": {"leads": ["supervisor"]}}
    shop = open_firm(people={"roles": roles, "create": {"roles": []}})
    document = copy.deepcopy(next(each.data for each in shop.host.app.documents.of("api") if each.name == "firm"))
    found = shop.ask("root", "api.try_ldap", document=document, login="li.na")
    assert (found["meant"]["user"]["login"], found["meant"]["new"], found["person"]["account"]) == (
        "li", False, "uuid-li",
    )  # fmt: skip
    new = shop.ask("root", "api.try_ldap", document=document, login="wang")
    assert (new["meant"]["new"], new["meant"]["roles"], new["person"]["name"]) == (True, ["supervisor"], "Wang Wu")
    for login in ("gone", "nobody", "*"):
        found = shop.ask("root", "api.try_ldap", document=document, login=login)
        assert (found["done"], found["person"]) == (True, None), login
    assert "wang" not in {each.login for each in shop.host.directory().users.values()}
    wrong = shop.ask("root", "api.try_ldap", document={**document, "password": {"secret": "WRONG"}}, login="wang")
    assert not wrong["done"] and "would send the secret" in wrong["error"]
    alone = {**document, "people": {"find": "nothing"}}
    refused = shop.chinese("root", "api.try_ldap", document=alone, login="wang")["meant"]
    assert ("unknown", "通讯录中没有与账号“uuid-wang”对应的人员") == (refused["refused"], refused["detail"])
    other = {**document, "url": "ldaps://elsewhere.example.com"}
    found = shop.ask("root", "api.try_ldap", document=other, login="wang")
    assert not found["done"] and "LOWCODE_BOUND_" in found["error"]
    with pytest.raises(Forbidden):
        shop.ask("head", "api.try_ldap", document=document, login="wang")


@pytest.mark.requirement("A12", "A13")
def test_an_organisation_is_previewed_as_it_would_be(firm: Callable[..., Firm]) -> None:
    """By other settings than the published ones: nobody is made, or the departments stay; nothing changes."""
    found = firm("wecom")
    document = copy.deepcopy(next(each.data for each in found.shop.host.app.documents.of("api") if each.name == "firm"))
    before = found.people()
    asked = {"people": {}, "departments": False}
    seen = found.shop.ask("root", "api.try_organisation", document={**document, **asked})
    assert seen["departments"] == [] and {each["reason"] for each in seen["conflicts"]} == {"nobody"}
    published = found.shop.ask("root", "api.try_organisation", document=document)
    assert published == found.plan() and published["counts"]["person_comes"] > 0
    fresh = found.shop.ask("root", "api.try_organisation", document={**document, "name": "another"})
    assert fresh["counts"] == published["counts"]
    assert found.people() == before
    with pytest.raises(Rejected):
        found.shop.ask("root", "api.try_organisation", document={**document, "connector": "chatt"})
    ways = {each["name"]: each["type"] for each in found.shop.ask("root", "api.connections")["ways"]}
    assert ways == {"firm": "organisation"}
