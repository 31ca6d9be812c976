"""Keeping the directory by a page: what is listed, who may ask, and whom one cannot lock out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.identity import APP

DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "kept", "title": "Kept", "roles": [{"name": "sales"}]},
    "forms/note.json": {
        "name": "note", "label": "name", "fields": [{"name": "name", "type": "text"}],
        "permissions": [{"role": "sales", "can": ["read"]}],
    },
}  # fmt: skip


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    made = Host(DOCUMENTS, database_url)
    made.publish()
    made.ask(APP, "identity.save_department", name="east", title="East")
    made.ask(APP, "identity.save_department", name="east_1", title="East 1", parent="east", head=None)
    for login, roles in (("root", ("administrator",)), ("li", ("sales",)), ("wu", ("sales",))):
        made.ask(APP, "identity.save_person", login=login, name=login.title(), department="east_1", roles=roles)
    made.ask(APP, "identity.save_person", login="wu", active=False, manager="li")
    yield made
    made.close()


def test_the_directory_is_read_as_it_is_kept(host: Host) -> None:
    """By pages, found by name, those who left only when asked for; departments by what they are saved under."""
    root = host.actor("root")
    first = host.ask(root, "identity.directory", limit=1)
    assert ["root"] == [each["login"] for each in first["items"]]
    rest = host.ask(root, "identity.directory", after=first["next"], inactive=True)
    found = [
        (each["login"], each["active"], each["department"], each["manager"], each["roles"]) for each in rest["items"]
    ]
    assert [("li", True, "east_1", None, ["sales"]), ("wu", False, "east_1", "li", ["sales"])] == found
    assert rest["next"] is None
    assert [] == host.ask(root, "identity.directory", search="wu")["items"]
    assert [("east", None), ("east_1", "east")] == [(each["name"], each["parent"]) for each in rest["departments"]]
    with pytest.raises(Forbidden):
        host.ask(host.actor("li"), "identity.directory")


def test_nobody_is_locked_out_or_written_over(host: Host) -> None:
    """The last administrator stays one until there is another; who is new does not take somebody's login."""
    root = host.actor("root")
    for change in ({"active": False}, {"roles": ("sales",)}):
        with pytest.raises(Rejected, match="last-administrator"):
            host.ask(root, "identity.save_person", login="root", **change)
    with pytest.raises(Rejected, match="login-taken"):
        host.ask(root, "identity.save_person", login="li", name="Other", new=True)
    assert "Li" == host.directory().by_login["li"].name
    host.ask(root, "identity.save_person", login="li", roles=("sales", "administrator"))
    host.ask(root, "identity.save_person", login="root", roles=())
    assert not host.actor("root").is_administrator
