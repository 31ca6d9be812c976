"""Many records over HTTP: bulk, upsert by a key, aggregates, what links name, parts of files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from lowcode.kernel.storage import Unit
from tests.api.app import LEAD
from tests.web.calls import Open, Visitor, problem


@pytest.fixture
def visitor(open_shop: Open, database_url: str) -> Visitor:
    return Visitor(open_shop(database=database_url)).sign_in("head")


@pytest.mark.requirement("A1")
def test_each_of_many_is_answered(visitor: Visitor) -> None:
    """What is refused is said at its place and undoes nothing of the others, unless they belong together."""
    lead = visitor.post("api/records/lead", {"company": "Acme"}).json()
    items: list[Any] = [
        {"values": {"company": "One", "phone": "13800000001"}},
        {"values": {"grade": "Z"}},
        {"do": "update", "id": lead["id"], "values": {"grade": "A"}, "version": lead["version"]},
        {"do": "update", "id": lead["id"], "values": {"grade": "B"}, "version": lead["version"]},
        {"do": "delete", "id": 999},
        {"do": "update", "values": {"grade": "A"}},
    ]
    refused = visitor.post("api/records/lead/bulk", {"items": items, "together": True})
    assert 422 == refused.status_code
    assert {"/items/1/company", "/items/1/grade", "/items/3/grade", "/items/5/id"} <= {
        each["pointer"] for each in refused.json()["errors"]
    }
    assert ["Acme"] == [each["company"] for each in visitor.get("api/records/lead").json()["items"]]
    done = visitor.post("api/records/lead/bulk", {"items": items}).json()
    assert ["created", None, "updated", None, None, None] == [each.get("done") for each in done["items"]]
    assert (2, 4) == (done["done"], done["refused"])
    assert {"/company", "/grade"} == {each["pointer"] for each in done["items"][1]["problems"]}
    found = visitor.get("api/records/lead?sort=company").json()["items"]
    assert [("Acme", "A"), ("One", None)] == [(each["company"], each["grade"]) for each in found]


@pytest.mark.requirement("A1", "SA09")
def test_a_record_by_a_key_of_its_own(visitor: Visitor) -> None:
    """An upsert makes what is not there and changes what is; sent again with its key it is done once."""
    first = visitor.ask("PUT", "api/records/contract/by/number/C%2F1", json={"total": "5"})
    assert (201, "C/1", "5.00") == (first.status_code, first.json()["number"], first.json()["total"])
    again = visitor.ask("PUT", "api/records/contract/by/number/C%2F1", json={"total": "7"})
    assert (200, first.json()["id"], "7.00") == (again.status_code, again.json()["id"], again.json()["total"])
    stale = visitor.ask(
        "PUT", "api/records/contract/by/number/C%2F1", json={"total": "9"}, headers={"if-match": first.headers["etag"]}
    )
    assert 412 == stale.status_code
    assert (422, "records.no-key-field") == problem(visitor.ask("PUT", "api/records/contract/by/total/1", json={}))[:2]
    for number, status in (("C/2", 422), ("C/1", 200)):  # another name in the values than in the address, and the same
        both = visitor.ask("PUT", "api/records/contract/by/number/C%2F1", json={"number": number, "total": "7"})
        assert status == both.status_code and (status == 200 or "records.two-keys" == problem(both)[1]), both.text
    many = [{"do": "upsert", "by": "number", "values": {"number": f"C{each % 3}", "total": each}} for each in range(9)]
    once = {"idempotency-key": "sync-7"}
    done = visitor.post("api/records/contract/bulk", {"items": many}, headers=once)
    assert ["created"] * 3 + ["updated"] * 6 == [each["done"] for each in done.json()["items"]]
    assert done.json() == visitor.post("api/records/contract/bulk", {"items": many}, headers=once).json()
    assert ["8.00", "7.00", "7.00", "6.00"] == [
        each["total"] for each in visitor.get("api/records/contract?sort=-total,number").json()["items"]
    ]


@pytest.mark.requirement("A1")
def test_counted_and_added_up(visitor: Visitor) -> None:
    """Groups over everything that is found and that the person may see, with the words of what they are grouped by."""
    leads = [visitor.post("api/records/lead", {"company": name}).json()["id"] for name in ("Acme", "Bell")]
    for number, (lead, total) in enumerate([(0, "1.50"), (0, "2.50"), (1, "4"), (1, None)]):
        values = {"number": f"C{number}", "lead": leads[lead], "total": total}
        assert 201 == visitor.post("api/records/contract", values).status_code
    found = visitor.get("api/records/contract/aggregate?group=lead&sum=total&average=total").json()
    assert [("Acme", 2, "4.00", "2.00"), ("Bell", 2, "4.00", "4.00")] == [
        (
            e["values"]["lead"]["label"],
            e["count"],
            f"{float(e['sum']['total']):.2f}",
            f"{float(e['average']['total']):.2f}",
        )
        for e in found["items"]
    ]
    whole = visitor.get("api/records/contract/aggregate?where=total>2&sum=total").json()["items"]
    assert [(2, 6.5)] == [(each["count"], float(each["sum"]["total"])) for each in whole]
    assert (422, "records.not-a-number-field") == problem(visitor.get("api/records/contract/aggregate?sum=number"))[:2]
    assert (422, "records.not-a-group-field") == problem(visitor.get("api/records/contract/aggregate?group=total"))[:2]
    assert (422, "http.unknown-parameter") == problem(visitor.get("api/records/contract/aggregate?sums=total"))[:2]


def test_what_is_kept_from_a_person_is_not_grouped_by(visitor: Visitor) -> None:
    """Row filters and hidden fields hold for aggregates as for lists."""
    visitor.post("api/records/lead", {"company": "Acme", "secret_note": "x"})
    sales = Visitor(visitor.shop).sign_in("zhao")
    sales.post("api/records/lead", {"company": "Own"})
    counted = [each["count"] for each in sales.get("api/records/lead/aggregate").json()["items"]]
    assert [1] == counted
    assert (422, "records.unknown-field") == problem(sales.get("api/records/lead/aggregate?group=secret_note"))[:2]


@pytest.mark.requirement("A1")
def test_what_links_name_comes_along(visitor: Visitor) -> None:
    """`expand` brings each linked record once, as far as the person may see it."""
    lead = visitor.post("api/records/lead", {"company": "Acme", "secret_note": "x"}).json()["id"]
    contract = visitor.post("api/records/contract", {"number": "C1", "lead": lead}).json()["id"]
    visitor.post("api/records/contract", {"number": "C2", "lead": lead})
    page = visitor.get("api/records/contract?expand=lead").json()
    assert {"lead"} == set(page["expanded"])
    assert ("Acme", "x") == tuple(page["expanded"]["lead"][str(lead)][name] for name in ("company", "secret_note"))
    one = visitor.get(f"api/records/contract/{contract}?expand=lead").json()
    assert "Acme" == one["_expanded"]["lead"][str(lead)]["_label"]
    sales = Visitor(visitor.shop).sign_in("zhao")
    assert {"lead": {}} == sales.get("api/records/contract?expand=lead").json()["expanded"]
    wrong = visitor.get("api/records/contract?expand=leed")
    assert (422, "http.not-a-link") == problem(wrong)[:2]
    assert ["/expand"] == [each["pointer"] for each in wrong.json()["errors"]]
    assert "possible: lead" in wrong.json()["detail"] and "Did you mean 'lead'?" in wrong.json()["detail"]
    assert 422 == visitor.get(f"api/records/contract/{contract}?expand=number").status_code


def test_what_comes_along_is_read_once(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to a record that comes along is named as it is; what does not come along is named as ever."""
    leads = [visitor.post("api/records/lead", {"company": name}).json()["id"] for name in ("Acme", "Gone")]
    for number, lead in enumerate(leads):
        visitor.post("api/records/contract", {"number": f"C{number}", "lead": lead})
    visitor.delete(f"api/records/lead/{leads[1]}")
    asked: list[str] = []
    fetch = Unit.fetch

    def noted(self: Unit, statement: Any, *shows: Any, **parameters: Any) -> Any:
        asked.append(str(statement))
        return fetch(self, statement, *shows, **parameters)

    monkeypatch.setattr(Unit, "fetch", noted)

    def named(query: str) -> tuple[int, dict[str, str]]:
        asked.clear()
        items = visitor.get(f"api/records/contract?{query}").json()["items"]
        leads_read = len([each for each in asked if "FROM lead" in each])
        return leads_read, {each["number"]: each["lead"]["label"] for each in items}

    names = {"C0": "Acme", "C1": "Gone"}
    (_, plainly), (twice, beside) = named(""), named("expand=lead")
    once, alone = named("expand=lead&where=" + quote('number = "C0"'))
    assert (names, names, {"C0": "Acme"}) == (plainly, beside, alone)
    assert once < twice


NOTE = {
    "name": "note",
    "label": "text",
    "fields": [{"name": "text", "type": "text"}, {"name": "about", "type": "link_any", "to": ["lead", "contract"]}],
    "permissions": [{"role": ["supervisor"], "can": ["create", "read"]}],
}
BACK = {**LEAD, "relations": [*LEAD["relations"], {"name": "notes", "form": "note", "by": "about"}]}


@pytest.mark.requirement("A1", "F6")
def test_the_way_back_comes_along(open_shop: Open) -> None:
    """`expand` takes links to records of any form, and relations; of forms that one may not read there is nothing."""
    shop = open_shop(more={"forms/note.json": NOTE, "forms/lead.json": BACK})
    visitor = Visitor(shop).sign_in("head")
    lead = visitor.post("api/records/lead", {"company": "Acme"}).json()["id"]
    contract = visitor.post("api/records/contract", {"number": "C1", "lead": lead}).json()["id"]
    notes = [
        visitor.post("api/records/note", {"text": text, "about": about}).json()["id"]
        for text, about in (("one", f"lead/{lead}"), ("two", {"form": "contract", "id": contract}))
    ]
    page = visitor.get("api/records/note?expand=about").json()["expanded"]
    assert (["contract", "lead"], "Acme") == (sorted(page), page["lead"][str(lead)]["company"])
    back = visitor.get("api/records/lead?expand=contracts,notes").json()["expanded"]
    assert {"contract": ["C1"], "note": ["one"]} == {
        form: [each.get("number") or each["text"] for each in records.values()] for form, records in back.items()
    }
    assert [str(notes[0])] == list(visitor.get(f"api/records/lead/{lead}?expand=notes").json()["_expanded"]["note"])
    described = {each["name"]: each["any"] for each in visitor.get("api/app").json()["forms"]["lead"]["relations"]}
    assert {"contracts": False, "notes": True} == described
    timeline = visitor.get(f"api/records/lead/{lead}/timeline").json()["items"]
    assert {"one", "C1"} == {each["record"]["label"] for each in timeline if each["kind"] == "record"}
    sales = Visitor(shop).sign_in("zhao")
    own = sales.post("api/records/lead", {"company": "Own"}).json()["id"]
    visitor.post("api/records/note", {"text": "three", "about": f"lead/{own}"})
    assert {} == sales.get("api/records/lead?expand=notes").json()["expanded"]
    assert ["contracts"] == [each["name"] for each in sales.get("api/app").json()["forms"]["lead"]["relations"]]


def test_a_tag_that_is_no_version_matches_nothing(visitor: Visitor) -> None:
    """A condition that cannot be understood is not taken for none: nobody's change is overwritten."""
    record = visitor.post("api/records/lead", {"company": "Acme"}).json()
    address = f"api/records/lead/{record['id']}"
    for tag in (
        '"abc"',
        '"7"',
        "W/xyz",
        'W/"1"',
        '"0"',
        '"-1"',
        '"1',
        '1"',
        '"1"x',
        '"٣"',
        '"abc", W/"1", "7"',
        ",",
        "*, x",
    ):
        for answer in (
            visitor.patch(address, {"company": "B"}, headers={"if-match": tag.encode()}),
            visitor.delete(address, headers={"if-match": tag.encode()}),
        ):
            status, code, _ = problem(answer)
            assert (412, record["version"]) == (status, answer.json()["current"]["version"]), tag
            assert code == ("records.changed-meanwhile" if '"7"' in tag else "http.no-match"), tag
            assert '"7"' in tag or not tag.isascii() or tag[:2] in answer.json()["detail"]
    assert 200 == visitor.patch(address, {"company": "B"}, headers={"if-match": "*"}).status_code
    assert 404 == visitor.patch(f"{address}99", {"company": "B"}, headers={"if-match": "*"}).status_code
    assert 404 == visitor.delete(f"{address}99", headers={"if-match": '"1"'}).status_code


@pytest.mark.requirement("A1")
@pytest.mark.parametrize("how", ["patch", "delete", "put"])
def test_one_of_several_versions(visitor: Visitor, how: str) -> None:
    """RFC 9110, 13.1.1: a list fits when one of its tags does, in whatever order and with whatever beside it; where
    none does, the record is as it was, and is shown."""
    made = visitor.post("api/records/contract", {"number": "C1", "total": "1"}).json()
    address = f"api/records/contract/{made['id']}"
    for total in ("2", "3"):
        visitor.patch(address, {"total": total})

    def ask(tags: str) -> httpx.Response:
        where = "api/records/contract/by/number/C1" if how == "put" else address
        sent = {} if how == "delete" else {"json": {"total": "9"}}
        return visitor.ask(how.upper(), where, headers={"if-match": tags}, **sent)

    for tags in ('"1", "2"', '"2","1","7"', '"1", W/"3"'):
        refused = ask(tags)
        assert (412, "records.changed") == (problem(refused)[0], problem(refused)[1][:15]), tags
        assert (3, "3.00") == (visitor.get(address).json()["version"], visitor.get(address).json()["total"])
    assert ask('"abc" , "2", "3",W/"1"').status_code in (200, 204)
    assert 404 == visitor.get(address).status_code or "9.00" == visitor.get(address).json()["total"]


def test_a_condition_makes_nothing(visitor: Visitor) -> None:
    """Whoever wants a record to be there, as it was or at all, does not get a new one."""
    address = "api/records/contract/by/number/N1"
    for tags in ("*", '"1"', '"1", "2"', "W/x"):
        refused = visitor.ask("PUT", address, json={"total": "1"}, headers={"if-match": tags})
        assert (412, "http.not-there") == problem(refused)[:2], tags
        assert [] == visitor.get("api/records/contract").json()["items"]
    assert 201 == visitor.ask("PUT", address, json={"total": "1"}).status_code
    assert 200 == visitor.ask("PUT", address, json={"total": "2"}, headers={"if-match": "*"}).status_code


@pytest.mark.requirement("A1")
def test_operations_once(visitor: Visitor) -> None:
    """An operation that carries a key is done once, too."""
    record = visitor.post("api/records/lead", {"company": "Acme"}).json()
    sent = {"form": "lead", "id": record["id"], "text": "hello"}
    answers = [
        visitor.post("api/operations/forms.comment", sent, headers={"idempotency-key": "c1"}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    said = visitor.get(f"api/records/lead/{record['id']}/timeline").json()["items"]
    assert 1 == sum(each["kind"] == "comment" for each in said)


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    ("asked", "status", "content", "range_"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_parts_of_files(
    open_shop: Open, tmp_path: Any, asked: str, status: int, content: bytes | None, range_: str | None
) -> None:
    """A download goes on where it stopped; a part of another version is not given."""
    visitor = Visitor(open_shop(files=str(tmp_path))).sign_in("head")
    kept = visitor.post("api/files", files={"file": ("a.txt", b"0123456789", "text/plain")}).json()["id"]
    answer = visitor.get(f"api/files/{kept}", headers={"range": asked})
    assert (status, range_) == (answer.status_code, answer.headers.get("content-range"))
    assert content is None or content == answer.content
    other = visitor.get(f"api/files/{kept}", headers={"range": asked, "if-range": '"old"'})
    assert (200, b"0123456789") == (other.status_code, other.content)
