"""Records as they leave the process: links with the words that name them, people by name, everything as JSON.

How the values of a path are shown is worked out once per record type and path, and from then on only carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.fields.link_any import parts
from lowcode.kernel.records.labels import in_words, label_of, label_within
from lowcode.kernel.records.plan import SYSTEM_SHAPES, RecordType
from lowcode.kernel.records.references import references
from lowcode.kernel.records.show import plain, same, shower
from lowcode.kernel.storage.files import files_of
from lowcode.kernel.storage.prepared import reader

FILES = ("attachment", "image")
PERSON = "user"


@dataclass(frozen=True, slots=True)
class Shown:
    """How the values of one path are shown: made JSON by `how`, or named with the words of a `target` (`several`: of
    the form that each value names), or as files, or row by row."""

    how: Callable[[Any], Any] | None = None
    target: str | None = None
    files: bool = False
    rows: RecordType | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How records of one list of names are shown: what makes JSON of them, which paths hold people, and which others
    need more than that."""

    show: Callable[[Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
    people: tuple[str, ...]
    others: tuple[tuple[str, Shown], ...]
    label: Expression | None
    """What names a record, where it needs no more than what is shown, as it is shown."""
    called: str = ""
    """The one path that is the name, where that is all of it."""


class People(dict[int, dict[str, Any]]):
    """How people are shown, by id, each made when first asked for: the directory is at hand, so nobody has to be
    collected before. They are the same for everybody as long as the directory is."""

    def __init__(self, directory: Any) -> None:
        self.directory = directory
        self.users = directory.users

    def __missing__(self, identity: int) -> dict[str, Any]:
        found = self.users.get(identity)
        made = self[identity] = {"id": identity, "label": str(identity) if found is None else found.name}
        return made


@dataclass(slots=True)
class Everybody:
    """The people of the directory that was read last, once for all record types: an older one is let go of."""

    people: People | None = None

    def of(self, directory: Any) -> People:
        """How the people of a directory are shown."""
        found = self.people
        if found is None or found.directory is not directory:
            found = self.people = People(directory)
        return found


@dataclass(slots=True)
class Known:
    """What was worked out for a record type: how each path is shown, and layouts by names; and the people there are."""

    everybody: Everybody
    paths: dict[tuple[str, str], Shown] = field(default_factory=dict)
    layouts: dict[tuple[str, ...], Layout] = field(default_factory=dict)


class Presenter:
    """Shows records of one type in one context; labels are fetched set-wise, once per target.

    `stored_json`: the values come from the history, where they are JSON already."""

    def __init__(self, context: Any, record_type: RecordType, *, stored_json: bool = False) -> None:
        self.context = context
        self.stored_json = stored_json
        self.record_type = record_type
        host = context.host
        self._known: Known = host.cached(
            ("shown", record_type.name, stored_json), lambda: Known(host.cached(("shown", "people"), Everybody))
        )

    def show(
        self, records: Sequence[Mapping[str, Any]], *, labels: bool = True, as_json: bool = False,
        known: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """The records as JSON values, each with `_label`; all have the same names in the same order. `as_json`: the
        values are JSON already, only links want their words, and the records given are the ones given back. `known`:
        records that are shown beside these, by form and id; links to them are named as they are."""
        if not records:
            return []
        names = tuple(records[0])
        layout = self._layout(names)
        shown: Any = records if as_json else layout.show(records)
        if layout.others:
            self._name(layout, records, shown, known)
        if layout.people:
            people = self._people()
            for name in layout.people:
                for one in shown:
                    value = one[name]
                    if type(value) is int:
                        one[name] = people[value]
                    elif value is not None:
                        one[name] = self._several(people, value)
        if "deleted_at" in names:
            for one in shown:
                del one["deleted_at"]
        if labels and "id" in names:
            self._label(layout, records, shown)
        return shown  # type: ignore[no-any-return]

    def _people(self) -> People:
        return self._known.everybody.of(self.context.host.directory(self.context.unit))

    def _name(
        self, layout: Layout, records: Sequence[Mapping[str, Any]], shown: list[dict[str, Any]],
        known: Mapping[str, Mapping[str, Mapping[str, Any]]] | None,
    ) -> None:  # fmt: skip
        """Put the words of what is linked to, files and rows in place."""
        targets: dict[str, set[int]] = {}
        files: set[int] = set()
        for name, each in layout.others:
            self._collect(each, [record[name] for record in records], targets, files)
        words: dict[str, Mapping[int, dict[str, Any]]] = {
            target: self._words(target, ids, (known or {}).get(target)) for target, ids in targets.items()
        }
        words[PERSON] = self._people()
        kept = files_of(self.context, files) if files else {}
        for name, each in layout.others:
            named = words.get(each.target or "")
            for one in shown:
                value = one[name]
                if value is not None:
                    simple = named is not None and type(value) is int
                    one[name] = named[value] if simple else self._named(each, value, words, kept)  # type: ignore[index]

    def _label(self, layout: Layout, records: Sequence[Mapping[str, Any]], shown: list[dict[str, Any]]) -> None:
        """What each record is called: by what is shown of it, where that is all its label needs."""
        if layout.label is not None:
            _name_by(layout.label, layout.called, self.context, records, shown)
            return
        own = label_of(self.context, self.record_type.name, [record["id"] for record in records])
        for one in shown:
            one["_label"] = own.get(one["id"], str(one["id"]))

    def _layout(self, names: tuple[str, ...]) -> Layout:
        """How records of these names are shown."""
        found = self._known.layouts.get(names)
        if found is None:
            known = [(name, self._shown(self.record_type, name)) for name in names]
            hows = tuple((name, each.how) for name, each in known if each.how is not None and each.how is not same)
            show: Any = reader(names, (), hows, by_name=True)
            people = tuple(name for name, each in known if each.target == PERSON)
            others = tuple(item for item in known if item[1].how is None and item[1].target != PERSON)
            label = label_within(self.record_type, names)
            called = label.text.strip() if label is not None and label.text.strip() in names else ""
            found = self._known.layouts[names] = Layout(show, people, others, label, called)
        return found

    def _collect(self, each: Shown, values: Iterable[Any], targets: dict[str, set[int]], files: set[int]) -> None:
        """Which records and files have to be named."""
        if each.rows is not None:
            for rows in values:
                for row in rows or ():
                    for inner, value in row.items():
                        below = self._shown(each.rows, inner)
                        if below.how is None and below.target != PERSON:
                            self._collect(below, (value,), targets, files)
            return
        if each.several:
            for value in values:
                if value is not None:
                    form, identity = parts(value)
                    targets.setdefault(form, set()).add(identity)
            return
        into = files if each.files else targets.setdefault(each.target or "", set())
        found = [value for value in values if value is not None]
        if self.stored_json:  # a field may have named one record once, and several since
            into.update(chain.from_iterable(one if isinstance(one, (list, tuple)) else (one,) for one in found))
        elif found and isinstance(found[0], (list, tuple)):
            into.update(chain.from_iterable(found))
        else:
            into.update(found)

    def _named(
        self, each: Shown, value: Any, words: Mapping[str, Mapping[int, Any]], files: Mapping[int, Any]
    ) -> Any:  # fmt: skip
        """What is not JSON by itself: links with their words, files, rows."""
        if each.how is not None:
            return each.how(value)
        if each.files:
            return [files[one] for one in value if one in files]
        if each.several:
            form, identity = parts(value)
            return {"form": form, **words[form][identity]}
        if each.rows is not None:
            rows = each.rows
            return [
                {
                    inner: None if one is None else self._named(self._shown(rows, inner), one, words, files)
                    for inner, one in row.items()
                }
                for row in value
            ]
        return self._several(words[each.target or ""], value)

    def _several(self, found: Mapping[int, Any], value: Any) -> Any:
        """What one id or several are named."""
        return [found[one] for one in value] if isinstance(value, (list, tuple)) else found[value]

    def _words(
        self, target: str, ids: set[int], known: Mapping[str, Mapping[str, Any]] | None
    ) -> dict[int, dict[str, Any]]:
        """How links to these records are shown."""
        there: dict[int, dict[str, Any]] = {
            each: {"id": each, "label": known[str(each)]["_label"]} for each in ids if known and str(each) in known
        }  # fmt: skip
        if len(there) < len(ids):
            there |= references(self.context, target, sorted(ids - there.keys()))
        return there

    def _shown(self, owner: RecordType, name: str) -> Shown:
        key = (owner.name, name)
        found = self._known.paths.get(key)
        if found is None:
            found = self._known.paths[key] = self._made(owner, name)
        return found

    def _made(self, owner: RecordType, name: str) -> Shown:
        field = owner.fields.get(name)
        if field is not None and field.options_type in FILES:
            return Shown(files=True)
        if field is not None and field.rows is not None:
            return Shown(rows=field.rows)
        if field is not None and field.options_type == "link_any":
            return Shown(several=True)
        target = self._linked(owner, name)
        if target is not None:
            return Shown(target=target)
        if self.stored_json:
            return Shown(plain)
        return Shown(shower(field, self._type(owner.name, name) if owner is self.record_type else None))

    def _linked(self, owner: RecordType, path: str) -> str | None:
        """The record type a path's values point at, if they do."""
        if owner is not self.record_type:
            return owner.fields[path].target if path in owner.fields else None
        type_ = self._type(owner.name, path)
        if type_ is None or path == "id":
            return None
        return type_.target if type_.kind in ("record", "user") else (type_.record if type_.kind == "rows" else None)

    def _type(self, start: str, path: str) -> Type | None:
        current: str | None = start
        type_: Type | None = None
        shapes = self.context.app.scope.shapes.records
        for name in path.split("."):
            shape = shapes.get(current or "")
            if shape is None or name not in shape.fields:
                return SYSTEM_SHAPES[name].type if name in SYSTEM_SHAPES else None
            type_ = shape.fields[name].type
            current = type_.record or ("user" if type_.kind == "user" else None)
        return type_


def people_of(context: Any) -> People:
    """How people are shown."""
    everybody: Everybody = context.host.cached(("shown", "people"), Everybody)
    return everybody.of(context.host.directory(context.unit))


def only_people(presenter: Presenter, names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Of records of these names: the paths that hold one person, and the one that names the record; no name where more
    than that has to be put in place."""
    layout = presenter._layout(names)
    kinds = [presenter._type(presenter.record_type.name, path) for path in layout.people]
    simple = not layout.others and all(each is not None and each.kind == "user" for each in kinds)
    return layout.people, layout.called if simple and "id" in names and "deleted_at" not in names else ""


def _name_by(
    label: Expression, path: str, context: Any, records: Sequence[Mapping[str, Any]], shown: list[dict[str, Any]]
) -> None:
    """Put what each record is called beside it, by what is shown of it. `path`: the one that is all of the label."""
    if path:
        for record, one in zip(records, shown, strict=True):
            one["_label"] = record[path] or str(one["id"])
        return
    evaluate, moment = label.evaluate, context.moment()
    for record, one in zip(records, shown, strict=True):
        said = evaluate(record, moment)
        one["_label"] = said if said.__class__ is str and said else in_words(said, one["id"])
