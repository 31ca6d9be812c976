"""`connector`: any address that takes JSON; a message is its type, its time and its data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import orjson

from lowcode.api.connectors.kind import Message, TargetPart
from lowcode.kernel.records.show import plain


class ConnectorDocument(TargetPart):
    """An address that rules send to."""

    type: Literal["connector"]


class HttpConnector:
    """Any address; what it answers with a status of 200 to 299 is taken for a yes."""

    name = "connector"
    model = ConnectorDocument

    def write(self, document: ConnectorDocument, message: Message) -> str:
        """The message as Standard Webhooks has it."""
        return message_body(message.connector, message.at, message.values)

    def judge(self, document: ConnectorDocument, answer: str) -> str | None:
        """Never refused by its words."""
        return None


def message_body(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The bytes of a message as text: type, time, data."""
    made = {"type": event, "timestamp": plain(at), "data": plain(data)}
    return orjson.dumps(made, option=orjson.OPT_NON_STR_KEYS).decode()


HTTP = HttpConnector()
