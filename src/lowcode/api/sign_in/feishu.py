"""`feishu_sign_in`: people of a Feishu (飞书, Lark) organisation, by scanning a code or inside the Feishu app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import object_of
from lowcode.api.connectors.kind import Ask, Call, Keys, Steps
from lowcode.api.sign_in.kind import NotSignedIn, Person, Reason, Returned, SignInDocument, Start
from lowcode.api.sign_in.said import result_of, text_of, vouched_for
from lowcode.kernel.reasons import both

PAGE = "https://accounts.feishu.cn/open-apis/authen/v1/authorize"
REASONS: Mapping[object, Reason] = {
    20003: "expired", 20004: "expired", 20065: "expired",  # no such code, too old, used
    20024: "untrusted", 20049: "untrusted",  # a code of another application, another PKCE verifier
    20008: "unknown", 20010: "unknown",  # nobody, or nobody who may use the application
    20066: "inactive",
    20050: "unreachable", 20072: "unreachable",
}  # fmt: skip
"""Why Feishu gives no token; anything else is a wrong set-up."""


class FeishuSignInDocument(SignInDocument):
    """People of a Feishu organisation sign in by its application."""

    type: Literal["feishu_sign_in"]
    connector: str = Field(description="The connector of the type `feishu_app` whose application it is.")
    page: str = Field(
        PAGE,
        pattern="^https?://",
        description="Where Feishu asks who it is; for Lark "
        "`https://accounts.larksuite.com/open-apis/authen/v1/authorize`.",
    )


class FeishuSignIn:
    """A code with PKCE for a token of the person, and the token for who they are."""

    name = "feishu_sign_in"
    model = FeishuSignInDocument
    connector = "feishu_app"

    def begin(self, document: FeishuSignInDocument, start: Start, keys: Keys) -> Steps[str]:
        """Feishu's page; inside the app it asks nothing."""
        yield from ()
        asked = {
            "client_id": keys.value(start.connector.app), "response_type": "code", "redirect_uri": start.back,
            "state": start.state, "code_challenge": start.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{document.page}?{urlencode(asked)}"

    def finish(self, document: FeishuSignInDocument, returned: Returned, keys: Keys) -> Steps[Person]:
        """Who it was."""
        application, sent = returned.connector, returned.parameters
        if "error" in sent or not sent.get("code"):
            raise NotSignedIn(
                "cancelled",
                both(
                    f"Feishu sent no code: {sent.get('error', '')[:100]}",
                    f"飞书没有返回授权码：{sent.get('error', '')[:100]}",
                ),
            )
        url = keys.value(application.url).rstrip("/")
        body = {
            "grant_type": "authorization_code", "client_id": keys.value(application.app),
            "client_secret": keys.value(application.secret), "code": sent["code"], "redirect_uri": returned.back,
            "code_verifier": returned.verifier,
        }  # fmt: skip
        headers = {"Content-Type": "application/json; charset=utf-8"}
        reply = yield Ask(Call(f"{url}/open-apis/authen/v2/oauth/token", "POST", headers, orjson.dumps(body)))
        token = object_of(reply.text) or {}
        if token.get("code") != 0 or not text_of(token, "access_token"):
            said = f"{token.get('code', reply.status)} {text_of(token, 'error_description')[:200]}"
            raise NotSignedIn(
                REASONS.get(token.get("code"), "setup"),
                both(f"Feishu gave no token: {said}", f"飞书没有返回令牌：{said}"),
            )
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        reply = yield Ask(Call(f"{url}/open-apis/authen/v1/user_info", "GET", headers))
        found = result_of(reply, "code", "msg", "data")
        account = text_of(found, "open_id")
        if not account:
            raise NotSignedIn("setup", both("Feishu does not say who it was", "飞书没有返回登录者的身份"))
        email, phone = text_of(found, "enterprise_email"), text_of(found, "mobile")
        login = text_of(found, "user_id") or account
        return Person(account, login, text_of(found, "name"), email, phone, vouched_for(email, phone), found)


FEISHU_SIGN_IN = FeishuSignIn()
