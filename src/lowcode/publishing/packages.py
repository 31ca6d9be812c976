"""Packages of an app: what there is to put in, what it brings, and the documents that an app has then, has no longer,
or has in their newer version. Nothing is done: what comes back is given to `app.plan` and `app.publish` like any other
change, with plan, consent and undo.

    made = host.ask(actor, "app.install_package", name="expenses")
    changed = {each: made[each] for each in ("base", "documents", "files")}
    seen = host.ask(actor, "app.plan", **changed)
    host.ask(actor, "app.publish", **changed, plan=seen["plan"], allow=seen["consents"])

A package comes with the library (`name`) or is sent as an archive (`archive`, a zip in base64). Nothing in one is
executed; one that is no app, or is wrong by itself, is refused with what is wrong.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from lowcode import packages
from lowcode.app import App, compile_app
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.definitions.documents import Name
from lowcode.kernel.definitions.packaging import Installed, Outcome, counted, install, installed, remove, update
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Report, nearest

MOST_BYTES = 8 * 2**20
"""So large an archive may be: definitions are text, and templates are small."""
TOLD = 20
WORDS = {
    "no-package": {
        "en": "there is no ready-made package '{name}'. {near}",
        "zh-CN": "没有名为“{name}”的应用包。{near}",
    },
    "which-package": {
        "en": "name a ready-made package, or send one as an archive; one of the two",
        "zh-CN": "请指定内置应用包的名称，或上传压缩包，二者选一",
    },
    "no-archive": {"en": "the archive is not written in base64", "zh-CN": "上传的压缩包不是 base64 编码"},
    "large-archive": {
        "en": "the archive has {size} bytes; a package has {most} at most",
        "zh-CN": "压缩包有 {size} 字节，应用包不能超过 {most} 字节",
    },
    "wrong-package": {"en": "{place}: {message}. {hint}", "zh-CN": "{place}：{message}。{hint}"},
    "wrong-archive": {"en": "the archive as a whole: {message}. {hint}", "zh-CN": "整个压缩包：{message}。{hint}"},
    "not-installed": {
        "en": "the package '{name}' is not in this app. {near}",
        "zh-CN": "应用中没有安装应用包“{name}”。{near}",
    },
    "installed-already": {
        "en": "the package '{name}' is in this app already; bring it to this version by an update",
        "zh-CN": "应用中已安装应用包“{name}”，请使用更新",
    },
    "file-taken": {
        "en": "the app has other files of these names: {paths}; call them otherwise, here or in the package",
        "zh-CN": "应用中已有同名但内容不同的文件：{paths}；请在应用或应用包中改名",
    },
    "unknown-document": {
        "en": "the package has no document '{path}'. {near}",
        "zh-CN": "应用包中没有文档“{path}”。{near}",
    },
}  # fmt: skip


class WhichPackage(Parameters):
    """A ready-made package by its name, or one that is sent: a zip archive in base64."""

    name: Name | None = None
    archive: str | None = None


class Installing(WhichPackage):
    """The same, with what documents of it are to be called here, and which roles of the app its roles are:
    `{"forms/task": "project_task", "roles/employee": "sales"}`."""

    names: Mapping[str, Name] = Field(default_factory=dict)


class Removing(Parameters):
    """A package that is in the app."""

    name: Name


class Updating(WhichPackage):
    """The newer version. `take`: of documents that both sides changed, whose counts, by path."""

    take: Mapping[str, Literal["mine", "theirs"]] = Field(default_factory=dict)


Prepared = Annotated[dict[str, Any], has(base=str, documents=dict, files=dict, collisions=list, clashes=list)]
"""What of the app would be other than it is, for `app.plan` and `app.publish`, and what stands in the way."""


def listed(context: Context, params: Nothing) -> Items:
    """The ready-made packages, and those that are in the app; each with what it brings, counted, and the version that
    the app has of it (`installed`), if any."""
    there = installed(context.app.documents)
    items = [_told(context, packages.package(name), there.get(name)) for name in packages.ready_made()]
    ready = {each["name"] for each in items}
    own: list[dict[str, Any]] = [
        {
            "name": each.name, "title": each.title, "description": "", "version": each.version, "ready": False,
            "installed": each.version, "newer": False, "counts": counted(each.documents),
        }
        for each in there.values() if each.name not in ready
    ]  # fmt: skip
    return {"items": [*items, *own]}


def look(
    context: Context, params: WhichPackage
) -> Annotated[dict[str, Any], has(name=str, version=str, forms=list[dict], documents=list[dict], counts=dict)]:
    """What a package brings: its forms with their fields, its other documents, roles and menus."""
    package = _package(params)
    app = _understood(context, package)
    forms = [
        {
            "name": name, "title": form.definition.title or name,
            "fields": [
                {"name": each.name, "title": each.title or each.name, "type": each.options_type}
                for each in form.record_type.fields.values()
            ],
        }
        for name, form in app.plans["forms"].forms.items()
    ]  # fmt: skip
    others = [
        {
            "folder": each.kind, "name": each.name, "title": each.data.get("title") or each.name,
            "type": each.data.get("type"), "form": each.data.get("form"),
        }
        for each in package if each is not package.app and each.kind != "forms"
    ]  # fmt: skip
    there = installed(context.app.documents)
    return {
        **_told(context, package, there.get(str(package.app.data["name"]))),
        "forms": forms, "documents": others, "roles": package.app.data.get("roles", []),
        "menus": package.app.data.get("menus", []),
    }  # fmt: skip


def installing(context: Context, params: Installing) -> Prepared:
    """The app with the package in it; or, as `collisions`, the documents whose names the app has already, each with a
    name that is free."""
    package = _package(params)
    app = _understood(context, package)
    name = str(package.app.data["name"])
    if name in installed(context.app.documents):
        raise Rejected(_problem("installed-already", "/name", name=name))
    known = {each.path.removesuffix(".json") for each in package if each is not package.app}
    known |= {f"roles/{each['name']}" for each in package.app.data.get("roles", ())}
    for path in params.names:
        if path not in known:
            raise Rejected(
                _problem("unknown-document", f"/names/{path}", path=path, near=nearest(path, known) or "")
            )  # fmt: skip
    made = install(package, app.scope.named, context.app.documents, params.names)
    if made.held:
        raise Rejected(_problem("file-taken", "/archive", paths=", ".join(made.held)))
    return _answer(context, made)


def removing(context: Context, params: Removing) -> Prepared:
    """The app without the package."""
    kept = _kept(context, params.name)
    return _answer(context, remove(kept, context.app.documents, context.app.scope.named))


def updating(context: Context, params: Updating) -> Prepared:
    """The app with another version of a package that is in it; or, as `clashes`, what both sides changed otherwise."""
    package = _package(params)
    app = _understood(context, package)
    kept = _kept(context, str(package.app.data["name"]))
    return _answer(context, update(package, app.scope.named, kept, context.app.documents, params.take))


# -- what was sent ----------------------------------------------------------------------------------------------------


def _package(params: WhichPackage) -> Documents:
    """The package that is meant. Raises Rejected."""
    if (params.name is None) == (params.archive is None):
        raise Rejected(_problem("which-package", "/name"))
    if params.name is not None:
        known = packages.ready_made()
        if params.name not in known:
            raise NotFound(
                _problem("no-package", "/name", name=params.name, near=nearest(params.name, known) or "")
            )  # fmt: skip
        return packages.package(params.name)
    assert params.archive is not None
    if len(params.archive) * 3 // 4 > MOST_BYTES:
        size = len(params.archive) * 3 // 4
        raise Rejected(_problem("large-archive", "/archive", size=size, most=MOST_BYTES))
    try:
        content = base64.b64decode(params.archive, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected(_problem("no-archive", "/archive")) from None
    report = Report()
    found = load(content, report, sent=True)
    _refuse(report)
    return found


def _understood(context: Context, package: Documents) -> App:
    """The package as an app of its own. Raises Rejected with what is wrong with it."""
    host: Any = context.host

    def understand() -> App:
        report = Report()
        app = compile_app(package, host.engines, host.operations, prefix="x_", report=report, kinds=host.kinds)
        _refuse(report)
        assert app is not None
        return app

    found: App = host.cached(("package", package.digest), understand)
    return found


def _refuse(report: Report) -> None:
    wrong = list(report.errors)[:TOLD]
    if wrong:
        raise Rejected([_wrong(each) for each in wrong])


def _wrong(finding: Any) -> Problem:
    said = {tag: finding.told(tag) for tag in ("en", "zh-CN")}
    message, hint = ({tag: pair[at] for tag, pair in said.items()} for at in (0, 1))
    place = str(finding.place)
    words = WORDS["wrong-package" if place else "wrong-archive"]
    return Problem(finding.code, words, "/archive", {"place": place, "message": message, "hint": hint})


def _kept(context: Context, name: str) -> Installed:
    there = installed(context.app.documents)
    if name not in there:
        raise NotFound(_problem("not-installed", "/name", name=name, near=nearest(name, there) or ""))
    return there[name]


# -- what is told -----------------------------------------------------------------------------------------------------


def _told(context: Context, package: Documents, there: Installed | None) -> dict[str, Any]:
    said = package.app.data
    version = str(said.get("version", "0"))
    return {
        "name": said["name"], "title": said.get("title") or said["name"], "description": said.get("description", ""),
        "version": version, "ready": said["name"] in packages.ready_made(),
        "installed": there.version if there is not None else None,
        "newer": there is not None and there.version != version,
        "counts": counted({each.path: each.data for each in package if each is not package.app}),
    }  # fmt: skip


def _answer(context: Context, made: Outcome) -> dict[str, Any]:
    return {
        "base": context.app.documents.digest,
        "documents": made.documents,
        "files": {
            path: base64.b64encode(content).decode() if content is not None else None
            for path, content in made.files.items()
        },
        "collisions": [{"path": each.path, "title": each.title, "free": each.free} for each in made.collisions],
        "clashes": list(_clashes(made)),
    }


def _clashes(made: Outcome) -> Iterator[dict[str, Any]]:
    for path, found in made.clashes.items():
        yield {"path": path, "clashes": [each.told() for each in found]}


def _problem(code: str, pointer: str, **values: Any) -> Problem:
    return Problem(f"app.{code}", WORDS[code], pointer, values)


OPERATIONS = (
    Operation(
        "app.packages", listed, Nothing, "administrator", False,
        {"en": "Ready-made packages, and those that are installed", "zh-CN": "应用包"},
    ),
    Operation(
        "app.package", look, WhichPackage, "administrator", False,
        {"en": "What a package brings", "zh-CN": "查看应用包的内容"},
    ),
    Operation(
        "app.install_package", installing, Installing, "administrator", False,
        {"en": "The documents of the app with a package in it", "zh-CN": "准备安装应用包"},
    ),
    Operation(
        "app.remove_package", removing, Removing, "administrator", False,
        {"en": "The documents of the app without a package", "zh-CN": "准备卸载应用包"},
    ),
    Operation(
        "app.update_package", updating, Updating, "administrator", False,
        {"en": "The documents of the app with a newer version of a package", "zh-CN": "准备更新应用包"},
    ),
)  # fmt: skip
