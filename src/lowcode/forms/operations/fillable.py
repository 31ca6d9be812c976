"""Which fields a file may fill in, and why it may not fill in the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.records.fields.member import Member, MemberDefinition
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType

NOT_IN_A_CELL = frozenset({"lines", "attachment", "image", "json", "password", "secret"})
SYSTEM_COLUMNS: Mapping[str, dict[str, str]] = {
    "owner": {"zh-CN": "负责人", "en": "Owner"},
    "created_at": {"zh-CN": "创建时间", "en": "Created"},
    "created_by": {"zh-CN": "创建人", "en": "Created by"},
    "updated_at": {"zh-CN": "更新时间", "en": "Updated"},
    "updated_by": {"zh-CN": "更新人", "en": "Updated by"},
}
REASONS: Mapping[str, Text] = {
    "computed": {"en": "worked out from other values", "zh-CN": "由系统计算得出"},
    "serial": {"en": "numbered by the system", "zh-CN": "由系统编号"},
    "own": {"en": "kept by the system", "zh-CN": "由系统记录"},
    "read-only": {"en": "filled in by the system alone", "zh-CN": "只由系统填写"},
    "not-permitted": {"en": "you may not fill it in", "zh-CN": "您没有填写权限"},
    "rows": {"en": "holds rows, for which a cell has no room", "zh-CN": "含多行明细，单元格放不下"},
    "files": {"en": "holds files, which do not fit into a cell", "zh-CN": "存放文件，单元格放不下"},
    "confidential": {"en": "confidential; typed in by hand only", "zh-CN": "属于机密，只能手工填写"},
    "json": {"en": "holds data of programs", "zh-CN": "存放程序数据"},
}
OWN_REASONS = {"formula": "computed", "rollup": "computed", "serial": "serial", "lines": "rows", "attachment": "files",
               "image": "files", "password": "confidential", "secret": "confidential", "json": "json"}  # fmt: skip


def owner_of(record_type: RecordType) -> Field:
    """Who a record belongs to, as a field: a file may say it by name, login or e-mail."""
    options = MemberDefinition(name="owner", type="member")
    kind: Any = Member()
    title = SYSTEM_COLUMNS["owner"]
    return Field("owner", "owner", kind, options, kind.type(options), record_type.place, title, target="user")


def importable(record_type: RecordType, grant: Grant) -> list[Field]:
    """The fields a file may fill in."""
    fields = [*record_type.fields.values(), owner_of(record_type)]
    return [each for each in fields if each.name not in grant.hidden and reason_of(each, grant) is None]


def reason_of(field: Field, grant: Grant) -> Text | None:
    """Why a file may not fill in a field, if it may not."""
    word = OWN_REASONS.get(field.options_type) or ("rows" if field.rows is not None else None)
    if word is None and field.options.read_only:
        word = "read-only"
    if word is None and field.name in grant.fixed:
        word = "not-permitted"
    return None if word is None else REASONS[word]


def closed(record_type: RecordType, grant: Grant) -> dict[str, tuple[Text, Text]]:
    """The fields that the person sees and a file may not fill in, by name: what each is called, and why."""
    fields = [*record_type.fields.values(), owner_of(record_type)]
    found = {
        each.name: (each.title or each.name, reason)
        for each in fields
        if each.name not in grant.hidden and (reason := reason_of(each, grant)) is not None
    }
    own = {name: (title, REASONS["own"]) for name, title in SYSTEM_COLUMNS.items() if name != "owner"}
    return {**found, **own}
