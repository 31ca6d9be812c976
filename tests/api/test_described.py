"""What the description says is so: a tool that knows only it asks every address, with values that fit and that do not.

Schemathesis checks status, media type and schema of every answer, that nothing fails inside, that what does not fit is
refused, and that no credentials are no way in. What fits the schema is taken, or refused for a reason that no schema
can say; its own check of that knows no reasons, and is left out. No text that is sent holds a null character (U+0000).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from lowcode.web.wsgi import wsgi_app
from tests.api.app import PUBLIC, WEBSITE, Shop

EXAMPLES = int(os.environ.get("LOWCODE_EXAMPLES", "3"))
"""Of each of some two hundred calls."""
LEFT_OUT = "positive_data_acceptance"
UNSAYABLE = {
    "records.link-not-found": "a record is there",
    "records.person-left": "a person is still there",
    "records.person-without-role": "a person has a role",
    "records.out-of-range": "what a formula comes to",
    "records.transition-condition": "what a record holds where it goes on",
    "records.transition-role": "from where somebody may go on",
    "records.transition-required": "what a record holds where it goes on",
    "records.not-found": "one of many records is there",
    "records.changed-meanwhile": "one of many records is as it was seen",
    "records.taken": "no other of many records has the value",
    "records.file-gone": "a file is there",
    "records.unknown-field": "a field behind a link is there",
    "forms.unknown-person": "a person is there",
    "reports.no-report": "a report is there",
    "reports.no-mirror": "the app has a mirror",
    "flows.which-instances": "one of three is given",
    "reports.tile-shape": "one of three is given",
    "printing.nothing-to-inspect": "one of two is given",
    "printing.unknown-form": "a form is there",
    "printing.no-template": "a template is there",
    "app.bad-path": "a path begins with a folder of an engine",
    "rules.no-address": "a field of a form is there",
    "records.no-transition": "where a record stands",
    "records.unknown-row": "a row of a record is there",
    "records.unique": "no other record has the value",
    "records.too-many-places": "how many places a binary number has",
    "records.too-small": "what a text comes to",
    "records.too-large": "what a text comes to",
    "identity.no-letters": "the app sends letters",
    "identity.invited-nowhere": "a person has an address",
    "identity.invited-left": "a person may sign in",
    "identity.backwards": "one value lies after another",
    "identity.far-days": "how long ago a day is",
    "identity.too-many-days": "how many days lie between two values",
    "printing.nothing-to-verify": "one of two is given",
    "printing.labels-many": "how many come of records and copies",
    "printing.nothing-to-share": "one of two is given",
    "http.bad-filter": "a text is JSON",
    "api.not-found-by": "a record with the value is there",
    "api.idempotency-differs": "what was asked before",
    "api.too-many": "how often was asked",
    "records.bad-cursor": "a text came from an answer",
}
"""Why what fits a schema may be refused all the same, by the code of the refusal."""
DOCUMENT = ("expressions.", "definitions.")
"""A text is an expression, a document a definition."""
ELSEWHERE = {401, 403, 404, 409, 412, 429}
"""The state of things, whatever was sent."""


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    made = Shop(WEBSITE, PUBLIC)
    yield made
    made.host.close()


def unforetold(path: str, answer: Any, body: Any = None) -> list[Any]:
    """Why something that fits its schema was refused, as far as the schema could have said so. The schema of an intake
    is its author's, and the form behind it may ask for more; what is changed by its value may have to be created, which
    asks for more than a change."""
    if answer.status_code < 400 or answer.status_code in ELSEWHERE:
        return []
    own = ("records.",) if path.startswith("/api/intake/") else ()
    first = ("records.required",) if "/by/" in path else ()
    reasons = (*DOCUMENT, *own, *first)
    many = body["items"] if path.endswith("/bulk") else ()
    firsts = [f"/items/{at}/" for at, each in enumerate(many) if each.get("do") == "upsert"]
    return [
        each
        for each in answer.json()["errors"]
        if each["code"] not in UNSAYABLE
        and not each["code"].startswith(reasons)
        and not (each["code"] == "records.required" and each["pointer"].startswith(tuple(firsts)))
    ]


@pytest.mark.requirement("A2", "A1")
@pytest.mark.parametrize("part", ["/api/records/", "/api/intake/", "/api/operations/"])
def test_every_call_is_as_described(shop: Shop, part: str) -> None:
    """Whatever is sent, the answer is one that the description foretells."""
    signed = {"Authorization": f"Bearer {shop.key('head', rate=100_000)}"}
    config = schemathesis.Config.from_dict({"generation": {"allow-x00": False}})
    app = wsgi_app(shop.host)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app, headers=signed, config=config)
    left_out = CHECKS.get_one(LEFT_OUT)
    found: Any = schema.get_all_operations()
    calls = [each.ok() for each in found]
    asked = 0
    for call in calls:
        if call.path.startswith(part):

            @given(case=call.as_strategy())
            @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
            def hold(case: Any) -> None:
                answer = case.call_and_validate(headers=signed, excluded_checks=[left_out])
                if case.meta.generation.mode is GenerationMode.POSITIVE:
                    assert [] == unforetold(case.path, answer, case.body)

            hold()
            asked += 1
    assert asked


def test_every_operation_says_what_it_answers(shop: Shop) -> None:
    """None answers anything at all, to whoever may ask most."""
    paths = shop.ask("head", "api.openapi")["paths"]
    answers = {
        path: calls["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        for path, calls in paths.items()
        if path.startswith("/api/operations/")
    }
    assert len(answers) > 200
    assert [] == [path for path, schema in answers.items() if not schema.keys() - {"description"}]
