"""Everything that can be wrong with the document of a flow; what is refused while one runs is in `refusals`."""

from __future__ import annotations

from lowcode.flows.chinese import CHINESE
from lowcode.flows.refusals import WORDS, problem
from lowcode.kernel.diagnostics import Catalogue, Message

__all__ = ["MESSAGES", "WORDS", "problem"]

MESSAGES = Catalogue(
    "flows",
    {
        "unknown-node": Message(
            "no node of this flow has the id '{seen}'", "An exit leads to a node that is not in the list `nodes`."
        ),
        "same-id": Message(
            "two nodes have the id '{seen}'",
            "Exits name nodes by their id, so an id stands for one node.",
            "Give one of them another id.",
        ),
        "no-start": Message(
            "the flow has no node of type 'start'",
            "A flow begins at its one start node.",
            'Add {{"id": "start", "type": "start", "to": "…"}} to the nodes.',
        ),
        "two-starts": Message(
            "the flow has more than one node of type 'start'",
            "A flow begins at its one start node.",
            "Keep one start; use a 'parallel' node where several things begin at once.",
        ),
        "start-is-a-target": Message(
            "an exit leads back to the start",
            "A start begins an instance and cannot be reached from inside it.",
            "Lead the exit to the node after the start.",
        ),
        "no-end": Message(
            "the flow has no node of type 'end'",
            "Without an end an instance runs for ever.",
            'Add {{"id": "end", "type": "end", "outcome": "approved"}} and lead an exit to it.',
        ),
        "unreachable": Message(
            "nothing leads to the node '{seen}'",
            "No path from the start reaches it, so it would never run.",
            "Lead an exit to it, or remove it.",
        ),
        "dead-end": Message(
            "from the node '{seen}' no end can be reached",
            "A token that comes here never leaves the flow.",
            "Lead one of its exits towards an end.",
        ),
        "join-without-split": Message(
            "the join '{seen}' has nothing to wait for: no parallel node starts two branches that meet in it",
            "A join waits until every incoming flow brought a token. Branches of a 'branch' node bring one only.",
            "Lead the exits straight to the next node, or split with a 'parallel' node before.",
        ),
        "join-never-complete": Message(
            "the join '{seen}' can wait for ever",
            "There is a way through the flow on which one of its incoming flows never brings a token.",
            'End that branch with an end that stops the flow ("stops": "flow"), or lead it to the join.',
        ),
        "tokens-multiply": Message(
            "every round through '{seen}' makes more tokens",
            "A parallel node lies on a loop without the join that takes its branches together.",
            "Join the branches before the flow goes back.",
        ),
        "events-multiply": Message(
            "every round through '{seen}' can leave one more branch beside it",
            "The step lies on a loop and has an event that does not interrupt. What the event begins can still wait "
            "for somebody when the step is walked again, so that there would be more of it with every round.",
            "Let that branch end without waiting for anybody, let the event interrupt, or give its work to a handler "
            "of the flow, which goes on once at a time.",
        ),
        "endless-loop": Message(
            "the nodes {seen} can go round without anybody being asked",
            "No person, wait or end stands on this loop, so it would be walked until the limit stops it.",
            "Put an approval, a task or a wait on the loop.",
            severity="warning",
        ),
        "parallel-of-one": Message(
            "the parallel node '{seen}' has fewer than two branches",
            "A split into one does nothing.",
            "Give it a second exit, or remove it.",
        ),
        "unknown-field": Message(
            "the form '{form}' has no field '{seen}'", "A flow names a field that its form does not have."
        ),
        "not-files": Message(
            "'{seen}' does not hold files",
            "A step that prints keeps the file in an attachment field of the record.",
            "Name a field of type attachment.",
        ),
        "not-a-state": Message(
            "'{seen}' is not a state of the field '{field}'",
            "The flow begins when the field takes this value, and it never can.",
        ),
        "start-incomplete": Message(
            "a start on '{on}' needs {needs}",
            "Without it nothing says when an instance begins.",
            'Write for instance "on": "transition", "field": "stage", "to": "approving".',
        ),
        "start-too-much": Message(
            "a start on '{on}' does not use '{seen}'",
            "The key belongs to another way of starting.",
            'Remove it, or change "on".',
        ),
        "schedule-how": Message(
            "a schedule has one of 'cron', 'every' and 'at'",
            "Each of them says by itself when the flow begins.",
            'Write for instance {{"cron": "0 9 * * 1"}} for Mondays at nine.',
        ),
        "wrong-time": Message("'{seen}' is no time of the clock: {reason}", "Otherwise the flow would never begin."),
        "moves-what-it-keeps": Message(
            "the flow keeps the record where it is until it has ended, and sets '{seen}' itself",
            "With `leaving` on `refuse` the record does not leave the state in which the flow began while it runs.",
            'Let the field be moved after the flow, or write "leaving": "stop".',
        ),
        "not-a-scope": Message(
            "'{seen}' is not a scope or a handler of this flow",
            "`in` names the node of type 'scope' or 'handler' that a step belongs to.",
        ),
        "empty-scope": Message(
            "nothing begins in '{seen}'",
            "A scope and a handler begin at a start of their own.",
            'Add {{"id": "…", "type": "start", "in": "{seen}", "to": "…"}} to the nodes.',
        ),
        "inside-itself": Message(
            "'{seen}' lies inside itself", "A scope may be in another one, and never in one that is inside it."
        ),
        "other-level": Message(
            "'{seen}' does not belong to the same scope, or is a handler",
            "Arrows do not cross the border of a scope, and nothing leads to a handler.",
            "Lead to the scope, or let an end throw an error that is caught on it.",
        ),
        "catch-what": Message(
            "say exactly one thing that is caught, not {seen}",
            "An event is a message, a condition (`when`), a time (`after`), a signal, an error or an escalation.",
        ),
        "error-interrupts": Message(
            "an error always interrupts", "What failed does not go on.", 'Leave "interrupts" out.'
        ),
        "never-caught": Message(
            "a step that is over at once cannot catch a {seen}",
            "Only where a token rests can anything happen meanwhile; of the others only errors are caught.",
        ),
        "handler-of-what": Message(
            "a handler has an `event` that begins it, or says which step it `undoes`", "It has both or neither."
        ),
        "throw-what": Message(
            "exactly one thing is thrown, not {seen}",
            "A throw has one of `signal`, `message`, `escalation` and `undo`; an end at most one of `error`, "
            "`escalation` and `signal`.",
        ),
        "undoes-what": Message(
            "'{seen}' is not a step that can be undone here",
            "A handler undoes a step of its own scope, and a throw what has such a handler.",
        ),
        "undone-twice": Message("'{seen}' is undone by two handlers", "Each step has one handler that undoes it."),
        "link-cannot": Message(
            "a link cannot ask for what this step wants beside the answer: {seen}",
            "The page behind a link takes a decision and an opinion. Signatures, files, checklists and fields need the "
            "application.",
            "Leave `by_link` out, or what it cannot ask for.",
        ),
        "one-source": Message(
            "say in one way who is meant, not in {count} ({seen})",
            "An entry of a list of people is one source: user, role, manager_of, managers_of, department_head, "
            "members_of, field, expression, chosen_by.",
            "Write several entries instead.",
        ),
        "no-source": Message(
            "who is meant is not said here yet",
            "An entry of a list of people is one source: user, role, manager_of, managers_of, department_head, "
            "members_of, field, expression, chosen_by.",
            "Choose somebody, or take the entry out.",
        ),
        "not-a-person": Message(
            "'{seen}' is {kind} and not a person",
            "Who is asked has to be a user, a set of users or, where a department is meant, a department or its name.",
            "Name a field of type member, or an expression that is a person, such as owner.",
        ),
        "nobody-asked": Message(
            "nobody is named who could be asked at '{seen}'",
            "The list of people is empty.",
            'Add an entry such as {{"manager_of": "starter"}} or {{"role": "…"}}.',
        ),
        "decided-by": Message(
            "'{seen}' does not fit the mode '{mode}'", "Each mode has its own ways of being decided."
        ),
        "no-span": Message(
            "a span of time needs days, hours or minutes above zero",
            "Without a length the time is over at once.",
            'Write for instance {{"hours": 24}}.',
        ),
        "same-message": Message(
            "the message '{seen}' is kept twice",
            "How long a message is kept is said once in a flow.",
            "Take one of them out.",
        ),
        "message-nobody-waits": Message(
            "nothing in this flow waits for the message '{seen}'",
            "A message is kept until a `wait`, an event on a step, a handler or the start of the flow takes it.",
        ),
        "wait-for-what": Message(
            "a wait needs 'for', 'until' or 'events'",
            "Nothing says when it is over, or two things do.",
            'Write "for": {{"days": 1}} or "until": "an expression that is a date".',
        ),
        "not-a-date": Message(
            "'{seen}' is {kind} and not a date",
            "A wait ends at a date or at a date and time.",
            "Name a field of type date or datetime, or an expression that is one.",
        ),
        "fixed-field": Message(
            "the field '{seen}' is computed and cannot be set",
            "Formulas, roll-ups and serial numbers get their values from the application.",
            "Set the fields it is made of instead, or leave it out.",
        ),
        "unknown-relation": Message(
            "'{form}' has no relation '{seen}'",
            "The form declares its relations under 'relations'.",
        ),
        "not-lines": Message("'{form}' has no lines '{seen}'", "Only a field of type 'lines' has rows."),
        "not-a-link": Message(
            "'{form}' has no link '{seen}'",
            "The record that a link points at is changed through the name of the link.",
        ),
        "nothing-set": Message(
            "the node '{seen}' sets nothing",
            "It says neither values nor rows of lines.",
            'Write "values": {{"field": "expression"}}, or "lines" for rows.',
        ),
        "chosen-where": Message(
            "nobody can be picked here",
            "People are picked for a node where they are asked, and this list belongs to none.",
            "Name them in another way.",
        ),
        "leave-where": Message(
            "the deadline leaves the node, and it has no exit 'late'",
            "Nothing says where the flow goes on when time is up.",
            'Add "late": "id of a node".',
        ),
        "hand-to-whom": Message(
            "'hand_to' and the list `people` belong together",
            "Either nobody is named who takes over, or people are named and nothing is handed to them.",
            'Write {{"do": "hand_to", "people": [{{"role": "…"}}]}}.',
        ),
        "nothing-after": Message(
            "nothing comes after '{seen}'",
            "Once time has decided, the rungs behind are never reached.",
            "Put it last, and once.",
        ),
        "vote-passes": Message(
            "the mode '{mode}' and 'passes' do not fit together",
            "A vote needs to know when it passes, and no other mode uses it.",
            'Write "mode": "vote", "passes": {{"share": "2/3"}}.',
        ),
        "passes-how": Message(
            "a vote passes by 'count' or by 'share'",
            "Neither says how much agreement is enough, or both say it.",
            'Write {{"count": 2}} or {{"share": "2/3"}}.',
        ),
        "not-a-share": Message(
            "'{seen}' is not a part between 0 and 1",
            "A share is written as 2/3, 60% or 0.5.",
        ),
        "reviewer-cannot": Message(
            "a reviewer decides here, and the step asks for what only people give: {seen}",
            "A program cannot sign, add a file, tick a line or fill in a field for somebody.",
            "Leave `decides` out, so that it advises only, or do not ask for these.",
        ),
        "reviewer-no-time": Message(
            "the reviewer has no time to answer",
            "`within` says for how long its answer counts.",
            'Give it some: {{"minutes": 10}}.',
        ),
        "claim-mode": Message(
            "nothing can be claimed in the mode '{mode}'",
            "One person takes it for all only where one person is enough.",
            'Write "mode": "any", or leave "claim" out.',
        ),
        "due-twice": Message(
            "'due' and 'deadline' say the same thing",
            "A task has one time at which it is due.",
            "Keep 'deadline'.",
        ),
        "other-form": Message(
            "the flow '{flow}' is about the form '{form}', and this record is of '{seen}'",
            "A flow accompanies records of its own form only.",
            'Write "record": an expression that is a record of that form.',
        ),
        "one-record": Message(
            "a flow is begun for one 'record' or for 'each' of several, not both",
            "Nothing says which records are meant.",
            "Leave one of them out.",
        ),
        "no-link-here": Message(
            "the field '{seen}' is no link to '{form}'",
            "The records meant are those that link to the record of this flow.",
            "Name the link of that form that leads here.",
        ),
        "wait-where": Message(
            "a time and the exit 'to' belong together",
            "Where time ends a wait, 'to' says where it goes on; where only events do, each has its own exit.",
        ),
        "event-what": Message(
            "an event is either a 'message' or a condition 'when'",
            "Nothing says what is waited for, or two things do.",
        ),
        "same-check": Message(
            "two lines of the checklist are called '{seen}'",
            "What was ticked is kept by name, so a name stands for one line.",
            "Give one of them another name.",
        ),
        "return-where": Message(
            "'{seen}' is not a step that can be sent back to",
            "Sending back needs a step where people are asked, or starter, previous, any.",
        ),
    },
    CHINESE,
)
