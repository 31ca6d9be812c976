"""What the flow engine answers: tasks and instances as `docs/protocol.md` describes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from lowcode.flows.naming import by_kind, titles
from lowcode.flows.operations import deeds, reasons, standing, store
from lowcode.flows.operations.beside import read_alike
from lowcode.flows.operations.possible import of_instance, of_seat
from lowcode.kernel.answers import ITEMS, PERHAPS, has
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import org

Row = Mapping[str, Any]
Instance = Annotated[
    dict[str, Any],
    has(
        id=int, flow=dict, subject=str, record=dict, state=str, outcome=str | None, starter=PERHAPS, started_at=str,
        ended_at=str | None, steps=ITEMS, actions=ITEMS,
    ),
]  # fmt: skip
"""An instance with every step that was walked."""
Task = Annotated[
    dict[str, Any],
    has(
        id=int, kind=str, title=str, subject=str, flow=dict, record=dict, person=PERHAPS, created_at=str,
        due_at=str | None, state=str, decision=str | None, decisions=list, mine=bool,
    ),
]  # fmt: skip
"""A task, as lists show it."""


class Names:
    """What people and records are called, asked for all at once."""

    def __init__(self, context: Context, rows: Iterable[Row]) -> None:
        self.locale = context.actor.locale
        self._context, self._app = context, context.app
        directory = org.directory(context)
        self._people, self._departments = directory.users, directory.departments
        self._labels: dict[tuple[str, int], str] = {}
        wanted: dict[str, set[int]] = {}
        for row in rows:
            wanted.setdefault(row["record_type"], set()).add(row["record_id"])
        for record_type, ids in wanted.items():
            if record_type in context.app.scope.records:
                labels = context.as_app().ask("records.label", type=record_type, ids=tuple(sorted(ids)))
                self._labels.update({(record_type, each): label for each, label in labels.items()})

    def person(self, user_id: int | None) -> dict[str, Any] | None:
        """A person as `{"id", "label"}`."""
        if user_id is None:
            return None
        return {"id": user_id, "label": self.called(user_id)}

    def called(self, user_id: int) -> str:
        """What a person is called."""
        user = self._people.get(user_id)
        return user.name if user else str(user_id)

    def record(self, row: Row) -> dict[str, Any]:
        """The record of a row."""
        key = (row["record_type"], row["record_id"])
        return {"form": key[0], "id": key[1], "label": self._labels.get(key, str(key[1]))}

    def titles(self, form: str) -> dict[str, dict[str, Any]]:
        """What roles and the fields of a form are called, by `role` and `field`, and fields and departments by what is
        said of either."""
        record_type = self._app.scope.records.get(form)
        found = record_type.fields.values() if record_type is not None else ()
        fields = {each.name: getattr(each, "title", None) for each in found}
        departments = self._departments.values()
        quoted = {f'"{name.replace(chr(34), chr(34) * 2)}"': each.title for each in departments for name in each.called}
        named = {**fields, **quoted}
        return {
            "role": {each.name: each.title for each in self._app.definition.roles},
            "field": fields,
            **dict.fromkeys(("manager_of", "managers_of", "department_head", "members_of"), named),
        }

    def titled(self, form: str) -> reasons.Titled:
        """How forms and fields are called, from a record of a form."""
        return partial(self._titled, form)

    def _titled(self, own: str, form: str | None, field: str) -> Any:
        record_type = self._app.scope.records.get(form or own)
        found = record_type if not field or record_type is None else record_type.fields.get(field)
        return getattr(found, "title", None) or field or form or own

    def spoken(self, form: str) -> reasons.Spoken:
        """How expressions over the records of a form are said."""
        return partial(reasons.spoken, self._context, form)

    def words(self, text: Any) -> str:
        """A text in the language of the person."""
        return localized(text, self.locale)


def tasks(context: Context, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Tasks, as lists show them."""
    names = Names(context, rows)
    return [_task(context, row, names) for row in rows]


def _task(context: Context, row: Row, names: Names) -> dict[str, Any]:
    return {
        "id": row["id"],
        "instance": row["instance"],
        "kind": row["kind"],
        "title": names.words(row["title"]),
        "subject": names.words(row["subject"]),
        "flow": {"name": row["flow"], "title": row["flow_title"]},
        "node": row["node"],
        "record": names.record(row),
        "starter": names.person(row["starter"]),
        "person": names.person(row["person"]),
        "behalf": names.person(row["behalf"]),
        "created_at": row["created_at"],
        "due_at": row["due_at"],
        "state": row["state"],
        "decision": row["decision"],
        "opinion": row["opinion"],
        "reason": row["reason"],
        "decided_at": row["decided_at"],
        "opinion_rule": row["opinion_rule"],
        "decisions": decisions(row),
        "required": row["required"] or [],
        "role": row["role"],
        "by": names.person(row["by"]),
        "text": names.words(row["draft"].get("text")) if row["kind"] == "copy" and row["draft"] else None,
        "editable": row["editable"],
        "hidden": row["hidden"],
        "mine": row["person"] == context.actor.id and row["state"] == "open",
    }


def decisions(row: Row) -> list[str]:
    """What may be answered to a task."""
    if row["decisions"] is not None:
        return list(row["decisions"])
    return {"approve": ["approve", "reject"], "copy": []}.get(row["kind"], ["complete"])


def started(context: Context, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Instances a person started, as rows of the task list."""
    names = Names(context, rows)
    titles = _titles(context, rows)
    return [
        {
            "id": row["id"],
            "instance": row["id"],
            "kind": "instance",
            "title": names.words(titles.get(row["digest"], row["flow"])),
            "subject": names.words(row["subject"]),
            "flow": {"name": row["flow"], "title": titles.get(row["digest"], row["flow"])},
            "node": None,
            "record": names.record(row),
            "starter": names.person(row["starter"]),
            "person": names.person(row["starter"]),
            "behalf": None,
            "created_at": row["started_at"],
            "due_at": None,
            "state": "open" if row["running"] is not None else "done",
            "decision": row["outcome"],
            "opinion": None,
            "reason": None,
            "decided_at": row["ended_at"],
            "opinion_rule": "none",
            "decisions": [],
            "required": [],
            "role": None,
            "by": None,
            "text": None,
            "editable": [],
            "hidden": [],
            "mine": False,
        }
        for row in rows
    ]


def _titles(context: Context, rows: Sequence[Row]) -> dict[str, Any]:
    found = {}
    for digest in {row["digest"] for row in rows}:
        version = context.unit.one(store.VERSION, digest=digest)
        if version is not None:
            found[digest] = version["document"].get("title") or version["flow"]
    return found


def instance_state(row: Row) -> str:
    """One word for where an instance stands."""
    if row["running"] is not None:
        return "suspended" if row["suspended_at"] is not None else "failed" if row["stuck"] else "running"
    if row["state"] == "cancelled":
        return row["outcome"] if row["outcome"] in ("withdrawn", "voided") else "cancelled"
    return row["outcome"] if row["outcome"] in ("approved", "rejected") else "ended"


def instances(context: Context, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Instances with every step that was walked, the people, what they said and why they were asked."""
    names = Names(context, rows)
    found = []
    for row in rows:
        version = context.unit.one(store.VERSION, digest=row["digest"])
        document = version["document"] if version is not None else {}
        given, lines = walked(context, row)
        found.append(
            {
                "id": row["id"],
                "flow": {"name": row["flow"], "title": document.get("title") or row["flow"]},
                "subject": names.words(row["subject"]),
                "record": names.record(row),
                "state": instance_state(row),
                "outcome": row["outcome"],
                "starter": names.person(row["starter"]),
                "started_at": row["started_at"],
                "ended_at": row["ended_at"],
                "digest": row["digest"],
                "suspended": _suspended(row, lines, names),
                "steps": standing.with_standing(
                    context, row, _helped(context, row, steps_of(document, given, lines, names), given), lines
                ),
                "deeds": [
                    {**each, "by": names.person(each["by"])}
                    for each in deeds.of_instance(document, lines, names.called, names.spoken(document.get("form", "")))
                ],
                "copies": [_copy(each, names) for each in given if each["kind"] == "copy"],
                "incidents": incidents_of(stuck_at(context, row), names),
                "actions": of_instance(context, row),
            }
        )
    return found


def _suspended(row: Row, lines: Iterable[Row], names: Names) -> dict[str, Any] | None:
    """Since when an instance stands still, by whom and why; None while it goes on."""
    if row["suspended_at"] is None or row["running"] is None:
        return None
    line = next((each for each in reversed(list(lines)) if each["event"] == "suspended"), None)
    by, opinion = (line["actor"], line["body"].get("opinion")) if line is not None else (None, None)
    return {"at": row["suspended_at"], "by": names.person(by), "opinion": opinion}


def with_suspended(context: Context, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks and instances of a list, each with whether its flow stands still."""
    ids = [each["instance"] for each in items]
    still = {row["id"] for row in context.unit.fetch(store.SUSPENDED_AMONG, ids=ids)} if ids else set()
    return [{**each, "suspended": each["instance"] in still} for each in items]


def _helped(context: Context, row: Row, steps: list[dict[str, Any]], given: Sequence[Row]) -> list[dict[str, Any]]:
    """The steps, with what may be done with those who are asked: by an administrator, and by who asked for them."""
    pending = {each["id"]: each for each in given if each["state"] in ("open", "waiting") and each["kind"] != "copy"}
    if row["running"] is None or row["suspended_at"] is not None:
        return steps
    mine = {each["token"]: each["id"] for each in pending.values() if each["person"] == context.actor.id}
    for person in (person for step in steps for person in step["people"] if person["task"] in pending):
        task = pending[person["task"]]
        if context.actor.is_administrator:
            person["actions"] = of_seat(task["id"], task["person"])
        elif task["by"] == context.actor.id and task["token"] in mine:
            person["actions"] = of_seat(mine[task["token"]], task["person"])[1:]
    return steps


def _copy(task: Row, names: Names) -> dict[str, Any]:
    """Who was given the record to read (抄送), by whom, and whether they have (已阅)."""
    person, by = names.person(task["person"]), names.person(task["by"])
    return {"person": person, "by": by, "at": task["created_at"], "read_at": task["decided_at"]}


def stuck_at(context: Context, row: Row) -> list[dict[str, Any]]:
    """The open incidents of an instance."""
    return context.unit.fetch(store.INCIDENTS, instance_id=row["id"]) if row["stuck"] else []


def incidents_of(found: Iterable[Row], names: Names) -> list[dict[str, Any]]:
    """Incidents, with their words."""
    return [
        {
            "token": each["token"],
            "node": each["node"],
            "at": each["at"],
            "code": each["code"],
            "problems": [{**p, "message": names.words(p["message"])} for p in each["problems"]],
        }
        for each in found
    ]


RETURNED = {"return": "returned", "jump": "skipped"}
SHOWN = {"asked": "active", "waits": "active", "passed": "done", "stuck": "failed", "arrived": "active"}
VERDICTS = {"approved": "approved", "rejected": "rejected"}


def walked(context: Context, row: Row) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is remembered of the way of an instance: its tasks and its history."""
    tasks_of = context.unit.fetch(store.TASKS_OF_INSTANCE, instance_id=row["id"])
    return tasks_of, read_alike(row, context.unit.fetch(store.HISTORY, instance_id=row["id"]))


def steps_of(document: Row, given: Iterable[Row], history: Iterable[Row], names: Names) -> list[dict[str, Any]]:
    """The steps in the order walked, from the tasks and the history. `ends_part`: an end without a title of its own
    after which the flow went on, for it was that of a branch or a scope: there is nothing to say of it."""
    nodes = {node["id"]: node for node in document.get("nodes", ())}
    called = titles(nodes.values())
    kinds, said = names.titles(document.get("form", "")), names.spoken(document.get("form", ""))
    people: dict[int, list[Row]] = {}
    for task in given:
        if task["kind"] == "copy":
            continue
        people.setdefault(task["token"], []).append(task)
    steps: list[dict[str, Any]] = []
    by_token: dict[int, dict[str, Any]] = {}
    last: dict[str, Any] = {}
    for line in history:
        event, token = line["event"], line["token"]
        if event == "ended":
            last["ends_part"] = False
        if event == "dropped" and token in by_token:
            by_token[token]["state"] = "skipped"
        if event == "advised" and token in by_token:
            by_token[token]["advice"] = _advice(line, names)
        node = nodes.get(line["node"], {})
        if event not in SHOWN or (node.get("type") == "start" and node.get("in")):  # where a scope begins says nothing
            continue
        step = by_token.get(token)
        if step is None or step["node"] != line["node"]:
            title = called.get(line["node"], line["node"])
            asked = people.get(token, ())
            step = _step(node, title, line, asked, names, lambda n, e: reasons.of_person(n, e, kinds, said))
            by_token[token] = step
            steps.append(step)
        state = SHOWN[event]
        if event == "passed":
            voted = step["kind"] == "approve"
            exit = line["body"].get("exit")
            state = RETURNED.get(exit) or (VERDICTS.get(exit, "done") if voted else "done")
            step["ended_at"] = line["at"]
            step["exit"] = line["body"].get("exit")
            step["ends_part"] = step["kind"] == "end" and step["title"] == by_kind("end", step["outcome"])
            last = step
        step["state"] = state
        if line["body"].get("trace"):
            step["why"] = line["body"]["trace"]
            step["reasons"] = reasons.of_step(step["why"], names.called, said, names.titled(document.get("form", "")))
        if line["body"].get("problems"):
            step["problems"] = [names.words(p["message"]) for p in line["body"]["problems"]]
    return steps


def _advice(line: Row, names: Names) -> dict[str, Any]:
    body = line["body"]
    said = {name: body[name] for name in ("reviewer", "state", "decision", "confidence", "decided", "held")}
    return {**said, "title": names.words(body["title"]), "reason": names.words(body["reason"]), "at": line["at"]}


def _step(
    node: Row, called: Any, line: Row, asked: Iterable[Row], names: Names, why: Callable[[Row, Any], Any]
) -> dict[str, Any]:
    kind = node.get("type", "")
    return {
        "token": line["token"],
        "node": line["node"],
        "kind": kind,
        "title": called,
        "mode": node.get("mode", {"approve": "all", "task": "any"}[kind]) if kind in ("approve", "task") else None,
        "passes": node.get("passes"),
        "groups": node.get("groups", "together"),
        "outcome": node.get("outcome", "ended") if kind == "end" else None,
        "ends_part": False,
        "state": "active",
        "at": line["at"],
        "ended_at": None,
        "exit": None,
        "why": None,
        "reasons": [],
        "advice": None,
        "people": [
            {
                "person": names.person(each["person"]),
                "behalf": names.person(each["behalf"]),
                "state": each["state"],
                "decision": each["decision"],
                "opinion": each["opinion"],
                "reason": each["reason"],
                "at": each["decided_at"],
                "due_at": each["due_at"],
                "role": each["role"],
                "by": names.person(each["by"]),
                "files": each["files"] or [],
                "signed": each["signature"] is not None,
                "task": each["id"],
                "seat": each["seat"],
                "why": None if each["role"] or each["by"] else why(node, each["entry"]),
            }
            for each in asked
        ],
    }
