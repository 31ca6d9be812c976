"""What can be said of a BPMN model that is read."""

from lowcode.flows.bpmn.chinese import CHINESE
from lowcode.kernel.diagnostics import Catalogue, Message

MESSAGES = Catalogue(
    "bpmn",
    {
        "unreadable": Message(
            "this cannot be read: {reason}",
            "A model is BPMN 2.0 XML with one process; document types and entities are not read.",
        ),
        "no-process": Message("there is no process '{seen}' in it", "The model has other processes, or none."),
        "several-processes": Message(
            "of {count} processes '{seen}' is read",
            "A flow is one process.",
            "Name another one, or read each by itself.",
        ),
        "not-supported": Message(
            "'{seen}' ({element}) has no counterpart here and is left out",
            "The engine does not know this element of the standard, so nothing is made of it.",
            "Draw it in another way, and read the model again.",
        ),
        "program-to-connect": Message(
            "'{seen}' ({element}) became a request to the program '{connector}': '{operation}'",
            "What another product runs (a worker, a class, an address) is not taken over; which program does it here, "
            "and with which values, is still to be said.",
            "Write a connector '{connector}' with what it offers, or choose one that is there; or draw another step.",
        ),
        "table-to-check": Message(
            "'{seen}' ({element}) became a value out of the decision table '{table}'",
            "Which fields a decision looks at is not part of a model.",
            "Name the table, its output and the fields it looks at, in its order.",
        ),
        "script-to-write": Message(
            "'{seen}' ({element}) became a step that sets fields; its script is not run: {script}",
            "Scripts of other products are not run here.",
            "Write what it works out as values: each a field and an expression.",
        ),
        "expression-to-check": Message(
            "look at the value '{seen}' of '{name}', which became '{became}'",
            "Expressions were written in another language.",
        ),
        "done-once": Message(
            "'{seen}' ({element}) is done once, and not for each of several",
            "Only people are asked several times at once.",
            "Put it in a flow of its own that begins for each record, or use a list in its request.",
        ),
        "nobody-named": Message(
            "nobody is named for '{seen}'; the starter is asked",
            "Who does a task is not part of the standard, or is said in a way of another product.",
            "Say who is asked.",
        ),
        "nobody-told": Message(
            "nobody is named whom '{seen}' ({element}) tells; the starter is told",
            "To whom something is sent is not part of the standard, or is said in a way of another product.",
            "Say who is told.",
        ),
        "condition-to-check": Message(
            "look at the condition '{seen}', which became '{became}'",
            "Conditions were written in another language.",
        ),
        "spoilt": Message(
            "what was written beside '{seen}' ({element}) cannot be read here: {reason}",
            "A model that went out of here carries each step as it was; this one was changed by hand, or comes from "
            "where there are more kinds of steps. It is understood by how it is drawn.",
            "Add the extension that knows the kind and read the model again, or check what it became.",
        ),
        "arrow-nowhere": Message(
            "the arrow '{seen}' fits no exit of '{of}'",
            "Of a step that came from here, each arrow is one of its exits.",
            "Draw it from a step that has such an exit.",
        ),
        "exit-without-arrow": Message(
            "the exit '{exit}' of '{seen}' has no arrow any more",
            "It leads where it led before.",
        ),
    },
    CHINESE,
)
