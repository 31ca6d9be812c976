"""What providers of text messages share: a signature, a template, and where its parameters come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from lowcode.api.connectors.kind import Notice
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.reasons import Reasoned, both

PARAMETERS: Mapping[str, str] = {"text": "text"}


class SmsPart(Part):
    """The approved signature and template."""

    signature: str = Field(min_length=1, description="The approved signature (短信签名).")
    template: str = Field(min_length=1, description="The approved template; a message may name another.")
    parameters: dict[str, str] = Field(
        default_factory=lambda: dict(PARAMETERS),
        description="Parameters of the template, in its order, and the value of the message each one gets: `title`, "
        "`text`, `link`, or what the sender gives.",
    )


def parameters(wanted: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of a template. Raises ValueError naming what is missing."""
    missing = [source for source in wanted.values() if values.get(source) is None]
    if missing:
        raise Reasoned(
            both(
                "the template needs " + ", ".join(f"'{name}'" for name in missing),
                "短信模板缺少" + "、".join(f"“{name}”" for name in missing),
            )
        )
    return {name: str(values[source]) for name, source in wanted.items()}


def say(notice: Notice) -> Mapping[str, Any]:
    """A notice as the values of one text message."""
    [phone] = notice.to
    said = {"title": notice.title, "text": notice.text or notice.title, "link": notice.link}
    return {**said, **notice.values, "phone": phone}
