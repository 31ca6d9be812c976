"""Asking what a kind wants to ask, until it knows: the kind yields requests and is sent the replies.

Addresses are judged, redirects not followed. What may be kept (descriptions, keys) is kept. A request with the token of
the application gets it here: a token that is no longer good is renewed once, and what comes too often waits, as long as
there is patience. Nothing of this is done inside of a transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from lowcode.api import outward
from lowcode.api.connectors.documented import as_documented
from lowcode.api.connectors.kind import Access, Ask, Call, Keys, Refused, Reply, Steps, Verdict, access_of
from lowcode.api.plan import Target
from lowcode.api.secret_values import held_to, secret_of
from lowcode.api.sending import ANSWERED
from lowcode.api.tokens import Tokens
from lowcode.kernel import reasons
from lowcode.kernel.contract import Context

TIMEOUT = 10.0
ANEW = timedelta(seconds=30)
"""So often at most something kept is asked for anew: made-up keys must not become requests at the provider."""
KEPT_LIMIT = 200
PASSED = ("content", "partly")
"""What a kind may read itself: an answer that says no to what was asked."""

Result = TypeVar("Result")


class Kept:
    """Answers that may be kept for a while, in this process."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[datetime, Reply]] = {}
        self._lock = threading.Lock()

    def reply(self, ask: Ask, now: datetime, send: Callable[[], Reply]) -> Reply:
        """The answer to a request, from memory where that is allowed."""
        if not ask.keep:
            return send()
        with self._lock:
            at, known = self._answers.get(ask.call.url, (now, None))
        most = ANEW if ask.anew else timedelta(seconds=ask.keep)
        if known is not None and timedelta() <= now - at < most:
            return known
        found = send()
        if found.status == 200:
            with self._lock:
                if len(self._answers) >= KEPT_LIMIT:
                    self._answers.clear()
                self._answers[ask.call.url] = now, found
        return found


@dataclass(slots=True)
class Walk:
    """One walk through the steps of a kind. `target`: the connector whose token its requests carry; `patience`: seconds
    that it may wait altogether where the service says that it was asked too often."""

    context: Context
    tokens: Tokens
    kept: Kept
    target: Target | None = None
    patience: float = 0.0
    limit: int = outward.ANSWER_LIMIT
    """Bytes of one answer."""
    timeout: float = TIMEOUT
    document: str = ""
    """Who walks, where it is not the connector alone: a way to sign in."""

    @property
    def documents(self) -> tuple[str, ...]:
        """Whose secrets requests are made with."""
        return tuple(each for each in (self.document, self.target.name if self.target is not None else "") if each)

    @property
    def keys(self) -> Keys:
        """What requests are made with."""
        return Keys(lambda name: secret_of(self.context, name, *self.documents), self.context.now())

    def through(self, steps: Steps[Result]) -> Result:
        """The result of the steps. Raises Refused, Rejected, OSError, HTTPException, and what the kind raises."""
        try:
            ask = self._next(steps, None)
            while True:
                wanted = ask
                if not wanted.keep:  # what everybody is told alike carries no secret
                    held_to(self.context, wanted.call.url, *self.documents)
                reply = self.kept.reply(wanted, self.context.now(), lambda: self._reply(wanted))  # noqa: B023 (at once)
                ask = self._next(steps, reply)
        except StopIteration as done:
            result: Result = done.value
            return result

    def _next(self, steps: Steps[Any], reply: Reply | None) -> Ask:
        """What is asked next. What somebody brought or answered may be anything: a kind that stumbles over it asks no
        further."""
        found = as_documented(steps.send, reply)  # type: ignore[arg-type]  # None begins a generator
        if isinstance(found, Verdict):
            raise Refused(found)
        return found

    def _reply(self, ask: Ask) -> Reply:
        if not ask.token:
            return self._sent(ask.call)[0]
        assert self.target is not None
        access = access_of(self.target.kind)
        assert access is not None and access.put is not None
        renewed = False
        while True:
            token = self._token(self.target, access)
            reply, wait = self._sent(access.put(ask.call, token))
            verdict = understood(self.target, reply)
            if verdict is None or (ask.content and verdict.outcome in PASSED):
                return reply
            if verdict.outcome == "token" and not renewed:
                self.tokens.forget(self.target.name, token)
                renewed = True
                continue
            if not self._waited(verdict, wait):
                raise Refused(verdict)

    def _token(self, target: Target, access: Access) -> str:
        return self.tokens.get(target.name, access, target.document, self.keys, self.context, target.timeout)

    def _waited(self, verdict: Verdict, said: int | None) -> bool:
        """Whether it is worth asking once more, after the wait the service wants."""
        wait = float(said or verdict.wait or 0)
        if verdict.outcome != "again" or not 0 < wait <= self.patience:
            return False
        self.patience -= wait
        time.sleep(wait)
        return True

    def _sent(self, call: Call) -> tuple[Reply, int | None]:
        call = replace(call, headers={"User-Agent": "lowcode", **call.headers})
        allowed = self.context.host.allow_private
        answer = outward.send(
            call.url, call.method, call.headers, call.body, timeout=self.timeout, allowed=allowed, limit=self.limit
        )
        return Reply(answer.status, answer.text), answer.retry_after


def understood(target: Target, reply: Reply) -> Verdict | None:
    """Why a service said no; None when it did not."""
    assert target.kind is not None
    if 200 <= reply.status < 300:
        said = as_documented(target.kind.judge, target.document, reply.text)
        return Verdict("again", said) if isinstance(said, str) else said
    access = access_of(target.kind)
    explain = access.explain if access is not None else None
    explained = as_documented(explain, target.document, reply) if explain is not None else None
    if explained is not None:
        return explained
    words = reasons.filled(ANSWERED, status=reply.status)
    return Verdict("again" if reply.status == 429 or reply.status >= 500 else "setup", words)
