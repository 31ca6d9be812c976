"""Papers that go out: by tracked link, by mail, by a step of a flow; through real HTTP and a real mail server."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, TooManyRequests
from tests.api.app import Shop
from tests.support.mail import MailServer
from tests.web.calls import Visitor

OFFER: dict[str, Any] = {
    "name": "offer", "title": {"en": "Offer", "zh-CN": "报价"}, "form": "lead", "file_name": "Offer {{ company }}",
    "outputs": ["html", "pdf", "docx"],
    "mail": {"to": "{{ email }}", "name": "{{ company }}", "subject": {"en": "Offer for {{ company }}",
             "zh-CN": "{{ company }} 报价"}, "text": {"en": "Dear customer", "zh-CN": "尊敬的客户"}},
    "body": [{"type": "text", "text": {"en": "Budget {{ budget }}", "zh-CN": "预算 {{ budget }}"}}],
}  # fmt: skip
GREETING: dict[str, Any] = {
    "name": "greeting", "title": "Greeting", "form": "lead",
    "mail": {"to": "{{ email }}", "subject": {"en": "Best wishes, {{ company }}", "zh-CN": "祝福"},
             "text": "Best wishes", "attach": [], "body": True},
    "body": [{"type": "html", "html": "<h2>Dear {{ name }}</h2>{% for n in wishes %}<p>{{ n.what }}</p>{% endfor %}",
              "values": {"name": "company"}, "rows": {"wishes": {"rows": "contracts", "values": {"what": "number"}}}}],
}  # fmt: skip
SEND_ON_WON: dict[str, Any] = {
    "name": "send_offer", "title": "Send the offer", "form": "lead", "start": {"on": "manual"}, "runs_as": "app",
    "nodes": [
        {"id": "start", "type": "start", "to": "print"},
        {"id": "print", "type": "print", "template": "offer", "field": "files", "mail": True, "language": "en",
         "to": "end"},
        {"id": "end", "type": "end"},
    ],
}  # fmt: skip
TELL: dict[str, Any] = {
    "name": "opened", "title": "Offer opened", "form": "lead",
    "on": {"event": {"name": "printing.opened", "of": {"template": "offer"}}},
    "actions": [{"set": {"grade": '"A"'}}],
}  # fmt: skip
MORE = {
    "printing/offer.json": OFFER,
    "printing/greeting.json": GREETING,
    "flows/send_offer.json": SEND_ON_WON,
    "rules/opened.json": TELL,
}
OpenShop = Callable[..., Shop]


@pytest.fixture(scope="module")
def opened(share_shop: OpenShop, shared_database_url: str, tmp_path_factory: Any) -> tuple[Shop, dict[str, str]]:
    """A shop, and the secrets it is given: the mail server is that of each test."""
    secrets = {"PUBLIC_URL": "https://crm.example.com/"}
    files = str(tmp_path_factory.mktemp("files"))
    return share_shop(more=MORE, secrets=secrets.get, files=files, database=shared_database_url), secrets


@pytest.fixture
def shop(opened: tuple[Shop, dict[str, str]], mail_server: MailServer) -> Shop:
    """The shop with a mail server, an address that readers reach it at, and an offer for Acme of this test's own."""
    made, secrets = opened
    secrets["SMTP_URL"] = f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"
    return made


@pytest.fixture
def lead(shop: Shop) -> int:
    """The lead the offer is for."""
    values = {"company": "Acme <b>", "email": "buyer@acme.example", "budget": "1200.50"}
    return int(shop.ask("li", "records.create", type="lead", values=values)["id"])


def reader(shop: Shop) -> Visitor:
    """Somebody outside, with a browser of their own."""
    return Visitor(shop)


def press(visitor: Visitor, path: str, **fields: str) -> Any:
    """A button of the page, as a browser sends a form."""
    return visitor.ask("POST", path, data=fields or {"open": "1"}, headers={"sec-fetch-site": "same-origin"})


def text_of(content: bytes) -> str:
    """The words of a PDF."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.requirement("ST02", "ST04", "T16", "X18")
def test_a_link_is_opened_and_tells(shop: Shop, lead: int) -> None:
    """A look at the address counts nothing; the button opens the paper as it was, with the reader's name across it; the
    owner's rule hears it, and the timeline says when."""
    made = shop.ask("li", "printing.share", template="offer", id=lead, reader="Wang Wei", days=7)
    assert made["address"] == f"https://crm.example.com/{made['path']}"
    shop.ask("li", "records.update", type="lead", id=lead, values={"budget": "9"})
    visitor = reader(shop)
    cover = visitor.get(made["path"])
    assert cover.status_code == 200 and "For Wang Wei" in cover.text and "Acme _b" in cover.text
    assert "1,200" not in cover.text and "no-store" in cover.headers["cache-control"]
    (link,) = shop.ask("li", "printing.links", form="lead", id=lead)["items"]
    assert (link["opened"], link["views"], link["state"]) == (0, [], "open")
    pressed = press(visitor, made["path"])
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/" + made["path"])
    paper = visitor.get(made["path"])
    assert "Budget ¥1,200.50" in paper.text and "Wang Wei" in paper.text and "script" not in paper.text
    file = visitor.get(f"{made['path']}/file")
    assert file.headers["content-type"] == "application/pdf"
    assert "WangWei" in re.sub(r"\s", "", text_of(file.content)) and "1,200.50" in text_of(file.content)
    shop.host.settle()
    assert shop.ask("li", "records.get", type="lead", id=lead)["grade"] == "A"
    (link,) = shop.ask("li", "printing.links", form="lead", id=lead)["items"]
    assert (link["opened"], [each["what"] for each in link["views"]]) == (1, ["opened", "downloaded"])
    entries = shop.ask("li", "printing.activities", form="lead", id=lead)
    assert sorted(each["kind"] for each in entries) == ["mail", "print"]
    assert [each["text"] for each in entries if each["kind"] == "mail"] == ["Wang Wei opened Offer Acme _b.pdf"]


@pytest.mark.requirement("T16", "X18")
def test_a_link_ends(shop: Shop, lead: int) -> None:
    """After its day, and when it is revoked, a link looks as if it had never been; so does its file."""
    made = shop.ask("li", "printing.share", template="offer", id=lead, days=1)
    other = shop.ask("li", "printing.share", template="offer", id=lead, download=False)
    visitors = {each["path"]: reader(shop) for each in (made, other)}
    for path, visitor in visitors.items():
        assert press(visitor, path).status_code == 303
    assert visitors[other["path"]].get(f"{other['path']}/file").status_code == 403
    shop.ask("li", "printing.revoke", link=other["link"])
    shop.clock.advance(timedelta(days=1))
    for path, visitor in {**visitors, "api/shared/never-there": reader(shop)}.items():
        answers = [visitor.get(path), press(visitor, path), visitor.get(f"{path}/file")]
        assert [each.status_code for each in answers] == [404, 404, 404]
        assert "1200" not in answers[0].text
    states = [each["state"] for each in shop.ask("li", "printing.links", form="lead", id=lead)["items"]]
    assert states == ["revoked", "expired"]


@pytest.mark.requirement("T16", "X18")
def test_a_code_is_for_one_use(shop: Shop, lead: int, mail_server: MailServer) -> None:
    """The paper opens with the code that was sent, once and for some minutes; guessing ends after five tries."""
    made = shop.ask(
        "li",
        "printing.share",
        template="offer",
        id=lead,
        reader="Wang",
        email="wang@acme.example",
        code=True,
        language="en",
    )
    visitor, path = reader(shop), made["path"]
    assert "w***@acme.example" in visitor.get(path).text
    assert press(visitor, path).status_code == 403

    def code() -> str:
        count = len(mail_server.letters)
        assert press(visitor, path, send="1").status_code == 200
        shop.host.settle()
        letter = mail_server.wait(count + 1)[-1]
        assert letter.recipients == ("wang@acme.example",)
        found = re.search(r"\d{6}", letter.text())
        assert found is not None
        return found[0]

    first = code()
    wrong = f"{(int(first) + 1) % 10**6:06d}"
    for _ in range(5):
        assert press(visitor, path, code=wrong).status_code == 403
    assert press(visitor, path, code=first).status_code == 403
    second = code()
    shop.clock.advance(timedelta(minutes=11))
    assert press(visitor, path, code=second).status_code == 403
    third = code()
    assert press(visitor, path, code=third).status_code == 303
    assert "Budget" in visitor.get(path).text
    stranger = reader(shop)
    assert "Budget" not in stranger.get(path).text
    assert press(stranger, path, code=third).status_code == 403
    for _ in range(2):
        code()
    assert press(visitor, path, send="1").status_code == 429
    with pytest.raises(TooManyRequests):
        shop.ask("li", "printing.send_code", token=path.rpartition("/")[2])
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.share", template="offer", id=lead, code=True)
    assert refused.value.problems[0].code == "printing.code-needs-address"


def test_links_are_not_for_everyone(shop: Shop, lead: int) -> None:
    """Who may not read the record makes, sees and ends no link; readers' operations have no other door."""
    made = shop.ask("li", "printing.share", template="offer", id=lead)
    for operation, parameters in (
        ("printing.share", {"template": "offer", "id": lead}),
        ("printing.share", {"print": made["print"]}),
        ("printing.links", {"form": "lead", "id": lead}),
        ("printing.revoke", {"link": made["link"]}),
        ("printing.revoke", {"link": 99999}),
        ("printing.send", {"template": "offer", "id": lead}),
        ("printing.letter", {"template": "offer", "id": lead}),
    ):
        with pytest.raises(NotFound):
            shop.ask("zhao", operation, **parameters)
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.share")
    assert refused.value.problems[0].code == "printing.nothing-to-share"
    with pytest.raises(Forbidden) as closed:
        shop.ask("li", "printing.give", token=made["path"].rpartition("/")[2])
    assert closed.value.problems[0].code == "printing.not-opened"
    with pytest.raises(Rejected) as needless:
        shop.ask("li", "printing.send_code", token=made["path"].rpartition("/")[2])
    assert needless.value.problems[0].code == "printing.no-code-needed"
    token = made["path"].rpartition("/")[2]
    visitor = Visitor(shop).sign_in("li")
    assert visitor.post("api/operations/printing.open", {"token": token, "address": "1.1.1.1"}).status_code == 404
    across = visitor.ask("POST", made["path"], data={"open": "1"}, headers={"sec-fetch-site": "cross-site"})
    assert across.status_code == 403


@pytest.mark.requirement("ST02", "ST05")
def test_a_paper_is_sent_by_mail(shop: Shop, lead: int, mail_server: MailServer) -> None:
    """With the words of the template or the sender's own, the file enclosed and a link that works."""
    draft = shop.ask("li", "printing.letter", template="offer", id=lead)
    assert draft == {
        "to": "buyer@acme.example", "name": "Acme <b>", "subject": "Offer for Acme <b>", "text": "Dear customer",
        "attach": ["pdf"], "body": False,
    }  # fmt: skip
    sent = shop.ask(
        "li", "printing.send", template="offer", id=lead, text="Own words", attach=["pdf", "docx"], link=True
    )
    assert mail_server.letters == []
    shop.host.settle()
    (letter,) = mail_server.wait(1)
    assert (letter.recipients, letter.subject) == (("buyer@acme.example",), "Offer for Acme <b>")
    names = [each.get_filename() for each in letter.message.iter_attachments()]
    assert names == ["Offer Acme _b.pdf", "Offer Acme _b.docx"]
    content = next(letter.message.iter_attachments()).get_content()
    assert shop.ask("li", "printing.verify", content=content)["proven"]
    address = re.search(r"https://crm\.example\.com/(\S+)", letter.text())
    assert letter.text().startswith("Own words") and address is not None
    assert press(reader(shop), address[1]).status_code == 303
    assert shop.ask("li", "printing.links", form="lead", id=lead)["items"][0]["print"] == sent["print"]
    kinds = [each["kind"] for each in shop.ask("li", "printing.activities", form="lead", id=lead)]
    assert kinds.count("mail") == 2
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.send", template="offer", id=lead, to="@")
    assert refused.value.problems[0].code == "printing.no-recipient"


@pytest.mark.requirement("ST05", "ST06", "T6")
def test_a_template_is_the_letter_itself(shop: Shop, lead: int, mail_server: MailServer) -> None:
    """A greeting written in Jinja2 goes out as HTML with values and loops, escaped, and in plain words beside it."""
    shop.ask("li", "records.create", type="contract", values={"number": "C-1", "lead": lead})
    shop.ask("li", "printing.send", template="greeting", id=lead, language="en")
    shop.host.settle()
    (letter,) = mail_server.wait(1)
    assert letter.subject == "Best wishes, Acme <b>" and letter.text().strip() == "Best wishes"
    html = letter.text("html")
    assert "<h2>Dear Acme &lt;b&gt;</h2>" in html and "<p>C-1</p>" in html
    assert list(letter.message.iter_attachments()) == []


@pytest.mark.requirement("T13")
def test_a_step_of_a_flow_keeps_and_sends(shop: Shop, lead: int, mail_server: MailServer) -> None:
    """The paper a flow makes is a file of the record, is counted as a print, and is in the customer's mail box."""
    shop.ask("li", "flows.start", flow="send_offer", id=lead)
    shop.host.settle()
    (letter,) = mail_server.wait(1)
    (file,) = shop.ask("li", "records.get", type="lead", id=lead)["files"]
    content = next(letter.message.iter_attachments()).get_content()
    assert content.startswith(b"%PDF") and "Budget ¥1,200.50" in text_of(content)
    name = file["name"] if isinstance(file, Mapping) else None
    assert name in (None, "Offer Acme _b.pdf")
    copies = [each["copy"] for each in shop.ask("li", "printing.history", form="lead", id=lead)["items"]]
    assert copies == [2, 1]


def test_a_step_that_keeps_its_file_nowhere(open_shop: OpenShop) -> None:
    """A flow that keeps a paper in a field of words is a finding."""
    nodes = [{**each, "field": "company"} if each["id"] == "print" else each for each in SEND_ON_WON["nodes"]]
    more = {**MORE, "flows/send_offer.json": {**SEND_ON_WON, "nodes": nodes}}
    with pytest.raises(Exception, match="company") as refused:
        open_shop(more=more)
    assert "not-files" in str(getattr(refused.value, "report", refused.value)) or "does not hold files" in str(
        refused.value
    )


def test_a_letter_needs_an_address_for_its_link(open_shop: OpenShop, mail_server: MailServer, tmp_path: Any) -> None:
    """Without PUBLIC_URL a program that sends a link says where the app is reached; a page always does."""
    shop = open_shop(
        more=MORE, secrets={"SMTP_URL": f"smtp://{mail_server.host}:{mail_server.port}"}, files=str(tmp_path)
    )
    shop.ask("li", "records.create", type="lead", values={"company": "Acme", "email": "a@acme.example"})
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "printing.send", template="offer", id=1, link=True)
    assert refused.value.problems[0].code == "printing.no-address"
    shop.ask("li", "printing.send", template="offer", id=1, link=True, address="https://here.example/crm")
    shop.host.settle()
    assert "https://here.example/crm/api/shared/" in mail_server.wait(1)[0].text()


def test_a_field_that_holds_no_files(shop: Shop, lead: int) -> None:
    """What a flow orders is checked again where it is done."""
    with shop.host.session() as app, pytest.raises(Rejected) as refused:
        app.ask("printing.deliver", template="offer", id=lead, field="company")
    assert refused.value.problems[0].code == "printing.no-file-field"
