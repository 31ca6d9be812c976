"""Why a rule did not do something, for people of both languages.

A reason that the engine gives has words in each language; one that a person gives is what they wrote. Both stand in one
text column: words in several languages as JSON.
"""

from __future__ import annotations

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.reasons import filled as filled
from lowcode.kernel.reasons import kept as kept
from lowcode.kernel.reasons import of_refusal as of_refusal
from lowcode.kernel.reasons import recalled as recalled
from lowcode.kernel.reasons import told as told

MOVED: Text = {"en": "the date has moved", "zh-CN": "日期已变动"}
NO_LONGER: Text = {"en": "the condition no longer holds", "zh-CN": "条件已不再满足"}
NOT_OF_STEP: Text = {"en": "the condition of the step does not hold", "zh-CN": "该步骤的条件不满足"}
ON_ITS_WAY: Text = {"en": "it is on its way for this record already", "zh-CN": "该记录已在执行中"}
EXIT: Text = {"en": "the exit condition holds: {condition}", "zh-CN": "已满足退出条件：{condition}"}
OFTEN: Text = {
    "en": "fired {fired} times within {within}, and may {most}",
    "zh-CN": "{within} 内已执行 {fired} 次，最多 {most} 次",
}
NO_DATE: Text = {"en": "the date it waited for is blank", "zh-CN": "等待的日期为空"}
STOPPED_BY: Text = {"en": "stopped by {rule}", "zh-CN": "由规则 {rule} 终止"}
ANOTHER_RULE: Text = {"en": "the rule is no longer what it was", "zh-CN": "规则已被修改"}
BY_A_PERSON: Text = {"en": "ended by a person", "zh-CN": "人工终止"}
IN_TURN: Text = {"en": "in turn", "zh-CN": "轮流"}
LEAST_LOAD: Text = {"en": "least load", "zh-CN": "工作量最少"}
BY_WEIGHT: Text = {"en": "by weight", "zh-CN": "按权重"}
HAD_BEFORE: Text = {"en": "had it before", "zh-CN": "此前由其负责"}
BY_TABLE: Text = {"en": "table {table}, row {rows}", "zh-CN": "决策表 {table} 第 {rows} 行"}
NOBODY_ELSE: Text = {"en": "nobody else is there", "zh-CN": "没有其他可分配的人"}
NOBODY: Text = {"en": "nobody is there", "zh-CN": "没有可分配的人"}
NOT_ACTIVE: Text = {"en": "no longer active", "zh-CN": "已停用"}
EXCLUDED: Text = {"en": "excluded", "zh-CN": "已排除"}
AWAY: Text = {"en": "away", "zh-CN": "不在岗"}
LACKS_SKILL: Text = {"en": "lacks the skill", "zh-CN": "技能不符"}
FULL: Text = {"en": "has {count} already", "zh-CN": "已有 {count} 条"}
HAD_ENOUGH: Text = {
    "en": "{address} had {most} messages in the span",
    "zh-CN": "{address} 在期限内已收到 {most} 条消息",
}
IN_A_CIRCLE: Text = {"en": "{chain}", "zh-CN": "事件相互触发次数过多：{chain}"}
PERSON_LEFT: Text = {
    "en": "acts as whoever set it off, and they are no longer active",
    "zh-CN": "以触发人的身份执行，而触发人已停用",
}
NO_RECORD: Text = {"en": "no such record", "zh-CN": "没有这条记录"}
