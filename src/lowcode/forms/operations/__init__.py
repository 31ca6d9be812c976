"""What can be asked of forms.

`check` looks at a form while it is being filled in; `duplicates` finds what is there already (`likeness` says how
alike two names are); `comment` is what people say about a record; `export` and `transfer` carry records out to files
and in from them, `sheets` being the files and `cells` the values in them; `places` are the regions to choose from.
"""

from __future__ import annotations

from lowcode.forms.operations import check, comment, duplicates, export, places, transfer
from lowcode.kernel.contract import Operation

OPERATIONS: tuple[Operation, ...] = (
    *check.OPERATIONS,
    *duplicates.OPERATIONS,
    *comment.OPERATIONS,
    *export.OPERATIONS,
    *transfer.OPERATIONS,
    *places.OPERATIONS,
)
