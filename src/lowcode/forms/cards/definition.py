"""What a form may say of business cards."""

from __future__ import annotations

from pydantic import Field as Key

from lowcode.kernel.definitions import Part


class BusinessCardDefinition(Part):
    """Which field takes what a photo of a business card says."""

    person: str | None = Key(None, description="The field that takes the name of the person.")
    company: str | None = None
    job_title: str | None = None
    mobile_phone: str | None = None
    phone: str | None = Key(None, description="A number that is none of a mobile phone.")
    email: str | None = None
    website: str | None = None
    address: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The field of each part that has one."""
        return {part: name for part, name in self if isinstance(name, str)}
