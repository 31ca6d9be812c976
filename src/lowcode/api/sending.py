"""One request to a webhook or connector: its secrets filled in, signed, sent, and the answer understood."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lowcode.api import outward
from lowcode.api.advice import unreached
from lowcode.api.connectors.documented import NOT_UNDERSTOOD, UNDOCUMENTED, as_documented
from lowcode.api.connectors.kind import Call, Keys, Refused, Reply, Steps, Verdict, access_of
from lowcode.api.plan import Target
from lowcode.api.secret_values import held_to, known, secret_of
from lowcode.api.signature import sign
from lowcode.api.tokens import Tokens
from lowcode.kernel import reasons
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected, Text

GONE = 410
ANSWERED: Text = {"en": "the other side answered {status}", "zh-CN": "对方返回状态 {status}"}
SETUP = frozenset({400, 401, 403, 404, 405})
"""Statuses of a connector's answer that sending again does not change."""
ANSWER_KEPT = 2000
CONSULT_KEPT = 100_000
"""Characters of an answer that somebody reads."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a request. Without `error` it was taken; `final`: it is not tried again; `partly`: taken, not by
    all."""

    status: int | None = None
    answer: str | None = None
    error: Text | None = None
    final: bool = False
    partly: bool = False
    wait: int | None = None


def send(context: Context, target: Target, tokens: Tokens, message: str, body: str, kept: int = ANSWER_KEPT) -> Sent:
    """Send one message; whatever goes wrong is said in the answer. A token that is no longer good is renewed once."""
    try:
        sent, token = _tried(context, target, tokens, message, body, kept)
        if isinstance(sent, Verdict):
            tokens.forget(target.name, token)
            sent, _ = _tried(context, target, tokens, message, body, kept)
        return sent if isinstance(sent, Sent) else replace(_refused(context, sent), final=True)
    except Refused as refused:
        return _refused(context, refused.verdict)
    except Rejected as refused:
        return Sent(error=reasons.of_refusal(refused), final=True)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Sent(error=unreached(error))


def _tried(
    context: Context, target: Target, tokens: Tokens, message: str, body: str, kept: int
) -> tuple[Sent | Verdict, str]:
    """What came of it, and the token that was used; a Verdict only where the token has to be renewed."""
    call, token = _prepared(context, target, tokens, message, body)
    if isinstance(call, Verdict):
        return (call if call.outcome == "token" else _refused(context, call)), token
    return _judged(context, target, body, *_post(context, target, call), kept), token


def _prepared(context: Context, target: Target, tokens: Tokens, message: str, text: str) -> tuple[Call | Verdict, str]:
    """The request as it goes out, and the token that is on it; a Verdict where something was asked first, in vain."""
    headers = {name: known(context, each, target.name) for name, each in target.headers.items()}
    headers = {"Content-Type": "application/json", "User-Agent": "lowcode", **headers}
    call = Call(known(context, target.url, target.name), target.method, headers, text.encode())
    access = access_of(target.kind)
    if access is None:
        return _standard(context, target, message, call), ""
    keys = Keys(lambda name: secret_of(context, name, target.name), context.now(), message)
    if access.ask is not None and (access.wants is None or access.wants(target.document, text)):
        token = tokens.get(target.name, access, target.document, keys, context, target.timeout)
        keys = replace(keys, token=token)
    filled: Call | Verdict = call
    if access.first is not None:
        filled = _asked(context, target, access.first(target.document, call, keys))
    return filled if isinstance(filled, Verdict) else access.sign(target.document, filled, keys), keys.token


def _asked(context: Context, target: Target, steps: Steps[Call | Verdict]) -> Call | Verdict:
    """What is asked before the message goes out, and what comes of it."""
    try:
        ask = next(steps)
        while True:
            reply = _post(context, target, ask.call)[0]
            following = as_documented(steps.send, reply)
            if isinstance(following, Verdict):
                return following
            ask = following
    except StopIteration as ended:
        found: Call | Verdict = ended.value
        return found


def _standard(context: Context, target: Target, message: str, call: Call) -> Call:
    """The headers of Standard Webhooks."""
    stamp = int(context.now().timestamp())
    headers = {**call.headers, "webhook-id": message, "webhook-timestamp": str(stamp)}
    if target.secret is not None:
        headers["webhook-signature"] = sign(known(context, target.secret, target.name), message, stamp, call.body)
    return replace(call, headers=headers)


def _post(context: Context, target: Target, call: Call) -> tuple[Reply, int | None]:
    held_to(context, call.url, target.name)
    answer = outward.send(
        call.url, call.method, call.headers, call.body, timeout=target.timeout, allowed=context.host.allow_private,
        hops=outward.HOPS,
    )  # fmt: skip
    return Reply(answer.status, answer.text), answer.retry_after


def _judged(
    context: Context, target: Target, body: str, reply: Reply, wait: int | None, kept: int
) -> Sent | Verdict:  # fmt: skip
    """What an answer means; a Verdict only where the token has to be renewed."""
    said: dict[str, Any] = {"status": reply.status, "answer": reply.text[:kept]}
    access = access_of(target.kind)
    refused: str | Verdict | None
    if access is not None and access.judge is not None:
        refused = as_documented(access.judge, target.document, body, reply)
    elif 200 <= reply.status < 300:
        refused = as_documented(target.kind.judge, target.document, reply.text) if target.kind is not None else None
    else:
        explain = access.explain if access is not None else None
        refused = as_documented(explain, target.document, reply) if explain is not None else None
        if refused is None:
            final = reply.status == GONE or (access is not None and reply.status in SETUP)
            return Sent(**said, error=reasons.filled(ANSWERED, status=reply.status), final=final, wait=wait)
    if refused is None:
        return Sent(**said)
    if refused is UNDOCUMENTED and 200 <= reply.status < 300:
        return Sent(**said, error=NOT_UNDERSTOOD, final=True)
    if isinstance(refused, str):
        return Sent(**said, error=refused)
    return refused if refused.outcome == "token" else _refused(context, refused, said, wait)


def _refused(
    context: Context, verdict: Verdict, said: Mapping[str, Any] | None = None, wait: int | None = None
) -> Sent:
    return Sent(
        **(said or {}),
        error=verdict.reason,
        final=verdict.outcome in ("setup", "content"),
        partly=verdict.outcome == "partly",
        wait=verdict.wait or wait,
    )
