"""Why things are as they are: what a save of a form sets going, what a list reads, and why a person may or may not.

In goes a compiled app, or a question about one record; out comes plain data with the sentences for people in it.

* `saving.on_save(app, form)`   what happens on a save, step by step, each with the documents (file and line) behind it.
* `facing.on_public(app, form)` what it is to those without an account, face by face.
* `reading.on_read(app, form)`  which rows each role reads, in words and as SQL.
* `kinds`                       the kinds there are, with origin, file and line; who hears an event, in which order.
* `why`                         operations: `explain.permission` (which line decided) and `explain.formula` (how a value
                                came about). They are for administrators, or for oneself about oneself.

Why a rule fired is asked of `rules.explain`, why somebody was asked to approve of `flows.history`.
Nothing here changes anything; nothing here is kept.
"""

from lowcode.explain.facing import on_public
from lowcode.explain.reading import on_read
from lowcode.explain.saving import on_save
from lowcode.explain.why import OPERATIONS

__all__ = ["OPERATIONS", "on_public", "on_read", "on_save"]
