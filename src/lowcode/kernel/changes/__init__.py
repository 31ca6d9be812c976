"""Records that are changed because of another one: what an action of a rule and a step of a flow have in common.

What goes in: what an author writes of the records that are meant (`WhichOptions`), of rows in them (`RowsOptions`), of
lines of a new one (`LinesOptions`), and expressions for fields; and the record they stand beside (`Beside`).
What comes out: the records, rows and values that are meant (`Which`, `RowChanges`, `Lines`), worked out before anything
is written, and saved in one go where that means the same as one by one.

* `site`      where it stands while it is compiled, and the record it is worked out beside: what an engine gives
* `which`     the records: a linked one, related ones, those of a form for which a condition holds
* `rows`      rows of lines in them, by a condition
* `lines`     lines of a record that is made: written out, or one for each row
* `together`  one thing done to many records
"""

from lowcode.kernel.changes.lines import Lines, LinesOptions, compile_lines
from lowcode.kernel.changes.rows import Met, RowChanges, RowsOptions, compile_rows
from lowcode.kernel.changes.site import Beside, Site
from lowcode.kernel.changes.which import (
    AT_ONCE,
    Found,
    TooMany,
    Which,
    WhichOptions,
    compile_which,
    fields_of_this,
    linked_form,
    named_of_this,
    needs_of_this,
    one_way,
    this_record,
)

__all__ = [
    "AT_ONCE", "Beside", "Found", "Lines", "LinesOptions", "Met", "RowChanges", "RowsOptions", "Site", "TooMany",
    "Which", "WhichOptions",
    "compile_lines", "compile_rows", "compile_which", "fields_of_this", "linked_form",
    "named_of_this", "needs_of_this", "one_way", "this_record",
]  # fmt: skip
