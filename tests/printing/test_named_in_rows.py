"""Papers whose rows name several: the people of each task of a project, joined in a cell or as a table in its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from lowcode import Host
from lowcode.kernel.diagnostics import DefinitionError
from lowcode.kernel.identity import Actor

LEAD = Actor(1, "leo", "Leo", frozenset({"lead"}), locale="en")
GUEST = Actor(2, "guest", "Guest", frozenset({"guest"}), locale="en")
ALL = {"role": "lead", "can": ["create", "read", "edit", "delete", "print"]}
WHO = {"value": 'TEXTJOIN(", ", people.name)'}
PAPER: dict[str, Any] = {"name": "report", "form": "project", "outputs": ["html"], "body": [
    {"type": "table", "rows": "tasks", "columns": [{"value": "title"}, WHO, {"value": "COUNT(people)"}]},
    {"type": "each", "rows": "tasks", "body": [{"type": "table", "rows": "people", "columns": [{"value": "name"}]}]}
]}  # fmt: skip
DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "works", "languages": ["en"], "roles": [{"name": "lead"}, {"name": "guest"}]},
    "forms/engineer.json": {"name": "engineer", "label": "name", "fields": [
        {"name": "name", "type": "text"}, {"name": "secret", "type": "boolean", "default": False}],
        "permissions": [ALL, {"role": "guest", "can": ["read"], "where": "not secret"}]},
    "forms/task.json": {"name": "task", "label": "title", "fields": [
        {"name": "title", "type": "text"}, {"name": "project", "type": "link", "to": "project"},
        {"name": "people", "type": "links", "to": "engineer"}],
        "permissions": [ALL, {"role": "guest", "can": ["read"]}]},
    "forms/project.json": {"name": "project", "label": "name", "fields": [
        {"name": "name", "type": "text"}, {"name": "phases", "type": "lines", "fields": [
            {"name": "people", "type": "links", "to": "engineer"}]}],
        "relations": [{"name": "tasks", "form": "task", "by": "project"}],
        "permissions": [ALL, {"role": "guest", "can": ["read", "print"]}]},
    "printing/report.json": PAPER,
}  # fmt: skip


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    """A project with two tasks; an engineer works on both, another is kept from guests, one is gone."""
    with Host(DOCUMENTS, database_url) as opened:
        opened.publish()
        for name, secret in (("Emma", False), ("Eric", True), ("Gone", False)):
            opened.ask(LEAD, "records.create", type="engineer", values={"name": name, "secret": secret})
        opened.ask(LEAD, "records.create", type="project", values={"name": "Bridge"})
        opened.ask(LEAD, "records.create", type="project", values={"name": "Other"})
        for title, project, people in (("Draw", 1, [2, 1, 3]), ("Check", 1, [1]), ("Wait", 1, []), ("Far", 2, [2])):
            values = {"title": title, "project": project, "people": people}
            opened.ask(LEAD, "records.create", type="task", values=values)
        opened.ask(LEAD, "records.delete", type="engineer", id=3)
        yield opened


def cells(host: Host, who: Actor) -> list[list[list[str]]]:
    """What stands in the tables of the paper that have rows, row by row."""
    made = host.ask(who, "printing.render", template="report", id=1, format="html")["content"].decode()
    tables = re.findall(r"<table.*?</table>", made, re.DOTALL)
    rows = [re.findall(r"<tr.*?</tr>", table, re.DOTALL) for table in tables]
    found = [[re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in table] for table in rows]
    return [[[re.sub("<[^>]+>", "", cell) for cell in row] for row in table if row] for table in found if any(table)]


@pytest.mark.requirement("X17")
def test_what_a_row_names_is_printed_in_it(host: Host) -> None:
    """In the order it was named, in every row that names it; who was deleted and whom the reader may not see is left
    out, as on the page."""
    tasks = [["Draw", "Eric, Emma", "2"], ["Check", "Emma", "1"], ["Wait", "", "0"]]
    assert cells(host, LEAD) == [tasks, [["Eric"], ["Emma"]], [["Emma"]]]
    kept = [["Draw", "Emma", "1"], ["Check", "Emma", "1"], ["Wait", "", "0"]]
    assert cells(host, GUEST) == [kept, [["Emma"]], [["Emma"]]]


def test_what_a_line_names_is_refused_at_its_place(host: Host) -> None:
    """A line keeps such a list in itself, and what it names is not read for a paper."""
    paper = {**PAPER, "body": [{"type": "table", "rows": "phases", "columns": [WHO]}]}
    with pytest.raises(DefinitionError) as refused:
        _ = Host({**DOCUMENTS, "printing/report.json": paper}, "sqlite://").app
    told = [(each.code, each.place.pointer) for each in refused.value.report]
    assert told == [("printing.rows-in-rows", "/body/0/columns/0/value")]
