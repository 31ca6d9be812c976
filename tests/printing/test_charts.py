"""Charts in papers: a report under filters of the record, as the person printing may see it."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from lowcode import Host
from lowcode.kernel.diagnostics import DefinitionError
from lowcode.kernel.identity import Actor

CHIEF = Actor(1, "chief", "Chief", frozenset({"chief"}), locale="en")
CLERK = Actor(2, "clerk", "Clerk", frozenset({"clerk"}), locale="en")
ALL = {"can": ["create", "read", "edit"]}
CHART: dict[str, Any] = {"type": "chart", "report": "monthly", "filters": {"account": "id"}, "caption": "By month"}
DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "small", "languages": ["en", "zh-CN"], "zone": "Asia/Shanghai",
                 "roles": [{"name": "chief"}, {"name": "clerk"}]},
    "forms/account.json": {"name": "account", "label": "name", "fields": [
        {"name": "name", "type": "text"}, {"name": "group", "type": "link", "to": "account"}],
        "permissions": [{"role": "chief", **ALL}, {"role": "clerk", **ALL}]},
    "forms/payment.json": {"name": "payment", "fields": [
        {"name": "account", "type": "link", "to": "account"}, {"name": "on", "type": "date"},
        {"name": "amount", "type": "integer"}],
        "permissions": [{"role": "chief", **ALL}, {"role": "clerk", **ALL, "where": "amount < 1000"}]},
    "reports/monthly.json": {
        "name": "monthly", "type": "report", "form": "payment", "filters": {"account": "account"},
        "dimensions": [{"name": "month", "expression": "on", "grain": "month"}],
        "measures": [{"name": "amount", "title": "Amount", "expression": "SUM(amount)"}]},
    "reports/secret.json": {
        "name": "secret", "type": "report", "form": "payment", "filters": {"account": "account"}, "roles": ["chief"],
        "dimensions": [{"name": "month", "expression": "on", "grain": "month"}],
        "measures": [{"name": "amount", "title": "Hidden", "expression": "SUM(amount)"}]},
    "printing/statement.json": {
        "name": "statement", "form": "account", "outputs": ["html", "pdf", "docx", "xlsx"],
        "body": [{"type": "text", "text": "{{ name }}"}, CHART, {"type": "chart", "report": "secret",
                 "filters": {"account": "id"}}, {"type": "chart", "report": "monthly",
                 "filters": {"account": "group"}}]},
}  # fmt: skip


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Two accounts with payments of their own; the second also has a large one that the clerk may not see."""
    with Host(DOCUMENTS, "sqlite://") as opened:
        opened.publish()
        for name in ("Acme", "Bosch"):
            opened.ask(CHIEF, "records.create", type="account", values={"name": name})
        for account, amount in ((1, 111), (2, 222), (2, 7000)):
            values = {"account": account, "on": date(2026, 3, account), "amount": amount}
            opened.ask(CHIEF, "records.create", type="payment", values=values)
        yield opened


def charts(host: Host, who: Actor, account: int) -> list[set[str]]:
    """The words of each chart of a statement."""
    made = host.ask(who, "printing.render", template="statement", id=account, format="html")["content"].decode()
    drawn = [base64.b64decode(each).decode() for each in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", made)]
    return [set(re.findall(r">([^<>]+)</text>", each)) for each in drawn]


@pytest.mark.requirement("X17")
def test_a_chart_shows_the_record_and_what_its_reader_may_see(host: Host) -> None:
    """The filter is the record; sums are those of the rows the person may read; a report they may not see is left out,
    as is a chart whose filter is blank: it would show everybody's numbers."""
    chief, clerk = charts(host, CHIEF, 2), charts(host, CLERK, 2)
    assert [len(chief), len(clerk)] == [2, 1]
    assert "7,222" in chief[0] and "222" not in chief[0]
    assert "222" in clerk[0] and "7,222" not in clerk[0]
    assert "111" in charts(host, CLERK, 1)[0]


@pytest.mark.requirement("X17")
def test_a_kept_paper_keeps_its_chart(host: Host) -> None:
    """Made again after the numbers changed, it is byte for byte what was given out."""
    made = host.ask(CHIEF, "printing.render", template="statement", id=1)
    host.ask(CHIEF, "records.create", type="payment", values={"account": 1, "on": date(2026, 4, 1), "amount": 5})
    again = host.ask(CHIEF, "printing.again", print=made["print"])
    assert again["same"] and again["content"] == made["content"]
    assert host.ask(CHIEF, "printing.render", template="statement", id=1)["content"] != made["content"]


def test_word_and_excel_hold_the_chart(host: Host) -> None:
    """As a picture, in the formats that take no drawings."""
    for form, folder in (("docx", "word/media/"), ("xlsx", "xl/media/")):
        made = host.ask(CHIEF, "printing.render", template="statement", id=2, format=form)["content"]
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert len([name for name in archive.namelist() if name.startswith(folder)]) == 2


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ({**CHART, "filters": {"acount": "id"}}, "printing.chart-filter"),
        ({**CHART, "report": "montly"}, "names.unknown"),
        ({"type": "each", "rows": "payments", "body": [CHART]}, "printing.chart-in-rows"),
    ],
)
def test_a_wrong_chart_is_found(block: dict[str, Any], code: str) -> None:
    """A filter the report does not have would be ignored when it runs: it is refused before."""
    relations = [{"name": "payments", "form": "payment", "by": "account"}]
    form = {**DOCUMENTS["forms/account.json"], "relations": relations}
    wrong = {**DOCUMENTS["printing/statement.json"], "body": [block]}
    with pytest.raises(DefinitionError) as refused:
        _ = Host({**DOCUMENTS, "forms/account.json": form, "printing/statement.json": wrong}, "sqlite://").app
    assert code in [each.code for each in refused.value.report]
