"""JSON Schema (draft 2020-12) of every document kind: generated from the models, for editors and for the gate.

`models` is always `{folder: {kind: model}}`, as engines declare them: one schema per kind (`form.schema.json`); a
folder with several kinds also gets one that chooses by `type` (`rules.schema.json`). `app.json` has the folder "".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from lowcode.kernel.definitions.models import branches

Models = Mapping[str, Mapping[str, Any]]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(model: Any) -> dict[str, Any]:
    """The JSON Schema of one model or annotation."""
    schema = TypeAdapter(model).json_schema(by_alias=True, mode="validation")
    _without_noise(schema)
    return {"$schema": DIALECT, **schema}


def schemas(models: Models) -> dict[str, dict[str, Any]]:
    """Every schema by file name."""
    files: dict[str, dict[str, Any]] = {}
    for folder, kinds in models.items():
        for kind, model in kinds.items():
            files[f"{kind}.schema.json"] = schema_of(model)
        if len(kinds) > 1:
            files[f"{folder}.schema.json"] = _chooser(folder, kinds)
    return files


def schema_file(models: Models, folder: str) -> str | None:
    """The name of the schema file that describes every document of a folder."""
    kinds = models.get(folder)
    if not kinds:
        return None
    return f"{folder if len(kinds) > 1 else next(iter(kinds))}.schema.json"


def write_schemas(folder: Path, models: Models) -> list[Path]:
    """Write every schema into a folder; returns the files, whether changed or not."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas(models).items():
        path = folder / name
        text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
        written.append(path)
    return written


def editor_settings(models: Models, schemas_at: str) -> dict[str, Any]:
    """The VS Code setting that gives every document of an app its schema (`.vscode/settings.json`)."""
    associations = []
    for folder in models:
        pattern = f"/{folder}/**/*.json" if folder else "/app.json"
        associations.append({"fileMatch": [pattern], "url": f"{schemas_at.rstrip('/')}/{schema_file(models, folder)}"})
    return {"json.schemas": associations}


def _chooser(folder: str, kinds: Mapping[str, Any]) -> dict[str, Any]:
    """A schema that takes the kind named by `type`; where it is left out, the kind whose `type` has a default."""
    tags = {kind: list(_tags(model)) for kind, model in kinds.items()}
    rules = []
    for kind, words in tags.items():
        named = {"properties": {"type": {"enum": [word for word, _ in words]}}, "required": ["type"]}
        unnamed = [{"not": {"required": ["type"]}}] if any(default for _, default in words) else []
        condition: dict[str, Any] = {"anyOf": [named, *unnamed]} if unnamed else named
        rules.append({"if": condition, "then": {"$ref": f"{kind}.schema.json"}})
    every = [word for words in tags.values() for word, _ in words]
    return {
        "$schema": DIALECT,
        "title": folder,
        "type": "object",
        "properties": {"type": {"enum": every, "description": "Which kind of document this is."}},
        "allOf": rules,
    }


def _tags(model: Any) -> Iterator[tuple[str, bool]]:
    """The words of `type` a model stands for, and whether each is its default."""
    for each in branches(model):
        field = each.model_fields.get("type") if issubclass(each, BaseModel) else None
        for word in get_args(field.annotation) if field is not None else ():
            yield str(word), field is not None and field.default == word


def _without_noise(schema: Any) -> None:
    """Take out the titles pydantic makes from field names: an editor would show them instead of the description."""
    if isinstance(schema, list):
        for each in schema:
            _without_noise(each)
    elif isinstance(schema, dict):
        for name, value in schema.items():
            if name == "properties" and isinstance(value, dict):
                for each in value.values():
                    if isinstance(each.get("title"), str):
                        del each["title"]
                    _without_noise(each)
            elif name == "$defs":
                _without_noise(list(value.values()))
            elif name not in ("default", "const", "enum", "examples"):
                _without_noise(value)
