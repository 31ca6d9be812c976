"""What can be wrong with a form document."""

from lowcode.kernel.diagnostics import Catalogue, Message

MESSAGES = Catalogue(
    "forms",
    {
        "field-twice": Message(
            "there are two fields '{seen}' in {form}",
            "Two fields of a form (or of its lines) have one name.",
            "Rename one of them.",
        ),
        "reserved-name": Message(
            "'{seen}' is the name of something every record has",
            "A field is named like a system field or a key word of the expression language.",
            "Choose another name, for instance '{seen}_value'.",
        ),
        "unknown-field": Message(
            "{form} has no field '{seen}'", "A part of the form names a field the form does not have."
        ),
        "not-a-link": Message(
            "'{seen}' of {form} is not a link to {to}",
            "A relation goes back along a link; the field it names is of another type or links elsewhere.",
            'Name a field of type link with "to": "{to}".',
        ),
        "unknown-state": Message(
            "'{seen}' is not a state of '{field}'", "A transition or the initial state names an unknown state."
        ),
        "not-a-choice": Message(
            "a kanban needs a select or state field, and '{seen}' is {kind}",
            "The columns of a kanban are the options of a field.",
            'Set "by" to a field of type select or state.',
        ),
        "not-a-companion": Message(
            "'{seen}', named by {field}, is not a field of type {kind} beside it",
            "An amount names the field of its currency, a range the field of its end, both in the same record or row.",
        ),
        "unknown-currency": Message(
            "'{seen}' is not a currency in use", "Currencies are written by their ISO 4217 codes, CNY or USD."
        ),
        "mobile-of-no-region": Message(
            "{field} takes mobile numbers only, and does not say by whose numbering plan",
            "Which numbers are mobile ones is said by the numbering plan of a country.",
            'Add "region": "CN", or the country of yours.',
        ),
        "no-numbering-plans": Message(
            "{field} checks numbers by the plan of a country, and the library that knows them is not installed",
            "Numbering plans come with the package phonenumberslite.",
            'pip install "lowcode[phone]"',
        ),
        "unknown-phone-region": Message(
            "'{seen}' is not a country with a numbering plan",
            "Countries are written by two capitals (ISO 3166).",
            "Write CN for China.",
        ),
        "unknown-action": Message(
            "'{seen}' is nothing one can be permitted to do", "A permission line lists an action that does not exist."
        ),
        "nobody-permitted": Message(
            "nobody but administrators may use {form}",
            "The form has no permission line, and what is not permitted is refused.",
            'Add a line to "permissions".',
            "warning",
        ),
        "blank-default": Message(
            "the default {seen} is not a value of this field: {reason}",
            "A default must be something the field can hold.",
            "Write a value of the field's type, or an expression behind '='.",
        ),
    },
)
