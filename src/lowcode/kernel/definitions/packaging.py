"""Packages: an app that is put into another one as a part of it, brought to a newer version, and taken out again.

A package is an app like any other: a folder, an archive or a mapping with an `app.json`. What is put in are its
documents, its roles that the app has not, and its menus; all of it is one part of the app, of the package's name, which
is switched on and off like any other (`parts`). What was put in is kept beside the documents (`packages/NAME.json`), so
that a newer version is merged with what people made of it since (decision 0253).

Everything here takes documents and returns documents; nothing is applied.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from lowcode.kernel.definitions.load import APP, Documents
from lowcode.kernel.definitions.merge import MISSING, Clash, merge, same
from lowcode.kernel.definitions.names import as_name
from lowcode.kernel.definitions.pointers import unescape
from lowcode.kernel.diagnostics import Place

KEPT = "packages/"
ENDING = ".json"
ADDED = ("roles", "menus", "parts")
"""What of app.json a package adds to."""
Data = dict[str, Any]
Named = Iterable[tuple[str, str, Place]]
"""Which names documents speak of, and where (`Scope.named`)."""


@dataclass(frozen=True)
class Collision:
    """A document of a package whose name the app has already, and a name that is free."""

    path: str
    title: Any
    free: str


@dataclass(frozen=True)
class Outcome:
    """What an app becomes: documents and files by path, None for those that go; or what is in the way."""

    documents: dict[str, Data | None] = field(default_factory=dict)
    files: dict[str, bytes | None] = field(default_factory=dict)
    collisions: Sequence[Collision] = ()
    clashes: Mapping[str, Sequence[Clash]] = field(default_factory=dict)
    held: Sequence[str] = ()
    """Files of the app that other files of the package would replace."""


@dataclass(frozen=True)
class Installed:
    """A package that was put into an app: what was put in, as it was then."""

    name: str
    version: str
    title: Any
    names: Mapping[str, str]
    """What documents of it are called here, by their path in the package."""
    documents: Mapping[str, Data]
    app: Data
    """The part, roles and menus that it added to app.json."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The digest of each file that came with it."""

    def text(self) -> bytes:
        """It as it is kept."""
        written = {
            "name": self.name, "version": self.version, "title": self.title, "names": dict(self.names),
            "app": self.app, "files": dict(self.files), "documents": dict(self.documents),
        }  # fmt: skip
        return (json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode()


def installed(documents: Documents) -> dict[str, Installed]:
    """The packages that an app has, by name. One whose file is not what was written is left out."""
    found = {}
    for path in documents.files.under(KEPT):
        try:
            said = json.loads(documents.files[path])
            kept = Installed(
                said["name"], said["version"], said["title"], dict(said["names"]), dict(said["documents"]),
                {key: list(said["app"][key]) for key in ADDED}, dict(said["files"]),
            )  # fmt: skip
            named = (kept.name, *(each["name"] for key in ("parts", "roles") for each in kept.app[key]))
            if all(isinstance(each, str) for each in named):
                found[kept.name] = kept
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return found


def counted(documents: Mapping[str, Any]) -> dict[str, int]:
    """How many documents of each folder; boards apart from reports."""
    found: dict[str, int] = {}
    for path, data in documents.items():
        folder = path.split("/", 1)[0]
        word = "boards" if folder == "reports" and data.get("type") == "dashboard" else folder
        found[word] = found.get(word, 0) + 1
    return found


def install(package: Documents, named: Named, app: Documents, names: Mapping[str, str]) -> Outcome:
    """The app with a package in it. `names` says what documents of the package are called here (`forms/task`:
    `project_task`), and which roles of the app its roles are (`roles/employee`: `sales`); a name that is taken all the
    same is a collision. `named` is what the package speaks of."""
    own = package.app.data
    part = str(own["name"])
    made = _renamed(package, named, names)
    targets = Counter(_path(each.path, names) for each in package if each is not package.app)
    there = {each.path for each in app}
    taken = {*there, *targets}
    collisions = [
        Collision(each.path.removesuffix(ENDING), each.data.get("title") or each.name, _free(each.path, part, taken))
        for each in package
        if each is not package.app and ((target := _path(each.path, names)) in there or targets[target] > 1)
    ]
    files = {path: content for path, content in _files(package).items() if app.files.get(path) != content}
    held = sorted(files.keys() & app.files.keys())
    if held:
        return Outcome(held=held)
    if collisions or part in {str(each.get("name")) for each in app.app.data.get("parts", ())}:
        return Outcome(collisions=collisions or [Collision("app", own.get("title") or part, _free(part, part, taken))])
    brought = {str(each["name"]) for other in installed(app).values() for each in other.app["roles"]}
    added = _added(own, app.app.data, names, brought)
    for data in made.values():
        _belongs(data, part, app)
    kept = Installed(
        part, str(own.get("version", "0")), own.get("title") or part, dict(names), made, added, _digests(files),
    )  # fmt: skip
    documents: dict[str, Data | None] = {**made, APP: _with(app.app.data, added)}
    return Outcome(documents, {**files, f"{KEPT}{part}{ENDING}": kept.text()})


def remove(kept: Installed, app: Documents, named: Named) -> Outcome:
    """The app without a package. Roles that came with it and that something else speaks of stay; `named` is what the
    app speaks of."""
    there = {each.path for each in app}
    data = copy.deepcopy(app.app.data)
    parts = {str(each["name"]) for each in kept.app["parts"]}
    data["parts"] = [_needless(each, parts) for each in data.get("parts", ()) if each["name"] not in parts]
    used = {name for what, name, place in named if what == "role" and not _goes(place, kept, app)}
    gone = {str(each["name"]) for each in kept.app["roles"]} - used
    data["roles"] = [each for each in data.get("roles", ()) if each["name"] not in gone]
    shown = {(path.split("/")[0], _name(path)) for path in kept.documents}
    menus = []
    for menu in data.get("menus", ()):
        items = [each for each in menu["items"] if not any((SHOWS[key], each.get(key)) in shown for key in SHOWS)]
        if items or not menu["items"]:
            menus.append({**menu, "items": items})
    data["menus"] = menus
    data["home"] = [
        each for each in data.get("home", ()) if not any((SHOWS[key], each.get(key)) in shown for key in SHOWS)
    ]
    for key in ("parts", "home", "roles", "menus"):
        if not data[key] and app.app.data.get(key) != []:
            del data[key]
    documents: dict[str, Data | None] = {path: None for path in kept.documents if path in there}
    files: dict[str, bytes | None] = {path: None for path in kept.files if path in app.files}
    files[f"{KEPT}{kept.name}{ENDING}"] = None
    return Outcome({**documents, APP: data}, files)


def update(
    package: Documents, named: Named, kept: Installed, app: Documents, take: Mapping[str, str]
) -> Outcome:  # fmt: skip
    """The app with another version of a package that it has, merged with what people made of the one before. Both
    changed the same otherwise: it is a clash, and `take` says of the document or file whose counts (`mine`, `theirs`).
    What is new in it and has a name that the app has comes under one that is free."""
    names = _names_then(package, kept, app)
    made = _renamed(package, named, names)
    part = kept.name
    for data in made.values():
        _belongs(data, part, app)
    mine = {each.path: each.data for each in app}
    documents: dict[str, Data | None] = {}
    clashes: dict[str, Sequence[Clash]] = {}
    for path in sorted({*made, *kept.documents}):
        base, here, there = (each.get(path, MISSING) for each in (kept.documents, mine, made))
        if same(here, there) or same(base, there):
            continue
        found, wrong = merge(base, here, there)
        choice = take.get(path)
        if wrong and choice is None:
            clashes[path] = wrong
        elif wrong and choice == "theirs":
            found = there
        if not same(found, here):
            documents[path] = None if found is MISSING else found
    files = _files_then(package, kept, app, take, clashes)
    if clashes:
        return Outcome(clashes=clashes)
    left = _without(app.app.data, kept.app)
    brought = {str(each["name"]) for other in installed(app).values() for each in other.app["roles"]}
    added = _added(package.app.data, left, names, brought)
    stated = {str(each["name"]): each for each in app.app.data.get("parts", ())}
    added["parts"] = [
        {**each, **({"enabled": False} if stated.get(each["name"], {}).get("enabled") is False else {})}
        for each in added["parts"]
    ]
    whose = {path: content for path, content in _files(package).items() if path in kept.files or path in files}
    newer = Installed(
        part, str(package.app.data.get("version", "0")), package.app.data.get("title") or part, names, made, added,
        _digests(whose),
    )  # fmt: skip
    whole = _with(left, added, like=app.app.data)
    return Outcome({**documents, APP: whole}, {**files, f"{KEPT}{part}{ENDING}": newer.text()})


def _names_then(package: Documents, kept: Installed, app: Documents) -> dict[str, str]:
    """What documents of another version are called here: as before, and those that are new in it by a free name where
    the app has theirs."""
    names = dict(kept.names)
    renamed = {_path(f"{path}{ENDING}", names) for path in names}
    taken = {*(each.path for each in app), *renamed, *(each.path for each in package)}
    for each in package:
        path = each.path.removesuffix(ENDING)
        if each is package.app or path in names:
            continue
        if each.path in renamed or (each.path not in kept.documents and app.get(each.kind, each.name) is not None):
            names[path] = _free(each.path, kept.name, taken)
            taken.add(_path(each.path, names))
    return names


# -- files ------------------------------------------------------------------------------------------------------------


def _files(package: Documents) -> dict[str, bytes]:
    """The files that a package brings: those of its documents, not what it is tried with."""
    return {path: content for path, content in package.files.items() if not path.startswith(("seed/", "tests/", KEPT))}


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: sha256(content).hexdigest() for path, content in files.items()}


def _files_then(
    package: Documents, kept: Installed, app: Documents, take: Mapping[str, str], clashes: dict[str, Sequence[Clash]]
) -> dict[str, bytes | None]:  # fmt: skip
    """The files that another version brings or takes away. One that people changed, and the package too, is a clash;
    one that they changed and the package has no longer stays."""
    theirs = _files(package)
    new, mine = _digests(theirs), _digests({path: app.files[path] for path in {*theirs, *kept.files} & {*app.files}})
    found: dict[str, bytes | None] = {}
    for path in sorted({*new, *kept.files}):
        base, here, there = kept.files.get(path), mine.get(path), new.get(path)
        if there in (base, here) or (there is None and here != base):
            continue
        if here != base and path not in take:
            clashes[path] = (Clash("", MISSING, MISSING, MISSING),)
        elif here == base or take[path] == "theirs":
            found[path] = theirs.get(path)
    return found


def _goes(place: Place, kept: Installed, app: Documents) -> bool:
    """Whether a place is in a document, or in a menu, that goes with a package."""
    if place.document != app.app.path or not place.pointer.startswith("/menus/"):
        return place.document in kept.documents
    return app.app.data["menus"][int(place.pointer.split("/")[2])] in kept.app["menus"]


def _belongs(document: Data, part: str, app: Documents) -> None:
    """Let a document be of the part, and in the languages of the app alone."""
    document.setdefault("part", part)
    spoken = app.app.data.get("languages")
    if isinstance(document.get("languages"), list) and spoken:
        document["languages"] = [each for each in document["languages"] if each in spoken] or [spoken[0]]


# -- names ------------------------------------------------------------------------------------------------------------

SHOWS = {"form": "forms", "dashboard": "reports", "report": "reports"}
"""What an item of a menu or a first page shows, and the folder of the document that it names."""


def _renamed(package: Documents, named: Named, names: Mapping[str, str]) -> dict[str, Data]:
    """The documents of a package by their paths here, under the names they have here."""
    made = {each.path: copy.deepcopy(each.data) for each in package if each is not package.app}
    new = {(path.split("/")[0], _name(path)): name for path, name in names.items()}
    for what, name, place in named:
        folder = FOLDERS.get(what)
        if folder is not None and (folder, name) in new and place.document in made:
            _put(made[place.document], place.pointer, name, new[folder, name])
    for (folder, name), called in new.items():
        if folder == "rules":
            for path, data in made.items():
                made[path] = _looked_up(data, name, called)
    found = {}
    for path, data in made.items():
        target = _path(path, names)
        if target != path:
            data["name"] = _name(target)
        found[target] = data
    return found


FOLDERS = {
    "form": "forms", "flow": "flows", "rule": "rules", "table": "rules", "score card": "rules", "pool": "rules",
    "message": "rules", "report": "reports", "dashboard": "reports", "dataset": "reports", "template": "printing",
    "connector": "api", "intake": "api", "role": "roles",
}  # fmt: skip
"""The folder of the documents that declare a sort of names."""


def _put(data: Any, pointer: str, old: str, new: str) -> None:
    """Put another name where one stands; alone, or in front of what follows it (`task.changes`)."""
    *way, last = [unescape(each) for each in pointer.removeprefix("/").split("/")]
    try:
        for step in way:
            data = data[int(step)] if isinstance(data, list) else data[step]
        key: Any = int(last) if isinstance(data, list) else last
        value = data[key]
    except (KeyError, IndexError, TypeError, ValueError):
        return
    if isinstance(value, list):
        data[key] = [new if each == old else each for each in value]
    elif value == old or (isinstance(value, str) and value.startswith(f"{old}.")):
        data[key] = new + value.removeprefix(old)


def _looked_up(value: Any, old: str, new: str) -> Any:
    """Decision tables are named within expressions, too."""
    if isinstance(value, dict):
        return {key: _looked_up(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_looked_up(each, old, new) for each in value]
    if isinstance(value, str) and "LOOKUPTABLE" in value:
        return re.sub(rf'(LOOKUPTABLE\s*\(\s*"){re.escape(old)}(")', rf"\g<1>{new}\g<2>", value)
    return value


def _path(path: str, names: Mapping[str, str]) -> str:
    called = names.get(path.removesuffix(ENDING))
    return path if called is None else f"{path.rpartition('/')[0]}/{called}{ENDING}"


def _name(path: str) -> str:
    return path.removesuffix(ENDING).rpartition("/")[2]


def _free(path: str, part: str, taken: set[str]) -> str:
    """A name that the app has not."""
    folder, _, file = path.removesuffix(ENDING).rpartition("/")
    name = as_name(f"{part}_{file}")
    number = 2
    while f"{folder}/{name}{ENDING}" in taken:
        name, number = as_name(f"{part}_{file}_{number}"), number + 1
    return name


# -- app.json ---------------------------------------------------------------------------------------------------------


def _added(own: Data, app: Data, names: Mapping[str, str], brought: set[str]) -> Data:
    """What a package adds to app.json: its part and parts, its menus, and its roles but for those that the app had
    before any package: one that several `brought` goes with the last of them."""
    part = str(own["name"])
    first: Data = {"name": part, "title": own.get("title") or part}
    if own.get("description"):
        first["description"] = own["description"]
    inner = [{**each, "needs": [part, *each.get("needs", ())]} for each in own.get("parts", ())]
    there = {str(each["name"]) for each in app.get("roles", ())} | {"administrator"}
    called = {name: names.get(f"roles/{name}", name) for name in (str(each["name"]) for each in own.get("roles", ()))}
    roles = [
        {**each, "name": called[each["name"]]}
        for each in own.get("roles", ())
        if called[each["name"]] not in there - brought
    ]
    new = {(path.split("/")[0], _name(path)): name for path, name in names.items()}
    menus = copy.deepcopy(list(own.get("menus", ())))
    for menu in menus:
        for item in (menu, *menu["items"]):
            if "roles" in item:
                item["roles"] = list(dict.fromkeys(called.get(each, each) for each in item["roles"]))
            for key, folder in SHOWS.items():
                if key in item:
                    item[key] = new.get((folder, item[key]), item[key])
        menu["items"] = [each for each in menu["items"] if "tasks" not in each]
    return {"parts": [first, *inner], "roles": roles, "menus": [each for each in menus if each["items"]]}


def _needless(part: Data, gone: set[str]) -> Data:
    """A part that needs nothing of what goes."""
    if not gone.intersection(part.get("needs", ())):
        return part
    left = [each for each in part["needs"] if each not in gone]
    return {**{key: value for key, value in part.items() if key != "needs"}, **({"needs": left} if left else {})}


def _with(app: Data, added: Data, like: Data | None = None) -> Data:
    """app.json with what a package adds; where the app had it before, it stays in its place (`like`)."""
    data = copy.deepcopy(app)
    for key in ADDED:
        there = {_mark(each) for each in data.get(key, ())} if key == "roles" else set()
        missing = [each for each in added[key] if _mark(each) not in there]
        if missing:
            data[key] = [*data.get(key, ()), *missing]
    if like is not None:
        for key in ADDED:
            order = [_mark(each) for each in like.get(key, ())]
            data[key] = sorted(
                data.get(key, ()), key=lambda each: order.index(_mark(each)) if _mark(each) in order else len(order)
            )
            if not data[key] and key not in like:
                del data[key]
    return data


def _without(app: Data, added: Data) -> Data:
    """app.json without what a package added and nobody changed; a menu that somebody changed is theirs."""
    data = copy.deepcopy(app)
    for key in ADDED:
        names = [_mark(each) for each in added[key]]
        data[key] = [
            each
            for each in data.get(key, ())
            if (each not in added[key] if key == "menus" else _mark(each) not in names)
        ]
    return data


def _mark(member: Data) -> str:
    """What tells a role, a part or a menu from the others."""
    return str(member.get("name") or json.dumps(member.get("title"), sort_keys=True, ensure_ascii=False))
