"""What is wrong with an expression, in Chinese: each sentence of the checker and its Chinese beside it.

The checker writes English where it finds something, names and types put in. Here the same sentences stand with slots;
what was written is found again by its sentence, and the words in its slots are carried over, types by their names.

What is put in may be anybody's text, as long and as odd as they like. So a sentence is looked for in one pass, never
going back; what is longer than any sentence of use, and what more than one sentence could have said, stands in English.
"""

from __future__ import annotations

import re
from functools import lru_cache

TYPES = {
    "number": "数字", "text": "文本", "boolean": "是/否", "date": "日期", "date and time": "日期时间", "choice": "选项",
    "set of choices": "多选", "blank": "空值", "time": "时间", "user": "人员", "users": "多名人员", "duration": "时长",
    "rows": "多行", "record": "记录",
}  # fmt: skip
SENTENCES = {
    # names
    "{a} has no {b} here.": "此处的 {a} 没有 {b}。",
    "{a} is not known here.": "此处没有 {a}。",
    "{a} has no field {b}.": "{a} 没有字段 {b}。",
    "The record type {a} is not known here.": "没有名为 {a} 的表单。",
    "{a} is a {x}; nothing can follow its point.": "{a} 是{x}，后面不能再用点号取字段。",
    "{a} is a variable and a field of {b}.": "{a} 既是变量又是 {b} 的字段。",
    "Give the variable another name.": "请给变量换一个名称。",
    "Only links, users and rows have fields of their own.": "只有关联、人员和明细才有下级字段。",
    "Known fields: {a}.": "可用字段：{a}。",
    "Did you mean {a}?": "是否指 {a}？",
    "Did you mean '{a}'?": "是否指“{a}”？",
    "Known: {a}.": "可用：{a}。",
    "There is none yet.": "目前一个也没有。",
    "Inside an aggregate names belong to the rows; write parent.{a}.": "汇总之内的名称属于各行，请写 parent.{a}。",
    "Write {a}() for the function.": "这是函数，请写 {a}()。",
    "There is no function {a}.": "没有函数 {a}。",
    "A path may make {a} hops; this one makes {b}.": "路径最多经过 {a} 级关联，这里有 {b} 级。",
    "A path may make 4 hops.": "路径最多经过 4 级关联。",
    "A measure reads fields only inside an aggregate.": "度量只能在汇总函数之内读取字段。",
    "Write SUM({a}) or another aggregate.": "请写 SUM({a}) 或其他汇总函数。",
    "{a} has many rows; say what to do with them.": "{a} 有多行，请说明如何汇总。",
    "Write SUM({a}), COUNT({b}) or another aggregate.": "请写 SUM({a})、COUNT({b}) 或其他汇总函数。",
    # conditions and comparisons
    "A list of values stands only after in.": "值的列表只能写在 in 之后。",
    "Expected a condition but this is a {w}.": "此处需要条件，而这是{w}。",
    "Compare it with something, for instance with = or is not blank.": "请与某个值比较，例如用 = 或 is not blank。",
    "Compare it with something: total > 0.": "请与某个值比较，例如 total > 0。",
    "A {w} cannot be one of a {x}.": "{w}不可能属于{x}。",
    "A set of choices is not one of a list.": "多选的值不能用列表来比。",
    'Write "vip" in tags for one choice, joined with or for several.':
        '单个选项请写 "vip" in tags，多个选项用 or 连接。',
    "A {w} is never a {x}.": "{w}不可能等于{x}。",
    "A {w} cannot be compared with a {x}.": "{w}不能与{x}比较。",
    "A {w} has no equal.": "{w}不能用等号比较。",
    "Use in, is blank or COUNT.": "请使用 in、is blank 或 COUNT。",
    "A {w} has no order.": "{w}没有大小之分。",
    "Use = or in.": "请使用 = 或 in。",
    "Take the day with TODATE(...).": "请用 TODATE(...) 取出日期。",
    "Write {a} without quotes.": "{a} 不要加引号。",
    "Compare it with a number.": "请与数字比较。",
    "Turn the text into a number with VALUE(...).": "请用 VALUE(...) 把文本转为数字。",
    "Use COUNT, SUM or another aggregate.": "请使用 COUNT、SUM 或其他汇总函数。",
    # arithmetic
    "{a} works on numbers, and this is a {x}.": "{a} 只能用于数字，而这是{x}。",
    'Use DAYS(end, start) for the days between dates, DATEADD(date, 3, "days") for a later one.':
        '两个日期相差的天数请用 DAYS(end, start)，推后日期请用 DATEADD(date, 3, "days")。',
    "Join texts with &; turn a text into a number with VALUE(...).": "连接文本请用 &；把文本转为数字请用 VALUE(...)。",
    "Use VALUE(...).": "请使用 VALUE(...)。",
    # values
    '"{a}" is not one of the options.': "“{a}”不是可选项。",
    'The option "{a}" is called "{b}" now, and no option is told apart by this any more.':
        "选项“{a}”现名“{b}”，此条件已不能区分任何选项。",
    "Options: {a}.": "可选项：{a}。",
    '"{a}" is not a {x}.': "“{a}”不是{x}。",
    "Write 2024-02-29.": "请写成 2024-02-29 的形式。",
    "Write 2024-02-29T08:00:00Z.": "请写成 2024-02-29T08:00:00Z 的形式。",
    "This place needs a {w}; the expression gives a {x}.": "此处需要{w}，而表达式的结果是{x}。",
    "Write what gives a {w}.": "请写出结果为{w}的表达式。",
    "The expression gives {w}; a single value is needed.": "表达式的结果是{w}，此处只能有一个值。",
    "A stored value cannot depend on the day, the hour, the person asking or a tree.":
        "保存下来的值不能取决于日期、时刻、查询人或层级。",
    "Compute it when read, or keep the date and compare it where it is used.":
        "请改为读取时计算，或保存日期、在使用处再比较。",
    # functions
    "{a} takes {x} arguments, not {c}.": "{a} 需要的参数个数：{x}；这里有 {c} 个。",
    "The values of {a} are of different types.": "{a} 的各个值类型不同。",
    "{a}() only makes sense in a rule that runs when a record is saved.": "{a}() 只能用于保存记录时执行的规则。",
    "{a} lie between instants, not between days.": "{a} 只能在时刻之间计算，不能在日期之间计算。",
    "A date has no {a}.": "日期没有 {a}。",
    "Use days, or a date and time.": "请改用 days，或使用日期时间。",
    "{a} needs a unit of time as a text.": "{a} 需要用文本写明时间单位。",
    "Units: {a}.": "时间单位：{a}。",
    "The pattern has to be written out as a text.": "匹配模式必须直接写成文本。",
    "This pattern is refused: {w}.": "不接受此匹配模式：{w}。",
    "{a} takes a whole number as {b}.": "{a} 的参数 {b} 需要整数。",
    "Round it with INT(...).": "请用 INT(...) 取整。",
    "{a} takes a {x} as {c}, not a {z}.": "{a} 的参数 {c} 需要{x}，而不是{z}。",
    "Use TOTEXT(...).": "请使用 TOTEXT(...)。",
    "Use TODATE(...).": "请使用 TODATE(...)。",
    "One branch is a {w}, this one a {x}.": "有的分支是{w}，这个分支是{x}。",
    "All branches give the same kind of value; leave one out for blank.": "各分支的类型必须相同；留空的分支可以省略。",
    "{a} takes a date, not a {x}.": "{a} 需要日期，而不是{x}。",
    "{a} takes a field of the record.": "{a} 需要记录的字段。",
    "INUNIT takes an organisation unit, not a {w}.": "INUNIT 需要组织单元，而不是{w}。",
    "Write the unit of a person, for instance owner.department.": "请写人员所属的单元，例如 owner.department。",
    "UNDER takes a link to records that form a tree, not a {w}.": "UNDER 需要指向有层级的记录的关联，而不是{w}。",
    'Say which link leads up in the form it names: "tree": "parent_category".':
        '请在所关联的表单中声明上级字段："tree": "parent_category"。',
    "UNDER looks for a {a}, not for a {x}.": "UNDER 查找的是 {a}，而不是{x}。",
    "Write its id, a link to it, or what it is called (its label, or a unique text), in quotes.":
        "请写它的编号、指向它的关联，或加引号写出它的名称（标题或唯一的文本）。",
    # aggregates
    "An aggregate cannot stand inside another.": "汇总函数不能嵌套。",
    "Make a formula field of the inner one.": "请把内层汇总做成公式字段。",
    "PERCENTILE takes the share as a number from 0 to 1, written out.":
        "PERCENTILE 的比例须直接写成 0 到 1 之间的数字。",
    "Write 0.9.": "例如 0.9。",
    "PERCENTILE works on the rows of one relation.": "PERCENTILE 只能用于一个关联的各行。",
    "Write PERCENTILE(items.price, 0.9).": "例如 PERCENTILE(items.price, 0.9)。",
    "An aggregate over rows takes one filter.": "按行汇总最多有一个筛选条件。",
    "Join conditions with and.": "多个条件请用 and 连接。",
    "{a} needs to know which field of the rows.": "{a} 需要指明取各行的哪个字段。",
    "Write {a}({b}.field).": "请写 {a}({b}.字段)。",
    "An expression has at most {a} aggregates.": "一个表达式最多有 {a} 个汇总函数。",
    "Make formula fields of some.": "请把其中一些做成公式字段。",
    # the text itself
    "This text has no closing quote.": "文本缺少右引号。",
    "Close it with the same quote; a quote inside a text is written twice.":
        "请用同样的引号结束；文本中的引号要写两遍。",
    "This label has no closing brace.": "标题缺少右花括号。",
    "Add }.": "请补上 }。",
    "The character {a} means nothing here.": "此处不能使用字符 {a}。",
    "Write POWER(a, b).": "请写 POWER(a, b)。",
    "Write 0.1 for 10 %, or MOD(a, b) for the remainder.": "10 % 请写 0.1，取余请写 MOD(a, b)。",
    "Write or between conditions, & between texts.": "条件之间请写 or，文本之间请写 &。",
    "Separate arguments with a comma.": "参数之间请用逗号分隔。",
    "Write field names without brackets, or {label}.": "字段名不加方括号，或写成 {label}。",
    "The expression has {a} parts; {b} are allowed.": "表达式有 {a} 个部分，最多 {b} 个。",
    "The expression is nested {a} levels deep; {b} are allowed.": "表达式嵌套了 {a} 层，最多 {b} 层。",
    "A number has at most 16 digits before and 12 after the point.": "数字的小数点前最多 16 位、后最多 12 位。",
    "Split it into several formula fields.": "请拆成几个公式字段。",
    "Expected a field name after the point but {w}.": "点号之后应为字段名，但{w}。",
    "Expected a value but {w}.": "此处应为值，但{w}。",
    "Expected blank or not blank but {w}.": "此处应为 blank 或 not blank，但{w}。",
    "Write: is blank, or is not blank.": "请写 is blank 或 is not blank。",
    "Expected 'and' of between but {w}.": "between 缺少 and，但{w}。",
    "Write: amount between 1 and 10.": "例如 amount between 1 and 10。",
    "Expected an operator but {w}.": "此处应为运算符，但{w}。",
    "A parenthesis is not closed.": "缺少右括号。",
    "Add ).": "请补上 )。",
    "Expected ( after the function name.": "函数名之后应为 (。",
    "'==' is not needed; write = once.": "不需要 ==，只写一个 =。",
    "'{a}' is a word of the language; write {{a}} for a field of that name.":
        "“{a}”是表达式的保留词；同名字段请写 {{a}}。",
    "There is one closing parenthesis too many.": "多了一个右括号。",
    "Comparisons do not chain; write a < b and b < c, or between.":
        "比较不能连写，请写 a < b and b < c，或用 between。",
    "A comma stands only between the arguments of a function or the values of in.":
        "逗号只能用在函数的参数之间，或 in 的各个值之间。",
    "Write and, or, +, &, = … between two values.": "两个值之间请写 and、or、+、&、= 等。",
    "The expression has {a} characters; {b} are allowed.": "表达式有 {a} 个字符，最多 {b} 个。",
    "The expression is longer than {a} bytes.": "表达式超过 {a} 字节。",
    "Write a value or condition.": "请写一个值或条件。",
    "The expression is empty.": "表达式是空的。",
    # what is put into a sentence
    "the expression ends": "表达式到此结束",
    "found '{a}'": "遇到“{a}”",
    "at least {w}": "至少 {w}",
    "{w} to {x}": "{w} 到 {x}",
    "back-references and the classes \\b \\D \\W \\S \\p are not part of the language":
        "不支持反向引用以及 \\b \\D \\W \\S \\p",
    "groups beginning with (? are not part of the language": "不支持以 (? 开头的分组",
    "it is longer than {w} characters": "超过 {w} 个字符",
    "a repeated part is repeated again": "重复的部分又被重复",
    "a repeated part, or choices that begin alike, inside a repeated group may take forever":
        "重复的分组内又有重复，或有开头相同的选项，可能永远算不完",
    "rows of {a}": "{a} 的多行",
}  # fmt: skip
IN_PLACE = {"en": "{message} (in {text!r}, column {column})", "zh-CN": "{message}（{text!r} 第 {column} 个字符处）"}
"""Where a document says it."""
AROUND = 50
"""So many characters of a long text are shown on either side of the place."""
SLOT = re.compile(r"\{([a-dw-z])\}")
"""`{a}` to `{d}` are words of whoever wrote it: names, texts; `{w}` to `{z}` are words of the language."""
LONGEST = 1000
"""What has more characters than this is a text of somebody's with a few words about it: it is not looked for."""
DEPTH = 3
"""So deep are words of the language put into one another: a sentence, what it found, a type."""
NAME = re.compile(r"\w{1,100}")
"""A number, and the type of a link, which is the name of a form."""


@lru_cache(maxsize=1)
def _sentences() -> list[tuple[tuple[str, ...], str, frozenset[str]]]:
    """Each sentence in pieces, words and the names of its slots by turns; its Chinese; and the sentences that are this
    one with more of the words said: where they fit, this one is not meant."""
    pieces = {each: tuple(SLOT.split(each)) for each in SENTENCES}
    sample = {each: SLOT.sub("number", each) for each in SENTENCES}
    return [
        (pieces[each], chinese, frozenset(
            SENTENCES[other] for other in SENTENCES if other != each and _slots(pieces[each], sample[other]) is not None
        ))
        for each, chinese in SENTENCES.items()
    ]  # fmt: skip


def _slots(pieces: tuple[str, ...], words: str) -> dict[str, str] | None:
    """What stands in the slots, when words are this sentence. A slot ends where the words behind it come first: if they
    can be read at all, they can be read so, and nothing is tried twice."""
    if not words.startswith(pieces[0]):
        return None
    at, slots = len(pieces[0]), dict[str, str]()
    behind = len(pieces) - 1
    for place in range(1, len(pieces), 2):
        name, literal = pieces[place : place + 2]
        known = slots.get(name)
        if place + 1 == behind:
            stop = len(words) - len(literal)
            stop = stop if words.endswith(literal) else -1
        elif known is not None:
            stop = at + len(known)
        else:
            stop = words.find(literal, at + 1)
        if stop <= at or (known is not None and not words.startswith(known + literal, at)):
            return None
        slots[name] = words[at:stop]
        at = stop + len(literal)
    return slots if at == len(words) else None


def _only(words: str, depth: int) -> str | None:
    """The one way to say it in Chinese; None where there is none, or more than one."""
    kinds = words.split(" or ")
    if all(each in TYPES or NAME.fullmatch(each) for each in kinds):
        return "或".join(TYPES.get(each, each) for each in kinds)
    ways: dict[str, str] = {}
    closer: dict[str, frozenset[str]] = {}
    for pieces, chinese, others in _sentences() if depth else ():
        slots = _slots(pieces, words)
        if slots is None:
            continue
        inner = {name: _only(each, depth - 1) for name, each in slots.items() if name in "wxyz"}
        said = slots | {name: each for name, each in inner.items() if each is not None}
        if None not in inner.values():
            ways[chinese], closer[chinese] = _filled(chinese, said), others
    meant = [way for chinese, way in ways.items() if closer[chinese].isdisjoint(ways)]
    return meant[0] if len(meant) == 1 else None


def _filled(sentence: str, slots: dict[str, str]) -> str:
    return SLOT.sub(lambda slot: slots[slot.group(1)], sentence)


def in_chinese(words: str) -> str:
    """The same in Chinese; words that none of the sentences is stand as they are, such as names and what was typed, and
    so do those that somebody's text makes look like several."""
    return words if len(words) > LONGEST else _only(words, DEPTH) or words


def in_place(message: str, text: str, column: int) -> tuple[str, str]:
    """What is wrong and where in the text of an expression, in English and in Chinese."""
    begin, end = max(0, column - AROUND), column + AROUND
    near = text if len(text) <= 2 * AROUND else f"{'…' * (begin > 0)}{text[begin:end]}{'…' * (end < len(text))}"
    english, chinese = (
        IN_PLACE[locale].format(message=said, text=near, column=column)
        for locale, said in (("en", message), ("zh-CN", in_chinese(message)))
    )
    return english, chinese


def in_both(*sentences: str | None) -> dict[str, str]:
    """Some sentences, one behind the other, in both languages."""
    said = [each for each in sentences if each]
    return {"en": " ".join(said), "zh-CN": "".join(map(in_chinese, said))}
