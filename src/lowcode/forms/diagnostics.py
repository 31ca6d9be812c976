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
