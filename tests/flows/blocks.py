"""Random flows built of blocks: sequence, branch, parallel, inclusive, loop. Each is sound by construction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Block = tuple[Any, ...]

leaves = st.sampled_from([("ask", "all"), ("ask", "any"), ("ask", "in_order"), ("do",), ("set",), ("tell",), ("wait",)])
blocks: st.SearchStrategy[Block] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("branch"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("parallel"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("some"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("again"), inner),
    ),
    max_leaves=8,
)


@dataclass
class Drawing:
    """Writes the nodes of blocks, from the last to the first: each block is told where to go on."""

    nodes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, type_: str, **keys: Any) -> str:
        """One more node; its id."""
        id = f"n{len(self.nodes)}"
        self.nodes.append({"id": id, "type": type_, **keys})
        return id

    def draw(self, block: Block, onward: str) -> str:
        """The nodes of a block; the id of its first."""
        match block:
            case ("ask", mode):
                people = {"approvers": ["owner"], "mode": mode, "returns": ["any", "starter"]}
                return self.add("approve", approved=onward, rejected="refused", **people)
            case ("do",):
                return self.add("task", assignees=["owner"], to=onward)
            case ("set",):
                return self.add("set", values={"number": '"x"'}, to=onward)
            case ("tell",):
                return self.add("notify", to_people=["owner"], title="t", to=onward)
            case ("wait",):
                return self.add("wait", **{"for": {"hours": 1}}, to=onward)
            case ("sequence", parts):
                for part in reversed(parts):
                    onward = self.draw(part, onward)
                return onward
            case ("branch", parts):
                ways = [{"when": f"total > {index}", "to": self.draw(part, onward)} for index, part in enumerate(parts)]
                return self.add("branch", branches=ways, otherwise=onward)
            case ("parallel", parts):
                join = self.add("join", to=onward)
                return self.add("parallel", to=[self.draw(part, join) for part in parts])
            case ("some", parts):
                join = self.add("join", waits_for="active", to=onward)
                ways = [{"when": f"total > {index}", "to": self.draw(part, join)} for index, part in enumerate(parts)]
                return self.add("inclusive", branches=ways, otherwise=join)
            case ("again", part):
                back = self.add("approve", approvers=["owner"], approved=onward, rejected="?")
                first = self.draw(part, back)
                next(node for node in self.nodes if node["id"] == back)["rejected"] = first
                return first
        raise AssertionError(block)


def document_of(block: Block, drawing: Drawing | None = None) -> dict[str, Any]:
    """A whole flow around a block."""
    drawing = drawing or Drawing()
    first = drawing.draw(block, "end")
    nodes = [
        {"id": "start", "type": "start", "to": first},
        *drawing.nodes,
        {"id": "refused", "type": "end", "outcome": "rejected"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ]
    used = {target for node in drawing.nodes for target in (node.get("rejected"),)}
    if "refused" not in used:
        nodes = [node for node in nodes if node["id"] != "refused"]
    return {"name": "test", "form": "quote", "nodes": nodes}
