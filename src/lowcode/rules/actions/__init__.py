"""What a rule can do: one file per kind of action.

A kind reads its options into an `Action` when the app is compiled; when a rule fires, the action works out an `Effect`
from the facts (nothing is changed yet, so a simulation stops here and shows it), and the effect is then applied.
A third party adds a kind by the same `Registry.add` that the built-in ones go through.
"""

from lowcode.kernel.registry import Registry
from lowcode.rules.actions.assign import ASSIGN
from lowcode.rules.actions.claim import CLAIM
from lowcode.rules.actions.create import CREATE
from lowcode.rules.actions.kind import MEMBERS, ActionKind
from lowcode.rules.actions.notify import NOTIFY
from lowcode.rules.actions.refuse import REFUSE
from lowcode.rules.actions.return_to_pool import RETURN_TO_POOL
from lowcode.rules.actions.set import SET
from lowcode.rules.actions.start_flow import START_FLOW
from lowcode.rules.actions.update import UPDATE
from lowcode.rules.actions.webhook import WEBHOOK

BUILT_IN: tuple[ActionKind, ...] = (
    SET,
    CREATE,
    UPDATE,
    ASSIGN,
    NOTIFY,
    REFUSE,
    RETURN_TO_POOL,
    CLAIM,
    START_FLOW,
    WEBHOOK,
)


def registry() -> Registry[ActionKind]:
    """The built-in kinds, in a registry of the caller's own."""
    return Registry("rule action", BUILT_IN, MEMBERS)
