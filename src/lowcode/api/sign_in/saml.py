"""`saml`: any provider of SAML 2.0 (Entra ID, ADFS, Okta, Keycloak, Shibboleth …): requests by redirect, responses by
POST."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, field_validator

from lowcode.api.connectors.kind import Ask, Call, Keys, SecretReference, Steps
from lowcode.api.sign_in import saml_logout as logout
from lowcode.api.sign_in import saml_redirect as redirect
from lowcode.api.sign_in import saml_responses as responses
from lowcode.api.sign_in import saml_soap as soap
from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.addresses import safe
from lowcode.api.sign_in.kind import Farewell, Leaving, NotSignedIn, Person, Returned, SignInDocument, Start, Told
from lowcode.api.sign_in.saml_encryption import opened
from lowcode.api.sign_in.saml_keys import Pair, pairs_of
from lowcode.api.sign_in.saml_metadata import Provider, provider_of
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.reasons import both

KEPT = 3600
"""Seconds a provider's metadata is kept; a signature that does not fit lets it be read anew."""
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
WORDS: Mapping[str, tuple[str, ...]] = {
    "login": ("uid", "username", "login", "samaccountname", "urn:oid:0.9.2342.19200300.100.1.1"),
    "name": ("displayname", "name", "cn", "commonname", "http://schemas.microsoft.com/identity/claims/displayname",
             "urn:oid:2.16.840.1.113730.3.1.241", "urn:oid:2.5.4.3"),
    "email": ("email", "mail", "emailaddress", CLAIMS + "emailaddress", "urn:oid:0.9.2342.19200300.100.1.3"),
    "phone": ("mobile", "phone", "telephonenumber", CLAIMS + "mobilephone", "urn:oid:0.9.2342.19200300.100.1.41"),
}  # fmt: skip
"""How providers call what a person has, without regard to case."""


class SamlAttributesDocument(Part):
    """Which attribute of the assertion is what; what is left out is looked for under the usual names."""

    account: str | None = Field(
        None, description="What never changes of a person. Left out: the NameID, which then must not be transient."
    )
    login: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class SamlDocument(SignInDocument):
    """A provider of SAML 2.0."""

    type: Literal["saml"]
    metadata: str | SecretReference = Field(
        description="Where the provider publishes its metadata, an https address; or a secret that holds this address, "
        "or the XML itself."
    )
    issuer: str | None = Field(None, description="The provider's entity id, where the metadata describes several.")
    entity: str | SecretReference | None = Field(
        None, description="What the provider calls this app. Left out: the address of its own metadata, "
        "`…/api/sign-in/<name>/metadata`.",
    )  # fmt: skip
    key: SecretReference | None = Field(
        None,
        description="This app's own RSA key and its certificate, in PEM. With it requests are signed, the provider may "
        "encrypt assertions, and signing out on either side signs out on both. The metadata tells the certificate.",
    )
    attributes: SamlAttributesDocument = Field(default_factory=SamlAttributesDocument)
    name_id: Literal["persistent", "email", "unspecified"] | None = Field(
        None, description="The sort of NameID that is asked for; left out: the one the provider gives."
    )
    sign_out: bool = Field(
        True, description="With a `key`: signing out here leads to signing out there, and the other way round."
    )
    prompt: Literal["login"] | None = Field(None, description="Lets the provider ask again for a password.")
    trusts_addresses: bool = Field(
        True,
        description="The provider hands out mail addresses and numbers itself. Write `false` where people write their "
        "own there: they are then known by their account only.",
    )

    @field_validator("metadata")
    @classmethod
    def _kept_to_itself(cls, written: str | SecretReference) -> str | SecretReference:
        if isinstance(written, str) and not safe(written):
            raise Unfit(
                '\'metadata\' is an https address; XML stands in a secret: {"secret": "COMPANY_METADATA"}',
                'metadata 须为 https 地址；XML 内容请放在密钥中：{"secret": "COMPANY_METADATA"}',
            )
        return written


class Saml:
    """Sign-in by a SAML provider."""

    name = "saml"
    model = SamlDocument
    posts = "RelayState"

    def lacks(self) -> str | None:
        """What has to be installed."""
        return None if responses.possible() else "saml"

    def begin(self, document: SamlDocument, start: Start, keys: Keys) -> Steps[str]:
        """The provider's own page, with the wish to know who it is."""
        provider = yield from _provider(document, keys, anew=False)
        asked = xml.request(
            _identity(start.nonce), _entity(document, start.back, keys), start.back, provider.address, keys.now,
            name_id=document.name_id, again=document.prompt == "login",
        )  # fmt: skip
        pairs = pairs_of(keys.value(document.key))
        return redirect.address(provider.address, "SAMLRequest", asked, start.state, pairs)

    def finish(self, document: SamlDocument, returned: Returned, keys: Keys) -> Steps[Person]:
        """Response to assertion, assertion to person."""
        response = responses.read(returned.parameters.get("SAMLResponse", ""))
        provider = yield from _provider(document, keys, anew=False)
        pairs = pairs_of(keys.value(document.key))
        try:
            assertion = responses.proven(response, provider.certificates, keys.now, pairs)
        except NotSignedIn:
            if _written(document, keys):
                raise
            provider = yield from _provider(document, keys, anew=True)  # providers change keys
            assertion = responses.proven(response, provider.certificates, keys.now, pairs)
        responses.hold(
            response, assertion, issuer=provider.issuer, entity=_entity(document, returned.back, keys),
            back=returned.back, request=_identity(returned.nonce), now=keys.now,
        )  # fmt: skip
        return _person(document, provider.issuer, assertion, pairs)

    def describe(self, document: SamlDocument, back: str, keys: Keys) -> str:
        """The metadata of this app, as the provider takes it."""
        certificates = [each.written for each in pairs_of(keys.value(document.key))]
        left = _logout(back) if certificates and document.sign_out else None
        return xml.described(_entity(document, back, keys), back, document.name_id, certificates, left)

    def leave(self, document: SamlDocument, leaving: Leaving, keys: Keys) -> Steps[str | None]:
        """Where the session at the provider ends. Wishes have to be signed, so it takes a key."""
        pairs = pairs_of(keys.value(document.key))
        if not document.sign_out or not pairs or not leaving.session:
            return None
        provider = yield from _provider(document, keys, anew=False)
        if not provider.logout:
            return None
        entity = _entity(document, leaving.back, keys)
        wish = logout.request(_identity(leaving.nonce), entity, provider.logout, leaving.session, keys.now)
        return redirect.address(provider.logout, "SAMLRequest", wish, "", pairs)

    def hear(self, document: SamlDocument, told: Told, keys: Keys) -> Steps[Farewell]:
        """A session ended at the provider, or has ended there as we wished."""
        pairs = pairs_of(keys.value(document.key))
        if not document.sign_out or not pairs:
            raise NotSignedIn(
                "setup", both("single logout takes a 'key', and 'sign_out'", "单点登出需要填写 key 和 sign_out")
            )
        sort = "SAMLRequest" if told.envelope or "SAMLRequest" in told.parameters else "SAMLResponse"
        message = logout.read(told, sort)
        provider = yield from _provider(document, keys, anew=False)
        if sort == "SAMLResponse":
            logout.note(message, provider.issuer)
            return Farewell()
        try:
            message = logout.proven(told, message, provider.certificates, keys.now)
        except NotSignedIn:
            if _written(document, keys):
                raise
            provider = yield from _provider(document, keys, anew=True)  # providers change keys
            message = logout.proven(told, message, provider.certificates, keys.now)
        wish = logout.wish(message, issuer=provider.issuer, to=_logout(told.back), now=keys.now, pairs=pairs)
        state = told.parameters.get("RelayState", "")[: logout.STATE]
        entity, to = _entity(document, told.back, keys), "" if told.envelope else provider.left
        done = logout.response(_identity(told.nonce), entity, to, wish.identity, keys.now)
        go = redirect.address(to, "SAMLResponse", done, state, pairs) if to else None
        ended = wish.indexes
        return Farewell(
            f"{provider.issuer} {wish.name}", wish.until, lambda kept: not ended or kept.get("index") in ended, go,
            soap.envelope(done, pairs) if told.envelope else None,
        )  # fmt: skip


def _identity(nonce: str) -> str:
    """The ID of a request; a name of XML does not begin with a digit."""
    return f"_{nonce}"


def _entity(document: SamlDocument, back: str, keys: Keys) -> str:
    if document.entity is not None:
        return keys.value(document.entity)
    return back.removesuffix("done") + "metadata"


def _logout(back: str) -> str:
    """Where a browser brings what is said of a session's end."""
    return back.removesuffix("done") + "logout"


def _written(document: SamlDocument, keys: Keys) -> str | None:
    """The metadata where it is written and not published."""
    value = keys.value(document.metadata).strip()
    return value if value.startswith("<") else None


def _provider(document: SamlDocument, keys: Keys, *, anew: bool) -> Steps[Provider]:
    """What the provider says of itself."""
    text = _written(document, keys)
    if text is None:
        address = keys.value(document.metadata).strip()
        if not safe(address):
            raise NotSignedIn(
                "setup", both("the metadata's address is no https address", "元数据的地址不是 https 地址")
            )
        reply = yield Ask(Call(address, "GET"), KEPT, anew)
        if reply.status != 200:
            raise NotSignedIn(
                "unreachable",
                both(
                    f"the provider answered {reply.status} instead of its metadata",
                    f"身份提供方返回了 {reply.status}，而不是元数据",
                ),
            )
        text = reply.text
    return provider_of(text, document.issuer, keys.now)


def _person(document: SamlDocument, issuer: str, assertion: Any, pairs: Sequence[Pair]) -> Person:
    """The person of an assertion. An account is unique below its issuer only."""
    name_id = xml.only(assertion, "./saml:Subject/saml:NameID")
    sealed = xml.only(assertion, "./saml:Subject/saml:EncryptedID")
    if name_id is None and sealed is not None:  # the signature covers it as it was encrypted
        name_id = opened(sealed, pairs, "the name")
    values = {name: list(texts) for name, texts in responses.values_of(assertion).items()}
    named = xml.text_of(name_id)
    format_ = name_id.get("Format", "") if name_id is not None else ""
    if named:
        values["NameID"] = [named]
    found = {sort: next(_texts(document, values, sort), "") for sort in WORDS}
    found["email"] = found["email"] or (named if format_ == xml.FORMATS["email"] else "")
    account = named
    if document.attributes.account is not None:
        account = next(iter(values.get(document.attributes.account, ())), "")
    elif format_ == xml.FORMATS["transient"]:
        raise NotSignedIn(
            "setup",
            both(
                "the NameID is transient: ask for a persistent one, or name 'attributes.account'",
                "NameID 是临时的：请要求持久的 NameID，或填写 attributes.account",
            ),
        )
    if not account:
        raise NotSignedIn(
            "setup",
            both(
                f"the assertion has no {document.attributes.account or 'NameID'}",
                f"断言中没有 {document.attributes.account or 'NameID'}",
            ),
        )
    vouched = (
        frozenset(sort for sort in ("email", "phone") if found[sort]) if document.trusts_addresses else frozenset()
    )
    session = logout.said_of(assertion, name_id)
    return Person(
        f"{issuer} {account}", found["login"], found["name"], found["email"], found["phone"], vouched, values,
        f"{issuer} {named}" if session else "", session,
    )  # fmt: skip


def _texts(document: SamlDocument, values: Mapping[str, list[str]], sort: str) -> Iterator[str]:
    """What is said of a sort: by the attribute the document names, else by the usual ones, best first."""
    written = getattr(document.attributes, sort)
    if written is not None:
        yield from values.get(written, ())
        return
    known = {name.casefold(): texts for name, texts in reversed(list(values.items()))}
    for name in WORDS[sort]:
        yield from known.get(name, ())


SAML = Saml()
