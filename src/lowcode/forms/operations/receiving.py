"""The guard of public forms: what everybody may ask, and what has to be true before something is taken in.

Nobody else is asked who is a person: a page has a token that says when it was made and serves once, the browser does
some work for it, a field that people do not see stays empty, and an address sends so often a minute.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.submitting import KEY, acting, key_of, offered, public_of, ticket_of
from lowcode.forms.operations.uploading import HOURS, too_old
from lowcode.forms.public import files, labour, signing
from lowcode.forms.public.opening import why_closed
from lowcode.forms.public.words import problem
from lowcode.forms.tables import submission
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, Rejected, localized
from lowcode.kernel.identity.rates import Rates
from lowcode.kernel.records import certain, save, words
from lowcode.kernel.records.conditions import is_required, is_visible
from lowcode.kernel.records.facts import needs_of

CHECKS = 30
"""How many times more often than sending an address may have what it filled in looked at."""
SEEN = sa.select(submission.c.state, submission.c.record).where(submission.c.nonce == sa.bindparam("of_nonce"))


class Page(Parameters):
    """A public form by its address."""

    form: str
    name: str


class Look(Page):
    """What the visitor has filled in so far."""

    values: Mapping[str, Any]
    address: str = ""


class Receive(Page):
    """What a page sends: the values, the token it was made with, the answer of the work, the field nobody sees."""

    values: Mapping[str, Any]
    consent: Mapping[str, bool] = Key(default_factory=dict)
    source: Mapping[str, str] = Key(default_factory=dict)
    token: str = ""
    labour: str = ""
    trap: str = ""
    language: str = ""
    address: str = ""


class Snippet(Page):
    """A public form, and where the app is for visitors."""

    base: str = Key(pattern=r"^https?://[^\s\"'<>]+$")


def prepare(context: Context, params: Nothing) -> None:
    """Make the key of this database's tokens, if there is none yet."""
    key_of(context)


def page(context: Context, params: Page) -> Annotated[dict[str, Any], has(ready=bool)]:
    """What a page needs beside the definition: its token, and the records a visitor may choose. `ready` is false when
    this database has no key yet (`forms.prepare_public`); `closed` says why nothing is taken in now."""
    record_type, face = public_of(context, params.form, params.name)
    closed = why_closed(context, face)
    if closed is not None:
        told = {tag: closed.words(tag) for tag in context.app.definition.languages}
        return {"ready": True, "closed": told, "code": closed.code}
    found = context.unit.one(KEY)
    if found is None:
        return {"ready": False}
    at = int(context.now().timestamp())
    nonce = signing.new_key()[:22]
    links = [name for name in face.fields if record_type.fields[name].options_type == "link"]
    return {
        "ready": True,
        "token": signing.sign(found["key"], "page", form=params.form, name=params.name, at=at, once=nonce),
        "offered": {name: offered(context, record_type, face, name) for name in links},
    }


def look(
    context: Context, params: Look, rates: Rates
) -> Annotated[dict[str, Any], has(hidden=list[str], required=list[str], options=dict)]:
    """Which fields show, which must be filled in, and which options there are, as the form stands now."""
    record_type, face = public_of(context, params.form, params.name)
    limits = face.definition.limit * CHECKS, face.definition.limit_total * CHECKS
    at = f"look {params.form} {params.name}"
    rates.take_of_anybody(at, params.address, limits, context.now(), "forms.too-often")
    doer = acting(context, face)
    host: Any = context.host
    plan = host.save_plan(record_type)
    sent = {name: value for name, value in params.values.items() if name in face.fields}
    found = context.unit.one(KEY)
    sent, _ = files.resolved("" if found is None else found["key"], record_type, face, sent, _oldest(context))
    change = save.draft(doer, plan, host.grant(record_type, doer.actor), sent)
    moment = doer.moment()
    hidden, required, options = [], [], {}
    for name, placed in face.fields.items():
        field = record_type.fields[name]
        needs = needs_of([each for each in (field.visible_when, field.required_when, *field.section_when,
                                            *field.option_when.values()) if each is not None])  # fmt: skip
        facts = save.with_facts(doer, plan, change.values, needs)
        if not is_visible(field, facts, moment):
            hidden.append(name)
        elif placed.required or is_required(field, facts, moment):
            required.append(name)
        if field.option_when:
            options[name] = [each for each in field.titles if each not in field.option_when
                             or field.option_when[each].test(facts, moment)]  # fmt: skip
    return {"hidden": hidden, "required": required, "options": options}


def receive(context: Context, params: Receive, rates: Rates) -> Annotated[dict[str, Any], has(status=str)]:
    """Take in what a page sends, if a person sends it; otherwise it is thanked all the same, or told to try again."""
    record_type, face = public_of(context, params.form, params.name)
    definition = face.definition
    limits = definition.limit, definition.limit_total
    at = f"{params.form} {params.name}"
    rates.take_of_anybody(at, params.address, limits, context.now(), "forms.too-often")
    key = key_of(context)
    said = signing.read(key, "page", params.token)
    if said is None or (said["form"], said["name"]) != (params.form, params.name) or too_old(context.now(), said["at"]):
        raise Rejected(problem("page-expired"))
    if context.now().timestamp() - said["at"] < definition.seconds:
        raise Rejected(problem("too-fast"))
    if not labour.done(params.token, params.labour, definition.labour):
        raise Rejected(problem("no-labour"))
    certain.claim(context, params.form)
    known = context.unit.one(SEEN, of_nonce=said["once"])
    if known is not None:  # sent twice by one page: it was taken in already
        if known["state"] == "waiting":
            return {"status": "confirm"}
        return {"status": "received", **ticket_of(context, face, known["record"])}
    digest = hashlib.sha256(f"{key}{params.address}".encode()).hexdigest()[:32]
    if params.trap:
        context.unit.insert(
            submission, form=params.form, public=params.name, at=context.now(), nonce=said["once"], state="flagged",
            record=None, address=digest, source={}, sent=None, until=None,
        )  # fmt: skip
        return {"status": "received"}
    values, problems = files.resolved(key, record_type, face, params.values, _oldest(context))
    if problems:
        raise Rejected(problems)
    found: dict[str, Any] = context.as_app().ask(
        "forms.submit", form=params.form, name=params.name, values=values, consent=params.consent,
        source=params.source, language=params.language, nonce=said["once"], address=digest,
    )  # fmt: skip
    return found


def _oldest(context: Context) -> float:
    """When a file may have been uploaded at the earliest to be sent in now."""
    return context.now().timestamp() - HOURS * 3600


def snippet(
    context: Context, params: Snippet
) -> Annotated[dict[str, Any], has(address=str, frame=str, script=str, origins=list[str])]:
    """The code that puts a public form into a page of somewhere else: a frame, or a script that fits its height."""
    record_type, face = public_of(context, params.form, params.name)
    host: Any = context.host
    if not host.grant(record_type, context.actor).may("read"):
        raise Forbidden(words.problem("may-not", "", action="read", form=params.form))
    base = params.base.rstrip("/")
    path = f"{params.form}/{params.name}"
    address = html.escape(f"{base}/public/{path}", quote=True)
    script = html.escape(f"{base}/embed.js", quote=True)
    form = context.app.plans["forms"].forms[params.form]
    title = localized(face.definition.title or form.definition.title, context.actor.locale)
    return {
        "address": f"{base}/public/{path}",
        "frame": f'<iframe src="{address}?frame" title="{html.escape(title, quote=True)}" width="100%" height="720" '
        'style="border:0" loading="lazy"></iframe>',
        "script": f'<script src="{script}" data-form="{path}" async></script>',
        "origins": list(face.definition.origins),
    }


def operations(rates: Rates) -> tuple[Operation, ...]:
    """What can be asked of public forms; an address asks so often, counted in this process."""
    return (
        Operation("forms.prepare_public", prepare, Nothing, "internal",
                  summary={"en": "Make the key of public forms", "zh-CN": "生成公开表单密钥"}),
        Operation("forms.public_page", page, Page, "anyone", writes=False,
                  summary={"en": "A public form for a visitor", "zh-CN": "打开公开表单"}),
        Operation("forms.public_look", partial(look, rates=rates), Look, "anyone", writes=False,
                  summary={"en": "Look at a public form while it is filled in", "zh-CN": "检查正在填写的公开表单"}),
        Operation("forms.receive", partial(receive, rates=rates), Receive, "anyone",
                  summary={"en": "Send a public form", "zh-CN": "提交公开表单"}),
        Operation("forms.snippet", snippet, Snippet, writes=False,
                  summary={"en": "The code that embeds a public form", "zh-CN": "公开表单嵌入代码"}),
    )  # fmt: skip
