"""The words of findings about requests."""

from __future__ import annotations

from lowcode.kernel.diagnostics import Catalogue, Message

MESSAGES = Catalogue(
    "requests",
    {
        "no-offers": Message(
            "the connector '{seen}' does not say what it can be asked",
            "A request is checked against the description of the other program, which a connector of the type openapi "
            "has.",
            "Use a connector of the type openapi, or send values with the action webhook.",
        ),
        "unknown-operation": Message(
            "'{connector}' offers no '{seen}'",
            "An operation is named by its operationId, or by method and path as the description has them.",
        ),
        "cannot-be-asked": Message(
            "'{seen}' of '{connector}' cannot be asked: {reason}",
            "The description or the connector lacks something this operation needs.",
        ),
        "unknown-parameter": Message(
            "'{operation}' takes no parameter '{seen}'",
            "Parameters are those of the description: in the path, the query, headers and cookies.",
        ),
        "missing-parameter": Message(
            "'{operation}' needs the parameter '{name}'",
            "The description says that the operation is not understood without it.",
            'Give it a value in "parameters".',
        ),
        "no-body": Message(
            "'{operation}' takes no body", "The description has no body for this operation.", "Leave 'body' out."
        ),
        "missing-body": Message(
            "'{operation}' needs a body", "The description says that a body is required.", "Write one in 'body'."
        ),
        "unknown-part": Message(
            "there is no '{seen}' in what '{operation}' takes here", "The description names the parts of this object."
        ),
        "missing-part": Message(
            "'{operation}' needs '{name}' here",
            "The description says that the part is required.",
            "Give it a value.",
        ),
        "wrong-part": Message(
            "'{operation}' takes {expected} here, and this is {seen}",
            "The description says what a value may be.",
        ),
        "not-a-part": Message(
            "{seen} is nothing a value can be made of",
            "A part is an expression, a number, true, false, null, a list or an object of parts, or "
            '{{"for_each": rows, "body": part}}.',
            "Write one of these.",
        ),
        "rows-alone": Message(
            "'{seen}' are rows, and this does not say what becomes of each",
            "A list is made of rows by saying what each entry is.",
            'Write {{"for_each": "{seen}", "body": {{…}}}}, or SUM, COUNT or another aggregate of them.',
        ),
        "no-rows": Message(
            "'{form}' has no rows '{seen}'", "A list is made of the lines of the record, or of records that link to it."
        ),
        "not-inside": Message(
            "the answer of '{operation}' has no '{seen}'",
            "What is read of an answer stands in the description.",
        ),
    },
    {
        "no-offers": ("连接“{seen}”没有说明可以请求什么", "请使用类型为 openapi 的连接，或用动作 webhook 发送内容。"),
        "unknown-operation": ("“{connector}”没有操作“{seen}”", ""),
        "cannot-be-asked": ("无法请求“{connector}”的“{seen}”：{reason}", ""),
        "unknown-parameter": ("“{operation}”没有参数“{seen}”", ""),
        "missing-parameter": ("“{operation}”需要参数“{name}”", '请在 "parameters" 中给出它的值。'),
        "no-body": ("“{operation}”不接受请求内容", "请去掉 body。"),
        "missing-body": ("“{operation}”需要请求内容", "请填写 body。"),
        "rows-alone": (
            "“{seen}”是多行，而此处没有说明每行写成什么",
            '请写 {{"for_each": "{seen}", "body": {{…}}}}，或用 SUM、COUNT 等汇总。',
        ),
        "unknown-part": ("“{operation}”在此处没有“{seen}”", ""),
        "missing-part": ("“{operation}”在此处需要“{name}”", "请给出它的值。"),
        "wrong-part": ("“{operation}”在此处需要{expected}，而这是{seen}", ""),
        "not-a-part": ("{seen} 不能构成值", "请填写表达式、数字、true、false、null，或由它们组成的列表或对象。"),
        "no-rows": ("“{form}”没有明细或关联列表“{seen}”", ""),
        "not-inside": ("“{operation}”的返回内容中没有“{seen}”", ""),
    },
)
