"""The people of an app: `seed/people.json`."""

from __future__ import annotations

from lowcode.host import Host
from lowcode.kernel.definitions import Source
from lowcode.kernel.identity import APP
from lowcode.seeding.rows import span


def write_people(host: Host, source: Source, passwords: bool) -> None:
    data = source.data
    left_out = {"manager"} if passwords else {"manager", "password"}
    with host.session(APP) as context:
        for department in data.get("departments", ()):
            context.ask(
                "identity.save_department", **{key: value for key, value in department.items() if key != "head"}
            )
        for user in data.get("users", ()):
            known = {key: value for key, value in user.items() if key not in left_out}
            context.ask("identity.save_person", **known)
        for user in data.get("users", ()):
            if "manager" in user:
                context.ask("identity.save_person", login=user["login"], manager=user["manager"])
        for department in data.get("departments", ()):
            if "head" in department:
                context.ask("identity.save_department", name=department["name"], head=department["head"])
        for absence in data.get("absences", ()):
            now = context.now()
            sent = {**absence, "since": now + span(absence["since"]), "until": now + span(absence["until"])}
            context.ask("identity.away", **sent)
