"""What a rule can do: one file per kind of action.

A kind reads its options into an `Action` when the app is compiled; when a rule fires, the action works out an `Effect`
from the facts (nothing is changed yet, so a simulation stops here and shows it), and the effect is then applied.
`setup` adds the built-in ones to the kinds of a host, as a plug-in adds its own.
"""

from lowcode.kernel.registry import Kinds
from lowcode.rules.actions.analyse import AnalyseKind
from lowcode.rules.actions.assign import ASSIGN
from lowcode.rules.actions.call import CALL
from lowcode.rules.actions.claim import CLAIM
from lowcode.rules.actions.create import CREATE
from lowcode.rules.actions.decide import DECIDE
from lowcode.rules.actions.delete import DELETE
from lowcode.rules.actions.kind import MEMBERS, ActionKind
from lowcode.rules.actions.link import LINK, UNLINK
from lowcode.rules.actions.mail import MAIL
from lowcode.rules.actions.notify import NOTIFY
from lowcode.rules.actions.print import PRINT
from lowcode.rules.actions.refuse import REFUSE
from lowcode.rules.actions.request import REQUEST
from lowcode.rules.actions.return_to_pool import RETURN_TO_POOL
from lowcode.rules.actions.send import SEND
from lowcode.rules.actions.set import SET
from lowcode.rules.actions.signal import SIGNAL
from lowcode.rules.actions.start_flow import START_FLOW
from lowcode.rules.actions.stop import STOP
from lowcode.rules.actions.update import UPDATE
from lowcode.rules.actions.wait import WAIT
from lowcode.rules.actions.webhook import WEBHOOK

BUILT_IN: tuple[ActionKind, ...] = (
    SET,
    CREATE,
    UPDATE,
    DELETE,
    LINK,
    UNLINK,
    DECIDE,
    ASSIGN,
    NOTIFY,
    MAIL,
    SEND,
    PRINT,
    CALL,
    REFUSE,
    RETURN_TO_POOL,
    CLAIM,
    START_FLOW,
    SIGNAL,
    WEBHOOK,
    REQUEST,
    WAIT,
    STOP,
)


def setup(kinds: Kinds) -> None:
    """Open the extension point `action` and add the built-in kinds; analysers must be known already."""
    kinds.open("action", "rule action", MEMBERS)
    kinds.add("action", *BUILT_IN, AnalyseKind(kinds["analyser"]))
