"""`wecom_robot`: a robot in a WeCom (企业微信) group; its address is the secret."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Literal

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import Codes, judged, shortened, told
from lowcode.api.connectors.kind import Channel, Message, Notice, TargetPart, Verdict, needed

TEXT_LIMIT = 2048
MARKDOWN_LIMIT = 4096
PICTURE_LIMIT = 2 * 2**20
CODES: Codes = {
    -1: told("again", "WeCom is busy", "企业微信系统繁忙，稍后重试", 30),
    45009: told("again", "more than 20 messages a minute", "每分钟超过 20 条消息", 60),
    45033: told("again", "too many calls at once", "并发调用超过限制", 5),
    93000: told("setup", "the key in the address is wrong, or the robot was removed: copy the address again",
                "Webhook 地址中的 key 无效或机器人已被移除，请重新复制地址"),
    93004: told("setup", "the robot is switched off", "机器人已停用"),
    93008: told("setup", "the robot is no longer in the group", "机器人不在群中"),
    40058: told("content", "a parameter is wrong", "参数不合法"),
    40008: told("content", "this sort of message is not taken", "消息类型不支持"),
    45002: told("content", "the text is too long", "消息内容过长"),
    40201: told("content", "the text was taken for spam", "内容含有敏感信息，被企业微信拦截"),
}  # fmt: skip
"""All of them are in WeCom's list: https://developer.work.weixin.qq.com/document/path/90313."""


class WecomRobotDocument(TargetPart):
    """A robot in a WeCom group. `url` is its webhook address (a secret: it has the key in it)."""

    type: Literal["wecom_robot"]
    limit: int | None = Field(20, ge=1, le=100_000, description="Messages a minute; WeCom takes 20.")


class WecomRobot:
    """Markdown for a group, or a text that calls some by their phone: in Markdown WeCom calls nobody by phone."""

    name = "wecom_robot"
    model = WecomRobotDocument

    def write(self, document: WecomRobotDocument, message: Message) -> str:
        """A message, cut to what WeCom takes; or a picture."""
        values = message.values
        if values.get("picture"):
            shown: dict[str, Any] = {"base64": values["picture"], "md5": values["md5"]}
            return orjson.dumps({"msgtype": "image", "image": shown}).decode()
        needed(values, ("text",))
        title, text = str(values.get("title") or ""), str(values["text"])
        phones = ["@all"] if values.get("everybody") else list(values.get("phones") or ())
        if phones or not title:
            content = shortened(f"{title}\n{text}" if title else text, TEXT_LIMIT)
            shown = {"content": content, "mentioned_mobile_list": phones}
            return orjson.dumps({"msgtype": "text", "text": shown}).decode()
        content = shortened(f"### {title}\n{text}", MARKDOWN_LIMIT)
        return orjson.dumps({"msgtype": "markdown", "markdown": {"content": content}}).decode()

    def judge(self, document: WecomRobotDocument, answer: str) -> Verdict | None:
        """WeCom answers 200 to everything and says the rest in `errcode`."""
        return judged(answer, CODES, "errcode", "errmsg")

    def _say(self, document: WecomRobotDocument, notice: Notice) -> Mapping[str, Any]:
        more = (f"\n{notice.link}" if notice.to else f"\n[{notice.look}]({notice.link})") if notice.link else ""
        return {"title": notice.title, "text": f"{notice.text}{more}" or notice.title, "phones": notice.to}

    def _show(self, document: WecomRobotDocument, notice: Notice, picture: bytes) -> Mapping[str, Any] | None:
        if len(picture) > PICTURE_LIMIT:
            return None
        md5 = hashlib.md5(picture, usedforsecurity=False).hexdigest()  # what WeCom asks for, against damage on the way
        return {"picture": base64.b64encode(picture).decode(), "md5": md5}

    def channel(self, document: WecomRobotDocument) -> Channel:
        """A room, which pictures are shown in as well."""
        return Channel("room", self._say, 100, self._show)


WECOM_ROBOT = WecomRobot()
