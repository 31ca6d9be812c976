"""The parts of DingTalk, WeCom and Feishu where people sign in, as their makers document them.

A person presses a button on the service's page; what the page would send the browser back with, `pressed` answers. A
code serves once, for five minutes, for the application and the address it was asked for.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.api import vendors
from tests.api.vendors import Answer, Asked

CODE_SECONDS = 300


@dataclass
class Doors:
    """The codes a service gave: whose, until when, with the challenge of PKCE and the address they were asked for."""

    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, tuple[str, float, str, str]] = field(default_factory=dict)

    def pressed(self, service: vendors.Service, address: str, person: str, name: str = "code") -> str:
        """What the browser is sent back with after somebody scanned or pressed."""
        asked = {key: values[-1] for key, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_hex(8)
        until = service.stamp() + CODE_SECONDS
        self.codes[code] = person, until, asked.get("code_challenge", ""), asked["redirect_uri"]
        return f"{asked['redirect_uri']}?{urlencode({name: code, 'state': asked['state']})}"

    def taken(self, service: vendors.Service, code: Any) -> tuple[str, str, str] | None:
        """Whose code it is, once."""
        person, until, challenge, back = self.codes.pop(str(code), ("", 0.0, "", ""))
        return (person, challenge, back) if person and until > service.stamp() else None


@dataclass
class DingTalk(vendors.DingTalk):
    """Sign-in at DingTalk."""

    doors: Doors = field(default_factory=Doors)
    given: dict[str, str] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        match asked.path:
            case "/v1.0/oauth2/userAccessToken":
                return self.user_token(asked.json)
            case "/v1.0/contact/users/me":
                person = self.given.get(asked.headers.get("x-acs-dingtalk-access-token", ""))
                if person is None:
                    return 401, {"code": "InvalidAuthentication", "message": "不合法的access_token"}
                return 200, {"nick": person, "unionId": f"union-{person}", "openId": f"open-{person}"}
            case "/topapi/user/getbyunionid" | "/topapi/v2/user/get":
                return 200, self.member(asked)
        return super().answer(asked)

    def user_token(self, sent: Any) -> Answer:
        if (sent["clientId"], sent["clientSecret"], sent["grantType"]) != ("ding1", "app-secret", "authorization_code"):
            return 400, {"code": "invalidClientIdOrSecret", "message": "无效的clientId或者clientSecret"}
        found = self.doors.taken(self, sent["code"])
        if found is None:
            return 400, {"code": "invalidParameter.authCode.notFound", "message": "不存在的临时授权码"}
        token = secrets.token_hex(8)
        self.given[token] = found[0]
        return 200, {"accessToken": token, "refreshToken": "r", "expireIn": 7200}

    def member(self, asked: Asked) -> Any:
        if not self.good(asked.query.get("access_token")):
            return {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": "ding talk error"}
        name = asked.json["unionid"].removeprefix("union-") if "unionid" in asked.json else asked.json["userid"]
        if name not in self.doors.members:
            return {"errcode": 60121, "errmsg": "找不到该用户"}
        found = dict(self.doors.members[name])
        outside = int(found.pop("outside", 0))
        found = {"contact_type": outside} if "unionid" in asked.json else found
        return {"errcode": 0, "errmsg": "ok", "result": {"userid": name, **found}}


@dataclass
class WeCom(vendors.WeCom):
    """Sign-in at WeCom. Numbers and addresses are told for a ticket only, which is given inside of its app."""

    doors: Doors = field(default_factory=Doors)
    private = ("mobile", "biz_mail", "email")

    def answer(self, asked: Asked) -> Answer:
        if asked.path not in ("/cgi-bin/auth/getuserinfo", "/cgi-bin/auth/getuserdetail", "/cgi-bin/user/get"):
            return super().answer(asked)
        token = asked.query.get("access_token")
        if not self.good(token):
            return 200, {"errcode": 42001 if token in self.tokens else 40014, "errmsg": "access_token"}
        if asked.path == "/cgi-bin/user/get":
            return 200, self.member(asked.query["userid"])
        if asked.path == "/cgi-bin/auth/getuserdetail":
            name = asked.json["user_ticket"].removeprefix("ticket-")
            told = {each: value for each, value in self.doors.members[name].items() if each in self.private}
            return 200, {"errcode": 0, "errmsg": "ok", "userid": name, **told}
        taken = self.doors.taken(self, asked.query.get("code"))
        if taken is None:
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        name = taken[0]
        if name.removeprefix("app:") not in self.doors.members:
            return 200, {"errcode": 0, "errmsg": "ok", "openid": f"open-{name}"}
        if name.startswith("app:"):
            name = name.removeprefix("app:")
            return 200, {"errcode": 0, "errmsg": "ok", "userid": name, "user_ticket": f"ticket-{name}"}
        return 200, {"errcode": 0, "errmsg": "ok", "userid": name}

    def member(self, name: str) -> Any:
        if name not in self.doors.members:
            return {"errcode": 60111, "errmsg": "userid not found"}
        shown = {each: value for each, value in self.doors.members[name].items() if each not in self.private}
        return {"errcode": 0, "errmsg": "ok", "userid": name, **shown}


@dataclass
class Feishu(vendors.Feishu):
    """Sign-in at Feishu."""

    doors: Doors = field(default_factory=Doors)
    given: dict[str, str] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        match asked.path:
            case "/open-apis/authen/v2/oauth/token":
                return self.user_token(asked.json)
            case "/open-apis/authen/v1/user_info":
                person = self.given.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
                if person is None:
                    return 400, {"code": 20005, "msg": "The user access token passed is invalid"}
                return 200, {"code": 0, "msg": "success", "data": self.doors.members[person]}
        return super().answer(asked)

    def user_token(self, sent: Any) -> Answer:
        if (sent["client_id"], sent["client_secret"]) != ("cli_1", "app-secret"):
            return 400, self.no(20002, "invalid_client", "The client secret is invalid.")
        found = self.doors.taken(self, sent["code"])
        if found is None:
            return 400, self.no(20003, "invalid_grant", "The authorization code is not found.")
        made = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if made != found[1]:
            return 400, self.no(20049, "invalid_grant", "PKCE code challenge failed.")
        if sent["redirect_uri"] != found[2]:
            return 400, self.no(20071, "invalid_request", "The redirect uri does not match.")
        if found[0] not in self.doors.members:
            return 400, self.no(20010, "invalid_grant", "The user does not have permission to use this app.")
        token = secrets.token_hex(8)
        self.given[token] = found[0]
        return 200, {"code": 0, "access_token": token, "expires_in": 7200, "token_type": "Bearer", "scope": ""}

    @staticmethod
    def no(code: int, error: str, words: str) -> Any:
        return {"code": code, "error": error, "error_description": words}
