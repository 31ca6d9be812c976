"""Who asks: the security schemes of a document, filled from secrets."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from pydantic import Field

from lowcode.api.connectors.kind import Call, Keys, SecretReference
from lowcode.api.offers.references import References, Unusable
from lowcode.api.offers.writing import Written
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.reasons import both


class LoginPart(Part):
    """A user and a password (http basic)."""

    user: str | SecretReference
    password: SecretReference


class ClientPart(Part):
    """A program that is known to the service (OAuth 2.0, client credentials)."""

    client: str | SecretReference
    client_secret: SecretReference
    scopes: list[str] = Field(default_factory=list, description="Left out: those the service gives by itself.")


Credential = SecretReference | LoginPart | ClientPart


class Scheme:
    """One security scheme of the document with what the connector has for it. Raises Unusable where they do not fit."""

    def __init__(self, name: str, written: Mapping[str, Any], given: Credential) -> None:
        self.name, self.written, self.given = name, written, given
        sort = (str(written.get("type")), str(written.get("scheme", "")).lower())
        self.flow: Mapping[str, Any] | None = None
        match sort:
            case ("apiKey", _) if written.get("in") in ("query", "header", "cookie"):
                expected: Any = SecretReference
            case ("http", "bearer"):
                expected = SecretReference
            case ("http", "basic"):
                expected = LoginPart
            case ("oauth2", _):
                flows = written.get("flows")
                self.flow = flows.get("clientCredentials") if isinstance(flows, Mapping) else None
                if not isinstance(self.flow, Mapping) or not self.flow.get("tokenUrl"):
                    raise Unusable(
                        both(
                            f"'{name}' has no flow clientCredentials, and programs have no other",
                            f"“{name}”没有 clientCredentials 方式，而程序只能使用这种方式",
                        )
                    )
                expected = ClientPart
            case _:
                seen = " ".join(filter(None, sort))
                raise Unusable(
                    both(f"'{name}' is of a sort that is not known: {seen}", f"“{name}”的认证方式无法识别：{seen}")
                )
        if not isinstance(given, expected):
            seen = " ".join(filter(None, sort))
            raise Unusable(
                both(
                    f"'{name}' ({seen}) is given as {WRITTEN[expected]}",
                    f"“{name}”（{seen}）应写作 {WRITTEN[expected]}",
                )
            )

    def put(self, found: Written, keys: Keys) -> None:
        """Put on a request what proves who asks."""
        match self.given:
            case LoginPart():
                pair = f"{keys.value(self.given.user)}:{keys.value(self.given.password)}"
                found.headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            case ClientPart():
                found.headers["Authorization"] = f"Bearer {keys.token}"
            case _ if self.written.get("type") == "http":
                found.headers["Authorization"] = f"Bearer {keys.value(self.given)}"
            case _:
                self._key(found, str(self.written.get("name")), keys.value(self.given))

    def _key(self, found: Written, name: str, value: str) -> None:
        match self.written.get("in"):
            case "query":
                found.query.append(f"{quote(name, safe='')}={quote(value, safe='')}")
            case "header":
                found.headers[name] = value
            case _:
                found.cookies.append(f"{name}={value}")

    @property
    def token_url(self) -> str:
        """Where a token is asked for, as it is written: whole, or beginning at the server."""
        assert self.flow is not None
        return str(self.flow["tokenUrl"])

    def ask(self, server: str, keys: Keys) -> Call:
        """The request for a token (RFC 6749, 4.4)."""
        assert isinstance(self.given, ClientPart)
        wanted = " ".join(self.given.scopes)
        form = {"grant_type": "client_credentials", **({"scope": wanted} if wanted else {})}
        pair = f"{quote(keys.value(self.given.client))}:{quote(keys.value(self.given.client_secret))}"
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        return Call(urljoin(server, self.token_url), "POST", headers, urlencode(form).encode())


WRITTEN = {
    SecretReference: '{"secret": NAME}',
    LoginPart: '{"user": …, "password": {"secret": NAME}}',
    ClientPart: '{"client": …, "client_secret": {"secret": NAME}}',
}
"""How each sort of credential is written."""


def schemes(references: References) -> Mapping[str, Any]:
    """The security schemes of a document."""
    components = references.tree.get("components")
    found = components.get("securitySchemes") if isinstance(components, Mapping) else None
    return {str(name): references.follow(each) for name, each in found.items()} if isinstance(found, Mapping) else {}


def chosen(wanted: list[Any], known: Mapping[str, Scheme]) -> list[Scheme]:
    """The schemes of the first alternative for which there is everything; one that proves something goes before one
    that proves nothing. Raises Unusable."""
    usable = [each for each in wanted if isinstance(each, Mapping) and all(name in known for name in each)]
    if usable:
        return [known[name] for name in max(usable, key=bool)]
    if not wanted:
        return []
    named = [" + ".join(each) for each in wanted if isinstance(each, Mapping) and each]
    raise Unusable(
        both(
            f"it wants to know who asks; give one of these in the connector's 'security': {', '.join(named)}",
            f"该操作需要认证，请在连接的 security 中给出其中一项：{'、'.join(named)}",
        )
    )
