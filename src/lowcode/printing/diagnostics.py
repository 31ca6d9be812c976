"""The words of the print engine's findings and refusals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lowcode.kernel.diagnostics import Catalogue, Diagnostic, Message, Problem, Rejected, Text
from lowcode.printing.chinese import CHINESE

MESSAGES = Catalogue(
    "printing",
    {
        "value-or-text": Message(
            "give either `value` or `text`",
            "An item or a column shows one value, or words with values in them; it has both or neither.",
            "Keep one of them.",
        ),
        "widths": Message(
            "there are {seen} shares for {columns} columns",
            "`widths` of a columns block has one number per column.",
            "Write one number per column, such as [2, 1].",
        ),
        "width": Message(
            "'{seen}' is no width",
            "The width of a column is given in millimetres.",
            'Write a number of millimetres, such as 24 or "24mm".',
        ),
        "sum": Message(
            "'{seen}' cannot be added up",
            "A column with `sum` shows one number of each row.",
            "Take `sum` away, or show a number.",
        ),
        "no-condition": Message(
            "a block of type 'when' needs a condition",
            "Without `when` there is nothing to decide.",
            "Add `when`, or use the blocks of `body` directly.",
        ),
        "no-file": Message(
            "there is no file '{seen}' in the app", "A picture is a file in the app's folder templates/."
        ),
        "no-file-chosen": Message(
            "no file is chosen",
            "A block that holds a file of the app was put on the paper, and nothing was chosen for it yet.",
            "Choose a file of the folder templates/, or upload one.",
        ),
        "file-or-value": Message(
            "give either `file` or `value`",
            "A picture is a file of the app, or a field of the record that holds pictures; it is both or neither.",
            "Choose a file of the app, or a field with pictures.",
        ),
        "not-pictures": Message(
            "'{seen}' holds no pictures",
            "A picture of a record comes from a field of the type image or attachment.",
            "Name such a field, perhaps of a linked record: contact.photo.",
        ),
        "open-holder": Message(
            "a place-holder is not whole: {seen}",
            "A place-holder begins with two braces and ends with two, in one paragraph or cell.",
            "Write {{{{ number }}}}, or take the braces away.",
        ),
        "no-office": Message(
            "'{file}' is no Word document",
            "A `word` block takes a file that Word wrote (.docx).",
            "Save it as a Word document (*.docx), not as .doc, .docm or a web page.",
        ),
        "no-workbook": Message(
            "'{file}' is no Excel workbook",
            "An `excel` block takes a file that Excel wrote (.xlsx).",
            "Save it as an Excel workbook (*.xlsx), not as .xls, .xlsm or .csv.",
        ),
        "office-large": Message(
            "'{file}' is too large ({seen} bytes or rows)",
            "A Word or Excel file has at most 20 MB packed, 200 MB unpacked; a sheet has at most 20,000 rows.",
            "Make its pictures smaller, or take rows out.",
        ),
        "office-active": Message(
            "'{file}' holds something that acts: {seen}",
            "Macros, embedded programs, what lies elsewhere, and fields and formulas that fetch or run are refused.",
            "Take it out in Word or Excel, and save the file again.",
        ),
        "office-missing": Message(
            "Word and Excel files need lxml",
            "The library that reads them is not installed.",
            "Install lowcode[office].",
        ),
        "word-alone": Message(
            "a Word file is the whole paper",
            'A `word` block stands alone in `body`, and `outputs` is ["docx"]: only Word sets its pages.',
            'Take the other blocks away, and give the template "outputs": ["docx"].',
        ),
        "excel-alone": Message(
            "an Excel file is the whole paper",
            'An `excel` block stands alone in `body`, and `outputs` is ["xlsx"]: its sheets are its own.',
            'Take the other blocks away, and give the template "outputs": ["xlsx"].',
        ),
        "misplaced": Message(
            "a `place` stands inside another block",
            "It has its own place on the sheet: it stands in `body`, or in a `when` there; elsewhere it would be lost.",
            "Move it to the body.",
        ),
        "placed-output": Message(
            "{seen} cannot show what stands at a place of the sheet",
            "Word and Excel set their own pages; forms and labels are given out as pdf, html, png or zpl.",
            "Take {seen} out of `outputs`.",
        ),
        "no-form": Message(
            "'{seen}' is neither a PDF nor a picture",
            "The form under a paper is a PDF, or a PNG, JPEG, GIF, WebP or SVG file.",
            "Scan it as PDF or PNG.",
        ),
        "no-files": Message(
            "'{seen}' holds no files",
            "Behind a paper come the files of a field of type attachment.",
            "Name such a field of the form, or of a record it links to.",
        ),
        "form-unreadable": Message(
            "'{seen}' cannot be read: {reason}",
            "A form is a PDF without a password, whole, that pypdf can read (lowcode[pdf] brings it).",
            "Print it into a new PDF.",
        ),
        "no-page": Message(
            "the form has no page {seen}: it has {count}",
            "`pages` names pages of the PDF, from 1.",
        ),
        "unknown-labels": Message(
            "there is no sheet of labels named '{seen}'",
            "Sheets that are sold everywhere have names; others are given by their measures.",
            'Write the measures: {{"columns": 3, "rows": 8, "width": 70, "height": 36}}.',
        ),
        "labels-too-large": Message(
            "the labels take {seen} mm, and the sheet has {sheet} mm",
            "Columns, rows, borders and gaps together are larger than the paper.",
            "Measure the sheet again.",
        ),
        "no-picture": Message(
            "'{seen}' is no picture", "Pictures are PNG, JPEG, GIF or SVG files.", "Convert the file to PNG or SVG."
        ),
        "chart-in-rows": Message(
            "the chart of '{seen}' stands inside a row",
            "A chart is drawn once for a paper, not for each of its rows.",
            "Put it outside of the repeated part.",
        ),
        "chart-filter": Message(
            "the report '{report}' has no filter '{seen}'",
            "Without its filter the chart would show the numbers of all records.",
            'Add it to the report, such as "filters": {{"account": "account"}}.',
        ),
        "not-rows": Message(
            "'{seen}' has no rows: it is a {kind}",
            "A table and a repeated part run over lines of the form or over a relation.",
            "Name a field of type lines, or a relation of the form.",
        ),
        "rows-in-rows": Message(
            "'{seen}' asks for rows of rows that cannot be told apart",
            "Inside a record of a relation stand its rows, what its fields of several name, and records that link to "
            "it; inside a row the rows in it. Rows of these, what the fields of a row name, and what links by a field "
            "that may name several, or records of several forms, do not.",
            "Compute the value in a field of the row's form, and print that field.",
        ),
        "no-label": Message(
            "'{seen}' is a record of {record}, and has no field to show",
            "A record is printed by the field that names it; this one is computed, or its form has none.",
            "Name the field, such as {seen}.name.",
        ),
        "always-sealed": Message(
            "the seal is printed in every state",
            "A seal without a condition lands on drafts too.",
            "Say in `when` which states allow it, such as stage = approved.",
            "warning",
        ),
        "template": Message(
            "the template text is refused: {reason}",
            "The text of an html block is Jinja2 in a guarded form: values, if, for, and a few filters.",
            "Correct the text at this place, or write the same with blocks.",
        ),
        "unknown-value": Message(
            "the template text names '{seen}', which is in neither `values` nor `rows`",
            "The text of an html block sees only what the block gives it.",
        ),
        "unknown-output": Message(
            "there is no output '{seen}'",
            "`outputs` of a template are the files it may be given out as.",
        ),
        "unknown-language": Message(
            "the app has no language '{seen}'", "`languages` of a template are languages of the app."
        ),
    },
    CHINESE,
)

REFUSALS: dict[str, Text] = {
    "printing.not-now": {
        "zh-CN": "“{template}”在当前状态下不能打印",
        "en": "'{template}' cannot be printed in the record's present state",
    },
    "printing.not-for-you": {"zh-CN": "您没有权限打印此内容", "en": "You may not print this"},
    "printing.no-template": {
        "zh-CN": "没有名为“{template}”的打印模板",
        "en": "There is no print template '{template}'",
    },
    "printing.no-record": {"zh-CN": "没有这条记录", "en": "There is no such record"},
    "printing.no-print": {"zh-CN": "没有这份打印件", "en": "There is no such print"},
    "printing.too-slow": {
        "zh-CN": "生成“{template}”超过了 {seconds} 秒的时限（区块 {block}）",
        "en": "Making '{template}' took longer than {seconds} seconds (block {block})",
    },
    "printing.too-large": {
        "zh-CN": "“{template}”生成的文件超过了 {limit} MB（区块 {block}）",
        "en": "'{template}' gives a file larger than {limit} MB (block {block})",
    },
    "printing.forgotten": {
        "zh-CN": "打印内容已随个人信息一并删除，无法再次生成",
        "en": "What was printed has been erased with the person it was about",
    },
    "printing.no-link": {
        "zh-CN": "链接不存在、已过期或已停用",
        "en": "This link does not exist, has expired or was ended",
    },
    "printing.nothing-to-share": {"zh-CN": "请指明模板和记录", "en": "Name a template and a record, or a print"},
    "printing.code-needs-address": {
        "zh-CN": "使用验证码需要填写读者的邮箱",
        "en": "A code is sent to the reader's address: give one",
    },
    "printing.wrong-code": {
        "zh-CN": "验证码不正确或已失效，请重新获取",
        "en": "The code is wrong or no longer valid; ask for a new one",
    },
    "printing.codes-sent": {
        "zh-CN": "验证码发送过于频繁，请一小时后再试",
        "en": "Too many codes were sent; try again in an hour",
    },
    "printing.no-code-needed": {"zh-CN": "此链接不需要验证码", "en": "This link needs no code"},
    "printing.not-opened": {"zh-CN": "请先打开链接", "en": "Open the link first"},
    "printing.no-download": {"zh-CN": "此文档不允许下载", "en": "This document may not be downloaded"},
    "printing.no-mail": {
        "zh-CN": "本应用没有发送邮件的引擎",
        "en": "This app has no engine that sends mail",
    },
    "printing.no-recipient": {"zh-CN": "请填写收件人邮箱", "en": "Give the address the letter goes to"},
    "printing.no-address": {
        "zh-CN": "请设置 PUBLIC_URL（应用对外的网址），否则无法在邮件中附上链接",
        "en": "Set PUBLIC_URL, the address of the app as seen from outside, so that a letter can hold a link",
    },
    "printing.attachment-encrypted": {
        "zh-CN": "附件“{file}”有密码，无法附在后面。请上传没有密码的文件",
        "en": "'{file}' has a password and cannot be appended; upload it without one",
    },
    "printing.attachment-broken": {
        "zh-CN": "附件“{file}”已损坏或不是有效的 PDF，无法附在后面",
        "en": "'{file}' is broken or no valid PDF, and cannot be appended",
    },
    "printing.attachment-long": {
        "zh-CN": "附件页数过多（到“{file}”为止超过 300 页）",
        "en": "The appended files have more than 300 pages, with '{file}'",
    },
    "printing.attachment-missing": {
        "zh-CN": "附在后面的 PDF 需要 pypdf：安装 lowcode[pdf]",
        "en": "Appending PDFs needs pypdf: install lowcode[pdf]",
    },
    "printing.attachments-large": {
        "zh-CN": "附件合计超过 {limit} MB，无法附在后面",
        "en": "The files to be appended have more than {limit} MB together",
    },
    "printing.pictures-large": {
        "zh-CN": "记录中的图片合计超过 {limit} MB，无法打印。请减少图片数量",
        "en": "The pictures of the record have more than {limit} MB together. Let the template show fewer of them",
    },
    "printing.no-fields": {
        "zh-CN": "“{file}”中没有表单域。请在 PDF 编辑器中放置文本域，域名写占位符，例如 account.name",
        "en": "'{file}' has no form fields. Put text fields in a PDF editor, named by what they hold: account.name",
    },
    "printing.form-unreadable": {
        "zh-CN": "无法读取“{file}”：{reason}。请重新导出为不带密码的 PDF",
        "en": "'{file}' cannot be read: {reason}; export it again, without a password",
    },
    "printing.unknown-form": {"zh-CN": "没有表单“{form}”", "en": "There is no form '{form}'"},
    "printing.name-taken": {
        "zh-CN": "应用已有名为“{seen}”的模板，请换一个标识",
        "en": "The app has a template named '{seen}'; take another name",
    },
    "printing.draft-changed": {
        "zh-CN": "{who} 已于 {at} 保存过这份草稿，请重新打开后再修改",
        "en": "{who} saved this draft at {at}; open it again before you change it",
    },
    "printing.no-draft": {"zh-CN": "没有名为“{template}”的草稿", "en": "There is no draft '{template}'"},
    "printing.no-picture-path": {
        "zh-CN": "“{path}”不是模板图片的路径，应形如 templates/logo.png",
        "en": "'{path}' is no path of a picture; it is such as templates/logo.png",
    },
    "printing.wrong-template": {"zh-CN": "模板有误：{reason}", "en": "The template is wrong: {reason}"},
    "printing.no-printer": {
        "zh-CN": "没有名为“{printer}”的打印机",
        "en": "There is no printer '{printer}'",
    },
    "printing.no-labels": {
        "zh-CN": "“{template}”不是标签",
        "en": "'{template}' is no label",
    },
    "printing.labels-many": {
        "zh-CN": "一次最多打印 {limit} 张标签",
        "en": "At most {limit} labels at once",
    },
    "printing.labels-format": {
        "zh-CN": "标签的格式为：{known}",
        "en": "Labels are given as: {known}",
    },
    "printing.no-file-field": {
        "zh-CN": "“{field}”不是附件字段",
        "en": "'{field}' is no field that holds files",
    },
    "printing.batch-size": {
        "zh-CN": "一次最多打印 {limit} 份，请分批",
        "en": "At most {limit} papers at once; take them in parts",
    },
    "printing.batch-output": {
        "zh-CN": "批量打印的格式为 pdf 或 zip",
        "en": "A batch is given as pdf or zip",
    },
    "printing.no-batch": {"zh-CN": "没有这个批量打印任务", "en": "There is no such batch"},
    "printing.nothing-to-inspect": {"zh-CN": "请上传一个 Word 文件", "en": "Send a Word file"},
    "printing.no-office": {"zh-CN": "“{file}”不是 Word 文档（.docx）", "en": "'{file}' is no Word document (.docx)"},
    "printing.no-workbook": {
        "zh-CN": "“{file}”不是 Excel 工作簿（.xlsx）",
        "en": "'{file}' is no Excel workbook (.xlsx)",
    },
    "printing.office-large": {
        "zh-CN": "“{file}”过大（{seen} 字节）",
        "en": "'{file}' is too large ({seen} bytes)",
    },
    "printing.office-active": {
        "zh-CN": "“{file}”含有可执行或外部内容：{seen}。请在 Word 或 Excel 中删除后重新保存",
        "en": "'{file}' holds something that acts: {seen}; take it out in Word or Excel and save it again",
    },
    "printing.nothing-to-verify": {"zh-CN": "请提供文件或其 SHA-256", "en": "Give a file or its SHA-256"},
    "printing.version-gone": {
        "zh-CN": "“{template}”当时的版本所用的字段已不存在，无法重新生成",
        "en": "The version of '{template}' it was printed with names fields that are gone; it cannot be made again",
    },
    "printing.no-output": {
        "zh-CN": "没有输出格式“{seen}”，可用的有：{known}。{near}",
        "en": "There is no output '{seen}'; there are: {known}. {near}",
    },
    "printing.not-as": {
        "zh-CN": "“{template}”不能以 {seen} 格式输出，可用的有：{known}",
        "en": "'{template}' is not given out as {seen}; it is as: {known}",
    },
    "printing.failed": {
        "zh-CN": "无法生成“{template}”（区块 {block}）：{reason}",
        "en": "'{template}' could not be made (block {block}): {reason}",
    },
}


def problem(key: str, pointer: str = "", **values: Any) -> Problem:
    """A refusal by its word."""
    code = f"printing.{key}"
    return Problem(code, REFUSALS[code], pointer, values)


def wrong_template(findings: Iterable[Diagnostic], pointer: str | None = None) -> Rejected:
    """A template that cannot be used: its errors, each at its own place or all at one."""
    return Rejected(
        problem("wrong-template", each.place.pointer if pointer is None else pointer,
                reason=each.text)
        for each in findings if each.severity == "error"
    )  # fmt: skip
