"""The messages of `diagnostics` in Chinese: text and cure by key. Who designs templates on the page reads these."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "value-or-text": ("请填写 value 或 text 之一", "请只保留其中一个。"),
    "widths": ("有 {columns} 栏，却写了 {seen} 个宽度", "请为每一栏写一个数，例如 [2, 1]。"),
    "width": ("“{seen}”不是宽度", '请以毫米填写，例如 24 或 "24mm"。'),
    "sum": ("“{seen}”不能求和", "请去掉 sum，或改为显示数字。"),
    "no-condition": ("类型为 when 的区块需要条件", "请加上 when，或直接使用 body 中的区块。"),
    "no-file-chosen": ("尚未选择文件", "请选择 templates/ 中的文件，或上传一个。"),
    "file-or-value": ("请填写 file 或 value 之一", "请选择应用中的文件，或选择一个图片字段。"),
    "not-pictures": (
        "“{seen}”不是图片字段",
        "请填写图片或附件类型的字段，例如关联记录的 contact.photo。",
    ),
    "no-file": ("应用中没有文件“{seen}”", ""),
    "open-holder": ("占位符不完整：{seen}", "请写成 {{{{ number }}}}，或去掉多余的大括号。"),
    "no-office": ("“{file}”不是 Word 文档", "请另存为 Word 文档（*.docx），而不是 .doc、.docm 或网页。"),
    "no-workbook": ("“{file}”不是 Excel 工作簿", "请另存为 Excel 工作簿（*.xlsx），而不是 .xls、.xlsm 或 .csv。"),
    "office-large": ("“{file}”过大（{seen} 字节或行）", "请缩小其中的图片，或删除一些行。"),
    "office-active": (
        "“{file}”含有可执行或外部内容：{seen}",
        "请在 Word 或 Excel 中删除后重新保存。",
    ),
    "office-missing": ("使用 Word 和 Excel 文件需要 lxml", "请安装 lowcode[office]。"),
    "word-alone": (
        "Word 文件就是整份文档",
        '请去掉其他区块，并给模板写上 "outputs": ["docx"]。',
    ),
    "excel-alone": (
        "Excel 文件就是整份文档",
        '请去掉其他区块，并给模板写上 "outputs": ["xlsx"]。',
    ),
    "misplaced": ("定位区块 place 不能放在其他区块内", "请移到 body 中。"),
    "placed-output": ("{seen} 不能显示纸上定位的内容", "请从 outputs 中去掉 {seen}。"),
    "no-form": ("“{seen}”不是 PDF 或图片", "请扫描为 PDF 或 PNG。"),
    "no-files": ("“{seen}”不是附件字段", "请填写表单或其关联记录的附件字段。"),
    "form-unreadable": ("无法读取“{seen}”：{reason}", "请重新打印为 PDF。"),
    "no-page": ("底图没有第 {seen} 页，共 {count} 页", ""),
    "unknown-labels": (
        "没有名为“{seen}”的标签纸",
        '请写明尺寸：{{"columns": 3, "rows": 8, "width": 70, "height": 36}}。',
    ),
    "labels-too-large": ("标签需要 {seen} mm，而纸张只有 {sheet} mm", "请重新测量标签纸。"),
    "no-picture": ("“{seen}”不是图片", "请转换为 PNG 或 SVG。"),
    "chart-in-rows": ("“{seen}”的图表放在了明细行之内", "请移到重复的部分之外。"),
    "chart-filter": (
        "报表“{report}”没有筛选“{seen}”",
        '请给报表加上，例如 "filters": {{"account": "account"}}。',
    ),
    "not-rows": ("“{seen}”没有多行：它是{kind}", "请填写明细字段，或表单的关联列表。"),
    "rows-in-rows": (
        "“{seen}”要求行中之行，无法区分属于哪一行",
        "请在该行的表单中用字段计算此值，再打印该字段。",
    ),
    "no-label": ("“{seen}”是“{record}”的记录，没有可显示的字段", "请写明字段，例如 {seen}.name。"),
    "always-sealed": ("印章在任何状态下都会打印", "请在显示条件（when）中写明哪些状态可以盖章，例如已批准。"),
    "template": ("模板文字有误：{reason}", "请修改此处的文字，或改用区块。"),
    "unknown-value": ("模板文字中的“{seen}”既不在 values 中，也不在 rows 中", ""),
    "unknown-output": ("没有输出格式“{seen}”", ""),
    "unknown-language": ("应用没有语言“{seen}”", ""),
}
