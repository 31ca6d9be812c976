"""The stream of events tells which version of the app is in use, whichever process published it."""

from __future__ import annotations

import re
from typing import Any

from lowcode.host import Host
from lowcode.web import asgi_app
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor
from tests.web.test_events import listen


def told(said: str) -> list[str]:
    return re.findall(r'event: app\ndata: \{"digest":"(\w+)"\}', said)


def test_a_page_learns_of_another_version(open_shop: Open, tmp_path: Any) -> None:
    """First the one that the page has loaded; another one once it was published, here or by another process, where
    nobody asks for anything meanwhile."""
    database = f"sqlite:///{tmp_path / 'app.sqlite3'}"
    shop = open_shop(database=database)
    app = asgi_app(shop.host)
    visitor = Visitor(shop, app=app).sign_in("li")
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    other = Host(shop.host.documents, database, clock=shop.clock)
    other.publish()

    def publish(host: Host, name: str) -> None:
        root = host.actor("root")
        form = {"name": name, "fields": [{"name": "title", "type": "text"}]}
        changed = {"documents": {f"forms/{name}.json": form}}
        host.ask(root, "app.publish", **changed, plan=host.ask(root, "app.plan", **changed)["plan"])

    versions = [visitor.get("api/app").json()["digest"]]
    for host, name in ((shop.host, "here"), (other, "there")):
        said = run_apart(
            lambda host=host, name=name: listen(  # type: ignore[misc]
                app, cookie, lambda: publish(host, name), 15, until=r"(?s)event: app.*event: app"
            )
        )
        versions.append(visitor.get("api/app").json()["digest"])
        assert versions[-2:] == told(said)
    assert 3 == len(set(versions))
    other.close()
