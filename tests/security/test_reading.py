"""Where the walk found something: each hole, closed, one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.identity import Actor
from tests.api.app import APPLICATION, open_shop
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]


@pytest.fixture
def visitor(open_shop: Open, tmp_path: Path) -> Visitor:
    return Visitor(open_shop(files=str(tmp_path)))


def code(refused: Any) -> str:
    """The first code of a refusal."""
    return str(refused.value.problems[0].code)


def test_what_a_save_answers(visitor: Visitor) -> None:
    """A save answers what a read would: without the fields kept from the person."""
    shop = visitor.shop
    made = shop.ask("li", "records.create", type="lead", values={"company": "Acme"})
    shop.ask("root", "records.update", type="lead", id=made["id"], values={"secret_note": "careful"})
    changed = shop.ask("li", "records.update", type="lead", id=made["id"], values={"source": "fair"})
    assert "secret_note" not in made and "secret_note" not in changed


def test_what_is_not_there_for_somebody(visitor: Visitor) -> None:
    """To change or delete what one may not read is to name something that is not there."""
    shop = visitor.shop
    made = shop.ask("li", "records.create", type="lead", values={"company": "Acme"})
    asked: dict[str, dict[str, Any]] = {"records.update": {"values": {}}, "records.delete": {}, "records.get": {}}
    for operation, more in asked.items():
        with pytest.raises(NotFound):
            shop.ask("zhao", operation, type="lead", id=made["id"], **more)


def test_names_of_what_one_may_not_read(visitor: Visitor) -> None:
    """A link may be seen where the record may not: then there is an id and no name, which is said in words."""
    shop = visitor.shop
    theirs = shop.ask("li", "records.create", type="lead", values={"company": "Acme"})["id"]
    mine = shop.ask("zhao", "records.create", type="lead", values={"company": "Own"})["id"]
    shop.ask("root", "records.update", type="lead", id=mine, values={"earlier": theirs})
    assert {mine: "Own"} == shop.ask("zhao", "records.label", type="lead", ids=(theirs, mine))
    answer = visitor.sign_in("zhao").get(f"api/records/lead/{mine}").json()
    assert {"id": theirs, "label": "无权查看", "hidden": True} == answer["earlier"]


def test_files_and_keys(visitor: Visitor) -> None:
    """A program reaches files only with the scope for them."""
    shop = visitor.shop
    visitor.headers["authorization"] = f"Bearer {shop.key('li', 'form:lead')}"
    assert (403, "http.key-scope") == problem(visitor.ask("POST", "api/files", files={"file": ("x", b"x")}))[:2]
    assert (403, "http.key-scope") == problem(visitor.get("api/files/1"))[:2]
    visitor.headers["authorization"] = f"Bearer {shop.key('li', 'form:lead', 'files')}"
    made = visitor.ask("POST", "api/files", files={"file": ("x", b"x")})
    assert 201 == made.status_code
    assert 200 == visitor.get(f"api/files/{made.json()['id']}").status_code


SQUARE = {
    "name": "square",
    "title": "Square",
    "fields": [
        {"name": "side", "type": "money"},
        {"name": "area", "type": "formula", "expression": "side * side", "scale": 2},
        {"name": "rows", "type": "lines", "fields": [
            {"name": "side", "type": "money"},
            {"name": "area", "type": "formula", "expression": "side * side", "scale": 2},
        ]},
    ],
    "permissions": [{"role": "sales", "can": ["create", "read"]}],
}  # fmt: skip


@pytest.mark.parametrize("values", [{"side": "99999999999"}, {"rows": [{"side": "99999999999"}]}])
def test_results_without_room(values: dict[str, Any]) -> None:
    """A formula whose result no column can hold is a refusal at its field, and no fault."""
    with Host({"app.json": {**APPLICATION, "menus": []}, "forms/square.json": SQUARE}) as host:
        host.publish()
        with pytest.raises(Rejected) as refused:
            host.ask(Actor(1, "li", roles=frozenset({"sales"})), "records.create", type="square", values=values)
        assert "records.out-of-range" == code(refused)
