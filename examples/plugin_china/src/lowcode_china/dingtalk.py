"""The robot of a DingTalk group (钉钉群机器人): texts for the people of the group.

The address of the robot holds its token, so it is a secret: `"url": {"secret": "DINGTALK_ROBOT"}`. DingTalk answers
200 to refusals too; `errcode` says which they are.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from lowcode.api.connectors.kind import ConnectorKind, Message, TargetPart

TEXT_LIMIT = 20_000


class DingtalkDocument(TargetPart):
    """The robot of a group."""

    type: Literal["dingtalk"]
    keyword: str = Field("", description="The word the robot insists on; it is written before each text.")
    everybody: bool = Field(False, description="Whether everybody in the group is mentioned.")


class Dingtalk:
    """Texts for a group; `text` is what a rule gives, `mobiles` whom it mentions."""

    name = "dingtalk"
    model: type[TargetPart] = DingtalkDocument

    def write(self, document: Any, message: Message) -> str:
        """The body the robot takes. Raises ValueError without a text."""
        text = str(message.values.get("text") or "").strip()
        if not text:
            raise ValueError('a message for DingTalk needs a text: "body": {"text": …}')
        content = f"{document.keyword} {text}".strip()[:TEXT_LIMIT]
        mobiles = [str(each) for each in message.values.get("mobiles") or ()]
        body = {"msgtype": "text", "text": {"content": content},
                "at": {"atMobiles": mobiles, "isAtAll": document.everybody}}  # fmt: skip
        return json.dumps(body, ensure_ascii=False)

    def judge(self, document: Any, answer: str) -> str | None:
        """Why it was refused, or None: errcode 0 is a yes."""
        try:
            said = json.loads(answer)
            code = said["errcode"]
        except (ValueError, KeyError, TypeError):
            return "the answer is not DingTalk's"
        return None if code == 0 else f"DingTalk answered {code}: {said.get('errmsg', '')}"


DINGTALK: ConnectorKind = Dingtalk()
