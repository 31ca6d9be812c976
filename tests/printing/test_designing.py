"""What the designer of templates asks: blocks from the registry, findings at their place, pages, drafts to publish."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.storage import files
from lowcode.printing.blocks.words import CHOICES, GROUPS, OPTIONS
from tests.api.app import Shop
from tests.support import pixels

FIRM = Path(__file__).parent / "firm"
CRM = sorted((Path(__file__).parents[2] / "examples/crm_app/printing").glob("*.json"))
ASKS_MORE = {"when", "chart", "image", "word", "excel"}
"""Kinds whose new block asks for something this firm has not: a condition, a report, a picture, a file."""


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A firm with quotations."""
    with Host(str(FIRM), "sqlite://") as opened:
        opened.publish()
        yield opened


def written(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A template of quotations."""
    return {"name": "mine", "form": "quote", "body": list(body), **more}


@pytest.mark.requirement("T5")
def test_every_kind_begins_as_a_block_the_checker_takes(host: Host) -> None:
    """The palette is the registry; a new block is whole, or what it lacks is said at its place."""
    palette = host.ask(APP, "printing.palette", form="quote")
    kinds = {each["name"]: each for each in palette["kinds"]}
    assert set(kinds) == set(host.kinds["block"].names)
    assert {each["group"] for each in kinds.values()} <= {*GROUPS, "whole"}
    for name, kind in kinds.items():
        assert kind["begin"]["type"] == name and {"zh-CN", "en"} == set(kind["title"])
        found = host.ask(APP, "printing.check", document=written(kind["begin"]))["findings"]
        wrong = [each for each in found if each["severity"] == "error"]
        assert all(each["pointer"].startswith("/body/0") or name in ("word", "excel") for each in wrong), found
        assert not wrong or name in ASKS_MORE, (name, wrong)


def test_options_and_choices_have_words(host: Host) -> None:
    """In both languages, for whatever the built-in models let be written."""
    schema = host.ask(APP, "printing.palette", form="quote")["schema"]
    parts = [schema, *schema["$defs"].values()]
    assert {name for part in parts for name in part.get("properties", ())} <= OPTIONS.keys()
    plain = {"A3", "A4", "A5", "B5", "Letter"}  # what they are called everywhere
    assert set(_choices(schema)) - plain <= CHOICES.keys()
    assert all({"zh-CN", "en"} == set(each) for words in (OPTIONS, CHOICES, GROUPS) for each in words.values())


def _choices(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for each in value.get("enum", ()) if isinstance(each, str))
        for each in value.values():
            yield from _choices(each)
    elif isinstance(value, list):
        for each in value:
            yield from _choices(each)


@pytest.mark.requirement("T5")
def test_a_finding_stands_at_its_block(host: Host) -> None:
    """With the nearest name, for what is deep inside as well."""
    table = {"type": "table", "rows": "items", "columns": [{"value": "code"}, {"value": "prise"}]}
    document = written({"type": "keep", "body": [table]}, page={"footer": [{"type": "text", "text": "{{ nmber }}"}]})
    found = host.ask(APP, "printing.check", document=document)["findings"]
    assert [each["pointer"] for each in found] == ["/body/0/body/0/columns/1/value", "/page/footer/0/text"]
    assert "price" in found[0]["hint"] and "number" in found[1]["hint"]
    (strange,) = host.ask(APP, "printing.check", document=written({"type": "tabel"}))["findings"]
    assert strange["pointer"] == "/body/0/type" and "table" in strange["hint"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=6), inner,
                                                                max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.requirement("T5")
@settings(max_examples=20, deadline=None)
@examples(st.sampled_from(CRM), st.dictionaries(st.from_regex("x-[a-z]{1,8}", fullmatch=True), json_values, max_size=3))
def test_a_template_comes_back_as_it_was(host: Host, path: Path, own: dict[str, Any]) -> None:
    """Kept as a draft and opened again it is the same text, with whatever an author wrote for themselves in it."""
    document = {**json.loads(path.read_text("utf-8")), "form": "quote", **own}
    name = document["name"]
    before = host.ask(APP, "printing.save_draft", document=document)
    opened = host.ask(APP, "printing.design", name=name)["draft"]["document"]
    told = host.ask(APP, "printing.publication", name=name)["documents"][f"printing/{name}.json"]
    host.ask(APP, "printing.discard_draft", name=name)
    assert before == {"name": name, "revision": 1}
    assert format_document(opened) == format_document(document) == format_document(told)


PICTURE = pixels.write(pixels.Pixels(2, 2, bytes([0, 255, 255, 0])))


@pytest.mark.requirement("T5", "T12")
def test_a_template_is_designed_and_published(
    open_shop: Callable[..., Shop], database_url: str, tmp_path: Path
) -> None:
    """Begun with the fields of the form, kept as a draft, looked at with a record, published with its picture as a
    version of the app, printed with, and changed by two people who tread on no toes."""
    shop = open_shop(database=database_url, files=str(tmp_path / "files"))
    lead = shop.ask("li", "records.create", type="lead", values={"company": "Acme", "budget": 5})["id"]
    begun = shop.ask("root", "printing.begin", form="lead", name="card", title={"en": "Card", "zh-CN": "卡片"})
    document = begun["document"]
    assert not begun["taken"] and {"value": "company"} in document["body"][1]["items"]
    assert shop.ask("root", "printing.save_draft", document=document)["revision"] == 1
    with shop.host.session(shop.host.actor("root")) as context:
        number = files.keep(context, "logo.png", "image/png", PICTURE)["id"]
    logo = {"type": "image", "file": "templates/logo.png", "width": 20}
    document = {**document, "body": [logo, *document["body"]]}
    assert shop.ask("root", "printing.check", document=document)["findings"][0]["pointer"] == "/body/0/file"
    given_files = {"templates/logo.png": number}
    assert shop.ask("root", "printing.check", document=document, files=given_files) == {"findings": []}
    shop.ask("root", "printing.save_draft", document=document, files=given_files, revision=1)
    shown = shop.ask("root", "printing.preview", document=document, id=lead, language="zh-CN")
    assert (len(shown["pages"]), shown["language"], shown["missing"]) == (1, "zh-CN", [])
    assert base64.b64decode(shown["pages"][0]).startswith(b"\x89PNG")
    with pytest.raises(Conflict) as late:
        shop.ask("root", "printing.save_draft", document=begun["document"], revision=1)
    assert late.value.problems[0].code == "printing.draft-changed" and "Root" in str(late.value.problems[0].values)
    listed = {each["name"]: each for each in shop.ask("root", "printing.templates")["items"]}
    assert listed["card"]["source"] == "draft" and listed["card"]["draft"]["revision"] == 2
    told = shop.ask("root", "printing.publication", name="card")
    plan = shop.ask("root", "app.plan", **told)
    shop.ask("root", "app.publish", **told, plan=plan["plan"], allow=plan["consents"])
    shop.ask("root", "printing.discard_draft", name="card")
    after = shop.ask("root", "printing.design", name="card")
    assert (after["published"], after["draft"]) == (document, None) and after["base"] != ""
    assert shop.ask("root", "printing.begin", form="lead", name="card")["taken"]
    copied = shop.ask("root", "printing.begin", form="lead", name="second", title="Second", like="card")["document"]
    assert copied == {**document, "name": "second", "title": "Second"} and list(copied) == list(document)
    made = shop.ask("li", "printing.render", template="card", id=lead, format="html")
    assert "Acme" in made["content"].decode()
    merged_with_what_was_published(shop, after)


def merged_with_what_was_published(shop: Shop, opened: dict[str, Any]) -> None:
    """A draft on a version that is not the newest takes the newer one's changes in, and one that somebody else kept
    meanwhile; where both changed the same, mine stands and both are told."""
    document, base = opened["published"], opened["base"]
    body = document["body"]
    mine = {**document, "author": "mine", "body": [*body[:1], {"type": "line"}, *body[1:]]}
    shop.ask("root", "printing.save_draft", document=mine, base=base)
    theirs = {**document, "author": "theirs", "body": [*body, {"type": "space", "height": 4}]}
    plan = shop.ask("root", "app.plan", documents={"printing/card.json": theirs})
    shop.ask("root", "app.publish", documents={"printing/card.json": theirs}, plan=plan["plan"])
    now = shop.ask("root", "printing.design", name="card")["base"]
    found = shop.ask("root", "printing.merge_draft", document=mine, base=base, revision=1, begun=mine)
    both = {**mine, "body": [*mine["body"], {"type": "space", "height": 4}]}
    assert found == {"document": both, "base": now, "revision": 1,
                     "clashes": [{"pointer": "/author", "mine": "mine", "theirs": "theirs"}]}  # fmt: skip
    planted = shop.host.files.folder / "planted.json"
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text('{"author": "PLANTED"}', encoding="utf-8")
    spied = shop.ask("root", "printing.merge_draft", document=mine, base=str(planted), revision=1)
    assert "PLANTED" not in str(spied)  # a base is a digest, and no way to a file of the server
    shop.ask("root", "printing.save_draft", document=both, base=now, revision=1)
    late = {**mine, "title": "Late"}
    found = shop.ask("root", "printing.merge_draft", document=late, base=base, revision=1, begun=mine)
    assert found == {"document": {**both, "title": "Late"}, "base": now, "revision": 2, "clashes": []}
    shop.ask("root", "printing.discard_draft", name="card")


def test_what_is_wrong_is_refused(host: Host) -> None:
    """Each with its word."""

    def code(operation: str, **given: Any) -> str:
        with pytest.raises((Rejected, NotFound)) as refused:
            host.ask(APP, operation, **given)
        return refused.value.problems[0].code

    assert code("printing.design", name="nothing") == "printing.no-template"
    assert code("printing.begin", form="quote", name="mine", like="nothing") == "printing.no-template"
    assert code("printing.palette", form="nothing") == "printing.unknown-form"
    assert code("printing.save_draft", document=written(form="nothing")) == "printing.unknown-form"
    assert code("printing.save_draft", document={"name": "../x"}) == "printing.no-template"
    assert code("printing.publication", name="nothing") == "printing.no-draft"
    assert code("printing.check", document=written(), files={"../x.png": 1}) == "printing.no-picture-path"
    assert code("printing.preview", document=written({"type": "text"}), id=1) == "printing.wrong-template"
    assert code("printing.preview", document={}, id=1) == code("printing.check", document={}) == "printing.no-template"
    with pytest.raises(Rejected) as refused:
        host.ask(APP, "printing.preview", document=written({"type": "text"}, {"type": "qrcode"}), id=1)
    assert ["/body/0", "/body/1"] == [each.pointer for each in refused.value.problems]


@pytest.mark.requirement("T5")
def test_only_who_may_change_definitions_designs(host: Host) -> None:
    """Nobody else sees what is drafted either."""
    seller = Actor(id=7, roles=frozenset({"sales"}))
    document, name = {"document": written()}, {"name": "quotation"}
    for operation, given in (
        ("design", name), ("discard_draft", name), ("publication", name), ("palette", {"form": "quote"}),
        ("begin", {**name, "form": "quote"}), ("check", document), ("save_draft", document), ("merge_draft", document),
        ("preview", {**document, "id": 1}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            host.ask(seller, f"printing.{operation}", **given)
