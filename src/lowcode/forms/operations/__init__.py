"""What can be asked of forms.

`check` looks at a form while it is being filled in; `duplicates` finds what is there already (`likeness` says how alike
two names are), `merge` makes one record of several; `comment` is what people say about a record; `many` changes many
records and hands over all that a person owns. `export` and `transfer` carry records out to files and in from them,
`sheets` being the files, `columns` and `mappings` which column fills which field, `fillable` which may be, `cells` the
values and `incoming` the rows on their way; `bringing` does it behind the scenes for large files, in `parts` that
`laying` writes, while a large workbook is read on (`reading_ahead`); `brought` lists what came in lately, and `undo`
takes an import back.
`hanging` is what the deletion of records would come to, `with_others` why a record went with another and that it comes
back with it; `deleted` is the bin, `returning` brings back what is in it, `purging` takes it for good; `unmerging`
takes a merge back, by `taking_back` of each change.
`places` are the regions to choose from, `views` the views that people make, `drafts` what they were filling in,
`favourites` what they keep at hand, `presence` who else is at a record.
`receiving` guards the public forms, `uploading` the files that visitors add, `submitting` makes records of what they
sent, `letters` are what they get, `tickets` what they show. `designing` is for whoever designs a form, `checking` what
is wrong with one. `subjects`, `erasing`, `consents`, `disclosure` and `retaining` see to the rights of the people
records are about.
"""

from __future__ import annotations

from lowcode.forms.cards import operations as cards
from lowcode.forms.operations import (
    bringing,
    brought,
    check,
    comment,
    consents,
    deleted,
    disclosure,
    drafts,
    duplicates,
    erasing,
    export,
    favourites,
    hanging,
    many,
    merge,
    places,
    presence,
    purging,
    receiving,
    retaining,
    returning,
    subjects,
    submitting,
    tickets,
    transfer,
    undo,
    unmerging,
    uploading,
    views,
)
from lowcode.forms.operations.reading_ahead import Readers
from lowcode.kernel.contract import Operation
from lowcode.kernel.identity.rates import Rates

OPERATIONS: tuple[Operation, ...] = (
    *check.OPERATIONS,
    *duplicates.OPERATIONS,
    *comment.OPERATIONS,
    *export.OPERATIONS,
    *transfer.OPERATIONS,
    *brought.OPERATIONS,
    *undo.OPERATIONS,
    *merge.OPERATIONS,
    *hanging.OPERATIONS,
    *deleted.OPERATIONS,
    *returning.OPERATIONS,
    *purging.OPERATIONS,
    *unmerging.OPERATIONS,
    *many.OPERATIONS,
    *places.OPERATIONS,
    *submitting.OPERATIONS,
    *tickets.OPERATIONS,
    *subjects.OPERATIONS,
    *erasing.OPERATIONS,
    *consents.OPERATIONS,
    *disclosure.OPERATIONS,
    *retaining.OPERATIONS,
    *views.OPERATIONS,
    *drafts.OPERATIONS,
    *favourites.OPERATIONS,
    *presence.OPERATIONS,
)


def operations(rates: Rates, readers: Readers) -> tuple[Operation, ...]:
    """All of them; how often an address asks is counted in this process, and which workbooks are read ahead is known in
    it."""
    return (
        *OPERATIONS, *bringing.operations(readers), *receiving.operations(rates), *uploading.operations(rates),
        *cards.operations(rates),
    )  # fmt: skip
