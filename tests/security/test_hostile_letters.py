"""Letters that are meant to hurt, or broken on their way: each is read as far as it can be, and none stands in the way
of those behind it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lowcode.api.letters import ANSWERS, FILES, RECIPIENTS, Attached, Letter, read, words_of_html
from lowcode.kernel.storage.types import unfit

ADA = "ada@example.com"
HTML = b"Content-Type: text/html\r\n\r\n"
MANY = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; "
FROM = b"From: Ada <ada@example.com>\r\nSubject: Chairs\r\n"
SECTIONS = b"Content-Type: text/plain" + b"; a*0=b" * 17_000


def within(levels: int) -> bytes:
    """Parts within parts."""
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
    )
    return FROM + head + b"Content-Type: text/plain\r\n\r\nHello\r\n"


CASES: dict[str, tuple[bytes, str, str]] = {
    "an address of the library's own stumbling": (b"From: a@[b\r\nTo: ((((\r\n\r\nHello", "a@[b]", "Hello"),
    "comments within comments": (b"From: " + b"(" * 50_000 + b"\r\n\r\nHello", "", "Hello"),
    "a hundred thousand senders": (b"From: " + b"a@b.example, " * 100_000 + b"\r\n\r\nHello", "a@b.example", "Hello"),
    "a date beyond the calendar": (FROM + b"Date: Fri, 31 Dec 9999 23:59:59 -2300\r\n\r\nHello", ADA, "Hello"),
    "bytes in a header": (b"From: \xff <ada@example.com>\r\nSubject: \xff\r\n\r\nHello \xff", ADA, "Hello \ufffd"),
    "a charset nobody knows": (FROM + b"Content-Type: text/plain; charset=klingon\r\n\r\nHello", ADA, "Hello"),
    "half a character": (FROM + b"Content-Type: text/plain; charset=utf-16\r\n\r\n\x00\xd8\x41\x00", ADA, "\ufffdA"),
    "parts within parts": (within(20), ADA, "Hello"),
    "more than anybody walks through": (within(5000), ADA, ""),
    "as many files as lines": (
        FROM
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n" * 50_000,
        ADA,
        "",
    ),
    "a name with a line break": (
        FROM + MANY + b'filename="\xff\0\r\n x"' + b"\r\n\r\nx\r\n--b--\r\n",
        ADA,
        "",
    ),
    "a marked section that is none": (FROM + HTML + b"<p>Hello<![foo[ <p>", ADA, "Hello"),
    "nothing but beginnings of comments": (FROM + HTML + b"Hello" + b"<!--" * 100_000, ADA, "Hello"),
    "a character of thousands of digits": (FROM + HTML + b"Hello&#" + b"9" * 5000 + b";", ADA, "Hello\ufffd"),
    "a character after thousands of zeros": (FROM + HTML + b"Hello&#" + b"0" * 5000 + b"65;", ADA, "HelloA"),
    "comments within comments about its writing": (
        FROM + b"Content-Transfer-Encoding: " + b"(" * 300 + b"\r\n\r\nHello",
        ADA,
        "Hello",
    ),
    "the same section of a name again and again": (FROM + SECTIONS + b"\r\n\r\nHello", ADA, "Hello"),
    "the same in folded lines": (FROM + SECTIONS.replace(b";", b";\r\n ") + b"\r\n\r\nHello", ADA, "Hello"),
    "the same in each part": (
        FROM
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n"
        + (b"--b\r\n" + SECTIONS + b"\r\n\r\nx\r\n") * 100,
        ADA,
        "",
    ),
    "a query of many remarks": (FROM + b"\nselect" + b"\n-- not" * 2500, ADA, "select" + "\n-- not" * 2500),
    "a line of a file that ends no quote": (FROM + HTML + b'<p title="x>Hello', ADA, "Hello"),
    "nothing but beginnings of values": (FROM + HTML + b"Hello<a" + b"='" * 100_001, ADA, "Hello"),
    "nothing": (b"", "", ""),
}


def fits(letter: Letter) -> bool:
    texts = [letter.message, letter.sender, letter.sender_name, letter.subject, letter.text]
    names = [part for each in letter.files for part in (each.name, each.media_type)]
    return unfit([*texts, *letter.recipients, *letter.answers, *names]) is None


@pytest.mark.requirement("A15")
@pytest.mark.parametrize("case", CASES)
def test_whatever_it_is_it_is_read(case: str) -> None:
    """As far as it can be, without a fault, and with nothing that no column holds."""
    content, sender, text = CASES[case]
    letter = read(content)
    assert (sender, text) == (letter.sender, letter.text)
    assert fits(letter)


@pytest.mark.requirement("A15")
def test_what_is_read_by_its_head_alone_says_so_and_comes_whole() -> None:
    """Nothing of it is lost: the letter itself is its file. What its head says of its parts does not hold for it, in
    folded lines neither."""
    head = b"Content-Type: multipart/mixed;\r\n boundary=b\r\nSubject: Chairs\r\nContent-Language: en,\r\n de\r\n"
    content = b"From: ada@example.com\r\n" + head + b"\r\n" + b"--b\r\n\r\nx\r\n" * 3000
    letter = read(content)
    assert (letter.by_head, letter.sender, letter.subject, letter.text) == (True, ADA, "Chairs", "")
    assert letter.files == (Attached("letter.eml", "message/rfc822", content),)
    assert not read(FROM + b"\r\nHello").by_head


@pytest.mark.requirement("A15")
@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("""<img alt='5" pipe'><p>The order is 12</p> <a href="x">link</a>""", "The order is 12 link"),
        ("<p title='a>b'>Two", "Two"),
        ('<p title = \n "a>b" lang=en>Two', "Two"),
        ("<p title=it's>Two<b title='>'>One", "TwoOne"),
        ('<!DOCTYPE html "><p>Two', "Two"),
        ("1<br/>2", "1\n2"),
        ("Two <a b", "Two"),
    ],
)
def test_words_between_tags_are_all_read(shown: str, words: str) -> None:
    """A quote of one kind within the other ends nothing, and neither does one within a value that is not quoted."""
    assert words == words_of_html(shown)


@pytest.mark.requirement("A15")
def test_what_is_looked_for_is_bounded() -> None:
    """Each recipient and each letter that is answered is a question to the database, and each file is kept."""
    many = b"".join(b"<%d@example.com> " % number for number in range(5000))
    to = b", ".join(b"r%d@example.com" % number for number in range(500))
    files = b"".join(
        b"--b\r\nContent-Disposition: attachment; filename=%d.txt\r\n\r\nx\r\n" % number for number in range(200)
    )
    head = b"To: " + to + b"\r\nReferences: " + many + b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    letter = read(FROM + head + files + b"--b--\r\n")
    assert (RECIPIENTS, FILES) == (len(letter.recipients), len(letter.files))
    assert 0 < len(letter.answers) <= ANSWERS


@pytest.mark.requirement("A15")
def test_what_is_right_is_read_as_it_was_meant() -> None:
    """Encoded words in names and subjects, a comma in a name, a time of elsewhere, the words of HTML."""
    letter = read(
        b'From: =?utf-8?b?5p2O5aicLCBBY21l?= <Li@Example.com>\r\nTo: "Chen, Wei" <chen@example.com>\r\n'
        b"Subject: =?gb2312?B?xOO6ww==?=\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nMessage-ID: <1@example.com>\r\n"
        b"In-Reply-To: <0@example.com>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>One<p title='a'>Two"
    )
    expected = Letter(
        "<1@example.com>", "li@example.com", "李娜, Acme", ("chen@example.com",), "你好", "One\nTwo",
        datetime(2026, 3, 2, 2, tzinfo=UTC), ("<0@example.com>",), automatic=False, files=(),
    )  # fmt: skip
    assert expected == letter
    shown = (
        '<title>T</title><style>p{a>b}</style><p title="a>b">Hi &amp; <b>you</b><br>1 < 2 &lt;x&gt;<script>1<2</script>'
    )
    assert "Hi & you\n1 < 2 <x>" == words_of_html(shown)
