"""What a paper was made from, as JSON: facts, moment, language. A print can be made again from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lowcode.kernel.expressions import Moment


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a paper depends on besides its template."""

    record: Mapping[str, Any]
    moment: Moment
    language: str
    printed_by: str = ""
    copy: int = 1
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Pictures of reports as they were drawn then, by the place of their block."""
    files: Sequence[Mapping[str, Any]] = ()
    """Files that come behind the paper: `name`, `digest`, and `format`, which is None for what cannot be appended."""
    departments: Mapping[str, str] = field(default_factory=dict)
    """What the departments that are named were called then, by their keys."""
    setting: Mapping[str, Any] = field(default_factory=dict)
    """How it was to be put on the sheet: `background`, whether the form is printed too, and `offset` in millimetres."""
    links: Mapping[str, str] = field(default_factory=dict)
    """What records were called then that are named together with their form (`customer/12`)."""

    def as_json(self) -> str:
        """The snapshot as text; equal snapshots give equal text."""
        moment = self.moment
        body = {
            "record": _encode(dict(self.record)),
            "now": moment.now.isoformat(),
            "zone": moment.zone.key,
            "me": moment.me,
            "roles": sorted(moment.roles),
            "team": sorted(moment.team),
            "units": sorted(moment.units),
            "language": self.language,
            "printed_by": self.printed_by,
            "copy": self.copy,
            **({"pictures": dict(self.pictures)} if self.pictures else {}),
            **({"files": [dict(each) for each in self.files]} if self.files else {}),
            **({"departments": dict(self.departments)} if self.departments else {}),
            **({"setting": dict(self.setting)} if self.setting else {}),
            **({"links": dict(self.links)} if self.links else {}),
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Snapshot:
    """A snapshot as it was kept."""
    body = json.loads(text)
    moment = Moment(
        now=datetime.fromisoformat(body["now"]),
        zone=ZoneInfo(body["zone"]),
        me=body["me"],
        roles=frozenset(body["roles"]),
        team=frozenset(body["team"]),
        units=frozenset(body["units"]),
    )
    return Snapshot(
        _decode(body["record"]), moment, body["language"], body["printed_by"], body["copy"], body.get("pictures", {}),
        body.get("files", ()), body.get("departments", {}), body.get("setting", {}), body.get("links", {}),
    )  # fmt: skip


def _encode(value: Any) -> Any:
    match value:
        case Decimal():
            return {"$decimal": format(value, "f")}
        case datetime():
            return {"$instant": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case Mapping():
            return {str(key): _encode(each) for key, each in value.items()}
        case frozenset() | set():
            return [_encode(each) for each in sorted(value)]
        case list() | tuple():
            return [_encode(each) for each in value]
        case _:
            return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (key, inner), *_ = value.items()
        match key:
            case "$decimal":
                return Decimal(inner)
            case "$instant":
                return datetime.fromisoformat(inner)
            case "$date":
                return date.fromisoformat(inner)
            case "$time":
                return time.fromisoformat(inner)
    return {key: _decode(each) for key, each in value.items()}
