"""What a SAML provider sends: its signature proven, and held to all that has to be true of it (Profiles 2.0, 4.1.4).

The signature is checked by signxml (extra `saml`) with the certificates of the provider's metadata, and nothing is read
but what it covers: the assertion that comes out of the check, never the one that went in. There may be a signature of
the response and one of its assertion and no other; what a signature names has to be the element it stands in. The times
are held to the host's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.kind import NotSignedIn, Reason
from lowcode.api.sign_in.saml_encryption import NO_KEY, UNREADABLE, opened
from lowcode.api.sign_in.saml_keys import Pair
from lowcode.api.sign_in.words import chinese
from lowcode.kernel.reasons import both

signxml: Any
try:
    import signxml
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    signxml = None

SKEW = timedelta(seconds=60)
"""By how much two clocks may differ."""
OLDEST = timedelta(seconds=600)
"""Since an assertion was made: it is made for this sign-in."""
METHODS = ("RSA_SHA256", "RSA_SHA384", "RSA_SHA512", "SHA256_RSA_MGF1", "SHA384_RSA_MGF1", "SHA512_RSA_MGF1",
           "ECDSA_SHA256", "ECDSA_SHA384", "ECDSA_SHA512")  # fmt: skip
DIGESTS = ("SHA256", "SHA384", "SHA512")
SUCCESS = xml.PREFIX + "2.0:status:Success"
SAID_NO = frozenset(xml.PREFIX + f"2.0:status:{each}" for each in ("AuthnFailed", "RequestDenied", "NoPassive"))
BEARER = xml.PREFIX + "2.0:cm:bearer"
CONDITIONS = frozenset(xml.tag(f"saml:{each}") for each in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction"))


def possible() -> bool:
    """Whether what checks signatures is installed."""
    return signxml is not None and xml.etree is not None


def read(brought: str) -> Any:
    """The response a browser brought; one in which the provider says no is refused at once. Raises NotSignedIn."""
    if not brought:
        raise NotSignedIn("untrusted", both("no response was brought", "没有收到响应"))
    response = xml.read(xml.decoded(brought), "the response")
    if response.tag != xml.tag("samlp:Response"):
        raise NotSignedIn(
            "untrusted", both(f"this is no response: {response.tag}", f"这不是 SAML 响应：{response.tag}")
        )
    outer = xml.only(response, "./samlp:Status/samlp:StatusCode")
    if outer is None or outer.get("Value") != SUCCESS:
        inner = xml.only(outer, "./samlp:StatusCode") if outer is not None else None
        said = [each.get("Value", "") for each in (outer, inner) if each is not None]
        reason: Reason = "cancelled" if SAID_NO & set(said) else "setup"
        words = xml.text_of(xml.only(response, "./samlp:Status/samlp:StatusMessage"))[:200]
        raise NotSignedIn(
            reason,
            both(
                f"the provider answered {' '.join(said)[:200] or 'no status'} {words}",
                f"身份提供方返回 {' '.join(said)[:200] or '（没有状态）'} {words}",
            ),
        )
    return response


def proven(response: Any, certificates: Sequence[Any], now: datetime, pairs: Sequence[Pair] = ()) -> Any:
    """The assertion, as a signature of the provider covers it; one that is encrypted is read with our keys. Raises
    NotSignedIn."""
    assertion, sealed = xml.only(response, "./saml:Assertion"), xml.only(response, "./saml:EncryptedAssertion")
    if sealed is not None and assertion is None:
        return _proven_sealed(response, certificates, now, pairs)
    if assertion is None or sealed is not None:
        raise NotSignedIn(
            "untrusted", both("the response has no assertion, or more than one", "响应中没有断言，或有多个断言")
        )
    _no_identity_twice(response)
    signed = [each for each in (response, assertion) if xml.children(each, "./ds:Signature")]
    if not signed:
        raise NotSignedIn("untrusted", both("neither the assertion nor the response is signed", "断言和响应都没有签名"))
    if len(list(response.iter(xml.tag("ds:Signature")))) != len(signed):
        raise NotSignedIn("untrusted", both("there are signatures where none may be", "签名出现在不允许的位置"))
    if list(response.iter(xml.tag("saml:Assertion"))) != [assertion]:
        raise NotSignedIn("untrusted", both("there are assertions where none may be", "断言出现在不允许的位置"))
    proved = [covered(each, certificates, now) for each in signed]
    found = proved[0] if signed[0] is assertion else xml.only(proved[0], "./saml:Assertion")
    if found is None:
        raise NotSignedIn("untrusted", both("the signature covers no assertion", "签名没有覆盖任何断言"))
    return found


def _proven_sealed(response: Any, certificates: Sequence[Any], now: datetime, pairs: Sequence[Pair]) -> Any:
    """The assertion of a response that has it encrypted. A signature of the response covers what is encrypted, one of
    the assertion is within it; there has to be one of them, and what there is has to hold."""
    if not pairs:
        raise NotSignedIn("setup", NO_KEY)
    own = xml.children(response, "./ds:Signature")
    if list(response.iter(xml.tag("ds:Signature"))) != own:
        raise NotSignedIn("untrusted", both("there are signatures where none may be", "签名出现在不允许的位置"))
    if list(response.iter(xml.tag("saml:Assertion"))):
        raise NotSignedIn("untrusted", both("there are assertions where none may be", "断言出现在不允许的位置"))
    _no_identity_twice(response)
    whole = covered(response, certificates, now) if own else response
    sealed = xml.only(whole, "./saml:EncryptedAssertion")
    if sealed is None:
        raise NotSignedIn("untrusted", both("the signature covers no assertion", "签名没有覆盖任何断言"))
    assertion = opened(sealed, pairs, "the assertion")
    inner = xml.children(assertion, "./ds:Signature")
    if (
        assertion.tag != xml.tag("saml:Assertion")
        or list(assertion.iter(xml.tag("ds:Signature"))) != inner
        or list(assertion.iter(xml.tag("saml:Assertion"))) != [assertion]
        or not (own or inner)
    ):
        raise NotSignedIn("untrusted", UNREADABLE)
    _no_identity_twice(assertion)
    return covered(assertion, certificates, now) if inner else assertion


def _no_identity_twice(element: Any) -> None:
    identities = [each.get("ID") for each in element.iter() if each.get("ID") is not None]
    if len(set(identities)) != len(identities):
        raise NotSignedIn("untrusted", both("two elements have the same ID", "有两个元素的 ID 相同"))


def covered(element: Any, certificates: Sequence[Any], now: datetime) -> Any:
    """What the signature that stands in an element covers: that element. Raises NotSignedIn."""
    signature = xml.only(element, "./ds:Signature")
    reference = xml.only(signature, "./ds:SignedInfo/ds:Reference")
    if not element.get("ID") or reference is None or reference.get("URI") != f"#{element.get('ID')}":
        raise NotSignedIn(
            "untrusted",
            both("a signature names another element than the one it stands in", "签名所指的元素与其所在的元素不同"),
        )
    if not certificates:
        raise NotSignedIn(
            "setup",
            both("the provider's metadata has no certificate for signatures", "身份提供方的元数据中没有签名证书"),
        )
    wrong = ""
    for certificate in certificates:
        try:
            found = (
                signxml.XMLVerifier()
                .verify(element, x509_cert=certificate, id_attribute="ID", expect_config=_expected(now))
                .signed_xml
            )
        except (signxml.exceptions.SignXMLException, xml.etree.LxmlError, ValueError, TypeError, KeyError) as error:
            wrong = f"{type(error).__name__}: {error}"
            continue
        if found is None or found.tag != element.tag or found.get("ID") != element.get("ID"):
            raise NotSignedIn("untrusted", both("the signature covers another element", "签名覆盖的是另一个元素"))
        return found
    raise NotSignedIn(
        "untrusted",
        both(f"the signature is none of the provider's: {wrong[:300]}", f"签名不是身份提供方的签名：{wrong[:300]}"),
    )


def _expected(now: datetime) -> Any:
    """Asymmetric methods only, one reference, and the signature where it has to be."""
    return signxml.SignatureConfiguration(
        location="./", expect_references=1, verification_time=now,
        signature_methods=frozenset(signxml.SignatureMethod[each] for each in METHODS),
        digest_algorithms=frozenset(signxml.DigestAlgorithm[each] for each in DIGESTS),
    )  # fmt: skip


def hold(response: Any, assertion: Any, *, issuer: str, entity: str, back: str, request: str, now: datetime) -> None:
    """Whether it is meant for this app and this sign-in. Raises NotSignedIn naming what is not."""
    made = xml.instant(assertion.get("IssueInstant"))
    wrong = {
        "version": {response.get("Version"), assertion.get("Version")} != {"2.0"},
        "issuer": _issuers(response) - {issuer} or _issuers(assertion) != {issuer},
        "destination": response.get("Destination", back) != back,
        "in response to": response.get("InResponseTo") != request,
        "made at": made is None or not -SKEW <= now - made <= OLDEST + SKEW,
        "confirmed for": not any(
            _confirmed(each, back, request, now)
            for each in xml.children(assertion, "./saml:Subject/saml:SubjectConfirmation")
        ),
        "session": not xml.children(assertion, "./saml:AuthnStatement") or any(
            over(each.get("SessionNotOnOrAfter"), now) for each in xml.children(assertion, "./saml:AuthnStatement")
        ),
        **_conditions(assertion, entity, now),
    }  # fmt: skip
    named = [name for name, is_wrong in wrong.items() if is_wrong]
    if named:
        raise NotSignedIn(
            "untrusted",
            both(
                f"the assertion is not for this sign-in: {', '.join(named)}",
                f"断言与本次登录不符：{'、'.join(map(chinese, named))}",
            ),
        )


def _issuers(element: Any) -> set[str]:
    return {xml.text_of(each) for each in xml.children(element, "./saml:Issuer")}


def _confirmed(confirmation: Any, back: str, request: str, now: datetime) -> bool:
    """Whether whoever brings the assertion to this address, for this request and now, is who it speaks of."""
    data = xml.only(confirmation, "./saml:SubjectConfirmationData")
    return (
        confirmation.get("Method") == BEARER and data is not None and data.get("Recipient") == back
        and data.get("InResponseTo") == request and data.get("NotOnOrAfter") is not None
        and not over(data.get("NotOnOrAfter"), now) and not _early(data.get("NotBefore"), now)
    )  # fmt: skip


def _conditions(assertion: Any, entity: str, now: datetime) -> Mapping[str, bool]:
    conditions = xml.only(assertion, "./saml:Conditions")
    if conditions is None:
        return {"conditions": True}
    audiences = [
        {xml.text_of(each) for each in xml.children(one, "./saml:Audience")}
        for one in xml.children(conditions, "./saml:AudienceRestriction")
    ]
    return {
        "conditions": any(each.tag not in CONDITIONS for each in conditions),
        "not before": _early(conditions.get("NotBefore"), now),
        "not on or after": over(conditions.get("NotOnOrAfter"), now),
        "audience": not audiences or any(entity not in each for each in audiences),
    }


def over(text: str | None, now: datetime) -> bool:
    """Whether an instant is past; what is no instant is."""
    if text is None:
        return False
    end = xml.instant(text)
    return end is None or end + SKEW <= now


def _early(text: str | None, now: datetime) -> bool:
    if text is None:
        return False
    begin = xml.instant(text)
    return begin is None or begin - SKEW > now


def values_of(assertion: Any) -> Mapping[str, list[str]]:
    """What an assertion says of somebody, by the name of each attribute and by its friendly name."""
    found: dict[str, list[str]] = {}
    for attribute in xml.children(assertion, "./saml:AttributeStatement/saml:Attribute"):
        texts = [text for each in xml.children(attribute, "./saml:AttributeValue") if (text := xml.text_of(each))]
        for name in {attribute.get("Name"), attribute.get("FriendlyName")} - {None, ""}:
            found.setdefault(name, []).extend(texts)
    return found
