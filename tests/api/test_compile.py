"""What is wrong in a document is said with its place, cause and cure."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.api import compile_personal, ldap
from lowcode.api.sign_in import id_tokens, saml_responses
from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError
from tests.api.app import PUBLIC, SIGNED, WEBSITE, documents

INBOX: dict[str, Any] = {
    "name": "inbox",
    "type": "mailbox",
    "people": [{"form": "lead", "by": "email", "sets": {"lead": "id"}}],
    "form": "contract",
    "values": {"number": "mail.subject"},
}
CALENDAR: dict[str, Any] = {
    "name": "days", "type": "calendar", "form": "lead", "starts": "since", "summary": "{{ company }}",
}  # fmt: skip
CARD: dict[str, Any] = {"name": "card", "type": "card", "form": "lead", "display_name": "{{ company }}"}
OPENID: dict[str, Any] = {
    "name": "company",
    "type": "oidc",
    "issuer": "https://login.example.com",
    "client": "crm",
    "people": {"create": {"roles": ["sales"]}},
}
SAML: dict[str, Any] = {"name": "group", "type": "saml", "metadata": "https://login.example.com/metadata"}
CASES: list[tuple[dict[str, Any], str, str]] = [
    ({**WEBSITE, "type": "intak"}, "api.unknown-type", "/type"),
    ({**WEBSITE, "form": "leed"}, "names.unknown", "/form"),
    ({**WEBSITE, "values": {"companny": "payload.company"}}, "api.unknown-field", "/values/companny"),
    ({**WEBSITE, "values": {"double": "payload.budget"}}, "api.computed-field", "/values/double"),
    ({**WEBSITE, "values": {"company": "payload.compny"}}, "expressions.unknown-name", "/values/company"),
    (
        {**WEBSITE, "values": {"company": "payload.budget + payload.company"}},
        "expressions.expected-number",
        "/values/company",
    ),
    ({**WEBSITE, "payload": {"type": "objekt"}}, "api.bad-schema", "/payload/type"),
    ({**WEBSITE, "payload": {"type": "array"}}, "api.not-an-object", "/payload"),
    (
        {**WEBSITE, "payload": {"properties": {"company": {"$ref": "http://169.254.169.254/schema.json"}}}},
        "api.bad-schema",
        "/payload",
    ),
    (
        {**WEBSITE, "payload": {"properties": {"company": {"type": "string", "pattern": "^(a+)+$"}}}},
        "api.bad-schema",
        "/payload",
    ),
    (
        {**WEBSITE, "payload": {"properties": {"company": {"type": "string", "pattern": "("}}}},
        "api.bad-schema",
        "/payload/properties/company/pattern",
    ),
    (
        {**WEBSITE, "payload": {"properties": {"company": {"patternProperties": {"(x|x)*y": {}}}}}},
        "api.bad-schema",
        "/payload",
    ),
    ({**WEBSITE, "duplicates": "link", "link": "company"}, "api.link-field", "/link"),
    ({**WEBSITE, "find": {"company": "number"}}, "api.found-link", "/find/company"),
    (
        {
            **WEBSITE,
            "values": {"company": "payload.company", "earlier": "payload.company"},
            "find": {"earlier": "phone"},
        },
        "api.found-by",
        "/find/earlier",
    ),
    (
        {**WEBSITE, "adopt": [{"form": "contract", "link": "total", "by": "number", "value": "payload.company"}]},
        "api.unknown-field",
        "/adopt/0/link",
    ),
    (
        {**WEBSITE, "adopt": [{"form": "contract", "link": "lead", "by": "total", "value": "payload.company"}]},
        "api.unknown-field",
        "/adopt/0/by",
    ),
    ({**INBOX, "files": "number"}, "api.no-files-field", "/files"),
    ({**INBOX, "people": [{"form": "lead", "by": "emial"}]}, "api.unknown-field", "/people/0/by"),
    (
        {**INBOX, "people": [{"form": "lead", "by": "email", "sets": {"laed": "id"}}]},
        "api.unknown-field",
        "/people/0/sets/laed",
    ),
    ({**INBOX, "values": {"number": "mail.words"}}, "expressions.unknown-name", "/values/number"),
    ({**CALENDAR, "starts": "company"}, "api.field-of-kind", "/starts"),
    ({**CALENDAR, "ends": "number"}, "api.field-of-kind", "/ends"),
    ({**CALENDAR, "where": "owner"}, "expressions.unexpected-type", "/where"),
    ({**CALENDAR, "summary": "{{ compny }}"}, "expressions.unknown-field", "/summary"),
    ({**CARD, "phones": ["phone", "budget"]}, "api.field-of-kind", "/phones/1"),
    ({**CARD, "birthday": "phone"}, "api.field-of-kind", "/birthday"),
    ({**SIGNED, "url": "erp.example.com"}, "api.not-an-address", "/url"),
    ({"name": "push", "type": "connector", "url": "https://erp.example.com/"}, "api.name-of-a-channel", "/name"),
    ({**SIGNED, "body": {"a": "numbr"}}, "expressions.unknown-field", "/body/a"),
    ({**SIGNED, "on": {**SIGNED["on"], "when": "total"}}, "expressions.unexpected-type", "/on/when"),  # type: ignore[dict-item]
    (
        {**SIGNED, "on": {"form": "contract", "event": "updated", "fields": ["stge"]}},
        "api.unknown-field",
        "/on/fields/0",
    ),
    ({**OPENID, "people": {"create": {"roles": ["sale"]}}}, "names.unknown", "/people/create/roles/0"),
    (
        {**OPENID, "people": {"roles": {"claim": "groups", "values": {"a/b": ["sale"]}}}},
        "names.unknown",
        "/people/roles/values/a~1b/0",
    ),
]


@pytest.mark.parametrize(("document", "code", "pointer"), CASES)
def test_findings(document: dict[str, Any], code: str, pointer: str) -> None:
    """Each mistake has its code and stands at its place."""
    with pytest.raises(DefinitionError) as refused:
        host = Host(documents(document))
        try:
            host.compile(host.documents)
        finally:
            host.close()
    found = {(each.code, each.place.pointer) for each in refused.value.report.errors}
    assert (code, pointer) in found


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({**WEBSITE, "authentication": {}}, "write one of"),
        ({**WEBSITE, "authentication": {"key": True, "origins": ["x"]}}, "belong to a public intake"),
        ({**PUBLIC, "authentication": {"public": True, "orgins": []}}, "origins"),
        ({**SIGNED, "on": {"form": "contract", "event": "becomes"}}, "needs a condition"),
        ({**SIGNED, "secret": {"secret": "lower"}}, "secret"),
        ({**SIGNED, "timeout": 600}, "60"),
        ({**OPENID, "issuer": "http://login.example.com"}, "https"),
        ({**OPENID, "people": {"find": "phone", "domains": ["example.com"]}}, "belong to"),
    ],
)
def test_shapes(document: dict[str, Any], words: str) -> None:
    """What may not be written is refused by the shape of the document."""
    with pytest.raises(DefinitionError, match=words):
        host = Host(documents(document))
        try:
            host.compile(host.documents)
        finally:
            host.close()


def test_a_form_without_a_rule_is_a_warning() -> None:
    """An intake that never finds anything twice is most likely not meant."""
    form = {"name": "note", "title": "Note", "fields": [{"name": "text", "type": "text"}], "permissions": []}
    intake = {**WEBSITE, "form": "note", "values": {"text": "payload.company"}}
    host = Host(documents(intake, **{"forms/note.json": form}))
    assert "api.no-duplicate-rule" in [each.code for each in host.app.report if each.severity == "warning"]
    host.close()


def test_a_calendar_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding names what to install."""
    monkeypatch.setattr(compile_personal, "find_spec", lambda name: None)
    host = Host(documents(CALENDAR))
    try:
        with pytest.raises(DefinitionError) as refused:
            host.compile(host.documents)
    finally:
        host.close()
    assert [("api.no-calendar-library", 'pip install "lowcode[calendar]"')] == [
        (each.code, each.hint) for each in refused.value.report.errors
    ]


LDAP: dict[str, Any] = {
    "name": "directory", "type": "ldap", "url": "ldaps://ldap.example.com", "base": "dc=example,dc=com",
    "reader": "cn=reader,dc=example,dc=com", "password": {"secret": "READER"},
}  # fmt: skip
DING: dict[str, Any] = {
    "name": "ding", "type": "dingtalk_app", "app_key": "a", "agent": "1", "secret": {"secret": "DING"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"name": "way", "type": "wecom_sign_in", "connector": "ding"}, "api.wrong-connector"),
        ({"name": "staff", "type": "organisation", "connector": "room"}, "api.no-people"),
        ({"name": "staff", "type": "organisation", "connector": "dign"}, "names.unknown"),
    ],
)
def test_what_connectors_serve_for(document: dict[str, Any], code: str) -> None:
    """People sign in by an application of the same service, and an organisation stands behind applications only."""
    room = {"name": "room", "type": "wecom_robot", "url": "https://qyapi.weixin.qq.com/x"}
    with pytest.raises(DefinitionError) as refused:
        host = Host(documents(document, room, DING))
        try:
            host.compile(host.documents)
        finally:
            host.close()
    assert [(code, "/connector")] == [(each.code, each.place.pointer) for each in refused.value.report.errors]


@pytest.mark.parametrize(("document", "extra"), [(OPENID, "oidc"), (SAML, "saml"), (LDAP, "ldap")])
def test_what_a_way_to_sign_in_needs(monkeypatch: pytest.MonkeyPatch, document: dict[str, Any], extra: str) -> None:
    """Without the library that checks signatures or speaks LDAP the document is refused, and the extra named."""
    monkeypatch.setattr(id_tokens, "jwt", None)
    monkeypatch.setattr(ldap, "sansldap", None)
    monkeypatch.setattr(saml_responses, "signxml", None)
    with pytest.raises(DefinitionError, match=rf"pip install 'lowcode\[{extra}\]'") as refused:
        host = Host(documents(document))
        try:
            host.compile(host.documents)
        finally:
            host.close()
    assert [("api.lacks-extra", "/type")] == [(each.code, each.place.pointer) for each in refused.value.report.errors]
