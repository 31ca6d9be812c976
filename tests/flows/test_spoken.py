"""What a branch, a wait and a list of people say of themselves, in the words of the form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.app import QUOTE, Office, document

TITLES = {
    "total": {"en": "Amount", "zh-CN": "金额"},
    "note": {"en": "Note", "zh-CN": "备注"},
    "stage": {"en": "Stage", "zh-CN": "阶段"},
}
DRAFT = {"name": "draft", "title": {"en": "Draft", "zh-CN": "草稿"}}
FIELDS: Any = QUOTE["fields"]
FORM: dict[str, Any] = {
    **QUOTE,
    "fields": [
        {
            **each,
            **({"title": TITLES[each["name"]]} if each["name"] in TITLES else {}),
            **({"states": [DRAFT, *each["states"][1:]]} if each["type"] == "state" else {}),
        }
        for each in FIELDS
    ],
}
LARGE, TRADE = 'total > 1000 and stage = "draft"', 'owner.manager.name = "Nobody" or starter = owner.manager'
NODES = [
    {"id": "start", "type": "start", "to": "large"},
    {"id": "large", "type": "branch", "branches": [{"when": TRADE, "to": "end"}, {"when": LARGE, "to": "ask"}],
     "otherwise": "end"},
    {"id": "ask", "type": "approve", "approvers": [{"expression": "IF(total > 5, owner.manager, owner)"}],
     "approved": "wait", "rejected": "end"},
    {"id": "wait", "type": "wait", "events": [{"when": "note is not blank", "to": "again"}]},
    {"id": "again", "type": "wait", "events": [{"when": "note is not blank", "to": "end"}]},
    {"id": "end", "type": "end"},
]  # fmt: skip


@pytest.mark.requirement("W31", "W32")
def test_reasons_are_said_in_the_words_of_the_form() -> None:
    """Before, while and after it goes on: conditions, who was found by one, what is waited for, and what came true."""
    flow = document("spoken", nodes=NODES, start={"on": "manual"}, withdraw={})
    office = Office(flow, more={"forms/quote.json": FORM})
    quote = office.quote(1500)
    branch = [
        {"en": 'This does not hold: Owner › Superior › Name is "Nobody" or the starter is Owner › Superior.',
         "zh-CN": "“负责人的上级的姓名 等于 ‘Nobody’ 或 发起人 等于 负责人的上级”不成立。"},
        {"en": "This holds: Amount is more than 1,000 and Stage is Draft.",
         "zh-CN": "“金额 大于 1,000 且 阶段 等于 草稿”成立。"},
    ]  # fmt: skip
    seen = office.ask("li", "flows.simulate", flow="spoken", id=quote)["steps"]
    instance = office.ask("li", "flows.start", flow="spoken", id=quote)["id"]
    assert [branch] * 2 == [steps[1]["reasons"] for steps in (seen, office.history(quote)[0]["steps"])]
    office.decide("head")
    steps = office.history(quote)[0]["steps"]
    assert steps[2]["people"][0]["why"]["zh-CN"] == "按“IF(金额 大于 5, 负责人的上级, 负责人)”确定"
    assert [each["text"]["zh-CN"] for each in steps[3]["awaits"]] == ["“备注 不为空”成立时转到“等待 2”"]
    ahead = office.ask("li", "flows.ahead", instance=instance)["steps"]
    assert [each["text"]["zh-CN"] for each in ahead[0]["awaits"]] == ["“备注 不为空”成立时转到“结束”"]
    office.ask("li", "records.update", type="quote", id=quote, values={"note": "x"})
    office.host.settle()
    found = office.history(quote)[0]
    assert [each["text"]["zh-CN"] for each in found["deeds"]] == ["条件成立：备注 不为空"]
    again = next(each for each in found["steps"] if each["node"] == "again")
    assert [each["zh-CN"] for each in again["reasons"]] == ["“备注 不为空”成立。"]
    office.host.close()
