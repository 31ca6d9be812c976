"""An element encrypted for a certificate, by the steps of the standard (XML Encryption 1.1, 4.3): nothing that decrypts
it has made it."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, aead, algorithms, modes
from lxml import etree

ENC, ENC11, DS = (
    "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#", "http://www.w3.org/2000/09/xmldsig#"
)  # fmt: skip
DATA = """<xenc:EncryptedData xmlns:xenc="{enc}" Type="{enc}Element"><xenc:EncryptionMethod Algorithm="{content}"/>\
<ds:KeyInfo xmlns:ds="{ds}">{inside}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue>\
</xenc:CipherData></xenc:EncryptedData>"""
KEY = """<xenc:EncryptedKey xmlns:xenc="{enc}" Id="_key"><xenc:EncryptionMethod Algorithm="{transport}">{how}\
</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData>\
</xenc:EncryptedKey>"""
REFERENCE = f'<ds:RetrievalMethod Type="{ENC}EncryptedKey" URI="#_key"/>'
HASHES: dict[str, Any] = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}
DIGESTS = {"sha1": f"{DS}sha1", "sha256": f"{ENC}sha256", "sha512": f"{ENC}sha512"}


@dataclass
class Encryption:
    """How a provider encrypts. `digest` and `mask` are the hashes of RSA-OAEP; `beside`: the key stands beside the
    content and is referred to; `transport`: `oaep`, or `1_5` as in old times."""

    bits: int = 256
    mode: str = "gcm"
    digest: str = "sha1"
    mask: str = "sha1"
    beside: bool = False
    transport: str = "oaep"
    label: bytes = b""

    def put(self, element: Any, certificate: Any) -> None:
        """Put what is encrypted in the place of an element."""
        key = os.urandom(self.bits // 8)
        plain = bytes(etree.tostring(element, with_tail=False))
        content = f"{ENC11 if self.mode == 'gcm' else ENC}aes{self.bits}-{self.mode}"
        sealed = self._key(key, certificate.public_key())
        data = DATA.format(
            enc=ENC, ds=DS, content=content, inside=REFERENCE if self.beside else sealed,
            value=base64.b64encode(self._content(key, plain)).decode(),
        )  # fmt: skip
        parent = element.getparent()
        parent.replace(element, etree.fromstring(data))
        if self.beside:
            parent.append(etree.fromstring(sealed))

    def _content(self, key: bytes, plain: bytes) -> bytes:
        if self.mode == "gcm":
            start = os.urandom(12)
            return start + aead.AESGCM(key).encrypt(start, plain, None)
        start, missing = os.urandom(16), 16 - len(plain) % 16
        writing = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
        return start + writing.update(plain + bytes(missing - 1) + bytes([missing])) + writing.finalize()

    def _key(self, key: bytes, public: Any) -> str:
        if self.transport == "1_5":
            name, how, sealed = f"{ENC}rsa-1_5", "", public.encrypt(key, padding.PKCS1v15())
        else:
            name = f"{ENC}rsa-oaep-mgf1p" if self.mask == "sha1" else f"{ENC11}rsa-oaep"
            how = f"<xenc:OAEPparams>{base64.b64encode(self.label).decode()}</xenc:OAEPparams>" if self.label else ""
            if self.digest != "sha1":
                how += f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{DIGESTS[self.digest]}"/>'
            if self.mask != "sha1":
                how += f'<xenc11:MGF xmlns:xenc11="{ENC11}" Algorithm="{ENC11}mgf1{self.mask}"/>'
            scheme = padding.OAEP(padding.MGF1(HASHES[self.mask]()), HASHES[self.digest](), self.label or None)
            sealed = public.encrypt(key, scheme)
        return KEY.format(enc=ENC, transport=name, how=how, value=base64.b64encode(sealed).decode())


def certificate_of(path: str) -> Any:
    """The certificate in a file."""
    with open(path, "rb") as file:
        return x509.load_pem_x509_certificate(file.read())
