"""What an author says of a field that holds something about a person."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key

from lowcode.kernel.definitions import Part, Text

Basis = Literal[
    "consent", "contract", "legal_obligation", "vital_interest", "public_task", "legitimate_interest", "published"
]


class PrivacyDefinition(Part):
    """Why a value about a person is kept, on what ground, how long, and what erasing makes of it."""

    purpose: Text = Key(description="What it is kept for, in words the person understands.")
    basis: Basis = Key(description="The ground in law: PIPL 13, GDPR 6.")
    sensitivity: Literal["personal", "sensitive"] = Key("personal", description="`sensitive`: PIPL 28, GDPR 9.")
    erase: Literal["clear", "replace", "keep"] = Key(
        "clear", description="`replace`: by ***, where something must stand there; `keep`: the law wants it kept."
    )
    days: int | None = Key(None, ge=1, description="Erased so many days after the record was last changed.")
