"""Refusals as problem documents (RFC 9457): all problems at once, each with its place, code and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.web.messages import PROBLEM, Response, to_json

TYPES = "urn:lowcode:problem:"
TITLES = {
    "The request was refused": "请求被拒绝", "Sign in first": "请先登录", "Not allowed": "没有权限",
    "Not found": "不存在", "Another revision of publishing": "发布协议版本不同",
    "Too many requests": "请求过于频繁", "Not possible at the moment": "暂时无法处理", "Conflict": "冲突",
    "Content too large": "内容过大", "Address too long": "地址过长", "Headers too large": "请求头过大",
    "Request timed out": "请求超时", "Method not allowed": "不支持该方法", "Range not satisfiable": "范围无效",
    "Changed in the meantime": "已被更改", "Internal error": "内部错误",
}  # fmt: skip
"""The sorts of refusal in Chinese, by their English."""


def title(words: str, locale: str | None) -> str:
    """The sort of a refusal as somebody reads it; a title says the same of every occurrence (RFC 9457, 3.1.4)."""
    return TITLES.get(words, words) if (locale or "").startswith("zh") else words


def problem_document(refused: Rejected, locale: str | None, **more: Any) -> dict[str, Any]:
    """A refusal as a problem document, by whichever door it leaves."""
    problems = refused.problems
    first = problems[0]
    return {
        "type": f"{TYPES}{first.code}",
        "title": title(refused.title, locale),
        "status": refused.status,
        "code": first.code,
        "detail": "; ".join(dict.fromkeys(each.words(locale) for each in problems)),
        "errors": [
            {
                "pointer": each.pointer, "code": each.code, "detail": each.words(locale),
                "values": _values(each.values, locale),
            }
            for each in problems
        ],
        **more,
    }  # fmt: skip


def _values(values: Mapping[str, Any], locale: str | None) -> dict[str, Any]:
    """As they are; a reason in several languages is one in the reader's."""
    reason = values.get("reason")
    return {**values, "reason": localized(reason, locale)} if isinstance(reason, Mapping) else dict(values)


def problem_response(refused: Rejected, locale: str | None, **more: Any) -> Response:
    """The answer to a request that is refused."""
    body, first = problem_document(refused, locale, **more), refused.problems[0]
    headers = [("Cache-Control", "no-store")]
    if "retry_after" in refused.details:
        headers.append(("Retry-After", str(refused.details["retry_after"])))
    if refused.status == 416:
        headers.append(("Content-Range", f"bytes */{first.values['size']}"))
    if refused.status == 405:
        headers.append(("Allow", ", ".join(first.values.get("possible", ()))))
    if refused.status == 401:
        headers.append(("WWW-Authenticate", 'Bearer realm="lowcode"'))
    return Response(refused.status, to_json(body), PROBLEM, headers)


def fault_response(reference: str, locale: str | None) -> Response:
    """The answer when the program itself failed: a reference to the log, and nothing of the inside."""
    words = "出错了，请稍后重试" if (locale or "").startswith("zh") else "Something went wrong; try again later"
    body = {
        "type": f"{TYPES}http.fault", "title": title("Internal error", locale), "status": 500, "code": "http.fault",
        "detail": f"{words} ({reference})", "errors": [],
    }  # fmt: skip
    return Response(500, to_json(body), PROBLEM, [("Cache-Control", "no-store")])
