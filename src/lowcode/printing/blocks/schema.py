"""Any block a host knows, as one model: blocks that hold blocks (`list[AnyBlock]`) hold those of the same host."""

from __future__ import annotations

import sys
from copy import copy
from typing import Annotated, Any, Union

from pydantic import Field, create_model

from lowcode.kernel.registry import Registry
from lowcode.printing.blocks.kind import Block, BlockKind


def any_block(kinds: Registry[BlockKind]) -> Any:
    """The annotation of one block, told apart by `type`."""
    models = [_own(kind.model) for kind in kinds]
    every: Any = Annotated[Union[tuple(models)], Field(discriminator="type")]  # noqa: UP007
    for model in models:
        if not model.__pydantic_complete__:
            model.model_rebuild(_types_namespace={**vars(sys.modules[model.__module__]), "AnyBlock": every})
    return every


def _own(model: type[Block]) -> type[Block]:
    """The model itself, or for one that holds blocks one of the host's own, still to be told what a block is."""
    if model.__pydantic_complete__:
        return model
    holding: Any = {
        name: (written, copy(model.__pydantic_fields__[name]))
        for name, written in model.__annotations__.items()
        if "AnyBlock" in str(written)
    }
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, __module__=model.__module__, **holding)
