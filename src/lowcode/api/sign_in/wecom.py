"""`wecom_sign_in`: people of a WeCom (企业微信) organisation, by scanning a code or inside the WeCom app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

import orjson
from pydantic import Field

from lowcode.api.connectors.kind import Ask, Call, Keys, Steps
from lowcode.api.sign_in.kind import NotSignedIn, Person, Returned, SignInDocument, Start
from lowcode.api.sign_in.said import result_of, text_of, vouched_for
from lowcode.kernel.reasons import both

PAGE = "https://login.work.weixin.qq.com/wwlogin/sso/login"
INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
APP = "wxwork"
"""What the browser inside the WeCom app calls itself."""
NOBODY = (60111,)
LATE = (40029, 42003, 42022)
"""No such code, too old, used."""


class WecomSignInDocument(SignInDocument):
    """People of a WeCom organisation sign in by its application."""

    type: Literal["wecom_sign_in"]
    connector: str = Field(description="The connector of the type `wecom_app` whose application it is.")
    page: str = Field(PAGE, pattern="^https?://", description="Where WeCom shows the code to scan.")
    inside: str = Field(INSIDE, pattern="^https?://", description="Where WeCom asks who it is inside of its own app.")


class WecomSignIn:
    """A code for the account of the person in the organisation.

    Numbers and addresses are told to applications inside of the WeCom app only, and after the person agreed; who signs
    in by scanning is therefore known by their account: linked, brought by `api.sync`, or made."""

    name = "wecom_sign_in"
    model = WecomSignInDocument
    connector = "wecom_app"

    def begin(self, document: WecomSignInDocument, start: Start, keys: Keys) -> Steps[str]:
        """The page with a code to scan; inside the WeCom app the one that asks nothing."""
        yield from ()
        application = start.connector
        corporation = keys.value(application.corporation)
        agent = str(application.agent) if isinstance(application.agent, int) else keys.value(application.agent)
        if APP in start.agent.lower():
            asked = {"appid": corporation, "redirect_uri": start.back, "response_type": "code",
                     "scope": "snsapi_privateinfo", "state": start.state, "agentid": agent}  # fmt: skip
            return f"{document.inside}?{urlencode(asked)}#wechat_redirect"
        asked = {"login_type": "CorpApp", "appid": corporation, "agentid": agent, "redirect_uri": start.back,
                 "state": start.state}  # fmt: skip
        return f"{document.page}?{urlencode(asked)}"

    def finish(self, document: WecomSignInDocument, returned: Returned, keys: Keys) -> Steps[Person]:
        """Who it was; an outsider has no user id."""
        application, code = returned.connector, returned.parameters.get("code")
        if not code:
            raise NotSignedIn("cancelled", both("WeCom sent no code", "企业微信没有返回授权码"))
        found = yield from self._got(application, "/cgi-bin/auth/getuserinfo", keys, code=code)
        userid = text_of(found, "userid")
        if not userid:
            raise NotSignedIn("unknown", both("nobody of the organisation", "不是组织的成员"))
        detail = dict((yield from self._got(application, "/cgi-bin/user/get", keys, userid=userid)))
        if text_of(found, "user_ticket"):
            url = f"{keys.value(application.url).rstrip('/')}/cgi-bin/auth/getuserdetail"
            body = orjson.dumps({"user_ticket": text_of(found, "user_ticket")})
            reply = yield Ask(Call(url, "POST", {"Content-Type": "application/json"}, body), token=True, content=True)
            more = result_of(reply, "errcode", "errmsg", None, nobody=NOBODY, late=LATE)
            if text_of(more, "userid") == userid:
                detail |= {name: value for name, value in more.items() if value}
        email, phone = text_of(detail, "biz_mail"), text_of(detail, "mobile")
        name = text_of(detail, "name") or userid
        return Person(userid, userid, name, email, phone, vouched_for(email, phone), detail)

    def _got(self, application: Any, path: str, keys: Keys, **asked: str) -> Steps[Mapping[str, Any]]:
        call = Call(f"{keys.value(application.url).rstrip('/')}{path}?{urlencode(asked)}", "GET")
        reply = yield Ask(call, token=True, content=True)
        return result_of(reply, "errcode", "errmsg", None, nobody=NOBODY, late=LATE)


WECOM_SIGN_IN = WecomSignIn()
