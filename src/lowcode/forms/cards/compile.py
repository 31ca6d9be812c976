"""What a form says of business cards, held against its fields."""

from __future__ import annotations

from lowcode.forms.cards.definition import BusinessCardDefinition
from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.records.plan import RecordType

TAKEN = ("text", "long_text", "email", "phone", "url", "address")
"""The types of fields that take what is read."""


def check_card(
    card: BusinessCardDefinition | None, record_type: RecordType, source: SourceDocument, report: Report
) -> None:  # fmt: skip
    """Each part goes into a field that is there and takes what is read."""
    for part, name in card.fields.items() if card is not None else ():
        place = source.place(f"/business_card/{part}")
        field = record_type.fields.get(name)
        if field is None:
            values = {"seen": name, "form": record_type.name, "known": list(record_type.fields)}
            report.add(MESSAGES.diagnostic("unknown-field", place, **values))
        elif field.options_type not in TAKEN:
            report.add(MESSAGES.diagnostic("card-field", place, seen=name, kind=field.options_type, kinds=TAKEN))
