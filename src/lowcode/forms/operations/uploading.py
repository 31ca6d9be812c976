"""Files of visitors: taken in by a page that is open, counted, and taken away again when nobody sends them in.

Nothing that was uploaded is ever handed back to a visitor. Who receives it reads it with the record, by their
permissions; until it is sent in it belongs to whoever the public form acts as.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.submitting import acting, key_of, public_of
from lowcode.forms.public import files, labour, signing
from lowcode.forms.public.opening import ensure_open
from lowcode.forms.public.plan import FILES
from lowcode.forms.public.words import problem
from lowcode.forms.tables import upload as uploads
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity.rates import Rates, network
from lowcode.kernel.records.certain import claim
from lowcode.kernel.storage import files as store
from lowcode.kernel.storage import loose
from lowcode.kernel.storage import tables as t

HOURS = 12
"""A page serves so long, and so does what was uploaded by it."""
KEPT = timedelta(days=1)
OFTEN = 4
"""How many times more often than sending an address may upload."""
PIECE = 500

_recent = (
    uploads.c.form == sa.bindparam("of_form"),
    uploads.c.public == sa.bindparam("of_public"),
    uploads.c.at > sa.bindparam("since", type_=uploads.c.at.type),
)


def _sum(value: Any, condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)


_page = uploads.c.nonce == sa.bindparam("of_nonce")
_address = uploads.c.address == sa.bindparam("of_address")
COUNTED = sa.select(
    _sum(1, _page).label("page"),
    _sum(1, _address).label("files_of_address"),
    _sum(uploads.c.size, _address).label("bytes_of_address"),
    sa.func.count().label("files"),
    _sum(uploads.c.size, sa.true()).label("bytes"),
).where(*_recent)
OLD = (
    sa.select(uploads.c.id, uploads.c.uploaded)
    .where(
        uploads.c.at <= sa.bindparam("before", type_=uploads.c.at.type),
        uploads.c.id > sa.bindparam("after", type_=uploads.c.id.type),
    )
    .order_by(uploads.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
SAME = sa.and_(
    uploads.c.uploaded == t.file.c.id, uploads.c.digest == t.file.c.digest, t.file.c.created_at <= uploads.c.at
)
"""A row and the file it tells of, and not a later one to which the number was given again."""
LEFT = sa.exists(
    sa.select(sa.literal(1)).where(SAME, ~sa.exists(sa.select(sa.literal(1)).where(t.file_use.c.file == t.file.c.id)))
)
"""Its file is there still, and no record has it."""


class Forget(Parameters):
    """A piece of what nobody sent in, behind the number `after`."""

    after: int = 0


class Upload(Parameters):
    """A file of a visitor, for a field of a public form; `token` and `labour` are those of the page."""

    form: str
    name: str
    field: str
    file_name: str = Key(max_length=1000)
    media_type: str = Key(max_length=200)
    content: bytes
    token: str = ""
    labour: str = ""
    address: str = ""


def upload(
    context: Context, params: Upload, rates: Rates
) -> Annotated[dict[str, Any], has(file=str, name=str, size=int)]:
    """Keep a file that may be sent in: `{"file": token, "name", "size"}`. Raises Rejected with why it is not taken."""
    record_type, face = public_of(context, params.form, params.name)
    limits = face.definition.limit * OFTEN, face.definition.limit_total * OFTEN
    at = f"upload {params.form} {params.name}"
    rates.take_of_anybody(at, params.address, limits, context.now(), "forms.too-often")
    ensure_open(context, face)
    key, now = key_of(context), context.now()
    said = signing.read(key, "page", params.token)
    if said is None or (said["form"], said["name"]) != (params.form, params.name) or too_old(now, said["at"]):
        raise Rejected(problem("page-expired"))
    if not labour.done(params.token, params.labour, face.definition.labour):
        raise Rejected(problem("no-labour"))
    known = [each for each in face.fields if record_type.fields[each].options_type in FILES]
    if params.field not in known:
        raise NotFound(problem("no-files-here", "/field", name=params.field, known=", ".join(known)))
    refused = files.unfit(record_type.fields[params.field], params.file_name, params.media_type, params.content)
    if refused is not None:
        raise Rejected(refused)
    size = len(params.content)
    row = {
        "form": params.form, "public": params.name, "at": now, "nonce": said["once"], "size": size,
        "address": hashlib.sha256(f"{key}{network(params.address)}".encode()).hexdigest()[:32],
    }  # fmt: skip
    claim(context, f"{params.form}/{params.name}/files")
    _ensure_room(context, row)
    kept = store.keep(acting(context, face), params.file_name, params.media_type, params.content)
    context.unit.insert(uploads, **row, uploaded=kept["id"], digest=store.digest_of(params.content))
    token = files.token_of(key, face, params.field, kept["id"], int(now.timestamp()))
    return {"file": token, "name": kept["name"], "size": size}


def too_old(now: datetime, at: float) -> bool:
    """Whether what was handed to a page at a time serves no more."""
    return now.timestamp() - at > HOURS * 3600


def _ensure_room(context: Context, row: Mapping[str, Any]) -> None:
    """Raises Rejected when a page, an address or everybody uploaded as much as is taken within a day."""
    found = context.unit.one(
        COUNTED, of_form=row["form"], of_public=row["public"], of_nonce=row["nonce"], of_address=row["address"],
        since=row["at"] - KEPT,
    )  # fmt: skip
    assert found is not None
    many = (
        found["page"] >= files.A_PAGE
        or found["files_of_address"] >= files.FILES_A_DAY
        or found["files"] >= files.FILES_OF_ALL
    )
    if many or found["bytes_of_address"] + row["size"] > files.A_DAY or found["bytes"] + row["size"] > files.OF_ALL:
        raise Rejected(problem("too-many-uploads"))


def expire_uploads(context: Context, since: datetime, until: datetime) -> None:
    """Take away what nobody sent in within a day, and what is known of the rest."""
    forget(context, Forget())


def forget(context: Context, params: Forget) -> int:
    """Take away a piece of it, and put off the next; how many rows went. One whose file is held at this moment, or
    waits with the rest to be confirmed, stays for the next hour."""
    rows = context.unit.fetch(OLD, before=context.now() - KEPT, after=params.after, most=PIECE)
    if not rows:
        return 0
    chosen = uploads.c.id.in_([each["id"] for each in rows])
    numbers = [each["uploaded"] for each in rows if each["uploaded"] is not None]
    told = sa.exists(sa.select(sa.literal(1)).where(chosen, SAME))
    tables, acting_app = loose.tables_of(context.app), context.as_app()
    digests = loose.drop(context.unit, tables, sa.and_(t.file.c.id.in_(numbers), told)) if numbers else []
    gone = context.unit.run(sa.delete(uploads).where(chosen, ~LEFT))
    if digests:
        acting_app.later("files.discard", at=context.now() + KEPT, digests=digests)
    if len(rows) == PIECE:
        acting_app.later("forms.forget_uploads", after=rows[-1]["id"])
    return gone


def operations(rates: Rates) -> tuple[Operation, ...]:
    """What a visitor may ask of files."""
    return (
        Operation("forms.public_upload", partial(upload, rates=rates), Upload, "anyone",
                  summary={"en": "Upload a file for a public form", "zh-CN": "公开表单上传文件"}),
        Operation("forms.forget_uploads", forget, Forget, "internal"),
    )  # fmt: skip
