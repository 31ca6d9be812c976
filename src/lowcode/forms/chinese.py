"""The messages of `diagnostics` in Chinese: text and cure by key. Who designs on the page reads these."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "field-twice": ("“{form}”中有两个字段都叫“{seen}”", "请给其中一个改名。"),
    "id-twice": (
        "“{form}”的字段“{first}”与“{seen}”的 id 相同：{id}",
        "请给“{seen}”另一个 id，例如“{seen}_2”；复制的字段不必写 id。",
    ),
    "reserved-name": ("“{seen}”是每条记录自带内容的名称", "请换一个名称，例如“{seen}_value”。"),
    "unknown-field": ("“{form}”没有字段“{seen}”", ""),
    "not-a-link": (
        "“{form}”的“{seen}”不是指向“{to}”的关联字段",
        '请填写类型为 link 且 "to" 为 "{to}" 的字段，或列有“{to}”的 link_any 字段。',
    ),
    "cleared-but-required": (
        "“{form}”的“{field}”必填，却要在所关联的记录被删除时清空",
        '请改为 "restrict"（不允许删除）、"cascade"（一并删除）或 "keep"，或去掉 required。',
    ),
    "row-with-another": (
        "“{form}”的“{field}”在明细行中，明细行不能随其他记录一并删除",
        '请改为 "clear"（清空该单元格）、"restrict"（不允许删除）或 "keep"。',
    ),
    "unknown-color": ("“{seen}”不是页面可以显示的颜色", ""),
    "not-a-range": (
        "“{form}”的“{seen}”不是区间的起点",
        '请填写有 "until"（指明结束字段）的日期或日期时间字段。',
    ),
    "not-a-part": ("“{form}”的区间不能按“{seen}”区分", ""),
    "moves-unsaved": (
        "“{form}”区间条件中的“{seen}”会在不保存记录时变化",
        "请只使用记录自身的字段；其他记录的值可由规则写入自身字段。",
    ),
    "not-unique": ("“{seen}”的类型是 {kind}，不能设为唯一", '请去掉 "unique"，或改用只有一个值的字段。'),
    "unknown-state": ("“{seen}”不是“{field}”的状态", ""),
    "option-still-there": (
        "“{field}”的选项“{option}”写明曾名“{seen}”，而“{seen}”仍在选项中",
        "请去掉选项“{seen}”，或去掉 was。",
    ),
    "option-divided": (
        "“{field}”的选项“{option}”写明曾名“{seen}”，“{first}”也这样写",
        "请从其中一个去掉 was。",
    ),
    "stage-field": ("“{seen}”的类型是 {kind}，阶段在此处需要 {wanted} 字段", ""),
    "no-such-line": ("“{seen}”不是检查清单“{field}”中的一项", ""),
    "warns-too-late": ("期限为 {limit} 天，而提醒在 {seen} 天之后", "请让 warn 小于 limit，或去掉 warn。"),
    "not-a-choice": (
        "看板需要单选或状态字段，而“{seen}”的类型是 {kind}",
        '请把 "by" 设为类型为 select 或 state 的字段。',
    ),
    "not-a-companion": ("{field} 所指的“{seen}”不是与它同处的 {kind} 字段", ""),
    "not-reached-at": (
        "{form} 的“{seen}”是 {kind} 字段，看不出怎样通过它联系",
        '电话、邮箱、地址、位置字段可以直接写；文字字段请写成 {{"field": "{seen}", "by": "wechat"}}，by 也可取其他值。',
    ),
    "unknown-currency": ("“{seen}”不是在用的货币", ""),
    "mobile-of-no-region": (
        "{field} 只接受手机号码，但没有说明是哪个国家的号码",
        '请加上 "region": "CN"，或您所在的国家。',
    ),
    "no-numbering-plans": (
        "{field} 按国家的号码规则检查号码，而所需的程序库没有安装",
        '请安装：pip install "lowcode[phone]"',
    ),
    "unknown-phone-region": ("“{seen}”不是有号码规则的国家", "中国请写 CN。"),
    "not-confidential": (
        "{field} 的类型是 {kind}，在此处不能加密或脱敏",
        "请使用文本字段；密码请使用记录本身的字段。",
    ),
    "not-findable": (
        "{field} 的内容加密后各不相同，不能使用“{option}”",
        '如果可以看出哪些记录的值相同，请写 "encrypted": "searchable"。',
    ),
    "no-encryption": ("{field} 需要加密，而所需的程序库没有安装", '请安装：pip install "lowcode[encryption]"'),
    "serial-repeats": ("{field} 的编号会重复：格式中没有 {seen}", "请在格式中写上 {seen}。"),
    "no-pinyin": ("{field} 要按拼音搜索，而所需的程序库没有安装", '请安装：pip install "lowcode[pinyin]"'),
    "sounds-like-nothing": (
        "{field} 没有按拼音搜索，无法找出读音相近的内容",
        '请给 {field} 加上 "search": "pinyin"，或写 "match": "similar"。',
    ),
    "sealed-condition": (
        "“{seen}”已加密，而此条件由数据库判断",
        "请改用其他字段，或让“{seen}”不加密、只脱敏。",
    ),
    "section-without-name": ("按条件显示的分组需要名称", '请给分组加上 "name"。'),
    "view-twice": ("“{form}”有两个视图都叫“{seen}”", "请给其中一个改名。"),
    "tree-link": (
        "“{seen}”不是“{form}”指向自身的关联字段",
        '请增加一个类型为 link 且 "to" 为 "{form}" 的字段，并在此处填写。',
    ),
    "no-tree": (
        "“{form}”的记录没有上下级，“{field}”不能用树选择",
        '请在“{form}”中说明："tree": "parent_{form}"，或去掉 "widget"。',
    ),
    "view-field": ("视图 {view} 的“{option}”需要这种类型的字段：{kinds}；“{seen}”不是", ""),
    "view-several": (
        "“{seen}”对应多行明细或多条记录，而视图“{view}”每条记录只有一行或一张卡片",
        "请移除，或改用汇总：COUNT({first})。",
    ),
    "view-filter": (
        "无法理解此视图的筛选：{reason}",
        '例如 {{"field": "grade", "operator": "one_of", "value": ["a"]}}，或在 "where" 中写表达式。',
    ),
    "public-twice": ("“{form}”有两个公开表单都叫“{seen}”", "请给其中一个改名。"),
    "public-field": (
        "“{seen}”的类型是 {kind}，不是人人都能填写",
        "请去掉它，或在 values 中用表达式赋值。可用的类型：{kinds}。",
    ),
    "public-link": (
        "“{seen}”是关联字段，任何人都会看到其全部记录的名称",
        '请写 {{"field": "{seen}", "where": "..."}}。',
    ),
    "card-field": ("“{seen}”是 {kind} 字段，不能接收名片上的文字", "请指定以下类型的字段：{kinds}。"),
    "file-kind": ("“{seen}”不是文件类型，不会有文件符合", "请写 {cure}。"),
    "file-meant": ("“{seen}”不是文件类型，按“{cure}”处理", "请写 {cure}。"),
    "file-pattern": ("“{seen}”是旧版 accept 的通配写法，浏览器选择文件时不识别", "请写 {cure}。"),
    "public-pictures": (
        "“{seen}”只接受 {accept}，其中没有访客可上传的图片格式",
        "请在该字段的 accept 中加上 {pictures} 之一，或把字段改为 attachment 类型。",
    ),
    "public-computed": ("不能给“{seen}”赋值，它是计算得出的", "请去掉它。"),
    "public-address": ("“{seen}”不是公开表单中要填写的邮箱字段", ""),
    "public-duplicates": (
        "“{form}”没有说明哪些记录算重复，或关联字段不是指向同一表单的记录",
        "请在表单的 duplicates 中加一条精确规则。",
    ),
    "public-required": (
        "“{form}”的“{seen}”必须有值，而此公开表单没有给它值",
        "请在 fields 中让人填写，或在 values 中赋值。",
    ),
    "public-tells": (
        "任何人都能试出“{form}”中哪些 {fields} 已被使用",
        '请写 "duplicates": "keep" 或 "fill"。',
    ),
    "privacy-subject": (
        "“{seen}”不是“{form}”指向当事人的关联字段",
        "请填写类型为 link 的字段；如果记录本身就是当事人，请去掉 subject。",
    ),
    "privacy-since": (
        "“{form}”的“{seen}”不是日期，不能从它起算天数",
        "请填写日期或日期时间字段，或 created_at、updated_at。",
    ),
    "privacy-field": ("“{seen}”的类型是 {kind}，不能删除其内容", "请对参与计算的字段作此设置。"),
    "privacy-required": (
        "“{seen}”必须有值，而删除后会成为空值",
        '请写 "erase": "replace"，或写 "keep" 并说明其法律依据。',
    ),
    "privacy-replace": ("“{seen}”中不能填写 ***", '请写 "erase": "clear"。'),
    "unknown-action": ("没有权限“{seen}”", ""),
    "nobody-permitted": ("除管理员外，没有人能使用“{form}”", '请在 "permissions" 中加一行。'),
    "blank-default": (
        "默认值 {seen} 不是此字段的值：{reason}",
        "请填写符合字段类型的值，或以“=”开头的表达式。",
    ),
}
