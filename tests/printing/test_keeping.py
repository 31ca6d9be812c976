"""A paper is proven by what was kept: the template as it was, the snapshot, the hash of the file."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pypdf
import pytest

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.contract import Engine
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import Actor
from lowcode.printing.engine import Printing
from lowcode.printing.outputs.worker.pool import MEGABYTE, Workers

FIRM = Path(__file__).parent / "firm"
SALES = Actor(1, "li.na", "李娜", frozenset({"sales"}), team=frozenset({1}), locale="zh-CN")
OTHER = Actor(2, "zhang.wei", "张伟", frozenset({"sales"}), team=frozenset({2}))
SUPERVISOR = Actor(3, "wang.fang", "王芳", frozenset({"supervisor"}), locale="en")


def many_squares(depth: int, blur: str = "") -> bytes:
    """A small picture of ten to the power of `depth` squares, perhaps each of them blurred."""
    groups = "".join(f'<g id="a{n}">' + f'<use xlink:href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, depth + 1))
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"'
    first = f'<filter id="f"><feGaussianBlur stdDeviation="1"/></filter><rect id="a0" width="1" height="1" {blur}/>'
    return f'<svg {names}><defs>{first}{groups}</defs><use xlink:href="#a{depth}"/></svg>'.encode()


def wide_picture(side: int) -> bytes:
    """A small PNG that unpacks to a byte for each of its dots."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packing = zlib.compressobj(1)
    rows = b"".join([*(packing.compress(bytes(side + 1)) for _ in range(side)), packing.flush()])
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Firm:
    """The sample firm, whose templates may change from one opening to the next."""

    def __init__(self, folder: Path, workers: Workers | None = None) -> None:
        self.folder = folder
        shutil.copytree(FIRM, folder / "app")
        self.printing = Printing(workers=workers)
        self.open()
        self.host.publish()
        account = self.ask(SALES, "records.create", type="account", values={"name": "苏州博世"})
        values = {"account": account["id"], "quoted_on": date(2026, 11, 23), "owner": 1}
        self.ask(SUPERVISOR, "records.create", type="quote", values=values)

    def open(self) -> None:
        """Read the documents as they are now."""
        clock = FrozenClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
        address = f"sqlite:///{self.folder}/firm.sqlite3"
        engines: list[Engine] = [Forms(), self.printing]
        self.host = Host(self.folder / "app", address, engines=engines, clock=clock, files=str(self.folder / "files"))

    def write(self, path: str, **changed: Any) -> None:
        """Change a document."""
        file = self.folder / "app" / path
        said = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        file.write_text(json.dumps({**said, **changed}, ensure_ascii=False), encoding="utf-8")

    def ask(self, actor: Actor, operation: str, **parameters: Any) -> Any:
        """One operation in a transaction of its own."""
        with self.host.session(actor) as session:
            return session.ask(operation, **parameters)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    """One firm with one quote of Li Na's."""
    made = Firm(tmp_path)
    yield made
    made.host.close()


def test_a_print_is_made_again_from_the_template_as_it_was(firm: Firm) -> None:
    """The template and its picture change after the print; again and verify still speak of what was printed."""
    picture = firm.folder / "app/templates/logo.svg"
    picture.parent.mkdir()
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    body = [{"type": "image", "file": "templates/logo.svg"}, {"type": "text", "text": "旧 {{ number }}"}]
    firm.write("printing/quotation.json", body=body)
    firm.open()
    made = firm.ask(SALES, "printing.render", template="quotation", id=1)
    firm.write("printing/quotation.json", body=[{"type": "text", "text": "新 {{ number }}"}])
    picture.unlink()
    firm.open()
    again = firm.ask(SALES, "printing.again", print=made["print"])
    assert again["same"] and again["same_fonts"] and again["content"] == made["content"]
    fresh = firm.ask(SALES, "printing.render", template="quotation", id=1)
    assert fresh["content"] != made["content"]
    assert firm.ask(SALES, "printing.again", print=fresh["print"])["same"]


def test_a_file_is_verified(firm: Firm) -> None:
    """What was given out is known by its bytes; a changed file is not; who may not read the record learns no more."""
    made = firm.ask(SALES, "printing.render", template="quotation", id=1)
    found = firm.ask(SALES, "printing.verify", content=made["content"])
    assert (found["known"], found["proven"]) == (True, True)
    assert found["print"]["copy"] == 1 and found["print"]["printed_by"] == 1
    digest = hashlib.sha256(made["content"]).hexdigest()
    assert firm.ask(SALES, "printing.verify", digest=digest) == found
    assert firm.ask(OTHER, "printing.verify", digest=digest) | {"digest": ""} == {
        "known": True, "digest": "", "print": None, "proven": None, "batch": None,
    }  # fmt: skip
    forged = firm.ask(SALES, "printing.verify", content=made["content"] + b" ")
    assert (forged["known"], forged["print"]) == (False, None)
    with pytest.raises(Rejected) as refused:
        firm.ask(SALES, "printing.verify")
    assert refused.value.problems[0].code == "printing.nothing-to-verify"


def test_a_print_whose_fields_are_gone_says_so(firm: Firm) -> None:
    """A version that cannot be understood any more is refused with its name, and still known."""
    body = [{"type": "text", "text": "{{ terms }}"}]
    firm.write("printing/quotation.json", body=body, file_name="x")
    firm.open()
    made = firm.ask(SALES, "printing.render", template="quotation", id=1)
    fields = json.loads((FIRM / "forms/quote.json").read_text(encoding="utf-8"))["fields"]
    firm.write("forms/quote.json", fields=[each for each in fields if each["name"] != "terms"])
    firm.write("printing/quotation.json", body=[{"type": "text", "text": "x"}])
    firm.open()
    firm.host.apply(firm.host.plan(), allow=["retire:quote.terms"])
    with pytest.raises(Rejected) as refused:
        firm.ask(SALES, "printing.again", print=made["print"])
    assert refused.value.problems[0].code == "printing.version-gone"
    found = firm.ask(SALES, "printing.verify", content=made["content"])
    assert (found["known"], found["proven"], found["reason"]) == (True, None, "printing.version-gone")


def test_a_copy_says_that_it_is_one(firm: Firm) -> None:
    """The first paper says nothing, the second says so on its page, in its language; a template may keep silent."""
    said = []
    for actor in (SALES, SALES, SUPERVISOR):
        made = firm.ask(actor, "printing.render", template="quotation", id=1)
        text = pypdf.PdfReader(io.BytesIO(made["content"])).pages[0].extract_text()
        said.append([words for words in ("第 2 次打印", "Copy 3") if words.replace(" ", "") in text.replace(" ", "")])
    assert said == [[], ["第 2 次打印"], ["Copy 3"]]
    firm.write("printing/quotation.json", reprint="")
    firm.open()
    made = firm.ask(SALES, "printing.render", template="quotation", id=1)
    assert "次打印" not in pypdf.PdfReader(io.BytesIO(made["content"])).pages[0].extract_text()


def test_printing_is_a_right_apart(firm: Firm) -> None:
    """Where the permissions speak of print, reading alone does not print; a condition is about the record."""
    permissions = [
        {"role": "sales", "can": ["create", "read", "edit"]},
        {"role": "sales", "can": ["print"], "where": "owner in TEAM()"},
        {"role": "supervisor", "can": ["create", "read", "edit", "delete"]},
    ]
    firm.write("forms/quote.json", permissions=permissions)
    firm.open()
    assert firm.ask(SALES, "printing.render", template="quotation", id=1)["print"] == 1
    for actor in (OTHER, SUPERVISOR):
        assert firm.ask(actor, "records.get", type="quote", id=1)["id"] == 1
        assert firm.ask(actor, "printing.list", form="quote", id=1)["items"] == []
        for operation, parameters in (
            ("printing.render", {"template": "quotation", "id": 1}),
            ("printing.again", {"print": 1}),
        ):
            with pytest.raises(Forbidden):
                firm.ask(actor, operation, **parameters)
    with pytest.raises(NotFound):
        firm.ask(SALES, "printing.again", print=99)


@pytest.mark.parametrize(
    ("file", "picture", "limits", "code"),
    [
        ("a.svg", partial(many_squares, 5, 'filter="url(#f)"'), {"seconds": 4.0}, "too-slow"),
        ("a.svg", partial(many_squares, 8), {}, "failed"),
        ("a.png", partial(wide_picture, 20_000), {"memory": 400 * MEGABYTE}, "failed"),
    ],
    ids=["time", "parts", "memory"],
)
def test_a_hostile_picture_is_ended_and_named(
    tmp_path: Path, file: str, picture: Callable[[], bytes], limits: dict[str, Any], code: str
) -> None:
    """A small picture that becomes a huge one ends its worker, not the host; the refusal names its block. A worker that
    has seconds has at least those in which a busy machine draws ten papers without the picture."""
    firm = Firm(tmp_path, workers := Workers(count=1, **{"seconds": 60.0} | limits))
    limit, workers.seconds = workers.seconds, 60.0
    (tmp_path / "app/templates").mkdir()
    (tmp_path / "app/templates" / file).write_bytes(picture())
    body: list[dict[str, Any]] = [{"type": "text", "text": "x"}, {"type": "line"}]
    shown = [*body, {"type": "image", "file": f"templates/{file}", "width": 9}]

    def printed(blocks: list[dict[str, Any]]) -> Any:
        firm.write("printing/quotation.json", body=blocks)
        firm.open()
        return firm.ask(SALES, "printing.render", template="quotation", id=1)

    printed(body)  # it has begun, and what it draws with is there
    since = time.monotonic()
    printed(body)
    workers.seconds = max(limit, 10 * (time.monotonic() - since))
    with pytest.raises(Rejected) as refused:
        printed(shown)
    problem = refused.value.problems[0]
    assert (problem.code, problem.values["block"]) == (f"printing.{code}", "/body/2")
    workers.seconds = 60.0
    assert printed(body)["content"].startswith(b"%PDF")
    firm.host.close()
    workers.close()


def test_a_template_text_that_fails_is_named(firm: Firm) -> None:
    """A text that goes past a limit while it runs is refused with the place of its block."""
    text = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"
    firm.write("printing/quotation.json", body=[{"type": "keep", "body": [{"type": "html", "html": text}]}])
    firm.open()
    with pytest.raises(Rejected) as refused:
        firm.ask(SALES, "printing.render", template="quotation", id=1)
    problem = refused.value.problems[0]
    assert (problem.code, problem.values["block"]) == ("printing.failed", "/body/0/body/0")
    assert "loops" in problem.values["reason"]


def test_a_file_that_is_too_large_is_not_taken(tmp_path: Path) -> None:
    """What a worker gives beyond the limit is never read into the host."""
    firm = Firm(tmp_path, Workers(count=1, output=2_000))
    with pytest.raises(Rejected) as refused:
        firm.ask(SALES, "printing.render", template="quotation", id=1)
    assert refused.value.problems[0].code == "printing.too-large"
    firm.printing.workers.output = 64 * MEGABYTE
    assert firm.ask(SALES, "printing.render", template="quotation", id=1)["print"] == 1
    firm.host.close()
    firm.printing.workers.close()
