"""Every kind of chart, from records to a picture: the numbers it draws are those of a count by hand, in both
languages, and the server draws it without a browser."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.reports.charts import palette, words
from lowcode.reports.charts.words import Speech
from lowcode.reports.definition import FilterDefinition
from lowcode.reports.engine import Reports
from lowcode.reports.pictures import Pictures, PicturesMissing, font
from tests.reports.gallery import KINDS, READERS, ROWS, open_gallery, summed

Result = Mapping[str, Any]
WEB = Path(__file__).parents[2] / "web" / "packages"


@pytest.fixture(scope="module")
def gallery() -> Host:
    return open_gallery()


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    made = Pictures()
    yield made
    made.close()


def series(result: Result, place: int = 0) -> list[dict[str, Any]]:
    """The marks of a series."""
    found: list[dict[str, Any]] = result["drawing"]["option"]["series"][place]["data"]
    return found


def values(result: Result, place: int = 0) -> list[Any]:
    """The numbers of a series' marks."""
    return [each["value"] for each in series(result, place) if each is not None]


def every(result: Result) -> list[float]:
    """The numbers of all series."""
    return [value for place in range(len(result["drawing"]["option"]["series"])) for value in values(result, place)]


def named(result: Result) -> dict[str, float]:
    """The numbers of marks that have a name."""
    return {each["name"]: each["value"] for each in series(result)}


def leaves(nodes: list[dict[str, Any]]) -> list[float]:
    """The numbers of the leaves of a tree."""
    return [value for node in nodes for value in (leaves(node["children"]) if "children" in node else [node["value"]])]


def flat(value: Any) -> list[float]:
    """The numbers of lists in lists."""
    return [number for each in value for number in flat(each)] if isinstance(value, (list, tuple)) else [float(value)]


WHOLE = sum(summed(None).values())
INDUSTRIES = ("cars", "food", "water")
BY_MONTH = [value for _, value in sorted(summed("month").items())]
COUNTS = [value for _, value in sorted(summed("month", "COUNT").items())]
PROVINCES = sorted(summed("region").values(), reverse=True)
NET = [sum(float(r["amount"]) - float(r["cost"]) - 250000 for r in ROWS if r["closed_on"][:7] == month)
       for month in sorted(summed("month"))]  # fmt: skip


def spread(industry: str) -> list[float]:
    """The quarters of an industry's amounts."""
    found = [float(row["amount"]) for row in ROWS if row["industry"] == industry]
    return statistics.quantiles(found, n=4, method="inclusive")


CHECKS: dict[str, Callable[[Result], tuple[Any, Any]]] = {
    "kpi": lambda r: (r["drawing"]["kpi"]["share"], WHOLE / 12_000_000),
    "bar": lambda r: (values(r), [summed("industry")[name] for name in INDUSTRIES]),
    "horizontal_bar": lambda r: (values(r), PROVINCES),
    "stacked_bar": lambda r: ([sum(each) for each in zip(*(values(r, at) for at in range(3)), strict=True)], BY_MONTH),
    "percent_bar": lambda r: ([sum(each) for each in zip(*(values(r, at) for at in range(3)), strict=True)], [1] * 3),
    "line": lambda r: (values(r), BY_MONTH),
    "smooth_line": lambda r: (sum(every(r)), WHOLE),
    "step_line": lambda r: (values(r), COUNTS),
    "area": lambda r: (values(r), BY_MONTH),
    "stacked_area": lambda r: (sum(every(r)), WHOLE),
    "combo": lambda r: (
        [value * margin for value, margin in zip(values(r, 0), values(r, 1), strict=True)],
        [summed("month")[month] - summed("month", "cost")[month] for month in sorted(summed("month"))],
    ),
    "pie": lambda r: (values(r), [summed("industry")[name] for name in INDUSTRIES]),
    "donut": lambda r: (sum(values(r)), WHOLE),
    "rose": lambda r: (sum(values(r)), len(ROWS)),
    "funnel": lambda r: (values(r, 1), [summed("stage", "COUNT")[name] for name in ("first", "offer", "won")]),
    "loss_funnel": lambda r: (values(r, 1)[1:], [
        max(summed("stage")[one] - summed("stage")[two], 0) for one, two in (("first", "offer"), ("offer", "won"))]),
    "radar": lambda r: ([each[:3] for each in values(r)], [
        [summed("industry")[n], summed("industry", "COUNT")[n], summed("industry", "visits")[n]] for n in INDUSTRIES]),
    "scatter": lambda r: (
        sorted(value for place in range(3) for value in values(r, place)),
        sorted([row["visits"], float(row["amount"])] for row in ROWS),
    ),
    "bubble": lambda r: (sorted(each[1] for each in values(r)), sorted(PROVINCES)),
    "heat_map": lambda r: (sum(each[2] for each in values(r)), WHOLE),
    "calendar": lambda r: (sum(each[1] for each in values(r)), len(ROWS)),
    "treemap": lambda r: (sum(leaves(series(r))), WHOLE),
    "sunburst": lambda r: ([sum(leaves([each])) for each in series(r)], values(r)),
    "sankey": lambda r: (sum(each["value"] for each in r["drawing"]["option"]["series"][0]["links"]), 2 * len(ROWS)),
    "waterfall": lambda r: ([values(r, 1)[-1], values(r, 1)[0]], [sum(NET), NET[0]]),
    "pareto": lambda r: ([*values(r, 0), values(r, 1)[-1]], [*PROVINCES, 1]),
    "histogram": lambda r: (sum(values(r)), len(ROWS)),
    "box_plot": lambda r: ([each[1:4] for each in values(r)], [spread(name) for name in INDUSTRIES]),
    "gauge": lambda r: (values(r), [WHOLE]),
    "progress": lambda r: (values(r), [100]),
    "bullet": lambda r: (
        ([each[0] for each in values(r, 1)], values(r, 0)),
        ([v for _, v in sorted(summed("region", "target").items())], [v for _, v in sorted(summed("region").items())]),
    ),
    "ranking": lambda r: ([(each["place"], each["share"]) for each in r["drawing"]["ranking"]],
                          [(place, value / PROVINCES[0]) for place, value in enumerate(PROVINCES, 1)]),
    "word_cloud": lambda r: (overlaps(r["drawing"]["words"]), 0),
    "map": lambda r: (named(r)["浙江"], summed("region")["浙江省"]),
    "pivot": lambda r: (
        [cell["number"] for cell in r["drawing"]["pivot"]["grand"]["totals"]],
        [WHOLE, round(sum(float(x["amount"]) - float(x["cost"]) for x in ROWS) / WHOLE, 4)],
    ),
    "cohort": lambda r: (cohort_cell(r, "2026-01", 1), sum(
        1 for row in ROWS if (row["started_on"][:7], row["closed_on"][:7]) == ("2026-01", "2026-02"))),
    "timeline": lambda r: (len(values(r, 1)), sum(1 for row in ROWS if float(row["amount"]) > 700_000)),
    "table": lambda r: ([float(row[2]) for row in r["rows"]], [summed("industry")[name] for name in INDUSTRIES]),
}  # fmt: skip
"""For each kind what it draws, and what a count of the rows by hand says."""


def overlaps(cloud: list[Mapping[str, Any]]) -> int:
    """How many pairs of words cover one another."""
    boxes = [(each["x"], each["y"], len(each["text"]) * each["size"] * 0.9, each["size"]) for each in cloud]
    pairs = ((one, other) for at, one in enumerate(boxes) for other in boxes[:at])
    return sum(abs(a[0] - b[0]) * 2 < a[2] + b[2] and abs(a[1] - b[1]) * 2 < a[3] + b[3] for a, b in pairs)


def cohort_cell(result: Result, start: str, age: int) -> int:
    """The number in a cell of a cohort table."""
    lines = result["drawing"]["cohort"]["lines"]
    first = min(str(row[0])[:7] for row in result["rows"])
    assert first == start
    return int(lines[0]["cells"][age]["exact"])


@pytest.mark.requirement("SB01", "B1", "SB03", "SB04", "SB05", "B3", "B4", "B5", "B6", "B7", "B8", "B9")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_the_numbers_of_a_count_by_hand(gallery: Host, pictures: Pictures, kind: str) -> None:
    """What is drawn is what the records say; the words are the reader's; the picture is a whole SVG document."""
    drawn = {}
    for tag, reader in READERS.items():
        result = gallery.ask(reader, "reports.run", report=kind)
        shown, counted = CHECKS[kind](result)
        assert flat(shown) == pytest.approx(flat(counted), rel=1e-3), kind
        picture = gallery.ask(reader, "reports.picture", report=kind, width=640, height=360)
        assert picture["media_type"] == "image/svg+xml"
        root = ElementTree.fromstring(picture["content"])
        assert (root.tag.rpartition("}")[2], root.get("width")) == ("svg", "640")
        drawn[tag] = {text.strip() for text in root.itertext() if text.strip()}
        assert drawn[tag], "a picture without a word"
        assert picture["name"] == f"{localized(result['title'], tag)}.svg"
    if kind not in ("word_cloud", "timeline", "ranking"):  # whose words are names alone
        assert drawn["zh-CN"] != drawn["en"]


def test_the_gallery_shows_every_kind() -> None:
    """A new kind of chart joins the gallery."""
    assert KINDS == sorted(Reports().charts.names)
    assert len(KINDS) >= 38


def keys(path: str, table: str) -> set[str]:
    """The keys of a table in the page's source."""
    found = re.search(rf"{table}[^=]*= \{{(.*?)\}};", (WEB / path).read_text("utf-8"), re.DOTALL)
    assert found is not None, path
    return set(re.findall(r"(\w+):", found.group(1)))


def test_the_page_draws_every_kind(gallery: Host) -> None:
    """By a component of its own, or of series the page loads; what boards are filtered by has its input, too. The page
    knows no kind that the server does not."""
    own, loaded = keys("runtime/src/dashboards/kinds.tsx", "COMPONENTS"), keys("drawing/src/parts.ts", "SERIES")
    drawn: dict[str, set[str]] = {}
    for kind in KINDS:
        option = gallery.ask(READERS["en"], "reports.run", report=kind)["drawing"].get("option")
        drawn[kind] = {each["type"] for each in option["series"]} if option else set()
    assert {kind for kind, series in drawn.items() if not series} - {"table"} == own
    assert set().union(*drawn.values()) == loaded
    filters = get_args(FilterDefinition.model_fields["type"].annotation)
    assert set(filters) - {"period"} == keys("runtime/src/dashboards/filters.tsx", "INPUTS")


def test_a_mark_knows_the_records_behind_it(gallery: Host) -> None:
    """A branch of a treemap and a flow of a sankey carry the values that find their records."""
    reader = READERS["en"]
    tree = gallery.ask(reader, "reports.run", report="treemap")
    branch = series(tree)[0]
    found = gallery.ask(reader, "reports.drill", report="treemap", drill=branch["key"])
    listed = gallery.ask(reader, "records.list", type="deal", where=found["where"], limit=100)
    assert sum(float(each["amount"]) for each in listed["items"]) == branch["value"]
    link = gallery.ask(reader, "reports.run", report="sankey")["drawing"]["option"]["series"][0]["links"][0]
    found = gallery.ask(reader, "reports.drill", report="sankey", drill=link["key"])
    assert (
        len(gallery.ask(reader, "records.list", type="deal", where=found["where"], limit=100)["items"]) == link["value"]
    )


@pytest.mark.parametrize("tag", READERS)
def test_a_map_that_is_filled_is_the_map_that_would_be_drawn(gallery: Host, pictures: Pictures, tag: str) -> None:
    """Outlines kept from an earlier picture get the colours, names and scale that drawing it all would have given."""

    def seen(picture: str) -> tuple[dict[str, tuple[int, ...]], list[str]]:
        fills = re.findall(r'<path d="([^"]+)" fill="([^"]+)"', picture)
        numbers = {
            path: tuple(int(fill[at : at + 2], 16) for at in (1, 3, 5)) if fill.startswith("#")
            else tuple(map(int, re.findall(r"\d+", fill)))
            for path, fill in fills
        }  # fmt: skip
        return numbers, sorted(re.findall(r">([^<>]+)</text>", picture))

    drawing = gallery.ask(READERS[tag], "reports.run", report="map")["drawing"]
    pictures.svg({**drawing, "option": {**drawing["option"]}}, 700, 420)
    assert seen(pictures.svg(drawing, 700, 420)) == seen(pictures._drawn(drawing, 700, 420))


def test_a_calendar_has_a_square_per_day(gallery: Host) -> None:
    """As many as the year has days, the busiest the darkest, in weeks from Monday."""
    made = gallery.ask(READERS["en"], "reports.picture", report="calendar", width=700, height=420)["content"].decode()
    drawing = gallery.ask(READERS["en"], "reports.run", report="calendar")["drawing"]["option"]
    first, last = (date.fromisoformat(each) for each in drawing["calendar"]["range"])
    squares = re.findall(r'<rect x="[^"]+" y="([^"]+)"[^>]*fill="([^"]+)"', made)[1:]
    assert len(squares) == (last - first).days + 1
    busiest = max((each["value"] for each in drawing["series"][0]["data"]), key=lambda each: each[1])[0]
    at = (date.fromisoformat(busiest) - first).days
    assert squares[at][1] == palette.HEAT[-1]
    assert len({y for y, _ in squares}) == 7


def test_a_picture_is_a_png_with_chinese_signs(gallery: Host) -> None:
    """Pixels, twice as fine as asked, set in a font that has the signs: two different signs look different."""
    made = gallery.ask(READERS["zh-CN"], "reports.picture", report="bar", format="png", width=400, height=240)
    assert made["content"][:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made["content"][16:20]) == 800
    english = gallery.ask(READERS["en"], "reports.picture", report="bar", format="png", width=400, height=240)
    assert made["content"] != english["content"]


def test_what_is_missing_is_named(gallery: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its font a picture is refused, with the cure; the rows are answered all the same."""
    monkeypatch.setattr("lowcode.reports.pictures.FONT", ("no_such_package", "*.ttf"))
    font.cache_clear()
    with pytest.raises(Rejected) as refused:
        gallery.ask(READERS["en"], "reports.picture", report="bar", format="png")
    font.cache_clear()
    assert refused.value.problems[0].code == "reports.no-pictures"
    assert "lowcode[charts]" in str(refused.value)


@settings(deadline=None, max_examples=60)
@given(
    value=st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    form=st.sampled_from([None, "money", "percent"]),
    brief=st.booleans(),
    locale=st.sampled_from(["zh-CN", "en"]),
)
def test_the_page_and_the_server_say_numbers_alike(
    pictures: Pictures, value: Decimal, form: str | None, brief: bool, locale: str
) -> None:
    """万 and 亿, K and M, signs of currencies, percents: one rule, two languages of programming."""
    speech = Speech(locale, "CNY")
    column = {"format": form, "scale": 2}
    said = words.brief(column, value, speech) if brief else words.exact(column, value, speech)
    spec = {**column, "brief": brief, "sign": speech.sign, "chinese": speech.chinese}
    assert pictures.words(f"{value}", spec) == said


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("12345678", "1235 万", "12.3M"),
        ("987654321", "9.9 亿", "988M"),
        ("9999", "9,999", "9,999"),
        ("-45000", "-4.5 万", "-45K"),
    ],
)
def test_large_numbers_in_few_signs(value: str, chinese: str, english: str) -> None:
    """As people of each language count."""
    found = [words.short(Decimal(value), Speech(tag)) for tag in ("zh-CN", "en")]
    assert found == [chinese, english]


def test_a_script_that_is_missing_is_said_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was not built has no script to draw with: the second picture is refused like the first."""

    def missing(path: str) -> str:
        raise PicturesMissing(path)

    monkeypatch.setattr("lowcode.reports.pictures.built", missing)
    drawing = Pictures()
    for _ in range(2):
        with pytest.raises(PicturesMissing):
            drawing.svg({"option": {}}, 100, 100)
    drawing.close()
