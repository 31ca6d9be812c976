"""What the designer of connections asks: which kinds there are and what each may say, and what is wrong with one as it
would be.

A connection that is designed is the document itself; it is looked at and published by `app.plan` and `app.publish`, as
any other document. Secrets stand in it by their names; which of them the server has is said beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from typing import Annotated, Any

from lowcode.api import syncing, trying, trying_letter, trying_people, words_people
from lowcode.api.compile import compile_api, offers_of
from lowcode.api.connectors.kind import ConnectorKind, secrets_of, understand_of
from lowcode.api.definition import IntakeDocument, MailboxDocument, WebhookDocument
from lowcode.api.definition_ldap import LdapDocument
from lowcode.api.definition_organisation import OrganisationDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.endpoints.definition import EndpointDocument
from lowcode.api.plan import ApiPlan, plan_of
from lowcode.api.presets import presets
from lowcode.api.secret_uses import told_secret
from lowcode.api.sign_in.kind import SignInKind
from lowcode.api.signing_in import Through
from lowcode.api.words import CHOICES, GROUPS, KINDS, OPTIONS, OWN_WORDS
from lowcode.kernel.answers import Checked, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.definitions.designing import in_order, palette, spoken, told
from lowcode.kernel.definitions.load import Documents
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.registry import Registry

OWN: Mapping[str, Any] = {
    "webhook": WebhookDocument, "intake": IntakeDocument, "mailbox": MailboxDocument, "endpoint": EndpointDocument,
    "ldap": LdapDocument, "organisation": OrganisationDocument,
}  # fmt: skip
BEGIN: Mapping[str, Mapping[str, Any]] = {
    **words_people.BEGIN,
    "webhook": {"url": "https://", "on": {"form": "", "event": "created"}},
    "intake": {"form": "", "payload": {}, "values": {}, "authentication": {"key": True}},
    "mailbox": {"url": "imaps://", "user": "", "password": {"secret": ""},
                "people": [{"form": "", "by": ""}], "form": "", "values": {}},
    "endpoint": {"method": "GET", "path": "", "access": {"key": True}, "steps": [], "answer": {"body": ""}},
    "connector": {"url": "https://"},
    "request": {"url": "https://"},
    "openapi": {"document": ""},
    "dingtalk_robot": {"url": {"secret": ""}},
    "wecom_robot": {"url": {"secret": ""}},
    "feishu_robot": {"url": {"secret": ""}},
    "dingtalk_app": {"app_key": "", "secret": {"secret": ""}, "agent": ""},
    "wecom_app": {"corporation": "", "secret": {"secret": ""}, "agent": {"secret": ""}},
    "feishu_app": {"app": "", "secret": {"secret": ""}},
    "sms_aliyun": {"access_key": {"secret": ""}, "secret": {"secret": ""}, "signature": "", "template": ""},
    "sms_tencent": {
        "application": "", "access_key": {"secret": ""}, "secret": {"secret": ""}, "signature": "", "template": ""
    },
}  # fmt: skip
"""What a new one says at first; one of another kind has an address."""
UNNOTICED = frozenset({
    "$schema", "format", "title", "method", "secret", "headers", "timeout", "limit", "body", "payload", "values",
    "find", "unknown", "adopt", "duplicates", "link", "authentication", "run_as", "every", "people", "files",
    "user", "password", "folder",
})  # fmt: skip
"""What of a document no other document can speak of."""


class CheckConnection(Parameters):
    """A connector, a webhook, an intake or a mailbox as it would be."""

    document: dict[str, Any]


def _active(context: Context) -> list[Any]:
    """Everybody who is still there, by name: whom an intake may be as."""
    directory = context.host.directory()
    return sorted((directory.users[each] for each in directory.active), key=lambda user: user.name)


class Designing:
    """The operations of the designer."""

    def __init__(
        self, connectors: Registry[ConnectorKind], sign_ins: Registry[SignInKind], through: Through
    ) -> None:  # fmt: skip
        self._connectors, self._sign_ins, self._through = connectors, sign_ins, through
        self._presets = presets()

    @cached_property
    def _models(self) -> Mapping[str, Any]:
        kinds = (*self._connectors, *self._sign_ins)
        return {**{kind.name: kind.model for kind in kinds}, **OWN}

    @cached_property
    def _kinds(self) -> list[dict[str, Any]]:
        found = []
        known = {**KINDS, **words_people.KINDS}
        for name in in_order(self._models, known):
            group, needs = known.get(name, ("other" if name not in self._sign_ins else "sign_in", ""))
            help_text = spoken({"needs": needs})["needs"] if needs else ""
            words = {**OWN_WORDS, **words_people.OWN_WORDS}.get(name, {})
            begin = {"type": name, **BEGIN.get(name, {"url": "https://"})}
            found.append({"name": name, "group": group, "help": help_text, "begin": begin, "words": words,
                          "schema": schema_of(self._models[name])})  # fmt: skip
        return found

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        yield from trying.operations(self.examined)
        yield from trying_letter.operations(self.examined)
        yield from trying_people.operations(self.examined, partial(syncing.previewed, through=self._through))
        yield Operation(
            "api.connection_palette", self.palette, Nothing, "administrator", False,
            {"en": "What a connection may say", "zh-CN": "连接设计器选项"},
        )  # fmt: skip
        yield Operation(
            "api.check_connection", self.check, CheckConnection, "administrator", False,
            {"en": "What is wrong with a connection", "zh-CN": "检查连接"},
        )  # fmt: skip

    def palette(self, context: Context, _: Nothing) -> Annotated[dict[str, Any], has(kinds=list[dict], words=dict)]:
        """Every kind (`kinds`) with what a new one says, what it needs and the schema of what may be written; the words
        for it, the forms, the files an OpenAPI document may be, and the `secrets` that documents of the app name, with
        the variable of each and whether the server has it."""
        app: Any = context.app
        return {
            "kinds": self._kinds,
            "presets": self._presets,
            "words": {"groups": {**GROUPS, **words_people.GROUPS},
                      "options": {**words_people.OPTIONS, **OPTIONS}, "choices": {**words_people.CHOICES, **CHOICES}},
            "connections": [_connection(each) for each in app.documents.of("api") if self._serves(each)],
            "departments": sorted({each.name for each in context.host.directory().departments.values()}),
            "forms": sorted(app.scope.names("form")),
            "files": sorted(path for path in app.documents.files if path.endswith((".json", ".yaml", ".yml"))),
            "flows": sorted(app.scope.names("flow")),
            "reports": sorted(app.scope.names("report")),
            "people": [{"login": each.login, "name": each.name} for each in _active(context)],
            "secrets": [told_secret(context.host, name) for name in self._secrets(app.documents)],
            **palette(context),
        }  # fmt: skip

    def _serves(self, source: SourceDocument) -> bool:
        """Whether people may sign in by the application of a connection, or be followed by it."""
        return _type_of(source.data) in self._connectors or _type_of(source.data) == "ldap"

    def _secrets(self, documents: Documents) -> list[str]:
        found: set[str] = set()
        for source in documents.of("api"):
            model = self._models.get(_type_of(source.data))
            document = parse(model, source, Report()) if model is not None else None
            found.update(secrets_of(document) if document is not None else ())
        return sorted(found)

    def check(self, context: Context, params: CheckConnection) -> Checked:
        """Everything that is wrong with a connection, held against the app as it stands (`findings`).
        `elsewhere`: other documents may speak of what it no longer says; `app.plan` looks at them."""
        app: Any = context.app
        standing = next((each for each in app.documents.of("api") if each.name == params.document.get("name")), None)
        return {
            "findings": told(self.examined(context, params.document)[0], context.actor.locale),
            "elsewhere": standing is not None and self._misses(standing.data, params.document),
        }

    def examined(self, context: Context, document: Mapping[str, Any]) -> tuple[Report, ApiPlan]:
        """What is wrong with a document, held against the app as it stands, and what was understood of it."""
        app: Any = context.app
        report = Report()
        source = SourceDocument("api", Source(f"api/{document.get('name')}.json", None, dict(document)))
        word = _type_of(source.data)
        if word not in self._models:
            values = {"seen": word or "nothing", "known": list(self._models)}
            report.add(MESSAGES.diagnostic("unknown-type", source.place("/type"), **values))
            return report, ApiPlan()
        kind = self._connectors.get(word)
        what = "connector" if kind is not None else "sign_in" if word in self._sign_ins else word
        scope = app.scope.beside(what, source.name, source)
        if kind is not None and understand_of(kind) is not None:
            found = offers_of(kind, source, app.documents.files, report)
            scope = scope.beside("offers", source.name, found)
        behind = [each for each in app.documents.of("api") if self._serves(each) and each.name != source.name
                  and each.name == document.get("connector")]  # fmt: skip
        alone = Documents(app.documents.app, [*behind, source], app.documents.files, Report())
        plan = compile_api(alone, scope, report, self._connectors, self._sign_ins)
        for each in plan.judged(context.host, plan_of(context)):
            report.add(each)
        return report, plan

    def _misses(self, standing: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
        """Whether others can speak of something that is no longer as they know it: of its kind, of whom it reaches, of
        what it offers, or that it is switched on."""
        kind = self._connectors.get(_type_of(document))
        seen = {*standing, *document} - UNNOTICED - ({"url"} if understand_of(kind) is None else set())
        return any(standing.get(key) != document.get(key) for key in seen)


def _type_of(data: Any) -> str:
    return str(data.get("type", "")) if isinstance(data, Mapping) else ""


def _connection(source: SourceDocument) -> dict[str, Any]:
    return {"name": source.name, "title": source.data.get("title") or source.name, "type": _type_of(source.data)}
