"""Whether a path leads through what is kept from a person."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context


def kept_from(context: Context, record_type: str, path: str) -> bool:
    """Whether any step of a path leads through a field that this actor may not see."""
    host: Any = context.host
    shapes = context.app.scope.shapes.records
    current: str | None = record_type
    for name in path.split("."):
        owner = host.types.get(current)
        if owner is not None:
            hidden = host.grant(owner, context.actor).hidden
            steps = f"{owner.way}.{name}".lstrip(".").split(".")
            if any(".".join(steps[: length + 1]) in hidden for length in range(len(steps))):
                return True
        shape = shapes.get(current)
        field = shape.fields.get(name) if shape is not None else None
        current = None if field is None else field.type.record or field.type.target
    return False
