"""How flows are asked, and how they touch the world.

`asked` and `vocabulary` are the operations; `views` and `picture` what they answer, `possible` what a person may do
now (in the words of `sayings`), `reasons` why a step went so, `deeds` what was done beside it; `links`, deciding from
a letter; `models`, BPMN. Below them, one locked step at a time: `commands`, `signers`, `returning`, `attention`,
`suspending` with `held` (what comes meanwhile), `building` (steps added to one instance), with `telling` (word to
those concerned), `calls`, `happening` with `listening` (what is waited for beside people) and `messages` (those that
come early), `migrating`, `repairing`
(what is stuck, many at once); `answering`, what other programs answer; `scheduled`, what the clock begins; `ahead`,
what would happen, in a context in which
nothing is written (`foreseen`); `drive`, what tokens do on the way; `work`, the world as a node sees it; `journal`,
what is left behind; `copies`; `standing`, how a step stands that is not over; `reviewing` and `advice`, programs that
review; `overview` and `statistics`; `watch`, what happens in a save; `plans`, the versions that instances are pinned
to; `once`, what is asked twice and done once; `agreeing`, who agreed to a record as it is; `designing`, for whoever
designs a flow; `store`, the statements.
"""

from lowcode.flows.operations.answering import OPERATIONS as ANSWERING
from lowcode.flows.operations.asked import BASICS
from lowcode.flows.operations.happening import OPERATIONS as HAPPENING
from lowcode.flows.operations.links import OPERATIONS as LINKS
from lowcode.flows.operations.messages import OPERATIONS as MESSAGES
from lowcode.flows.operations.messages import SENDING
from lowcode.flows.operations.models import OPERATIONS as MODELS
from lowcode.flows.operations.once import once
from lowcode.flows.operations.overview import OPERATIONS as OVERVIEW
from lowcode.flows.operations.plans import FlowsPlan
from lowcode.flows.operations.repairing import OPERATIONS as REPAIRING
from lowcode.flows.operations.reviewing import OPERATIONS as REVIEWING
from lowcode.flows.operations.scheduled import OPERATIONS as SCHEDULED
from lowcode.flows.operations.suspending import OPERATIONS as SUSPENDING
from lowcode.flows.operations.vocabulary import FURTHER
from lowcode.flows.operations.watch import STAGES

OPERATIONS = (
    *map(once, (*BASICS, *FURTHER, *REPAIRING, SENDING)), *LINKS, *HAPPENING, *MESSAGES, *ANSWERING, *MODELS, *OVERVIEW,
    *REVIEWING, *SCHEDULED, *SUSPENDING,
)  # fmt: skip

__all__ = ["OPERATIONS", "STAGES", "FlowsPlan"]
