"""Rows that two people changed: case by case as the page does it, and what must hold of every two edits."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.records.fields.kind import Invalid
from lowcode.kernel.records.merging import Collision, Make, Shape, merge_lists, merge_rows, pointer_among


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return found


CASES = cases("merged_rows.json")
LISTS = cases("merged_lists.json")
ITEMS = Shape(("what", "n"))
GROUPS = Shape(("title", "n"), {"items": ITEMS})
Rows = list[dict[str, Any]]
Edit = tuple[Any, ...]


def shape_of(written: dict[str, Any]) -> Shape:
    inner = {name: shape_of(each) for name, each in written.get("inner", {}).items()}
    return Shape(tuple(written["columns"]), inner, dict.fromkeys(written.get("several", ()), made_of()))


def made_of(one: Sequence[Any] = ()) -> Make:
    """What a field makes of a list; at most one of some may be in it."""

    def make(values: list[Any]) -> Any:
        if len([each for each in values if each in one]) > 1:
            raise Invalid("x", "")
        return values or None

    return make


@pytest.mark.requirement("F2", "SP19")
@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_cases(case: dict[str, Any]) -> None:
    """The same as in `web/packages/runtime/tests/merging.test.ts`."""
    sides = copy.deepcopy((case["base"], case["mine"], case["theirs"]))
    rows, collisions = merge_rows(shape_of(case["shape"]), *sides)
    assert rows == case["merged"]
    assert [
        {"kind": each.kind, "pointer": each.pointer, "way": list(each.way), "numbers": list(each.numbers),
         "column": each.column}
        for each in collisions
    ] == [{name: value for name, value in each.items() if name != "key"} for each in case["collisions"]]  # fmt: skip
    assert sides == (case["base"], case["mine"], case["theirs"]), "the three sides stay as they are"


@pytest.mark.requirement("F2", "SP19")
@pytest.mark.parametrize("case", LISTS, ids=[each["name"] for each in LISTS])
def test_lists(case: dict[str, Any]) -> None:
    """The same as in `web/packages/runtime/tests/merging.test.ts`."""
    found = merge_lists(made_of(case.get("one", ())), case["base"], case["mine"], case["theirs"])
    assert found == (None if case.get("collides") else (case["merged"],))


# -- what must always hold ---------------------------------------------------------------------------------------------

COLUMNS = {1: ("title", "n"), 2: ("what", "n")}


@st.composite
def bases(draw: st.DrawFn) -> Rows:
    """Groups with items; ids say which: 10, 20, … and in them 11, 12, …"""
    return [
        {
            "id": group * 10, "title": "", "n": 0,
            "items": [{"id": group * 10 + at, "what": "", "n": 0} for at in range(1, draw(st.integers(0, 3)) + 1)],
        }
        for group in range(1, draw(st.integers(0, 4)) + 1)
    ]  # fmt: skip


@st.composite
def edits(draw: st.DrawFn, base: Rows, side: str) -> list[Edit]:
    """What one person does: at most one thing to each row or cell, and rows that nobody else has."""
    found: list[Edit] = []
    for group in base:
        if draw(st.booleans()):
            continue
        done = draw(st.sampled_from(("remove", "set", "inside", "both")))
        if done == "remove":
            found.append(("remove", group["id"]))
            continue
        if done in ("set", "both"):
            column = draw(st.sampled_from(COLUMNS[1]))
            found.append(("set", group["id"], column, draw(st.sampled_from((f"{side}1", "same")))))
        for item in group["items"] if done in ("inside", "both") else ():
            inner = draw(st.sampled_from(("remove", "set", "nothing")))
            if inner == "remove":
                found.append(("remove", item["id"]))
            elif inner == "set":
                column = draw(st.sampled_from(COLUMNS[2]))
                found.append(("set", item["id"], column, draw(st.sampled_from((f"{side}2", "same")))))
        if draw(st.booleans()):
            after = draw(st.sampled_from((None, *(each["id"] for each in group["items"]))))
            found.append(("add", group["id"], after, {"what": f"{side} in {group['id']}", "n": 1}))
    if draw(st.booleans()):
        after = draw(st.sampled_from((None, *(each["id"] for each in base))))
        found.append(("add", None, after, {"title": f"{side} new", "n": 1, "items": []}))
    if draw(st.booleans()):
        found.append(("order", draw(st.permutations([each["id"] for each in base]))))
    return found


def edited(rows: Rows, done: list[Edit], ids: int | None = None) -> Rows:
    """The rows after what somebody did, naming rows by their ids; what is not there is left alone. `ids`: new rows get
    one, from here on, as they do when they are saved."""
    rows = copy.deepcopy(rows)
    number = ids
    for word, *rest in sorted(done, key=lambda each: ("order", "add", "set", "remove").index(each[0])):
        if word == "order":
            places = {identity: at for at, identity in enumerate(rest[0])}
            known = iter(sorted((each for each in rows if each["id"] in places), key=lambda each: places[each["id"]]))
            rows = [next(known) if each["id"] in places else each for each in rows]
        for owner in (rows, *(group["items"] for group in rows)):
            there = [each["id"] for each in owner]
            if word == "remove" and rest[0] in there:
                del owner[there.index(rest[0])]
            elif word == "set" and rest[0] in there:
                owner[there.index(rest[0])][rest[1]] = rest[2]
        if word == "add":
            owner = rows if rest[0] is None else next((g["items"] for g in rows if g["id"] == rest[0]), None)
            if owner is None:
                continue
            at = next((at for at, each in enumerate(owner, 1) if each["id"] == rest[1]), 0)
            owner.insert(at, {"id": number, **copy.deepcopy(rest[2])})
            number = None if number is None else number + 1
    return rows


def contents(rows: Rows) -> list[Any]:
    """What is in rows, apart from the order of groups and of items, and from the ids of new rows."""
    return sorted(
        (str(row["id"] if (row["id"] or 999) < 900 else "new"), row.get("title"), row.get("what"), row["n"],
         contents(row.get("items", [])))
        for row in rows
    )  # fmt: skip


def touched(base: Rows, done: list[Edit]) -> tuple[dict[tuple[int, str], Any], set[int], set[int]]:
    """Cells that are given another value, rows that are removed, and rows in which anything happens."""
    was = {row["id"]: row for group in base for row in (group, *group["items"])}
    group_of = {item["id"]: group["id"] for group in base for item in group["items"]}
    cells = {(e[1], e[2]): e[3] for e in done if e[0] == "set" and was[e[1]][e[2]] != e[3]}
    removed = {e[1] for e in done if e[0] == "remove"}
    inside = {row for row, _ in cells} | {group_of[e] for e in removed if e in group_of}
    inside |= {group_of[row] for row, _ in cells if row in group_of} | {e[1] for e in done if e[0] == "add" and e[1]}
    return cells, removed, inside


def expected(base: Rows, mine: list[Edit], theirs: list[Edit]) -> set[tuple[str, Any]]:
    """What both did differently, found without merging."""
    (cells, gone, inside), (other_cells, other_gone, other_inside) = touched(base, mine), touched(base, theirs)
    group_of = {item["id"]: group["id"] for group in base for item in group["items"]}

    def there(row: int) -> bool:
        return group_of.get(row) not in gone | other_gone

    found: set[tuple[str, Any]] = {
        ("cell", key) for key, value in cells.items() if other_cells.get(key, value) != value and there(key[0])
    }
    found |= {("gone", row) for row in other_gone & inside if there(row)}
    found |= {("removed", row) for row in gone & other_inside if there(row)}
    return found


def found_in(collisions: list[Collision]) -> set[tuple[str, Any]]:
    return {
        (each.kind, (each.base["id"], each.column) if each.kind == "cell" else each.base["id"])
        for each in collisions
        if each.kind != "order"
    }


@st.composite
def two_edits(draw: st.DrawFn) -> tuple[Rows, list[Edit], list[Edit]]:
    base = draw(bases())
    return base, draw(edits(base, "m")), draw(edits(base, "t"))


@pytest.mark.requirement("F2", "SP19")
@settings(deadline=None)
@given(two_edits())
def test_what_two_do_to_different_cells_is_done_by_both(given_: tuple[Rows, list[Edit], list[Edit]]) -> None:
    """The merge is what comes of doing the one after the other, in either order; and it is a collision exactly where
    that depends on who comes first."""
    base, mine, theirs = given_
    here, there = edited(base, mine), edited(base, theirs, ids=1000)
    merged, collisions = merge_rows(GROUPS, base, here, there)
    assert found_in(collisions) == expected(base, mine, theirs)
    if not found_in(collisions):
        assert contents(merged) == contents(edited(there, [e for e in mine if e[0] != "order"]))
        assert contents(merged) == contents(edited(here, [e for e in theirs if e[0] != "order"]))
    back, again = merge_rows(GROUPS, base, edited(base, theirs), edited(base, mine, ids=1000))
    assert len(again) == len(collisions)
    if not collisions:
        assert contents(back) == contents(merged)


@settings(deadline=None)
@given(two_edits())
def test_nothing_is_lost_unsaid(given_: tuple[Rows, list[Edit], list[Edit]]) -> None:
    """Every cell somebody changed and every row somebody added is in what comes out, or in a collision."""
    base, mine, theirs = given_
    merged, collisions = merge_rows(GROUPS, base, edited(base, mine), edited(base, theirs, ids=1000))
    said = {row for each in collisions for row in (each.base.get("id"), *(i["id"] for i in each.base.get("items", ())))}
    rows = {row["id"]: row for group in merged for row in (group, *group.get("items", ())) if row["id"]}
    words = {str(row.get("what") or row.get("title")) for group in merged for row in (group, *group.get("items", ()))}
    for done, other in ((mine, theirs), (theirs, mine)):
        removed = touched(base, done)[1] | touched(base, other)[1]
        for (row, column), value in touched(base, done)[0].items():
            if row in rows and row not in said:
                assert rows[row][column] == value
            else:
                assert row in said or row // 10 * 10 in removed | said, "the group it stood in is gone as a whole"
        for each in done:
            if each[0] == "add":
                assert str(each[3].get("what") or each[3].get("title")) in words or each[1] in said


@settings(deadline=None)
@given(two_edits(), st.booleans())
def test_an_order_by_one_of_them_is_kept(given_: tuple[Rows, list[Edit], list[Edit]], here_moves: bool) -> None:
    """Whoever alone put the rows in another order has them in it; whatever the other did."""
    base, mine, theirs = given_
    still = [each for each in (theirs if here_moves else mine) if each[0] != "order"]
    mine, theirs = (mine, still) if here_moves else (still, theirs)
    here, there = edited(base, mine), edited(base, theirs, ids=1000)
    merged, collisions = merge_rows(GROUPS, base, here, there)
    assert not [each for each in collisions if each.kind == "order" and each.way == ()]
    mover = here if here_moves else there
    common = {e["id"] for e in base} & {e["id"] for e in here} & {e["id"] for e in there}
    assert [e["id"] for e in merged if e["id"] in common] == [e["id"] for e in mover if e["id"] in common]


@settings(deadline=None)
@given(two_edits())
def test_a_place_in_the_merge_is_found_in_what_was_sent(given_: tuple[Rows, list[Edit], list[Edit]]) -> None:
    """What is wrong with a merged row is said at the row that was sent, or at the list where it was not sent."""
    base, mine, theirs = given_
    here = edited(base, mine)
    merged, _ = merge_rows(GROUPS, base, here, edited(base, theirs, ids=1000))
    for at, row in enumerate(merged):
        pointer = pointer_among(GROUPS, here, merged, f"/{at}/title")
        ours = [place for place, each in enumerate(here) if each is row or (each["id"] and each["id"] == row["id"])]
        assert pointer == (f"/{ours[0]}/title" if ours else "")
        for inner, item in enumerate(row["items"]) if ours else ():
            sent = here[ours[0]]["items"]
            places = [p for p, each in enumerate(sent) if each is item or (each["id"] and each["id"] == item["id"])]
            found = pointer_among(GROUPS, here, merged, f"/{at}/items/{inner}/n")
            assert found == (f"/{ours[0]}/items/{places[0]}/n" if places else f"/{ours[0]}/items")
    assert pointer_among(GROUPS, here, merged, "") == ""


SETS = st.lists(st.integers(0, 9), unique=True, max_size=6)


@pytest.mark.requirement("F2", "SP19")
@given(SETS, SETS, SETS, st.booleans())
def test_what_two_do_to_a_list_is_done_by_both(base: list[int], mine: list[int], theirs: list[int], sort: bool) -> None:
    """All that either added and nothing that either removed, whoever comes first; whoever alone changed the order of
    what stays has it."""
    if sort:
        base, mine, theirs = sorted(base), sorted(mine), sorted(theirs)
    wanted = (set(mine) & set(theirs)) | (set(mine) - set(base)) | (set(theirs) - set(base))
    found, back = merge_lists(list, base, mine, theirs), merge_lists(list, base, theirs, mine)
    common = set(base) & set(mine) & set(theirs)
    was, here, there = ([each for each in side if each in common] for side in (base, mine, theirs))
    assert (found is None) == (back is None) == (was not in (here, there) and here != there)
    assert not sort or found is not None
    for merged in filter(None, (found, back)):
        assert len(merged[0]) == len(set(merged[0])) and set(merged[0]) == wanted
        assert [each for each in merged[0] if each in common] == (there if here == was else here)
    assert merge_lists(list, base, mine, base) == (mine,), "nobody else did anything"
