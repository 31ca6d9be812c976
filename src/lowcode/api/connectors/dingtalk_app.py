"""`dingtalk_app`: work notices (工作通知) of an application inside a DingTalk (钉钉) organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlencode

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import (
    NO_OBJECT,
    Codes,
    in_query,
    judged,
    look_of,
    markdown,
    object_of,
    shortened,
    told,
    verdict,
)
from lowcode.api.connectors.dingtalk_people import people
from lowcode.api.connectors.kind import (
    Access,
    Call,
    Channel,
    Keys,
    Message,
    Notice,
    Reply,
    SecretReference,
    Settled,
    Steps,
    TargetPart,
    Token,
    Verdict,
    needed,
)
from lowcode.api.connectors.pictures import Upload, handed_over, shown

TEXT_LIMIT = 1900
CARD_LIMIT = 1200
"""Bytes of the words on a card with buttons, whose addresses count too: a message has 2048 at most."""
SEND = "/topapi/message/corpconversation/asyncsend_v2"
STATUS = "/topapi/message/corpconversation/status_bar/update"
RECALL = "/topapi/message/corpconversation/recall"
COLOURS = {"yes": "0xFF78C06E", "no": "0xFFF65E5E", "other": "0xFF858E99", "open": "0xFFFF9D46"}
TOKEN = "/v1.0/oauth2/accessToken"
CODES: Codes = {
    -1: told("again", "DingTalk is busy", "钉钉系统繁忙，稍后重试", 30),
    15: told("again", "DingTalk is busy", "钉钉系统繁忙，稍后重试", 30),
    88: told("setup", "DingTalk refused the application: see the words behind", "钉钉拒绝了该应用，请看后面的说明"),
    90002: told("again", "too many calls a second", "接口调用过于频繁", 1),
    90018: told("again", "too many calls a minute", "接口调用过于频繁", 60),
    40014: told("token", "the token is no longer good", "access_token 失效"),
    42001: told("token", "the token ran out", "access_token 已过期"),
    40078: told("content", "the code was used or is too old", "授权码已使用或已过期"),
    33012: told("content", "nobody of the list is known to DingTalk", "接收人均不存在"),
    34018: told("setup", "the agent id is wrong or the application is switched off", "agent_id 错误或应用已停用"),
    400002: told("content", "a parameter is wrong", "参数无效"),
    50002: told("setup", "the person lies outside of what the application may see: widen its scope",
                "接收人不在应用可见范围内，请调整应用的可使用范围"),
    60011: told("setup", "the application lacks a right: grant it in DingTalk's console",
                "应用没有权限，请在开发者后台授权"),
    60020: told("setup", "the address of this server is not on the application's list", "服务器 IP 不在应用白名单中"),
    50004: told("setup", "a department lies outside of what the application may see: let it see the whole organisation",
                "部门不在应用的通讯录权限范围内，请在开发者后台设为全部员工"),
    60121: told("content", "DingTalk does not know the person", "找不到该用户"),
}  # fmt: skip


class DingtalkAppDocument(TargetPart):
    """An application inside a DingTalk organisation: work notices, sign-in and its people."""

    type: Literal["dingtalk_app"]
    url: str | SecretReference = "https://oapi.dingtalk.com"
    token_url: str = Field("https://api.dingtalk.com", description="Where tokens are asked for.")
    app_key: str | SecretReference = Field(description="AppKey, now called Client ID.")
    secret: SecretReference = Field(description="AppSecret, now called Client Secret.")
    agent: str | SecretReference = Field(description="AgentId of the application.")
    limit: int | None = Field(1500, ge=1, le=100_000, description="Messages a minute.")
    card: Literal["buttons", "status"] = Field(
        "buttons",
        description="What people get who are asked to decide: a card with a button for each decision, which DingTalk "
        "cannot change and which is taken back once it is decided; or one that opens the page with the buttons, and "
        "whose status bar says what was decided.",
    )


class DingtalkApp:
    """Notices for people by their DingTalk user id."""

    name = "dingtalk_app"
    model = DingtalkAppDocument

    def write(self, document: DingtalkAppDocument, message: Message) -> str:
        """A notice for up to a hundred people; with a link it is a card with a button. Or a picture, which is handed
        over when it goes out."""
        values = message.values
        for changed in ("task_id", "msg_task_id"):
            if changed in values:
                return orjson.dumps(dict(values)).decode()
        needed(values, ("picture" if values.get("picture") else "text", "people"))
        people = ",".join(str(each) for each in values["people"])
        if values.get("picture"):
            sent = {"userid_list": people, "msg": {"msgtype": "image"}, "picture": values["picture"]}
            return orjson.dumps(sent).decode()
        text = shortened(str(values["text"]), TEXT_LIMIT)
        shown: dict[str, Any]
        title = str(values.get("title") or text[:20])
        if values.get("buttons"):
            shown = _card(document, values, title)
        elif values.get("link"):
            button = {"single_title": look_of(values), "single_url": str(values["link"])}
            card = {"title": title, "markdown": text, **button}
            shown = {"msgtype": "action_card", "action_card": card}
        else:
            shown = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
        return orjson.dumps({"userid_list": people, "msg": shown}).decode()

    def judge(self, document: DingtalkAppDocument, answer: str) -> Verdict | None:
        """DingTalk says `errcode` (`refused`)."""
        return refused(answer)

    def _sign(self, document: DingtalkAppDocument, call: Call, keys: Keys) -> Call:
        body = {"agent_id": keys.value(document.agent), **orjson.loads(call.body)}
        path = STATUS if "task_id" in body else RECALL if "msg_task_id" in body else SEND
        url = f"{call.url.rstrip('/')}{path}?{urlencode({'access_token': keys.token})}"
        return replace(call, url=url, body=orjson.dumps(body))

    def _first(self, document: DingtalkAppDocument, call: Call, keys: Keys) -> Steps[Call | Verdict]:
        return handed_over(UPLOAD, call, keys)

    def _say(self, document: DingtalkAppDocument, notice: Notice) -> Mapping[str, Any]:
        text = markdown(notice.title, notice.text, "", "")
        said = {"title": notice.title, "text": text, "link": notice.link, "look": notice.look, "people": notice.to}
        if not notice.buttons:
            return said
        buttons = [{"title": each.title, "url": each.url} for each in notice.buttons]
        return {**said, "plain": notice.text, "buttons": buttons, "status": notice.status}

    def _settle(self, document: DingtalkAppDocument, settled: Settled) -> Mapping[str, Any] | None:
        number = (object_of(settled.answer) or {}).get("task_id")
        if number is None:
            return None
        if document.card == "buttons":
            return {"msg_task_id": number}
        return {"task_id": number, "status_value": settled.status, "status_bg": COLOURS[settled.outcome]}

    def _show(self, document: DingtalkAppDocument, notice: Notice, picture: bytes) -> Mapping[str, Any] | None:
        return shown(notice, picture)

    def channel(self, document: DingtalkAppDocument) -> Channel:
        """People by their account."""
        return Channel("account", self._say, 100, self._show, self._settle)

    people = staticmethod(people)

    @property
    def access(self) -> Access:
        """A token for two hours."""
        return Access(self._sign, ask_token, read_token, explain, in_query, self._first)


def _card(document: DingtalkAppDocument, values: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A message that asks for a decision: with buttons, or with a status bar that can be changed."""
    if document.card == "status":
        head = {"bgcolor": "FFBBBBBB", "text": shortened(title, 60)}
        body = {"title": shortened(title, 300), "content": shortened(str(values.get("plain") or ""), CARD_LIMIT)}
        bar = {"status_value": str(values.get("status") or ""), "status_bg": COLOURS["open"]}
        link = str(values.get("link") or values["buttons"][0]["url"])
        oa = {"message_url": link, "pc_message_url": link, "head": head, "status_bar": bar, "body": body}
        return {"msgtype": "oa", "oa": oa}
    buttons = [{"title": str(each["title"]), "action_url": str(each["url"])} for each in values["buttons"]]
    words = {"title": shortened(title, 300), "markdown": shortened(str(values["text"]), CARD_LIMIT)}
    return {"msgtype": "action_card", "action_card": {**words, "btn_orientation": "1", "btn_json_list": buttons}}


def ask_token(document: DingtalkAppDocument, keys: Keys) -> Call:
    """The request for a token."""
    body = {"appKey": keys.value(document.app_key), "appSecret": keys.value(document.secret)}
    return Call(f"{document.token_url.rstrip('/')}{TOKEN}", body=orjson.dumps(body))


def read_token(document: DingtalkAppDocument, reply: Reply) -> Token | Verdict:
    """The token in the answer."""
    found = object_of(reply.text)
    if found is None:
        return NO_OBJECT
    if found.get("accessToken"):
        return Token(str(found["accessToken"]), int(found.get("expireIn", 7200)))
    return explain(document, reply) or NO_OBJECT


def explain(document: DingtalkAppDocument, reply: Reply) -> Verdict | None:
    """What the newer interfaces say with a status of their own: `{"code": "…", "message": "…"}`."""
    found = object_of(reply.text)
    code = str(found.get("code", "")) if found is not None else ""
    if found is None or not code:
        return None
    if "Throttling" in code or reply.status == 429:
        return verdict({code: told("again", "too many calls", "接口调用过于频繁", 60)}, code, found.get("message", ""))
    if code in ("invalidClientIdOrSecret", "invalidClientSecret") or reply.status in (401, 403):
        cure = told("setup", "AppKey or AppSecret is wrong", "AppKey 或 AppSecret 不正确")
        return verdict({code: cure}, code, found.get("message", ""))
    return verdict({}, code, found.get("message", ""))


def refused(answer: str) -> Verdict | None:
    """What the older interfaces say with `errcode`; 88 carries the true one in `sub_code`."""
    found = object_of(answer)
    inner = str(found.get("sub_code", "")) if found is not None and found.get("errcode") == 88 else ""
    if found is not None and inner.isdecimal() and int(inner) in CODES:
        return verdict(CODES, int(inner), found.get("sub_msg", ""))
    return judged(answer, CODES, "errcode", "errmsg")


UPLOAD = Upload(
    "/media/upload?type=image", "media", {}, in_query, refused, lambda found: found.get("media_id"),
    lambda message, number: message["msg"].update(image={"media_id": number}),
)  # fmt: skip
DINGTALK_APP = DingtalkApp()
