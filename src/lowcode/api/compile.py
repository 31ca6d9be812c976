"""Documents to a plan: pure; what is wrong goes to the report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from lowcode.api import misfits
from lowcode.api.addresses import is_written
from lowcode.api.compile_found import adopted, names_one
from lowcode.api.compile_mailbox import check_field, mailbox_of
from lowcode.api.compile_personal import calendar_of, card_of
from lowcode.api.compile_sign_in import directory_of, organisation_of, sign_in_of
from lowcode.api.compile_watched import watched_of
from lowcode.api.connectors.kind import (
    BUILT_IN_CHANNELS,
    ConnectorKind,
    SecretReference,
    TargetPart,
    secrets_of,
    understand_of,
)
from lowcode.api.definition import IntakeDocument, MailboxDocument, SignedDocument, WebhookDocument
from lowcode.api.definition_ldap import LdapDocument
from lowcode.api.definition_organisation import OrganisationDocument
from lowcode.api.definition_personal import CalendarDocument, CardDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.endpoints.compile import check_addresses, endpoint_of
from lowcode.api.endpoints.definition import EndpointDocument
from lowcode.api.endpoints.plan import Endpoint
from lowcode.api.plan import (
    ApiPlan,
    CalendarPlan,
    CardPlan,
    Directory,
    Intake,
    Mailbox,
    Secret,
    Signed,
    SignIn,
    Target,
    Watched,
)
from lowcode.api.schemas import endless, outside, properties, variables
from lowcode.api.secret_uses import SecretUse, check_own, use_of
from lowcode.api.sign_in.kind import SignInDocument, SignInKind
from lowcode.kernel.definitions.documents import parse
from lowcode.kernel.definitions.load import Documents, SourceDocument
from lowcode.kernel.diagnostics import Report, Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope

PUBLIC_RATE, SIGNED_RATE, TOTAL_RATE = 10, 600, 3000
"""Requests a minute from one address that an intake takes of anybody, and of who signs: a service sends from few."""


def models(connectors: Registry[ConnectorKind], sign_ins: Registry[SignInKind]) -> Mapping[str, Any]:
    """The model of each `type` of document a host knows."""
    own = {"endpoint": EndpointDocument, "intake": IntakeDocument, "webhook": WebhookDocument,
           "mailbox": MailboxDocument, "calendar": CalendarDocument, "card": CardDocument,
           "organisation": OrganisationDocument, "ldap": LdapDocument}  # fmt: skip
    return {
        **own, **{kind.name: kind.model for kind in connectors}, **{kind.name: kind.model for kind in sign_ins}
    }  # fmt: skip


def type_of(source: SourceDocument) -> str:
    """What a document says it is."""
    return str(source.data.get("type", "")) if isinstance(source.data, Mapping) else ""


def compile_api(
    documents: Documents,
    scope: Scope,
    report: Report,
    connectors: Registry[ConnectorKind],
    sign_ins: Registry[SignInKind],
) -> ApiPlan:
    """Every document of the folder."""
    known = models(connectors, sign_ins)
    intakes: dict[str, Intake] = {}
    targets: dict[str, Target] = {}
    watched: list[Watched] = []
    mailboxes: dict[str, Mailbox] = {}
    calendars: dict[str, CalendarPlan] = {}
    cards: dict[str, CardPlan] = {}
    ways: dict[str, SignIn] = {}
    directories: dict[str, Directory] = {}
    followed: list[tuple[OrganisationDocument, SourceDocument]] = []
    endpoints: list[tuple[Endpoint, SourceDocument]] = []
    enabled: list[tuple[Any, SourceDocument]] = []
    for source in documents.of("api"):
        model = known.get(type_of(source))
        if model is None:
            values = {"seen": type_of(source) or "nothing", "known": list(known)}
            report.add(MESSAGES.diagnostic("unknown-type", source.place("/type"), **values))
            continue
        document = parse(model, source, report)
        if document is None or not document.enabled:
            continue
        enabled.append((document, source))
        if isinstance(document, IntakeDocument):
            intake = _intake(document, source, scope, report)
            if intake is not None:
                intakes[intake.name] = intake
            continue
        if isinstance(document, EndpointDocument):
            endpoint = endpoint_of(document, source, scope, report)
            if endpoint is not None:
                endpoints.append((endpoint, source))
            continue
        if isinstance(document, MailboxDocument):
            mailbox = mailbox_of(document, source, scope, report)
            if mailbox is not None:
                mailboxes[mailbox.name] = mailbox
            continue
        if isinstance(document, CalendarDocument):
            calendar = calendar_of(document, source, scope, report)
            if calendar is not None:
                calendars[calendar.name] = calendar
            continue
        if isinstance(document, CardDocument):
            card = card_of(document, source, scope, report)
            if card is not None:
                cards[card.name] = card
            continue
        if isinstance(document, LdapDocument):
            directories[document.name] = directory_of(document, source, scope, report)
            continue
        if isinstance(document, OrganisationDocument):
            followed.append((document, source))
            continue
        if isinstance(document, SignInDocument):
            ways[document.name] = sign_in_of(document, sign_ins[type_of(source)], source, scope, report)
            continue
        target = _target(document, source, scope, report, connectors.get(type_of(source)))
        if target is not None:
            targets[document.name] = target
        if isinstance(document, WebhookDocument):
            each = watched_of(document, source, scope, report)
            if each is not None:
                watched.append(each)
    check_addresses(endpoints, report)
    addresses = {each.name: each for each, _ in endpoints}
    ways = {name: way for name, way in ways.items() if way.connector is None or way.connector in targets}
    found = [organisation_of(document, source, scope, report, targets, directories) for document, source in followed]
    organisations = {each.name: each for each in found if each is not None}
    uses = _secret_uses(enabled, targets, report)
    return ApiPlan(
        intakes, targets, tuple(watched), mailboxes, ways, calendars, cards, addresses, organisations, directories, uses
    )


def _secret_uses(
    enabled: Iterable[tuple[Any, SourceDocument]], targets: Mapping[str, Target], report: Report
) -> dict[str, SecretUse]:
    """What each document does with the secrets it names."""
    found = {}
    for document, source in enabled:
        understood = targets[source.name].document if source.name in targets else None
        use = use_of(document, source, getattr(understood, "addresses", ()))
        if use is not None:
            check_own(use, report)
            found[use.name] = use
    return found


def _intake(document: IntakeDocument, source: SourceDocument, scope: Scope, report: Report) -> Intake | None:
    if not _schema_is_right(document, source, report):
        return None
    if scope.find("form", document.form, source.place("/form"), report) is None:
        return None
    record_type = scope.records[document.form]
    readable = variables(document.payload)
    values: dict[str, Expression] = {}
    for name, text in document.values.items():
        check_field(record_type, name, source, f"/values/{name}", report)
        place = source.place(f"/values/{name}")
        compiled = scope.expression(text, place, report, record=None, variables=readable)
        if compiled is not None:
            values[name] = compiled
    _check_found(document, record_type, scope, source, report)
    _check_duplicates(document, record_type, source, report)
    who = document.authentication
    return Intake(
        document.name,
        document.title or document.name,
        document.form,
        document.payload,
        values,
        document.find,
        document.duplicates,
        document.link,
        bool(who.public),
        frozenset(who.origins),
        who.honeypot,
        who.limit or (SIGNED_RATE if who.signed is not None else PUBLIC_RATE),
        document.run_as,
        document.unknown,
        adopted(document, readable, source, scope, report),
        _signed(who.signed),
        who.limit_total or TOTAL_RATE,
    )


def _signed(document: SignedDocument | None) -> Signed | None:
    if document is None:
        return None
    return Signed(Secret(document.secret.secret), document.by, document.header or "")


@lru_cache(maxsize=256)
def _fault(payload: str) -> tuple[str, Text] | None:
    """Where a JSON Schema is none, and why. An app is compiled again with every draft of any document of it, its
    schemas seldom change, and checking one takes as long as compiling thirty expressions."""
    try:
        Draft202012Validator.check_schema(json.loads(payload))
    except SchemaError as error:
        return "".join(f"/{step}" for step in error.absolute_path), misfits.reason(error)
    return None


def _schema_is_right(document: IntakeDocument, source: SourceDocument, report: Report) -> bool:
    fault = _fault(json.dumps(document.payload))
    if fault is not None:
        pointer, reason = fault
        report.add(MESSAGES.diagnostic("bad-schema", source.place(f"/payload{pointer}"), reason=reason))
        return False
    wrong = outside(document.payload) or endless(document.payload)
    if wrong is not None:
        report.add(MESSAGES.diagnostic("bad-schema", source.place("/payload"), reason=wrong))
        return False
    if document.payload.get("type", "object") != "object" or not properties(document.payload):
        report.add(MESSAGES.diagnostic("not-an-object", source.place("/payload")))
        return False
    return True


def _check_found(
    document: IntakeDocument, record_type: RecordType, scope: Scope, source: SourceDocument, report: Report
) -> None:
    for name, by in document.find.items():
        field = record_type.fields.get(name)
        if name not in document.values or field is None or field.target not in scope.records:
            place = source.place(f"/find/{name}", key=True)
            report.add(MESSAGES.diagnostic("found-link", place, form=record_type.name, seen=name))
            continue
        known = scope.records[field.target].fields.values()
        unique = [each.name for each in known if names_one(each, unique=document.unknown == "refuse")]
        if by not in unique:
            values = {"form": field.target, "seen": by, "known": unique}
            report.add(MESSAGES.diagnostic("found-by", source.place(f"/find/{name}"), **values))


def _check_duplicates(
    document: IntakeDocument, record_type: RecordType, source: SourceDocument, report: Report
) -> None:
    if document.duplicates == "create":
        return
    if document.duplicates == "link":
        field = record_type.fields.get(document.link or "")
        if field is None or field.target != record_type.name:
            nothing = {"en": "nothing", "zh-CN": "空"}
            values = {"form": record_type.name, "seen": f"'{document.link}'" if document.link else nothing}
            place = source.place("/link" if document.link else "/duplicates")
            report.add(MESSAGES.diagnostic("link-field", place, **values))
    if not record_type.unique and not any(each.match == "exact" for each in record_type.duplicates):
        report.add(MESSAGES.diagnostic("no-duplicate-rule", source.place("/duplicates"), form=record_type.name))


def offers_of(kind: ConnectorKind, source: SourceDocument, files: Mapping[str, bytes], report: Report) -> Any:
    """What a connector of a kind that has to be understood offers; None for a document that is wrong in itself, which
    is said when it is compiled."""
    understand = understand_of(kind)
    document = parse(kind.model, source, Report()) if understand is not None else None
    if understand is None or document is None:
        return None

    def refuse(key: str, pointer: str, **values: Any) -> None:
        report.add(MESSAGES.diagnostic(key, source.place(pointer), **values))

    return understand(document, files, refuse)


def _target(
    document: TargetPart, source: SourceDocument, scope: Scope, report: Report, kind: ConnectorKind | None
) -> Target | None:  # fmt: skip
    if kind is not None and document.name in BUILT_IN_CHANNELS:
        words = {"seen": document.name, "suggested": f"{document.name}_service", "known": ", ".join(BUILT_IN_CHANNELS)}
        report.add(MESSAGES.diagnostic("name-of-a-channel", source.place("/name"), **words))
    understood: Any = document
    url: str | SecretReference | None = document.url
    if understand_of(kind) is not None:
        understood = scope.names("offers").get(document.name)
        if understood is None:  # what is wrong was said when it was declared
            return None
        url = understood.url
    elif isinstance(document.url, str) and not is_written(document.url):
        report.add(MESSAGES.diagnostic("not-an-address", source.place("/url"), seen=document.url))
    headers = {name: _value(each) for name, each in document.headers.items()}
    return Target(
        document.name,
        document.title or document.name,
        _value(url or ""),
        document.method,
        Secret(document.secret.secret) if document.secret is not None else None,
        headers,
        document.timeout,
        document.limit,
        kind,
        understood,
        secrets_of(document),
    )


def _value(written: str | SecretReference) -> str | Secret:
    return Secret(written.secret) if isinstance(written, SecretReference) else written
