"""Who may print what: the template's roles, and the form's `print` right where its permissions speak of it."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, NotFound
from lowcode.kernel.records import save
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.own import with_own
from lowcode.printing.plan import PrintingPlan, TemplatePlan


def plans_of(context: Context) -> PrintingPlan:
    """The templates of the app, and those that were uploaded."""
    return with_own(context, context.app.plans["printing"])


def may_print(context: Context, plan: TemplatePlan, record_id: int | None = None) -> bool:
    """Whether this person may print by a template: at all, or this record.

    Printing is a right apart from reading where any permission of the form names `print`; where none does, whoever may
    read may print.
    """
    actor = context.actor
    if actor.is_app or actor.is_administrator:
        return True
    if plan.roles and not plan.roles & actor.roles:
        return False
    host: Any = context.host
    record_type = host.types[plan.form]
    if not any("print" in line.can for line in record_type.permissions):
        return True
    grant = host.grant(record_type, actor)
    if not grant.may("print") or record_id is None:
        return bool(grant.may("print"))
    saved = host.save_plan(record_type)
    values = save.load(context, saved, record_id)
    if values is None:
        return False
    facts = save.with_facts(context, saved, values, grant.needs("print"))
    return bool(grant.allows("print", facts, context.moment()))


def permitted(context: Context, name: str, record_id: int) -> TemplatePlan:
    """The template, for whoever may print this record by it. Raises NotFound or Forbidden."""
    plan = plans_of(context).templates.get(name)
    if plan is None:
        raise NotFound(problem("no-template", template=name))
    context.ask("records.get", type=plan.form, id=record_id, fields=("id",))
    if not may_print(context, plan, record_id):
        raise Forbidden(problem("not-for-you"))
    return plan


def language_of(context: Context, plan: TemplatePlan, asked: str | None) -> str:
    """The language asked for, else the person's, else the template's first."""
    for wanted in (asked, context.actor.locale):
        for known in plan.languages if wanted else ():
            if known == wanted or (wanted and known.split("-")[0] == wanted.split("-")[0]):
                return known
    return plan.languages[0]
