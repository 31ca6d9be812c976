"""The messages of `diagnostics` in Chinese: text and cure by key. Who sets up interfaces on the page reads these."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "unknown-type": ("此处没有类型为“{seen}”的文档", ""),
    "no-description": ("应用中没有文件“{seen}”", ""),
    "bad-description": ("无法使用此接口文档：{reason}", "请修改文档，或向其提供者索取有效的文档。"),
    "no-server": ("无法从接口文档得出地址：{reason}", "请在 url 中填写地址。"),
    "unknown-variable": ("接口文档中没有哪个服务器有变量“{seen}”", ""),
    "unknown-scheme": ("接口文档没有安全方案“{seen}”", ""),
    "bad-scheme": ("安全方案不能这样使用：{reason}", "请按该方案的要求填写。"),
    "bad-schema": ("这不是有效的 JSON Schema：{reason}", "请修改。"),
    "not-an-object": ("数据入口的内容须为对象，而此 schema 允许其他内容", '请写 "type": "object" 与 "properties"。'),
    "unknown-field": ("表单“{form}”没有字段“{seen}”", ""),
    "computed-field": ("字段“{seen}”是计算得出的，不能赋值", "请去掉它。"),
    "link-field": (
        "“{form}”去重方式为 link 时，须用 link 指定一个指向自身的关联字段；此处是 {seen}",
        '请在表单中增加字段 {{"type": "link", "to": "{form}"}}，并在 "link" 中填写它。',
    ),
    "found-link": (
        "“{seen}”不是在此处赋值的关联字段，无法为它查找记录",
        '请填写 "values" 中出现的、表单“{form}”的关联字段。',
    ),
    "found-by": ("“{seen}”不是表单“{form}”中不可重复的文本字段", ""),
    "no-duplicate-rule": (
        "表单“{form}”没有精确的去重规则，也没有不可重复的字段，不会找到重复的记录",
        '请在表单中加上 "duplicates"，或写 "duplicates": "create"。',
    ),
    "no-files-field": ("“{seen}”不是表单“{form}”的附件或图片字段", "请填写这样的字段，或去掉 files。"),
    "no-calendar-library": ("生成{what}需要程序库 icalendar，它没有安装", '请安装：pip install "lowcode[calendar]"'),
    "field-of-kind": ("表单“{form}”没有内容为 {kinds} 的字段“{seen}”", ""),
    "lacks-extra": ("以“{seen}”登录需要扩展“{extra}”，它没有安装", "请安装：pip install 'lowcode[{extra}]'。"),
    "wrong-connector": (
        "“{name}”是类型为“{seen}”的连接，而“{kind}”需要通过类型为“{needed}”的连接登录",
        "请填写类型为“{needed}”的连接。",
    ),
    "bad-filter": ("“{seen}”不是有效的 LDAP 筛选：{reason}", "例如 (objectClass=person)。"),
    "no-people": (
        "类型为“{seen}”的连接“{name}”背后没有可同步的组织",
        "请填写类型为 dingtalk_app、wecom_app 或 feishu_app 的连接，或类型为 ldap 的文档。",
    ),
    "name-of-a-channel": (
        "“{seen}”是内置渠道的名称（内置渠道：{known}）；内置渠道由应用自身处理，同名的连接不会收到消息",
        "请改名为“{suggested}”，并在使用它的通知中填写新名称。",
    ),
    "not-an-address": ("“{seen}”不是地址", "请填写完整的地址。"),
    # endpoints
    "name-taken": ("“{seen}”在此处已是其他内容的名称", '请在 "as" 中换一个名称。'),
    "no-record-found": ("此步骤之前没有查找或新建过记录“{seen}”", ""),
    "rows-in-answer": (
        "接口的表达式中不能读取多行：{seen}",
        '请做成汇总字段，或用 "for_each" 列出各行。',
    ),
    "value-type": ("字段“{field}”的内容是{wanted}，而表达式的结果是{seen}", ""),
    "writes-on-get": ("GET 不能修改数据，而此步骤会修改", '请写 "method": "POST"。'),
    "upsert-by": ("“{seen}”不是表单“{form}”中在此处赋值且不可重复的字段", ""),
    "no-list": ("此处没有列表“{seen}”", ""),
    "flow-of-another-form": ("流程“{seen}”针对“{form}”，而“{record}”是“{other}”的记录", ""),
    "no-flow-waits": ("表单“{form}”没有等待消息“{seen}”的流程", ""),
    "no-group-field": ("表单“{form}”的记录不能按“{seen}”分组计数", ""),
    "no-number-field": ("“{seen}”不是表单“{form}”的数字字段", ""),
    "answer-status": ("{seen} 不能作为返回的状态码", '请填写 200 到 299，或使用步骤 {{"refuse": …}}。'),
    "header-not-allowed": ("接口不能设置响应头“{seen}”", ""),
    "answer-part": (
        "“{seen}”不能放在返回内容的此处",
        '请写 "name": "customer.name"，或 {{"for_each": "contracts", "body": {{…}}}}。',
    ),
    "row-path": ("从明细行经“{seen}”到达的内容在此处不能读取", "请填写该行的列，或其关联记录的字段。"),
    "no-path-part": ("路径中没有“{seen}”这一部分", ""),
    "path-part-twice": ("路径中“{seen}”出现了两次", "请给其中一个改名。"),
    "not-an-object-here": (
        "接口的 {seen} 须为对象，而此 schema 允许其他内容",
        '请写 "type": "object" 与 "properties"。',
    ),
    "list-as-value": (
        "“{seen}”是一组值，而此处只能是一个值",
        "请写在 in 之后（stage in {seen}）或 is blank 之前，或将其声明为单个值。",
    ),
    "query-value": ("“{seen}”是对象，而查询参数只能是简单的值", "请使用简单类型，或从请求内容中读取。"),
    "payload-not-read": ("{method} 没有请求内容", '请写在 "query" 中，或使用 POST。'),
    "example-unfit": ("此示例的 {part} 不符合其 schema：{reason}", "请修改示例或 schema。"),
    "same-address": ("{seen} 已是接口“{other}”的地址", "请换一个路径或方法。"),
    "path-part-names": (
        "“{seen}”与接口“{other}”的“{path}”是同一地址，而其中各部分的名称不同",
        "请使用相同的名称。",
    ),
    "public-as-caller": (
        "任何人都能调用的接口没有调用者身份，什么也不能做",
        '请写 "run_as": "app"，或写一个只有此项权限的人员的登录名。',
    ),
    "own-secret": ("密钥“{name}”是服务器自身的配置，任何文档都不能使用", "请为该程序另设一个密钥，并使用其他名称。"),
    "secret-bound": (
        "服务器限定密钥“{name}”只用于 {bound}，而 {document} 要把它发往 {hosts}",
        "请使用该程序自己的密钥，或请服务器维护人员调整 {variable}。",
    ),
    "secret-unbound": (
        "{document} 要把密钥“{name}”发往 {hosts}，而应用此前并未发往该处",
        "请由服务器维护人员用 {variable} 说明它可以发往哪里，或为该程序另设一个密钥。",
    ),
    "secret-no-address": (
        "{document} 把密钥“{name}”用作地址，而其值不是地址",
        "请改用存有地址的密钥，或直接填写地址；密钥的值应填在其他选项中。",
    ),
}
