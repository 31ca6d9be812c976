"""Whom a paper names: all of a field that names several, departments by their titles, amounts in capitals."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.identity import APP

ALL = {"role": "sales", "can": ["create", "read", "edit", "print"]}
NAME = {"name": "name", "type": "text"}
DOCUMENTS: dict[str, Any] = {
    "app.json": {"name": "small", "languages": ["zh-CN", "en"], "roles": [{"name": "sales"}, {"name": "guest"}]},
    "forms/place.json": {"name": "place", "label": "name", "fields": [NAME], "permissions": [ALL]},
    "forms/visit.json": {
        "name": "visit",
        "fields": [
            {"name": "team", "type": "members"},
            {"name": "units", "type": "departments"},
            {"name": "places", "type": "links", "to": "place"},
            {"name": "unit", "type": "department"},
            {"name": "cost", "type": "money", "widget": "capitals"},
            {"name": "abroad", "type": "money", "currency": "CHF"},
            {"name": "currency", "type": "currency"},
            {"name": "theirs", "type": "money", "currency_from": "currency"},
            {"name": "twice", "type": "formula", "expression": "cost * 2", "format": "money"},
            {"name": "about", "type": "link_any", "to": ["place", "visit"]},
            {"name": "rows", "type": "lines", "fields": [{"name": "unit", "type": "department"},
                {"name": "price", "type": "money", "scale": 4}, {"name": "at", "type": "link_any", "to": ["place"]}]},
        ],
        "permissions": [ALL, {"role": "guest", "can": ["read", "print"]}],
    },
    "printing/visit.json": {
        "name": "visit", "title": "Visit", "form": "visit", "languages": ["zh-CN", "en"], "outputs": ["html"],
        "body": [
            {"type": "text", "when": "unit.name = \"east\"",
             "text": "{{ team }}|{{ units }}|{{ places }}|{{ unit }}|{{ cost }}"},
            {"type": "text", "text": "{{ owner.department }}|{{ unit.name }}|"},
            {"type": "table", "rows": "rows", "group": {"by": "unit", "total": "T"}, "columns": [
                {"title": "U", "value": "unit"}, {"title": "P", "value": "price", "sum": True}, {"value": "at"}]},
            {"type": "text", "text": "{{ abroad }}|{{ theirs }}|{{ twice }}|{{ about }}"},
            {"type": "fields", "items": [{"value": "theirs"}]},
            {"type": "qrcode", "text": "{{ theirs }}"},
        ],
    },
}  # fmt: skip
WANTED = {
    "zh-CN": ["安、波|华东部、west|上海、无锡|华东部|壹仟贰佰叁拾肆元伍角整", "华东部|east|", "华东部",
              "¥0.125", "¥1.00", "¥1.13", "无锡", "CHF 99.90|JP¥1,200|¥2,469.00|上海", "JP¥1,200"],
    "en": [
        "安, 波|East, west|上海, 无锡|East|One thousand two hundred and thirty-four yuan and fifty fen",
        "East|east|", "East", "¥0.125", "¥1.00", "¥1.13", "无锡",
        "CHF 99.90|JP¥1,200|¥2,469.00|上海", "JP¥1,200",
    ],
}  # fmt: skip


@pytest.mark.requirement("X17", "F1")
def test_all_are_named_as_people_know_them(database_url: str) -> None:
    """In the order of the field and with the signs of the language; what an author compares with stays the key."""
    with Host(DOCUMENTS, database_url) as host:
        host.publish()
        for name, title in (("east", {"zh-CN": "华东部", "en": "East"}), ("west", "west")):
            host.ask(APP, "identity.save_department", name=name, title=title)
        for login, name in (("ann", "安"), ("bob", "波")):
            host.ask(APP, "identity.save_person", login=login, name=name, roles=("sales",), department="east")
        host.ask(APP, "identity.save_person", login="gus", name="访", roles=("guest",))
        host.forget_directory()
        ann, bob = host.actor("ann"), host.actor("bob")
        places = [
            host.ask(ann, "records.create", type="place", values={"name": each})["id"] for each in ("上海", "无锡")
        ]
        east, west = (each.id for each in host.directory().departments.values())
        values = {"team": [ann.id, bob.id], "units": [east, west], "places": places, "unit": east, "cost": "1234.5",
                  "abroad": "99.9", "theirs": "1200", "currency": "JPY", "about": f"place/{places[0]}",
                  "rows": [{"unit": east, "price": "0.125"},
                           {"unit": east, "price": "1", "at": f"place/{places[1]}"}]}  # fmt: skip
        visit = host.ask(ann, "records.create", type="visit", values=values)["id"]
        for language, wanted in WANTED.items():
            made = host.ask(
                ann, "printing.render", template="visit", id=visit, language=language, format="html", keep=True
            )
            shown = made["content"].decode() if isinstance(made["content"], bytes) else made["content"]
            assert [language, *wanted] == [language, *(each for each in wanted if f">{each}<" in shown)]
            assert 'alt="1200"' in shown, "a code is read by programs"
            again = host.ask(ann, "printing.again", print=made["print"])["content"]
            assert wanted[0] in (again.decode() if isinstance(again, bytes) else again), "as it was called then"
            kept = host.ask(
                host.actor("gus"), "printing.render", template="visit", id=visit, language=language, format="html"
            )["content"].decode()
            unseen = {"zh-CN": "无权查看", "en": "Not visible to you"}[language]
            assert (True, False) == (f"|{unseen}<" in kept and f">{unseen}<" in kept, "上海" in kept)
