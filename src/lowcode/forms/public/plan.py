"""What was understood of a public face of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lowcode.forms.public.definition import PublicDefinition, PublicField
from lowcode.kernel.expressions import Expression, Type

SOURCES = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer", "page", "key",
)  # fmt: skip
"""What is known of where a visitor came from; the embedding page says it."""
KINDS = (
    "text", "long_text", "email", "phone", "url", "id_card", "barcode", "integer", "number", "money", "percent", "date",
    "datetime", "time", "boolean", "select", "multi_select", "tags", "rating", "link", "attachment", "image",
)  # fmt: skip
"""The types of fields that everybody may fill in: those that read nothing of the firm, and links to what is offered."""
FILES = ("attachment", "image")
"""Those of them that a visitor uploads files for."""
TRAPS = ("homepage", "company_site", "fax_number", "middle_name", "second_email")
"""Names for the field that people do not see."""


@dataclass(frozen=True, slots=True)
class Public:
    """One public face of a form."""

    form: str

    definition: PublicDefinition
    fields: Mapping[str, PublicField]
    values: Mapping[str, Expression]
    ticket: Mapping[str, Expression]
    trap: str


def variables(definition: PublicDefinition) -> dict[str, Type]:
    """What the expressions of `values` may read beside nothing."""
    found = {f"source.{name}": Type("text") for name in SOURCES}
    return {**found, **{f"consent.{each.purpose}": Type("boolean") for each in definition.consent}}
