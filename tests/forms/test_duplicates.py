"""What is there already is found, however it was written; and only by those who may see it."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.forms.operations.likeness import ENOUGH, likeness
from tests.forms.firm import CUSTOMER, Firm, firm

FIELDS: list[dict[str, Any]] = CUSTOMER["fields"]

ALIKE = [
    ("上海恒启信息技术有限公司", "恒启信息技术", True),
    ("上海恒启信息技术有限公司", "上海恒启信息科技有限公司", True),
    ("Acme Ltd.", "ACME Limited", True),
    ("Acme Trading Co., Ltd", "Acme Trading", True),
    ("杭州云帆贸易有限公司", "宁波远洋贸易有限公司", False),
    ("Hengqi", "Acme", False),
]


@pytest.mark.parametrize(("one", "other", "same"), ALIKE)
def test_how_alike_two_names_are(one: str, other: str, same: bool) -> None:
    """Legal forms and places say little; the core of a name says it."""
    assert (likeness(one, other) >= ENOUGH) is same
    assert likeness(one, other) == likeness(other, one)


def found(app: Firm, login: str, **values: Any) -> list[tuple[int, str]]:
    items = app.ask(login, "forms.duplicates", form="customer", values=values)["items"]
    return [(each["id"], each["match"]) for each in items]


@pytest.mark.requirement("SF09")
def test_duplicates_are_found_by_what_they_are(database_url: str) -> None:
    """A number typed differently, an address in capitals, a name without its legal form."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="上海恒启信息技术有限公司", phone="138 0013 8000", email="a@b.cn")
        two = app.create("ann", "customer", name="杭州云帆贸易有限公司")
        assert found(app, "ann", phone="138-0013-8000") == [(one, "exact")]
        assert found(app, "ann", email="A@B.CN") == [(one, "exact")]
        assert found(app, "ann", name="恒启信息技术") == [(one, "similar")]
        assert found(app, "ann", name="云帆贸易", phone="13800138000") == [(one, "exact"), (two, "similar")]
        assert found(app, "ann", name="远洋") == []


@pytest.mark.requirement("F16")
def test_names_that_are_spoken_alike(database_url: str) -> None:
    """Other characters of the same sound, with or without a legal form; not a part of a name, nor one syllable."""
    fields = [{**each, "search": "pinyin"} if each["name"] == "name" else each for each in FIELDS]
    rule = [{"fields": ["name"], "match": "sounds"}]
    with firm(database_url, {**CUSTOMER, "fields": fields, "duplicates": rule}) as app:
        one = app.create("ann", "customer", name="王磊")
        two = app.create("ann", "customer", name="上海恒启信息技术有限公司")
        app.create("ben", "customer", name="王雷")
        assert found(app, "ann", name="王蕾") == [(one, "sounds")]
        assert found(app, "ann", name="上海恒起信息技术") == [(two, "sounds")]
        assert [found(app, "ann", name=each) for each in ("王", "恒启", "wanglei", "王磊明")] == [[]] * 4


def test_duplicates_are_only_those_one_may_see(database_url: str) -> None:
    """Not another's records, and not the record itself."""
    with firm(database_url) as app:
        one = app.create("ann", "customer", name="恒启", phone="13800138000")
        assert found(app, "ben", name="恒启", phone="13800138000") == []
        assert found(app, "boss", phone="13800138000") == [(one, "exact")]
        values = {"name": "恒启", "phone": "13800138000"}
        assert app.ask("ann", "forms.duplicates", form="customer", id=one, values=values) == {"items": []}
