"""The generated pages: every kind of document with its keys, every function, every message.

They are written from the models, the table of functions and the catalogues, by `./dev docs`; a test holds them fresh.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.say import ROOT

DEFINITIONS, DIAGNOSTICS, EXTENDING = "docs/definitions", "docs/diagnostics", "docs/extending"
NOTE = "<!-- Written by `./dev docs` from the code; do not edit. -->\n"
FOLDERS = {
    "": "The app as a whole",
    "forms": "Forms",
    "flows": "Flows",
    "rules": "Rules and decision tables",
    "reports": "Reports, datasets, funnels and dashboards",
    "printing": "Print templates",
    "api": "Intakes, webhooks, connectors and ways to sign in",
}
FORMATS = {
    "lowcode-text": "text, or texts by language",
    "lowcode-template": "text with `{{ expressions }}`, or such by language",
    "lowcode-file": "path of a file, or paths by language",
    "lowcode-expression": "[expression](functions.md)",
}


def pages() -> dict[str, str]:
    """Every generated page by its path."""
    return {**definitions(), f"{DEFINITIONS}/functions.md": functions(), **diagnostics(), **extending()}


def write() -> None:
    """Write what is not fresh, and remove what is no longer generated."""
    made = pages()
    for path, text in made.items():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8", newline="\n")
    for file in committed():
        if file.relative_to(ROOT).as_posix() not in made:
            file.unlink()


def committed() -> Iterator[Path]:
    """The generated pages that are there."""
    for folder in (DEFINITIONS, DIAGNOSTICS, EXTENDING):
        for file in sorted((ROOT / folder).glob("*.md")):
            if NOTE in file.read_text(encoding="utf-8"):
                yield file


# -- documents --------------------------------------------------------------------------------------------------------


def definitions() -> dict[str, str]:
    from lowcode.cli.models import every_model
    from lowcode.kernel.definitions.schema import schema_of

    made = {}
    lines = [
        "# What may be written",
        NOTE,
        "Each folder of an app holds documents of one engine; every file is one JSON object.",
        "",
    ]
    lines += ["| folder | documents |", "|---|---|"]
    for folder, kinds in every_model().items():
        if folder == "tests":
            lines.append("| `tests/` | [stories that test the app](tests.md) |")
            continue
        page = f"{folder or 'app'}.md"
        named = ", ".join(f"[`{kind}`]({page}#{kind})" for kind in kinds)
        lines.append(f"| {f'`{folder}/`' if folder else '`app.json`'} | {named} |")
        text = [f"# {FOLDERS.get(folder, folder.capitalize())}", NOTE]
        for kind, model in kinds.items():
            text += document(kind, schema_of(model))
        made[f"{DEFINITIONS}/{page}"] = "\n".join(text).rstrip() + "\n"
    lines += [
        "", "Every document may also carry keys that begin with `x-`: they are the author's own and are not read.",
        "Expressions call [these functions](functions.md).",
        "What can be wrong is listed under [messages](../diagnostics/README.md).",
    ]  # fmt: skip
    made[f"{DEFINITIONS}/README.md"] = "\n".join(lines) + "\n"
    return made


def document(kind: str, schema: Mapping[str, Any]) -> Iterator[str]:
    parts = schema.get("$defs", {})
    yield f"## {kind}"
    yield ""
    yield from model(schema, parts, kind)
    for name, part in sorted(parts.items()):
        if part.get("type") == "object" and "properties" in part:
            tag = part["properties"].get("type", {}).get("const")
            yield f"### {kind}: {f'`{tag}`' if tag else words_of(name)}"
            yield ""
            yield f'<a id="{anchor(kind, name)}"></a>'
            yield ""
            yield from model(part, parts, kind)


def model(part: Mapping[str, Any], parts: Mapping[str, Any], kind: str) -> Iterator[str]:
    if part.get("description"):
        yield " ".join(str(part["description"]).split())
        yield ""
    needed = part.get("required", ())
    yield "| key | value | when left out | meaning |"
    yield "|---|---|---|---|"
    for name, value in part.get("properties", {}).items():
        missing = "**required**" if name in needed else default(value)
        meaning = cell(" ".join(str(value.get("description", "")).split()))
        if meaning.startswith(("An expression of the one language", "An expression, such as")):
            meaning = ""
        yield f"| `{name}` | {cell(kind_of(value, parts, kind))} | {cell(missing)} | {meaning} |"
    yield ""


def kind_of(value: Mapping[str, Any], parts: Mapping[str, Any], kind: str) -> str:
    """A value in an author's words."""
    if value.get("format") in FORMATS:
        return FORMATS[value["format"]]
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        part = parts.get(name, {})
        if part.get("type") == "object" and "properties" in part:
            tag = part["properties"].get("type", {}).get("const")
            return f"[{f'`{tag}`' if tag else words_of(name)}](#{anchor(kind, name)})"
        return kind_of(part, parts, kind) if part else words_of(name)
    if "const" in value:
        return f"`{json.dumps(value['const'], ensure_ascii=False)}`"
    if "enum" in value:
        return " or ".join(f"`{json.dumps(each, ensure_ascii=False)}`" for each in value["enum"])
    for union in ("anyOf", "oneOf"):
        if union in value:
            found = [kind_of(each, parts, kind) for each in value[union] if each.get("type") != "null"]
            return ", or ".join(dict.fromkeys(found))
    match value.get("type"):
        case "array":
            return f"list of {kind_of(value.get('items', {}), parts, kind)}"
        case "object" if isinstance(value.get("additionalProperties"), dict):
            return f"object: each value {kind_of(value['additionalProperties'], parts, kind)}"
        case "integer" | "number" as number:
            return ("whole number" if number == "integer" else "number") + limits(value)
        case "string":
            return "text" + (f" like `{value['pattern']}`" if "pattern" in value else "")
        case "boolean":
            return "`true` or `false`"
        case "object":
            return "object"
    return "anything"


def limits(value: Mapping[str, Any]) -> str:
    low = value.get("minimum", value.get("exclusiveMinimum"))
    high = value.get("maximum", value.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f", {low} or more" if low is not None else f", at most {high}" if high is not None else ""


def default(value: Mapping[str, Any]) -> str:
    if value.get("default") in (None, "", [], {}) or isinstance(value.get("default"), (dict, list)):
        return "–"
    return f"`{json.dumps(value['default'], ensure_ascii=False)}`"


def words_of(name: str) -> str:
    """A model's name as words: `SpanDocument` is `span`."""
    for ending in ("Definition", "Document", "Options"):
        name = name.removesuffix(ending)
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def anchor(kind: str, name: str) -> str:
    return f"{kind}-{name}".lower()


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# -- functions --------------------------------------------------------------------------------------------------------


def functions() -> str:
    from lowcode.kernel.expressions.functions import AGGREGATES, FORMS, catalogue
    from lowcode.kernel.expressions.functions.declaration import Determinism

    lines = ["# Functions of expressions", NOTE]
    lines += [
        "One language serves formulas, conditions, permissions, branches, measures and texts.",
        "A name in lower case is a field (`customer.owner.region` follows links); functions are in capitals.",
        "Blank values spread as the column says: *strict* gives blank for a blank argument and never else;",
        "*partial* may give blank besides; *never* and *open* take blanks, and *never* gives none.",
        "", "## Forms of the language", "", "| written | meaning |", "|---|---|",
        *(f"| `{name}({arguments})` | {summary} |" for name, (arguments, summary) in FORMS.items()),
        "", "## Functions", "", "| written | gives | blanks | runs in | meaning |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for name, one in sorted(catalogue().items()):
        shown = ", ".join(
            each.name + ("?" if each.optional else "") + ("…" if each.repeated else "") for each in one.parameters
        )
        places = [
            place
            for place, there in (("server", True), ("PostgreSQL", one.postgresql), ("browser", one.javascript))
            if there
        ]
        result = one.result if isinstance(one.result, str) else "by its arguments"
        notes = " Over rows too." if name in AGGREGATES else ""
        notes += " Depends on the day, the hour or the person." if one.determinism is Determinism.VOLATILE else ""
        lines.append(
            f"| `{name}({shown})` | {result} | {one.blanks.value} | {', '.join(places)} | {one.summary}{notes} |"
        )
    return "\n".join(lines) + "\n"


# -- extension points -------------------------------------------------------------------------------------------------

TUTORIALS = {
    "field": ("A field type of your own", "lower_case"),
    "function": ("A function of your own", "turned"),
    "node": ("A flow node of your own", "put_text"),
    "action": ("A rule action of your own", "append_line"),
    "chart": ("A chart of your own", "thermometer"),
    "block": ("A print block of your own", "marked"),
    "output": ("A print output of your own", "words"),
    "scorer": ("A scorer of your own", "alike"),
    "analyser": ("An analyser of your own", "shouting"),
    "reviewer": ("A reviewer of your own", "careful"),
    "connector": ("A connector of your own", "chat_room"),
    "sign_in": ("A way to sign in of your own", "ticket_office"),
    "engine": ("An engine of your own", "snippets"),
}
"""The title of each tutorial, and the name its example has."""


def extending() -> dict[str, str]:
    """A tutorial per extension point: what there is to know, and what `lowcode new kind` writes."""
    from lowcode.cli import scaffold

    made = {}
    for sort, (title, name) in TUTORIALS.items():
        files = scaffold.files(sort, name)
        text = [f"# {title}", NOTE, scaffold.lore(sort).strip(), ""]
        text += [f"`lowcode new kind {sort} {name}` writes a module to begin with, `{name}.py`:", ""]
        text += ["```python", files[f"{name}.py"].strip(), "```", "", f"and its test, `test_{name}.py`:", ""]
        text += ["```python", files[f"test_{name}.py"].strip(), "```", ""]
        text += ["How a host is given it, alone or with others as a package: [plug-ins](README.md)."]
        made[f"{EXTENDING}/{sort}.md"] = "\n".join(text) + "\n"
    return made


# -- messages ---------------------------------------------------------------------------------------------------------


def diagnostics() -> dict[str, str]:
    made = {}
    lines = ["# Messages about definitions", NOTE]
    lines += [
        "`lowcode check APP` tells everything that is wrong at once: place, what was seen, and the cure.",
        "Each message has a code made of words; the part before the dot names the engine or room that speaks.", "",
        "| codes | of |", "|---|---|",
    ]  # fmt: skip
    examples = wrong_definitions()
    for prefix, catalogue in sorted(catalogues().items()):
        lines.append(f"| [`{prefix}.…`]({prefix}.md) | {len(catalogue)} messages |")
        text = [f"# Messages of {prefix}", NOTE]
        for code, message in catalogue.items():
            text += [f"## {code}", "", f"*{message.severity}*: {literal(message.text)}", "", literal(message.cause), ""]
            if message.hint:
                text += [f"Cure: {literal(message.hint)}", ""]
            if code in examples:
                text += [*examples[code], ""]
        made[f"{DIAGNOSTICS}/{prefix}.md"] = "\n".join(text).rstrip() + "\n"
    lines.append("| [`expressions.…`](expressions.md) | the expression language |")
    made[f"{DIAGNOSTICS}/expressions.md"] = expression_messages()
    made[f"{DIAGNOSTICS}/README.md"] = "\n".join(lines) + "\n"
    return made


def catalogues() -> dict[str, Any]:
    """Every catalogue of the library by its prefix."""
    import lowcode
    from lowcode.kernel.diagnostics import Catalogue

    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(lowcode.__path__, "lowcode."):
        if not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Catalogue):
                    found.setdefault(value.prefix, value)
    return found


def wrong_definitions() -> dict[str, list[str]]:
    """For each code the first case of the corpus of wrong definitions that provokes it, as a person reads it."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests" / "definitions" / "wrong").glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        for finding in case["findings"]:
            if finding["code"] in found:
                continue
            place = finding["document"] + (f":{finding['line']}" if finding["line"] else "")
            shown = f"{place} {finding['pointer']}".strip() + f": {finding['message']} [{finding['code']}]"
            found[finding["code"]] = [
                f"For example, {case['rule']}:", "", "```text", shown, f"    fix: {finding['hint']}", "```",
            ]  # fmt: skip
    return found


def expression_messages() -> str:
    """The codes of the expression language, each with a case of the corpus that provokes it."""
    from lowcode.kernel.expressions import ExpressionError
    from tests.conformance.expressions.support import cases

    rows: dict[str, str] = {}
    for case in cases():
        if "error" not in case.wanted:
            continue
        try:
            case.compile()
        except ExpressionError as error:
            for each in error.problems:
                hint = f" {each.hint}" if each.hint else ""
                rows.setdefault(
                    each.code, f"| `{each.code}` | `{cell(case.expression)}` | {cell(each.message + hint)} |"
                )
    lines = ["# Messages of expressions", NOTE]
    lines += [
        "Each tells the line and column inside the expression; in a document, the place of the expression besides.",
        "",
    ]
    lines += ["| code | written | told |", "|---|---|---|", *(rows[code] for code in sorted(rows))]
    return "\n".join(lines) + "\n"


def literal(text: str) -> str:
    """A message's template as the page shows it: doubled braces are braces."""
    return text.replace("{{", "{").replace("}}", "}").replace("<", "&lt;")
