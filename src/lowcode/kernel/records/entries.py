"""The kept history of records as rows: one for each time a record was made, changed, deleted or brought back, by whom
and when. So a report counts who works with which form, how much and how lately.

Nobody declares them: every form has them under the name `form.changes`, unless it has a field of that name. They belong
to their record as lines do, so whoever may not read the record does not count what became of it. What was changed into
what is not among them: of that the history of one record tells what its reader may see.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import ConditionalOption
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.select import SelectDefinition
from lowcode.kernel.records.plan import Field, RecordType

CHANGES = "changes"
TITLES: dict[str, Text] = {
    CHANGES: {"zh-CN": "修改记录", "en": "Changes"},
    "by": {"zh-CN": "操作人", "en": "By"},
    "at": {"zh-CN": "时间", "en": "At"},
    "kind": {"zh-CN": "操作", "en": "What was done"},
    "version": {"zh-CN": "版本", "en": "Version"},
}
KINDS: dict[str, Text] = {
    "created": {"zh-CN": "新建", "en": "Created"},
    "updated": {"zh-CN": "修改", "en": "Changed"},
    "deleted": {"zh-CN": "删除", "en": "Deleted"},
    "restored": {"zh-CN": "恢复", "en": "Restored"},
    "revealed": {"zh-CN": "查看原文", "en": "Revealed"},
}
TYPES = {
    "by": Type("user", record="user"),
    "at": Type("datetime", nullable=False),
    "version": Type("number", scale=0, nullable=False),
}


def entries_of(record_type: RecordType) -> RecordType:
    """The record type of what was done with the records of a form; `build` gives it its table. `by` is blank where the
    app itself did it: a rule, a flow, an import that was undone."""
    found = RecordType(
        f"{record_type.name}.{CHANGES}", TITLES[CHANGES], record_type.place, f"{record_type.id}@{CHANGES}"
    )
    found.parent, found.parent_field = record_type, CHANGES
    for name, type_ in TYPES.items():
        options = FieldDefinition(name=name)
        found.fields[name] = Field(name, f"@{name}", None, options, type_, record_type.place, TITLES[name])
    found.fields["by"].target = "user"
    listed = [ConditionalOption(name=name, title=title) for name, title in KINDS.items()]
    choice = SelectDefinition(name="kind", type="select", options=listed)
    kinds = Type("choice", options=tuple(KINDS), nullable=False)
    found.fields["kind"] = Field("kind", "@kind", None, choice, kinds, record_type.place, TITLES["kind"])
    record_type.entries = found
    return found


def view(history: sa.Table) -> Any:
    """What is read: every line of the history, without what it says."""
    return sa.select(
        history.c.id,
        history.c.record_id.label("parent"),
        history.c.actor.label("by"),
        history.c.at,
        history.c.kind,
        history.c.version,
    ).subquery()
