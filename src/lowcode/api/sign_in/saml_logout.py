"""SAML's single logout (Profiles 2.0, 4.4): the wish that a session ends, and the answer to it, read and written.

A wish of the provider's ends sessions, so it has to be signed, meant for this address, and of now. What it ends was
begun before it was made, so one that is sent again ends nothing of what came after.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lowcode.api.sign_in import saml_redirect as redirect
from lowcode.api.sign_in import saml_responses as responses
from lowcode.api.sign_in import saml_soap as soap
from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.kind import NotSignedIn, Told
from lowcode.api.sign_in.saml_encryption import opened
from lowcode.api.sign_in.saml_keys import Pair
from lowcode.api.sign_in.words import chinese
from lowcode.kernel.reasons import both

log = logging.getLogger("lowcode.api")

NAME_PARTS = {"format": "Format", "qualifier": "NameQualifier", "sp_qualifier": "SPNameQualifier"}
"""What a name consists of beside its text, as it is kept and as it is written."""
STATE = 1000
"""Characters of a RelayState that are given back."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a provider wants to end: the sessions of a name, all of them or those of some indexes, begun until then."""

    identity: str
    name: str
    indexes: frozenset[str]
    until: datetime


def said_of(assertion: Any, name: Any) -> Mapping[str, str]:
    """What is kept of a sign-in so that its end can be told."""
    if name is None or not xml.text_of(name):
        return {}
    statement = next(iter(xml.children(assertion, "./saml:AuthnStatement")), None)
    found = {"name": xml.text_of(name), **{ours: name.get(theirs) for ours, theirs in NAME_PARTS.items()}}
    found["index"] = statement.get("SessionIndex") if statement is not None else None
    return {key: value for key, value in found.items() if value}


def request(identity: str, entity: str, to: str, said: Mapping[str, str], at: datetime) -> bytes:
    """The wish that a session ends at the provider (Core 3.7.1)."""
    parts = "".join(f" {theirs}={quoteattr(said[ours])}" for ours, theirs in NAME_PARTS.items() if ours in said)
    index = f"<samlp:SessionIndex>{escape(said['index'])}</samlp:SessionIndex>" if "index" in said else ""
    inside = f"<saml:NameID{parts}>{escape(said['name'])}</saml:NameID>{index}"
    return _message("LogoutRequest", identity, entity, to, at, "", inside)


def response(identity: str, entity: str, to: str, answers: str, at: datetime) -> bytes:
    """The answer that it has ended here (Core 3.7.2)."""
    status = f'<samlp:Status><samlp:StatusCode Value="{responses.SUCCESS}"/></samlp:Status>'
    return _message("LogoutResponse", identity, entity, to, at, f" InResponseTo={quoteattr(answers)}", status)


def _message(tag: str, identity: str, entity: str, to: str, at: datetime, more: str, inside: str) -> bytes:
    whither = f" Destination={quoteattr(to)}" if to else ""
    return (
        f'<samlp:{tag} xmlns:samlp="{xml.NAMES["samlp"]}" xmlns:saml="{xml.NAMES["saml"]}" ID={quoteattr(identity)} '
        f'Version="2.0" IssueInstant="{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"{whither}{more}>'
        f"<saml:Issuer>{escape(entity)}</saml:Issuer>{inside}</samlp:{tag}>"
    ).encode()


def read(told: Told, sort: str) -> Any:
    """The message that a browser brought, by an address or a form, or the provider itself. Nothing of it is proven yet.
    Raises NotSignedIn."""
    if told.envelope:
        return soap.message_of(told.envelope)
    parameters = told.parameters
    text = xml.decoded(parameters.get(sort, "")) if told.posted else redirect.message_of(parameters, sort)
    return xml.read(text, "the message")


def proven(told: Told, message: Any, certificates: Sequence[Any], now: datetime) -> Any:
    """The message as a signature of the provider covers it: that of the address, or one within it. Raises
    NotSignedIn."""
    if told.posted or told.envelope:
        own = xml.children(message, "./ds:Signature")
        if len(own) != 1 or list(message.iter(xml.tag("ds:Signature"))) != own:
            raise NotSignedIn(
                "untrusted",
                both("the message is not signed, or signed where it may not be", "消息没有签名，或签名的位置不被允许"),
            )
        return responses.covered(message, certificates, now)
    redirect.hold(told.query, "SAMLRequest", certificates)
    return message


def wish(message: Any, *, issuer: str, to: str, now: datetime, pairs: Sequence[Pair]) -> Wish:
    """What is to be ended. Raises NotSignedIn naming what does not fit."""
    made = xml.instant(message.get("IssueInstant"))
    fresh = made is not None and -responses.SKEW <= now - made <= responses.OLDEST + responses.SKEW
    wrong = {
        "kind of message": message.tag != xml.tag("samlp:LogoutRequest"),
        "version": message.get("Version") != "2.0",
        "ID": not message.get("ID"),
        "issuer": xml.text_of(xml.only(message, "./saml:Issuer")) != issuer,
        "destination": message.get("Destination", to) != to,
        "made at": not fresh,
        "not on or after": responses.over(message.get("NotOnOrAfter"), now),
    }
    named = [name for name, is_wrong in wrong.items() if is_wrong]
    if named or made is None:
        raise NotSignedIn(
            "untrusted",
            both(
                f"this is no wish to end a session here and now: {', '.join(named)}",
                f"这不是有效的登出请求：{'、'.join(map(chinese, named))}",
            ),
        )
    name, sealed = xml.only(message, "./saml:NameID"), xml.only(message, "./saml:EncryptedID")
    if sealed is not None and name is None:
        name = opened(sealed, pairs, "the name")
    if name is None or name.tag != xml.tag("saml:NameID") or not xml.text_of(name):
        raise NotSignedIn("untrusted", both("it is not said whose session is to end", "没有说明要结束谁的会话"))
    indexes = frozenset(xml.text_of(each) for each in xml.children(message, "./samlp:SessionIndex"))
    return Wish(message.get("ID"), xml.text_of(name), indexes, made + responses.SKEW)


def note(message: Any, issuer: str) -> None:
    """The provider's answer to a wish of ours. The session here has ended before; what did not end there is logged."""
    status = xml.only(message, "./samlp:Status/samlp:StatusCode")
    outcome = status.get("Value", "") if status is not None else ""
    inner = xml.only(status, "./samlp:StatusCode") if status is not None else None
    if outcome != responses.SUCCESS or inner is not None:
        said = f"{outcome} {inner.get('Value', '') if inner is not None else ''}".strip()
        log.warning("the provider %s did not end every session: %s", issuer, said[:200])
