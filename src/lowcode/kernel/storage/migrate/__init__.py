"""Migrations: what leads a database from one version of an app to the next, planned, applied and undone.

In go the tables that the documents describe and the schema that was applied last; out come steps. Nothing is written
by hand, and nothing that holds data is thrown away unless somebody says so.

* `schema`      tables and columns with their permanent ids, as a plain value kept in `lc_applied`
* `compare`     two schemas to `steps`; `columns` of a table, `computed` for what follows from a change
* `examine`     each step against the rows that are there: counts, cost, consents; `breaks` finds what rows break
* `words`       a step in the author's words; `former` what things of an earlier version are called now
* `conversion`  a value of one field type as one of another; `convert` a whole column
* `plan`        all of that before anything runs
* `apply`       carrying it out, whole or not at all, by one process (`alone`); `carry_out`, `mentions` and `options` in
                one transaction, `online` in parts, `finishing` when the new version is in use
* `versions`    the rows of `lc_applied`; `hidden` what a restored database keeps out of sight

Constraints of the library's own tables are made with the table; later ones are unique indexes instead.
"""

from lowcode.kernel.storage.migrate.alone import ApplyBusy
from lowcode.kernel.storage.migrate.apply import ApplyStale, Progress
from lowcode.kernel.storage.migrate.plan import CannotApply, ConsentNeeded, Plan, Target, make_plan, stray
from lowcode.kernel.storage.migrate.schema import FieldFacts, TableFacts
from lowcode.kernel.storage.migrate.steps import Fill, Step

__all__ = [
    "ApplyBusy",
    "ApplyStale",
    "CannotApply",
    "ConsentNeeded",
    "FieldFacts",
    "Fill",
    "Plan",
    "Progress",
    "Step",
    "TableFacts",
    "Target",
    "make_plan",
    "stray",
]
