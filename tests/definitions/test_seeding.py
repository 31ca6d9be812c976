"""Wrong first data: every row that cannot be written is told with its file and line, all of them at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError
from lowcode.kernel.identity import APP
from lowcode.seeding import seed
from tests.definitions.test_wrong import GOOD

CASES: dict[str, tuple[str, Any, tuple[str, str, str]]] = {
    "a file of no form": (
        "seed/10_acount.json",
        [{"company": "Acme"}],
        ("", "seed.unknown-form", "Did you mean 'account'?"),
    ),
    "a key no row has": (
        "seed/20_quote.json",
        [{"account": "@acme"}],
        ("/0/account", "seed.unknown-key", "There is none yet."),
    ),
    "an owner nobody knows": (
        "seed/10_account.json",
        [{"company": "Acme", "owner": "anne"}],
        ("/0/owner", "seed.unknown-person", "Did you mean 'ann'?"),
    ),
    "a row the form refuses": (
        "seed/10_account.json",
        [{"company": "Acme", "grade": "z"}],
        ("/0/grade", "seed.refused", "Correct the row, or what the form asks of it."),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_row_is_explained(case: tuple[str, Any, tuple[str, str, str]]) -> None:
    """A row that cannot be written has a message with its place and a cure."""
    path, rows, expected = case
    with Host({**GOOD, path: json.dumps(rows)}) as host:
        host.publish()
        with pytest.raises(DefinitionError) as refused:
            seed(host)
    found = [
        (each.place.document, each.place.pointer, each.code, each.hint)
        for each in refused.value.report
        if each.place.line
    ]
    assert found == [(path, *expected)]


def test_rows_are_made_by_their_owner_whatever_their_role() -> None:
    """First data tells who did what, and what was long ago is not judged by the roles of today."""
    form = {
        "name": "job",
        "fields": [
            {
                "name": "stage",
                "type": "state",
                "states": [{"name": "new"}, {"name": "done"}],
                "transitions": [{"from": "new", "to": "done", "roles": ["boss"]}],
            }
        ],
        "permissions": [{"role": "boss", "can": ["create", "read", "edit"]}],
    }
    rows = [
        {"owner": "ann", "stage": "done"},
        {"owner": "ann", "@by": "bob", "@stages": [{"state": "new", "at": {"days": -2}}], "stage": "done"},
        {"stage": "new"},
    ]
    people = {"users": [{"login": "ann", "name": "Ann"}, {"login": "bob", "name": "Bob"}]}
    documents = {
        "app.json": {"name": "a", "roles": [{"name": "boss"}]},
        "forms/job.json": form,
        "seed/people.json": people,
        "seed/10_job.json": rows,
    }
    with Host(documents) as host:
        host.publish()
        assert 3 == seed(host, passwords=False)
        names = {user.id: user.login for user in host.directory().users.values()}
        found = host.ask(APP, "records.list", type="job", fields=("created_by", "stage"), sort=("id",))["items"]
    assert [("ann", "done"), ("bob", "done"), (None, "new")] == [
        (names.get(each["created_by"]), each["stage"]) for each in found
    ]
