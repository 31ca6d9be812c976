"""How flows are asked, and how they touch the world.

`asked` are the operations; `views` what they answer. Below them: `commands`, one locked step at a time; `drive`, what
tokens do on the way; `work`, the world as a node sees it; `watch`, what happens in a save; `plans`, the versions that
instances are pinned to; `store`, the statements.
"""

from lowcode.flows.operations.asked import OPERATIONS
from lowcode.flows.operations.plans import FlowsPlan
from lowcode.flows.operations.watch import STAGES

__all__ = ["OPERATIONS", "STAGES", "FlowsPlan"]
