"""`feishu_robot`: a robot in a Feishu (飞书, Lark) group, signed with its secret inside the message."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import NO_OBJECT, Codes, look_of, object_of, told, verdict
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
    11232: told("again", "too many messages", "消息发送过于频繁", 60),
    19001: told("setup", "the address is wrong: copy the robot's webhook address again",
                "Webhook 地址无效，请重新复制机器人的地址"),
    19002: told("content", "a parameter is wrong", "参数不合法"),
    19021: told("setup", "the signature is wrong or too old: compare the secret and the clock",
                "签名校验失败，请核对密钥和服务器时间"),
    19022: told("setup", "the address of this server is not on the robot's list", "服务器 IP 不在机器人白名单中"),
    19024: told("setup", "the robot's keyword is missing: put it into the text or take it off the robot",
                "缺少机器人设置的关键词，请在内容中加入或修改安全设置"),
    9499: told("content", "the message is not understood, or larger than 20 KB", "消息格式不正确，或超过 20 KB"),
}  # fmt: skip
"""From Feishu's guide to such robots, https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot, but for 19001
and 19002, which it does not name and which its robots answer."""


class FeishuRobotDocument(TargetPart):
    """A robot in a Feishu group. `url` is its webhook address."""

    type: Literal["feishu_robot"]
    secret: SecretReference | None = Field(None, description="The secret of the setting 签名校验.")
    limit: int | None = Field(100, ge=1, le=100_000, description="Messages a minute; Feishu takes 100.")


class FeishuRobot:
    """A rich text with a title for a group."""

    name = "feishu_robot"
    model = FeishuRobotDocument

    def write(self, document: FeishuRobotDocument, message: Message) -> str:
        """A message of the sort post, or text when there is no title."""
        values = message.values
        needed(values, ("text",))
        if not values.get("title"):
            return orjson.dumps({"msg_type": "text", "content": {"text": str(values["text"])}}).decode()
        lines: list[list[dict[str, str]]] = [[{"tag": "text", "text": str(values["text"])}]]
        if values.get("link"):
            lines.append([{"tag": "a", "text": look_of(values), "href": str(values["link"])}])
        post = {"zh_cn": {"title": str(values["title"]), "content": lines}}
        return orjson.dumps({"msg_type": "post", "content": {"post": post}}).decode()

    def judge(self, document: FeishuRobotDocument, answer: str) -> Verdict | None:
        """Feishu says `code`, in older answers `StatusCode`."""
        found = object_of(answer)
        if found is None:
            return NO_OBJECT
        code = found.get("code", found.get("StatusCode"))
        return None if code == 0 else verdict(CODES, code, found.get("msg", found.get("StatusMessage", "")))

    def _sign(self, document: FeishuRobotDocument, call: Call, keys: Keys) -> Call:
        if document.secret is None:
            return call
        stamp = str(int(keys.now.timestamp()))
        signed = {"timestamp": stamp, "sign": signature(keys.value(document.secret), stamp)}
        return replace(call, body=orjson.dumps({**signed, **orjson.loads(call.body)}))

    def _say(self, document: FeishuRobotDocument, notice: Notice) -> Mapping[str, Any]:
        text = notice.text or notice.title
        return {"title": notice.title, "text": text, "link": notice.link, "look": notice.look}

    def channel(self, document: FeishuRobotDocument) -> Channel:
        """A room; Feishu calls nobody by phone."""
        return Channel("room", self._say, 100)

    @property
    def access(self) -> Access:
        """A signature over the time, in the message."""
        return Access(self._sign)


def signature(secret: str, stamp: str) -> str:
    """HMAC-SHA256 of nothing under time and secret, as base64: DingTalk's the other way round, and in seconds."""
    return base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


FEISHU_ROBOT = FeishuRobot()
