"""The client against a real server: records, refusals, and what is sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lowcode.client import Client, Refused, Unreachable
from lowcode.web.wsgi import wsgi_app
from tests.api.app import Shop
from tests.client.conftest import Serve


@pytest.fixture
def shop(open_shop: Callable[..., Shop], database_url: str) -> Shop:
    return open_shop(database=database_url)


@pytest.mark.requirement("A1", "A20")
def test_records_from_another_program(shop: Shop, served: Serve) -> None:
    """Made, read, changed, listed page by page, added up, found by a key of one's own, deleted."""
    with served(shop) as url, Client(url, shop.key("head")) as client:
        leads, contracts = client.form("lead"), client.form("contract")
        made = leads.create({"company": "百川", "budget": "10.50", "grade": "A"})
        assert ("百川", "10.50") == (made["company"], made["budget"])
        changed = leads.update(made["id"], {"grade": "B"}, version=made["version"])
        with pytest.raises(Refused) as refused:
            leads.update(made["id"], {"grade": "C"}, version=made["version"])
        assert (412, changed["version"]) == (refused.value.status, refused.value.body["current"]["version"])
        done = leads.bulk([{"do": "create", "values": {"company": f"Firm {n}", "budget": n}} for n in range(250)])
        assert 250 == sum(each.done == "created" for each in done)
        assert 251 == len({each["id"] for each in leads.each(sort="company")})
        page = leads.list(where='grade = "B"', count=True, sum=["budget"], fields=["company"])
        assert (["百川"], 1, {"budget": "10.50"}) == ([each["company"] for each in page.items], page.count, page.sums)
        grades = leads.aggregate(["grade"], sum=["budget"])
        assert [(None, 250), ("B", 1)] == [(each["values"]["grade"], each["count"]) for each in grades]
        first = contracts.upsert("number", "C/1 ü", {"lead": made["id"]})
        assert first["id"] == contracts.upsert("number", "C/1 ü", {"total": "5"})["id"]
        assert ["updated", "created"] == [each["event"] for each in contracts.history(first["id"])]
        leads.delete(made["id"])
        with pytest.raises(Refused, match="not-found"):
            leads.get(made["id"])
        assert {"lead", "contract"} <= {each["form"] for each in client.ask("api.forms")["items"]}
        file = client.upload("名片.txt", "你好".encode(), "text/plain")
        assert "你好" == client.download(file["id"]).decode()


def test_what_is_refused_is_told_whole(shop: Shop, served: Serve) -> None:
    """Every problem with its place and code, in the language of the person; a wrong key says so."""
    with served(shop) as url:
        with Client(url, shop.key("zhao")) as client, pytest.raises(Refused) as refused:
            client.form("lead").create({"company": "A", "grade": "Z", "budget": "many", "naem": 1})
        assert 422 == refused.value.status
        assert {"/grade", "/budget", "/naem"} == {each.pointer for each in refused.value.problems}
        assert any("\u4e00" <= sign <= "\u9fff" for sign in str(refused.value))
        with Client(url, "lc_wrong") as client, pytest.raises(Refused) as unknown:
            client.form("lead").list()
        assert (401, "api.bad-key") == (unknown.value.status, unknown.value.code)


def test_what_is_put_off_is_sent_again_and_done_once(shop: Shop, served: Serve) -> None:
    """A server that is busy, and a proxy that loses the answer after the work was done: one record."""
    seen: list[str] = []
    waits: list[float] = []
    shop_app = wsgi_app(shop.host)

    def before(environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] != "POST":
            return None
        seen.append(environ["HTTP_IDEMPOTENCY_KEY"])
        if len(seen) == 1:
            start("503 Service Unavailable", [("Retry-After", "2")])
            return [b""]
        if len(seen) == 2:  # done, and the answer is lost
            list(shop_app(environ, lambda *_: None))
            start("502 Bad Gateway", [])
            return [b""]
        return None

    with served(shop, before) as url, Client(url, shop.key("head"), wait=waits.append) as client:
        made = client.form("lead").create({"company": "Once"})
        assert 3 == len(seen) and 1 == len(set(seen)) and [2.0, 1.0] == waits
        assert [made["id"]] == [each["id"] for each in client.form("lead").each()]


def test_nobody_there(open_shop: Callable[..., Shop]) -> None:
    """A port where nothing listens is tried a few times and then told."""
    waits: list[float] = []
    with Client("http://127.0.0.1:9", "lc_x", wait=waits.append) as client, pytest.raises(Unreachable):
        client.form("lead").list()
    assert [0.5, 1.0, 2.0] == waits
