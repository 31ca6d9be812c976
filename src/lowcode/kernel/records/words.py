"""The words of the record engine's refusals, for the person at the screen."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Problem

WORDS: dict[str, dict[str, str]] = {
    "another-version": {
        "en": "this process has not the version yet by which '{form}' is indexed; it is tried again",
        "zh-CN": "该进程尚未更新到为“{form}”建立索引的版本，稍后重试",
    },
    "may-not": {"en": "you may not do this", "zh-CN": "您没有权限执行此操作"},
    "may-not-edit": {"en": "you may not edit this", "zh-CN": "您没有权限修改这条记录"},
    "not-found": {"en": "there is no record {id} here", "zh-CN": "没有这条记录（{id}）"},
    "erased": {
        "en": "what was known of people in this record was erased after it was deleted; it does not come back",
        "zh-CN": "该记录删除后其个人信息已被清除，不能再恢复",
    },
    "no-such-type": {"en": "there is no form '{form}'. {near}", "zh-CN": "没有表单“{form}”。{near}"},
    "unknown-field": {"en": "there is no field '{field}'. {near}", "zh-CN": "没有字段“{field}”。{near}"},
    "rows-not-here": {
        "en": "'{field}' leads to several rows or records: leave it out here; records.get reads '{rows}' of one record",
        "zh-CN": "“{field}”对应多行明细或多条记录，此处不能读取；请用 records.get 读取单条记录的“{rows}”",
    },
    "masked-field": {
        "en": "'{field}' is shown to you under a mask; it cannot be filtered, sorted or worked with",
        "zh-CN": "“{field}”对您脱敏显示，不能用于筛选、排序或计算",
    },
    "not-a-number-field": {
        "en": "'{field}' is not a number and cannot be added up",
        "zh-CN": "“{field}”不是数字字段，无法合计",
    },
    "id-sent": {
        "en": "a record gets its id when it is saved; leave 'id' out, and change record {id} at its own address "
        "(…/{id}, or 'id' beside 'values')",
        "zh-CN": "记录编号在保存时自动生成，请去掉“id”；要修改记录 {id}，请使用它自己的地址"
        "（…/{id}，或与 values 并列的 id）",
    },
    "version-sent": {
        "en": "a version is counted with each save; leave 'version' out of the values, and to save only if nobody else "
        "did since, say it as If-Match (or as 'version' beside 'values')",
        "zh-CN": "版本号随每次保存递增，请从字段值中去掉“version”；如需仅在他人未修改时保存，请用 If-Match"
        "（或与 values 并列的 version）指定版本",
    },
    "read-only": {"en": "this cannot be changed", "zh-CN": "此项不能修改"},
    "required": {"en": "this must be filled in", "zh-CN": "此项必填"},
    "beyond-key": {
        "en": "this key only works on '{form}' with {where}; save such a record, or use another key",
        "zh-CN": "该密钥只能处理满足 {where} 的“{form}”记录；请保存符合条件的记录，或使用其他密钥",
    },
    "stale-key": {
        "en": "the row filter of this key no longer fits the form '{form}' ({reason}); make a new key",
        "zh-CN": "该密钥的数据行条件已不适用于“{form}”（{reason}），请新建密钥",
    },
    "result-not-permitted": {
        "en": "the record would leave what you may work on",
        "zh-CN": "保存后该记录将超出您的权限范围",
    },
    "in-a-transaction": {
        "en": "this works in transactions of its own, and cannot be asked within one: ask it of the host, "
        "host.ask(actor, '{name}', …), once the transaction has ended",
        "zh-CN": "该操作使用自己的事务，不能在其他事务中调用；请在事务结束后通过 host.ask(actor, '{name}', …) 调用",
    },
    "changed-meanwhile": {
        "en": "somebody changed this record in the meantime; look at it again",
        "zh-CN": "该记录刚被他人修改，请重新查看",
    },
    "changed-meanwhile-field": {
        "en": "somebody changed this in the meantime to '{theirs}'",
        "zh-CN": "此项刚被他人改为“{theirs}”",
    },
    "changed-meanwhile-cell": {
        "en": "row {row} ({name}): somebody changed '{title}' in the meantime from '{base}' to '{theirs}', "
        "and here it is '{mine}'",
        "zh-CN": "第 {row} 行（{name}）：“{title}”刚被他人从“{base}”改为“{theirs}”，此处为“{mine}”",
    },
    "changed-meanwhile-gone": {
        "en": "row {row} ({name}) was changed here, and somebody removed it in the meantime",
        "zh-CN": "第 {row} 行（{name}）在此处有修改，但刚被他人删除",
    },
    "changed-meanwhile-removed": {
        "en": "row {row} ({name}) was removed here, and somebody changed it in the meantime",
        "zh-CN": "第 {row} 行（{name}）在此处已删除，但刚被他人修改",
    },
    "changed-meanwhile-order": {
        "en": "somebody put these rows in another order in the meantime",
        "zh-CN": "这些明细行的顺序刚被他人调整",
    },
    "no-transition": {
        "en": "it cannot go from '{old}' to '{new}'; possible: {possible}",
        "zh-CN": "不能从“{old}”到“{new}”；可选：{possible}",
    },
    "transition-role": {"en": "you may not take this step", "zh-CN": "您没有权限执行这一步"},
    "transition-condition": {
        "en": "the condition of this step does not hold: {condition}",
        "zh-CN": "不满足这一步的条件：{condition}",
    },
    "transition-required": {"en": "this must be filled in before '{new}'", "zh-CN": "进入“{new}”前必须填写此项"},
    "stage-required": {
        "en": "'{title}' must be filled in before it goes on",
        "zh-CN": "离开当前阶段前必须填写“{title}”",
    },
    "stage-deliverable": {
        "en": "'{title}' must be attached before it goes on",
        "zh-CN": "离开当前阶段前必须上传“{title}”",
    },
    "stage-check": {"en": "'{title}' must be ticked before it goes on", "zh-CN": "离开当前阶段前必须勾选“{title}”"},
    "not-a-list": {"en": "a list of rows is expected here", "zh-CN": "这里应是多行明细"},
    "unknown-row": {"en": "there is no row {id} in this record", "zh-CN": "该记录中没有明细行 {id}"},
    "overlaps": {"en": "another record has this time already", "zh-CN": "该时间段已被其他记录占用"},
    "overlaps-with": {
        "en": "overlaps with '{label}', {start} to {end}",
        "zh-CN": "与“{label}”（{start} 至 {end}）时间冲突",
    },
    "taken": {"en": "another record has this already", "zh-CN": "已有其他记录使用该值"},
    "row-twice": {"en": "another row has this already", "zh-CN": "已有其他行使用该值"},
    "option-not-available": {"en": "'{seen}' cannot be chosen here", "zh-CN": "当前不能选择“{seen}”"},
    "link-not-offered": {"en": "this record cannot be chosen here", "zh-CN": "此处不能选择该记录"},
    "no-version": {
        "en": "there is no version {version}; the latest is {latest}",
        "zh-CN": "没有版本 {version}，最新为 {latest}",
    },
    "still-linked": {
        "en": "{named} is linked to this and stands in the way: delete it or take the link away first",
        "zh-CN": "仍被{named}关联，不能删除：请先删除这些记录或解除关联",
    },
    "too-many-follow": {
        "en": "more than {limit} records hang on this; delete some of them first ('{form}' is among them)",
        "zh-CN": "与之关联、需要一并处理的记录超过 {limit} 条；请先删除其中一部分（如“{form}”）",
    },
    "cannot-follow": {
        "en": "{named} goes or changes with this, and that is refused: {why}",
        "zh-CN": "{named}会随之删除或修改，但被拒绝：{why}",
    },
    "link-not-found": {
        "en": "number {id} is nothing that you may name here: it does not exist, was deleted, or is kept from you; "
        "choose one that is offered, or leave the field as it was",
        "zh-CN": "编号 {id} 不能在此引用：不存在、已删除或您无权查看；请选择可选项，或保持原值",
    },
    "person-left": {
        "en": "{name} has left and cannot be chosen any more; choose somebody offered, or leave the field as it was",
        "zh-CN": "{name} 已离职，不能再选；请选择可选人员，或保持原值",
    },
    "person-without-role": {
        "en": "{name} does not have the role '{role}' that is asked for here; choose somebody who is offered",
        "zh-CN": "{name} 没有此处要求的角色“{role}”；请选择可选人员",
    },
    "places-of-currency": {
        "en": "{seen} has more decimal places than {currency} ({places})",
        "zh-CN": "{seen} 的小数位多于 {currency} 的 {places} 位",
    },
    "ends-before": {"en": "it ends ({end}) before it begins ({start})", "zh-CN": "结束（{end}）早于开始（{start}）"},
    "too-few-rows": {"en": "rows: at least {limit}, not {seen}", "zh-CN": "至少 {limit} 行，现有 {seen} 行"},
    "too-many-rows": {"en": "at most {limit} rows, not {seen}", "zh-CN": "最多 {limit} 行，现有 {seen} 行"},
    "sealed-field": {
        "en": "'{field}' is encrypted: lists cannot be filtered or sorted by it",
        "zh-CN": "“{field}”已加密，不能用于筛选或排序",
    },
    "no-such-role": {
        "en": "there is no role '{seen}'; there are {known}. {near}",
        "zh-CN": "没有角色“{seen}”；可选：{known}。{near}",
    },
    "file-kind": {
        "en": "'{name}' is of a kind that is not taken here: {accept}",
        "zh-CN": "“{name}”的类型不符，允许：{accept}",
    },
    "file-other-inside": {
        "en": "'{name}' says that it is {seen} and is not: choose the file itself, not one that was renamed",
        "zh-CN": "“{name}”的内容不是 {seen}：请选择原文件，而不是改了扩展名的文件",
    },
    "file-large": {"en": "'{name}' has more than {limit} bytes", "zh-CN": "“{name}”超过 {limit} 字节"},
    "too-many-files": {"en": "at most {limit} files", "zh-CN": "最多 {limit} 个文件"},
    "file-gone": {"en": "there is no such file", "zh-CN": "文件不存在"},
    "under-itself": {
        "en": "a record cannot hang under itself, nor under what hangs below it",
        "zh-CN": "不能放到自己或自己的下级之下",
    },
    "bad-cursor": {"en": "this page mark is not one of this list", "zh-CN": "翻页标记无效"},
    "not-groupable": {
        "en": "records cannot stand together by '{field}'",
        "zh-CN": "不能按“{field}”分组",
    },
    "filter-too-large": {"en": "a filter holds at most {limit} conditions", "zh-CN": "筛选最多 {limit} 个条件"},
    "filter-too-deep": {"en": "groups of a filter stand at most {limit} deep", "zh-CN": "筛选条件最多嵌套 {limit} 层"},
    "filter-field": {"en": "there is no field '{field}' to filter by", "zh-CN": "没有可筛选的字段“{field}”"},
    "filter-operator": {
        "en": "'{field}' cannot be compared by '{seen}'; possible: {possible}",
        "zh-CN": "“{field}”不能用“{seen}”比较；可用：{possible}",
    },
    "filter-value": {
        "en": "'{field}' cannot be compared ({operator}) with '{seen}'",
        "zh-CN": "“{field}”不能与“{seen}”比较（{operator}）",
    },
    "bad-expression": {"en": "{reason}", "zh-CN": "{reason}"},
    "kept-from-you": {
        "en": "this is made of values that you may not see",
        "zh-CN": "该结果依赖您无权查看的数据",
    },
    "not-a-sort-field": {
        "en": "'{field}' are rows or several links: records are not put in order by them",
        "zh-CN": "“{field}”是明细行或多个关联，不能用于排序",
    },
    "not-a-group-field": {"en": "'{field}' cannot be grouped by", "zh-CN": "“{field}”不能用于分组"},
    "two-keys": {
        "en": "the record is named by '{field}' = '{value}', and the values say '{seen}'. Leave '{field}' out of the "
        "values; to change it, name the record by its number",
        "zh-CN": "以“{field}”=“{value}”定位记录，而提交的值为“{seen}”。请从提交的值中去掉“{field}”；"
        "如需修改它，请按编号定位记录",
    },
    "no-key-field": {
        "en": "'{field}' is not unique, so it names no record. {near}",
        "zh-CN": "“{field}”不是唯一字段，不能用于定位记录。{near}",
    },
    "too-many": {"en": "at most {limit} at once", "zh-CN": "一次最多 {limit} 条"},
}


MAY_NOT: dict[str, dict[str, str]] = {
    "create": {"en": "you may not create any here", "zh-CN": "您没有权限在此新建记录"},
    "read": {"en": "you may not see this", "zh-CN": "您没有权限查看此内容"},
    "edit": {"en": "you may not edit this", "zh-CN": "您没有权限修改这条记录"},
    "delete": {"en": "you may not delete this", "zh-CN": "您没有权限删除这些记录"},
    "restore": {"en": "you may not bring this back", "zh-CN": "您没有权限恢复这条记录"},
    "purge": {"en": "you may not delete this for good", "zh-CN": "您没有权限彻底删除这些记录"},
    "reveal": {"en": "you may not see this in full", "zh-CN": "您没有权限查看完整内容"},
    "import": {"en": "you may not import records here", "zh-CN": "您没有权限在此导入记录"},
    "export": {"en": "you may not export this", "zh-CN": "您没有权限导出此内容"},
    "print": {"en": "you may not print this", "zh-CN": "您没有权限打印此内容"},
}
"""What somebody may not do, by the action; of others it is only said that they may not."""


def problem(key: str, pointer: str = "", **values: Any) -> Problem:
    """A problem with this engine's words."""
    said = MAY_NOT.get(values.get("action", ""), WORDS[key]) if key == "may-not" else WORDS[key]
    return Problem(f"records.{key}", said, pointer, values)
