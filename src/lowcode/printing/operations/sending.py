"""Papers by mail: enclosed, as the letter itself, or as a tracked link; by a person, or by a step of a flow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.records.visible import without_what_is_kept
from lowcode.kernel.storage import files
from lowcode.printing.blocks.values import Facts
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.permitting import language_of, permitted
from lowcode.printing.operations.reading import read_facts
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run import title_of
from lowcode.printing.tables import print_letter

LINK_WORDS = {
    "zh-CN": "在线查看：{address}\n（链接有效期至 {until}）",
    "en": "Read it online: {address}\n(the link is valid until {until})",
}
letters_of = (
    sa.select(print_letter)
    .where(print_letter.c.record_type == sa.bindparam("of_type"), print_letter.c.record_id == sa.bindparam("of_record"))
    .order_by(print_letter.c.id.desc())
)


class DraftParameters(Parameters):
    """A template and a record: the letter as the template words it."""

    template: str
    id: int
    language: str | None = None


class SendParameters(DraftParameters):
    """To whom, with which words; what is left out is as the template says. `link`: a tracked link in the letter."""

    to: str | None = Key(None, max_length=320)
    name: str | None = Key(None, max_length=200)
    subject: str | None = Key(None, max_length=500)
    text: str | None = Key(None, max_length=50_000)
    attach: tuple[str, ...] | None = None
    link: bool = False
    days: int = Key(30, ge=1, le=366)
    code: bool = False
    address: str | None = Key(None, pattern=r"^https?://[^\s/]+(/[^\s]*)?$")


class DeliverParameters(Parameters):
    """What a step of a flow orders: the paper, kept in a field of the record, sent by mail, or both."""

    template: str
    id: int
    format: str = "pdf"
    language: str | None = None
    field: str | None = None
    mail: bool = False
    to: str | None = None


class Sending:
    """The operations of letters."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        words = {"en": "The letter a paper goes out with", "zh-CN": "邮件草稿"}
        yield Operation("printing.letter", self.letter, DraftParameters, writes=False, summary=words)
        yield Operation(
            "printing.send", self.send, SendParameters, summary={"en": "Send a paper by mail", "zh-CN": "邮件发送文档"}
        )
        yield Operation("printing.deliver", self.deliver, DeliverParameters, "internal")

    def letter(
        self, context: Context, params: DraftParameters
    ) -> Annotated[dict[str, Any], has(to=str, name=str, subject=str, text=str, attach=list[str], body=bool)]:
        """Address and words, for whoever wants to change them before they go out."""
        plan, facts = self._read(context, params)
        mail = plan.mail
        with without_what_is_kept(context):
            if mail is None:
                subject = title_of(plan, facts)
                return {"to": "", "name": "", "subject": subject, "text": "", "attach": ["pdf"], "body": False}
            shown = {each: getattr(mail, each).show(facts) for each in ("to", "name", "subject", "text")}
        return shown | {"attach": list(mail.attach), "body": mail.body}

    def send(
        self, context: Context, params: SendParameters
    ) -> Annotated[dict[str, Any], has(letter=int, print=int | None, link=int | None)]:
        """Put the letter off to be sent after the commit; the print and the link it speaks of."""
        if "mail.send" not in context.app.operations:
            raise Rejected(problem("no-mail"))
        plan = permitted(context, params.template, params.id)
        language = language_of(context, plan, params.language)
        said = self.letter(context, params) | {
            name: value
            for name in ("to", "name", "subject", "text", "attach")
            if (value := getattr(params, name)) is not None
        }
        if "@" not in said["to"].strip(" @"):
            raise Rejected(problem("no-recipient", "/to"))
        number, enclosed = self._enclosed(context, params, language, said["attach"])
        text, link = said["text"], None
        if params.link:
            shared = self._shared(context, params, said, language, number)
            link, number = shared["link"], shared["print"]
            text = f"{text}\n\n{shared['words']}".strip()
        html = self._page(context, params, language) if said["body"] else ""
        context.later(
            "mail.send", to=said["to"].strip(), name=said["name"], subject=said["subject"],
            text=text or said["subject"], html=html, files=enclosed,
        )  # fmt: skip
        letter = context.unit.insert(
            print_letter, template=plan.name, record_type=plan.form, record_id=params.id, print=number, link=link,
            recipient=said["to"].strip(), subject=said["subject"], sent_by=context.actor.id, sent_at=context.now(),
        )  # fmt: skip
        context.tell(
            "printing.sent", record_type=plan.form, record_id=params.id, template=plan.name, letter=letter,
            to=said["to"].strip(), link=link,
        )  # fmt: skip
        return {"letter": letter, "print": number, "link": link}

    def deliver(self, context: Context, params: DeliverParameters) -> dict[str, Any]:
        """Make a paper for a flow: once, kept as a file of the record where a field is named, and sent where asked."""
        answer: dict[str, Any] = {"print": None, "file": None, "letter": None}
        if params.field is not None or not params.mail:
            made = context.ask(
                "printing.render",
                template=params.template,
                id=params.id,
                format=params.format,
                language=params.language,
            )
            answer["print"] = made["print"]
            answer["file"] = self._stored(context, params, made) if params.field is not None else None
        if params.mail:
            sent = context.ask(
                "printing.send", template=params.template, id=params.id, language=params.language, to=params.to
            )
            answer["letter"] = sent["letter"]
        return answer

    def _read(self, context: Context, params: DraftParameters) -> tuple[TemplatePlan, Facts]:
        plan = permitted(context, params.template, params.id)
        snapshot = read_facts(context, plan, params.id, language_of(context, plan, params.language))
        return plan, self.maker.facts(plan, snapshot)

    def _enclosed(
        self, context: Context, params: DraftParameters, language: str, outputs: Iterable[str]
    ) -> tuple[int | None, list[dict[str, str]]]:
        host: Any = context.host
        number, enclosed = None, []
        for output in outputs:
            made = context.ask(
                "printing.render", template=params.template, id=params.id, format=output, language=language
            )
            number = number or made["print"]
            digest = host.files.put(made["content"])
            enclosed.append(
                {"name": made["name"], "media_type": made["media_type"].partition(";")[0], "digest": digest}
            )
        return number, enclosed

    def _shared(
        self, context: Context, params: SendParameters, said: dict[str, Any], language: str, number: int | None
    ) -> dict[str, Any]:
        what = {"print": number} if number is not None else {"template": params.template, "id": params.id}
        shared: dict[str, Any] = context.ask(
            "printing.share", **what, language=language, reader=said["name"], email=said["to"].strip(),
            days=params.days, code=params.code,
        )  # fmt: skip
        address = shared["address"]
        if address is None and params.address is not None:
            address = f"{params.address.rstrip('/')}/{shared['path']}"
        if address is None:
            raise Rejected(problem("no-address"))
        until = shared["until"].astimezone(context.app.zone).date().isoformat()
        return shared | {"words": localized(LINK_WORDS, language).format(address=address, until=until)}

    def _page(self, context: Context, params: DraftParameters, language: str) -> str:
        made = context.ask(
            "printing.render", template=params.template, id=params.id, format="html", language=language, keep=False
        )
        return str(made["content"].decode())

    def _stored(self, context: Context, params: DeliverParameters, made: dict[str, Any]) -> int:
        plan = permitted(context, params.template, params.id)
        host: Any = context.host
        field = host.types[plan.form].fields.get(params.field)
        if field is None or field.options_type != "attachment":
            raise Rejected(problem("no-file-field", "/field", field=params.field or ""))
        kept = files.keep(context, made["name"], made["media_type"].partition(";")[0], made["content"])
        row = context.ask("records.get", type=plan.form, id=params.id, fields=(field.name, "version"))
        held = [each["id"] if isinstance(each, dict) else each for each in row.get(field.name) or ()]
        context.ask("records.update", type=plan.form, id=params.id, values={field.name: [*held, kept["id"]]})
        return int(kept["id"])
