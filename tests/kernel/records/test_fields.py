"""What each field type makes of what people send, as data: `fields.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.records.fields import Invalid, built_in
from lowcode.kernel.records.show import plain

KINDS = built_in()
CASES = json.loads(Path(__file__).with_name("fields.json").read_text(encoding="utf-8"))


@pytest.mark.requirement("F32")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']}-{case['send']}")
def test_a_value_is_understood_or_refused(case: dict[str, Any]) -> None:
    """One value for everything that means it; what means nothing is refused with its reason, in both languages; what
    is kept is understood as itself."""
    kind = KINDS[case["type"]]
    options = kind.options.model_validate({"name": "x", "type": case["type"], **case.get("options", {})})
    if "refused" in case:
        with pytest.raises(Invalid) as refused:
            kind.coerce(case["send"], options)
        assert refused.value.code == case["refused"]
        assert isinstance(refused.value.message, dict) and refused.value.message.keys() == {"en", "zh-CN"}
        return
    kept = kind.coerce(case["send"], options)
    assert plain(kind.show(kept, options)) == case["kept"]
    assert kind.coerce(kept, options) == kept
