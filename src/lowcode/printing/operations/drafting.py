"""Drafts of templates: what is designed is kept here until it is published as a version of the app (decision 0084)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.merge import MISSING, merge
from lowcode.kernel.diagnostics import Conflict, NotFound, Rejected
from lowcode.kernel.storage import files
from lowcode.printing.diagnostics import problem
from lowcode.printing.tables import template_draft

NAME = r"^[a-z][a-z0-9_]{0,47}$"
PICTURE = re.compile(r"templates/[A-Za-z0-9_-]+\.(png|jpe?g|gif|webp|svg)")

one_draft = sa.select(template_draft).where(template_draft.c.name == sa.bindparam("of_name"))
every_draft = sa.select(template_draft).order_by(template_draft.c.name)


class DraftParameters(Parameters):
    """A template as it is designed. `revision` is that of the draft that was opened, 0 for a new one; `base` says what
    the app said then. `files` are pictures that were uploaded for it, by their path."""

    document: Mapping[str, Any]
    files: Mapping[str, int] = {}
    revision: int = 0
    base: str = ""


class NamedParameters(Parameters):
    """A template by its name."""

    name: str = Key(pattern=NAME)


class MergeParameters(Parameters):
    """What somebody designed, on which `revision` of the draft and which `base`; `begun` is what they last kept, where
    somebody else has kept another draft since."""

    document: Mapping[str, Any]
    begun: Mapping[str, Any] | None = None
    revision: int = 0
    base: str = ""


class Drafting:
    """The operations on drafts."""

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        only: dict[str, Any] = {"access": "administrator"}
        words = {"en": "Keep a template as a draft", "zh-CN": "保存模板草稿"}
        yield Operation("printing.save_draft", self.save, DraftParameters, summary=words, **only)
        words = {"en": "A draft with what was changed elsewhere since", "zh-CN": "合并模板草稿"}
        yield Operation("printing.merge_draft", self.merge, MergeParameters, writes=False, summary=words, **only)
        words = {"en": "Throw a draft of a template away", "zh-CN": "放弃模板草稿"}
        yield Operation("printing.discard_draft", self.discard, NamedParameters, summary=words, **only)
        words = {"en": "A draft as documents to be published", "zh-CN": "待发布的模板草稿"}
        yield Operation("printing.publication", self.publication, NamedParameters, writes=False, summary=words, **only)

    def save(self, context: Context, params: DraftParameters) -> Annotated[dict[str, Any], has(name=str, revision=int)]:
        """Keep it; whoever opened an older draft than there is gets a conflict and loses nothing."""
        name, form = params.document.get("name"), params.document.get("form")
        if not isinstance(name, str) or not re.fullmatch(NAME, name):
            raise Rejected(problem("no-template", "/document/name", template=str(name)))
        known = context.app.scope.records
        if form not in known:
            raise Rejected(problem("unknown-form", "/document/form", form=str(form)))
        before = context.unit.one(one_draft, of_name=name)
        _the_newest(context, before, params.revision)
        if before is None or before["base"] != params.base:
            _keep_base(context, name, params.base)
        values = {
            "form": form, "document": json.dumps(params.document, ensure_ascii=False), "base": params.base,
            "files": _kept(context, before, params.files), "revision": params.revision + 1,
            "made_by": context.actor.id, "made_at": context.now(),
        }  # fmt: skip
        if before is None:
            context.unit.insert(template_draft, name=name, **values)
        else:
            change = sa.update(template_draft).where(template_draft.c.name == name).values(**values)
            context.unit.run(change)
        return {"name": name, "revision": values["revision"]}

    def merge(
        self, context: Context, params: MergeParameters
    ) -> Annotated[dict[str, Any], has(document=dict, base=str | None, revision=int, clashes=list)]:
        """The document with what somebody else kept as a draft or published meanwhile, the base and the revision it
        then stands on, and where both changed the same: mine stands there."""
        name = str(params.document.get("name"))
        written, base = document_of(context, name)
        draft = context.unit.one(one_draft, of_name=name)
        revision = draft["revision"] if draft is not None else 0
        if draft is not None and revision != params.revision:
            theirs, base, begun = json.loads(draft["document"]), draft["base"], params.begun
        else:
            theirs, begun = written, _base_of(context, params.base)
        if theirs is None:
            raise NotFound(problem("no-template", template=name))
        merged, clashes = merge(MISSING if begun is None else begun, params.document, theirs)
        return {"document": merged, "base": base, "revision": revision, "clashes": [each.told() for each in clashes]}

    def discard(self, context: Context, params: NamedParameters) -> Annotated[dict[str, Any], has(name=str)]:
        """Go back to what the app says."""
        context.unit.run(sa.delete(template_draft).where(template_draft.c.name == params.name))
        return {"name": params.name}

    def publication(
        self, context: Context, params: NamedParameters
    ) -> Annotated[dict[str, Any], has(documents=dict, files=dict)]:
        """`documents` and `files` as `app.plan` and `app.publish` take them."""
        draft = context.unit.one(one_draft, of_name=params.name)
        if draft is None:
            raise NotFound(problem("no-draft", template=params.name))
        host: Any = context.host
        source = context.app.documents.get("printing", params.name)
        path = source.path if source is not None else f"printing/{params.name}.json"
        pictures = {each: base64.b64encode(host.files.get(digest)).decode() for each, digest in draft["files"].items()}
        return {"documents": {path: json.loads(draft["document"])}, "files": pictures}


def document_of(context: Context, name: str) -> tuple[Any, str]:
    """What the app says of a template and the digest of it; None and "" where it has none."""
    source = context.app.documents.get("printing", name)
    if source is None:
        return None, ""
    return source.data, hashlib.sha256(_bytes(source.data)).hexdigest()


def _bytes(document: Any) -> bytes:
    return json.dumps(document, sort_keys=True).encode()


def _keep_base(context: Context, name: str, base: str) -> None:
    """Keep what the app says, where the draft begins with it: its digest is the name of the file."""
    written, digest = document_of(context, name)
    if written is not None and digest == base:
        host: Any = context.host
        host.files.put(_bytes(written))


def _base_of(context: Context, base: str) -> Any | None:
    """What the app said when a draft was begun; None where that is not known."""
    host: Any = context.host
    try:
        return json.loads(host.files.get(base)) if base else None
    except (NotFound, ValueError, RecursionError):
        return None


def draft_of(context: Context, name: str) -> dict[str, Any] | None:
    """A draft as the designer takes it."""
    row = context.unit.one(one_draft, of_name=name)
    if row is None:
        return None
    about = {key: row[key] for key in ("base", "revision", "made_at")}
    written, person = json.loads(row["document"]), _person(context, row["made_by"])
    return {**about, "document": written, "files": sorted(row["files"]), "made_by": person}


def pictures_of(context: Context, name: str, more: Mapping[str, int]) -> dict[str, bytes]:
    """The pictures of a draft, and those that were uploaded since."""
    host: Any = context.host
    row = context.unit.one(one_draft, of_name=name)
    digests = _kept(context, row, more)
    return {path: host.files.get(digest) for path, digest in digests.items()}


def _kept(context: Context, before: Mapping[str, Any] | None, more: Mapping[str, int]) -> dict[str, str]:
    kept: dict[str, str] = dict(before["files"]) if before is not None else {}
    for path, number in more.items():
        if not PICTURE.fullmatch(path):
            raise Rejected(problem("no-picture-path", "/files", path=path))
        kept[path] = files.find(context, number)["digest"]
    return kept


def _the_newest(context: Context, before: Mapping[str, Any] | None, revision: int) -> None:
    if (before["revision"] if before is not None else 0) == revision or (before is None and revision > 0):
        return
    who = _person(context, before["made_by"]) if before is not None else ""
    at = before["made_at"].strftime("%Y-%m-%d %H:%M") if before is not None else ""
    raise Conflict(problem("draft-changed", who=who, at=at))


def _person(context: Context, number: int | None) -> str:
    found: Mapping[int, str] = context.ask("records.label", type="user", ids=(number,)) if number is not None else {}
    return found.get(number, "") if number is not None else ""
