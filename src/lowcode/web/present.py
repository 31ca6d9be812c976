"""Records as they leave the process: links with the words that name them, people by name, everything as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.link_any import parts
from lowcode.kernel.records.operations import label_of
from lowcode.kernel.records.plan import SYSTEM_SHAPES, RecordType
from lowcode.kernel.records.show import plain
from lowcode.kernel.storage.files import files_of

PEOPLE = ("owner", "created_by", "updated_by")


class Presenter:
    """Shows records of one type in one context; labels are fetched set-wise, once per target.

    `stored_json`: the values come from the history, where they are JSON already."""

    def __init__(self, context: Any, record_type: RecordType, *, stored_json: bool = False) -> None:
        self.context = context
        self.stored_json = stored_json
        self.record_type = record_type
        self.shapes = context.app.scope.shapes.records

    def show(self, records: Sequence[Mapping[str, Any]], *, labels: bool = True) -> list[dict[str, Any]]:
        """The records as JSON values, each with `_label`."""
        names = {name: self._linked(name) for record in records[:1] for name in record}
        targets: dict[str, set[int]] = {}
        files: set[int] = set()
        for record in records:
            for name, value in record.items():
                self._collect(self.record_type, name, names.get(name), value, targets, files)
        if labels:
            targets.setdefault(self.record_type.name, set()).update(
                record["id"] for record in records if "id" in record
            )
        words = {target: label_of(self.context, target, sorted(ids)) for target, ids in targets.items()}
        kept = files_of(self.context, files) if files else {}
        shown = []
        for record in records:
            one = {
                name: self._shown(self.record_type, name, names.get(name), value, words, kept)
                for name, value in record.items()
                if name != "deleted_at"
            }
            if labels and "id" in record:
                one["_label"] = words[self.record_type.name].get(record["id"], str(record["id"]))
            shown.append(one)
        return shown

    def _linked(self, path: str) -> str | None:
        """The record type a path's values point at, if they do."""
        type_ = self._type(self.record_type.name, path)
        if type_ is None or path == "id":
            return None
        return type_.target if type_.kind in ("record", "user") else (type_.record if type_.kind == "rows" else None)

    def _type(self, start: str, path: str) -> Type | None:
        current: str | None = start
        type_: Type | None = None
        for name in path.split("."):
            shape = self.shapes.get(current or "")
            if shape is None or name not in shape.fields:
                return SYSTEM_SHAPES[name].type if name in SYSTEM_SHAPES else None
            type_ = shape.fields[name].type
            current = type_.record or ("user" if type_.kind == "user" else None)
        return type_

    def _collect(
        self,
        owner: RecordType,
        name: str,
        target: str | None,
        value: Any,
        targets: dict[str, set[int]],
        files: set[int],
    ) -> None:
        field = owner.fields.get(name)
        if value is None:
            return
        if field is not None and field.options_type == "link_any":
            form, identity = parts(value)
            targets.setdefault(form, set()).add(identity)
        elif field is not None and field.options_type in ("attachment", "image"):
            files.update(value)
        elif field is not None and field.rows is not None:
            for row in value:
                for inner, each in row.items():
                    other = field.rows.fields.get(inner)
                    self._collect(field.rows, inner, other.target if other else None, each, targets, files)
        elif target is not None:
            targets.setdefault(target, set()).update(_ids(value))

    def _shown(
        self, owner: RecordType, name: str, target: str | None, value: Any,
        words: Mapping[str, Mapping[int, str]], files: Mapping[int, Any],
    ) -> Any:  # fmt: skip
        if value is None:
            return None
        field = owner.fields.get(name)
        if field is not None and field.options_type in ("attachment", "image"):
            return [files[each] for each in value if each in files]
        if field is not None and field.options_type == "link_any":
            form, identity = parts(value)
            return {"form": form, "id": identity, "label": words.get(form, {}).get(identity, str(identity))}
        if field is not None and field.rows is not None:
            return [
                {
                    inner: self._shown(
                        field.rows, inner, field.rows.fields[inner].target if inner in field.rows.fields else None,
                        each, words, files,
                    )
                    for inner, each in row.items()
                }
                for row in value
            ]  # fmt: skip
        if target is not None:
            found = words.get(target, {})
            if isinstance(value, (list, tuple)):
                return [{"id": each, "label": found.get(each, str(each))} for each in value]
            return {"id": value, "label": found.get(value, str(value))}
        if field is not None and field.kind is not None and not field.computed and not self.stored_json:
            return field.kind.show(value, field.options)
        return plain(value)


def _ids(value: Any) -> Iterable[int]:
    return value if isinstance(value, (list, tuple)) else (value,)
