"""Who the app is to push services: pairs of keys on P-256, by which each message is signed (VAPID, RFC 8292).

The secret `PUSH_KEYS` holds private keys, parted by commas: browsers subscribe with the first, and the others serve
those that subscribed with them before, until their pages were opened again. A host that is not given any makes one and
keeps it in `OWN_KEY` beside the contents of files.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lowcode.api.diagnostics import problem
from lowcode.api.mail import mailer_of
from lowcode.kernel.diagnostics import Rejected, Text
from lowcode.kernel.links import public_url
from lowcode.kernel.reasons import filled
from lowcode.kernel.storage.files import GivenFiles
from lowcode.kernel.storage.own_key import made, read

ec: Any
try:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
except ModuleNotFoundError:  # the extra is not installed; said where a device is added
    ec = None

SECRET = "PUSH_KEYS"
OWN_KEY = "push.key"
KEY_BYTES = 32
LASTS = 12 * 3600
"""Seconds a proof is good for; a push service takes none of more than a day."""
LACKS_EXTRA: Text = {
    "en": "the extra 'encryption' is not installed: pip install 'lowcode[encryption]'",
    "zh-CN": "未安装扩展 encryption，请运行 pip install 'lowcode[encryption]'",
}
NO_KEYS: Text = {
    "en": "there is no folder for a key of its own: give the host LOWCODE_SECRET_{secret} (one is made by: "
    "python -c 'from lowcode.api.push.keys import new_key; print(new_key())')",
    "zh-CN": "没有可存放自有密钥的文件夹，请为服务设置 LOWCODE_SECRET_{secret}（可这样生成："
    "python -c 'from lowcode.api.push.keys import new_key; print(new_key())'）",
}
BAD_KEYS: Text = {
    "en": "LOWCODE_SECRET_{secret} holds '{seen}…', which is no private key of P-256 in base64url",
    "zh-CN": "LOWCODE_SECRET_{secret} 中的“{seen}…”不是 base64url 形式的 P-256 私钥",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of keys; `public` is as browsers take it."""

    public: str
    private: Any


def possible() -> bool:
    """Whether the library is installed."""
    return ec is not None


def new_key() -> str:
    """A fresh private key as it is written into the secret."""
    return encoded(ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(KEY_BYTES, "big"))


def encoded(content: bytes) -> str:
    """Base64 for addresses, without what fills up."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What such a text holds. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError(text) from None


def pairs_of(host: Any) -> Mapping[str, Pair]:
    """The pairs of a host by their public keys, the one to subscribe with first. Raises Rejected saying what is
    missing."""
    given = host.secret(SECRET) or ""
    found: Mapping[str, Pair] = host.cached(("push-keys", given), lambda: _pairs(host, given))
    return found


def _pairs(host: Any, given: str) -> Mapping[str, Pair]:
    if not possible():
        raise _unready(LACKS_EXTRA)
    pairs = [_pair(each) for each in filter(None, (part.strip() for part in (given or _own(host)).split(",")))]
    if not pairs:
        raise _unready(filled(NO_KEYS, secret=SECRET))
    if given:  # who subscribed before keys were given must be reached still
        pairs += [_pair(each) for each in filter(None, (read(Path(host.files.folder) / OWN_KEY),))]
    return {each.public: each for each in pairs}


def _own(host: Any) -> str:
    """The host's own key, where all machines that open its database find it."""
    if isinstance(host.files, GivenFiles) and host.database.dialect_name != "sqlite":
        return ""
    path = Path(host.files.folder) / OWN_KEY
    try:
        return read(path) or made(path, new_key, f"a key for push services; {SECRET} takes its place")
    except OSError:
        return ""


def _pair(text: str) -> Pair:
    try:
        content = decoded(text)
        if len(content) != KEY_BYTES:
            raise ValueError(text)
        private = ec.derive_private_key(int.from_bytes(content, "big"), ec.SECP256R1())
    except ValueError:
        raise _unready(filled(BAD_KEYS, secret=SECRET, seen=text[:4])) from None
    return Pair(encoded(point(private.public_key())), private)


def point(public: Any) -> bytes:
    """A public key as 65 bytes."""
    found: bytes = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return found


def _unready(reason: Text) -> Rejected:
    return Rejected(problem("push-unready", reason=reason))


def proof(host: Any, pair: Pair, endpoint: str, now: datetime) -> str:
    """The header by which a push service knows who sends (RFC 8292, 3): for its origin alone, good for some hours."""
    parts = urlsplit(endpoint)
    claims: dict[str, Any] = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now.timestamp()) + LASTS}
    contact = _contact(host)
    if contact:
        claims["sub"] = contact
    written = ".".join(
        encoded(json.dumps(each, separators=(",", ":")).encode()) for each in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(pair.private.sign(written.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(KEY_BYTES, "big") + s.to_bytes(KEY_BYTES, "big"))
    return f"vapid t={written}.{signature}, k={pair.public}"


def hidden(host: Any, about: str) -> str:
    """32 characters that are the same for the same matter, and from which nobody without the app's key learns it."""
    private = next(iter(pairs_of(host).values())).private.private_numbers().private_value
    return encoded(hmac.digest(private.to_bytes(KEY_BYTES, "big"), about.encode(), "sha256")[:24])


def _contact(host: Any) -> str:
    """Whom a push service may write to when something is wrong: the app's address, else who sends its letters."""
    address = public_url(host)
    if address.startswith("https://"):
        return address
    mailer = mailer_of(host)
    return f"mailto:{mailer.sender.rpartition('<')[2].strip('> ')}" if mailer is not None else ""
