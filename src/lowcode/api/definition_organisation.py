"""What may be written of an organisation: whose departments and people the directory follows."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.api.sign_in.kind import PeopleDocument
from lowcode.kernel.definitions.documents import Document


class OrganisationDocument(Document):
    """Departments and people are kept as a service has them: who comes, changes, moves and leaves. Nobody is deleted:
    who left is made inactive, and what they own is handed over."""

    type: Literal["organisation"]
    connector: str = Field(description="The connector of the service: a DingTalk, WeCom or Feishu application.")
    every: int = Field(1440, ge=15, le=43_200, description="Minutes between two looks.")
    people: PeopleDocument = Field(
        default_factory=PeopleDocument,
        description="Whom of the directory somebody is, who was here before; what those get who come; roles by what "
        "the service says of a person.",
    )
    same_logins: bool = Field(
        False,
        description="Whoever has the same login here is meant, too. Only where the logins of the service are given out "
        "by the organisation's administrators, as those of WeCom are, and never where people choose them.",
    )
    departments: bool = Field(
        True, description="Departments follow too; else people keep the ones that they have here."
    )
    leaves: int = Field(
        20,
        ge=0,
        le=100,
        description="Percent of the people who may leave at once, and never fewer than three. More than that is most "
        "likely a right that was taken from the application, and waits for an administrator.",
    )
    enabled: bool = True
