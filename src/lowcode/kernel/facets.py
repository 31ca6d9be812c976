"""What an engine adds to the page of a record, asked by name, so that no door has to know the engines.

An engine may offer `<engine>.describe` (its part of the app, for one actor), `<engine>.situation` (what this actor may
do with one record now, lists by name), `<engine>.closed` (which of some records it keeps closed to a person, why in
both languages, and which fields it leaves open: `{"items": [{"id", "but", "message"}]}`; only the app itself asks, of
records that person may read), `<engine>.activities` (its entries of a record's timeline), `<engine>.leads` (to which
open task of this actor each of some notices leads, by the keys under which the engine sent them:
`{"tasks": {key: id}}`), `<engine>.forget` (take away what it keeps of records whose persons are to be forgotten; only
the app itself asks), `<engine>.forget_texts` (take numbers and addresses by which such persons are known out of what it
keeps that names no record, such as filters; only the app itself asks) and `<engine>.vouch` (whom a login and password
belong to that another service knows; only signing in asks). A plan that offers `concerns(form)` is asked for the
situation of records of those forms alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import Field as Key

from lowcode.kernel.contract import Context, Nothing, Operation, Parameters

FACETS = frozenset({"describe", "situation", "activities", "leads"})
"""What the doors ask of every engine, for anyone who may see the app."""

AT_ONCE = 1000
"""So many records or notices are asked about at once."""


class OfRecord(Parameters):
    """A record."""

    form: str
    id: int


class OfRecords(Parameters):
    """Records."""

    form: str
    ids: list[int]


class OfLane(OfRecords):
    """Records as one person sees them who may read them."""

    ids: list[int] = Key(max_length=AT_ONCE)
    person: int | None


class OfTexts(Parameters):
    """Numbers and addresses by which people are known."""

    texts: list[str]


class OfNotices(Parameters):
    """Notices, by the keys under which they were sent."""

    keys: list[str] = Key(max_length=AT_ONCE)


def facets(
    engine: str,
    describe: Callable[[Context, Any], Any] | None = None,
    situation: Callable[[Context, OfRecord], Any] | None = None,
    activities: Callable[[Context, OfRecord], Any] | None = None,
    forget: Callable[[Context, OfRecords], Any] | None = None,
    closed: Callable[[Context, OfLane], Any] | None = None,
    leads: Callable[[Context, OfNotices], Any] | None = None,
    forget_texts: Callable[[Context, OfTexts], Any] | None = None,
) -> Iterable[Operation]:
    """The operations of those facets an engine has."""
    if describe is not None:
        yield Operation(f"{engine}.describe", describe, Nothing, writes=False)
    if situation is not None:
        yield Operation(f"{engine}.situation", situation, OfRecord, writes=False)
    if activities is not None:
        yield Operation(f"{engine}.activities", activities, OfRecord, writes=False)
    if closed is not None:
        yield Operation(f"{engine}.closed", closed, OfLane, "internal", writes=False)
    if leads is not None:
        yield Operation(f"{engine}.leads", leads, OfNotices, writes=False)
    if forget is not None:
        yield Operation(f"{engine}.forget", forget, OfRecords, "internal")
    if forget_texts is not None:
        yield Operation(f"{engine}.forget_texts", forget_texts, OfTexts, "internal")
