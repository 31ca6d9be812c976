"""`subscriptions/listen`: what changed, told for as long as an agent listens, as far as its person may see it.

It is the stream of events (`lowcode.web.events`) in the words of the protocol: another version of the app has other
tools and forms, and a record that somebody asked about was changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from lowcode.web import events
from lowcode.web.mcp.messages import BAD_PARAMETERS, INVALID, SUBSCRIPTION, error, result
from lowcode.web.messages import Request, Response, answer, to_json
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

METHOD = "subscriptions/listen"
RECORDS = "lowcode://records/"
LISTS = {"toolsListChanged": "tools", "resourcesListChanged": "resources"}
"""The lists that are others when the app is."""
RESOURCES = "resourceSubscriptions"
KNOWN = (*LISTS, RESOURCES, "promptsListChanged")
MOST = 100
"""So many records are watched at a time."""


class Told(events.Reader):
    """What one agent has been told, and what comes next."""

    def __init__(
        self, door: Door, caller: Caller, request: Request, identity: Any, honoured: Mapping[str, Any]
    ) -> None:
        super().__init__(door, caller, None, frozenset(), request)
        self._identity = identity
        self._honoured = honoured
        self._records = frozenset(honoured.get(RESOURCES, ()))
        self._seen_app = door.host.app.digest

    def greeting(self, began: int) -> bytes:
        """What of the wishes is done."""
        return self._notice("subscriptions/acknowledged", notifications=self._honoured)

    def farewell(self) -> bytes:
        """That nothing more is told, and not because the line broke."""
        ended = {"resultType": "complete", "_meta": {SUBSCRIPTION: self._identity}}
        return _event(result(self._identity, ended))

    def _version(self) -> list[bytes]:
        super()._version()
        if self.door.host.app.digest == self._seen_app:
            return []
        self._seen_app = self.door.host.app.digest
        return [self._notice(f"{each}/list_changed") for name, each in LISTS.items() if name in self._honoured]

    def _messages(self, row: Mapping[str, Any]) -> Iterator[bytes]:
        uri = f"{RECORDS}{row['record_type']}/{row['record_id']}"
        if uri in self._records and self.may_hear(row):
            yield self._notice("resources/updated", uri=uri)

    def _notice(self, what: str, **params: Any) -> bytes:
        said = {"_meta": {SUBSCRIPTION: self._identity}, **params}
        return _event({"jsonrpc": "2.0", "method": f"notifications/{what}", "params": said})


def _event(message: Mapping[str, Any]) -> bytes:
    return b"event: message\ndata: " + to_json(message) + b"\n\n"


def wanted(message: Any) -> bool:
    """Whether somebody wants to listen."""
    return isinstance(message, Mapping) and message.get("method") == METHOD and message.get("id") is not None


def admit(door: Door, request: Request, caller: Caller, message: Mapping[str, Any]) -> Response:
    """Let an agent listen, whose request is one otherwise."""
    identity = message["id"]
    if message.get("jsonrpc") != "2.0" or not isinstance(identity, str | int) or isinstance(identity, bool):
        return answer(error(None, INVALID, "send one JSON-RPC 2.0 message, with an 'id'"), 400)
    wishes = message["params"].get("notifications")
    if not isinstance(wishes, Mapping) or not set(wishes) <= set(KNOWN):
        said = f"'notifications' is an object with some of {', '.join(KNOWN)}"
        return answer(error(identity, BAD_PARAMETERS, said), 400)
    uris = wishes.get(RESOURCES, [])
    if not isinstance(uris, list) or len(uris) > MOST or not all(isinstance(each, str) for each in uris):
        said = f"'{RESOURCES}' is a list of at most {MOST} addresses of resources"
        return answer(error(identity, BAD_PARAMETERS, said), 400)
    honoured: dict[str, Any] = {each: True for each in LISTS if wishes.get(each) is True}
    records = [each for each in uris if each.startswith(RECORDS)]
    if records:
        honoured[RESOURCES] = records
    told = partial(Told, identity=identity, honoured=honoured)
    return events.let_in(door, caller, lambda: told(door, caller, request))
