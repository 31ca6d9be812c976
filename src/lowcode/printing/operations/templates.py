"""Uploading templates: looked at, tried on a record, saved as a version, compared, taken back, taken along."""

from __future__ import annotations

import difflib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import File, Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.printing.compile import OFFICE
from lowcode.printing.diagnostics import problem, wrong_template
from lowcode.printing.operations.drafting import every_draft
from lowcode.printing.operations.inspecting import Inspecting, UploadedParameters
from lowcode.printing.operations.own import in_use, understand, uploaded
from lowcode.printing.operations.permitting import plans_of
from lowcode.printing.tables import own_template

versions_of = (
    sa.select(own_template)
    .where(own_template.c.name == sa.bindparam("of_name"))
    .order_by(own_template.c.version.desc())
)
NAME = r"^[a-z][a-z0-9_]{0,59}$"


class SaveParameters(UploadedParameters):
    """What was looked at, under a name; with an old name it is a new version."""

    name: str = Key(pattern=NAME)
    note: str = Key("", max_length=500)


class NamedParameters(Parameters):
    """An uploaded template, perhaps in one of its versions."""

    name: str
    version: int | None = None


class Templates:
    """The operations of whoever looks after templates."""

    def __init__(self, inspecting: Inspecting) -> None:
        self._inspecting = inspecting

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        only: dict[str, Any] = {"access": "administrator"}
        words = {"en": "Templates of the app and uploaded ones", "zh-CN": "打印模板列表"}
        yield Operation("printing.templates", self.listed, writes=False, summary=words, **only)
        words = {"en": "Save an uploaded template", "zh-CN": "保存上传的模板"}
        yield Operation("printing.save_template", self.save, SaveParameters, summary=words, **only)
        words = {"en": "Versions of an uploaded template", "zh-CN": "模板版本"}
        yield Operation(
            "printing.template_versions", self.versions, NamedParameters, writes=False, summary=words, **only
        )
        words = {"en": "Use an earlier version again", "zh-CN": "恢复模板版本"}
        yield Operation("printing.restore_template", self.restore, NamedParameters, summary=words, **only)
        words = {"en": "Take a template out of use", "zh-CN": "停用模板"}
        yield Operation("printing.retire_template", self.retire, NamedParameters, summary=words, **only)
        words = {"en": "An uploaded template as files of an app", "zh-CN": "导出模板"}
        yield Operation("printing.export_template", self.export, NamedParameters, writes=False, summary=words, **only)

    def listed(self, context: Context, _: Any) -> Items:
        """All of them and the drafts there are; of an uploaded one its version and what is wrong with it by now."""
        plans = plans_of(context)
        items: list[dict[str, Any]] = [
            {"name": plan.name, "title": plan.title, "form": plan.form, "source": "app", "outputs": list(plan.outputs),
             "kind": _sort(plan.document), "draft": None}
            for name, plan in sorted(plans.templates.items()) if name not in plans.own
        ]  # fmt: skip
        known = {each["name"]: each for each in items}
        for row in context.unit.fetch(every_draft):
            draft = {name: row[name] for name in ("revision", "made_at")}
            if row["name"] in known:
                known[row["name"]]["draft"] = draft
            else:
                title = json.loads(row["document"]).get("title") or row["name"]
                items.append({"name": row["name"], "title": title, "form": row["form"], "source": "draft",
                              "outputs": [], "kind": "blocks", "draft": draft})  # fmt: skip
        for row in context.unit.fetch(in_use):
            _, report = understand(context, plans, row)
            about = {name: row[name] for name in ("name", "version", "form", "kind", "file_name", "retired", "made_at")}
            wrong = [each.message for each in report if each.severity == "error"]
            hidden = row["name"] in plans.templates and row["name"] not in plans.own
            items.append({**about, "title": row["document"].get("title", row["name"]), "source": "own", "wrong": wrong,
                          "in_app": hidden})  # fmt: skip
        return {"items": items}

    def save(self, context: Context, params: SaveParameters) -> Annotated[dict[str, Any], has(name=str, version=int)]:
        """Keep a version. Raises Rejected where something in it is wrong, or the name is one of the app's."""
        plans = plans_of(context)
        if params.name in plans.templates and params.name not in plans.own:
            raise Rejected(problem("name-taken", "/name", seen=params.name))
        looked = self._inspecting.look(context, params)
        if looked.plan is None or any(each.severity == "error" for each in looked.findings):
            raise wrong_template(looked.findings, "/file")
        self._inspecting.tried(context, looked, params)
        host: Any = context.host
        return self._insert(
            context, name=params.name, form=params.form, kind=looked.kind, document=looked.document, path=looked.path,
            content=host.files.put(looked.content), file_name=looked.file_name, note=params.note, retired=False,
        )  # fmt: skip

    def versions(self, context: Context, params: NamedParameters) -> Items:
        """Its versions, the newest first, each with what is different from the one before."""
        rows = self._rows(context, params.name)
        ids = tuple({row["made_by"] for row in rows if row["made_by"] is not None})
        people = context.ask("records.label", type="user", ids=ids) if ids else {}
        texts = [list(self._inspecting.lines_of(context, row)) for row in rows]
        items = []
        for place, row in enumerate(rows):
            before = texts[place + 1] if place + 1 < len(rows) else texts[place]
            items.append({
                **{name: row[name] for name in ("version", "file_name", "note", "retired", "made_at")},
                "made_by": people.get(row["made_by"], ""), "changes": _changes(before, texts[place]),
            })  # fmt: skip
        return {"items": items}

    def restore(
        self, context: Context, params: NamedParameters
    ) -> Annotated[dict[str, Any], has(name=str, version=int)]:
        """An earlier version once more, as a new one."""
        row = self._row(context, params)
        kept = {name: row[name] for name in ("name", "form", "kind", "document", "path", "content", "file_name")}
        return self._insert(context, **kept, note=f"↺ {row['version']}", retired=False)

    def retire(
        self, context: Context, params: NamedParameters
    ) -> Annotated[dict[str, Any], has(name=str, version=int)]:
        """Offer it no longer; its versions stay, and what was printed with them can be made again."""
        row = self._row(context, NamedParameters(name=params.name))
        kept = {name: row[name] for name in ("name", "form", "kind", "document", "path", "content", "file_name")}
        return self._insert(context, **kept, note="", retired=True)

    def export(self, context: Context, params: NamedParameters) -> File:
        """The definition and its file, as they stand in the folder of an app."""
        row = self._row(context, params)
        host: Any = context.host
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            written = json.dumps(row["document"], ensure_ascii=False, indent=2) + "\n"
            archive.writestr(zipfile.ZipInfo(f"printing/{row['name']}.json", (1980, 1, 1, 0, 0, 0)), written)
            archive.writestr(zipfile.ZipInfo(row["path"], (1980, 1, 1, 0, 0, 0)), host.files.get(row["content"]))
        name = f"{row['name']}-{row['version']}.zip"
        return {"name": name, "media_type": "application/zip", "content": raw.getvalue()}

    def _insert(self, context: Context, **values: Any) -> dict[str, Any]:
        rows = context.unit.fetch(versions_of, of_name=values["name"])
        version = rows[0]["version"] + 1 if rows else 1
        uploaded(context)
        context.unit.insert(
            own_template, **values, version=version, made_by=context.actor.id, made_at=context.now()
        )  # fmt: skip
        return {"name": values["name"], "version": version}

    def _rows(self, context: Context, name: str) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = list(context.unit.fetch(versions_of, of_name=name))
        if not rows:
            raise NotFound(problem("no-template", template=name))
        return rows

    def _row(self, context: Context, params: NamedParameters) -> Mapping[str, Any]:
        for row in self._rows(context, params.name):
            if params.version in (None, row["version"]):
                return row
        raise NotFound(problem("no-template", template=f"{params.name} {params.version}"))


def _sort(document: Mapping[str, Any]) -> str:
    """What a template is made of: blocks, or an office file that somebody made."""
    first = document["body"][0]["type"]
    return first if first in OFFICE else "blocks"


def _changes(before: list[str], after: list[str]) -> list[str]:
    """Lines that went (`-`) and came (`+`), at most a page of them."""
    return list(_different(before, after))[:200]


def _different(before: list[str], after: list[str]) -> Iterator[str]:
    for line in difflib.ndiff(before, after):
        if line[:2] in ("- ", "+ "):
            yield line
