"""What records are called: for links, lists and whoever names one; only what the person may read is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import NotFound, localized, nearest
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import words
from lowcode.kernel.records.completing import load_facts
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.hidden import kept_from
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.records.plan import RecordType


def record_type_of(context: Context, name: str) -> RecordType:
    """The record type of a name. Raises NotFound with the nearest."""
    host: Any = context.host
    found = host.types.get(name)
    if found is None:
        raise NotFound(words.problem("no-such-type", "/type", form=name, near=nearest(name, host.types) or ""))
    assert isinstance(found, RecordType)
    return found


def label_within(record_type: RecordType, names: Sequence[str]) -> Expression | None:
    """What names records of which these fields are shown, when it needs no other, and these as they are shown."""
    label = record_type.label
    if label is None:
        return None
    shown = _shown(record_type, needs_of((label,)))
    return label if shown and all(path in names for path in shown) else None


def label_of(context: Context, type_name: str, ids: Iterable[int]) -> dict[int, str]:
    """The label of each id that the actor may read, deleted ones included; people by name. What they may not read has
    none: `references.references` tells what is shown instead."""
    return {each: label for each, (label, _) in called(context, type_name, ids, alive=False).items()}


def called(
    context: Context, type_name: str, ids: Iterable[int], *, alive: bool = True
) -> dict[int, tuple[str, bool]]:  # fmt: skip
    """The same, each with whether it was deleted (as far as that is asked: `alive`), by the same statement."""
    host: Any = context.host
    wanted = [each for each in ids if each is not None]
    if type_name in ("user", "department"):
        people = host.directory(context.unit)
        if type_name == "user":
            return {each: (people.users[each].name, False) for each in wanted if each in people.users}
        return {
            each: (localized(people.departments[each].title, context.actor.locale), False)
            for each in wanted
            if each in people.departments
        }
    record_type = record_type_of(context, type_name)
    label, moment = record_type.label, context.moment()
    if label is not None and _keeps_label(context, record_type):
        label = None
    wanted = readable(context, record_type, wanted)
    state = alive and record_type.parent is None
    if not wanted or (label is None and not state):
        return {each: (str(each), False) for each in wanted}
    needs = host.cached(("label", type_name, label is None, state), lambda: _needs(label, state))
    found = load_facts(context, type_name, wanted, needs)
    return {
        each: (
            str(each) if label is None else in_words(label.evaluate(facts, moment), each),
            state and facts["deleted_at"] is not None,
        )
        for each, facts in found.items()
    }


def _needs(label: Expression | None, state: bool) -> Needs:
    """What has to be read to name a record, and to tell whether it was deleted."""
    needs = needs_of(() if label is None else (label,))
    return Needs(needs.paths | {"deleted_at"}, needs.rows) if state else needs


def put_labels(context: Context, records: Sequence[dict[str, Any]]) -> None:
    """Put beside each of some records of several forms (`form`, `id`) what it is called (`label`); once per form."""
    by_form: dict[str, list[dict[str, Any]]] = {}
    for each in records:
        by_form.setdefault(each["form"], []).append(each)
    for form, some in by_form.items():
        labels = label_of(context, form, {each["id"] for each in some})
        for each in some:
            each["label"] = labels.get(each["id"], str(each["id"]))


def _shown(record_type: RecordType, needs: Needs) -> tuple[str, ...]:
    """The fields a label is made of, when all of them are shown as they are; else none."""
    kinds = {each.name: each.type.kind for each in record_type.fields.values()}
    plain = not needs.rows and all(kinds.get(path) in ("text", "choice") for path in needs.paths)
    return tuple(needs.paths) if plain else ()


def _keeps_label(context: Context, record_type: RecordType) -> bool:
    """Whether what names the records is kept from the actor."""
    assert record_type.label is not None
    if context.actor.is_app:
        return False
    return any(kept_from(context, record_type.name, path) for path in record_type.label.paths)


def in_words(value: Any, identity: int) -> str:
    """What a record is called by what its label comes to: by its id, where that is nothing."""
    return ("" if value is None else str(value)) or str(identity)
