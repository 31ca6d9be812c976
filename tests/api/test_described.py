"""What the description says is so: a tool that knows only it asks every address, with values that fit and that do not.

Schemathesis checks status, media type and schema of every answer, that nothing fails inside, that what does not fit is
refused, and that no credentials are no way in. One of its checks is left out: that whatever fits the schema is taken.
A schema cannot say that a linked record exists, that a text is an expression, or where a state may go.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS

from lowcode.web.wsgi import wsgi_app
from tests.api.app import PUBLIC, WEBSITE, Shop

EXAMPLES = int(os.environ.get("LOWCODE_EXAMPLES", "3"))
"""Of each of some two hundred calls."""
LEFT_OUT = "positive_data_acceptance"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    made = Shop(WEBSITE, PUBLIC)
    yield made
    made.host.close()


@pytest.mark.requirement("A2", "A1")
@pytest.mark.parametrize("part", ["/api/records/", "/api/intake/", "/api/operations/"])
def test_every_call_is_as_described(shop: Shop, part: str) -> None:
    """Whatever is sent, the answer is one that the description foretells."""
    signed = {"Authorization": f"Bearer {shop.key('head', rate=100_000)}"}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", wsgi_app(shop.host), headers=signed)
    left_out = CHECKS.get_one(LEFT_OUT)
    found: Any = schema.get_all_operations()
    calls = [each.ok() for each in found]
    asked = 0
    for call in calls:
        if call.path.startswith(part):

            @given(case=call.as_strategy())
            @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
            def hold(case: Any) -> None:
                case.call_and_validate(headers=signed, excluded_checks=[left_out])

            hold()
            asked += 1
    assert asked
