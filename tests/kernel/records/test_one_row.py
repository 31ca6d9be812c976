"""What a list finds is what can be read one by one, whichever way the rights are put."""

from __future__ import annotations

from lowcode.kernel.diagnostics import NotFound
from tests.api.app import open_shop
from tests.web.calls import Open

__all__ = ["open_shop"]

WHERES = (
    "owner in TEAM()",
    "not (owner in TEAM())",
    "helper in TEAM()",
    "not (helper in TEAM())",
    'helper in TEAM() or title = "b"',
    'not (helper in TEAM() and title = "b")',
    "(owner in TEAM() and helper is blank) or not (helper in TEAM())",
)


def test_one_by_one_and_in_a_list_the_same_is_found(open_shop: Open, database_url: str) -> None:
    """A statement about one row looks through a list of people where one about many makes a table of it; blanks are in
    no list, and `not` sees them alike."""
    names = {f"thing{number}": where for number, where in enumerate(WHERES)}
    forms = {
        f"forms/{name}.json": {
            "name": name,
            "fields": [
                {"name": "title", "type": "text"},
                {"name": "helper", "type": "member"},
            ],
            "permissions": [
                {"role": "sales", "can": ["read"], "where": where},
                {"role": "supervisor", "can": ["create", "read", "edit"]},
            ],
        }
        for name, where in names.items()
    }
    shop = open_shop(database=database_url, more=forms)
    people = (*(shop.host.actor(login).id for login in ("li", "zhao")), None)
    rows = [
        {"title": title, "helper": helper, "owner": owner}
        for title in ("b", None)
        for helper in people
        for owner in people
    ]

    def found(name: str, identity: int) -> bool:
        try:
            return bool(shop.ask("li", "records.get", type=name, id=identity)["id"] == identity)
        except NotFound:
            return False

    for name, where in names.items():
        ids = [shop.ask("head", "records.create", type=name, values=row)["id"] for row in rows]
        listed = {each["id"] for each in shop.ask("li", "records.list", type=name)["items"]}
        assert listed == {each for each in ids if found(name, each)}, where
        assert 0 < len(listed) < len(ids), where
