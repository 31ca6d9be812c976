"""What can be asked of forms.

`check` looks at a form while it is being filled in; `duplicates` finds what is there already (`likeness` says how
alike two names are), `merge` makes one record of several; `comment` is what people say about a record; `many` changes
many records and hands over all that a person owns. `export` and `transfer` carry records out to files and in from them,
`sheets` being the files and `cells` the values in them, `mappings` which column fills which field, and `undo` takes an
import back. `places` are the regions to choose from, `views` the views that people make, `drafts`
what they were filling in.
"""

from __future__ import annotations

from lowcode.forms.operations import (
    check,
    comment,
    drafts,
    duplicates,
    export,
    many,
    merge,
    places,
    transfer,
    undo,
    views,
)
from lowcode.kernel.contract import Operation

OPERATIONS: tuple[Operation, ...] = (
    *check.OPERATIONS,
    *duplicates.OPERATIONS,
    *comment.OPERATIONS,
    *export.OPERATIONS,
    *transfer.OPERATIONS,
    *undo.OPERATIONS,
    *merge.OPERATIONS,
    *many.OPERATIONS,
    *places.OPERATIONS,
    *views.OPERATIONS,
    *drafts.OPERATIONS,
)
