"""The second factor: codes of an authenticator, recovery codes, remembered browsers, and everybody who guesses."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError
from lowcode.kernel.identity import factors, second_factor, totp
from lowcode.kernel.identity.throttle import FREE
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import new_key
from tests.api.app import APPLICATION, Shop, documents, open_shop
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]

RFC_6238 = [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
            (2000000000, "69279037"), (20000000000, "65353130")]  # fmt: skip
KEYS = {"ENCRYPTION_KEYS": new_key()}


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B (SHA-1)."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code == totp.code_at(secret, seconds // totp.PERIOD, 8)
    now = datetime.fromtimestamp(seconds, UTC)
    assert seconds // totp.PERIOD == totp.step_shown(secret, code[2:], now)


@given(st.integers(0, 2**40), st.integers(-5, 5))
def test_codes_near_now_are_taken(seconds: int, away: int) -> None:
    """Of this half minute and its neighbours, and of no other (but for the odd collision)."""
    secret = totp.new_secret()
    now = datetime.fromtimestamp(seconds % 4_000_000_000, UTC)
    step = totp.step_of(now)
    near = {totp.code_at(secret, max(0, step + each)) for each in (-1, 0, 1)}
    code = totp.code_at(secret, max(0, step + away))
    assert (totp.step_shown(secret, code, now) is not None) == (code in near) or step == 0


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000\n1"])
def test_what_is_no_code(code: str) -> None:
    assert totp.step_shown(totp.new_secret(), code, datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.fixture
def open_safe(open_shop: Open) -> Callable[..., Shop]:
    """Shops whose supervisors need a second factor."""

    def make(**options: Any) -> Shop:
        grace = {"grace_days": options.pop("grace_days")} if "grace_days" in options else {}
        policy = {"second_factor": {"roles": ["supervisor"], "remember_days": 30, **grace}}
        more = {"app.json": {**APPLICATION, **policy}}
        return open_shop(secrets=options.pop("secrets", KEYS), more=more, **options)

    return make


def enter(visitor: Visitor, login: str) -> httpx.Response:
    return visitor.post("api/session", {"login": login, "password": f"{login}-password"})


def show(visitor: Visitor, code: str, **more: Any) -> httpx.Response:
    return visitor.post("api/session/code", {"code": code, **more})


def now_code(shop: Shop, secret: str) -> str:
    return totp.code_at(secret, totp.step_of(shop.clock.now()))


def later(shop: Shop, seconds: int = 30) -> None:
    shop.clock.advance(timedelta(seconds=seconds))


def set_up(shop: Shop, login: str = "head") -> tuple[str, list[str]]:
    """Somebody sets a factor up on the way; the secret and the recovery codes."""
    visitor = Visitor(shop)
    secret = str(enter(visitor, login).json()["pending"]["secret"])
    answer = show(visitor, now_code(shop, secret))
    assert 200 == answer.status_code, answer.text
    later(shop)
    return secret, list(answer.json()["recovery"])


@pytest.mark.requirement("A11")
def test_a_role_needs_one(open_safe: Callable[..., Shop], database_url: str) -> None:
    """Who has the role sets one up on the way in, and shows it from then on; others are not asked."""
    shop = open_safe(database=database_url)
    assert 200 == enter(Visitor(shop), "li").status_code
    visitor = Visitor(shop)
    first = enter(visitor, "head")
    assert (401, "identity.second-factor") == problem(first)[:2]
    asked = first.json()["pending"]
    assert ("setup", 30) == (asked["step"], asked["remember_days"])
    assert f"otpauth://totp/Small:head?secret={asked['secret']}&issuer=Small" == asked["address"]
    assert 401 == visitor.get("api/records/lead").status_code
    assert asked == visitor.get("api/session").json()["pending"]
    assert (401, "identity.wrong-code") == problem(show(visitor, "000000"))[:2]
    done = show(visitor, now_code(shop, asked["secret"]))
    assert (200, 10, "head") == (done.status_code, len(done.json()["recovery"]), done.json()["actor"]["login"])
    assert 200 == visitor.get("api/session").status_code
    later(shop)
    again = Visitor(shop)
    assert {"step": "code", "remember_days": 30} == enter(again, "head").json()["pending"]
    assert 200 == show(again, now_code(shop, asked["secret"])).status_code


@pytest.mark.requirement("A11")
def test_it_may_be_put_off_for_a_while(open_safe: Callable[..., Shop], database_url: str) -> None:
    """Counted from when somebody was first asked, and not anew by another sign-in, nor by a reset; who has one shows
    it, and nobody puts off what another browser has begun. Administrators see who still has none."""
    shop = open_safe(database=database_url, grace_days=7)
    listed = shop.ask("root", "identity.factors")
    assert (["supervisor"], 7, 30) == (listed["roles"], listed["grace_days"], listed["remember_days"])
    assert [(None, None)] == [(each["asked"], each["until"]) for each in listed["missing"]]
    visitor, first = Visitor(shop), shop.clock.now()
    asked = enter(visitor, "head").json()["pending"]
    assert ("setup", first + timedelta(days=7)) == (asked["step"], datetime.fromisoformat(asked["until"]))
    assert 401 == show(Visitor(shop), "", later=True).status_code
    assert (200, "head") == ((put := show(visitor, "", later=True)).status_code, put.json()["actor"]["login"])
    assert 401 == show(visitor, "", later=True).status_code  # it has been used
    shop.clock.advance(timedelta(days=6))
    again = Visitor(shop)
    assert asked["until"] == enter(again, "head").json()["pending"]["until"]
    assert [first + timedelta(days=7)] == [each["until"] for each in shop.ask("root", "identity.factors")["missing"]]
    shop.clock.advance(timedelta(days=1))
    late = Visitor(shop)
    assert enter(late, "head").json()["pending"]["until"] is None
    assert (401, "identity.second-factor") == problem(show(late, "", later=True))[:2]
    secret, _ = set_up(shop)
    assert [] == shop.ask("root", "identity.factors")["missing"]
    known = Visitor(shop)
    assert "code" == enter(known, "head").json()["pending"]["step"]
    assert (401, "identity.second-factor") == problem(show(known, "", later=True))[:2]
    shop.ask("root", "identity.reset_factor", login="head")
    anew = Visitor(shop)
    assert ("setup", None) == ((left := enter(anew, "head").json()["pending"])["step"], left["until"])
    assert secret != left["secret"] and 401 == show(anew, "", later=True).status_code


def test_a_code_serves_once(open_safe: Callable[..., Shop]) -> None:
    """Whoever looked over a shoulder gains nothing: neither with the same code nor with an earlier one."""
    shop = open_safe()
    secret, _ = set_up(shop)
    code, early = now_code(shop, secret), totp.code_at(secret, totp.step_of(shop.clock.now()) - 1)
    one, other = Visitor(shop), Visitor(shop)
    for visitor in (one, other):
        enter(visitor, "head")
    assert 200 == show(one, code).status_code
    assert [401, 401] == [show(other, each).status_code for each in (code, early)]
    later(shop)
    assert 200 == show(other, now_code(shop, secret)).status_code


def test_recovery_codes_serve_once(open_safe: Callable[..., Shop]) -> None:
    """In whatever case and grouping; fresh ones end the earlier."""
    shop = open_safe()
    secret, codes = set_up(shop)
    for index, expected in enumerate((200, 401)):
        visitor = Visitor(shop)
        enter(visitor, "head")
        assert expected == show(visitor, codes[0].upper().replace("-", " ")).status_code, index
    assert 200 == show(visitor, codes[1]).status_code
    mine = signed_in(shop, secret)
    assert 8 == mine.post("api/operations/identity.factor", {}).json()["recovery"]
    fresh = mine.post("api/operations/identity.renew_recovery", {"code": codes[2]}).json()["recovery"]
    assert 10 == len(set(fresh))
    visitor = Visitor(shop)
    enter(visitor, "head")
    assert [401, 200] == [show(visitor, code).status_code for code in (codes[3], fresh[0])]


def signed_in(shop: Shop, secret: str, **more: Any) -> Visitor:
    """Somebody signed in with both factors."""
    later(shop)
    visitor = Visitor(shop)
    enter(visitor, "head")
    answer = show(visitor, now_code(shop, secret), **more)
    assert 200 == answer.status_code, answer.text
    visitor.headers["x-csrf-token"] = answer.json()["token"]
    later(shop)
    return visitor


def test_a_browser_is_remembered(open_safe: Callable[..., Shop]) -> None:
    """Where that was wished, for this person only, until its days are over, everything is forgotten or the password
    changes."""
    shop = open_safe()
    secret, _ = set_up(shop)
    visitor = signed_in(shop, secret, remember=True)
    kept = {name: value for name, value in visitor.cookies.items() if name != "lowcode_session"}

    def asked(login: str = "head") -> bool:
        again = Visitor(shop)
        again.cookies.update(kept)
        return enter(again, login).status_code == 401

    assert not asked()
    shop.ask("root", "identity.save_person", login="zhao", roles=["supervisor"])
    assert asked("zhao")
    shop.clock.advance(timedelta(days=31))
    assert asked()
    visitor = signed_in(shop, secret, remember=True)
    kept = {name: value for name, value in visitor.cookies.items() if name != "lowcode_session"}
    assert not asked()
    visitor.post("api/operations/identity.forget_devices", {})
    assert asked()


def test_guessing_is_slow(open_safe: Callable[..., Shop]) -> None:
    """Wrong codes count for the person, whatever address and sign-in they come by; a right password forgets none."""
    shop = open_safe()
    secret, _ = set_up(shop)
    for _ in range(6):
        visitor = Visitor(shop)
        enter(visitor, "head")
        assert 401 == show(visitor, "000000").status_code
    enter(visitor, "head")
    assert (429, "identity.too-many-attempts") == problem(show(visitor, now_code(shop, secret)))[:2]
    later(shop, 60)
    assert 200 == show(visitor, now_code(shop, secret)).status_code


def test_half_a_sign_in_is_none(open_safe: Callable[..., Shop]) -> None:
    """It lasts ten minutes, in one browser, and becomes one session; a made-up one is nothing."""
    shop = open_safe()
    secret, _ = set_up(shop)
    late = Visitor(shop)
    enter(late, "head")
    later(shop, 601)
    assert (401, "identity.sign-in-again") == problem(show(late, now_code(shop, secret)))[:2]
    assert (401, "identity.sign-in-again") == problem(show(Visitor(shop), now_code(shop, secret)))[:2]
    visitor = Visitor(shop)
    enter(visitor, "head")
    cookies = dict(visitor.cookies)
    assert 200 == show(visitor, now_code(shop, secret)).status_code
    later(shop)
    copied = Visitor(shop)
    copied.cookies.update(cookies)
    assert (401, "identity.sign-in-again") == problem(show(copied, now_code(shop, secret)))[:2]


def test_nobody_sets_up_what_another_saw(open_safe: Callable[..., Shop]) -> None:
    """Two browsers that set up at once are offered different secrets; what one confirmed, the other does not undo."""
    shop = open_safe()
    one, other = Visitor(shop), Visitor(shop)
    secrets = [enter(each, "head").json()["pending"]["secret"] for each in (one, other)]
    assert secrets[0] != secrets[1]
    assert 401 == show(other, now_code(shop, secrets[0])).status_code
    assert 200 == show(one, now_code(shop, secrets[0])).status_code
    later(shop)
    assert 401 == show(other, now_code(shop, secrets[1])).status_code


def test_secrets_are_sealed(open_safe: Callable[..., Shop]) -> None:
    """Neither the secret nor a recovery code stands in the database, and a sealed secret opens for its person only;
    without keys nobody who needs a factor comes in."""
    shop = open_safe()
    secret, codes = set_up(shop)
    with shop.host.database.reading() as unit:
        kept = str(
            unit.fetch(sa.select(t.factor)) + unit.fetch(sa.select(t.recovery)) + unit.fetch(sa.select(t.pending))
        )
    assert not [each for each in (secret, *codes, *map(totp.plain, codes)) if each in kept]
    bare = open_safe(secrets={})
    [found] = [each for each in bare.host.app.report if each.code == "app.second-factor-keys"]
    assert ("/second_factor", "'supervisor'" in found.message, "LOWCODE_SECRET_ENCRYPTION_KEYS" in found.hint) == (
        found.place.pointer, True, True,
    )  # fmt: skip
    assert (422, "identity.no-keys") == problem(enter(Visitor(bare), "head"))[:2]
    assert 200 == enter(Visitor(bare), "li").status_code


def test_ones_own(open_safe: Callable[..., Shop]) -> None:
    """Anybody may have one: with the password, and a code of the one there is; who needs one keeps it."""
    shop = open_safe()
    li = Visitor(shop).sign_in("li")

    def ask(operation: str, visitor: Visitor = li, **sent: Any) -> httpx.Response:
        return visitor.post(f"api/operations/identity.{operation}", sent)

    assert {"set_up": False, "required": False, "recovery": 0} == {
        name: ask("factor").json()[name] for name in ("set_up", "required", "recovery")
    }
    assert (422, "identity.nothing-to-confirm") == problem(ask("confirm_factor", code="000000"))[:2]
    assert (422, "identity.wrong-password") == problem(ask("set_up_factor", password="x"))[:2]
    made = ask("set_up_factor", password="li-password").json()
    assert 200 == enter(Visitor(shop), "li").status_code
    assert (422, "identity.wrong-code") == problem(ask("confirm_factor", code="000000"))[:2]
    assert 10 == len(ask("confirm_factor", code=now_code(shop, made["secret"])).json()["recovery"])
    assert "code" == enter(Visitor(shop), "li").json()["pending"]["step"]
    assert (422, "identity.wrong-code") == problem(ask("set_up_factor", password="li-password"))[:2]
    later(shop)
    second = ask("set_up_factor", password="li-password", code=now_code(shop, made["secret"])).json()
    later(shop)
    assert 200 == ask("confirm_factor", code=now_code(shop, second["secret"])).status_code
    later(shop)
    assert (422, "identity.wrong-code") == problem(ask("remove_factor", code=now_code(shop, made["secret"])))[:2]
    assert 200 == ask("remove_factor", code=now_code(shop, second["secret"])).status_code
    assert 200 == enter(Visitor(shop), "li").status_code
    secret, _ = set_up(shop)
    head = signed_in(shop, secret)
    assert (403, "identity.factor-needed") == problem(ask("remove_factor", head, code="000000"))[:2]
    by_key = Visitor(shop)
    by_key.headers["authorization"] = f"Bearer {shop.key('li')}"
    assert (403, "identity.not-by-key") == problem(ask("set_up_factor", by_key, password="li-password"))[:2]


def test_an_administrator_resets(open_safe: Callable[..., Shop]) -> None:
    """Whoever lost everything sets up anew; their sessions end, and it is written down who did it."""
    shop = open_safe()
    secret, codes = set_up(shop)
    mine = signed_in(shop, secret)
    assert (403, "ask.not-allowed") == problem(
        Visitor(shop).sign_in("li").post("api/operations/identity.reset_factor", {"login": "head"})
    )[:2]
    root = shop.host.actor("root")
    assert [shop.host.actor("head").id] == [each["user"] for each in shop.ask("root", "identity.factors")["items"]]
    shop.ask("root", "identity.reset_factor", login="head")
    assert 401 == mine.get("api/session").status_code
    visitor = Visitor(shop)
    assert "setup" == enter(visitor, "head").json()["pending"]["step"]
    assert 401 == show(visitor, codes[4]).status_code
    with shop.host.database.reading() as unit:
        told = unit.fetch(sa.select(t.event).where(t.event.c.name == "identity.factor_reset"))
    assert [(root.id, "head")] == [(each["actor"], each["body"]["login"]) for each in told]


def test_more_people_lack_one_than_are_listed(open_safe: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that ends says of how many it is."""
    shop = open_safe()
    for number in range(3):
        shop.ask("root", "identity.save_person", login=f"more{number}", name=f"More {number}", roles=["supervisor"])
    monkeypatch.setattr(factors, "SHOWN", 2)
    monkeypatch.setattr(factors, "LACKING", factors.LACKING.limit(2))
    found = shop.ask("root", "identity.factors")
    assert (2, 4) == (len(found["missing"]), found["missing_count"])


def test_a_role_that_is_not_there() -> None:
    """A misspelt role would ask nobody: it is refused."""
    app = {**APPLICATION, "second_factor": {"roles": ["supervisr"]}}
    with pytest.raises(DefinitionError, match="supervisor"):
        assert Host(documents(**{"app.json": app})).app is None


@pytest.mark.requirement("A11")
def test_somebody_comes_for_the_first_time_by_two_browsers_at_once(
    open_safe: Callable[..., Shop], database_url: str
) -> None:
    """Both are asked, and since the same moment."""
    shop = open_safe(database=database_url, grace_days=7)
    host, began = shop.host, threading.Event()
    (head,) = (each["user"] for each in shop.ask("root", "identity.factors")["missing"])

    def sign_in(unit: Unit, stay: float) -> dict[str, Any]:
        found = second_factor.enter(host.context(unit, host.app_actor), unit, head)
        began.set()
        time.sleep(stay)
        return found

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(host.write, lambda unit: sign_in(unit, 0.5))
        assert began.wait(20)
        second = pool.submit(host.write, lambda unit: sign_in(unit, 0))
        assert {"pending", "user"} == first.result(20).keys() == second.result(20).keys()
    (missing,) = shop.ask("root", "identity.factors")["missing"]
    assert (head, shop.clock.now()) == (missing["user"], missing["asked"])


@pytest.mark.requirement("A11")
def test_guesses_at_one_moment_count_as_well(open_safe: Callable[..., Shop], database_url: str) -> None:
    """Whoever sends many codes at once has no more of them looked at than whoever sends one after the other."""
    shop = open_safe(database=database_url)
    set_up(shop)
    visitor = Visitor(shop)
    enter(visitor, "head")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: show(visitor, f"{number:06d}").status_code, range(40)))
    assert answers.count(401) <= FREE["login"] + 1, Counter(answers)
    assert set(answers) == {401, 429}
