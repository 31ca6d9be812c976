"""Functions of truth, and the forms the checker turns into branches."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.expressions.functions.declaration import Function


def exclusive_or(*values: Any) -> bool | None:
    return None if None in values else sum(values) % 2 == 1


FUNCTIONS = (Function("XOR", "value:boolean...", "boolean", exclusive_or, "Whether an odd number is true."),)

FORMS = {
    "IF": ("condition, value, otherwise?", "The value when the condition is met, else the other."),
    "IFS": ("condition, value, …, otherwise?", "The value of the first condition met."),
    "SWITCH": ("value, option, result, …, otherwise?", "The result of the first option equal to the value."),
    "CHOOSE": ("number, first, second, …", "The value at the place of the number."),
    "COALESCE": ("value, …", "The first value that is not blank."),
    "IFBLANK": ("value, otherwise", "The value, or the other when it is blank."),
    "IFERROR": ("value, otherwise", "The value, or the other when it cannot be worked out."),
    "ISBLANK": ("value", "Whether a value is blank."),
    "AND": ("condition, …", "Whether all conditions are true."),
    "OR": ("condition, …", "Whether one condition at least is true."),
    "NOT": ("condition", "The condition turned round."),
    "DAYSSINCE": ("date", "Days from a date until today."),
    "AGE": ("date", "Whole years from a date until today."),
    "EDATE": ("date, months", "So many months later."),
    "INLAST": ("date, count, unit", "Whether a date lies in the last so many units, today included."),
    "INNEXT": ("date, count, unit", "Whether a date lies in the next so many units, today included."),
    "SAMEPERIOD": ("date, unit", "Whether a date lies in the same period as today."),
    "OLD": ("field", "The value of a field before the record was saved."),
    "CHANGED": ("field", "Whether a field differs from before."),
    "ISNEW": ("", "Whether the record is being created."),
    "TODAY": ("", "The day it is in the zone of the application."),
    "NOW": ("", "The instant it is."),
    "ME": ("", "The person asking."),
    "CURRENTUSER": ("", "The person asking."),
    "TEAM": ("", "The person asking and everyone below."),
    "UNITS": ("", "The organisation units of the person asking, with those below."),
    "INUNIT": ("unit", "Whether a unit is one of UNITS()."),
    "RECORDID": ("", "The id of the record."),
    "UNDER": (
        "link, record, …",
        "Whether a record of a tree is one of these or hangs under one, however deep. A record is an id, a link to "
        "one, or what it is called: its label, or a text that is unique.",
    ),
}

SHORT = {
    "AVG": "AVERAGE",
    "IFNULL": "IFBLANK",
    "ISNULL": "ISBLANK",
    "LENGTH": "LEN",
    "CONCATENATE": "CONCAT",
    "DATEDIFF": "DATEDIF",
    "CEIL": "CEILING",
    "SUBSTRING": "MID",
    "AVERAGEIF": "AVERAGE",
    "SUMIF": "SUM",
    "COUNTIF": "COUNT",
    "SUMIFS": "SUM",
    "COUNTIFS": "COUNT",
    "WEEKNUM": "ISOWEEK",
    "LOG": "LOG10",
}
"""Names people know from elsewhere, and what the language calls them: offered in messages."""
