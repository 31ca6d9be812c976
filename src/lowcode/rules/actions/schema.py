"""How actions look to editors and the designer: one key, the word of a kind, with that kind's options behind it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from lowcode.kernel.definitions.documents import Part
from lowcode.rules.actions.kind import ActionKind
from lowcode.rules.definition import RuleDocument, StepDocument
from lowcode.rules.pools.documents import PoolDocument, ReclaimDocument, WarnDocument


def _one_key(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {"^x-": {}}
    schema["minProperties"] = 1


Spelt = tuple[tuple[str, Any, str], ...]
"""Each kind of action: its word, its options and what it is. Hosts that know the same share the models made of it."""


class OneAction(Part):
    """One action: its kind, and the kind's options."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_one_key)


def rule_model(kinds: Iterable[ActionKind]) -> type[BaseModel]:
    """The rule document with every kind of action spelt out; the loader reads each action by its own kind."""
    return _rule_model(_spelt(kinds))


@lru_cache(maxsize=8)
def _rule_model(actions: Spelt) -> type[BaseModel]:
    listed = _actions(actions)
    step = _with(StepDocument, "Step", actions=(listed, Field(min_length=1)))
    steps: Any = list[step]  # type: ignore[valid-type]
    return _with(
        RuleDocument,
        "Rule",
        actions=(listed, Field(default_factory=list)),
        steps=(steps, Field(default_factory=list)),
    )


def pool_model(kinds: Iterable[ActionKind]) -> type[BaseModel]:
    """The pool document with every kind of action spelt out, in what it does when it takes records back."""
    return _pool_model(_spelt(kinds))


@lru_cache(maxsize=8)
def _pool_model(actions: Spelt) -> type[BaseModel]:
    listed = _actions(actions)
    warn: Any = list[_with(WarnDocument, "Warn", actions=(listed, Field(min_length=1)))]  # type: ignore[misc]
    reclaim = _with(
        ReclaimDocument,
        "Reclaim",
        actions=(listed, Field(default_factory=list)),
        warn=(warn, Field(default_factory=list)),
    )
    reclaims: Any = list[reclaim]  # type: ignore[valid-type]
    return _with(PoolDocument, "Pool", reclaim=(reclaims, Field(default_factory=list)))


def _spelt(kinds: Iterable[ActionKind]) -> Spelt:
    return tuple((kind.name, kind.options, (type(kind).__doc__ or "").strip()) for kind in kinds)


def _actions(actions: Spelt) -> Any:
    fields: dict[str, Any] = {name: (options, Field(None, description=words)) for name, options, words in actions}
    return list[create_model("Action", __base__=OneAction, __doc__=OneAction.__doc__, **fields)]  # type: ignore[misc]


def _with(model: type[BaseModel], name: str, **fields: Any) -> type[BaseModel]:
    return create_model(name, __base__=model, __doc__=model.__doc__, **fields)
