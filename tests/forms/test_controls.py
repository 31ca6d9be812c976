"""Field controls through every door: a form with the ones whose values need more than a type."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lowcode.app import compile_app
from lowcode.forms.engine import Forms
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Rejected, Report
from lowcode.kernel.identity import APP
from lowcode.kernel.records.fields import numbering
from lowcode.kernel.storage.files import keep
from tests.forms.firm import APP_DOCUMENT, CUSTOMER, EVERYTHING, QUOTE, Firm, firm

VISIT: dict[str, Any] = {
    "name": "visit",
    "label": "subject",
    "fields": [
        {"name": "subject", "type": "text"},
        {"name": "starts", "type": "date", "until": "ends"},
        {"name": "ends", "type": "date"},
        {"name": "spent", "type": "duration"},
        {"name": "month", "type": "date", "precision": "month"},
        {"name": "currency", "type": "currency", "currencies": ["CNY", "USD", "JPY"], "default": "CNY"},
        {"name": "cost", "type": "money", "currency_from": "currency", "widget": "capitals"},
        {"name": "where", "type": "region"},
        {"name": "address", "type": "address"},
        {"name": "place", "type": "location"},
        {"name": "card", "type": "id_card"},
        {"name": "kind", "type": "cascade", "options": [
            {"name": "sale", "title": {"zh-CN": "销售", "en": "Sale"}, "children": [
                {"name": "first", "title": {"zh-CN": "首访", "en": "First"}}, {"name": "repeat"}]},
            {"name": "service", "title": {"zh-CN": "服务", "en": "Service"}}]},
        {"name": "tags", "type": "tags", "dimensions": [
            {"name": "heat", "one": True, "options": [{"name": "hot", "title": {"zh-CN": "热"}}, {"name": "cold"}]}]},
        {"name": "role", "type": "role"},
        {"name": "signature", "type": "image", "widget": "signature", "max_files": 1, "accept": ["image/png"]},
        {"name": "voice", "type": "attachment", "widget": "media", "accept": ["audio/*"], "max_size": 8},
        {"name": "items", "type": "lines", "min": 1, "max": 2, "widget": "cards", "fields": [
            {"name": "from_day", "type": "date", "until": "to_day"},
            {"name": "to_day", "type": "date"},
            {"name": "currency", "type": "currency"},
            {"name": "price", "type": "money", "currency_from": "currency"}]},
        {"name": "fee", "type": "formula", "expression": "spent * 2", "scale": 2},
    ],
    "layout": [{"section": "Visit", "fields": ["subject", {"divider": "When"}, "starts", {"notice": "Be brief."}]}],
    "permissions": [{"role": ["sales", "supervisor"], "can": EVERYTHING}],
}  # fmt: skip


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Firm]:
    with firm(database_url, VISIT, files=str(tmp_path / "files")) as found:
        yield found


def codes(app: Firm, **values: Any) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong with a new visit; a check and a save say the same."""
    sent = {"items": [{}], **values}
    checked = app.ask("ann", "forms.check", form="visit", values=sent)["errors"]
    try:
        app.create("ann", "visit", **sent)
        found = []
    except Rejected as refused:
        found = [(each.pointer, each.code) for each in refused.problems]
    assert [(each["pointer"], each["code"]) for each in checked] == found
    return found


@pytest.mark.requirement("SF01", "SF02", "SF20")
def test_values_are_kept_found_and_given_back(app: Firm) -> None:
    """What was meant is stored, the language filters and computes with it, and a file says it in words."""
    identity = app.create(
        "ann", "visit", subject="x", starts="2026-03-01", ends="2026-03-03", spent="1h 30m", month="2026年3月",
        cost="12.34", where="浙江/杭州/西湖区", address={"region": "浙江/杭州", "street": "文三路 1 号"},
        place={"latitude": 30.27415, "longitude": 120.15515}, card="11010519491231002x", kind="销售/首访",
        tags=["热", "vip"], role="sales", items=[{"currency": "JPY", "price": "100"}],
    )  # fmt: skip
    found = app.ask("ann", "records.get", type="visit", id=identity)
    assert {name: str(found[name]) for name in ("spent", "month", "cost", "currency", "fee")} == {
        "spent": "90.00", "month": "2026-03-01", "cost": "12.34", "currency": "CNY", "fee": "180.00",
    }  # fmt: skip
    assert found["where"] == "浙江省/杭州市/西湖区" and found["place"] == "30.274150,120.155150"
    assert found["card"] == "11010519491231002X" and found["kind"] == "sale/first" and found["tags"] == ["hot", "vip"]
    for where in (
        'STARTSWITH(where, "浙江省")', 'STARTSWITH(kind, "sale/")', 'kind = "sale/first"', "spent >= 90",
        'currency = "CNY"', 'CONTAINS(tags, "hot")', "month = DATE(2026, 3, 1)", 'MID(card, 7, 4) = "1949"',
    ):  # fmt: skip
        listed = app.ask("ann", "records.list", type="visit", where=where)["items"]
        assert [each["id"] for each in listed] == [identity], where
    made = app.ask("ann", "forms.export", form="visit", format="csv", language="zh-CN")["content"]
    titles, row = csv.reader(io.StringIO(made.decode("utf-8-sig")))
    told = dict(zip(titles, row, strict=True))
    assert (told["kind"], told["tags"], told["where"]) == ("销售/首访", "热, vip", "浙江省/杭州市/西湖区")


def test_fields_that_belong_together(app: Firm) -> None:
    """A range ends after its beginning, an amount has the places of its currency, in the record and in its rows."""
    assert codes(app, starts="2026-03-02", ends="2026-03-01") == [("/starts", "records.ends-before")]
    assert codes(app, starts="2026-03-02", ends="2026-03-02") == []
    assert codes(app, currency="JPY", cost="1.5") == [("/cost", "records.places-of-currency")]
    assert codes(app, currency="JPY", cost="2.00") == []
    rows = [{"from_day": "2026-03-02", "to_day": "2026-03-01", "currency": "JPY", "price": "0.5"}]
    assert codes(app, items=rows) == [
        ("/items/0/from_day", "records.ends-before"),
        ("/items/0/price", "records.places-of-currency"),
    ]
    assert codes(app, items=[]) == [("/items", "records.too-few-rows")]
    assert codes(app, items=[{}, {}, {}]) == [("/items", "records.too-many-rows")]
    assert codes(app, role="chief") == [("/role", "records.no-such-role")]


@pytest.mark.requirement("SF08", "F28", "F30")
def test_files_of_the_kind_a_field_takes(app: Firm) -> None:
    """Kind, size and number of files are looked at where they are saved, whoever sends them."""
    with app.host.session(app.host.actor("ann")) as context:
        kinds = (
            ("s.png", "image/png", b"\x89PNG\r\n\x1a\n"), ("t.gif", "image/gif", b"GIF89a"),
            ("u.png", "image/png", b"GIF89a"), ("v.mp3", "audio/mpeg", b"3" * 9),
        )  # fmt: skip
        png, gif, renamed, long = (keep(context, *each)["id"] for each in kinds)
    assert codes(app, signature=[png]) == []
    assert codes(app, signature=[gif]) == [("/signature", "records.file-kind")]
    assert codes(app, signature=[png, gif]) == [
        ("/signature", "records.too-many-files"),
        ("/signature", "records.file-kind"),
    ]
    assert codes(app, signature=[renamed]) == [("/signature", "records.file-other-inside")]
    assert codes(app, voice=[long]) == [("/voice", "records.file-large")]


def test_what_was_wrong_before_and_is_left_alone_stays(app: Firm) -> None:
    """A definition that became stricter does not lock the records that were there."""
    identity = app.create("ann", "visit", subject="x", items=[{}])
    table = app.host.types["visit"].table
    with app.host.session(APP) as context:
        context.unit.run(table.update().where(table.c.id == identity).values(role="gone"))
    app.ask("ann", "records.update", type="visit", id=identity, values={"subject": "y"})
    with pytest.raises(Rejected):
        app.ask("ann", "records.update", type="visit", id=identity, values={"role": "gone too"})


def test_a_region_of_numbers_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding names what to install."""
    monkeypatch.setattr(numbering, "phonenumbers", None)
    form = {"name": "x", "fields": [{"name": "p", "type": "phone", "region": "CN"}],
            "permissions": [{"role": "sales", "can": ["read"]}]}  # fmt: skip
    report = Report()
    compile_app(load({"app.json": APP_DOCUMENT, "forms/x.json": form}, Report()), [Forms()], report=report)
    assert [(each.code, each.hint) for each in report] == [
        ("forms.no-numbering-plans", 'pip install "lowcode[phone]"'),
    ]


@pytest.mark.requirement("F5")
def test_links_of_every_cardinality(database_url: str) -> None:
    """One to one by a link that is unique, one to many by the relation back, many to many by a field of several; each
    is asked for and counted from either side."""
    everybody = [{"role": "sales", "can": EVERYTHING}]
    person = {"name": "person", "label": "name", "fields": [{"name": "name", "type": "text"}], "relations": [
        {"name": "passports", "form": "passport", "by": "of"}, {"name": "cars", "form": "car", "by": "driver"},
    ], "permissions": everybody}  # fmt: skip
    passport = {"name": "passport", "fields": [{"name": "of", "type": "link", "to": "person", "unique": True}],
                "permissions": everybody}  # fmt: skip
    car = {"name": "car", "fields": [{"name": "driver", "type": "link", "to": "person"}], "permissions": everybody}
    club = {"name": "club", "fields": [{"name": "members", "type": "links", "to": "person"}], "permissions": everybody}
    with firm(database_url, person, passport, car, club, CUSTOMER, QUOTE) as app:
        one, other = (app.create("ann", "person", name=name) for name in ("one", "other"))
        app.create("ann", "passport", of=one)
        with pytest.raises(Rejected):
            app.create("ann", "passport", of=one)
        app.create("ann", "passport", of=other)
        for _ in range(2):
            app.create("ann", "car", driver=one)
        clubs = [app.create("ann", "club", members=members) for members in ([one], [one, other])]

        def found(form: str, where: str) -> list[int]:
            items = app.ask("ann", "records.list", type=form, where=where, sort=("id",))["items"]
            return [each["id"] for each in items]

        assert found("person", "COUNT(cars) = 2 and COUNT(passports) = 1") == [one]
        assert found("club", 'COUNT(members, name = "one") = 1') == clubs
        assert found("club", "COUNT(members) = 2") == clubs[1:]


@pytest.mark.requirement("F6")
def test_a_link_to_records_of_several_forms(database_url: str) -> None:
    """One field names a customer or a quote; the record has to be there, and no other form will do."""
    note = {
        "name": "note",
        "fields": [{"name": "about", "type": "link_any", "to": ["customer", "quote"]},
                   {"name": "parts", "type": "lines", "fields": [
                       {"name": "of", "type": "link_any", "to": ["customer"]}]}],
        "permissions": [{"role": "sales", "can": EVERYTHING}],
    }  # fmt: skip
    with firm(database_url, note, CUSTOMER, QUOTE) as app:
        customer = app.create("ann", "customer", name="x")
        quote = app.create("ann", "quote", customer=customer)
        app.create("ann", "note", about={"form": "customer", "id": customer}, parts=[{"of": f"customer/{customer}"}])
        second = app.create("ann", "note", about=f"quote/{quote}")
        where = f'about = "quote/{quote}"'
        assert [each["id"] for each in app.ask("ann", "records.list", type="note", where=where)["items"]] == [second]
        shown = app.ask("ann", "forms.check", form="note", id=second, values={})
        assert shown["errors"] == []
        for wrong, code in (("quote/999", "link-not-found"), ("note/1", "not-a-record"), ("7", "not-a-record")):
            with pytest.raises(Rejected) as refused:
                app.create("ann", "note", about=wrong)
            assert [each.code for each in refused.value.problems] == [f"records.{code}"]
        with pytest.raises(Rejected) as refused:
            app.create("ann", "note", parts=[{"of": "customer/999"}])
        assert refused.value.problems[0].pointer == "/parts/0/of"


@pytest.mark.requirement("SF28", "SP24")
def test_how_much_of_a_record_is_filled_in(database_url: str) -> None:
    """A share of the fields that matter, by weight, kept up to date and filtered by like any number."""
    card = {
        "name": "card",
        "fields": [{"name": "phone", "type": "phone"}, {"name": "tags", "type": "tags"},
                   {"name": "vip", "type": "boolean"}, {"name": "knows", "type": "links", "to": "card"},
                   {"name": "items", "type": "lines", "fields": [{"name": "what", "type": "text"}]},
                   {"name": "plain", "type": "completeness", "of": ["phone", "tags", "vip", "knows", "items"]},
                   {"name": "weighed", "type": "completeness", "of": {"phone": 3, "items": 1}}],
        "permissions": [{"role": "sales", "can": EVERYTHING}],
    }  # fmt: skip
    with firm(database_url, card) as app:
        shares = []
        one = app.create("ann", "card")
        changes: list[dict[str, Any]] = [
            {}, {"phone": "13800138000"}, {"tags": ["a"], "vip": False}, {"items": [{"what": "x"}]}, {"knows": [one]},
            {"phone": None, "items": []},
        ]  # fmt: skip
        for values in changes:
            app.ask("ann", "records.update", type="card", id=one, values=values)
            found = app.ask("ann", "records.get", type="card", id=one)
            shares.append((str(found["plain"]), str(found["weighed"])))
        assert shares == [
            ("0.0000", "0.0000"), ("0.2000", "0.7500"), ("0.6000", "0.7500"),
            ("0.8000", "1.0000"), ("1.0000", "1.0000"), ("0.6000", "0.0000"),
        ]  # fmt: skip
        listed = app.ask("ann", "records.list", type="card", where="plain >= 0.6", sort=("-plain",))["items"]
        assert [each["id"] for each in listed] == [one]


@pytest.mark.requirement("F32")
def test_the_regions_can_be_asked_for(app: Firm) -> None:
    """Every place a form may choose; without the steps that are no places."""
    tree = app.ask("ann", "forms.regions")
    assert len(tree) == 34
    assert "西湖区" in tree["浙江省"]["杭州市"] and "朝阳区" in tree["北京市"] and "市辖区" not in tree["上海市"]
