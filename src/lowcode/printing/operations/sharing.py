"""Tracked links: a kept print read by somebody outside, until a day, perhaps behind a code sent to their address.

A link is opened by a button, never by the mere address: programs that look at links in letters press none. Every
opening is kept and told (`printing.opened`), so rules, scores and the timeline know.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, TooManyRequests
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.links import public_url
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.keeping import Compile, find_print, one_print, plan_of_version, snapshot_of
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.permitting import may_print, plans_of
from lowcode.printing.tables import print_copy, print_link, print_pass, print_view

CODE_MINUTES, CODE_TRIES, CODES_PER_HOUR = 10, 5, 5
PASS_HOURS = 12
LONGEST_DAYS = 366
CODE_SUBJECT = {"zh-CN": "您的验证码：{code}", "en": "Your code: {code}"}
CODE_TEXT = {
    "zh-CN": "打开“{name}”的验证码是 {code}，{minutes} 分钟内有效。如果不是您在操作，请忽略本邮件。",
    "en": "The code to open '{name}' is {code}. It is valid for {minutes} minutes. If this was not you, ignore it.",
}

by_token = sa.select(print_link).where(print_link.c.token == sa.bindparam("of_token"))
by_id = sa.select(print_link).where(print_link.c.id == sa.bindparam("of_link"))
links_of = (
    sa.select(print_link, print_copy.c.template, print_copy.c.file_name, print_copy.c["copy"])
    .join(print_copy, print_copy.c.id == print_link.c.print)
    .where(print_link.c.record_type == sa.bindparam("of_type"), print_link.c.record_id == sa.bindparam("of_record"))
    .order_by(print_link.c.id.desc())
)
views_of = sa.select(print_view).where(print_view.c.link == sa.bindparam("of_link")).order_by(print_view.c.id)
codes_sent = (
    sa.select(sa.func.count().label("count"))
    .select_from(print_view)
    .where(
        print_view.c.link == sa.bindparam("of_link"),
        print_view.c.what == "code-sent",
        print_view.c.at > sa.bindparam("since_at", type_=print_view.c.at.type),
    )
)
passed = sa.select(print_pass).where(print_pass.c.token == sa.bindparam("of_token"))
set_code = (
    sa.update(print_link)
    .where(print_link.c.id == sa.bindparam("of_link"))
    .values(
        code=sa.bindparam("new_code", type_=sa.Text),
        code_until=sa.bindparam("until_at", type_=print_link.c.code_until.type),
        code_tries=0,
    )
)
count_try = (
    sa.update(print_link)
    .where(print_link.c.id == sa.bindparam("of_link"), print_link.c.code_tries < CODE_TRIES)
    .values(code_tries=print_link.c.code_tries + 1)
)
use_code = (
    sa.update(print_link)
    .where(print_link.c.id == sa.bindparam("of_link"), print_link.c.code == sa.bindparam("old_code"))
    .values(code=None)
)
count_opening = (
    sa.update(print_link)
    .where(print_link.c.id == sa.bindparam("of_link"))
    .values(
        opened=print_link.c.opened + 1, opened_at=sa.bindparam("now_at", type_=print_link.c.opened_at.type)
    )
)  # fmt: skip
revoke_it = (
    sa.update(print_link)
    .where(print_link.c.id == sa.bindparam("of_link"))
    .values(revoked_at=sa.bindparam("now_at", type_=print_link.c.revoked_at.type))
)


class ShareParameters(Parameters):
    """A template and a record, or a print that is kept already; who reads it, until when, and what they may."""

    template: str | None = None
    id: int | None = None
    print: int | None = None
    language: str | None = None
    reader: str = Key("", max_length=200)
    email: str | None = Key(None, max_length=320)
    days: int = Key(30, ge=1, le=LONGEST_DAYS)
    code: bool = False
    download: bool = True


class LinksParameters(Parameters):
    """A record."""

    form: str
    id: int


class LinkParameters(Parameters):
    """A link."""

    link: int


class ReadParameters(Parameters):
    """A reader at a link: its token, the pass of somebody who opened it, and where the request comes from."""

    token: str = Key(max_length=200)
    passing: str | None = Key(None, max_length=200)
    code: str | None = Key(None, max_length=20)
    address: str = ""
    agent: str = ""


class GiveParameters(ReadParameters):
    """What the reader wants to have: the page or the file."""

    format: str = "html"


class Sharing:
    """The operations of links."""

    def __init__(self, maker: Maker, compile_: Compile) -> None:
        self.maker, self._compile = maker, compile_

    def all(self) -> Iterable[Operation]:
        """Every operation. Those of readers are asked by the web's own addresses only."""
        words = {"en": "A tracked link to a paper", "zh-CN": "生成可追踪的文档链接"}
        yield Operation("printing.share", self.share, ShareParameters, summary=words)
        words = {"en": "Links of a record", "zh-CN": "文档链接与打开记录"}
        yield Operation("printing.links", self.links, LinksParameters, writes=False, summary=words)
        words = {"en": "End a link", "zh-CN": "停用文档链接"}
        yield Operation("printing.revoke", self.revoke, LinkParameters, summary=words)
        yield Operation("printing.cover", self.cover, ReadParameters, "anyone", writes=False)
        yield Operation("printing.send_code", self.send_code, ReadParameters, "anyone")
        yield Operation("printing.open", self.open, ReadParameters, "anyone")
        yield Operation("printing.give", self.give, GiveParameters, "anyone")

    def share(
        self, context: Context, params: ShareParameters
    ) -> Annotated[dict[str, Any], has(link=int, print=int, path=str, address=str | None, until=str)]:
        """Keep the paper, and make the address at which it is read; the address is told once and never again."""
        if params.code and not params.email:
            raise Rejected(problem("code-needs-address", "/email"))
        number = params.print
        if number is None:
            if params.template is None or params.id is None:
                raise Rejected(problem("nothing-to-share", "/template"))
            made = context.ask(
                "printing.render", template=params.template, id=params.id, language=params.language, keep=True
            )
            number = made["print"]
        row = find_print(context, number)
        plan = plans_of(context).templates.get(row["template"])
        if plan is None or not may_print(context, plan, row["record_id"]):
            raise Forbidden(problem("not-for-you"))
        token = fresh()
        until = context.now() + timedelta(days=params.days)
        link = context.unit.insert(
            print_link, token=digest(token), print=number, record_type=row["record_type"], record_id=row["record_id"],
            reader=params.reader.strip(), email=params.email, needs_code=params.code, may_download=params.download,
            opened=0, code_tries=0, made_by=context.actor.id, made_at=context.now(), until=until,
        )  # fmt: skip
        context.tell(
            "printing.shared", record_type=row["record_type"], record_id=row["record_id"], template=row["template"],
            link=link, reader=params.reader,
        )  # fmt: skip
        base = public_url(context.host)
        path = f"api/shared/{token}"
        return {"link": link, "print": number, "path": path, "address": f"{base}/{path}" if base else None,
                "until": until}  # fmt: skip

    def links(self, context: Context, params: LinksParameters) -> Items:
        """The links of a record with what happened at each, the newest first, for whoever may read the record."""
        context.ask("records.get", type=params.form, id=params.id, fields=("id",))
        items = []
        for row in context.unit.fetch(links_of, of_type=params.form, of_record=params.id):
            views = context.unit.fetch(views_of, of_link=row["id"])
            about = {name: row[name] for name in SHOWN}
            state = "revoked" if row["revoked_at"] else "expired" if row["until"] <= context.now() else "open"
            seen = [{"at": each["at"], "what": each["what"], "agent": each["agent"]} for each in views]
            items.append(about | {"state": state, "views": seen})
        return {"items": items}

    def revoke(self, context: Context, params: LinkParameters) -> Annotated[dict[str, Any], has(link=int)]:
        """End a link: whoever may print the paper may end its links."""
        row = context.unit.one(by_id, of_link=params.link)
        if row is None:
            raise NotFound(problem("no-link"))
        kept = find_print(context, row["print"])
        plan = plans_of(context).templates.get(kept["template"])
        if row["made_by"] != context.actor.id and (plan is None or not may_print(context, plan, row["record_id"])):
            raise Forbidden(problem("not-for-you"))
        context.unit.run(revoke_it, of_link=params.link, now_at=context.now())
        return {"link": params.link}

    def cover(
        self, context: Context, params: ReadParameters
    ) -> Annotated[dict[str, Any], has(name=str, language=str, needs_code=bool, until=str, open=bool)]:
        """What a reader is told before the paper is opened."""
        link, kept = self._find(context, params.token)
        return {
            "name": kept["file_name"].rpartition(".")[0], "language": kept["language"], "reader": link["reader"],
            "needs_code": link["needs_code"], "email": _masked(link["email"]) if link["needs_code"] else None,
            "until": link["until"], "open": self._passed(context, link, params.passing),
            "may_download": link["may_download"],
        }  # fmt: skip

    def send_code(self, context: Context, params: ReadParameters) -> Annotated[dict[str, Any], has(email=str | None)]:
        """Send a fresh code to the reader's address; so many in an hour."""
        link, kept = self._find(context, params.token)
        if not link["needs_code"]:
            raise Rejected(problem("no-code-needed"))
        now = context.now()
        row = context.unit.one(codes_sent, of_link=link["id"], since_at=now - timedelta(hours=1))
        if row is not None and row["count"] >= CODES_PER_HOUR:
            raise TooManyRequests(problem("codes-sent"))
        if "mail.send" not in context.app.operations:
            raise Rejected(problem("no-mail"))
        code = f"{secrets.randbelow(10**6):06d}"
        until = now + timedelta(minutes=CODE_MINUTES)
        context.unit.run(set_code, of_link=link["id"], new_code=_code_hash(link, code), until_at=until)
        self._note(context, link, "code-sent", params)
        tag = "zh-CN" if kept["language"].startswith("zh") else "en"
        values = {"code": code, "name": kept["file_name"], "minutes": CODE_MINUTES}
        subject, text = CODE_SUBJECT[tag].format(**values), CODE_TEXT[tag].format(**values)
        context.later("mail.send", to=link["email"], name=link["reader"], subject=subject, text=text)
        return {"email": _masked(link["email"])}

    def open(
        self, context: Context, params: ReadParameters
    ) -> Annotated[dict[str, Any], has(refused=object, **{"pass": str | None})]:
        """The reader opens the paper: counted, kept, told. Answers a pass for some hours, or that the code is wrong."""
        link, kept = self._find(context, params.token)
        now = context.now()
        if link["needs_code"]:
            hit = context.unit.run(count_try, of_link=link["id"])
            given = _code_hash(link, (params.code or "").strip())
            due = link["code"] is not None and link["code_until"] is not None and now < link["code_until"]
            right = hit and due and hmac.compare_digest(given, link["code"])
            if not right or not context.unit.run(use_code, of_link=link["id"], old_code=given):
                self._note(context, link, "code-wrong", params)
                return {"refused": problem("wrong-code", "/code"), "pass": None}
        token = fresh()
        context.unit.insert(print_pass, token=digest(token), link=link["id"], until=now + timedelta(hours=PASS_HOURS))
        context.unit.run(count_opening, of_link=link["id"], now_at=now)
        self._note(context, link, "opened", params)
        context.tell(
            "printing.opened", record_type=link["record_type"], record_id=link["record_id"],
            template=kept["template"], link=link["id"], reader=link["reader"], count=link["opened"] + 1,
            first=link["opened"] == 0,
        )  # fmt: skip
        return {"refused": None, "pass": token}

    def give(
        self, context: Context, params: GiveParameters
    ) -> Annotated[dict[str, Any], has(name=str, media_type=str, content=str, missing=list)]:
        """The paper itself, with the reader's name across it, for somebody who opened it."""
        link, kept = self._find(context, params.token)
        if not self._passed(context, link, params.passing):
            raise Forbidden(problem("not-opened"))
        if params.format not in ("html", "pdf") or (params.format == "pdf" and not link["may_download"]):
            raise Forbidden(problem("no-download"))
        plan = plan_of_version(context, kept["digest"], plans_of(context), self._compile)
        host: Any = context.host
        output = self.maker.output(params.format)
        made = self.maker.make(
            plan, snapshot_of(kept), output, counted=True, reader=link["reader"], files=host.files.get
        )  # fmt: skip
        if params.format == "pdf":
            self._note(context, link, "downloaded", params)
        return made.answer()

    def _find(self, context: Context, token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The link of a token and its print. Raises NotFound: never there, ended and revoked look alike."""
        link = context.unit.one(by_token, of_token=digest(token))
        if link is None or link["revoked_at"] is not None or link["until"] <= context.now():
            raise NotFound(problem("no-link"))
        kept = context.unit.one(one_print, print_id=link["print"])
        if kept is None:
            raise NotFound(problem("no-link"))
        return link, kept

    def _passed(self, context: Context, link: Mapping[str, Any], token: str | None) -> bool:
        found = context.unit.one(passed, of_token=digest(token)) if token else None
        return found is not None and found["link"] == link["id"] and context.now() < found["until"]

    def _note(self, context: Context, link: Mapping[str, Any], what: str, params: ReadParameters) -> None:
        where = hashlib.sha256(f"{link['token']}|{params.address}".encode()).hexdigest()[:16]
        context.unit.insert(
            print_view, link=link["id"], at=context.now(), what=what, address=where, agent=params.agent[:200]
        )  # fmt: skip


SHOWN = ("id", "print", "template", "file_name", "copy", "reader", "email", "needs_code", "may_download", "opened",
         "opened_at", "made_by", "made_at", "until", "revoked_at")  # fmt: skip


def _code_hash(link: Mapping[str, Any], code: str) -> str:
    """Of a code of six digits a bare hash would be a list of a million: the link's own token is mixed in."""
    return hmac.new(link["token"].encode(), code.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _masked(email: str | None) -> str:
    name, at, domain = (email or "").partition("@")
    return f"{name[:1]}***{at}{domain}"
