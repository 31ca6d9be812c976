"""Events that are caught: on a step while it lasts (boundary events), and by handlers while what they stand in lasts
(event sub-processes)."""

from __future__ import annotations

from collections.abc import Sequence

from lowcode.flows.nodes.asking.spans import Span
from lowcode.flows.nodes.caught import Catch, CatchDocument, HappeningDocument, What
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.expressions import Type

WHATS: tuple[What, ...] = ("message", "when", "after", "signal", "error", "escalation")


def exit_of(index: int) -> str:
    """The exit that an event on a step opens."""
    return f"on{index}"


def read_catch(document: HappeningDocument, exit: str, reading: Reading, pointer: str) -> Catch | None:
    """One event; what is wrong becomes findings."""
    given: list[What] = [what for what in WHATS if getattr(document, what) is not None]
    if len(given) != 1:
        reading.finding("catch-what", pointer, seen=given)
        return None
    what, value = given[0], getattr(document, given[0])
    for index, role in enumerate(document.roles):
        reading.find("role", role, f"{pointer}/roles/{index}")
    if what == "error" and not document.interrupts:
        reading.finding("error-interrupts", f"{pointer}/interrupts")
    name, condition, span = "", None, None
    match what:
        case "when":
            condition = reading.expression(value, f"{pointer}/when", expect=Type("boolean"))
        case "after":
            span = Span.of(value)
            if not span:
                reading.finding("no-span", f"{pointer}/after")
        case _:
            name = value
    return Catch(exit, what, name, document.interrupts, condition, span, frozenset(document.roles))


def read_catches(documents: Sequence[CatchDocument], rests: bool, reading: Reading) -> tuple[Catch, ...]:
    """The events on one step. A step that is over at once lasts for nothing but an error."""
    found: list[Catch] = []
    for index, each in enumerate(documents):
        catch = read_catch(each, exit_of(index), reading, f"/on/{index}")
        if catch is None:
            continue
        if not rests and catch.what != "error":
            reading.finding("never-caught", f"/on/{index}", seen=catch.what)
        found.append(catch)
    return tuple(found)
