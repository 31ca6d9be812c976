"""What is kept of papers: the version of the template with its pictures, the snapshot, who, when, which copy.

A kept paper is made again from what was kept, never from the record or the template as they are now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import NotFound, Rejected, Report
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.making import Made
from lowcode.printing.outputs.fonts import digest_of
from lowcode.printing.plan import PrintingPlan, TemplatePlan
from lowcode.printing.run.snapshot import Snapshot, from_json
from lowcode.printing.tables import batch_file, print_batch, print_copy, template_file, template_version

Compile = Callable[[Any, Mapping[str, bytes], Any, Report], TemplatePlan | None]
"""A template's document, its files and the scope of the app to its plan."""

copies_made = sa.select(sa.func.coalesce(sa.func.max(print_copy.c["copy"]), 0).label("count")).where(
    print_copy.c.template == sa.bindparam("of_template"), print_copy.c.record_id == sa.bindparam("of_record")
)
one_print = sa.select(print_copy).where(print_copy.c.id == sa.bindparam("print_id"))
prints_of = (
    sa.select(*(column for column in print_copy.c if column.name != "snapshot"))
    .where(print_copy.c.record_type == sa.bindparam("of_type"), print_copy.c.record_id == sa.bindparam("of_record"))
    .order_by(print_copy.c.id.desc())
)
prints_with = (
    sa.select(print_copy.c.id).where(print_copy.c.content == sa.bindparam("of_content")).order_by(print_copy.c.id)
)
batch_with = (
    sa.select(print_batch)
    .join(batch_file, batch_file.c.batch == print_batch.c.id)
    .where(batch_file.c.digest == sa.bindparam("of_digest"))
    .order_by(print_batch.c.id)
)
known_version = sa.select(template_version).where(template_version.c.digest == sa.bindparam("of_digest"))
files_of_version = sa.select(template_file).where(template_file.c.digest == sa.bindparam("of_digest"))


def next_copy(context: Context, template: str, record_id: int) -> int:
    """The number of the next paper of a record by a template."""
    row = context.unit.one(copies_made, of_template=template, of_record=record_id)
    return (int(row["count"]) if row is not None else 0) + 1


def keep(context: Context, plan: TemplatePlan, record_id: int, snapshot: Snapshot, made: Made) -> int:
    """Remember a paper, and the template's version when it is new; the number of the print."""
    keep_version(context, plan)
    values = {
        "template": plan.name,
        "digest": plan.digest,
        "record_type": plan.form,
        "record_id": record_id,
        "copy": snapshot.copy,
        "output": made.output.name,
        "language": snapshot.language,
        "file_name": made.name,
        "printed_by": context.actor.id,
        "printed_at": context.now(),
        "snapshot": snapshot.as_json(),
        "content": made.digest,
        "fonts": fonts_of(made),
        "missing": made.missing,
    }
    number = int(context.unit.insert(print_copy, **values) or 0)
    context.tell(
        "printing.printed", record_type=plan.form, record_id=record_id, template=plan.name, copy=snapshot.copy,
        print=number,
    )  # fmt: skip
    return number


def keep_version(context: Context, plan: TemplatePlan) -> None:
    """Remember what a template says now, with the pictures it uses."""
    unit: Any = context.unit
    host: Any = context.host
    if unit.one(known_version, of_digest=plan.digest) is not None:
        return
    unit.insert(
        template_version, digest=plan.digest, name=plan.name, document=plan.document, first_used_at=context.now()
    )
    for path, content in plan.files.items():
        unit.insert(template_file, digest=plan.digest, path=path, content=host.files.put(content))


def fonts_of(made: Made) -> str:
    """The faces a paper was set in, in a fixed order."""
    return " ".join(digest_of(path) for _, path in sorted(made.faces.items()))


def find_print(context: Context, number: int) -> Mapping[str, Any]:
    """A kept print of a record that this person may read. Raises NotFound."""
    row: Mapping[str, Any] | None = context.unit.one(one_print, print_id=number)
    if row is None:
        raise NotFound(problem("no-print"))
    context.ask("records.get", type=row["record_type"], id=row["record_id"], fields=("id",))
    return row


def snapshot_of(row: Mapping[str, Any]) -> Snapshot:
    """What a kept print was made of. Raises Rejected when that was erased with the person it was about."""
    if not row["snapshot"]:
        raise Rejected(problem("forgotten"))
    return from_json(row["snapshot"])


def plan_of_version(context: Context, digest: str, plans: PrintingPlan, compile_: Compile) -> TemplatePlan:
    """The plan of a version that something was printed with, though the template may say something else by now."""
    for known in plans.templates.values():
        if known.digest == digest:
            return known
    host: Any = context.host
    version = context.unit.one(known_version, of_digest=digest)
    if version is None:
        raise NotFound(problem("no-print"))

    def understood() -> TemplatePlan | None:
        rows = context.unit.fetch(files_of_version, of_digest=digest)
        files = {row["path"]: host.files.get(row["content"]) for row in rows}
        return compile_(version["document"], files, context.app.scope, Report())

    plan: TemplatePlan | None = host.cached(("print-version", digest, context.app.digest), understood)
    if plan is None or plan.digest != digest:
        raise Rejected(problem("version-gone", template=version["name"]))
    return plan
