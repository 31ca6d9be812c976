"""One request and its answer: sent again when that is safe, refused with everything that is wrong."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from lowcode.client.forms import Form

ATTEMPTS = 4
LONGEST = 60.0
"""Seconds a server may put a request off; told to wait longer, the caller decides."""
PUT_OFF = frozenset({429, 502, 503, 504})
MAKES = frozenset({"POST", "PUT"})
REPEATABLE = frozenset({"GET", "HEAD", "DELETE"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `pointer` is its place in what was sent, `code` stays the same over languages."""

    pointer: str
    code: str
    detail: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The server refused a request (RFC 9457)."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.body = body
        """The whole problem document; with status 412 it has the record as it is now under `current`."""
        self.problems: Sequence[Problem] = tuple(
            Problem(each.get("pointer", ""), each["code"], each["detail"], each.get("values", {}))
            for each in body.get("errors", ())
        )
        told = [f"{each.pointer or '/'}: {each.detail} [{each.code}]" for each in self.problems]
        super().__init__("; ".join(told) or f"{status} {body.get('detail') or body.get('title') or self.code}")


class Unreachable(Exception):
    """No answer came, however often it was tried; `may_be_done`: the request may have arrived."""

    def __init__(self, words: str, may_be_done: bool = False) -> None:
        self.words, self.may_be_done = words, may_be_done
        super().__init__(f"{words}; it may have been done" if may_be_done else words)


class NoAnswer(Unreachable):
    """What answered is no app: a page to sign in at, a proxy, another program."""


class Client:
    """The API of an app, as the person a key stands for.

    `url` is where the app is mounted. `language` is that of refusals where the person has none; `transport` is httpx's,
    for tests and for apps in the same process; `headers` go with each request. One client serves several threads.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        language: str = "en",
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        own = {"Authorization": f"Bearer {key}", "Accept": "application/json", "Accept-Language": language}
        headers = {**(headers or {}), **own}
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/", headers=headers, timeout=timeout, transport=transport
        )
        self._wait = wait

    def form(self, name: str) -> Form[dict[str, Any], dict[str, Any]]:
        """The records of a form."""
        return Form(self, name)

    def ask(self, operation: str, /, **parameters: Any) -> Any:
        """Ask an operation, such as `flows.start` or `reports.run`. Raises Refused."""
        return self.call("POST", f"operations/{quote(operation)}", parameters)

    def upload(self, name: str, content: bytes, type: str = "application/octet-stream") -> dict[str, Any]:
        """Send a file; its `id` is what fields with files take."""
        sent = self._send("POST", "files", files={"file": (name, content, type)})
        found: dict[str, Any] = _read(sent)
        return found

    def download(self, file: int) -> bytes:
        """The content of a file."""
        return self._send("GET", f"files/{file}").content

    def paper(self, template: str, record: int, format: str = "pdf", language: str | None = None) -> bytes:
        """A printed document."""
        given = {"format": format, **({"language": language} if language else {})}
        return self._send("GET", f"print/{quote(template)}/{record}", params=given).content

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> Any:
        """One request below `api/`; what it answers. Raises Refused and Unreachable."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = self._send(method, path, json=body, params=_given(parameters or {}), headers=headers)
        return _read(answer)

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers: dict[str, str] = options.pop("headers", {})
        repeatable = method in REPEATABLE or (method in MAKES and path.startswith("records/")) or "If-Match" in headers
        if method in MAKES and path.startswith("records/"):
            headers = {**headers, "Idempotency-Key": uuid.uuid4().hex}
        failed: Exception | None = None
        for attempt in range(ATTEMPTS):
            try:
                answer = self._http.request(method, path, headers=headers, **options)
            except httpx.ConnectError as error:  # it never arrived
                failed = error
            except httpx.TransportError as error:
                if not repeatable:
                    raise Unreachable(f"no answer to {method} {path}: {error}", True) from error
                failed = error
            else:
                if answer.is_success:
                    return answer
                seconds = (
                    _put_off(answer) if repeatable or answer.status_code == httpx.codes.TOO_MANY_REQUESTS else None
                )
                if seconds is None or attempt == ATTEMPTS - 1:
                    raise Refused(answer.status_code, _problem(answer))
                self._wait(seconds)
                continue
            if attempt < ATTEMPTS - 1:
                self._wait(0.5 * 2**attempt)
        arrived = not isinstance(failed, httpx.ConnectError)
        raise Unreachable(f"no answer to {method} {path}: {failed}", arrived) from failed

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _given(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as the API reads them: lists with commas, truths as words, blanks left out."""
    found = {}
    for name, value in parameters.items():
        if value is None or value is False or value == ():
            continue
        listed = isinstance(value, Sequence) and not isinstance(value, str)
        found[name] = ",".join(map(str, value)) if listed else "true" if value is True else str(value)
    return found


def _put_off(answer: httpx.Response) -> float | None:
    """Seconds to wait before the request is sent again; None when it is not."""
    if answer.status_code not in PUT_OFF:
        return None
    told = answer.headers.get("retry-after", "1")
    seconds = float(told) if told.isdigit() else 1.0
    return seconds if seconds <= LONGEST else None


def _read(answer: httpx.Response) -> Any:
    """What an answer says. Raises NoAnswer for one that no app gives."""
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        kind, begin = answer.headers.get("content-type", "?"), " ".join(answer.text[:200].split())[:60]
        raise NoAnswer(f"{answer.request.url} answered {kind}: {begin}", True) from None


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    kind = answer.headers.get("content-type", "")
    page = "html" in kind  # for people, of a proxy for instance: its text is of no use in a message
    detail = f"{answer.reason_phrase} ({kind})" if page else answer.text[:500]
    return {"title": answer.reason_phrase, "detail": detail, "location": answer.headers.get("location")}
