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
        "done-by-hand": Message(
            "'{seen}' ({element}) became a task for the starter",
            "What a program did elsewhere cannot be taken over; until it is replaced, somebody does it.",
            "Replace it by a step of the engine: set, create, notify, flow.",
        ),
        "nobody-named": Message(
            "nobody is named for '{seen}'; the starter is asked",
            "Who does a task is not part of the standard, or is said in a way of another product.",
            "Say who is asked.",
        ),
        "condition-to-check": Message(
            "look at the condition '{seen}', which became '{became}'",
            "Conditions were written in another language.",
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
