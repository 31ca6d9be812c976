"""A provider of OpenID Connect on this machine: authlib's server side, with a page on which a person is chosen.

`lie` makes it say something else than it should, as a provider could that was taken over, or is another.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwk, jwt
from werkzeug.serving import make_server

CLIENT, SECRET = "lowcode-crm", "a-secret-of-the-client"


@dataclass
class Code:
    """A code that was given, as the grant asks for it."""

    code: str
    redirect_uri: str
    scope: str
    person: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Client(ClientMixin):  # type: ignore[misc]
    """The one client of the provider; its addresses are known."""

    client_id = CLIENT
    id_token_signed_response_alg: str | None = None

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.provider.addresses

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Provider:
    """What the provider knows: people by `sub`, the addresses of its client, its keys; and how it lies."""

    people: dict[str, dict[str, Any]]
    addresses: set[str] = field(default_factory=set)
    issuer: str = ""
    keys: list[Any] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lie: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    encode: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """What the description says besides, or instead."""

    def __post_init__(self) -> None:
        self.change_key()

    def change_key(self) -> None:
        """A new key for what is signed from now on; the earlier one is published no longer."""
        self.keys = [jwk.RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})]

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/me",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "authorization_response_iss_parameter_supported": True,
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.more,
        }


def _grant(provider: Provider) -> Any:
    class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        def save_authorization_code(self, code: str, asked: Any) -> None:
            data = asked.payload.data
            provider.codes[code] = Code(
                code, asked.payload.redirect_uri, asked.scope, asked.user, data.get("nonce"),
                data.get("code_challenge"), data.get("code_challenge_method"),
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            del provider.codes[code.code]

        def authenticate_user(self, code: Code) -> str:
            return code.person

    return Grant


def _identity(provider: Provider) -> Any:
    class Identity(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return any(each.nonce == nonce for each in provider.codes.values())

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.issuer, "aud": [CLIENT]}

        def generate_user_info(self, person: str, scope: str) -> Any:
            return UserInfo(sub=person, **provider.people[person])

        def encode_id_token(self, token: Any, asked: Any) -> str:
            claims = self.get_compatible_claims(asked) | self.get_authorization_code_claims(asked.authorization_code)
            claims = provider.lie(claims | dict(self.generate_user_info(asked.user, token["scope"])))
            header = {"alg": "RS256", "kid": provider.keys[-1].kid}
            if provider.encode is not None:
                return provider.encode(header, claims)
            return jwt.encode(header, claims, provider.keys[-1])

    return Identity


def application(provider: Provider) -> Flask:
    """The provider's pages."""
    app = Flask("provider")

    def save(token: dict[str, Any], asked: Any) -> None:
        provider.tokens[token["access_token"]] = asked.user

    server = AuthorizationServer(app, lambda name: Client(provider) if name == CLIENT else None, save)
    server.register_grant(_grant(provider), [CodeChallenge(required=True), _identity(provider)()])

    @app.before_request
    def note() -> None:
        provider.asked.append(request.path)

    @app.get("/.well-known/openid-configuration")
    def described() -> Response:
        return jsonify(provider.describe())

    @app.get("/keys")
    def keys() -> Response:
        return jsonify({"keys": [each.as_dict(private=False) for each in provider.keys]})

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        chosen = request.form.get("person")
        if request.method == "GET":
            server.get_consent_grant()
            buttons = "".join(
                f'<button name="person" value="{sub}">{escape(each.get("name", sub))}</button>'
                for sub, each in provider.people.items()
            )
            return f'<!doctype html><title>Provider</title><form method="post">{buttons}<button>Cancel</button></form>'
        answer = server.create_authorization_response(grant=server.get_consent_grant(), grant_user=chosen or None)
        place = answer.headers["Location"]
        return redirect(f"{place}&iss={provider.issuer}")

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/me")
    def me() -> Any:
        person = provider.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        return jsonify(provider.lie({"sub": person, **provider.people[person]})) if person else ("", 401)

    @app.get("/leave")
    def leave() -> Any:
        provider.ended.append(request.args["client_id"])
        return redirect(request.args["post_logout_redirect_uri"])

    return app


@contextmanager
def running(people: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """A provider at an address for as long as the block lasts."""
    provider = Provider(people)
    server = make_server("127.0.0.1", 0, application(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
