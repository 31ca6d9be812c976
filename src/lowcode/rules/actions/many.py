"""How many records an action may mean, and which it means: more than one transaction holds are worked through in pieces
after the firing (`batches`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lowcode.kernel import changes
from lowcode.kernel.changes import Site, Which, compile_which

MOST = 10_000
"""Records an action may mean that says nothing else: a condition that is true of everything is a slip, not a wish."""

Most = Annotated[
    int,
    Field(
        ge=1,
        le=10_000_000,
        description="More records than these are taken for a slip: nothing is done, and the rule is stopped and says "
        "how many they are. More than 1000 are worked through in pieces after the firing.",
    ),
]


class WhichOptions(changes.WhichOptions):
    """Which records: the one a link points at, those of a relation, or those of a form for which a condition holds."""

    most: Most = MOST


def compile_many(options: WhichOptions, site: Site) -> Which | None:
    """Which records an action means; None when that cannot be understood, which is in the report then."""
    return compile_which(options, site, options.most)
