"""What a form may say of the people its records are about: `privacy` in `forms/<name>.json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key

from lowcode.kernel.definitions import Expression, Name, Part


class RetentionDefinition(Part):
    """How long is long enough, and what is done then; every night."""

    name: Name
    where: Expression | None = None
    since: str = Key("updated_at", description="The date or datetime field the days are counted from.")
    days: int = Key(ge=1)
    do: Literal["anonymise", "erase"] = Key(
        "anonymise", description="Take away what is personal; `erase` also puts the record away."
    )
    fields: list[str] = Key(default_factory=list, description="Only these of the personal fields; all of them if none.")


class FormPrivacyDefinition(Part):
    """Whom a record is about, how a person is found, how long it is kept."""

    subject: str | None = Key(None, description="The link to the person's record; left out, the record is the person.")
    identify: list[str] = Key(default_factory=list, description="Fields by whose value a person is found.")
    retention: list[RetentionDefinition] = Key(default_factory=list)
    trash: int = Key(30, ge=1, description="Days after which what was deleted is anonymised.")
