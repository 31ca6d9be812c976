"""The facts a paper is made from, as the person printing may see them: rows filtered, hidden fields blank, and the
pictures of reports drawn with what this person may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Rejected, localized
from lowcode.kernel.records.fields.link_any import named, parts
from lowcode.kernel.records.references import in_text, references
from lowcode.kernel.records.visible import visible_facts, without_what_is_kept
from lowcode.kernel.storage import files
from lowcode.printing.blocks.image import format_of
from lowcode.printing.blocks.values import Facts, Wanted
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.photos import photos
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run import facts_of
from lowcode.printing.run.snapshot import Snapshot

MOST_BYTES = 40 * 2**20
"""What the files behind one paper may have together."""
POINTS_PER_MM = 96 / 25.4
"""Pictures are drawn as for a screen, so that words in them have the size they have there."""


def read_facts(context: Context, plan: TemplatePlan, record_id: int, language: str, copy: int = 1) -> Snapshot:
    """What a paper says of one record. Raises NotFound where the person may not read the record."""
    record = visible_facts(context, plan.form, record_id, [plan.needs])
    departments = _departments(context, record, language)
    return Snapshot(
        record, context.moment(), language, context.actor.name, copy, departments=departments,
        links=_links(context, plan, record, language),
    )  # fmt: skip


def _links(context: Context, plan: TemplatePlan, record: Mapping[str, Any], language: str) -> dict[str, str]:
    """What the records are called that are named together with their form, as this person's lists show them."""
    rows = ((row, path) for way, path in plan.links for row in (record.get(way) or () if way else (record,)))
    values = sorted({value for row, path in rows if isinstance(value := row.get(path), str)})
    by_form: dict[str, set[int]] = {}
    for form, identity in map(parts, values):
        by_form.setdefault(form, set()).add(identity)
    return {
        named(form, identity): in_text(shown, language)
        for form, ids in by_form.items()
        for identity, shown in references(context, form, sorted(ids), language).items()
    }


def _departments(context: Context, record: Mapping[str, Any], language: str) -> dict[str, str]:
    """What departments are called whose keys stand in the record or its rows, where that is not the key."""
    host: Any = context.host
    known = {each.name: localized(each.title, language) for each in host.directory(context.unit).departments.values()}
    return {name: known[name] for name in sorted(_texts(record)) if known.get(name) not in (None, "", name)}


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)


def read_snapshot(context: Context, plan: TemplatePlan, record_id: int, language: str, copy: int = 1) -> Snapshot:
    """Everything a paper of one record depends on besides its template. Raises NotFound where the person may not read
    the record."""
    snapshot = read_facts(context, plan, record_id, language, copy)
    if plan.photos:
        snapshot = replace(snapshot, pictures=photos(context, plan, snapshot.record))
    if not plan.pictures and plan.attachments is None:
        return snapshot
    facts = facts_of(plan, snapshot, {})
    snapshot = replace(snapshot, files=tuple(_files(context, plan, facts)))
    drawn = {each.key: _picture(context, each, facts) for each in plan.pictures}
    reports = {key: svg for key, svg in drawn.items() if svg is not None}
    return replace(snapshot, pictures={**snapshot.pictures, **reports})


def _picture(context: Context, wanted: Wanted, facts: Facts) -> str | None:
    """A report under the filters of the record; None where a filter is blank, which would mean everything, and for
    whoever may not see the report."""
    with without_what_is_kept(context):
        filters = {name: value.of(facts) for name, value in wanted.filters.items()}
    if any(value in (None, "") for value in filters.values()):
        return None
    size: dict[str, Any] = {"width": _points(wanted.width, 120), "height": _points(wanted.height, 80)}
    try:
        made = context.ask(
            "reports.picture", report=wanted.report, filters=filters, locale=facts.locale.tag, format="svg", **size
        )
    except Forbidden:
        return None
    return str(made["content"].decode())


def _files(context: Context, plan: TemplatePlan, facts: Facts) -> Iterator[dict[str, Any]]:
    """The files behind the paper. Raises Rejected where together they are too large."""
    wanted = plan.attachments
    if wanted is None or (wanted.when is not None and not wanted.when.holds(facts)):
        return
    host: Any = context.host
    size = 0
    for value in wanted.fields:
        for held in value.of(facts) or ():
            row = files.find(context, held["id"] if isinstance(held, dict) else held)
            size += row["size"]
            if size > MOST_BYTES:
                raise Rejected(problem("attachments-large", limit=MOST_BYTES // 2**20))
            content = host.files.get(row["digest"])
            form = "pdf" if content.startswith(b"%PDF-") else format_of(content)
            yield {"name": row["name"], "digest": row["digest"], "format": None if form == "svg" else form}


def _points(length: float, least: int) -> int:
    return min(max(round(length * POINTS_PER_MM), least), 2400)
