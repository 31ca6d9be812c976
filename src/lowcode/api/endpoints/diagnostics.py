"""The words of endpoints: findings in documents, and refusals of calls."""

from __future__ import annotations

from collections.abc import Mapping

from lowcode.kernel.diagnostics import Message, Text

FINDINGS: Mapping[str, Message] = {
    "name-taken": Message(
        "'{seen}' is the name of something else here",
        "What is found or made has a name of its own; `path`, `query`, `payload`, `item` and `row` are what was sent, "
        "or an entry of a list.",
        'Write another name in "as".',
    ),
    "no-record-found": Message(
        "no step before this one finds or makes a record '{seen}'",
        "A step speaks of a record by the name another step gave it in `as`.",
    ),
    "rows-in-answer": Message(
        "an endpoint reads no rows in an expression: {seen}",
        "What is read is held to what the caller may see, record by record.",
        "Make a roll-up field of it, or list the rows with \"for_each\".",
    ),
    "value-type": Message(
        "the field '{field}' holds a {wanted}; the expression gives a {seen}",
        "A value has to be of its field's type.",
    ),
    "writes-on-get": Message(
        "a GET changes nothing, and this step does",
        "Programs, browsers and caches repeat a GET as they like (RFC 9110, 9.2.1).",
        'Write "method": "POST".',
    ),
    "upsert-by": Message(
        "'{seen}' is no unique field of the form '{form}' that gets a value here",
        "What is sent is recognised by a value that belongs to one record only.",
    ),
    "no-list": Message(
        "there is no list '{seen}' here",
        "Lists are the pages and reports that steps found, the rows of a record, and lists of objects in the payload.",
    ),
    "flow-of-another-form": Message(
        "the flow '{seen}' is about '{form}', and '{record}' is a record of '{other}'",
        "A flow is started for a record of its form.",
    ),
    "no-flow-waits": Message(
        "no flow of the form '{form}' waits for the message '{seen}'",
        "A message is told to flows that wait for it.",
    ),
    "no-group-field": Message(
        "'{seen}' is nothing by whose values records of the form '{form}' can be counted",
        "Groups are made by texts, choices, days, yes or no, and what links name.",
    ),
    "no-number-field": Message(
        "'{seen}' is no number of the form '{form}'",
        "Numbers are added up; everything else is counted.",
    ),
    "answer-status": Message(
        "{seen} is no status of an answer",
        "What is answered was done: 200 to 299. A refusal is a step of its own.",
        'Write 200 to 299, or a step {{"refuse": …}}.',
    ),
    "header-not-allowed": Message(
        "an endpoint does not set the header '{seen}'",
        "Headers about the body, cookies and safety belong to the server.",
    ),
    "answer-part": Message(
        "'{seen}' cannot stand here in an answer",
        "A part of the body is an expression, an object of parts, or one for each of a list.",
        'Write "name": "customer.name", or {{"for_each": "contracts", "body": {{…}}}}.',
    ),
    "row-path": Message(
        "'{seen}' leads from a row to something that cannot be read there",
        "From a row, paths lead along its links to records of forms.",
        "Name a column of the row, or a field behind one of its links.",
    ),
    "no-path-part": Message(
        "the path has no part '{seen}'", "`parameters` says what the parts of the path may be.",
    ),
    "path-part-twice": Message(
        "the path has the part '{seen}' twice", "Each part has a name of its own.", "Rename one of them.",
    ),
    "not-an-object-here": Message(
        "the {seen} of an endpoint is an object, and this schema allows something else",
        "Values are read by their names.",
        'Write "type": "object" with "properties".',
    ),
    "query-value": Message(
        "'{seen}' is an object, and a query holds simple values",
        "A query is a list of names and texts.",
        "Write a simple type, or read it from the payload.",
    ),
    "list-as-value": Message(
        "'{seen}' is a list of values, and here stands one value",
        "A record's field has one value, so that a list is looked through for it and compared with nothing.",
        'Write it behind "in" ("stage in {seen}") or before "is blank", or let its schema be that of one value.',
    ),
    "payload-not-read": Message(
        "a {method} has no payload", "Its body means nothing (RFC 9110, 9.3).", 'Write it into "query", or use POST.',
    ),
    "example-unfit": Message(
        "the {part} of this example does not fit its schema: {reason}",
        "Examples stand in the description of the interface, and programs are written after them.",
        "Correct the example or the schema.",
    ),
    "same-address": Message(
        "{seen} is the address of the endpoint '{other}' already",
        "One call has one answer.",
        "Choose another path or method.",
    ),
    "path-part-names": Message(
        "'{seen}' and '{path}' of the endpoint '{other}' are one address with different names for its parts",
        "A description of the interface (OpenAPI) names each part of an address once.",
        "Use the same names.",
    ),
    "public-as-caller": Message(
        "what anybody may call acts as nobody, who may do nothing",
        "The steps of a public endpoint are asked for as the app or as a person.",
        'Write "run_as": "app", or the login of a person who may do just this.',
    ),
}  # fmt: skip

WORDS: Mapping[str, Text] = {
    "no-endpoint": {"en": "there is no endpoint '{name}'. {near}", "zh-CN": "没有接口“{name}”。{near}"},
    "no-method": {
        "en": "{method} is not possible here; possible: {possible}",
        "zh-CN": "此接口不支持 {method}；可用：{possible}",
    },
    "sign-in-to-call": {
        "en": "sign in, or send a key: Authorization: Bearer …",
        "zh-CN": "请登录，或提供密钥：Authorization: Bearer …",
    },
    "no-keys-here": {
        "en": "the endpoint '{name}' is for people who are signed in, not for keys",
        "zh-CN": "接口“{name}”仅供登录用户使用，不接受密钥",
    },
    "keys-only": {
        "en": "the endpoint '{name}' is for programs with a key",
        "zh-CN": "接口“{name}”仅供持有密钥的程序使用",
    },
    "key-scope-endpoint": {
        "en": "this key may not call the endpoint '{name}'; its scopes lack endpoint:{name}",
        "zh-CN": "该密钥无权调用接口“{name}”，缺少权限 endpoint:{name}",
    },
    "role-needed": {
        "en": "the endpoint '{name}' is for other roles than yours",
        "zh-CN": "您的角色无权调用接口“{name}”",
    },
    "beyond-caller": {
        "en": "the endpoint '{name}' reads what you may not see",
        "zh-CN": "接口“{name}”会读取您无权查看的内容",
    },
    "nothing-found": {"en": "there is no such record: {form}", "zh-CN": "未找到对应的{form}"},
    "not-a-value": {"en": "'{seen}' cannot be looked for", "zh-CN": "无法按“{seen}”查找"},
    "given-twice": {
        "en": "'{name}' is given more than once, and takes one value",
        "zh-CN": "“{name}”出现了多次，只能有一个值",
    },
    "too-many-items": {"en": "at most {limit} at once", "zh-CN": "一次最多 {limit} 条"},
    "key-blank": {
        "en": "'{name}' is blank, and by it the record is recognised",
        "zh-CN": "“{name}”为空，无法识别对应的记录",
    },
    "nobody-to-act": {
        "en": "the endpoint acts as '{login}', who is not there",
        "zh-CN": "接口的执行人“{login}”不存在",
    },
}
