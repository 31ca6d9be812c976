"""A person who is erased in the CRM is erased everywhere: no table of any engine keeps a word of theirs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.api.deliveries import BODY
from lowcode.api.idempotency import PLACE
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage.files import keep
from lowcode.kernel.storage.unit import Unit
from lowcode.web.door import Door
from lowcode.web.messages import Request, Response
from tests.support.mail import MailServer
from tests.support.rows import rows

DAY = timedelta(days=1)
WORDS = ("Quirk", "quirk", "13812349876")


def kept(host: Host) -> dict[str, str]:
    """Each table that holds one of the words, sealed or not, with the first row that does."""
    places = {"lc_job": "body", "api_delivery": "body", "api_answered": "answer"}
    found: dict[str, str] = {}
    for table, row in rows(host):
        if table in places:
            row[places[table]] = unsealed(host, table, row, row[places[table]])
        if any(word in str(row) for word in WORDS):
            found.setdefault(table, str(row))
    return found


def left(host: Host, files: Path) -> dict[str, list[str]]:
    """Each file that holds one of the words as they stand there: contents, the database, and its log of writes."""
    path = host.database.engine.url.database
    beside = (
        [] if host.database.dialect_name != "sqlite" or path is None else Path(path).parent.glob(f"{Path(path).name}*")
    )
    found = {
        str(each): [word for word in WORDS if word.encode() in each.read_bytes()]
        for each in (*files.rglob("*"), *beside)
        if each.is_file()
    }
    return {path: words for path, words in found.items() if words}


def bring(host: Host) -> None:
    """A list with the person and somebody else who is refused, brought in behind the scenes; and a draft of theirs."""
    lines = "姓名,客户,手机\nZeb Quirk,绍兴越能环保,13812349876\nNo One,Nowhere,13812349876\n"

    def work(unit: Unit) -> None:
        app = host.context(unit, APP)
        file = keep(app, "people.csv", "text/csv", lines.encode())
        app.ask("forms.start_import", form="contact", file=file["id"], keys=("mobile",), duplicates="update")

    host.write(work)
    draft = {"name": "Quirk again", "mobile": "13812349876"}
    host.ask(host.actor("li.na"), "forms.save_draft", form="contact", values=draft)


def unsealed(host: Host, table: str, row: dict[str, Any], value: Any) -> Any:
    """What whoever has the keys reads."""
    if table == "api_delivery":
        return sealing.opened_text(host, value, BODY)
    value = json.loads(value) if isinstance(value, str) else value
    return sealing.opened(host, value, row["name"] if table == "lc_job" else PLACE)


def told(response: Response) -> Any:
    """What was answered."""
    assert isinstance(response.body, bytes)
    return json.loads(response.body)


@pytest.mark.requirement("SP17", "X20")
def test_a_person_is_erased_in_every_engine(mail_server: MailServer, tmp_path: Path, database_url: str) -> None:
    """Papers, letters, flows, the run log of rules, the index and the drafts: after the erasure nothing finds them."""
    clock = FrozenClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    secrets = {"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com",
               "PUBLIC_URL": "https://crm.example.com"}  # fmt: skip
    host = Host("examples/crm_app", database_url, clock=clock, secrets=secrets, files=str(tmp_path))
    host.publish()
    with host.session(APP) as app:
        app.ask("identity.save_department", name="sales", title="Sales")
        app.ask("identity.save_person", login="li.na", name="李娜", roles=["sales"], department="sales")
    with host.session(host.actor("li.na")) as crm:
        account = crm.ask("records.create", type="account", values={"name": "绍兴越能环保"})["id"]
        values = {"name": "Zeb Quirk", "account": account, "email": "zeb@quirk.example", "mobile": "13812349876",
                  "birthday": "1980-03-02"}  # fmt: skip
    door = Door(host, identity=lambda request: host.actor("li.na"))
    asked = Request(
        "POST", "api/records/contact", headers={"idempotency-key": "once"}, body=json.dumps(values).encode()
    )
    contact = told(door.handle(asked))["id"]
    with host.session(host.actor("li.na")) as crm:
        crm.ask("flows.start", flow="birthday_greeting", id=contact)
        crm.ask("forms.comment", form="contact", id=contact, text="Quirk prefers mornings")
        paper = crm.ask("printing.render", template="address_label", id=contact, keep=True)
        link = crm.ask("printing.share", print=paper["print"], reader="Zeb Quirk", email="zeb@quirk.example")
        looked = {"columns": ["name"], "filter": {"conditions": [
            {"field": "mobile", "operator": "is", "value": "13812349876"}]}}  # fmt: skip
        crm.ask("forms.save_view", form="contact", title="One of them", view=looked)
        one = {"filters": {"phone": ["13812349876"]}, "dashboard": "sales_board"}
        crm.ask("reports.share", **one)
        crm.ask("reports.subscribe", **one, schedule="0 8 * * 1")
        narrowed = [{"name": "phone", "type": "select", "default": "13812349876"}]
        crm.ask("reports.keep_board", title="Mine", tiles=[], filters=narrowed)
    bring(host)
    host.settle()
    host.settle()
    mail_server.wait(1)
    with host.session(APP) as app:
        app.later("mail.send", at=clock.now() + DAY, to="Zeb@Quirk.example", subject="Still to be sent", text="Quirk")
        notice = {"to": [1], "title": "Quirk waits", "form": "contact", "record": contact}
        app.later("rules.tell", at=clock.now() + DAY, notice=notice)
        until = (clock.now() + 2 * DAY).isoformat()
        pushed: dict[str, Any] = {"device": 1, "title": "Quirk waits", "tag": "one", "until": until}
        app.later("push.send", at=clock.now() + DAY, form="contact", record=contact, **pushed)
        app.later("push.send", at=clock.now() + DAY, form="contact", records=[contact], **pushed)
        about = {"form": "contact", "id": contact}
        message = app.ask("api.send", name="contract_signed", body={"customer": "Zeb Quirk"}, record=about)
    assert {"contact", "contact__history", "lc_print", "lc_print_link", "lc_flow_instance", "lc_job", "api_answered",
            "api_delivery", "forms_import_run", "forms_draft", "forms_view",
            "report_board", "report_share", "report_subscription"} <= set(kept(host))  # fmt: skip
    assert left(host, tmp_path)
    with host.session(APP) as app:
        app.ask("forms.erase", form="contact", id=contact, reason="asked by letter")
    assert ({}, {}) == (kept(host), left(host, tmp_path))
    with host.session(host.actor("li.na")) as crm, pytest.raises(Rejected) as refused:
        crm.ask("printing.again", print=paper["print"])
    assert ["printing.forgotten"] == [each.code for each in refused.value.problems]
    with pytest.raises(Rejected) as refused:
        host.ask(APP, "api.redeliver", id=message)
    assert ["api.message-forgotten"] == [each.code for each in refused.value.problems]
    again = door.handle(asked)
    assert (409, "api.answer-forgotten") == (again.status, told(again)["code"])
    with host.session(host.actor("li.na")) as crm:
        items = crm.ask("printing.links", form="contact", id=contact)["items"]
    assert [(link["link"], "revoked")] == [(each["id"], each["state"]) for each in items]
    host.close()
