"""`wecom_app`: messages of an application inside a WeCom (企业微信) organisation."""

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
    both,
    deciding,
    in_query,
    judged,
    look_of,
    object_of,
    shortened,
    told,
    verdict,
)
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
from lowcode.api.connectors.wecom_people import people

TEXT_LIMIT = 2048
CARD_LIMIT = 512
DECISIONS = 3
"""Lines of a card that lead somewhere."""
SEND, RECALL = "/cgi-bin/message/send", "/cgi-bin/message/recall"
CODES: Codes = {
    -1: told("again", "WeCom is busy", "企业微信系统繁忙，稍后重试", 30),
    40014: told("token", "the token is no longer good", "access_token 无效"),
    42001: told("token", "the token ran out", "access_token 已过期"),
    41001: told("token", "the token is missing", "缺少 access_token"),
    45009: told("again", "too many calls", "接口调用超过限制", 60),
    45033: told("again", "too many calls at once", "接口并发调用超过限制", 5),
    40001: told("setup", "the secret is wrong: copy it from the application's page",
                "Secret 错误，请在应用详情页重新复制"),
    40013: told("setup", "the corp id is wrong", "企业 ID 不正确"),
    40056: told("setup", "the agent id is wrong", "AgentId 不正确"),
    41002: told("setup", "the corp id is missing", "缺少企业 ID"),
    60020: told("setup", "the address of this server is not trusted: add it to 企业可信IP of the application",
                "服务器 IP 不可信，请在应用的“企业可信IP”中添加"),
    48002: told("setup", "the application lacks a right: grant it in the console",
                "应用没有接口权限，请在管理后台授权"),
    301002: told("setup", "the agent id belongs to another application", "AgentId 与 Secret 不属于同一应用"),
    60011: told("setup", "the application lacks a right: widen what it may see", "应用无权限，请调整可见范围"),
    50003: told("setup", "the application is switched off: switch it on in the console",
                "应用已停用，请在管理后台启用"),
    50002: told("setup", "the person lies outside of what the application may see: widen its scope",
                "成员不在应用可见范围内，请调整可见范围"),
    60003: told("setup", "the department is gone: correct its number", "部门不存在，请核对部门 ID"),
    60021: told("setup", "the person lies outside of what the application may see: widen its scope",
                "成员不在应用可见范围内，请调整可见范围"),
    92000: told("setup", "the person lies outside of what the application may see: widen its scope",
                "成员不在应用可见范围内，请调整可见范围"),
    40091: told("setup", "the secret belongs to another organisation", "Secret 不属于该企业，请重新复制"),
    48006: told("setup", "the right was taken back because it was not used: an administrator grants it again",
                "应用长期未使用，接口权限已被收回，请管理员重新启用"),
    60123: told("setup", "the department is gone: correct its number", "部门 ID 无效，请核对"),
    40003: told("content", "WeCom does not know one of the people: compare their accounts",
                "成员 UserID 不合法，请核对接收人的企业微信帐号"),
    46004: told("content", "WeCom does not know the person", "成员不存在"),
    82001: told("content", "the message is for nobody: name people", "没有指定接收人"),
    60111: told("content", "WeCom does not know the person", "成员不存在"),
    40007: told("content", "the picture is no longer kept: send it anew", "素材 media_id 无效或已过期，请重新发送"),
    44004: told("content", "the text is empty", "消息内容为空"),
    45001: told("content", "the picture is too large", "图片过大"),
    45003: told("content", "the title is too long", "标题过长"),
    45004: told("content", "the description is too long", "描述过长"),
    40031: told("content", "nobody of the list may be reached: compare accounts, and what the application sees",
                "接收人均不合法或不在应用可见范围内，请核对帐号和可见范围"),
    40123: told("content", "the picture is damaged, or none", "图片已损坏或格式不正确"),
    40201: told("content", "the text was taken for spam", "内容含有敏感信息，被企业微信拦截"),
    42052: told("content", "a message is called back within a day only", "消息只能在 24 小时内撤回"),
    45034: told("content", "an address has to begin with http:// or https://", "链接须以 http:// 或 https:// 开头"),
    85002: told("content", "the text is not permitted", "内容含有不合法的词语"),
    40029: told("content", "the code was used or is too old", "授权码无效、已使用或已过期"),
    42003: told("content", "the code is too old", "授权码已过期"),
    42022: told("content", "the code was used", "授权码已使用"),
    50001: told("setup", "the address to come back to is not trusted: add the host to the application's page",
                "回调域名不可信，请在应用的“企业微信授权登录”中设置授权回调域"),
    81013: told("content", "nobody of the list is there or may see the application",
                "接收人均不存在或不在应用可见范围内"),
    40058: told("content", "a parameter is wrong", "参数不合法"),
    45002: told("content", "the text is too long", "消息内容过长"),
}  # fmt: skip
"""In WeCom's list (https://developer.work.weixin.qq.com/document/path/90313), but for 45003, which it has no more."""
UPLOAD = Upload(
    "/cgi-bin/media/upload?type=image", "media", {}, in_query,
    lambda answer: judged(answer, CODES, "errcode", "errmsg"), lambda found: found.get("media_id"),
    lambda message, number: message.update(image={"media_id": number}),
)  # fmt: skip


class WecomAppDocument(TargetPart):
    """An application inside a WeCom organisation: messages, sign-in and its people."""

    type: Literal["wecom_app"]
    url: str | SecretReference = "https://qyapi.weixin.qq.com"
    corporation: str | SecretReference = Field(description="The id of the enterprise (企业 ID).")
    secret: SecretReference = Field(description="The secret of the application.")
    agent: int | SecretReference = Field(description="AgentId of the application.")
    limit: int | None = Field(1000, ge=1, le=100_000, description="Messages a minute.")


class WecomApp:
    """Messages for people by their WeCom user id."""

    name = "wecom_app"
    model = WecomAppDocument

    def write(self, document: WecomAppDocument, message: Message) -> str:
        """A text, or with a link a card; or a picture, which is handed over when it goes out. What people decide is a
        card whose last lines lead to the decisions."""
        values = message.values
        if "msgid" in values:
            return orjson.dumps(dict(values)).decode()
        needed(values, ("picture" if values.get("picture") else "text", "people"))
        to = {"touser": "|".join(str(each) for each in values["people"])}
        if values.get("picture"):
            return orjson.dumps({**to, "msgtype": "image", "picture": values["picture"]}).decode()
        title, text = str(values.get("title") or ""), str(values["text"])
        if values.get("buttons"):
            return orjson.dumps({**to, "msgtype": "template_card", "template_card": _card(values, title)}).decode()
        if values.get("link"):
            card = {"title": shortened(title or text, 128), "description": shortened(text, CARD_LIMIT),
                    "url": str(values["link"]), "btntxt": look_of(values)}  # fmt: skip
            return orjson.dumps({**to, "msgtype": "textcard", "textcard": card}).decode()
        content = shortened(f"{title}\n{text}" if title else text, TEXT_LIMIT)
        return orjson.dumps({**to, "msgtype": "text", "text": {"content": content}}).decode()

    def judge(self, document: WecomAppDocument, answer: str) -> Verdict | None:
        """WeCom says `errcode`, and in `invaliduser` who did not get it."""
        refused = judged(answer, CODES, "errcode", "errmsg")
        found = object_of(answer)
        if refused is None and found is not None and found.get("invaliduser"):
            english = "not for {who}: unknown, or may not see the application"
            words = both(english, "未送达 {who}：成员不存在或不在可见范围内", who=found["invaliduser"])
            return Verdict("partly", words)
        return refused

    def _sign(self, document: WecomAppDocument, call: Call, keys: Keys) -> Call:
        agent = document.agent if isinstance(document.agent, int) else int(keys.value(document.agent))
        checked = {"enable_duplicate_check": 1, "duplicate_check_interval": 1800}
        body = orjson.loads(call.body)
        path = RECALL if "msgid" in body else SEND
        url = f"{call.url.rstrip('/')}{path}?{urlencode({'access_token': keys.token})}"
        sent = body if path == RECALL else {**body, "agentid": agent, **checked}
        return replace(call, url=url, body=orjson.dumps(sent))

    def _first(self, document: WecomAppDocument, call: Call, keys: Keys) -> Steps[Call | Verdict]:
        return handed_over(UPLOAD, call, keys)

    def _say(self, document: WecomAppDocument, notice: Notice) -> Mapping[str, Any]:
        return deciding(notice)

    def _settle(self, document: WecomAppDocument, settled: Settled) -> Mapping[str, Any] | None:
        number = (object_of(settled.answer) or {}).get("msgid")
        return {"msgid": number} if number else None

    def _show(self, document: WecomAppDocument, notice: Notice, picture: bytes) -> Mapping[str, Any] | None:
        return shown(notice, picture)

    def channel(self, document: WecomAppDocument) -> Channel:
        """People by their account."""
        return Channel("account", self._say, 1000, self._show, self._settle)

    people = staticmethod(people)

    @property
    def access(self) -> Access:
        """A token for two hours."""
        return Access(self._sign, ask_token, read_token, put=in_query, first=self._first)


def _card(values: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A message that asks for a decision; its lines open the page with that decision first."""
    text, buttons = str(values["text"]), values["buttons"][:DECISIONS]
    lines = [{"type": 1, "title": str(each["title"]), "url": str(each["url"])} for each in buttons]
    return {
        "card_type": "text_notice", "main_title": {"title": shortened(title or text, 128)},
        "sub_title_text": shortened(text, CARD_LIMIT), "jump_list": lines,
        "card_action": {"type": 1, "url": str(values.get("link") or lines[0]["url"])},
    }  # fmt: skip


def ask_token(document: WecomAppDocument, keys: Keys) -> Call:
    """The request for a token."""
    asked = {"corpid": keys.value(document.corporation), "corpsecret": keys.value(document.secret)}
    return Call(f"{keys.value(document.url).rstrip('/')}/cgi-bin/gettoken?{urlencode(asked)}", "GET")


def read_token(document: WecomAppDocument, reply: Reply) -> Token | Verdict:
    """The token in the answer."""
    found = object_of(reply.text)
    if found is None:
        return NO_OBJECT
    if found.get("errcode", 0) != 0:
        return verdict(CODES, found["errcode"], found.get("errmsg", ""))
    return Token(str(found.get("access_token", "")), int(found.get("expires_in", 7200)))


WECOM_APP = WecomApp()
