"""`feishu_app`: messages of an application inside a Feishu (飞书, Lark) organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import NO_OBJECT, Codes, deciding, judged, look_of, object_of, told, verdict
from lowcode.api.connectors.feishu_people import people
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

BATCH = "/open-apis/message/v4/batch_send/"
RECALL = "/open-apis/im/v1/batch_messages/"
TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"
CODES: Codes = {
    99991400: told("again", "too many calls", "接口调用过于频繁", 5),
    11232: told("again", "too many messages", "消息发送过于频繁", 60),
    99991663: told("token", "the token is no longer good", "tenant_access_token 无效"),
    99991661: told("token", "the token is missing", "缺少 tenant_access_token"),
    99991664: told("token", "the token is no longer good", "app_access_token 无效"),
    99991665: told("token", "the token is no longer good", "tenant_access_token 无效"),
    99991671: told("token", "the token is none", "access_token 格式不正确"),
    10003: told("setup", "app id or app secret is wrong", "App ID 或 App Secret 不正确"),
    10014: told("setup", "app id or app secret is wrong", "App ID 或 App Secret 不正确"),
    99991672: told("setup", "the application lacks a right: grant it in Feishu's console",
                   "应用没有权限，请在开发者后台开通"),
    40004: told("setup", "the application may not see this department: let it see all members",
                "应用没有该部门的权限，请将通讯录权限范围设为全部成员"),
    230006: told("setup", "the application has no robot: switch it on in the console",
                 "应用未启用机器人能力，请在后台开启"),
    99991401: told("setup", "the address of this server is not on the application's list",
                   "服务器 IP 不在应用白名单中，请在开发者后台添加"),
    99991403: told("setup", "the calls of this month are used up: raise the quota", "本月接口调用量已用完，请提升配额"),
    99991662: told("setup", "the application is switched off: switch it on in the console", "应用已停用，请在后台启用"),
    99991673: told("setup", "the application is not switched on for this organisation", "应用在该企业中未启用"),
    99992361: told("setup", "the people's numbers belong to another application: link them by this one",
                   "接收人的 open_id 不属于该应用，请用该应用重新关联"),
    99992351: told("content", "Feishu does not know one of the people", "接收人的 open_id 不存在"),
    230020: told("again", "too many messages", "消息发送过于频繁", 60),
    230027: told("setup", "the application lacks a right: grant it in Feishu's console",
                 "应用没有权限，请在开发者后台开通"),
    230035: told("setup", "the robot may not speak in the group: let it in the group's settings",
                 "机器人没有在群内发言的权限，请在群设置中允许"),
    230022: told("content", "the text is not permitted", "内容含有敏感信息"),
    230025: told("content", "the message is too long", "消息内容过长"),
    230028: told("content", "the organisation's own check refused the message", "消息未通过企业的内容审核"),
    230013: told("setup", "the person lies outside of what the application may see", "接收人不在应用可用范围内"),
    230001: told("content", "a parameter is wrong", "参数不正确"),
    230002: told("content", "the robot is not in the group", "机器人不在群中"),
    230029: told("content", "the person has left the organisation", "接收人已离职"),
    230034: told("content", "the receiver's number is wrong", "接收人或群的 ID 不正确"),
    230038: told("content", "the person belongs to another organisation", "接收人属于其他企业，无法发送"),
    230049: told("again", "the message is on its way already", "消息正在发送", 5),
    230053: told("content", "the person wants no messages of this robot", "接收人已停止接收该机器人的消息"),
    230099: told("content", "the card is not understood: see the words behind", "卡片内容不正确，请看后面的说明"),
    232009: told("setup", "the group is gone", "群已被解散"),
}  # fmt: skip
"""From Feishu's pages: the general codes
(https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code), those of messages
(https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create) and of the directory; 10003 and
10014 are what asking for a token answers."""


class FeishuAppDocument(TargetPart):
    """An application inside a Feishu organisation: messages, sign-in and its people."""

    type: Literal["feishu_app"]
    url: str | SecretReference = Field("https://open.feishu.cn", description="For Lark: https://open.larksuite.com.")
    app: str | SecretReference = Field(description="App ID.")
    secret: SecretReference = Field(description="App Secret.")
    limit: int | None = Field(1000, ge=1, le=100_000, description="Messages a minute.")


class FeishuApp:
    """Messages for people by their Feishu open id."""

    name = "feishu_app"
    model = FeishuAppDocument

    def write(self, document: FeishuAppDocument, message: Message) -> str:
        """A rich text for up to two hundred people; or a picture, which is handed over when it goes out. What people
        decide is a card with a button for each decision."""
        values = message.values
        if "message_id" in values:
            return orjson.dumps(dict(values)).decode()
        needed(values, ("picture" if values.get("picture") else "text", "people"))
        people = [str(each) for each in values["people"]]
        if values.get("picture"):
            return orjson.dumps({"open_ids": people, "msg_type": "image", "picture": values["picture"]}).decode()
        if values.get("buttons"):
            return orjson.dumps({"open_ids": people, "msg_type": "interactive", "card": _card(values)}).decode()
        lines: list[list[dict[str, str]]] = [[{"tag": "text", "text": str(values["text"])}]]
        if values.get("link"):
            lines.append([{"tag": "a", "text": look_of(values), "href": str(values["link"])}])
        post = {"zh_cn": {"title": str(values.get("title") or ""), "content": lines}}
        sent = {"open_ids": people, "msg_type": "post", "content": {"post": post}}
        return orjson.dumps(sent).decode()

    def judge(self, document: FeishuAppDocument, answer: str) -> Verdict | None:
        """Feishu says `code`, and in `invalid_open_ids` who did not get it."""
        refused = judged(answer, CODES, "code", "msg")
        found = object_of(answer)
        data = found.get("data") if refused is None and found is not None else None
        missed = data.get("invalid_open_ids") if isinstance(data, dict) else None
        if missed:
            return Verdict("partly", {"en": f"not for {', '.join(missed)}", "zh-CN": f"未送达 {'、'.join(missed)}"})
        return refused

    def _sign(self, document: FeishuAppDocument, call: Call, keys: Keys) -> Call:
        number = orjson.loads(call.body).get("message_id")
        if number is not None:
            recall = f"{call.url.rstrip('/')}{RECALL}{quote(str(number), safe='')}"
            return bearing(replace(call, url=recall, method="DELETE", body=b""), keys.token)
        return bearing(replace(call, url=f"{call.url.rstrip('/')}{BATCH}"), keys.token)

    def _explain(self, document: FeishuAppDocument, reply: Reply) -> Verdict | None:
        found = object_of(reply.text)
        return verdict(CODES, found["code"], found.get("msg", "")) if found is not None and "code" in found else None

    def _first(self, document: FeishuAppDocument, call: Call, keys: Keys) -> Steps[Call | Verdict]:
        return handed_over(UPLOAD, call, keys)

    def _say(self, document: FeishuAppDocument, notice: Notice) -> Mapping[str, Any]:
        return deciding(notice)

    def _settle(self, document: FeishuAppDocument, settled: Settled) -> Mapping[str, Any] | None:
        data = (object_of(settled.answer) or {}).get("data")
        number = data.get("message_id") if isinstance(data, dict) else None
        return {"message_id": number} if number else None

    def _show(self, document: FeishuAppDocument, notice: Notice, picture: bytes) -> Mapping[str, Any] | None:
        return shown(notice, picture)

    def channel(self, document: FeishuAppDocument) -> Channel:
        """People by their account."""
        return Channel("account", self._say, 200, self._show, self._settle)

    people = staticmethod(people)

    @property
    def access(self) -> Access:
        """A token for two hours."""
        return Access(self._sign, ask_token, read_token, self._explain, bearing, self._first)


def _card(values: Mapping[str, Any]) -> dict[str, Any]:
    """A message that asks for a decision; its buttons open the page with that decision first. The words are plain
    text: nothing in a record becomes a link or a mention."""
    plain, buttons = "plain_text", []
    for at, each in enumerate(values["buttons"]):
        look = "primary" if at == 0 else "default"
        words = {"tag": plain, "content": str(each["title"])}
        buttons.append({"tag": "button", "text": words, "type": look, "url": str(each["url"])})
    text = {"tag": "div", "text": {"tag": plain, "content": str(values["text"])}}
    head = {"title": {"tag": plain, "content": str(values.get("title") or "")}}
    return {"header": head, "elements": [text, {"tag": "action", "actions": buttons}]}


def bearing(call: Call, token: str) -> Call:
    """A request with the token of the application."""
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {token}"})


def ask_token(document: FeishuAppDocument, keys: Keys) -> Call:
    """The request for a token."""
    body = {"app_id": keys.value(document.app), "app_secret": keys.value(document.secret)}
    return Call(f"{keys.value(document.url).rstrip('/')}{TOKEN}", body=orjson.dumps(body))


def read_token(document: FeishuAppDocument, reply: Reply) -> Token | Verdict:
    """The token in the answer."""
    found = object_of(reply.text)
    if found is None:
        return NO_OBJECT
    if found.get("code") != 0:
        return verdict(CODES, found.get("code"), found.get("msg", ""))
    return Token(str(found.get("tenant_access_token", "")), int(found.get("expire", 7200)))


UPLOAD = Upload(
    "/open-apis/im/v1/images", "image", {"image_type": "message"}, bearing,
    lambda answer: judged(answer, CODES, "code", "msg"), lambda found: (found.get("data") or {}).get("image_key"),
    lambda message, number: message.update(content={"image_key": number}),
)  # fmt: skip
FEISHU_APP = FeishuApp()
