"""How actions look to editors and the designer: one key, the word of a kind, with that kind's options behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from lowcode.kernel.definitions.documents import Part
from lowcode.rules.actions.kind import ActionKind
from lowcode.rules.definition import RuleDocument, StepDocument


def _one_key(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {"^x-": {}}
    schema["minProperties"] = 1


class OneAction(Part):
    """One action: its kind, and the kind's options."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_one_key)


def rule_model(kinds: Iterable[ActionKind]) -> type[BaseModel]:
    """The rule document with every kind of action spelt out; the loader reads each action by its own kind."""
    fields: dict[str, Any] = {
        kind.name: (kind.options, Field(None, description=(type(kind).__doc__ or "").strip())) for kind in kinds
    }
    action = create_model("Action", __base__=OneAction, __doc__=OneAction.__doc__, **fields)
    listed: Any = list[action]
    step = create_model(
        "Step", __base__=StepDocument, __doc__=StepDocument.__doc__, actions=(listed, Field(min_length=1))
    )
    steps: Any = list[step]
    return create_model(
        "Rule",
        __base__=RuleDocument,
        __doc__=RuleDocument.__doc__,
        actions=(listed, Field(default_factory=list)),
        steps=(steps, Field(default_factory=list)),
    )
