"""Pictures in messages of applications: handed over to the service first, which gives a number that the message holds.

A message that is a picture carries it in its own `picture` until it goes out: just before, `handed_over` says what the
service is asked and what is made of the answer, by how each documents it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from lowcode.api.connectors.codes import object_of
from lowcode.api.connectors.kind import Ask, Call, Keys, Notice, Steps, Verdict

LARGEST = 10 * 2**20
"""Bytes of a picture that DingTalk, WeCom and Feishu take from an application."""
NO_NUMBER = Verdict(
    "again", {"en": "the answer to the picture names no number for it", "zh-CN": "上传图片后没有返回编号"}
)


@dataclass(frozen=True, slots=True)
class Upload:
    """How a service takes a picture: where, under which name besides which values, and what it says of it."""

    path: str
    field: str
    values: Mapping[str, str]
    put: Callable[[Call, str], Call]
    judge: Callable[[str], Verdict | None]
    number: Callable[[Mapping[str, Any]], Any]
    place: Callable[[dict[str, Any], str], None]
    """Puts the number into the message."""


def shown(notice: Notice, picture: bytes) -> Mapping[str, Any] | None:
    """The values of a message that is a picture, for people by their accounts; None for one that is too large."""
    if len(picture) > LARGEST:
        return None
    return {"people": notice.to, "picture": base64.b64encode(picture).decode()}


def handed_over(upload: Upload, call: Call, keys: Keys) -> Steps[Call | Verdict]:
    """The message as it goes out, its picture handed over; as it is when it has none."""
    message = orjson.loads(call.body)
    picture = message.pop("picture", None)
    if picture is None:
        return call
    reply = yield Ask(upload.put(_posted(upload, call, keys, base64.b64decode(picture)), keys.token))
    refused = upload.judge(reply.text)
    if refused is not None:
        return refused
    number = upload.number(object_of(reply.text) or {})
    if not number:
        return NO_NUMBER
    upload.place(message, str(number))
    return replace(call, body=orjson.dumps(message))


def _posted(upload: Upload, call: Call, keys: Keys, picture: bytes) -> Call:
    """The picture as a form with a file, as a browser sends it."""
    line = f"lowcode-{keys.message}"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in upload.values.items()
    ]
    head = f'--{line}\r\nContent-Disposition: form-data; name="{upload.field}"; filename="picture.png"\r\n'
    text = "".join(parts) + f"{head}Content-Type: image/png\r\n\r\n"
    headers = {**call.headers, "Content-Type": f"multipart/form-data; boundary={line}"}
    body = text.encode() + picture + f"\r\n--{line}--\r\n".encode()
    return Call(f"{call.url.rstrip('/')}{upload.path}", "POST", headers, body)
