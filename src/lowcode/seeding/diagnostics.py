"""Every message that first data can give."""

from __future__ import annotations

from lowcode.kernel.diagnostics import Catalogue, Message
from lowcode.seeding.chinese import CHINESE

MESSAGES = Catalogue(
    "seed",
    {
        "unknown-form": Message("there is no form '{seen}'", "A seed file is named after a form: `40_lead.json`."),
        "unknown-key": Message(
            "no row before this one has the key '{seen}'",
            "A row or deed refers to another by its key, and it must come first.",
        ),
        "unknown-person": Message("nobody has the login '{seen}'", "A row names a person who is not in people.json."),
        "bad-time": Message(
            "no clock shows '{seen}'",
            "A time of day stands beside the days from now.",
            'Write hours and minutes, for instance {{"days": 3, "time": "14:30"}}.',
        ),
        "refused": Message(
            "{reason}", "A row is not one the form accepts.", "Correct the row, or what the form asks of it."
        ),
        "unknown-part": Message("a deed has no part '{seen}'", "A deed says by, at, ask, with and key."),
        "deed-refused": Message(
            "{reason}",
            "What a deed asks is refused to whoever does it, as it would be to them on the page.",
            "Let somebody do it who may, or correct what is asked.",
        ),
    },
    CHINESE,
)
