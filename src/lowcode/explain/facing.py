"""What a form is to those without an account: its public faces, in sentences."""

from __future__ import annotations

from typing import Any

from lowcode.app import App
from lowcode.explain.saving import place_of
from lowcode.forms.plan import FormsPlan
from lowcode.forms.public.telling import told


def on_public(app: App, form: str) -> list[dict[str, Any]]:
    """Its public faces: `{name, place, entries: [{what, words, place}]}`; what a save of theirs sets going is said by
    `on_save`."""
    plan: FormsPlan = app.plans["forms"]
    source = app.documents.get("forms", form)

    def at(pointer: str) -> dict[str, Any]:
        return place_of(source.place(pointer) if source is not None else None)

    found = []
    for index, (name, public) in enumerate(plan.forms[form].public.items()):
        base = f"/public/{index}"
        entries = [
            {
                "what": each["what"],
                "words": each["words"],
                "place": at(base + each["key"]),
            }
            for each in told(public, app.types[form])
        ]
        found.append({"name": name, "place": at(base), "entries": entries})
    return found
