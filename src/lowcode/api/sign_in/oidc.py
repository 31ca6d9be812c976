"""`oidc`: any provider of OpenID Connect (Keycloak, Entra ID, Google, Authing …): authorization code with PKCE."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote, urlencode

from pydantic import Field, model_validator

from lowcode.api.connectors.codes import object_of
from lowcode.api.connectors.kind import Ask, Call, Keys, Reply, SecretReference, Steps
from lowcode.api.sign_in import id_tokens
from lowcode.api.sign_in.addresses import safe, with_parameters
from lowcode.api.sign_in.kind import Leaving, NotSignedIn, Person, Returned, SignInDocument, Start
from lowcode.api.sign_in.words import chinese
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.reasons import both

KNOWN = "/.well-known/openid-configuration"
KEPT = 3600
"""Seconds a provider's description and keys are kept; a key that is not among them is looked for at once."""


class OidcDocument(SignInDocument):
    """A provider of OpenID Connect."""

    type: Literal["oidc"]
    issuer: str | SecretReference = Field(
        description="The provider's name, an address; what else is needed is read from below it."
    )
    client: str | SecretReference = Field(description="What the provider calls this app: its client id.")
    secret: SecretReference | None = Field(None, description="The client secret; public clients have none.")
    scopes: list[str] = Field(
        default_factory=lambda: ["openid", "profile", "email"], description="What is asked for; with `openid`."
    )
    prompt: Literal["login", "select_account"] | None = Field(
        None, description="Lets the provider ask again for a password, or for which account."
    )
    trusts_email: bool = Field(
        False,
        description="The provider gives addresses that only it hands out and does not say `email_verified`. Never with "
        "a provider at which people register themselves.",
    )
    sign_out: bool = Field(True, description="Signing out here leads to signing out there, where the provider can.")

    @model_validator(mode="after")
    def _kept_to_itself(self) -> OidcDocument:
        if isinstance(self.issuer, str) and not safe(self.issuer):
            raise Unfit(
                "'issuer' is an https address; only a provider on this machine may go without",
                "issuer 须为 https 地址，只有本机的服务可以例外",
            )
        return self


class Oidc:
    """Sign-in by an OpenID Connect provider."""

    name = "oidc"
    model = OidcDocument

    def lacks(self) -> str | None:
        """What has to be installed."""
        return None if id_tokens.possible() else "oidc"

    def begin(self, document: OidcDocument, start: Start, keys: Keys) -> Steps[str]:
        """The provider's own page."""
        found = yield from _described(document, keys)
        asked = {
            "response_type": "code", "client_id": keys.value(document.client), "redirect_uri": start.back,
            "scope": " ".join(dict.fromkeys(["openid", *document.scopes])), "state": start.state,
            "nonce": start.nonce, "code_challenge": start.challenge, "code_challenge_method": "S256",
            **({"prompt": document.prompt} if document.prompt else {}),
        }  # fmt: skip
        return with_parameters(_address(found, "authorization_endpoint"), asked)

    def finish(self, document: OidcDocument, returned: Returned, keys: Keys) -> Steps[Person]:
        """Code to tokens, tokens to claims."""
        found = yield from _described(document, keys)
        issuer, sent = str(found["issuer"]), returned.parameters
        said = sent.get("iss")
        if said != issuer and (said is not None or found.get("authorization_response_iss_parameter_supported")):
            raise NotSignedIn(
                "untrusted",
                both(
                    f"the answer is of another provider: '{said}' instead of '{issuer}'",
                    f"返回来自另一个身份提供方：“{said}”，而不是“{issuer}”",
                ),
            )
        if "error" in sent:
            cancelled = sent["error"] in ("access_denied", "login_required", "consent_required", "interaction_required")
            raise NotSignedIn(
                "cancelled" if cancelled else "setup",
                both(f"the provider answered '{sent['error'][:100]}'", f"身份提供方返回“{sent['error'][:100]}”"),
            )
        if not sent.get("code"):
            raise NotSignedIn("untrusted", both("the answer has no code", "返回中没有授权码"))
        tokens = yield from _tokens(document, found, returned, keys)
        token = str(tokens.get("id_token", ""))
        key = yield from _key(token, _address(found, "jwks_uri"))
        claims = id_tokens.claims(token, key)
        id_tokens.hold(claims, issuer=issuer, client=keys.value(document.client), nonce=returned.nonce, now=keys.now)
        access = str(tokens.get("access_token", ""))
        id_tokens.hold_access(claims, access, id_tokens.algorithm_of(token))
        if "userinfo_endpoint" in found and access and not {"email", "name"} <= claims.keys():
            claims = yield from _more(claims, _address(found, "userinfo_endpoint"), access)
        return _person(document, issuer, claims)

    def leave(self, document: OidcDocument, leaving: Leaving, keys: Keys) -> Steps[str | None]:
        """Where the session at the provider ends (RP-Initiated Logout 1.0)."""
        if not document.sign_out:
            return None
        found = yield from _described(document, keys)
        if "end_session_endpoint" not in found:
            return None
        asked = {"client_id": keys.value(document.client), "post_logout_redirect_uri": leaving.place}
        return with_parameters(_address(found, "end_session_endpoint"), asked)


def _described(document: OidcDocument, keys: Keys) -> Steps[Mapping[str, Any]]:
    """How the provider describes itself; it has to say the same name."""
    issuer = keys.value(document.issuer)
    if not safe(issuer):
        raise NotSignedIn(
            "setup", both(f"the issuer '{issuer}' is no https address", f"issuer“{issuer}”不是 https 地址")
        )
    found = _object((yield Ask(Call(issuer.rstrip("/") + KNOWN, "GET"), KEPT)), "its description")
    if found.get("issuer") != issuer:
        raise NotSignedIn(
            "setup",
            both(
                f"'{issuer}' calls itself '{found.get('issuer')}'; write that as 'issuer'",
                f"“{issuer}”自称“{found.get('issuer')}”；请把后者填为 issuer",
            ),
        )
    return found


def _tokens(
    document: OidcDocument, found: Mapping[str, Any], returned: Returned, keys: Keys
) -> Steps[Mapping[str, Any]]:
    """The code for tokens, as the client that asked for it."""
    client, secret = keys.value(document.client), keys.value(document.secret)
    sent = {
        "grant_type": "authorization_code", "code": returned.parameters["code"], "redirect_uri": returned.back,
        "code_verifier": returned.verifier,
    }  # fmt: skip
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if secret and "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        sent |= {"client_id": client, **({"client_secret": secret} if secret else {})}
    reply = yield Ask(Call(_address(found, "token_endpoint"), "POST", headers, urlencode(sent).encode()))
    answer = object_of(reply.text) or {}
    if reply.status != 200:
        error = str(answer.get("error", reply.status))[:100]
        raise NotSignedIn(
            "expired" if error == "invalid_grant" else "setup",
            both(f"no token was given: {error}", f"没有得到令牌：{error}"),
        )
    if "id_token" not in answer:
        raise NotSignedIn(
            "setup",
            both(
                "the provider gives no ID token; is 'openid' among the scopes of this client?",
                "身份提供方没有返回 ID 令牌；该客户端的 scope 中是否有 openid？",
            ),
        )
    return answer


def _key(token: str, address: str) -> Steps[Mapping[str, Any]]:
    """The key a token is signed with; one that is not known is looked for anew, because providers change keys."""
    for anew in (False, True):
        found = _object((yield Ask(Call(address, "GET"), KEPT, anew)), "its keys").get("keys")
        keys = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
        key = id_tokens.key_for(token, keys)
        if key is not None:
            return key
    named = id_tokens.key_named(token)
    raise NotSignedIn(
        "untrusted",
        both(
            f"the ID token is signed with a key the provider does not publish: {named}",
            f"ID 令牌所用的签名密钥不在身份提供方公布的密钥之中：{named}",
        ),
    )


def _more(claims: Mapping[str, Any], address: str, access: str) -> Steps[Mapping[str, Any]]:
    """What the provider says of the person beside the token; only if it is the same person (Core 1.0, 5.3.2)."""
    headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
    reply = yield Ask(Call(address, "GET", headers))
    found = object_of(reply.text) if reply.status == 200 else None
    if found is None:
        return claims
    if found.get("sub") != claims["sub"]:
        raise NotSignedIn(
            "untrusted",
            both("the provider speaks of another person than the ID token", "身份提供方返回的人员与 ID 令牌不一致"),
        )
    return {**found, **claims}


def _person(document: OidcDocument, issuer: str, claims: Mapping[str, Any]) -> Person:
    """The person of some claims. An account is unique below its issuer only."""
    verified = {
        sort
        for sort, claim in (("email", "email_verified"), ("phone", "phone_number_verified"))
        if claims.get(claim) is True
    }
    if document.trusts_email and "email_verified" not in claims:
        verified.add("email")
    text = {name: value for name, value in claims.items() if isinstance(value, str)}
    return Person(
        f"{issuer} {claims['sub']}", text.get("preferred_username", ""), text.get("name", ""), text.get("email", ""),
        text.get("phone_number", ""), frozenset(verified), claims,
    )  # fmt: skip


def _object(reply: Reply, what: str) -> Mapping[str, Any]:
    found = object_of(reply.text) if reply.status == 200 else None
    if found is None:
        raise NotSignedIn(
            "unreachable",
            both(
                f"the provider answered {reply.status} instead of {what}",
                f"身份提供方返回了 {reply.status}，而不是{chinese(what)}",
            ),
        )
    return found


def _address(found: Mapping[str, Any], name: str) -> str:
    address = found.get(name)
    if not isinstance(address, str) or not safe(address):
        raise NotSignedIn(
            "setup",
            both(
                f"the provider's {name} is no https address: {address}",
                f"身份提供方的 {name} 不是 https 地址：{address}",
            ),
        )
    return address


OIDC = Oidc()
