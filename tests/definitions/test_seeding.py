"""Wrong first data: every row that cannot be written is told with its file and line, all of them at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError
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
