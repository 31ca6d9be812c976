"""What people agreed to, in which words, and what they took back; the latest of a purpose counts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.forms.operations.subjects import CONSENTS
from lowcode.forms.tables import consent
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters


class Consents(Parameters):
    """The person's record."""

    form: str
    id: int


class Consent(Consents):
    """What they say now, and how it was said."""

    purpose: str = Key(min_length=1, max_length=60)
    given: bool
    text: str = Key("", max_length=2000)


def consents(context: Context, params: Consents) -> Items:
    """What holds now by purpose, and all that was said."""
    context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    rows = context.unit.fetch(CONSENTS, of_form=params.form, of_record=params.id)
    said = [{key: row[key] for key in ("purpose", "given", "text", "by_way_of", "at", "actor")} for row in rows]
    return {"now": {row["purpose"]: row["given"] for row in said}, "items": said}


def note(context: Context, params: Consent) -> Annotated[dict[str, Any], has(now=dict, items=list[dict])]:
    """Write down what a person said to a colleague, who may change the record."""
    context.ask("records.update", type=params.form, id=params.id, values={})
    context.unit.insert(
        consent, form=params.form, record=params.id, purpose=params.purpose, given=params.given, text=params.text,
        by_way_of="colleague", at=context.now(), actor=context.actor.id,
    )  # fmt: skip
    return consents(context, Consents(form=params.form, id=params.id))


OPERATIONS = (
    Operation("forms.consents", consents, Consents, writes=False,
              summary={"en": "What a person agreed to", "zh-CN": "查看授权同意"}),
    Operation("forms.consent", note, Consent,
              summary={"en": "Note that a person agreed, or took it back", "zh-CN": "登记或撤回同意"}),
)  # fmt: skip
