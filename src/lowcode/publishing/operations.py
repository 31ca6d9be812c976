"""Publishing documents to a running host, asked as anything else: over HTTP, by a program, by an agent with a key.

Two questions, so that nobody publishes what they have not seen:

    seen = host.ask(actor, "app.plan", documents={"rules/greet.json": {...}})      # nothing is done
    host.ask(actor, "app.publish", documents={"rules/greet.json": {...}}, plan=seen["plan"], allow=seen["consents"])

`documents` holds what changes, by path within the app: an object, its text, or null to take it away; `files` the same
for templates and other companions, in base64. With `whole`, what is not named is taken away: for a folder that is
pushed. What is wrong with the documents comes back as `findings`, with place and cure, and `plan` is null then.
`plan` names what was seen: when somebody published meanwhile it is another one, and the answer is a conflict (409) that
says who and when; nothing is lost, and asking `app.plan` again shows what is left to do. Consents are those of `lowcode
apply` (docs/migrations.md); `purge:…` is given to `app.plan` too, because it makes it another plan. The host goes on
with the new version at once; other processes follow within seconds. `app.plan_undo` and `app.undo` take the last
version back that was published this way; `app.versions` tells who published what, and when; `app.documents` gives what
is in use.

Only administrators may ask, and as an operation of its own: what is published has its own transactions.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Annotated, Any

from lowcode import publishing
from lowcode.app import check_definition
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.load import APP, COMPANIONS
from lowcode.kernel.diagnostics import Conflict, DefinitionError, Diagnostic, Problem, Rejected, Report, Unavailable
from lowcode.kernel.storage.crypto import SealError
from lowcode.kernel.storage.migrate import ApplyBusy, ApplyStale, CannotApply, ConsentNeeded, Plan, versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.publishing import protocol, running
from lowcode.publishing.merging import contents
from lowcode.publishing.telling import values_of

SHOWN = 20
WORDS = {
    "another-plan": {
        "en": "{who} published at {at}; look again at what publishing would do",
        "zh-CN": "{who} 已于 {at} 发布过新版本，请重新查看变更后再发布",
    },
    "stale-plan": {
        "en": "what publishing would do has changed since you looked; look again",
        "zh-CN": "变更内容已与您查看时不同，请重新查看后再发布",
    },
    "needs-consent": {
        "en": "this needs your consent: {needed}", "zh-CN": "需要您明确同意：{needed}",
    },
    "breaks-rows": {"en": "{step}: {reason}", "zh-CN": "{step}：{reason}"},
    "bad-path": {
        "en": "'{path}' is no path of an app; it begins with app.json, {known}",
        "zh-CN": "“{path}”不是应用内的路径，应为 app.json 或位于 {known} 之下",
    },
    "bad-file": {"en": "'{path}' is not written in base64", "zh-CN": "“{path}”的内容不是 base64"},
    "wrong-documents": {"en": "{place}: {message} {hint}", "zh-CN": "{place}：{message} {hint}"},
    "nothing-to-undo": {
        "en": "nothing was published here that could be taken back; what came from the app's folder is taken back with "
        "lowcode undo",
        "zh-CN": "没有可撤销的在线发布；来自应用文件夹的版本请用 lowcode undo 撤销",
    },
    "another-base": {
        "en": "somebody published since this was prepared, and it would take that back; prepare it again",
        "zh-CN": "准备期间已有人发布新版本，继续会覆盖其修改；请重新准备",
    },
    "busy": {"en": "somebody is publishing right now; try again", "zh-CN": "正在发布其他版本，请稍后再试"},
}  # fmt: skip
APP_ITSELF = {"en": "the app's operator", "zh-CN": "应用维护人员"}


class Changed(Parameters):
    """Documents and files by path: what they shall be, or null to take them away."""

    documents: Mapping[str, Mapping[str, Any] | str | None] = {}
    files: Mapping[str, str | None] = {}
    base: str | None = None
    """The digest of the documents in use from which these were made (`app.install_package` answers it): when others are
    in use by now it is a conflict."""
    whole: bool = False
    """What is not named is taken away."""
    allow: tuple[str, ...] = ()
    """What is consented to. `purge:…` makes it another plan: what was hidden goes for good."""


class Publishing(Changed):
    """The same, with the plan that was looked at."""

    plan: str


class InUse(Parameters):
    """What is in use; without `contents` its version and digest alone."""

    contents: bool = True


class Undoing(Parameters):
    """The plan of an undo that was looked at, and what is consented to."""

    plan: str
    allow: tuple[str, ...] = ()


def documents(
    context: Context, params: InUse
) -> Annotated[dict[str, Any], has(app=str, version=int, digest=str, lowcode=str, publishing=dict)]:
    """What is in use: version and digest, and every document and file as `app.plan` takes them."""
    running.follow(context.host, at_once=True)
    found = context.host.documents
    answer = {
        "app": context.app.name, "version": context.host.standing.version, "digest": found.digest, **protocol.told()
    }  # fmt: skip
    if params.contents:
        answer["documents"] = {each.path: versions.text_of(each) for each in found}
        answer["files"] = {path: base64.b64encode(content).decode() for path, content in found.files.items()}
    return answer


def plan(context: Context, params: Changed) -> Annotated[dict[str, Any], has(plan=str | None, findings=list[dict])]:
    """What publishing would do: changes in words, steps with their rows, consents; or what is wrong."""
    host = context.host
    running.follow(host, at_once=True)
    documents = _changed(host, params)
    try:
        made, wanted = running.plan_documents(host, documents, params.allow)
        _judge(host, wanted.app)
        _held_whole(host, wanted.app)
    except DefinitionError as error:
        found = [each for each in error.report if each.severity == "error"]
        return {"plan": None, "findings": [_finding(each, context.actor.locale) for each in found]}
    except SealError as error:
        return {"plan": None, "findings": [_unsealed(error)]}
    return {**values_of(made), "findings": []}


def publish(context: Context, params: Publishing) -> Annotated[dict[str, Any], has(version=int, digest=str)]:
    """Do what was looked at, and go on with it. Raises Conflict."""
    host = context.host
    with host.standing.lock, _refusing(context):
        running.follow(host, at_once=True)
        with _refusing_documents():
            made, wanted = running.plan_documents(host, _changed(host, params), params.allow)
            _judge(host, wanted.app)
            _held_whole(host, wanted.app)
        _the_same(context, made, params.plan)
        running.publish(host, made, wanted, params.allow, context.actor.id)
        return {"version": host.standing.version, "digest": host.app.digest}


def plan_undo(
    context: Context, _: Nothing
) -> Annotated[
    dict[str, Any],
    has(
        base=int,
        version=int,
        undoes=object,
        plan=str,
        consents=list,
        changes=list[dict],
        steps=list,
        afterwards=list,
        kept=list,
    ),
]:
    """What taking back the version published last would do."""
    host = context.host
    running.follow(host, at_once=True)
    _published_here(context)
    made, documents = publishing.plan_undo(host)
    with _refusing_documents():
        _judge(host, host.compile(documents))
    return values_of(made)


def undo(context: Context, params: Undoing) -> Annotated[dict[str, Any], has(version=int, digest=str)]:
    """Take back the version published last, with the data as they were. Raises Conflict."""
    host = context.host
    with host.standing.lock, _refusing(context):
        running.follow(host, at_once=True)
        _published_here(context)
        made, documents = publishing.plan_undo(host)
        with _refusing_documents():
            _judge(host, host.compile(documents))
        _the_same(context, made, params.plan)
        running.undo(host, made, documents, params.allow, context.actor.id)
        return {"version": host.standing.version, "digest": host.app.digest}


def listed(context: Context, _: Nothing) -> Items:
    """The newest versions with who and when; of those published while the app ran, what changed."""
    with context.host.database.reading() as unit:
        rows = versions.told(Hand(unit, within=False), SHOWN)
        top = versions.stack(Hand(unit, within=False))[-1:]
    items = [
        {
            **{name: row[name] for name in ("version", "at", "undoes", "undone_at")},
            "by": _person(context, row["actor"]),
            "published": row["running"] is not None,
            "changes": row["running"] or [],
            "in_use": row["version"] in top,
        }
        for row in rows
    ]
    return {"items": items}


# -- what was sent ----------------------------------------------------------------------------------------------------


def _changed(host: Any, params: Changed) -> Documents:
    """The documents as they would be. Raises Rejected, Conflict where they were made from others than those in use."""
    if params.base not in (None, host.documents.digest):
        raise Conflict(_problem("another-base", "/base"))
    found = {} if params.whole else contents(host.documents)
    for path, document in params.documents.items():
        _check(host, path, "documents")
        if document is None:
            found.pop(path, None)
        else:
            found[path] = (document if isinstance(document, str) else format_document(dict(document))).encode()
    for path, text in params.files.items():
        _check(host, path, "files")
        if text is None:
            found.pop(path, None)
            continue
        try:
            found[path] = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Rejected(_problem("bad-file", f"/files/{path}", path=path)) from None
    return load(found, Report(), engines=publishing.folders(host), sent=True)


def _judge(host: Any, app: Any) -> None:
    """Let each engine say what only the host may bring about, and not whoever publishes while the app runs (`judged`
    of its plan). What the folder of the app says is the host's word as well. Raises DefinitionError."""
    report = Report()
    for name, plan in app.plans.items():
        if not hasattr(plan, "judged"):
            continue
        standing = host.app.plans[name]
        if plan.judged(host, standing):
            for each in plan.judged(host, standing, *_by_the_folder(host, name)):
                report.add(each)
    report.raise_if_wrong()


def _held_whole(host: Any, app: Any) -> None:
    """Hold an `app.json` that is published anew to everything that is asked of it: of one that is in use already, some
    is told as a warning alone. Raises DefinitionError."""
    if app.documents.app.data != host.documents.app.data:
        report = Report()
        check_definition(app.documents.app, app, report)
        report.raise_if_wrong()


def _by_the_folder(host: Any, engine: str) -> list[Any]:
    """What an engine understands of the app's folder alone; nothing where it is whole only with what was published."""
    with suppress(DefinitionError):
        return [host.compile(host.standing.folder).plans[engine]]
    return []


def _check(host: Any, path: str, where: str) -> None:
    """Refuse what is no path within an app: it may be written into a folder some day."""
    known = (*publishing.folders(host), *COMPANIONS)
    parts = path.split("/")
    wrong = "\\" in path or ":" in path or any(each.startswith(".") or not each.strip() for each in parts)
    if wrong or (path != APP and (len(parts) < 2 or parts[0] not in known)):
        folders = ", ".join(f"{each}/" for each in known)
        raise Rejected(_problem("bad-path", f"/{where}/{path}", path=path, known=folders))


# -- what is refused --------------------------------------------------------------------------------------------------


def _problem(code: str, pointer: str = "", **values: Any) -> Problem:
    return Problem(f"app.{code}", WORDS[code], pointer, values)


def _finding(each: Diagnostic, locale: str | None) -> dict[str, Any]:
    place, (message, hint) = each.place, each.told(locale)
    return {
        "code": each.code, "document": place.document, "pointer": place.pointer, "line": place.line,
        "message": message, "hint": hint,
    }  # fmt: skip


def _unsealed(error: SealError) -> dict[str, Any]:
    """What is to be encrypted and this host has no keys for: the documents are as they should be, the host is not."""
    return {
        "code": "app.no-keys", "document": "app.json", "pointer": "", "line": 1, "message": str(error), "hint": "",
    }  # fmt: skip


def _wrong(each: Diagnostic) -> Problem:
    said = {tag: each.told(tag) for tag in ("en", "zh-CN")}
    message, hint = ({tag: pair[at] for tag, pair in said.items()} for at in (0, 1))
    words = _problem("wrong-documents", place=str(each.place), message=message, hint=hint)
    return Problem(each.code, words.message, each.place.pointer, words.values)


def _the_same(context: Context, made: Plan, seen: str) -> None:
    """Refuse when the plan is another than the one that was looked at."""
    if made.digest == seen:
        return
    with context.host.database.reading() as unit:
        last = versions.told(Hand(unit, within=False), 1)
    if not last:
        raise Conflict(_problem("stale-plan", "/plan"))
    at: datetime = last[0]["at"].astimezone(context.app.zone)
    who = _person(context, last[0]["actor"]) or APP_ITSELF
    raise Conflict(_problem("another-plan", "/plan", who=who, at=f"{at:%Y-%m-%d %H:%M}"))


def _person(context: Context, identity: int | None) -> str | None:
    user = context.host.directory().users.get(identity) if identity is not None else None
    return user.name if user is not None else None


def _published_here(context: Context) -> None:
    """Refuse to take back what came from a folder: its next start would bring it again."""
    with context.host.database.reading() as unit:
        hand = Hand(unit, within=False)
        top = versions.stack(hand)[-1:]
        if not top or "running" not in versions.kept(hand, top[0]):
            raise Conflict(_problem("nothing-to-undo"))


@contextmanager
def _refusing_documents() -> Iterator[None]:
    """What is wrong with documents, said to whoever publishes them."""
    try:
        yield
    except DefinitionError as error:
        raise Rejected([_wrong(each) for each in error.report if each.severity == "error"]) from None
    except SealError as error:
        found = _unsealed(error)
        raise Rejected(
            _problem("wrong-documents", place=found["document"], message=found["message"], hint=found["hint"])
        ) from None


@contextmanager
def _refusing(context: Context) -> Iterator[None]:
    """What publishing refuses, said to whoever asked."""
    try:
        yield
    except ConsentNeeded as error:
        needed = ", ".join(error.needed)
        raise Rejected(_problem("needs-consent", "/allow", needed=needed), needed=error.needed) from None
    except CannotApply as error:
        raise Rejected(
            [_problem("breaks-rows", step=effect.words, reason=each.words) for effect, each in error.findings]
        ) from None
    except ApplyStale:
        raise Conflict(_problem("stale-plan", "/plan")) from None
    except ApplyBusy:
        raise Unavailable(_problem("busy")) from None
    except publishing.CannotUndo as error:
        raise Conflict(Problem("app.cannot-undo", str(error))) from None


OPERATIONS = (
    Operation(
        "app.documents", documents, InUse, "administrator", False, {"en": "The definitions in use", "zh-CN": "当前定义"}
    ),
    Operation(
        "app.plan", plan, Changed, "administrator", False,
        {"en": "What publishing documents would do", "zh-CN": "预览发布内容"},
    ),
    Operation(
        "app.publish", publish, Publishing, "administrator", True,
        {"en": "Publish documents while the app runs", "zh-CN": "发布定义"}, outside=True,
    ),
    Operation(
        "app.plan_undo", plan_undo, Nothing, "administrator", False,
        {"en": "What taking back the last publication would do", "zh-CN": "预览撤销发布"},
    ),
    Operation(
        "app.undo", undo, Undoing, "administrator", True,
        {"en": "Take back the last publication", "zh-CN": "撤销上次发布"}, outside=True,
    ),
    Operation(
        "app.versions", listed, Nothing, "administrator", False,
        {"en": "The versions that were published", "zh-CN": "发布记录"},
    ),
)  # fmt: skip
