"""What a step is called, for the author of the app, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.schema import ColumnShape, IndexShape, TableShape

Words = dict[str, str]
LANGUAGES = ("zh-CN", "en")

KINDS = {
    "text": ("文本", "text"), "long_text": ("长文本", "long text"), "rich_text": ("富文本", "rich text"),
    "integer": ("整数", "integer"), "number": ("数字", "number"), "money": ("金额", "money"),
    "percent": ("百分比", "percent"), "rating": ("评分", "rating"), "date": ("日期", "date"),
    "datetime": ("日期时间", "date and time"), "time": ("时间", "time"), "boolean": ("是否", "yes or no"),
    "select": ("单选", "select"), "multi_select": ("多选", "multiple select"), "tags": ("标签", "tags"),
    "state": ("状态", "state"), "link": ("关联", "link"), "links": ("多个关联", "several links"),
    "lines": ("明细", "lines"), "member": ("成员", "member"), "department": ("部门", "department"),
    "members": ("多名成员", "several members"), "departments": ("多个部门", "several departments"),
    "formula": ("公式", "formula"), "rollup": ("汇总", "roll-up"), "email": ("邮箱", "e-mail"),
    "phone": ("电话", "phone"), "url": ("网址", "URL"), "region": ("地区", "region"),
    "serial": ("编号", "serial number"), "attachment": ("附件", "attachment"), "image": ("图片", "image"),
    "json": ("JSON", "JSON"),
}  # fmt: skip


def said(chinese: str, english: str, **values: Callable[[str], str] | str) -> Words:
    """A sentence in both languages; a value may be a function of the language."""
    found = {}
    for language, sentence in zip(LANGUAGES, (chinese, english), strict=True):
        filled = {key: value(language) if callable(value) else value for key, value in values.items()}
        found[language] = sentence.format(**filled)
    return found


def _named(title: Text, name: str) -> Callable[[str], str]:
    def say(language: str) -> str:
        words = localized(title, language) if title else ""
        return f"{words} ({name})" if words and words != name else name

    return say


def form(table: TableShape) -> Callable[[str], str]:
    """A form, or the rows of a field, by its title and name."""
    return _named(table.title, table.record or table.name)


def field(column: ColumnShape) -> Callable[[str], str]:
    """A field by its title and the name people know it by."""
    name = column.retired.name if column.retired is not None else column.name
    return _named(column.title, name)


def kind(column: ColumnShape) -> Callable[[str], str]:
    """A field type, with the places of a number."""

    def say(language: str) -> str:
        pair = KINDS.get(column.kind, (column.kind or column.store,) * 2)
        word = pair[LANGUAGES.index(language)]
        if column.kind == "link" and column.to:
            return f"{word} {column.to}" if language == "zh-CN" else f"{word} to {column.to}"
        scale = column.store.partition(":")[2] if column.kind in ("number", "money", "percent") else ""
        if not scale:
            return word
        return (
            f"{word}（{scale} 位小数）"
            if language == "zh-CN"
            else f"{word} ({scale} {'place' if scale == '1' else 'places'})"
        )

    return say


def sentence(step: s.Step) -> Words:
    """What a step does."""
    match step:
        case s.CreateTable(t):
            return said("新建{what}“{form}”", "create {what} {form}", what=_what(t), form=form(t))
        case s.RenameTable(old, new):
            return said(
                "{what}“{old}”改名为 {new}", "rename {what} {old} to {new}", what=_what(new), old=form(old),
                new=new.record or new.name,
            )  # fmt: skip
        case s.RetireTable(t, _, moved):
            tail = ("（值移到新的位置）", " (its values move)") if moved else ("", "")
            return said(
                f"隐藏{{what}}“{{form}}”，数据保留{tail[0]}", f"hide {{what}} {{form}}; its rows are kept{tail[1]}",
                what=_what(t), form=form(t),
            )  # fmt: skip
        case s.ReturnTable(_, t):
            return said("恢复{what}“{form}”及原有数据", "bring back {what} {form} with the rows it had",
                        what=_what(t), form=form(t))  # fmt: skip
        case s.PurgeTable(t):
            return said("彻底删除已隐藏的{what}“{form}”", "delete the hidden {what} {form} for good",
                        what=_what(t), form=form(t))  # fmt: skip
        case s.AddIndex() | s.DropIndex() | s.RenameIndex():
            return _index(step)
        case s.LinkToLinks(t, column, _) | s.LinksToLink(t, _, column):
            many = isinstance(step, s.LinkToLinks)
            return said(
                "“{form}”的字段“{field}”：" + ("由一个关联变为多个" if many else "由多个关联变为一个（取第一个）"),
                "{form}: field {field} " + ("becomes several links" if many else "becomes one link, the first"),
                form=form(t), field=field(column),
            )  # fmt: skip
        case s.RenameForm(old, new):
            return said("历史、任务、消息等处的“{old}”随之改称 {new}",
                        "history, tasks and notices follow {old} to {new}", old=form(old), new=new.name)  # fmt: skip
        case s.TakeRole(role, title):
            return said("取消角色“{role}”", "the role {role} is taken away", role=_named(title, role))
        case s.SwitchPart(part, title, True):
            return said("启用功能块“{part}”", "the part {part} is switched on", part=_named(title, part))
        case s.SwitchPart(part, title):
            return said("停用功能块“{part}”", "the part {part} is switched off", part=_named(title, part))
        case _:
            return _column(step)


def _column(step: s.Step) -> Words:
    match step:
        case s.AddColumn(t, c):
            return said("“{form}”：新增字段“{field}”（{kind}）", "{form}: add field {field} ({kind})",
                        form=form(t), field=field(c), kind=kind(c))  # fmt: skip
        case s.RenameColumn(t, old, new):
            return said("“{form}”：字段“{old}”改名为 {new}", "{form}: rename field {old} to {new}",
                        form=form(t), old=field(old), new=new.name)  # fmt: skip
        case s.RetireColumn(t, c, _, moved):
            tail = ("", "") if moved else ("，数据保留", "; its values are kept")
            return said("“{form}”：隐藏字段“{field}”" + tail[0], "{form}: hide field {field}" + tail[1],
                        form=form(t), field=field(c))  # fmt: skip
        case s.ReturnColumn(t, _, c):
            return said("“{form}”：恢复字段“{field}”及原有数据",
                        "{form}: bring back field {field} with the values it had",
                        form=form(t), field=field(c))  # fmt: skip
        case s.PurgeColumn(t, c):
            return said("“{form}”：彻底删除已隐藏的字段“{field}”", "{form}: delete the hidden field {field} for good",
                        form=form(t), field=field(c))  # fmt: skip
        case s.Retype(_, t, old, new, _, returning):
            tail = (
                ("，未改动过的值恢复原样", "; values nobody changed since are as they were") if returning else ("", "")
            )
            seal = _seal(old, new)
            if old.same_but_sealed(new):
                return said("“{form}”：字段“{field}”" + seal[0], "{form}: field {field} " + seal[1],
                            form=form(t), field=field(new))  # fmt: skip
            tail = (tail[0] + (seal[0] and "，" + seal[0]), tail[1] + (seal[1] and ", and " + seal[1]))
            return said(
                "“{form}”：字段“{field}”由{old}改为{new}" + tail[0],
                "{form}: field {field} changes from {old} to {new}" + tail[1],
                form=form(t), field=field(new), old=kind(old), new=kind(new),
            )  # fmt: skip
        case s.Fill(t, c):
            return said("“{form}”：为已有记录计算“{field}”", "{form}: compute {field} for the records that are there",
                        form=form(t), field=field(c))  # fmt: skip
        case s.Conceal(t, c):
            return said("“{form}”：历史只保留字段“{field}”改过，不再保留原来的值",
                        "{form}: its history keeps that {field} changed, and no longer what its values were",
                        form=form(t), field=field(c))  # fmt: skip
        case s.RenameField(t, old, new, _, _) if new.name.startswith("_"):
            return said("“{form}”：历史中原来的“{old}”留给已删除的字段",
                        "{form}: its history keeps the former {old} apart", form=form(t), old=old.name)  # fmt: skip
        case s.RenameField(t, old, new, _, _) if old.name.startswith("_"):
            return said("“{form}”：历史中原来的“{new}”随字段恢复", "{form}: its history of the former {new} returns",
                        form=form(t), new=new.name)  # fmt: skip
        case s.RenameField(t, old, new, _, _):
            return said("“{form}”：历史中的 {old} 随之改称 {new}", "{form}: its history follows {old} to {new}",
                        form=form(t), old=old.name, new=new.name)  # fmt: skip
        case s.Demand(t, c, _):
            return said("“{form}”：字段“{field}”现在必填", "{form}: field {field} is now required",
                        form=form(t), field=field(c))  # fmt: skip
        case s.Hold(t, None, check):
            return said("“{form}”：此后须满足校验“{check}”", "{form}: the check {check} holds from now on",
                        form=form(t), check=check)  # fmt: skip
        case s.Hold(t, c, _) if t.role == "lines":
            return said("“{form}”：同一记录各行的“{field}”此后不得重复",
                        "{form}: no two rows of a record have the same {field} from now on",
                        form=form(t), field=field(c) if c else "")  # fmt: skip
        case s.Hold(t, c, _):
            return said("“{form}”：“{field}”起的区间此后不得重叠",
                        "{form}: ranges that begin in {field} do not overlap from now on",
                        form=form(t), field=field(c) if c else "")  # fmt: skip
        case s.RenameOptions(_, _, t, c, names):
            pairs = ", ".join(f"{old} → {new}" for old, new in names)
            return said("“{form}”：字段“{field}”的选项改名：{pairs}，记录及其历史随之更新",
                        "{form}: options of field {field} are renamed, {pairs}; records and their histories follow",
                        form=form(t), field=field(c), pairs=pairs)  # fmt: skip
        case s.TakeOptions(t, c, _, options):
            return said("“{form}”：字段“{field}”不再提供选项 {options}",
                        "{form}: field {field} no longer offers {options}",
                        form=form(t), field=field(c), options=", ".join(options))  # fmt: skip
        case _:
            raise TypeError(f"no words for {step!r}")


def _seal(old: ColumnShape, new: ColumnShape) -> tuple[str, str]:
    """What becomes of the encryption of a field, if anything."""
    found = ("，可按完整的值查找", ", so that they are found by their whole") if new.sealed == "equal" else ("", "")
    if not old.sealed and new.sealed:
        return "加密保存，已有的值也加密" + found[0], "is encrypted, with the values that are there" + found[1]
    if old.sealed and not new.sealed:
        return "不再加密，已有的值解密", "is no longer encrypted; its values are decrypted"
    if (old.sealed, old.place) == (new.sealed, new.place):
        return "", ""
    if old.sealed == new.sealed:
        return "的值为新的位置重新加密", "has its values encrypted anew, for where it is now"
    if not found[0]:
        found = "，不再能按值查找", ", so that they are no longer found by their whole"
    return "的值重新加密" + found[0], "has its values encrypted anew" + found[1]


def _index(step: s.AddIndex | s.DropIndex | s.RenameIndex) -> Words:
    match step:
        case s.AddIndex(t, index):
            return _indexed("“{form}”：建立{what}（{columns}）", "{form}: make {what} on {columns}", t, index)
        case s.DropIndex(t, index):
            return _indexed("“{form}”：撤去{what}（{columns}）", "{form}: drop {what} on {columns}", t, index, "")
        case s.RenameIndex(t, _, index):
            chinese = "“{form}”：{what}（{columns}）随之改名"
            return _indexed(chinese, "{form}: {what} on {columns} follows the name", t, index, "")


def _indexed(chinese: str, english: str, table: TableShape, index: IndexShape, unique: str = "unique ") -> Words:
    """A sentence of an index; `unique`: whether it says that it is, where it is."""
    said_so = bool(unique) and index.unique
    plain = ("唯一索引" if said_so else "索引", f"{unique if said_so else ''}index")
    words = ("按开头查找的索引", "index of beginnings") if index.begins else plain
    return said(
        chinese, english, form=form(table), columns=", ".join(index.columns),
        what=lambda language: words[LANGUAGES.index(language)],
    )  # fmt: skip


def _what(table: TableShape) -> Callable[[str], str]:
    words = {
        "own": ("系统表", "table"), "records": ("表单", "form"), "lines": ("明细", "lines"),
        "links": ("关联表", "links"), "history": ("历史", "history of"), "stages": ("阶段历史", "stage history of"),
    }[table.role]  # fmt: skip
    return lambda language: words[LANGUAGES.index(language)]
