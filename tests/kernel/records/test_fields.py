"""What each field type makes of what people send, as data: `fields.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.records.fields import Invalid, built_in, regions
from lowcode.kernel.records.fields.kind import coercer_of
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


SHORT = [each for each in CASES if any(hasattr(KINDS[each["type"]], way) for way in ("coercer", "plain"))]
SENT = st.one_of(
    st.sampled_from([each["send"] for each in CASES]), st.text(max_size=12), st.booleans(), st.integers(),
    st.floats(), st.decimals(), st.from_regex(r"\A ?[+-]?\d{1,17}([.,]\d{0,9})? ?%?\Z"),
    st.dates(), st.datetimes(), st.dates().map(str), st.from_regex(r"\A\d{4}-?\d\d-?\d{1,3}\Z"),
)  # fmt: skip


@given(case=st.sampled_from(SHORT), sent=SENT.filter(lambda value: value is not None and value != ""))
def test_the_short_way_leads_to_the_same(case: dict[str, Any], sent: Any) -> None:
    """A kind that looks at its options once makes of every value what it makes of it with its options beside it."""
    kind = KINDS[case["type"]]
    options = kind.options.model_validate({"name": "x", "type": case["type"], **case.get("options", {})})
    short = coercer_of(kind, options)
    assert made_of(lambda: short(sent)) == made_of(lambda: kind.coerce(sent, options))


def made_of(make: Callable[[], Any]) -> tuple[str, str]:
    """A value with its type and all its places, or why there is none."""
    try:
        value = make()
    except Invalid as invalid:
        return "refused", f"{invalid.code} {invalid.values}"
    return type(value).__name__, repr(value)


def test_every_region_has_a_code_and_every_code_a_region() -> None:
    """Both files are written from one list: each code leads to a way, and each way of the mainland has a code but the
    towns of the cities that have no districts."""
    ways = {tuple(regions.in_full([code], 3)) for code in regions.codes()}
    named = {
        (province, *below)
        for province, cities in regions.tree().items() if province not in ("台湾省", "香港特别行政区", "澳门特别行政区")
        for below in _ways(cities)
    }  # fmt: skip
    assert {city for _, city, *_ in named - ways} == {"东莞市", "中山市", "儋州市", "嘉峪关市"}
    assert all(len(way) == 3 for way in named - ways)


def _ways(level: Any) -> Iterator[tuple[str, ...]]:
    yield ()
    for name in level:
        for below in _ways(level[name] if isinstance(level, dict) else ()):
            yield (name, *below)
