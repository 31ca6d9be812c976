"""Letters that come in, from a real IMAP server and by hand: read, threaded, filed, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lowcode.api import imap, imap_words, letters
from lowcode.api.tables import letter as table
from lowcode.kernel.diagnostics import NotFound, Rejected
from tests.api.app import Shop
from tests.support.imap import Mailboxes, mailboxes
from tests.support.mail import MailServer
from tests.web.calls import Visitor

__all__ = ["mailboxes"]

NOTE = {
    "name": "note",
    "title": "Note",
    "fields": [
        {"name": "subject", "type": "text"},
        {"name": "text", "type": "long_text"},
        {"name": "at", "type": "datetime"},
        {"name": "lead", "type": "link", "to": "lead"},
        {"name": "files", "type": "attachment"},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit"]}],
}
HEARD = {
    "name": "heard",
    "form": "lead",
    "on": {"event": {"name": "mail.received"}},
    "actions": [{"set": {"source": '"wrote"'}}],
}
INBOX = {
    "name": "inbox",
    "type": "mailbox",
    "url": {"secret": "IMAP_URL"},
    "people": [{"form": "lead", "by": "email", "sets": {"lead": "id", "owner": "owner"}}],
    "form": "note",
    "values": {"subject": "mail.subject", "text": "mail.text", "at": "mail.at"},
    "files": "files",
}
LETTER = b"""From: =?utf-8?B?5p2O5aic?= <Li.Na@Acme.example>
To: sales@example.com
Subject: =?utf-8?B?6K+35oql5Lu3?=
Date: Mon, 02 Mar 2026 09:30:00 +0800
Message-ID: <one@acme.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=utf-8

<p>Please <b>quote</b></p><script>bad()</script><div>ten &amp; two</div>
--x
Content-Type: text/plain
Content-Disposition: attachment; filename="need.txt"
Content-Transfer-Encoding: base64

MTAgcHVtcHM=
--x--
"""


def letter(message: str, sender: str = "li.na@acme.example", **more: str) -> bytes:
    """A short letter."""
    head = {"From": sender, "To": "sales@example.com", "Subject": "Hello", "Message-ID": f"<{message}>", **more}
    return ("".join(f"{name.replace('_', '-')}: {value}\n" for name, value in head.items()) + "\nwords\n").encode()


def shop_of(open_shop: Callable[..., Shop], url: str = "", **more: Any) -> Shop:
    secrets = {"IMAP_URL": url, **more.pop("secrets", {})}
    documents = {"forms/note.json": NOTE, "rules/heard.json": HEARD}
    shop = open_shop(INBOX, secrets=secrets, allow_private=("127.0.0.0/8",), more=documents, **more)
    shop.host.settle()
    return shop


def notes(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.ask("head", "records.list", type="note", sort=("id",))["items"]
    return found


def look(shop: Shop) -> None:
    shop.clock.advance(timedelta(minutes=3))
    shop.host.settle()


@pytest.mark.requirement("SA15", "A15", "SF23", "R9")
def test_letters_become_records_at_who_wrote_them(
    open_shop: Callable[..., Shop], mailboxes: Mailboxes, database_url: str, tmp_path: Any
) -> None:
    """A new letter is fetched once, stays unread on the server, and is found on the timeline with its files; rules
    hear of it."""
    shop = shop_of(open_shop, mailboxes.url, database=database_url, files=str(tmp_path))
    lead = shop.ask("li", "records.create", type="lead", values={"company": "Acme", "email": "li.na@acme.example"})
    mailboxes.put(
        LETTER, letter("two@x", "stranger@x.example"), letter("three@acme.example", Auto_Submitted="auto-replied")
    )
    look(shop)
    look(shop)
    assert 3 == mailboxes.unseen()
    [note] = notes(shop)
    assert ("请报价", "Please quote\nten & two", lead["id"]) == (note["subject"], note["text"], note["lead"])
    assert "2026-03-02T01:30" == note["at"].isoformat()[:16]
    assert shop.host.actor("li").id == note["owner"]
    visitor = Visitor(shop).sign_in("li")
    [kept] = visitor.get(f"api/records/note/{note['id']}").json()["files"]
    assert ("need.txt", b"10 pumps") == (kept["name"], visitor.get(f"api/files/{kept['id']}").content)
    assert "wrote" == shop.ask("li", "records.get", type="lead", id=lead["id"])["source"]
    states = {each["message"]: each["state"] for each in shop.ask("root", "api.letters")["items"]}
    assert {"<one@acme.example>": "filed", "<two@x>": "unknown", "<three@acme.example>": "automatic"} == states
    mailboxes.put(letter("four@acme.example"))
    look(shop)
    assert ["请报价", "Hello"] == [each["subject"] for each in notes(shop)]


@pytest.mark.requirement("A15")
def test_an_answer_belongs_to_what_it_answers(open_shop: Callable[..., Shop], mail_server: MailServer) -> None:
    """The answer to a letter that went out about a record is filed there, whoever writes it."""
    smtp = f"smtp://{mail_server.host}:{mail_server.port}?from=crm@example.com"
    shop = shop_of(open_shop, secrets={"SMTP_URL": smtp})
    lead = shop.ask("head", "records.create", type="lead", values={"company": "Acme"})["id"]
    with shop.host.session() as app:
        app.ask("api.message", channel="mail", to=["boss@acme.example"], title="Offer", form="lead", record=lead)
    shop.host.settle()
    [sent] = mail_server.wait(1)
    answer = letter("re@private.example", "someone@private.example", In_Reply_To=str(sent.message["message-id"]))
    assert "filed" == shop.ask("root", "api.take_mail", mailbox="inbox", content=answer)["state"]
    assert "filed" == shop.ask("root", "api.take_mail", mailbox="inbox", content=answer)["state"]
    further = letter("re2@private.example", "x@y.example", References="<a@b> <re@private.example>")
    shop.ask("root", "api.take_mail", mailbox="inbox", content=further)
    assert [lead, lead] == [each["lead"] for each in notes(shop)]


def test_what_nobody_knows_is_filed_by_hand(open_shop: Callable[..., Shop]) -> None:
    """A letter handed over by HTTP waits for somebody who knows where it belongs."""
    shop = shop_of(open_shop)
    lead = shop.ask("head", "records.create", type="lead", values={"company": "Acme"})["id"]
    root = Visitor(shop)
    key = {"authorization": f"Bearer {shop.key('root', 'api.take_mail')}", "content-type": "message/rfc822"}
    taken = root.ask("POST", "api/mailboxes/inbox", content=LETTER, headers=key)
    assert (200, "unknown") == (taken.status_code, taken.json()["state"])
    weak = {**key, "authorization": f"Bearer {shop.key('li')}"}
    assert 403 == root.ask("POST", "api/mailboxes/inbox", content=LETTER, headers=weak).status_code
    [waiting] = shop.ask("root", "api.letters", state="unknown")["items"]
    with pytest.raises(Rejected, match="files no letters"):
        shop.ask("root", "api.file_letter", id=waiting["id"], form="contract", record=lead)
    shop.ask("root", "api.file_letter", id=waiting["id"], form="lead", record=lead)
    assert [(lead, "请报价")] == [(each["lead"], each["subject"]) for each in notes(shop)]
    assert [] == shop.ask("root", "api.letters", state="unknown")["items"]


@pytest.mark.requirement("A15")
def test_a_letter_that_is_read_by_its_head_alone_is_kept_whole(open_shop: Callable[..., Shop], tmp_path: Any) -> None:
    """Filed by itself or by hand, once: its record has it as a file, and it stays where letters are kept."""
    shop = shop_of(open_shop, files=str(tmp_path))
    made = shop.ask("li", "records.create", type="lead", values={"company": "Acme", "email": "li.na@acme.example"})
    lead = made["id"]
    many = {"Content_Type": "multipart/mixed; boundary=b", "More": "x\n\n" + "--b\n\nx\n" * 3000}
    known, unknown = letter("1@acme.example", **many), letter("2@x.example", "stranger@x.example", **many)
    states = [shop.ask("root", "api.take_mail", mailbox="inbox", content=each)["state"] for each in (known, unknown)]
    assert ["filed", "unknown"] == states
    second, first = shop.ask("root", "api.letters")["items"]
    shop.ask("root", "api.file_letter", id=second["id"], form="lead", record=lead)
    for each in (first, second):
        with pytest.raises(NotFound):
            shop.ask("root", "api.file_letter", id=each["id"], form="lead", record=lead)
    assert [1, 1] == [len(each["files"]) for each in notes(shop)]
    rows = shop.host.write(lambda unit: unit.fetch(sa.select(table.c.content).order_by(table.c.id)))
    assert [known, unknown] == [row["content"] for row in rows]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "IMAP_URL"),
        ("http://user@host", "no address of a mailbox"),
        ("imaps://crm:x@mail.example.com:99999/INBOX", "'IMAP_URL' for an address, and its value is none"),
        ("imaps://crm:x@mail.example.com:0", "no address of a mailbox"),
        ("imaps://crm:x@[mail/INBOX", "'IMAP_URL' for an address, and its value is none"),
        ("imaps://crm:x@mail..example.com/INBOX", "no address of a mailbox"),
        ("imap://crm:let%20me%20in@{host}:{port}/CRM%22%0D%0AX1%20DELETE%20CRM", "a line break"),
        ("imap://crm%0D%0AX1%20NOOP:x@{host}:{port}/CRM", "a line break"),
        ("imap://crm:wrong@{host}:{port}/INBOX", "the mail server refused"),
        ("imap://crm:let%20me%20in@{host}:{port}/Nowhere", "there is no folder Nowhere"),
    ],
)
def test_a_mailbox_that_cannot_be_read_says_why(
    open_shop: Callable[..., Shop], mailboxes: Mailboxes, url: str, words: str
) -> None:
    """What waiting does not cure stands in the state of the mailbox."""
    shop = shop_of(open_shop, url.format(host=mailboxes.host, port=mailboxes.port))
    look(shop)
    [state] = shop.ask("root", "api.mailboxes")["items"]
    assert words in state["error"]
    [chinese] = shop.chinese("root", "api.mailboxes")["items"]
    assert chinese["error"] != state["error"] and not chinese["error"].isascii()


@pytest.mark.parametrize(
    ("folder", "written"),
    [
        ("CRM", "CRM"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("A&B 已发送", "A&-B &XfJT0ZAB-"),
        ("📨", "&2D3c6A-"),
        ('a "b\\c', 'a "b\\c'),
    ],
)
def test_a_folder_is_written_in_modified_utf_7(folder: str, written: str) -> None:
    """As RFC 3501, 5.1.3 has it, from where the second case is."""
    assert written == imap_words.folder_name(folder)


@pytest.mark.parametrize("mailboxes", ['口令 "\\'], indirect=True)
def test_any_password_and_folder_is_sent_as_it_is(mailboxes: Mailboxes) -> None:
    """Beyond ASCII, with quotes and backslashes: none ends the command it stands in."""
    client = mailboxes.open()
    for folder in ('"&XfJT0ZAB-"', r'"a\"b\\"'):
        client.create(folder)
    client.logout()
    server = mailboxes.url.removesuffix("CRM")
    for folder in ("已发送", 'a"b\\'):
        assert (folder, 0) == imap.look(server + quote(folder), ("127.0.0.0/8",))
    with pytest.raises(Rejected, match='no folder CRM" X'):
        imap.look(server + quote('CRM" X'), ("127.0.0.0/8",))


@given(st.binary(max_size=400))
def test_nothing_is_too_broken_to_be_read(content: bytes) -> None:
    """Whatever arrives is read, and the same twice is the same."""
    assert letters.read(content) == letters.read(content)


@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=60))
def test_broken_headers(sender: str, charset: str, body: bytes) -> None:
    """Headers of any content break nothing, and leave no null characters."""
    head = f"From: {sender}\nSubject: {charset}\nContent-Type: text/plain; charset={charset}\nDate: {sender}\n\n"
    read = letters.read(head.encode("utf-8", "surrogateescape") + body)
    assert "\0" not in read.subject + read.text


def test_one_look_takes_no_more(mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked how large a letter is before it is fetched; one alone is taken however large."""
    sent = [letter(each) for each in ("one", "two", "three")]
    mailboxes.put(*sent)
    monkeypatch.setattr(imap, "TOGETHER", len(sent[0]) + len(sent[1]) + 20)
    found = imap.fetch(mailboxes.url, None, 0, 50, ("127.0.0.0/8",))
    assert (2, True) == (len(found.letters), found.more)
    monkeypatch.setattr(imap, "TOGETHER", 1)
    assert 1 == len(imap.fetch(mailboxes.url, None, 0, 50, ("127.0.0.0/8",)).letters)


def test_a_large_folder_is_asked_for_by_and_by(mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the server numbers anew, all letters are new; and what it knows of none is not asked for again, nor what is
    gone before it was looked at."""
    monkeypatch.setattr(imap, "WINDOW", 1)
    mailboxes.put(*(letter(str(each)) for each in range(8)))
    client = mailboxes.open()
    client.select("CRM")
    first = int(client.response("UIDNEXT")[1][0]) - 8
    client.uid("STORE", f"{first + 2}:{first + 5},{first + 7}", "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.logout()
    asked: list[tuple[int, int]] = []
    numbers = imap._numbers

    def noted(client: Any, first: int, until: int) -> list[int]:
        asked.append((first, until))
        return numbers(client, first, until)

    monkeypatch.setattr(imap, "_numbers", noted)

    def fetched(validity: int | None, last: int) -> tuple[list[int], int, bool, int]:
        found = imap.fetch(mailboxes.url, validity, last, 50, ("127.0.0.0/8",))
        assert found.validity == validity or validity in (None, 1)
        return [each[0] - first for each in found.letters], found.last - first, found.more, found.validity

    *one, validity = fetched(None, 0)
    assert [[0, 1], 1, True] == one
    assert ([6], 6, False) == fetched(validity, first + 1)[:3]
    assert ([], 7, False) == fetched(validity, first + 6)[:3]
    asked.clear()
    assert ([], 7, False, []) == (*fetched(validity, first + 7)[:3], asked)
    assert [0, 1] == fetched(1, first + 7)[0]


class Sparse:
    """A folder whose letters have numbers made of the time, far apart."""

    def __init__(self, count: int) -> None:
        self.numbers = [1_600_000_000 + each * each % 997 + each * 1000 for each in range(count)]
        self.asked: list[int] = []

    def response(self, _: str) -> tuple[str, list[bytes]]:
        return "UIDNEXT", [str(self.numbers[-1] + 1).encode()]

    def fetch(self, places: str, _: str) -> tuple[str, list[bytes]]:
        first, until = map(int, places.split(":"))
        self.asked.append(until - first + 1)
        return "OK", [b"%d (UID %d)" % (each, self.numbers[each - 1]) for each in range(first, until + 1)]


@pytest.mark.parametrize("known", [0, 1, 999, 70_000, 98_999, 99_998, 99_999])
def test_numbers_far_apart_are_found_in_a_few_steps(known: int) -> None:
    """Whatever the numbers are made of, and however many letters lie before the new ones."""
    folder: Any = Sparse(100_000)
    last = folder.numbers[known - 1] if known else 0
    found, until, more = imap._following(folder, last, 100_000)
    assert folder.numbers[known : known + len(found)] == found
    assert len(found) >= min(1_000, 100_000 - known)
    assert (more, until) == ((True, last) if known + len(found) < 100_000 else (False, folder.numbers[-1]))
    assert len(folder.asked) <= 16 and max(folder.asked) <= 2_000


def test_a_letter_too_large_to_be_fetched(
    open_shop: Callable[..., Shop], mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of it the beginning is read, without a half of a file, and the record says so; also where somebody files it by
    hand later. One look takes so many bytes only, and the next one goes on."""
    monkeypatch.setattr(imap, "SIZE_LIMIT", 3 * 2**20)
    monkeypatch.setattr(imap, "TOGETHER", 1000)
    shop = shop_of(open_shop, mailboxes.url)
    lead = shop.ask("head", "records.create", type="lead", values={"company": "Acme", "email": "li.na@acme.example"})
    assert letters.read(b"X-Lowcode-Size: 5\r\n" + LETTER) == letters.read(LETTER)
    large = LETTER.replace(b"MTAgcHVtcHM=", b"MTAgcHVtcHM=\n" * 250_000)
    mailboxes.put(large, letter("two"), large.replace(b"<one@", b"<three@").replace(b"Li.Na", b"ada"), letter("four"))
    look(shop)
    first, *others = notes(shop)
    assert ([], "Please quote\nten & two") == (first["files"] or [], first["text"].split("\n\n")[1])
    assert first["text"].startswith("[This letter has 3 MB")
    assert ["words", "words"] == [each["text"] for each in others]
    [unknown] = [each for each in shop.ask("root", "api.letters")["items"] if each["state"] == "unknown"]
    shop.ask("root", "api.file_letter", id=unknown["id"], form="lead", record=lead["id"])
    filed = notes(shop)[-1]
    assert (first["text"], []) == (filed["text"], filed["files"] or [])
