"""What to do about a message that was not taken, in words for whoever looks after the connection.

Services with codes of their own say it in their kind (`connectors.codes`); what is left is how the network fails, and
what a status of HTTP means.
"""

from __future__ import annotations

import http.client
import socket
import ssl

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.reasons import both


class TooLong(TimeoutError):
    """Something took longer than it may altogether; `reason` in the languages of the engine."""

    def __init__(self, reason: Text) -> None:
        super().__init__(localized(reason))
        self.reason = reason


UNREACHED: tuple[tuple[type[Exception], Text], ...] = (
    (
        socket.gaierror,
        both(
            "the name of the host is not known ({said}): check the address, and that this server may look names up",
            "无法解析主机名（{said}）：请检查地址，以及本服务器能否解析域名",
        ),
    ),
    (
        ssl.SSLCertVerificationError,
        both(
            "the certificate of the other side is not valid ({said}): check the address, or have it renewed there",
            "对方的证书无效（{said}）：请检查地址，或请对方更新证书",
        ),
    ),
    (
        ssl.SSLError,
        both(
            "no encrypted connection came about ({said}): check that the address is one for https",
            "无法建立加密连接（{said}）：请检查该地址是否支持 https",
        ),
    ),
    (
        TimeoutError,
        both(
            "there was no answer in time ({said}): the other side is slow or does not let this server in; 'timeout' of "
            "the document says how long it is waited for",
            "未在限定时间内得到回应（{said}）：对方响应慢或未放行本服务器；等待时间由文档的 timeout 决定",
        ),
    ),
    (
        ConnectionRefusedError,
        both(
            "nobody takes connections there ({said}): check address and port, and that the other program runs",
            "对方未接受连接（{said}）：请检查地址和端口，以及对方程序是否在运行",
        ),
    ),
    (
        ConnectionError,
        both(
            "the other side broke the connection off ({said}): ask its administrator whether this server is let in",
            "对方中断了连接（{said}）：请联系对方管理员确认是否放行本服务器",
        ),
    ),
    (
        http.client.HTTPException,
        both(
            "what was answered is no HTTP ({said}): check the address and its port",
            "返回的内容不是 HTTP（{said}）：请检查地址和端口",
        ),
    ),
    (
        OSError,
        both(
            "the other side cannot be reached ({said}): check the address and the network of this server",
            "无法连接对方（{said}）：请检查地址和本服务器的网络",
        ),
    ),
)
"""How the network fails, what is more exact first."""
STATUSES: tuple[tuple[range, Text], ...] = (
    (range(300, 400), both("The address has moved: write the new one.", "地址已变更：请填写新的地址。")),
    (
        range(401, 402),
        both(
            "It does not know who sends: check the secrets of this connection.",
            "对方无法确认发送方身份：请检查此连接的密钥。",
        ),
    ),
    (
        range(403, 404),
        both(
            "It does not let this sender do that: give the account the right there.",
            "对方不允许该账号执行此操作：请在对方系统中授权。",
        ),
    ),
    (range(404, 405), both("There is nothing at this address: check it.", "该地址不存在：请检查地址。")),
    (range(405, 406), both("The address takes another method: check 'method'.", "该地址使用其他方法：请检查 method。")),
    (range(408, 409), both("It waited too long: try again later.", "对方等待超时：请稍后重试。")),
    (
        range(410, 411),
        both(
            "The address was given up for good: take the connection away or write another.",
            "该地址已停用：请删除此连接或填写新地址。",
        ),
    ),
    (
        range(429, 430),
        both(
            "It was asked too often: write 'limit' (messages a minute) into the document.",
            "请求过于频繁：请在文档中填写 limit（每分钟消息数）。",
        ),
    ),
    (
        range(400, 500),
        both(
            "It does not take this message: compare what was sent with what it expects.",
            "对方不接受此消息：请核对发送的内容与对方的要求。",
        ),
    ),
    (
        range(500, 600),
        both(
            "Something is wrong on the other side: ask there; messages are tried again by themselves.",
            "对方系统出错：请联系对方；消息会自动重试。",
        ),
    ),
)
"""What a status of an answer asks for, what is more exact first."""


def unreached(error: Exception) -> Text:
    """Why the other side could not be reached, and what to do; of what is no fault of the network, what it says."""
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    reason: Text = error.reason if isinstance(error, TooLong) else said
    for sort, words in UNREACHED:
        if isinstance(error, sort) and isinstance(words, dict):
            return {language: each.replace("{said}", localized(reason, language)) for language, each in words.items()}
    return said


def advised(status: int | None) -> Text | None:
    """What to do about an answer with this status; None where there is nothing to say beyond the answer."""
    return next((words for statuses, words in STATUSES if status is not None and status in statuses), None)
