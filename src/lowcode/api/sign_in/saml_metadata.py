"""What a SAML provider says of itself: its name, where people are sent to, and the certificates of its signatures."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.addresses import safe
from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.kernel.reasons import both

load_der_x509_certificate: Any
try:
    from cryptography.x509 import load_der_x509_certificate
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    load_der_x509_certificate = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as its metadata describes it. `logout` is where a browser brings wishes to end a session, blank where
    it takes none by redirect, and `left` where it brings answers to wishes of the provider's."""

    issuer: str
    address: str
    certificates: tuple[Any, ...]
    logout: str = ""
    left: str = ""


def provider_of(text: str, issuer: str | None, now: datetime) -> Provider:
    """The provider that a file describes; of several the one of this name. Raises NotSignedIn."""
    try:
        root = xml.read(text.strip().encode(), "the metadata")
    except NotSignedIn as wrong:
        raise NotSignedIn("setup", wrong.detail) from None
    described = (
        [root, *root.iter(xml.tag("md:EntityDescriptor"))] if root.tag != xml.tag("md:EntityDescriptor") else [root]
    )
    providers = {each.get("entityID", ""): each for each in described if xml.children(each, "./md:IDPSSODescriptor")}
    if issuer is None and len(providers) > 1:
        raise NotSignedIn(
            "setup",
            both(
                f"the metadata describes {len(providers)} providers; name one in 'issuer'",
                f"元数据描述了 {len(providers)} 个身份提供方；请在 issuer 中指定一个",
            ),
        )
    found = providers.get(issuer) if issuer is not None else next(iter(providers.values()), None)
    if found is None:
        raise NotSignedIn(
            "setup",
            both(
                f"the metadata describes no provider {issuer or ''}".rstrip(),
                f"元数据中没有身份提供方 {issuer or ''}".rstrip(),
            ),
        )
    for each in (root, found):
        end = xml.instant(each.get("validUntil"))
        if end is not None and end <= now:
            raise NotSignedIn(
                "setup",
                both(
                    f"the metadata was good until {end:%Y-%m-%d %H:%M}",
                    f"元数据的有效期至 {end:%Y-%m-%d %H:%M}，已过期",
                ),
            )
    role = xml.children(found, "./md:IDPSSODescriptor")[0]
    places = {each.get("Binding"): each.get("Location", "") for each in xml.children(role, "./md:SingleSignOnService")}
    address = places.get(xml.REDIRECT, "")
    if not safe(address):
        raise NotSignedIn(
            "setup",
            both(
                f"the metadata has no https address for requests by redirect: '{address}'",
                f"元数据中没有可供重定向请求使用的 https 地址：“{address}”",
            ),
        )
    ends = [each for each in xml.children(role, "./md:SingleLogoutService") if each.get("Binding") == xml.REDIRECT]
    logout = ends[0].get("Location", "") if ends else ""
    left = ends[0].get("ResponseLocation", logout) if ends else ""
    for each in (logout, left):
        if each and not safe(each):
            raise NotSignedIn(
                "setup",
                both(
                    f"the metadata's address for the end of a session is no https address: '{each}'",
                    f"元数据中的登出地址不是 https 地址：“{each}”",
                ),
            )
    return Provider(found.get("entityID", ""), address, tuple(_certificates(role)), logout, left)


def _certificates(role: Any) -> list[Any]:
    found = []
    for key in xml.children(role, "./md:KeyDescriptor"):
        if key.get("use", "signing") != "signing":
            continue
        for each in xml.children(key, "./ds:KeyInfo/ds:X509Data/ds:X509Certificate"):
            try:
                found.append(load_der_x509_certificate(base64.b64decode("".join(xml.text_of(each).split()))))
            except (binascii.Error, ValueError) as error:
                raise NotSignedIn(
                    "setup",
                    both(f"a certificate of the metadata cannot be read: {error}", f"无法读取元数据中的证书：{error}"),
                ) from None
    return found
