"""One request by the document: its values checked, written down, proven, and its answer read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson

from lowcode.api import outward
from lowcode.api.connectors.codes import both, object_of
from lowcode.api.connectors.kind import Call, Keys, Refused, Reply, Token, Verdict
from lowcode.api.offers.connected import Connected
from lowcode.api.offers.operations import Described, json_schema
from lowcode.api.offers.patterns import wrong
from lowcode.api.offers.references import Unusable
from lowcode.api.offers.writing import fitted, written
from lowcode.kernel import reasons
from lowcode.kernel.diagnostics import Text, suggestion
from lowcode.kernel.reasons import Reasoned
from lowcode.kernel.requests import Offer

GIVEN = ("operation", "parameters", "body")
AGAIN = frozenset({408, 425, 429})
DEEP = reasons.both("it is nested too deeply", "嵌套过深")
ONCE = frozenset({"post", "patch"})
"""The methods that do something more when they are sent twice."""
SAID = ("detail", "message", "error_description", "title", "error", "msg", "errmsg")
"""Where programs say why not: RFC 9457, RFC 6749, and custom."""


def composed(connected: Connected, values: Mapping[str, Any]) -> str:
    """The message that is kept: the operation with its values, as they go out. Raises ValueError with all that is
    wrong with them."""
    unknown = [name for name in values if name not in GIVEN]
    if unknown:
        possible = ", ".join(GIVEN)
        raise Reasoned(
            reasons.both(f"'{unknown[0]}' is not known; possible: {possible}", f"没有“{unknown[0]}”，可用：{possible}")
        )
    described, offer = _offered(connected, str(values.get("operation", "")))
    given = values.get("parameters") or {}
    if not isinstance(given, Mapping):
        raise Reasoned(reasons.both("'parameters' is an object", "“parameters”应为对象"))
    found: list[Text] = []
    parameters: dict[str, Any] = {}
    for name, value in given.items():
        known = offer.inputs.get(name)
        if known is None:
            found.append(_none_such("parameter", "参数", name, offer.inputs))
        elif value is not None:
            parameters[name] = fitted(value, known.shape)
            schema = described.schemas.whole(described.parameters[name].schema, "sent")
            found += _at(name, wrong(schema, parameters[name]))
    missing = [each.name for each in offer.inputs.values() if each.required and each.name not in parameters]
    found += [
        reasons.both(f"the parameter '{name}' is needed, and is blank", f"缺少必填的参数“{name}”") for name in missing
    ]
    body, problems = _body(described, offer, values.get("body"))
    found += problems
    if found:
        raise Reasoned(reasons.joined(found))
    written(described, parameters, body)
    sent = {"operation": values["operation"], "parameters": parameters}
    return orjson.dumps({**sent, **({"body": body} if body is not None else {})}).decode()


def _offered(connected: Connected, name: str) -> tuple[Described, Offer]:
    described, offer = connected.described(name), connected.get(name)
    if described is None or offer is None:
        raise Reasoned(_none_such("operation", "操作", name, connected.names))
    if not isinstance(offer, Offer):
        raise Reasoned(offer)
    return described, offer


def _none_such(sort: str, chinese: str, name: str, known: Iterable[str]) -> Text:
    names = list(known)
    return reasons.both(
        f"there is no {sort} '{name}'. {suggestion(name, names)}",
        f"没有{chinese}“{name}”。{suggestion(name, names, 'zh-CN')}",
    )


def _at(name: str, found: Iterable[Mapping[str, str]]) -> list[Text]:
    """What is wrong with a value, with the name of what it is a value of before its place."""
    return [{tag: name + (words[1:] if words[1] in ":：" else words) for tag, words in each.items()} for each in found]


def _body(described: Described, offer: Offer, given: Any) -> tuple[Any, list[Text]]:
    if given is None:
        return None, [reasons.both("a body is needed", "缺少请求内容（body）")] if offer.body_required else []
    if described.body is None or offer.body is None:
        return None, [reasons.both("no body is taken", "该操作不接受请求内容（body）")]
    body = fitted(given, offer.body)
    problems = wrong(described.schemas.whole(described.body.schema, "sent"), body)
    return body, [{tag: f"body{words}" for tag, words in each.items()} for each in problems]


def signed(connected: Connected, call: Call, keys: Keys) -> Call:
    """The request as it goes out."""
    try:  # once more: the document may have changed since, and what was refused may be sent again by hand
        values = orjson.loads(composed(connected, orjson.loads(call.body)))
    except ValueError as reason:
        raise Refused(Verdict("content", reasons.reason_of(reason))) from None
    described = connected.described(values["operation"])
    assert described is not None
    made = written(described, values["parameters"], values.get("body"))
    for each in connected.proofs(described):
        each.put(made, keys)
    own = connected.document.url is None and described.servers is not None
    base = urlsplit(connected.server(described) if own else call.url)
    path, _, query = made.target.partition("?")
    whole = "&".join(filter(None, (base.query, query)))
    url = urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + path, whole, ""))
    headers = {name: value for name, value in call.headers.items() if name.lower() != "content-type"}
    headers |= {"Accept": "application/json"} | made.headers
    if made.cookies:
        headers["Cookie"] = "; ".join(made.cookies)
    if described.method in ONCE and not any(name.lower() == "idempotency-key" for name in headers):
        headers["Idempotency-Key"] = keys.message
    return replace(call, url=url, method=described.method.upper(), headers=headers, body=made.body)


def wants_token(connected: Connected, body: str) -> bool:
    """Whether an operation is asked with a token."""
    described = connected.described(str(orjson.loads(body).get("operation")))
    try:
        return described is not None and connected.client in connected.proofs(described)
    except Unusable:  # said when it is signed
        return False


def token_call(connected: Connected, keys: Keys) -> Call:
    """The request for a token."""
    assert connected.client is not None
    try:
        server = connected.server()
    except Unusable:
        server = str(keys.value(connected.url))
    return connected.client.ask(server, keys)


def token_in(connected: Connected, reply: Reply) -> Token | Verdict:
    """The token in an answer (RFC 6749, 5)."""
    found = object_of(reply.text)
    if found is not None and reply.status == 200 and isinstance(found.get("access_token"), str):
        seconds = found.get("expires_in")
        return Token(found["access_token"], seconds if isinstance(seconds, int) and seconds > 0 else 600)
    words = _said(reply.text) or str(reply.status)
    later = reply.status in AGAIN or reply.status >= 500
    return Verdict(
        "again" if later else "setup",
        both("no token was given: {words}", "未能取得令牌：{words}", words=words),
    )


def judged(connected: Connected, body: str, reply: Reply) -> Verdict | None:
    """What an answer means, by what the document says of its status."""
    described = connected.described(str(orjson.loads(body).get("operation")))
    if described is None:
        return Verdict("setup", both("the operation is gone", "接口文档中已无该操作"))
    if 200 <= reply.status < 300:
        return None if connected.document.lenient else _unlike(described, reply)
    answer = described.answer(reply.status)
    says = str(answer.get("description") or "").strip() if answer is not None else ""
    parts = [str(reply.status), *(each for each in (says, _said(reply.text)) if each)]
    words = both("{words}", "{words}", words=": ".join(parts))
    if reply.status == 401 and wants_token(connected, body):
        return Verdict("token", words)
    if reply.status in AGAIN or reply.status >= 500:
        return Verdict("again", words)
    return Verdict("setup" if reply.status in (401, 403) or reply.status < 400 else "content", words)


def _unlike(described: Described, reply: Reply) -> Verdict | None:
    """Why an answer that looks like a yes is not what the document says. It was taken, so it is not sent again."""
    answer = described.answer(reply.status)
    schema = json_schema(answer) if answer is not None else None
    if schema is None or described.method == "head":
        return None
    try:
        found = wrong(described.schemas.whole(schema, "answered"), json_of(reply.text))
    except (ValueError, RecursionError) as error:
        found = [reasons.both("it is no JSON", "不是有效的 JSON") if isinstance(error, ValueError) else DEEP]
    if not found:
        return None
    if len(reply.text.encode()) >= outward.ANSWER_LIMIT:
        found = [
            reasons.both(
                f"it is longer than {outward.ANSWER_LIMIT} bytes, of which no more are read",
                f"返回内容超过 {outward.ANSWER_LIMIT} 字节，超出部分不读取",
            )
        ]
    return Verdict(
        "content",
        both(
            "it was taken, but the answer is not what the document says: {cure}",
            "请求已被接受，但返回内容与接口文档不符：{cure}",
            cure=reasons.joined(found),
        ),
    )


def json_of(text: str) -> Any:
    """The JSON of an answer. Raises ValueError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None


def _said(text: str) -> str:
    """Why not, in the other program's words."""
    found: Any = object_of(text)
    for _ in range(3):
        if not isinstance(found, Mapping):
            break
        found = next((found[name] for name in SAID if found.get(name)), None)
    return found[:300] if isinstance(found, str) else ""
