"""What a story expects: each expectation asks as the person it names, and yields what is not so."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import Actor
from lowcode.testing import definition as d
from lowcode.testing.actions import perform
from lowcode.testing.matching import Difference, differences, matches
from lowcode.testing.saved import Record
from lowcode.testing.world import World


def expect(world: World, step: d.ExpectStep) -> Iterator[Difference]:
    """Every way in which the world differs from an expectation."""
    actor = world.actor(step.actor)
    match step.expect:
        case d.RecordExpectation():
            yield from _record(world, actor, step.expect)
        case d.Records():
            yield from _records(world, actor, step.expect.records)
        case d.Tasks():
            yield from _tasks(world, step.expect.tasks)
        case d.Notifications():
            yield from _notifications(world, step.expect.notifications)
        case d.Report():
            yield from _report(world, actor, step.expect.report)
        case d.Printed():
            yield from _printed(world, actor, step.expect.printed)
        case d.Flow():
            yield from _flow(world, actor, step.expect.flow)
        case d.AnswerExpectation():
            answer = world.saved.value(step.expect.answer)
            for path, wanted in step.expect.values.items():
                found = world.saved.value(f"{step.expect.answer}.{path}") if path else answer
                yield from differences(world.saved.values(wanted), found, f"/values/{path}")


def expect_refused(world: World, step: d.RefusedStep) -> Iterator[Difference]:
    """A step that must be refused: that it is, and that a problem has the code, place and words expected."""
    wanted = step.expect_refused
    try:
        perform(world, wanted.step)
    except Rejected as refused:
        for problem in refused.problems:
            said = [problem.words(language) for language in world.host.app.definition.languages]
            if (
                wanted.code in (None, problem.code)
                and wanted.field in (None, problem.pointer, problem.pointer.removeprefix("/"))
                and (wanted.message is None or any(wanted.message in words for words in said))
            ):
                return
        expected = {key: each for key, each in wanted.model_dump(include={"code", "field", "message"}).items() if each}
        yield Difference("", expected, [f"{each.code} {each.pointer}: {each.words()}" for each in refused.problems])
    else:
        yield Difference("", "a refusal", "it was allowed")


def contains(world: World, wanted: Mapping[str, Any], answer: Any) -> Iterator[Difference]:
    """Something an answer must hold: itself, or one of its items."""
    items = answer.get("items", answer) if isinstance(answer, Mapping) else answer
    options = [*items, answer] if isinstance(items, Sequence) else [answer]
    expected = world.saved.values(wanted)
    if not any(matches(expected, each) for each in options):
        yield Difference("/contains", expected, answer)


def _record(world: World, actor: Actor, wanted: d.RecordExpectation) -> Iterator[Difference]:
    record = world.saved.record(wanted.record)
    try:
        whole = world.host.ask(actor, "records.get", type=record.form, id=record.id)
    except NotFound:
        if not wanted.gone:
            yield Difference("/record", "a record", None)
        return
    if wanted.gone:
        yield Difference("/record", None, "a record")
    for name in wanted.absent:
        if name in whole:
            yield Difference(f"/absent/{name}", "not shown", whole[name])
    paths = tuple(path for path in wanted.values if path not in whole)
    if paths:
        whole |= world.host.ask(actor, "records.get", type=record.form, id=record.id, fields=paths)
    yield from _values(world, record.form, wanted.values, whole)


def _values(world: World, form: str, wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[Difference]:
    for path, value in wanted.items():
        yield from differences(
            world.values(form, {path: value})[path], _local(world, actual.get(path)), f"/values/{path}"
        )


def _local(world: World, value: Any) -> Any:
    """Instants in the app's zone, where authors write them."""
    return value.astimezone(world.host.app.zone) if hasattr(value, "astimezone") else value


def _records(world: World, actor: Actor, wanted: d.RecordsExpectation) -> Iterator[Difference]:
    fields = tuple(path for path in wanted.values)
    page = world.host.ask(
        actor, "records.list", type=wanted.form, where=world.saved.expression(wanted.where),
        sort=tuple(wanted.sort), fields=fields, count=True, limit=200,
    )  # fmt: skip
    items, count = page["items"], page["count"]["value"]
    if wanted.count is not None and count != wanted.count:
        yield Difference("/count", wanted.count, count)
    if not items and (wanted.values or wanted.kept):
        yield Difference("", "a record", None)
    if not items:
        return
    yield from _values(world, wanted.form, wanted.values, items[0])
    world.saved.keep(wanted.kept, Record(wanted.form, items[0]["id"]))


def _tasks(world: World, wanted: d.TasksExpectation) -> Iterator[Difference]:
    def read(actor: Actor) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = world.host.ask(actor, "flows.list_tasks", state=wanted.state, limit=200)["items"]
        return _at_record(world, found, wanted.record)

    yield from _in_any_language(world, wanted.of, wanted.count, wanted.contains, read)


def _notifications(world: World, wanted: d.NotificationsExpectation) -> Iterator[Difference]:
    def read(actor: Actor) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = world.host.ask(actor, "notifications.list", limit=200)["items"]
        return _at_record(world, found, wanted.record)

    yield from _in_any_language(world, wanted.of, wanted.count, wanted.contains, read)


def _at_record(world: World, items: list[dict[str, Any]], reference: str | None) -> list[dict[str, Any]]:
    if reference is None:
        return items
    record = world.saved.record(reference)
    kept = [each for each in items if each.get("record")]
    return [each for each in kept if (each["record"]["form"], each["record"]["id"]) == (record.form, record.id)]


def _in_any_language(world: World, login: str, count: int | None, wanted: Any, read: Any) -> Iterator[Difference]:
    """A list a person reads, in whichever language of the app holds what is expected."""
    lists = [read(actor) for actor in world.languages(world.actor(login))]
    if count is not None and len(lists[0]) != count:
        yield Difference("/count", count, len(lists[0]))
    expected = world.saved.values(wanted)
    if wanted is not None and not any(matches(expected, each, part=True) for items in lists for each in items):
        shown = [
            {key: each.get(key) for key in ("title", "subject", "text", *expected) if key in each} for each in lists[0]
        ]
        yield Difference("/contains", expected, shown)


def _report(world: World, actor: Actor, wanted: d.ReportExpectation) -> Iterator[Difference]:
    filters = world.saved.values(wanted.filters)
    result = world.host.ask(actor, "reports.run", report=wanted.name, filters=filters)
    names = [column["name"] for column in result["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in result["rows"]]
    if wanted.count is not None and len(rows) != wanted.count:
        yield Difference("/count", wanted.count, len(rows))
    for each in wanted.contains if isinstance(wanted.contains, list) else [wanted.contains]:
        expected = world.saved.values(each)
        if not any(matches(expected, row) for row in rows):
            yield Difference("/contains", expected, rows)
    if wanted.drill is None:
        return
    drill = world.host.ask(
        actor, "reports.run", report=wanted.name, filters=filters, drill=world.saved.values(wanted.drill)
    )
    page = world.host.ask(actor, "records.list", type=drill["form"], where=drill["where"], fields=("id",), limit=200)
    found = {each["id"] for each in page["items"]}
    expected_ids = {world.saved.record(each).id for each in wanted.records}
    if not expected_ids <= found:
        yield Difference("/records", sorted(expected_ids), sorted(found))


def _printed(world: World, actor: Actor, wanted: d.PrintedExpectation) -> Iterator[Difference]:
    record = world.saved.record(wanted.record)
    made = world.host.ask(
        actor,
        "printing.render",
        template=wanted.template,
        id=record.id,
        format="html",
        language=wanted.language,
        keep=False,
    )
    words = _words(made["content"])
    for each in wanted.contains:
        if " ".join(each.split()) not in words:
            yield Difference("/contains", each, words)
    for each in wanted.lacks:
        if " ".join(each.split()) in words:
            yield Difference("/lacks", {"not": each}, words)


def _words(content: bytes | str) -> str:
    """The words of a page, without its marks."""
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    body = re.sub(r"(?s)<(style|script|head)\b.*?</\1>", " ", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def _flow(world: World, actor: Actor, wanted: d.FlowExpectation) -> Iterator[Difference]:
    record = world.saved.record(wanted.record)
    found = world.host.ask(actor, "flows.history", form=record.form, id=record.id)["items"]
    running = [each for each in found if wanted.flow in (None, each["flow"]["name"])]
    if not running:
        yield Difference("/flow", wanted.flow or "a flow", None)
        return
    if wanted.state is not None and running[0]["state"] != wanted.state:
        yield Difference("/state", wanted.state, running[0]["state"])
    if wanted.at is not None:
        active = sorted({each["node"] for each in running[0]["steps"] if each["state"] == "active"})
        if sorted(wanted.at) != active:
            yield Difference("/at", sorted(wanted.at), active)
