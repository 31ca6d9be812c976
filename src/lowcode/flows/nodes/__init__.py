"""The kinds of nodes: one file each; `kind` is their contract. `BUILT_IN` lists them in the order of the reference.

`setup` adds them to the kinds of a host, as a plug-in adds its own.
"""

from __future__ import annotations

from lowcode.flows.nodes.approve import ApproveNode
from lowcode.flows.nodes.branch import BranchNode
from lowcode.flows.nodes.copy import CopyNode
from lowcode.flows.nodes.create import CreateNode
from lowcode.flows.nodes.delete import DeleteNode
from lowcode.flows.nodes.end import EndNode
from lowcode.flows.nodes.flow import FlowNode
from lowcode.flows.nodes.handler import HandlerNode
from lowcode.flows.nodes.inclusive import InclusiveNode
from lowcode.flows.nodes.join import JoinNode
from lowcode.flows.nodes.kind import NodeKind
from lowcode.flows.nodes.notify import NotifyNode
from lowcode.flows.nodes.parallel import ParallelNode
from lowcode.flows.nodes.print import PrintNode
from lowcode.flows.nodes.request import RequestNode
from lowcode.flows.nodes.scope import ScopeNode
from lowcode.flows.nodes.set import SetNode
from lowcode.flows.nodes.start import StartNode
from lowcode.flows.nodes.task import TaskNode
from lowcode.flows.nodes.throw import ThrowNode
from lowcode.flows.nodes.update import UpdateNode
from lowcode.flows.nodes.wait import WaitNode
from lowcode.kernel.registry import Kinds, tagged

BUILT_IN: tuple[NodeKind, ...] = (
    StartNode(),
    ApproveNode(),
    TaskNode(),
    BranchNode(),
    ParallelNode(),
    InclusiveNode(),
    JoinNode(),
    SetNode(),
    UpdateNode(),
    CreateNode(),
    DeleteNode(),
    NotifyNode(),
    CopyNode(),
    PrintNode(),
    RequestNode(),
    WaitNode(),
    FlowNode(),
    ScopeNode(),
    HandlerNode(),
    ThrowNode(),
    EndNode(),
)


def setup(kinds: Kinds) -> None:
    """Open the extension point `node` and add the built-in kinds."""
    kinds.open("node", "flow node", ("document", "exits", "compile", "enter", "wake"), tagged("document"))
    kinds.add("node", *BUILT_IN)
