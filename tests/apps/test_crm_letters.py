"""Letters the CRM writes by itself, through a real mail server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from tests.support.mail import MailServer


@pytest.mark.requirement("ST06", "T13")
def test_a_contact_gets_birthday_wishes(mail_server: MailServer, tmp_path: Any) -> None:
    """A colleague starts the flow: the greeting goes out as HTML in the firm's words, with plain words beside it."""
    clock = FrozenClock(datetime(2026, 3, 2, 0, 0, tzinfo=UTC))
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"}
    host = Host("examples/crm_app", "sqlite://", clock=clock, secrets=secrets, files=str(tmp_path))
    host.publish()
    with host.session(APP) as app:
        app.ask("identity.save_department", name="sales", title="Sales")
        app.ask("identity.save_person", login="li.na", name="李娜", roles=["sales"], department="sales", locale="zh-CN")
    with host.session(host.actor("li.na")) as crm:
        values = {"name": "绍兴越能环保", "cooperating_since": "2023-05-04"}
        account = crm.ask("records.create", type="account", values=values)
        values = {"name": "沈岚", "account": account["id"], "email": "shen.lan@yueneng.example"}
        contact = crm.ask("records.create", type="contact", values=values)
        crm.ask("flows.start", flow="birthday_greeting", id=contact["id"])
    host.settle()
    (letter,) = mail_server.wait(1)
    assert letter.recipients == ("shen.lan@yueneng.example",) and letter.subject == "沈岚，生日快乐！"
    assert "<h2>沈岚，生日快乐！</h2>" in letter.text("html") and "这 3 年来" in letter.text("html")
    assert "沈岚，祝您生日快乐！" in letter.text()
    host.close()


@pytest.mark.requirement("ST04", "X18")
def test_the_owner_hears_that_a_quote_was_opened(tmp_path: Any) -> None:
    """The customer opens the quotation: the quote says when, and its owner is told."""
    clock = FrozenClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    host = Host("examples/crm_app", "sqlite://", clock=clock, files=str(tmp_path))
    host.publish()
    with host.session(APP) as app:
        app.ask("identity.save_department", name="sales", title="Sales")
        app.ask("identity.save_person", login="li.na", name="李娜", roles=["sales"], department="sales", locale="zh-CN")
    with host.session(host.actor("li.na")) as app:
        account = app.ask("records.create", type="account", values={"name": "绍兴越能环保"})
    with host.session(APP) as app:
        product = app.ask(
            "records.create", type="product",
            values={"code": "NV-D022", "name": "变频器", "product_line": "drive", "unit": "piece", "price": "100.00",
                    "cost": "60.00"},
        )  # fmt: skip
        line = {"product": product["id"], "quantity": 1, "price": "100.00"}
        quote = app.ask(
            "records.create", type="quote",
            values={"account": account["id"], "owner": account["owner"], "items": [line]},
        )  # fmt: skip
        app.ask("records.update", type="quote", id=quote["id"], values={"stage": "approving"})
    link = _shared(host, quote["id"])
    token = link["path"].rpartition("/")[2]
    host.ask(APP, "printing.open", token=token, address="198.51.100.9", agent="Browser")
    host.settle()
    seen = host.ask(APP, "records.get", type="quote", id=quote["id"])
    assert seen["opened_at"] == clock.now()
    notices = host.ask(host.actor("li.na"), "notifications.list")["items"]
    assert [each["title"] for each in notices if "打开了报价单" in each["title"]] == [
        f"客户打开了报价单 {seen['number']}"
    ]
    host.close()


def _shared(host: Host, quote: int) -> Any:
    """A link to a quotation that is sent out; the approval itself is another story."""
    with host.session(APP) as app:
        made = app.ask("printing.render", template="quotation", id=quote, keep=True)
        return app.ask("printing.share", print=made["print"], reader="沈岚")
