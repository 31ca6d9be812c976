"""The keys of this app at a SAML provider: pairs of a private key and its certificate, in PEM, kept as one secret.

The first pair signs. All of them decrypt, and all certificates stand in the metadata: a key is changed by putting the
new pair first, letting the provider read the metadata anew, and taking the old pair away.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.kernel.reasons import both

serialization: Any
rsa: Any
x509: Any
try:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    serialization = rsa = x509 = None

BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)
SMALLEST = 2048
"""Bits of a key."""
HOW = "openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj /CN=crm -keyout - -out -"
CALLED = {"CERTIFICATE": "证书", "PRIVATE KEY": "私钥"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key, and the certificate that tells others its public half."""

    private: Any
    certificate: Any

    @property
    def written(self) -> str:
        """The certificate as metadata has it."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


def pairs_of(pem: str) -> tuple[Pair, ...]:
    """The pairs of a secret; none of an empty one. Raises NotSignedIn for what is no pair, never with what it says."""
    if not pem.strip():
        return ()
    privates, certificates = [], []
    for found in BLOCK.finditer(pem):
        block, sort = found[0].encode(), found[1]
        try:
            if sort == "CERTIFICATE":
                certificates.append(x509.load_pem_x509_certificate(block))
            elif sort.endswith("PRIVATE KEY"):
                privates.append(serialization.load_pem_private_key(block, None))
        except (ValueError, TypeError) as error:
            kind = "CERTIFICATE" if sort == "CERTIFICATE" else "PRIVATE KEY"
            raise _wrong(
                f"a {kind.lower()} of it cannot be read ({type(error).__name__})",
                f"其中的{CALLED[kind]}无法读取（{type(error).__name__}）",
            ) from None
    pairs = tuple(Pair(each, one) for each in privates if (one := _certificate(each, certificates)) is not None)
    if not pairs or len(pairs) < len(privates):
        raise _wrong(
            f"{len(privates)} private keys, of which {len(pairs)} have their certificate beside them",
            f"有 {len(privates)} 个私钥，其中 {len(pairs)} 个附有证书",
        )
    for each in pairs:
        if not isinstance(each.private, rsa.RSAPrivateKey) or each.private.key_size < SMALLEST:
            raise _wrong(
                f"a key of it is no RSA key of {SMALLEST} bits or more", f"其中有密钥不是 {SMALLEST} 位以上的 RSA 密钥"
            )
    return pairs


def _certificate(private: Any, certificates: list[Any]) -> Any:
    public = private.public_key()
    return next((each for each in certificates if each.public_key() == public), None)


def _wrong(english: str, chinese: str) -> NotSignedIn:
    return NotSignedIn(
        "setup",
        both(
            f"the secret of 'key' is no private key with its certificate in PEM: {english}. Try: {HOW}",
            f"key 的密钥值不是 PEM 格式的私钥及其证书：{chinese}。可以运行：{HOW}",
        ),
    )
