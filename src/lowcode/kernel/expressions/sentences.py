"""What can be wrong with an expression, in words: each sentence by its key, in English and in Chinese.

The checker names a key and what stands in its slots (`told.say`); which language it is said in is known only to whoever
reads it. `{{` is a brace of the sentence. A slot `detail` holds words of Python's own, which stand in English only.
"""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    # names
    "nothing-there": ("{name} has no {rest} here.", "此处的 {name} 没有 {rest}。"),
    "unknown-name": ("{name} is not known here.", "此处没有 {name}。"),
    "unknown-field": ("{record} has no field {name}.", "{record} 没有字段 {name}。"),
    "unknown-record": ("The record type {record} is not known here.", "没有名为 {record} 的表单。"),
    "no-link": ("{name} is a {type}; nothing can follow its point.", "{name} 是{type}，后面不能再用点号取字段。"),
    "links-have-fields": (
        "Only links, users and rows have fields of their own.", "只有关联、人员和明细才有下级字段。"
    ),
    "two-meanings": ("{name} is a variable and a field of {record}.", "{name} 既是变量又是 {record} 的字段。"),
    "rename-variable": ("Give the variable another name.", "请给变量换一个名称。"),
    "known-fields": ("Known fields: {fields}.", "可用字段：{fields}。"),
    "near": ("Did you mean {name}?", "是否指 {name}？"),
    "write-parent": (
        "Inside an aggregate names belong to the rows; write parent.{name}.",
        "汇总之内的名称属于各行，请写 parent.{name}。",
    ),
    "write-call": ("Write {name}() for the function.", "这是函数，请写 {name}()。"),
    "unknown-function": ("There is no function {name}.", "没有函数 {name}。"),
    "path-too-long": (
        "A path may make {most} hops; this one makes {count}.", "路径最多经过 {most} 级关联，这里有 {count} 级。"
    ),
    "hops": ("A path may make {most} hops.", "路径最多经过 {most} 级关联。"),
    "measure-outside": (
        "A measure reads fields only inside an aggregate.", "度量只能在汇总函数之内读取字段。"
    ),
    "write-sum": ("Write SUM({path}) or another aggregate.", "请写 SUM({path}) 或其他汇总函数。"),
    "many-rows": ("{relation} has many rows; say what to do with them.", "{relation} 有多行，请说明如何汇总。"),
    "write-sum-or-count": (
        "Write SUM({path}), COUNT({relation}) or another aggregate.",
        "请写 SUM({path})、COUNT({relation}) 或其他汇总函数。",
    ),
    # conditions and comparisons
    "list-alone": ("A list of values stands only after in.", "值的列表只能写在 in 之后。"),
    "no-condition": ("Expected a condition but this is a {type}.", "此处需要条件，而这是{type}。"),
    "compare-something": (
        "Compare it with something, for instance with = or is not blank.",
        "请与某个值比较，例如用 = 或 is not blank。",
    ),
    "compare-total": ("Compare it with something: total > 0.", "请与某个值比较，例如 total > 0。"),
    "never-among": ("A {left} is never among these ({right}).", "{left}不可能属于{right}。"),
    "set-in-list": ("A set of choices is not one of a list.", "多选的值不能用列表来比。"),
    "write-choice-in": (
        'Write "vip" in tags for one choice, joined with or for several.',
        '单个选项请写 "vip" in tags，多个选项用 or 连接。',
    ),
    "never-equal": ("A {left} is never a {right}.", "{left}不可能等于{right}。"),
    "not-comparable": ("A {left} cannot be compared with a {right}.", "{left}不能与{right}比较。"),
    "no-equal": ("A {type} has no equal.", "{type}不能用等号比较。"),
    "use-in": ("Use in, is blank or COUNT.", "请使用 in、is blank 或 COUNT。"),
    "no-order": ("A {type} has no order.", "{type}没有大小之分。"),
    "use-equal": ("Use = or in.", "请使用 = 或 in。"),
    "take-day": ("Take the day with TODATE(...).", "请用 TODATE(...) 取出日期。"),
    "without-quotes": ("Write {number} without quotes.", "{number} 不要加引号。"),
    "compare-number": ("Compare it with a number.", "请与数字比较。"),
    "text-to-number": ("Turn the text into a number with VALUE(...).", "请用 VALUE(...) 把文本转为数字。"),
    "use-aggregate": ("Use COUNT, SUM or another aggregate.", "请使用 COUNT、SUM 或其他汇总函数。"),
    # arithmetic
    "no-number": ("{operator} works on numbers, and this is a {type}.", "{operator} 只能用于数字，而这是{type}。"),
    "use-days": (
        'Use DAYS(end, start) for the days between dates, DATEADD(date, 3, "days") for a later one.',
        '两个日期相差的天数请用 DAYS(end, start)，推后日期请用 DATEADD(date, 3, "days")。',
    ),
    "join-texts": (
        "Join texts with &; turn a text into a number with VALUE(...).",
        "连接文本请用 &；把文本转为数字请用 VALUE(...)。",
    ),
    "use-value": ("Use VALUE(...).", "请使用 VALUE(...)。"),
    # values
    "unknown-option": ('"{option}" is not one of the options.', "“{option}”不是可选项。"),
    "former-option": (
        'The option "{option}" is called "{now}" now, and no option is told apart by this any more.',
        "选项“{option}”现名“{now}”，此条件已不能区分任何选项。",
    ),
    "former-name": (
        'The option "{option}" is called "{now}" now, and this text says the former name.',
        "选项“{option}”现名“{now}”，此文本仍使用旧名。",
    ),
    "options": ("Options: {options}.", "可选项：{options}。"),
    "not-a-date": ('"{text}" is not a {type}.', "“{text}”不是{type}。"),
    "write-date": ("Write 2024-02-29.", "请写成 2024-02-29 的形式。"),
    "write-instant": ("Write 2024-02-29T08:00:00Z.", "请写成 2024-02-29T08:00:00Z 的形式。"),
    "other-type": (
        "This place needs a {wanted}; the expression gives a {type}.", "此处需要{wanted}，而表达式的结果是{type}。"
    ),
    "write-wanted": ("Write what gives a {wanted}.", "请写出结果为{wanted}的表达式。"),
    "several-values": (
        "The expression gives {type}; a single value is needed.", "表达式的结果是{type}，此处只能有一个值。"
    ),
    "volatile": (
        "A stored value cannot depend on the day, the hour, the person asking or a tree.",
        "保存下来的值不能取决于日期、时刻、查询人或层级。",
    ),
    "compute-when-read": (
        "Compute it when read, or keep the date and compare it where it is used.",
        "请改为读取时计算，或保存日期、在使用处再比较。",
    ),
    # functions
    "wrong-count": (
        "{function} takes {wanted} arguments, not {count}.", "{function} 需要的参数个数：{wanted}；这里有 {count} 个。"
    ),
    "at-least": ("at least {count}", "至少 {count}"),
    "from-to": ("{low} to {high}", "{low} 到 {high}"),
    "signature": ("{function}({arguments})", "{function}({arguments})"),
    "different-types": ("The values of {function} are of different types.", "{function} 的各个值类型不同。"),
    "event-only": (
        "{function}() only makes sense in a rule that runs when a record is saved.",
        "{function}() 只能用于保存记录时执行的规则。",
    ),
    "between-instants": (
        "{unit} lie between instants, not between days.", "{unit} 只能在时刻之间计算，不能在日期之间计算。"
    ),
    "date-without": ("A date has no {unit}.", "日期没有 {unit}。"),
    "use-days-or-instant": ("Use days, or a date and time.", "请改用 days，或使用日期时间。"),
    "unit-needed": ("{function} needs a unit of time as a text.", "{function} 需要用文本写明时间单位。"),
    "units": ("Units: {units}.", "时间单位：{units}。"),
    "pattern-not-literal": ("The pattern has to be written out as a text.", "匹配模式必须直接写成文本。"),
    "pattern-refused": ("This pattern is refused: {reason}.", "不接受此匹配模式：{reason}。"),
    "no-whole-number": ("{function} takes a whole number as {argument}.", "{function} 的参数 {argument} 需要整数。"),
    "round-it": ("Round it with INT(...).", "请用 INT(...) 取整。"),
    "wrong-argument": (
        "{function} takes a {wanted} as {argument}, not a {type}.",
        "{function} 的参数 {argument} 需要{wanted}，而不是{type}。",
    ),
    "use-totext": ("Use TOTEXT(...).", "请使用 TOTEXT(...)。"),
    "use-todate": ("Use TODATE(...).", "请使用 TODATE(...)。"),
    "branches-differ": (
        "One branch is a {first}, this one a {other}.", "有的分支是{first}，这个分支是{other}。"
    ),
    "branches-alike": (
        "All branches give the same kind of value; leave one out for blank.",
        "各分支的类型必须相同；留空的分支可以省略。",
    ),
    "takes-date": ("{function} takes a date, not a {type}.", "{function} 需要日期，而不是{type}。"),
    "takes-field": ("{function} takes a field of the record.", "{function} 需要记录的字段。"),
    "takes-unit": (
        "INUNIT takes an organisation unit, not a {type}.", "INUNIT 需要组织单元，而不是{type}。"
    ),
    "write-unit": (
        "Write the unit of a person, for instance owner.department.", "请写人员所属的单元，例如 owner.department。"
    ),
    "takes-tree": (
        "UNDER takes a link to records that form a tree, not a {type}.",
        "UNDER 需要指向有层级的记录的关联，而不是{type}。",
    ),
    "declare-tree": (
        'Say which link leads up in the form it names: "tree": "parent_category".',
        '请在所关联的表单中声明上级字段："tree": "parent_category"。',
    ),
    "under-another": (
        "UNDER looks for a {record}, not for a {type}.", "UNDER 查找的是 {record}，而不是{type}。"
    ),
    "name-record": (
        "Write its id, a link to it, or what it is called (its label, or a unique text), in quotes.",
        "请写它的编号、指向它的关联，或加引号写出它的名称（标题或唯一的文本）。",
    ),
    # patterns
    "no-such-sign": (
        "back-references and the classes \\b \\D \\W \\S \\p are not part of the language",
        "不支持反向引用以及 \\b \\D \\W \\S \\p",
    ),
    "no-such-group": (
        "groups beginning with (? are not part of the language", "不支持以 (? 开头的分组"
    ),
    "pattern-too-long": ("it is longer than {most} characters", "超过 {most} 个字符"),
    "repeated-twice": ("a repeated part is repeated again", "重复的部分又被重复"),
    "repeats-within": (
        "a repeated part, or choices that begin alike, inside a repeated group may take forever",
        "重复的分组内又有重复，或有开头相同的选项，可能永远算不完",
    ),
    "repeats-in-a-row": (
        "more than {most} endless parts that take the same characters may take forever",
        "接受相同字符的无限重复超过 {most} 处，可能永远算不完",
    ),
    "pattern-broken": ("{detail} at position {position}", "位置 {position} 处的写法有误"),
    "pattern-unreadable": ("{detail}", "无法解读"),
    # aggregates
    "two-relations": (
        "An aggregate works on the rows of one relation, not of {relations}.",
        "一个汇总函数只能用于一个关联的各行，不能同时用于 {relations}。",
    ),
    "nested-aggregate": ("An aggregate cannot stand inside another.", "汇总函数不能嵌套。"),
    "formula-of-inner": ("Make a formula field of the inner one.", "请把内层汇总做成公式字段。"),
    "takes-share": (
        "PERCENTILE takes the share as a number from 0 to 1, written out.",
        "PERCENTILE 的比例须直接写成 0 到 1 之间的数字。",
    ),
    "write-share": ("Write 0.9.", "例如 0.9。"),
    "takes-rows": (
        "PERCENTILE works on the rows of one relation.", "PERCENTILE 只能用于一个关联的各行。"
    ),
    "write-percentile": ("Write PERCENTILE(items.price, 0.9).", "例如 PERCENTILE(items.price, 0.9)。"),
    "one-filter": ("An aggregate over rows takes one filter.", "按行汇总最多有一个筛选条件。"),
    "join-conditions": ("Join conditions with and.", "多个条件请用 and 连接。"),
    "takes-column": (
        "{function} needs to know which field of the rows.", "{function} 需要指明取各行的哪个字段。"
    ),
    "write-column": ("Write {function}({relation}.field).", "请写 {function}({relation}.字段)。"),
    "too-many-aggregates": (
        "An expression has at most {most} aggregates.", "一个表达式最多有 {most} 个汇总函数。"
    ),
    "make-formulas": ("Make formula fields of some.", "请把其中一些做成公式字段。"),
    # the text itself
    "unclosed-text": ("This text has no closing quote.", "文本缺少右引号。"),
    "close-text": (
        "Close it with the same quote; a quote inside a text is written twice.",
        "请用同样的引号结束；文本中的引号要写两遍。",
    ),
    "unclosed-label": ("This label has no closing brace.", "标题缺少右花括号。"),
    "add-brace": ("Add }}.", "请补上 }}。"),
    "unknown-character": ("The character {character} means nothing here.", "此处不能使用字符 {character}。"),
    "use-power": ("Write POWER(a, b).", "请写 POWER(a, b)。"),
    "use-mod": (
        "Write 0.1 for 10 %, or MOD(a, b) for the remainder.", "10 % 请写 0.1，取余请写 MOD(a, b)。"
    ),
    "write-or": (
        "Write or between conditions, & between texts.", "条件之间请写 or，文本之间请写 &。"
    ),
    "write-and": ("Write and between conditions.", "条件之间请写 and。"),
    "write-not": ("Write not before a condition, <> for not equal.", "条件之前请写 not，不等于请写 <>。"),
    "use-comma": ("Separate arguments with a comma.", "参数之间请用逗号分隔。"),
    "no-brackets": (
        "Write field names without brackets, or {{label}}.", "字段名不加方括号，或写成 {{label}}。"
    ),
    "too-many-parts": (
        "The expression has {count} parts; {most} are allowed.", "表达式有 {count} 个部分，最多 {most} 个。"
    ),
    "too-deep": (
        "The expression is nested {count} levels deep; {most} are allowed.", "表达式嵌套了 {count} 层，最多 {most} 层。"
    ),
    "number-too-long": (
        "A number has at most 16 digits before and 12 after the point.", "数字的小数点前最多 16 位、后最多 12 位。"
    ),
    "split": ("Split it into several formula fields.", "请拆成几个公式字段。"),
    "too-long": ("The expression is longer than {most} bytes.", "表达式超过 {most} 字节。"),
    "empty": ("The expression is empty.", "表达式是空的。"),
    "write-something": ("Write a value or condition.", "请写一个值或条件。"),
    "expected-name": ("Expected a field name after the point but {found}.", "点号之后应为字段名，但{found}。"),
    "expected-value": ("Expected a value but {found}.", "此处应为值，但{found}。"),
    "expected-blank": (
        "Expected blank or not blank but {found}.", "此处应为 blank 或 not blank，但{found}。"
    ),
    "write-blank": ("Write: is blank, or is not blank.", "请写 is blank 或 is not blank。"),
    "expected-and": ("Expected 'and' of between but {found}.", "between 缺少 and，但{found}。"),
    "write-between": ("Write: amount between 1 and 10.", "例如 amount between 1 and 10。"),
    "expected-operator": ("Expected an operator but {found}.", "此处应为运算符，但{found}。"),
    "unclosed-parenthesis": ("A parenthesis is not closed.", "缺少右括号。"),
    "add-parenthesis": ("Add ).", "请补上 )。"),
    "one-equal-sign": ("'==' is not needed; write = once.", "不需要 ==，只写一个 =。"),
    "reserved": (
        "'{word}' is a word of the language; write {{{word}}} for a field of that name.",
        "“{word}”是表达式的保留词；同名字段请写 {{{word}}}。",
    ),
    "one-parenthesis-less": ("There is one closing parenthesis too many.", "多了一个右括号。"),
    "no-chain": (
        "Comparisons do not chain; write a < b and b < c, or between.",
        "比较不能连写，请写 a < b and b < c，或用 between。",
    ),
    "comma-alone": (
        "A comma stands only between the arguments of a function or the values of in.",
        "逗号只能用在函数的参数之间，或 in 的各个值之间。",
    ),
    "write-operator": (
        "Write and, or, +, &, = … between two values.", "两个值之间请写 and、or、+、&、= 等。"
    ),
    "text-ends": ("the expression ends", "表达式到此结束"),
    "found": ("found '{token}'", "遇到“{token}”"),
    # where a document says it
    "in-text": ("{said} (in {text}, column {column})", "{said}（{text} 第 {column} 个字符处）"),
}  # fmt: skip
