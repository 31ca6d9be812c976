"""A photo of a business card fills a form in: what is read goes through a process of its own, and into fields."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lowcode.forms.cards import operations, reading
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, TooManyRequests
from lowcode.kernel.storage.files import keep
from tests.forms.firm import EVERYTHING, Firm, firm

CONTACT: dict[str, Any] = {
    "name": "contact", "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "firm", "type": "text"},
        {"name": "job", "type": "text"},
        {"name": "mobile", "type": "phone", "mobile": True, "region": "CN"},
        {"name": "tel", "type": "phone"},
        {"name": "mail", "type": "email"},
        {"name": "place", "type": "address"},
    ],
    "business_card": {
        "person": "name", "company": "firm", "job_title": "job", "mobile_phone": "mobile", "phone": "tel",
        "email": "mail", "address": "place",
    },
    "permissions": [
        {"role": "supervisor", "can": EVERYTHING},
        {"role": "sales", "can": ["create", "read"], "hide": ["job"]},
        {"role": "reader", "can": ["read"]},
    ],
}  # fmt: skip
PLAIN = {**CONTACT, "name": "plain", "business_card": None}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    """A firm whose server has a reader."""
    monkeypatch.setattr(reading, "NEEDED", ("PIL",))
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "stub"))
    with firm("sqlite://", CONTACT, PLAIN) as found:
        yield found


def photo(color: str = "white", kind: str = "JPEG", size: tuple[int, int] = (400, 300)) -> bytes:
    """A picture of one colour."""
    made = BytesIO()
    Image.new("RGB", size, color).save(made, kind)
    return made.getvalue()


def read(app: Firm, content: bytes, login: str = "boss", form: str = "contact") -> Any:
    """What is read of a photo."""
    context = app.host.actor(login)
    kept = app.host.write(lambda unit: keep(app.host.context(unit, context), "card.jpg", "image/jpeg", content))
    return app.ask(login, "forms.read_card", form=form, file=kept["id"])


@pytest.mark.requirement("SF01", "F31")
def test_a_card_fills_in(app: Firm) -> None:
    """Each part goes into its field as that keeps it, an address into its region; what a field does not take, what
    somebody may not see, and what is no part, is told beside it."""
    values = {
        "name": "陈国栋", "firm": "宁波海川泵业有限公司", "job": "销售总监", "mobile": "13805746612",
        "mail": "chen.gd@haichuan-pump.com", "place": "浙江省/宁波市/鄞州区 科技路88号3幢",
    }  # fmt: skip
    found = read(app, photo())
    assert found == {"values": values, "rest": ["匠心制造"]}
    assert app.create("boss", "contact", **found["values"])
    hidden = read(app, photo(), "ann")
    assert ("job" in hidden["values"], "销售总监" in hidden["rest"]) == (False, True)
    assert read(app, photo("black", "PNG")) == {"values": {}, "rest": []}


def test_nobody_has_everybody_wait(app: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos wait for one another: who sends many is told when to go on, and others are read meanwhile."""
    monkeypatch.setattr(operations, "PER_MINUTE", 2)
    for _ in range(2):
        read(app, photo())
    with pytest.raises(TooManyRequests) as refused:
        read(app, photo())
    assert [each.code for each in refused.value.problems] == ["forms.too-often"]
    assert read(app, photo(), "ann")["values"]


def test_what_is_no_photo(app: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused in words, whatever it does to the reader; and whose it is not, and who may not, learns nothing."""
    codes = []
    for content in (b"", b"GIF89a", b"%PDF-1.4", photo(size=(9000, 9000), kind="PNG"), photo("red")):
        with pytest.raises(Rejected) as refused:
            read(app, content)
        codes += [each.code for each in refused.value.problems]
    assert codes == ["forms.no-photo"] * 4 + ["forms.card-not-read"]
    with pytest.raises(NotFound, match="business card"):
        read(app, photo(), form="plain")
    with pytest.raises(Forbidden):
        read(app, photo(), "rea")
    mine = app.host.write(
        lambda unit: keep(app.host.context(unit, app.host.actor("boss")), "a.jpg", "image/jpeg", photo())
    )
    with pytest.raises(NotFound):
        app.ask("ann", "forms.read_card", form="contact", file=mine["id"])
    with monkeypatch.context() as small, pytest.raises(Rejected, match="20 MB"):
        small.setattr(operations, "SIZE_LIMIT", 100)
        small.setattr(app.host.files, "get", lambda _: pytest.fail("it is fetched before its size is looked at"))
        read(app, photo())
    with monkeypatch.context() as lonely, pytest.raises(Rejected, match="type the card in"):
        lonely.setattr(sys, "executable", "/there/is/no/python")
        read(app, photo())
    monkeypatch.setattr(reading, "NEEDED", ("a_reader_that_is_not_there",))
    with pytest.raises(Rejected, match=r"lowcode\[cards\]"):
        read(app, photo())
