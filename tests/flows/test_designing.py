"""What the designer of flows is told: every kind of step in words, and a beginning that can be published as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lowcode.flows.operations.designing import PUT, WAYS
from lowcode.flows.words import KINDS
from lowcode.host import Host
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity import APP
from lowcode.seeding import seed

CRM = Path(__file__).parents[2] / "examples" / "crm_app"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """The CRM."""
    with Host(str(CRM)) as found:
        found.publish()
        seed(found)
        yield found


def test_every_kind_of_step_has_words(host: Host) -> None:
    """In both languages, in a group that has a name; and a step may name what the app has."""
    palette = host.ask(APP, "flows.palette", form="quote")
    assert {kind["name"] for kind in palette["kinds"]} == set(KINDS)
    for kind in palette["kinds"]:
        assert {"zh-CN", "en"} == set(kind["title"])
        assert kind["group"] in palette["words"]["groups"]
    assert "quotation" in palette["names"]["template"]
    assert "director" in palette["roles"]
    with pytest.raises(Forbidden):
        host.ask(host.actor("li.na"), "flows.palette", form="quote")


@pytest.mark.requirement("SW11", "W1", "SP03")
@pytest.mark.parametrize("kind", PUT)
def test_whatever_is_put_on_an_arrow_can_be_published(host: Host, kind: str) -> None:
    """As it begins, with the ways the designer gives it; a branch asks for its condition, what is set for a value."""
    documents = host.ask(APP, "app.documents")["documents"]
    flow = json.loads(documents["flows/quote_approval.json"])
    palette = host.ask(APP, "flows.palette", form="quote")
    begin = next(each["begin"] for each in palette["kinds"] if each["name"] == kind)
    schema: dict[str, Any] = palette["schema"]
    way = schema["properties"]["nodes"]["items"]["discriminator"]["mapping"][kind].rpartition("/")[2]
    properties = schema["$defs"][way]["properties"]
    first = flow["nodes"][0]
    step = {"id": "put", **json.loads(json.dumps(begin))}
    if kind == "branch":
        step["branches"][0] |= {"to": first["to"], "when": "total > 5"}
        step["otherwise"] = first["to"]
    else:
        step |= {"values": {"subject": '"x"'}} if kind == "set" else {}
        step |= {each: first["to"] for each in ("to", "approved", "rejected") if each in properties}
    arrow = first
    if kind == "end":  # what led on ends here instead
        arrow = next(each for each in flow["nodes"] if each["id"] == "tell")
        flow["nodes"] = [each for each in flow["nodes"] if each["id"] != "approved"]
    arrow["to"] = "put"
    flow["nodes"].insert(1, step)
    found = host.ask(APP, "app.plan", documents={"flows/quote_approval.json": flow})
    assert [] == found["findings"]
    assert set(WAYS) >= {each for each in step if each in ("to", "approved", "rejected", "otherwise")}
