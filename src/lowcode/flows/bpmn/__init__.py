"""Flows as BPMN 2.0 XML, out and in again, so that they can be drawn and looked at elsewhere.

`exporting` makes elements of nodes (`meaning`: of events), `drawing` gives them places (`arranging`, by the rows
of `layers`), `xml` writes and safely reads,
`importing` makes a flow of what came; `foreign` understands elements that were drawn elsewhere (`drawn`: the drawing,
`said`: what its events and arrows say). What BPMN has no word for travels in extension elements and comes back
unchanged.
"""

from lowcode.flows.bpmn.exporting import to_bpmn
from lowcode.flows.bpmn.importing import from_bpmn

__all__ = ["from_bpmn", "to_bpmn"]
