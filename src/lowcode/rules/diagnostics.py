"""What can be wrong with rules and decision tables, in words: the one place where they stand."""

from __future__ import annotations

from lowcode.kernel.diagnostics import Catalogue, Message, Problem
from lowcode.rules.chinese import CHINESE

MESSAGES = Catalogue(
    "rules",
    {
        "unknown-action": Message(
            "there is no action '{seen}'",
            "An action's one key is the word of its kind.",
            'An action looks like {{"set": {{…}}}}.',
        ),
        "one-action": Message(
            "an action has one key, the word of its kind; here are {seen}",
            "Each entry of 'actions' is one action; two keys would hide which comes first.",
            "Write two actions, one after the other.",
        ),
        "action-phase": Message(
            "'{seen}' cannot be used in the phase '{phase}'",
            "Inside the save a rule may set fields and refuse; what is slow or touches other records comes after it, "
            "and a save that has happened cannot be refused.",
            "Use phase '{expected}', or another action.",
        ),
        "needs-form": Message(
            "this needs a form",
            "The rule has no form, so there is no record to read or change.",
            'Add "form": "…" to the rule.',
        ),
        "unknown-field": Message("'{form}' has no field '{seen}'", "A rule names a field that the form does not have."),
        "computed-field": Message(
            "'{seen}' of '{form}' cannot be set",
            "The field is computed, or the system fills it.",
            "Set one of the fields it is computed from.",
        ),
        "unknown-relation": Message(
            "'{form}' has no relation '{seen}'", "The form declares its relations under 'relations'."
        ),
        "not-lines": Message(
            "'{form}' has no lines '{seen}'", "Only a field of type 'lines' takes lines.", "Lines of it: {known}."
        ),
        "not-a-link": Message(
            "'{form}' has no link '{seen}'",
            "The record that a link points at is changed through the name of the link.",
            "Links of it: {known}.",
        ),
        "no-links": Message(
            "'{form}' has no field of several links '{seen}'",
            "'link' adds to a field of type 'links'; a link to one record is given by 'set'.",
            "Name a field of type 'links', or use 'set'.",
        ),
        "links-nothing": Message(
            "it is not said which records are linked",
            "A link needs the records it leads to.",
            "Name one by 'record', or those for which 'where' holds.",
        ),
        "not-a-person": Message(
            "'{seen}' holds a {type}; somebody can only be assigned to a field that holds a person",
            "'assign' gives a record to a person.",
            "Name a field of type 'member', such as 'owner'.",
        ),
        "unknown-output": Message(
            "the table '{table}' has no output '{seen}'", "An output column is named that the table lacks."
        ),
        "table-of-another-form": Message(
            "the table '{seen}' reads '{form}', and this rule is about '{expected}'",
            "The inputs of a table are expressions over the records of its form.",
            "Use a table of the same form, or LOOKUPTABLE with the values to look up.",
        ),
        "unknown-analyser": Message(
            "there is no analyser '{seen}'", "An analyser tells from a text how somebody feels; a plug-in may add more."
        ),
        "mood-does-not-fit": Message(
            "'{seen}' holds {type}, which cannot keep a mood",
            "A mood is a number from -1 to 1 with decimals, or one of the words positive, neutral and negative.",
            "Name a number with decimals by 'field', a text or a select with these three options by 'word_field'.",
        ),
        "table-without-form": Message(
            "the table '{seen}' is about no form",
            "'decide' writes the answers into records, so the table must say which it is asked about.",
            'Add "form": "…" to the table.',
        ),
        "answer-does-not-fit": Message(
            "'{seen}' answers {kind}, and the field '{field}' holds {type}",
            "An answer is written as it is.",
            "Write it into a field of its type, or let one row answer.",
        ),
        "answer-is-no-option": Message(
            "the table answers '{seen}', which '{field}' does not offer",
            "A field with options takes no other value.",
        ),
        "before-needs-save": Message(
            "a rule in the phase 'before' runs inside a save, and '{seen}' is none",
            "Time and buttons do not save a record by themselves.",
            "Use phase 'after', or events of the record.",
        ),
        "wrong-cron": Message(
            "'{seen}' is no schedule: {reason}",
            "A schedule has five fields: minute, hour, day of month, month, day of week.",
            '"0 9 * * 1-5" is every working day at nine.',
        ),
        "no-span": Message(
            "it is not said after how long",
            "A rule on inactivity needs a length of time.",
            "Add \"for\": {{\"days\": 7}}, or 'steps' with an 'after' each.",
        ),
        "span-and-steps": Message(
            "'for' and 'steps' say twice when the rule is due",
            "Each step has its own 'after', counted from the same instant.",
            "Leave out 'for'.",
        ),
        "both-actions-and-steps": Message(
            "'actions' and 'steps' stand side by side",
            "A rule with steps does everything in its steps.",
            'Make the actions the first step, with "after": {{"minutes": 0}}.',
        ),
        "steps-not-rising": Message(
            "step {step} is due no later than the one before it",
            "Steps go up: warning, then supervisor, then pool.",
            "Put the steps in the order of their 'after'.",
            "warning",
        ),
        "steps-need-time": Message(
            "steps need something that happens at an instant; '{seen}' has none",
            "The 'after' of a step counts from the event, or from the instant of 'inactive'.",
            "Use events of the record or 'inactive'.",
        ),
        "calendar-span": Message(
            "'{seen}' is not a length of time an instant can wait",
            "From an instant one counts minutes, hours, days or weeks, on end or in working time; months and years "
            "differ.",
            "Write days.",
        ),
        "not-a-time": Message(
            "this is a {type}; a date, or a date and time, is needed",
            "Time is counted from an instant or a day.",
            "Name a field that holds a date.",
        ),
        "at-needs-day": Message(
            "months, years, working days and yearly rules count in days, so a time of day is needed",
            "Which instant of the day is meant is not said.",
            'Add "at": "09:00".',
        ),
        "yearly-needs-day": Message(
            "'{seen}' is an instant; a yearly rule needs a day",
            "Birthdays and anniversaries are days.",
            "Use a field of type 'date'.",
        ),
        "old-of-linked": Message(
            "what '{seen}' was before the save is not known",
            "OLD and CHANGED know the record's own fields; a linked record was not part of this save.",
            "Use OLD of the link itself.",
        ),
        "unseen-change": Message(
            "a change of '{seen}' does not save this record, so the rule does not notice it",
            "Rows of a relation are records of their own.",
            "Make a roll-up field of it and use that here: its changes are noticed.",
            "warning",
        ),
        "loops-on-itself": Message(
            "the rule changes '{seen}', which sets it off again",
            "It fires on each save and its own action is a save; the chain is stopped when nothing new comes of it.",
            "Use 'becomes' or 'fields', or a condition that its own action ends.",
            "warning",
        ),
        "unknown-input": Message("the table has no input '{seen}'", "A row's 'when' names the inputs of the table."),
        "unknown-answer": Message("the table has no output '{seen}'", "A row's 'then' names the outputs of the table."),
        "twice-in-table": Message(
            "two columns are called '{seen}'", "Columns are told apart by their names.", "Rename one of them."
        ),
        "overlap": Message(
            "rows {first} and {second} can both hit",
            "Under UNIQUE one row hits; under ANY the rows that hit answer alike.",
            "Narrow one of them, or use FIRST and put the special row above.",
            "warning",
        ),
        "row-never-reached": Message(
            "row {row} is never reached: the rows above it cover it",
            "Under FIRST the first row that hits answers.",
            "Move it up, or delete it.",
            "warning",
        ),
        "gap": Message(
            "no row covers {case}",
            "A complete table answers every case.",
            "Add a row, or 'otherwise'.",
            "warning",
        ),
        "gap-known": Message(
            "no row covers {case}",
            "Such a case is answered with nothing.",
            "Add a row or 'otherwise' if that is not meant.",
            "information",
        ),
        "no-ranking": Message(
            "the hit policy {hit} needs the order of importance of an output",
            "Answers are ranked by the place of their value in 'values'.",
            'Add "values": ["high", "low"] to an output.',
        ),
        "aggregate-of-text": Message(
            "{aggregate} needs numbers, and the output '{seen}' is of type {type}",
            "A collected column is summed or compared.",
            "Give the output the type 'number', or use LIST or COUNT.",
        ),
        "score-not-a-number": Message(
            "'{seen}' holds a {type}; a score is a number",
            "The field of a score card holds the points of the record.",
            "Name a field of type 'integer' or 'number'.",
        ),
        "band-not-a-choice": Message(
            "'{seen}' holds a {type}; the band of a score is one of several words",
            "The band's field holds the name of the band.",
            "Name a field of type 'select' whose options are the bands.",
        ),
        "band-unknown": Message(
            "'{field}' has no option '{seen}'",
            "The band's field holds the name of the band, so each band is an option of it.",
        ),
        "unknown-scorer": Message(
            "there is no scorer '{seen}'",
            "A likelihood is learned by a kind of scorer.",
            "Use 'logistic', or add a plug-in that brings one.",
        ),
        "twice-in-card": Message(
            "two parts are called '{seen}'", "Parts and bands are told apart by their names.", "Rename one of them."
        ),
        "card-of-another-form": Message(
            "the score card '{seen}' is about '{form}', and this rule is about '{expected}'",
            "A rule notices the scores of its own records.",
            "Write the rule for '{form}'.",
        ),
        "no-such-band": Message(
            "the score card '{card}' has no band '{seen}' in a field of the form",
            "A band is noticed by the field that holds it.",
            "Name one of its 'bands', and give the card a 'band_field'.",
        ),
        "rule-of-another-form": Message(
            "the rule '{seen}' is about '{form}', and this one about '{expected}'",
            "A called rule fires for the same record.",
            "Call a rule of '{expected}'.",
        ),
        "cannot-be-called": Message(
            "the rule '{seen}' waits for something, or works inside a save",
            "A called rule fires at once, after the commit.",
            "Put what both do into a rule of its own with a button, and call that.",
        ),
        "intake-of-another-form": Message(
            "the intake '{seen}' makes records of '{form}', and this rule is about '{expected}'",
            "What comes in sets off rules of the form it becomes a record of.",
            "Write the rule for '{form}'.",
        ),
        "message-of-another-form": Message(
            "the message '{seen}' is about '{form}', and this rule about '{expected}'",
            "A message template has values of the records of its form in it.",
            "Write a template for '{expected}'.",
        ),
        "no-files": Message(
            "'{form}' has no field for files '{seen}'",
            "A paper is kept in a field for files.",
            "Name a field of type 'attachment'.",
        ),
        "not-an-address": Message(
            "'{seen}' is a {type}; an address is a text, or a colleague",
            "A message goes to a phone number, a mail address, or a person of the directory.",
            "Name a field that holds one.",
        ),
        "wait-in-step": Message(
            "a step waits by its 'after'",
            "Steps are counted from what set the rule off; a wait stands between the actions of a rule without steps.",
            "Write 'actions' with waits between them, or another step.",
        ),
        "wait-for-nothing": Message(
            "nothing comes after this wait",
            "A wait puts off the actions below it.",
            "Add an action below, or take the wait out.",
            "warning",
        ),
        "exit-without-wait": Message(
            "the rule waits for nothing that 'exit' could end",
            "An exit condition ends what a rule still waits to do.",
            'Put {{"wait": {{"for": {{"days": 3}}}}}} between its actions, or take \'exit\' out.',
        ),
        "no-flow-waits": Message(
            "no flow of '{form}' waits for '{seen}'",
            "A signal moves on the flows of a record that wait for a message of this name.",
            "Add an event with this message to a 'wait' of a flow.",
            "warning",
        ),
        "pool-of-another-form": Message(
            "the pool '{seen}' holds records of '{form}', and this is about '{expected}'",
            "A pool holds records of one form.",
            "Name a pool of '{expected}'.",
        ),
        "pool-field": Message(
            "'{seen}' holds a {type}; who has a record is a person",
            "A pool holds the records for which this field is blank.",
            "Name a field of type 'member', such as 'owner'.",
        ),
        "unlisted-value": Message(
            "{seen} is not among the values of output '{output}'", "A ranked output answers one of its 'values'."
        ),
    },
    CHINESE,
)

NO_SUCH_RULE = {"zh-CN": "没有名为 {name} 的规则", "en": "There is no rule '{name}'"}
NO_SUCH_TABLE = {"zh-CN": "没有名为 {name} 的决策表", "en": "There is no decision table '{name}'"}
NO_SUCH_CARD = {"zh-CN": "没有名为 {name} 的评分卡", "en": "There is no score card '{name}'"}
TOO_LITTLE_HISTORY = {
    "zh-CN": "历史太少，无法学习：{records} 条已有结果（{won} 条达成，{lost} 条未达成），"
    "至少需要 {least} 条且两类各 {each} 条",
    "en": "There is too little history to learn from: {records} records are settled ({won} with the outcome, {lost} "
    "without); at least {least} are needed, and {each} of each",
}
NO_SUCH_MODEL = {"zh-CN": "没有第 {number} 号模型", "en": "There is no model {number}"}
NOTHING_TO_LEARN = {"zh-CN": "评分卡 {name} 没有学习部分", "en": "The score card '{name}' has no learned part"}
NO_SUCH_MESSAGE = {"zh-CN": "没有名为 {name} 的消息模板", "en": "There is no message template '{name}'"}
NOT_YOUR_MESSAGE = {"zh-CN": "您无权使用此消息模板", "en": "This message template is not for you"}
NO_ADDRESS = {"zh-CN": "{name} 中没有可用的地址", "en": "'{name}' holds no address to write to"}
NO_CHANNEL = {"zh-CN": "应用没有消息渠道 {name}", "en": "The app has no channel '{name}'"}
NO_MAIL_SERVER = {"zh-CN": "应用没有设置邮件服务器", "en": "The app has no mail server"}
DIGEST = {"zh-CN": "您有 {count} 条汇总提醒", "en": "{count} notices"}
MANY = {"zh-CN": "{rule}（{count} 条）", "en": "{rule} ({count})"}
NO_SCORE = {"zh-CN": "您无权查看此评分", "en": "This score is not for you"}
NO_SUCH_POOL = {"zh-CN": "没有名为 {name} 的公海", "en": "There is no pool '{name}'"}
NO_SUCH_PERSON = {"zh-CN": "没有登录名为 {name} 的人员{near}", "en": "There is nobody with the login '{name}'{near}"}
NO_MEMBER = {"zh-CN": "您不是公海“{pool}”的成员", "en": "You are no member of the pool '{pool}'"}
NO_MANAGER = {"zh-CN": "只有公海“{pool}”的管理者可以这样做", "en": "Only managers of the pool '{pool}' may do this"}
CLAIM_FOR_ANOTHER = {
    "zh-CN": "从公海领取的记录只能归自己",
    "en": "A record of a pool can only be claimed for oneself",
}
LIMITS = {
    "claims-of-the-day": {
        "zh-CN": "今日在公海“{pool}”的领取数已达上限 {limit} 条",
        "en": "You have claimed {limit} records of the pool '{pool}' today, which is the limit",
    },
    "holding": {
        "zh-CN": "您名下的记录已达上限 {limit} 条，请先跟进或退回",
        "en": "You have {limit} records, which is the limit; finish some or give them back first",
    },
    "cool-down": {
        "zh-CN": "您曾放弃此记录，{until} 之后才能再次领取",
        "en": "You gave this record up; you may claim it again after {until}",
    },
}
VIEWS_OF_THE_DAY = {
    "zh-CN": "今日在公海“{pool}”的查看数已达上限 {limit} 条",
    "en": "You have opened {limit} records of the pool '{pool}' today, which is the limit",
}
NOT_IN_POOL = {"zh-CN": "该记录已不在公海“{pool}”中", "en": "The record is not in the pool '{pool}' any more"}
NOT_SHOWN = {"zh-CN": "公海中不显示 {name}", "en": "The pool does not show '{name}'"}
NOBODY_HAS_IT = {"zh-CN": "该记录没有负责人", "en": "Nobody has this record"}
NOT_YOURS = {"zh-CN": "该记录不归您负责", "en": "This record is not yours"}
NO_POOL_FOR_IT = {"zh-CN": "没有适合该记录的公海", "en": "There is no pool for this record"}
NOT_FOR_THAT_POOL = {"zh-CN": "该记录不符合公海“{pool}”的条件", "en": "The record is none for the pool '{pool}'"}
POOL_OF_ANOTHER_FORM = {"zh-CN": "公海“{pool}”属于另一张表单", "en": "The pool '{pool}' is about another form"}
NOTHING_TO_REPLAY = {
    "zh-CN": "规则 {rule} 由按钮或事件触发，或不涉及记录，没有可回放的历史",
    "en": "The rule '{rule}' is set off by a button or an event, or is about no record: no past of it is stored",
}
NO_EXCEL = {
    "zh-CN": "读写 Excel 需要安装：pip install 'lowcode[excel]'",
    "en": "Reading and writing workbooks needs: pip install 'lowcode[excel]'",
}
ANSWERS_ARE_EXPRESSIONS = {"zh-CN": "结果是表达式", "en": "answers that are expressions"}
ROWS_MAY_CONTRADICT = {"zh-CN": "各行可能互相矛盾", "en": "rows that may contradict one another"}
FOLLOWS = {
    "owner": {"zh-CN": "负责人", "en": "the owner"},
    "field": {"zh-CN": "字段 {name} 的类型", "en": "what {name} is"},
    "formula": {"zh-CN": "公式 {name}", "en": "the formula {name}"},
    "condition": {"zh-CN": "表单的条件", "en": "a condition of the form"},
    "once": {"zh-CN": "不可重复的值", "en": "what may occur once"},
    "search": {"zh-CN": "全文索引", "en": "the index of words"},
    "beside": {"zh-CN": "须与另一字段相符的值", "en": "what is right only beside another field"},
    "rule": {"zh-CN": "规则 {name}", "en": "the rule {name}"},
    "card": {"zh-CN": "评分卡 {name}", "en": "the score card {name}"},
    "pool": {"zh-CN": "公海 {name}", "en": "the pool {name}"},
}
"""What follows a change, so that each record is saved by itself."""
A_LIST = {"zh-CN": "列表", "en": "a list"}
NO_BASE64 = {"zh-CN": "内容不是 Base64 编码", "en": "its content is not in Base64"}
WRONG_FILE = {"zh-CN": "文件不是决策表：{reason}", "en": "The file is no decision table: {reason}"}
NOT_ONE_STATEMENT = {
    "zh-CN": "此决策表不能整批计算：{reason}",
    "en": "This table cannot be decided for all records at once: {reason}",
}
PAUSED = {
    "zh-CN": "规则 {rule} 已暂停：多次循环或触发过于频繁",
    "en": "The rule '{rule}' is paused: it went in circles or fired too often",
}
TOO_MANY_RECORDS = {
    "zh-CN": "规则 {rule} 的一个动作涉及“{form}”的 {count} 条记录，上限为 {most} 条，未执行任何操作。"
    '请收窄其 where 条件；若确需处理这么多，请在该动作中写明 "most": {count}',
    "en": "An action of the rule '{rule}' means {count} records of '{form}', and may {most}: nothing was done. "
    "Narrow its 'where'; if so many are meant, say \"most\": {count} in the action",
}
RULE_OF_POOL = {
    "zh-CN": "{name} 是公海自动回收的规则，请在公海的定义中修改",
    "en": "'{name}' is how a pool takes records back; it is changed where the pool is defined",
}
NO_SUCH_SCENARIO = {"zh-CN": "没有名为 {name} 的预置场景", "en": "There is no scenario '{name}'"}
WRONG_VALUE = {"zh-CN": "参数有误：{reason}", "en": "A parameter is wrong: {reason}"}
NO_BUTTON = {"zh-CN": "规则 {name} 没有按钮", "en": "The rule '{name}' has no button"}
NOT_YOUR_BUTTON = {"zh-CN": "您无权使用此按钮", "en": "This button is not for you"}
CONDITION_NOT_MET = {"zh-CN": "当前条件不满足，无法执行", "en": "The condition for this is not met"}
NO_RECORD = {"zh-CN": "请指定一条记录", "en": "Name a record"}


def problem(code: str, words: dict[str, str], pointer: str = "", **values: object) -> Problem:
    """A refusal by the rule engine, in the person's words."""
    return Problem(f"rules.{code}", words, pointer, values)
