"""`dingtalk_sign_in`: people of a DingTalk (钉钉) organisation, by scanning a code or inside the DingTalk app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import object_of
from lowcode.api.connectors.kind import Ask, Call, Keys, Steps
from lowcode.api.sign_in.kind import NotSignedIn, Person, Returned, SignInDocument, Start
from lowcode.api.sign_in.said import result_of, text_of, vouched_for
from lowcode.kernel.reasons import both

PAGE = "https://login.dingtalk.com/oauth2/auth"
NOBODY = (60121, 33012)
"""DingTalk knows no such person in the organisation."""


class DingtalkSignInDocument(SignInDocument):
    """People of a DingTalk organisation sign in by its application."""

    type: Literal["dingtalk_sign_in"]
    connector: str = Field(description="The connector of the type `dingtalk_app` whose application it is.")
    page: str = Field(PAGE, pattern="^https?://", description="Where DingTalk asks who it is.")


class DingtalkSignIn:
    """A code for a token of the person, the person's union id for their account in the organisation."""

    name = "dingtalk_sign_in"
    model = DingtalkSignInDocument
    connector = "dingtalk_app"

    def begin(self, document: DingtalkSignInDocument, start: Start, keys: Keys) -> Steps[str]:
        """DingTalk's page with a code to scan; inside the app it asks nothing."""
        yield from ()
        asked = {
            "response_type": "code", "client_id": keys.value(start.connector.app_key), "redirect_uri": start.back,
            "scope": "openid", "state": start.state, "prompt": "consent",
        }  # fmt: skip
        return f"{document.page}?{urlencode(asked)}"

    def finish(self, document: DingtalkSignInDocument, returned: Returned, keys: Keys) -> Steps[Person]:
        """Who it was; only people of the organisation have an account there."""
        application, sent = returned.connector, returned.parameters
        code = sent.get("authCode") or sent.get("code")
        if not code:
            raise NotSignedIn(
                "cancelled",
                both(
                    f"DingTalk sent no code: {sent.get('error', '')[:100]}",
                    f"钉钉没有返回授权码：{sent.get('error', '')[:100]}",
                ),
            )
        token = yield from self._token(application, code, keys)
        headers = {"x-acs-dingtalk-access-token": token}
        reply = yield Ask(Call(f"{application.token_url.rstrip('/')}/v1.0/contact/users/me", "GET", headers))
        me = object_of(reply.text) or {}
        if reply.status != 200 or not text_of(me, "unionId"):
            raise NotSignedIn(
                "setup",
                both(
                    f"DingTalk does not say who it was ({me.get('code', reply.status)}); the application needs the "
                    "right Contact.User.Read",
                    f"钉钉没有返回登录者的身份（{me.get('code', reply.status)}）；应用需要权限 Contact.User.Read",
                ),
            )
        found = yield from self._asked(application, "/topapi/user/getbyunionid", keys, unionid=text_of(me, "unionId"))
        userid = text_of(found, "userid")
        if found.get("contact_type") == 1 or not userid:
            raise NotSignedIn(
                "unknown",
                both("an outside contact of the organisation, and nobody of it", "组织的外部联系人，不是组织成员"),
            )
        detail = yield from self._asked(application, "/topapi/v2/user/get", keys, userid=userid)
        email, phone = text_of(detail, "org_email"), text_of(detail, "mobile")
        name = text_of(detail, "name") or text_of(me, "nick")
        return Person(userid, userid, name, email, phone, vouched_for(email, phone), detail)

    def _token(self, application: Any, code: str, keys: Keys) -> Steps[str]:
        body = {
            "clientId": keys.value(application.app_key), "clientSecret": keys.value(application.secret), "code": code,
            "grantType": "authorization_code",
        }  # fmt: skip
        headers = {"Content-Type": "application/json"}
        url = f"{application.token_url.rstrip('/')}/v1.0/oauth2/userAccessToken"
        reply = yield Ask(Call(url, "POST", headers, orjson.dumps(body)))
        found = object_of(reply.text) or {}
        token = text_of(found, "accessToken")
        if reply.status != 200 or not token:
            late = "authcode" in text_of(found, "code").lower() or "授权码" in text_of(found, "message")
            said = f"{found.get('code', reply.status)} {text_of(found, 'message')[:200]}"
            raise NotSignedIn(
                "expired" if late else "setup", both(f"DingTalk gave no token: {said}", f"钉钉没有返回令牌：{said}")
            )
        return token

    def _asked(self, application: Any, path: str, keys: Keys, **asked: str) -> Steps[Mapping[str, Any]]:
        url = f"{keys.value(application.url).rstrip('/')}{path}"
        call = Call(url, "POST", {"Content-Type": "application/json"}, orjson.dumps(asked))
        reply = yield Ask(call, token=True, content=True)
        return result_of(reply, "errcode", "errmsg", "result", nobody=NOBODY)


DINGTALK_SIGN_IN = DingtalkSignIn()
