"""`dingtalk_robot`: a robot in a DingTalk (钉钉) group, signed with its secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlencode

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import Codes, judged, markdown, told
from lowcode.api.connectors.kind import (
    Access,
    Call,
    Channel,
    Keys,
    Message,
    Notice,
    SecretReference,
    TargetPart,
    Verdict,
    needed,
)

CODES: Codes = {
    -1: told("again", "DingTalk is busy", "钉钉系统繁忙，稍后重试", 30),
    130101: told("again", "more than 20 messages a minute; the robot is stopped for ten minutes",
                 "每分钟超过 20 条消息，机器人被限流十分钟", 600),
    410100: told("again", "more than 20 messages a minute; the robot is stopped for ten minutes",
                 "每分钟超过 20 条消息，机器人被限流十分钟", 600),
    310000: told("setup", "the robot's security settings refused: compare keyword, address list and secret",
                 "未通过机器人安全设置，请核对关键词、IP 白名单和加签密钥"),
    300001: told("setup", "the token in the address is wrong: copy the robot's webhook address again",
                 "access_token 不存在，请重新复制机器人的 Webhook 地址"),
    400101: told("setup", "the token in the address is wrong: copy the robot's webhook address again",
                 "access_token 不存在，请重新复制机器人的 Webhook 地址"),
    400102: told("setup", "the robot is switched off: switch it on in the group's settings",
                 "机器人已停用，请在群设置中启用"),
    400013: told("setup", "the group is gone: make a robot in another group", "群已被解散，请在其他群新建机器人"),
    400106: told("setup", "the robot is no longer in the group: add it again", "机器人已不在群中，请重新添加"),
    400105: told("content", "this sort of message is not taken", "消息类型不支持"),
    430101: told("content", "the text has an address that is not safe", "内容含有不安全的外链"),
    430102: told("content", "the text is not permitted", "内容含有不合适的文本"),
    430103: told("content", "the picture is not permitted", "内容含有不合适的图片"),
    430104: told("content", "the text is not permitted", "内容含有不合适的内容"),
}  # fmt: skip


class DingtalkRobotDocument(TargetPart):
    """A robot in a DingTalk group. `url` is its webhook address (a secret: it has the access token in it)."""

    type: Literal["dingtalk_robot"]
    secret: SecretReference | None = Field(None, description="The secret of the security setting 加签.")
    limit: int | None = Field(20, ge=1, le=100_000, description="Messages a minute; DingTalk takes 20.")


class DingtalkRobot:
    """Markdown for a group; some are called by their phone."""

    name = "dingtalk_robot"
    model = DingtalkRobotDocument

    def write(self, document: DingtalkRobotDocument, message: Message) -> str:
        """A message of the sort markdown, or text when there is no title."""
        values = message.values
        needed(values, ("text",))
        at = {"atMobiles": list(values.get("phones") or ()), "isAtAll": bool(values.get("everybody"))}
        text = str(values["text"])
        if values.get("title"):
            called = " ".join(f"@{phone}" for phone in at["atMobiles"])  # type: ignore[attr-defined]
            shown = {"title": str(values["title"]), "text": f"{text}\n\n{called}" if called else text}
            return orjson.dumps({"msgtype": "markdown", "markdown": shown, "at": at}).decode()
        return orjson.dumps({"msgtype": "text", "text": {"content": text}, "at": at}).decode()

    def judge(self, document: DingtalkRobotDocument, answer: str) -> Verdict | None:
        """DingTalk answers 200 to everything and says the rest in `errcode`."""
        return judged(answer, CODES, "errcode", "errmsg")

    def _sign(self, document: DingtalkRobotDocument, call: Call, keys: Keys) -> Call:
        if document.secret is None:
            return call
        stamp = str(int(keys.now.timestamp() * 1000))
        signed = {"timestamp": stamp, "sign": signature(keys.value(document.secret), stamp)}
        return replace(call, url=f"{call.url}{'&' if '?' in call.url else '?'}{urlencode(signed)}")

    def _say(self, document: DingtalkRobotDocument, notice: Notice) -> Mapping[str, Any]:
        text = markdown(notice.title, notice.text, notice.link, notice.look)
        return {"title": notice.title or notice.text[:20], "text": text, "phones": notice.to}

    def channel(self, document: DingtalkRobotDocument) -> Channel:
        """A room."""
        return Channel("room", self._say, 100)

    @property
    def access(self) -> Access:
        """A signature over the time."""
        return Access(self._sign)


def signature(secret: str, stamp: str) -> str:
    """HMAC-SHA256 of time and secret, as base64."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


DINGTALK_ROBOT = DingtalkRobot()
