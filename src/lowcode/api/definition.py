"""The documents of the api engine: what an author may write in `api/*.json`, told apart by `type`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from lowcode.api.connectors.kind import SecretReference, TargetPart
from lowcode.api.imap_words import CONTROL
from lowcode.kernel.definitions.documents import Document, Expression, Part
from lowcode.kernel.definitions.wording import Unfit


class SignedDocument(Part):
    """Whoever holds the secret: each message carries a signature, and counts once."""

    secret: SecretReference = Field(
        description="What both sides know; while one is changed, the new and the old one with a blank between them."
    )
    by: Literal["standard_webhooks", "hmac_sha256"] = Field(
        "standard_webhooks",
        description="`standard_webhooks`: id, time and body are signed; what is older than five minutes is refused. "
        "`hmac_sha256`: the body alone is signed, in hexadecimal or base64 with or without `sha256=`; the same bytes "
        "count once.",
    )
    header: str | None = Field(
        None, pattern=r"^[A-Za-z0-9-]+$", description="With `hmac_sha256`: the header with the signature."
    )

    @model_validator(mode="after")
    def _where(self) -> SignedDocument:
        if (self.by == "hmac_sha256") != (self.header is not None):
            raise Unfit(
                "'header' names the header with the signature, with 'by': 'hmac_sha256' and only there",
                "header 是签名所在的请求头，须与 by 为 hmac_sha256 一起使用",
            )
        return self


class AuthenticationDocument(Part):
    """Who may send: programs with a key, whoever signs with a secret, or anyone from a page of these origins."""

    key: Literal[True] | None = None
    signed: SignedDocument | None = None
    public: Literal[True] | None = None
    origins: list[str] = Field(default_factory=list)
    honeypot: str | None = Field(None, description="A field people do not see; what fills it in is no person.")
    limit: int | None = Field(
        None,
        ge=1,
        le=10_000,
        description="Requests a minute from one address: 10 when left out, 600 from who signs. Keys have a rate of "
        "their own.",
    )
    limit_total: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="Requests a minute of a public intake from all addresses together: 3000 when left out.",
    )

    @model_validator(mode="after")
    def _one(self) -> AuthenticationDocument:
        if [self.key, self.signed, self.public].count(None) != 2:
            raise Unfit(
                'write one of "key": true, "signed": {…} and "public": true',
                '请写 "key": true、"signed": {…} 或 "public": true 之一',
            )
        if not self.public and (self.origins or self.honeypot or self.limit_total):
            raise Unfit(
                "'origins', 'honeypot' and 'limit_total' belong to a public intake",
                "origins、honeypot 和 limit_total 只用于公开的数据入口",
            )
        return self


class AdoptDocument(Part):
    """Earlier records of another form that are now known to belong to the record: what a visitor looked at before they
    said who they are."""

    form: str
    link: str = Field(description="The link of these records that is still blank.")
    by: str = Field(description="The field of these records that has the value.")
    value: Expression


class IntakeDocument(Document):
    """What another program or a web form sends in, and the record it becomes."""

    type: Literal["intake"]
    form: str
    payload: dict[str, Any] = Field(description="A JSON Schema (2020-12) of what is sent.")
    values: dict[str, Expression] = Field(min_length=1, description="Fields by expressions over `payload`.")
    find: dict[str, str] = Field(
        default_factory=dict,
        description="Links whose value names the other record by a unique field of its form, as a program outside "
        'knows it: `{"equipment": "code"}`.',
    )
    unknown: Literal["refuse", "blank"] = Field(
        "refuse",
        description="What becomes of a value in `find` that names nothing. With `blank` the field need not be unique: "
        "of several the newest is meant.",
    )
    adopt: list[AdoptDocument] = Field(default_factory=list)
    duplicates: Literal["update", "refuse", "create", "link"] = "update"
    link: str | None = Field(
        None, description="With duplicates `link`: the field of the new record that names the earlier."
    )
    authentication: AuthenticationDocument
    run_as: str = Field("app", description="`app`, or the login of a person.")
    enabled: bool = True


class OnDocument(Part):
    """What happens to a record of a form."""

    form: str
    event: Literal["created", "updated", "deleted", "becomes"]
    when: Expression | None = None
    fields: list[str] | None = None

    @model_validator(mode="after")
    def _becomes_what(self) -> OnDocument:
        if self.event == "becomes" and self.when is None:
            raise Unfit("'becomes' needs a condition in 'when'", "使用 becomes 时须在 when 中写条件")
        if self.fields is not None and self.event != "updated":
            raise Unfit(
                "'fields' says which changes count for 'updated'", "fields 说明 updated 所指的变化，须与它一起使用"
            )
        return self


class WebhookDocument(TargetPart):
    """What is told to another program when something happens to a record."""

    type: Literal["webhook"]
    on: OnDocument
    body: dict[str, Any] = Field(
        default_factory=dict,
        description='By name an expression, or an object of parts; `{"for_each": "items", "body": {…}}` is a list with '
        "an entry for each row. Left out: form and id of the record.",
    )


PORTS = 65_535
SERVER = re.compile(r"imaps?://(?=[^/]{1,253}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*(?::([0-9]{1,5}))?")


def _server(written: str) -> str:
    found = SERVER.fullmatch(written)
    if found is None or not 0 < int(found[1] or 1) <= PORTS:
        raise Unfit(
            "write the server as imaps://imap.example.com, with a port from 1 to 65535 behind ':' where it has another",
            "请写成 imaps://imap.example.com；端口不同时写在“:”之后，取 1 到 65535",
        )
    return written


def _line(written: str) -> str:
    found = CONTROL.search(written)
    if found is not None:
        place, seen = found.start() + 1, f"U+{ord(found[0]):04X}"
        raise Unfit(
            f"character {place} is a line break or another control character ({seen}); write one line",
            f"第 {place} 个字符是换行等控制字符（{seen}），请写成一行文字",
        )
    return written


MailServer = Annotated[str, AfterValidator(_server)]
Line = Annotated[str, AfterValidator(_line)]


class PeopleDocument(Part):
    """Whose letters belong where: the records of a form that have the address in a field."""

    form: str
    by: str = Field(description="The field with the mail address.")
    sets: dict[str, str] = Field(
        default_factory=dict,
        description='Fields of the new record and the field of the found record each one gets: `{"contact": "id"}`.',
    )


class MailboxDocument(Document):
    """A mailbox whose letters become records at the people they are from."""

    type: Literal["mailbox"]
    url: SecretReference | MailServer | None = Field(
        None,
        description="The server (`imaps://imap.example.com`), with `user` and `password`; or a secret with the whole "
        "address (`imaps://user:password@host/INBOX`). Left out: letters are handed over (`api.take_mail`).",
    )
    user: Line | None = Field(None, min_length=1, max_length=200)
    password: SecretReference | None = None
    folder: Line | None = Field(None, min_length=1, max_length=200, description="`INBOX` when left out.")
    every: int = Field(2, ge=1, le=1440, description="Minutes between two looks.")
    people: list[PeopleDocument] = Field(min_length=1, description="Where an address is looked for, in this order.")
    form: str = Field(description="What a letter becomes.")
    values: dict[str, Expression] = Field(
        min_length=1,
        description="Fields by expressions over `mail.subject`, `mail.text`, `mail.sender`, `mail.sender_name` and "
        "`mail.at`.",
    )
    files: str | None = Field(None, description="The field that gets the files of the letter.")
    enabled: bool = True

    @model_validator(mode="after")
    def _whole(self) -> MailboxDocument:
        apart = isinstance(self.url, str)
        if apart and (self.user is None or self.password is None):
            raise Unfit(
                "the server of a mailbox needs 'user' and 'password'", "写了邮箱服务器，还须写 user 和 password"
            )
        if not apart and (self.user or self.password or self.folder):
            raise Unfit(
                "'user', 'password' and 'folder' belong to a server in 'url'; a secret holds all of the address",
                "user、password 和 folder 须与 url 中的服务器一起使用；密钥中已含完整地址",
            )
        return self
