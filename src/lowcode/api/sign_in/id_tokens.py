"""What an OpenID Connect provider signs: an ID token, held to all that has to be true of it (Core 1.0, 3.1.3.7).

The signature is checked by PyJWT (extra `oidc`) with the provider's published keys, by asymmetric algorithms only, so
that neither `none` nor a public key taken for a secret passes. The times are held to the host's clock.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.kernel.reasons import both

jwt: Any
_algorithms: Any
try:
    import jwt
    from jwt import algorithms as _algorithms
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    jwt, _algorithms = None, None

FAMILIES = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "PS384": "RSA", "PS512": "RSA",
    "ES256": "EC", "ES384": "EC", "ES512": "EC", "EdDSA": "OKP",
}  # fmt: skip
"""The algorithms that are taken, each with the sort of key it needs."""
SKEW = 60
"""Seconds by which two clocks may differ."""
OLDEST = 600
"""Seconds since a token was made: it is made for this sign-in."""


def possible() -> bool:
    """Whether what checks signatures is installed."""
    return jwt is not None and bool(getattr(_algorithms, "has_crypto", False))


def key_named(token: str) -> str | None:
    """The name of the key a token says it is signed with. Raises NotSignedIn for what is no token."""
    return _text(_header(token).get("kid"))


def key_for(token: str, keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The key a token is signed with: the one it names; where it names none, the only one that fits."""
    header = _header(token)
    family = FAMILIES.get(str(header.get("alg")))
    fitting = [each for each in keys if each.get("kty") == family and each.get("use", "sig") == "sig"]
    fitting = [each for each in fitting if each.get("alg", header.get("alg")) == header.get("alg")]
    if header.get("kid") is not None:
        return next((each for each in fitting if each.get("kid") == header["kid"]), None)
    return fitting[0] if len(fitting) == 1 else None


def claims(token: str, key: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a token says, once its signature is proven. Raises NotSignedIn."""
    algorithm = str(_header(token).get("alg"))
    if algorithm not in FAMILIES:
        raise NotSignedIn(
            "untrusted",
            both(f"the ID token is signed with '{algorithm}'", f"ID 令牌的签名算法是“{algorithm}”，不被接受"),
        )
    checks = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss"), False)
    try:
        read = jwt.decode(
            token, jwt.PyJWK(dict(key), algorithm).key, algorithms=[algorithm], options={**checks, "verify_sub": False}
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotSignedIn(
            "untrusted",
            both(
                f"the ID token cannot be trusted: {type(error).__name__}: {error}",
                f"ID 令牌不可信：{type(error).__name__}：{error}",
            ),
        ) from None
    found: Mapping[str, Any] = read
    return found


def hold(found: Mapping[str, Any], *, issuer: str, client: str, nonce: str, now: datetime) -> None:
    """Whether what a token says is meant for this app and this sign-in. Raises NotSignedIn naming what is not."""
    audience = found.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    stamp = now.timestamp()
    wrong = {
        "iss": found.get("iss") != issuer,
        "aud": client not in audiences,
        "azp": found.get("azp", client) != client or (len(audiences) > 1 and "azp" not in found),
        "sub": not _text(found.get("sub")),
        "exp": not _number(found.get("exp")) or found["exp"] + SKEW <= stamp,
        "nbf": "nbf" in found and (not _number(found["nbf"]) or found["nbf"] - SKEW > stamp),
        "iat": not _number(found.get("iat")) or not -SKEW <= stamp - found["iat"] <= OLDEST + SKEW,
        "nonce": not hmac.compare_digest(str(found.get("nonce", "")).encode(), nonce.encode()),
    }
    named = [name for name, is_wrong in wrong.items() if is_wrong]
    if named:
        raise NotSignedIn(
            "untrusted",
            both(
                f"the ID token is not for this sign-in: {', '.join(named)}",
                f"ID 令牌与本次登录不符：{'、'.join(named)}",
            ),
        )


def hold_access(found: Mapping[str, Any], token: str, algorithm: str) -> None:
    """Whether the access token beside an ID token is the one it was made with. Raises NotSignedIn."""
    said = found.get("at_hash")
    if said is None:
        return
    made = {"256": hashlib.sha256, "384": hashlib.sha384}.get(algorithm[-3:], hashlib.sha512)(token.encode()).digest()
    half = base64.urlsafe_b64encode(made[: len(made) // 2]).rstrip(b"=")
    if not hmac.compare_digest(str(said).encode(), half):
        raise NotSignedIn(
            "untrusted", both("the access token does not belong to the ID token", "访问令牌与 ID 令牌不匹配")
        )


def algorithm_of(token: str) -> str:
    """The algorithm a token is signed with."""
    return str(_header(token).get("alg"))


def _header(token: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise NotSignedIn("untrusted", both(f"this is no ID token: {error}", f"这不是 ID 令牌：{error}")) from None
    return found


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 255 else None


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
