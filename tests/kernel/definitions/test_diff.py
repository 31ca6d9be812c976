"""What changed is said as people say it, in both languages, and nothing is said when nothing changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.definitions import load
from lowcode.kernel.definitions.diff import diff

App = dict[str, Any]

APP: App = {
    "app.json": {"name": "crm", "title": {"zh-CN": "客户跟进", "en": "Follow-up"}},
    "forms/account.json": {
        "name": "account",
        "title": {"zh-CN": "客户", "en": "Account"},
        "fields": [
            {"name": "company", "type": "text"},
            {"name": "budget", "title": {"zh-CN": "预算", "en": "Budget"}, "type": "money"},
            {"name": "grade", "type": "select", "options": ["A", "B"]},
            {"name": "phone", "type": "phone"},
        ],
        "permissions": [
            {"role": "sales", "can": ["read"]},
            {"role": "sales", "can": ["edit"], "where": "owner = ME()"},
        ],
        "detail": {"timeline": True},
    },
    "flows/approval.json": {
        "name": "approval",
        "title": {"zh-CN": "报价审批", "en": "Quote approval"},
        "nodes": [{"id": "start", "type": "start", "to": "boss"}, {"id": "boss", "type": "approve"}],
    },
    "templates/a.html": "<p>",
}


def _account(app: App) -> dict[str, Any]:
    account: dict[str, Any] = app["forms/account.json"]
    return account


def _field(**values: Any) -> Callable[[App], Any]:
    return lambda app: _account(app)["fields"][1].update(values)


def _move(app: App) -> None:
    _account(app)["fields"].append(_account(app)["fields"].pop(0))


def _rename(app: App) -> None:
    _account(app)["fields"][1].update(name="plan", was="budget")


def _remove(app: App) -> None:
    del _account(app)["fields"][3]


def _add_step(app: App) -> None:
    app["flows/approval.json"]["nodes"].append({"id": "finance", "title": {"zh-CN": "财务", "en": "Finance"}})


def _grades(app: App) -> None:
    _account(app)["fields"][2]["options"] = ["A", "C"]


def _permission(app: App) -> None:
    _account(app)["permissions"][1]["where"] = "owner in TEAM()"


def _rename_form(app: App) -> None:
    app["forms/customer.json"] = {**app.pop("forms/account.json"), "name": "customer", "was": "account"}


def _drop_form(app: App) -> None:
    del app["forms/account.json"]


def _template(app: App) -> None:
    app["templates/a.html"] = "<b>"


def _detail(app: App) -> None:
    _account(app)["detail"]["timeline"] = False


BUDGET = ("表单“客户 (account)”的字段“预算 (budget)”", "field Budget (budget) of form Account (account)")

CASES: list[tuple[Callable[[App], Any], str, str, str]] = [
    (_field(required=True), "changed", f"{BUDGET[0]}现在必填", f"{BUDGET[1]} is now required"),
    (
        _field(required_when='stage = "deal"'),
        "changed",
        f'{BUDGET[0]}在 stage = "deal" 时必填',
        f'{BUDGET[1]} is now required when stage = "deal"',
    ),
    (
        _field(type="integer"),
        "changed",
        f"{BUDGET[0]}：类型由“money”改为“integer”",
        f"{BUDGET[1]}: type changed from 'money' to 'integer'",
    ),
    (
        _field(title={"zh-CN": "预算", "en": "Plan"}),
        "changed",
        f"{BUDGET[0]}：标题 (en)由“Budget”改为“Plan”",
        "field Plan (budget) of form Account (account): title changed from 'Budget' to 'Plan'",
    ),
    (
        _rename,
        "renamed",
        "表单“客户 (account)”的字段“预算 (plan)”由 budget 改名为 plan",
        "field Budget (plan) of form Account (account) renamed from budget to plan",
    ),
    (
        _move,
        "moved",
        "表单“客户 (account)”的字段“company”移到字段“phone”之后",
        "field company of form Account (account) moved after field phone",
    ),
    (_remove, "removed", "表单“客户 (account)”：删除字段“phone”", "form Account (account): field phone removed"),
    (
        _grades,
        "changed",
        "表单“客户 (account)”的字段“grade”：选项新增“C”，去掉“B”",
        "field grade of form Account (account): options: 'C' added, 'B' removed",
    ),
    (
        _permission,
        "changed",
        "表单“客户 (account)”的权限“sales”：筛选条件由“owner = ME()”改为“owner in TEAM()”",
        "permission sales of form Account (account): filter changed from 'owner = ME()' to 'owner in TEAM()'",
    ),
    (
        _detail,
        "changed",
        "表单“客户 (account)”：detail › timeline由true改为false",
        "form Account (account): detail › timeline changed from true to false",
    ),
    (
        _add_step,
        "added",
        "流程“报价审批 (approval)”：新增步骤“财务 (finance)”",
        "flow Quote approval (approval): step Finance (finance) added",
    ),
    (
        _rename_form,
        "renamed",
        "表单“客户 (customer)”由 account 改名为 customer",
        "form Account (customer) renamed from account to customer",
    ),
    (_drop_form, "removed", "删除表单“客户 (account)”", "form Account (account) removed"),
    (_template, "changed", "文件“templates/a.html”内容有变", "file templates/a.html changed"),
]


@pytest.mark.requirement("X23")
@pytest.mark.parametrize(("change", "kind", "chinese", "english"), CASES, ids=[case[3] for case in CASES])
def test_changes_in_words(change: Callable[[App], Any], kind: str, chinese: str, english: str) -> None:
    """One change of a definition is one sentence in each language."""
    app = copy.deepcopy(APP)
    change(app)
    changes = diff(load(APP), load(app))
    assert [(kind, {"zh-CN": chinese, "en": english})] == [(each.kind, each.words) for each in changes]


def test_nothing_changed() -> None:
    """The same app, spelt otherwise, has no differences."""
    assert diff(load(APP), load(copy.deepcopy(APP))) == []


def test_the_place_of_a_change() -> None:
    """A change has the pointer of the newer version, so that an editor can go there."""
    app = copy.deepcopy(APP)
    _field(required=True)(app)
    assert [(each.document, each.pointer, each.before, each.after) for each in diff(load(APP), load(app))] == [
        ("forms/account.json", "/fields/1/required", None, True)
    ]
