"""Notices on the devices of people: what rings the bell of the page shows on their browsers too, by Web Push.

Whoever has no such browser costs nothing: who has one stands in the directory. `push.notify` brings the words there;
an app without it keeps its notices on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from lowcode.kernel.contract import Context

CHANNEL = "push"
OPERATION = "push.notify"
IN_APP = frozenset({"app", CHANNEL})
"""The channels that a notice of the page serves by itself."""
Urgency = Literal["low", "normal", "high"]
"""How a push service hurries (RFC 8030, 5.3): what is low waits until the device is awake anyway."""


def reachable(context: Context, people: Iterable[int]) -> frozenset[int]:
    """Who of some people has a device that shows notices."""
    if OPERATION not in context.app.operations:
        return frozenset()
    with_devices: frozenset[int] = context.host.directory(context.unit).with_devices
    return with_devices.intersection(people) if with_devices else with_devices


def ring(
    context: Context, people: Iterable[int], notice: Mapping[str, Any], *, key: str | None = None, chosen: bool = False,
    urgency: Urgency = "normal",
) -> None:  # fmt: skip
    """Show a notice on the devices of people after the commit. `chosen`: a definition asked for this channel."""
    said = {name: notice.get(name) for name in ("title", "text", "form", "record", "records")}
    context.as_app().later(OPERATION, to=list(people), once=key, chosen=chosen, urgency=urgency, **said)
