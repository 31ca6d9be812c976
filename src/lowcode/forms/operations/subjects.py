"""Whom records are about: found by what identifies them, and all that is known of them in one answer.

Seeing to the rights of a person is a permission of its own (`privacy`), because it reads past what a colleague sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.plan import Form
from lowcode.forms.privacy.plan import Privacy
from lowcode.forms.tables import consent
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, localized
from lowcode.kernel.records import save, words
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.nested import flattened
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import files_of

CONSENTS = (
    sa.select(consent)
    .where(consent.c.form == sa.bindparam("of_form"), consent.c.record == sa.bindparam("of_record"))
    .order_by(consent.c.id)
)
COMMENTS = (
    sa.select(t.comment.c.at, t.comment.c.text)
    .where(t.comment.c.record_type == sa.bindparam("of_form"), t.comment.c.record_id == sa.bindparam("of_record"))
    .where(t.comment.c.removed_at.is_(None))
    .order_by(t.comment.c.id)
)


class Find(Parameters):
    """A number or address somebody names themselves by."""

    value: str = Key(min_length=3, max_length=320)


class Subject(Parameters):
    """The person's record, and the language of what they get to read."""

    form: str
    id: int
    language: str | None = None


def may_see_to(context: Context, form: str, identity: int) -> None:
    """Refuse who may not see to the rights of the person a record is about."""
    host: Any = context.host
    record_type = record_type_of(context, form)
    plan, grant = host.save_plan(record_type), host.grant(record_type, context.actor)
    found = save.load(context, plan, identity)
    if found is None:
        raise NotFound(words.problem("not-found", "", form=form, id=identity))
    facts = save.with_facts(context, plan, found, grant.needs("privacy"))
    if not grant.may("privacy") or not grant.allows("privacy", facts, context.moment()):
        raise Forbidden(words.problem("may-not", "", action="privacy", form=form))


def find(context: Context, params: Find) -> Items:
    """The records of a person, by what identifies them, deleted ones included."""
    found = []
    for form in _forms(context):
        assert form.privacy is not None
        record_type = form.record_type
        if not context.host.grant(record_type, context.actor).may("privacy"):
            continue
        ids = sorted(
            {each for name in form.privacy.identify for each in _having(context, record_type, name, params.value)}
        )
        labels = label_of(context, record_type.name, ids)
        found += [{"form": record_type.name, "id": each, "label": labels.get(each, str(each))} for each in ids]
    return {"items": found}


def about(context: Context, form: str, identity: int) -> dict[str, list[int]]:
    """The ids of all records about a person, by form: their own, and those that name it as their subject."""
    found = {form: [identity]}
    for each in _forms(context):
        privacy, record_type = each.privacy or Privacy({}), each.record_type
        link = record_type.fields.get(privacy.subject or "")
        if link is None or link.target != form:
            continue
        column = record_type.table.c[link.name]
        rows = context.unit.fetch(
            sa.select(record_type.table.c.id).where(column == sa.bindparam("person")).order_by(record_type.table.c.id),
            person=identity,
        )
        ids = [row["id"] for row in rows if (record_type.name, row["id"]) != (form, identity)]
        if ids:
            found[record_type.name] = [*found.get(record_type.name, ()), *ids]
    return found


def subject(context: Context, params: Subject) -> Annotated[dict[str, Any], has(data=dict, html=str)]:
    """All that is known of a person: `data` for machines, `html` to be read."""
    may_see_to(context, params.form, params.id)
    language = params.language or context.actor.locale or context.app.definition.languages[0]
    records = [
        _told(context, form, identity, language)
        for form, ids in about(context, params.form, params.id).items() for identity in ids
    ]  # fmt: skip
    data = {"about": {"form": params.form, "id": params.id}, "at": context.now(), "records": records}
    return {"data": data, "html": _html(records, language)}


def _forms(context: Context) -> Iterator[Form]:
    yield from (each for each in context.app.plans["forms"].known.values() if each.privacy is not None)


def _having(context: Context, record_type: RecordType, name: str, value: str) -> list[int]:
    field = record_type.fields[name]
    assert field.kind is not None
    try:
        wanted = field.kind.coerce(value, field.options)
    except Invalid:
        return []
    column = record_type.table.c[name]
    rows = context.unit.fetch(
        sa.select(record_type.table.c.id).where(column == sa.bindparam("wanted", type_=column.type)), wanted=wanted
    )
    return [row["id"] for row in rows]


def _told(context: Context, form: str, identity: int, language: str) -> dict[str, Any]:
    """One record: what is personal in it, why it is kept, what was said and agreed."""
    app = context.as_app()
    found: Form = context.app.plans["forms"].known[form]
    record_type, privacy = found.record_type, found.privacy or Privacy({})
    record = save.load(app, context.host.save_plan(record_type), identity)
    assert record is not None
    fields = []
    for name, each in privacy.fields.items():
        value = _value(app, record_type, name, record)
        if value in (None, "", []):
            continue
        way, _, own = name.rpartition(".")
        field = (dict(record_type.rows_below)[way] if way else record_type).fields[own]
        fields.append(
            {"name": name, "title": localized(field.title, language), "value": value,
             "purpose": localized(each.purpose, language), "basis": each.basis, "sensitivity": each.sensitivity}
        )  # fmt: skip
    of = {"of_form": form, "of_record": identity}
    return {
        "form": form, "id": identity, "title": localized(found.definition.title, language),
        "created_at": record["created_at"], "updated_at": record["updated_at"], "fields": fields,
        "comments": [{"at": row["at"], "text": row["text"]} for row in context.unit.fetch(COMMENTS, **of)],
        "consents": [
            {key: row[key] for key in ("purpose", "given", "text", "by_way_of", "at")}
            for row in context.unit.fetch(CONSENTS, **of)
        ],
    }  # fmt: skip


def _value(context: Context, record_type: RecordType, name: str, record: Mapping[str, Any]) -> Any:
    way, _, own = name.rpartition(".")
    if way:
        confidential = dict(record_type.rows_below)[way].fields[own].confidential
        rows = [] if confidential else flattened(record, way)
        return [row[own] for row in rows if row.get(own) is not None]
    field, value = record_type.fields[own], record.get(own)
    if field.options_type in ("attachment", "image"):
        return [each["name"] for each in files_of(context, value or ()).values()]
    return "" if field.confidential else value


LOOK = (
    "body{max-width:50em;margin:2em auto;padding:0 1em;font:16px/1.5 sans-serif;color:#1c2230}"
    "table{width:100%;border-collapse:collapse;table-layout:fixed}"
    "th,td{padding:.4em .5em .4em 0;border-bottom:1px solid #e3e6eb;text-align:start;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "th{font-weight:600}"
)
"""How the copy looks: in a browser, on a phone, on paper."""


def _html(records: list[dict[str, Any]], language: str) -> str:
    """To be read by the person."""
    zh = language.startswith("zh")
    heads = ("内容", "信息", "用途", "依据") if zh else ("What", "Value", "Purpose", "Ground")
    title = "个人信息副本" if zh else "Your personal data"
    parts = [
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{LOOK}</style><h1>{title}</h1>"
    ]
    for each in records:
        parts.append(f"<h2>{escape(each['title'])} {each['id']}</h2><table><tr>")
        parts += [f"<th>{head}</th>" for head in heads]
        for field in each["fields"]:
            cells = (field["title"], field["value"], field["purpose"], BASES[field["basis"]][0 if zh else 1])
            parts.append("<tr>" + "".join(f"<td>{escape(_text(cell))}</td>" for cell in cells))
        parts.append("</table>")
        said = [f"{row['at']:%Y-%m-%d} {row['text']}" for row in each["comments"]]
        said += [f"{row['at']:%Y-%m-%d} {'✓' if row['given'] else '✗'} {row['text']}" for row in each["consents"]]
        parts.append("".join(f"<p>{escape(line)}</p>" for line in said))
    return "".join(parts)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


BASES = {
    "consent": ("个人同意", "consent"), "contract": ("履行合同", "contract"),
    "legal_obligation": ("法定义务", "legal obligation"), "vital_interest": ("紧急保护", "vital interest"),
    "public_task": ("公共职责", "public task"), "legitimate_interest": ("合理利益", "legitimate interest"),
    "published": ("已公开信息", "made public by the person"),
}  # fmt: skip
"""The grounds in law, in words."""

OPERATIONS = (
    Operation("forms.find_person", find, Find, writes=False,
              summary={"en": "Find the records of a person", "zh-CN": "查找个人信息主体"}),
    Operation("forms.subject", subject, Subject, writes=False,
              summary={"en": "All that is known of a person", "zh-CN": "导出个人信息"}),
)  # fmt: skip
