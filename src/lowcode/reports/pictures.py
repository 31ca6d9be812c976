"""Charts as pictures without a browser: ECharts in a small embedded JavaScript engine, and SVG turned into PNG.

The script is the one that is built with the page (`web/packages/drawing`), so a letter shows what the screen shows.
The engine belongs to one thread, made when the first picture is asked for; a drawing may take so much time and memory
and no more, and after one that took more the engine is made anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lowcode.reports import outlined
from lowcode.reports.charts.svg import FAMILY
from lowcode.reports.outlines import for_pictures

BLANKS = 32
"""So many empty maps are kept, each of one place and size."""
SECONDS, BYTES = 10, 256 * 1024 * 1024
FONT = ("justmytype_intl_cjk", "NotoSansSC*.ttf")
SURROUNDINGS = """
var window = globalThis, global = globalThis, self = globalThis;
var console = {log() {}, warn() {}, error() {}, info() {}};
function setTimeout(work) { return 0; } function clearTimeout() {}
"""
"""What a browser has and the engine has not; nothing is put off, because a picture is drawn at once."""


class PicturesMissing(RuntimeError):
    """What draws pictures is not installed or not built: `lowcode[charts]`, and the built page."""


class Pictures:
    """Draws options of ECharts for one host."""

    def __init__(self) -> None:
        self._process = 0
        self._thread: ThreadPoolExecutor | None = None
        self._engine: Any = None
        self._known: set[str] = set()
        self._blanks: dict[tuple[str, int, int], outlined.Blank] = {}

    def svg(self, drawing: Mapping[str, Any], width: int, height: int) -> str:
        """A drawing as an SVG document. Raises PicturesMissing without the extra."""
        if outlined.fits(drawing):
            return self._outlined(drawing, width, height)
        return self._drawn(drawing, width, height)

    def _outlined(self, drawing: Mapping[str, Any], width: int, height: int) -> str:
        """A map: its outlines are drawn once for a size, and then filled."""
        key = (drawing["maps"][0], width, height)
        found = self._blanks.get(key)
        if found is None:
            names = [each["properties"]["name"] for each in json.loads(built(f"maps/{key[0]}.json"))["features"]]
            found = outlined.Blank.of(self._drawn(outlined.blank(drawing, names), width, height), names)
            self._blanks[key] = found
            while len(self._blanks) > BLANKS:
                self._blanks.pop(next(iter(self._blanks)))
        return found.filled(drawing["option"], height)

    def _drawn(self, drawing: Mapping[str, Any], width: int, height: int) -> str:
        option = json.dumps(drawing["option"], default=_plain, ensure_ascii=False)
        return self._in_thread(lambda: self._draw(option, drawing.get("maps", ()), width, height))

    def words(self, value: Any, spec: Mapping[str, Any]) -> str:
        """A number in words, as the page and the pictures say it."""
        call = json.dumps({"value": value, "spec": dict(spec)}, default=_plain)
        return self._in_thread(lambda: str(self._ready().get("lowcode_words")(call)))

    def close(self) -> None:
        """Let the thread go."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = self._engine = None

    def _in_thread(self, work: Callable[[], str]) -> str:
        if self._thread is None or self._process != os.getpid():  # a child has no threads of its parent
            self._process, self._engine, self._known = os.getpid(), None, set()
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="lowcode-pictures")
        return self._thread.submit(work).result()

    def _draw(self, option: str, maps: Any, width: int, height: int) -> str:
        engine = self._ready()
        try:
            for name in maps:
                if name not in self._known:
                    engine.get("lowcode_outlines")(name, for_pictures(built(f"maps/{name}.json")))
                    self._known.add(name)
            return str(engine.get("lowcode_draw")(option, width, height, FAMILY))
        except Exception:
            self._engine = None  # what ran out of time or memory is in no state to draw again
            raise

    def _ready(self) -> Any:
        if self._engine is None:
            try:
                import quickjs  # an optional dependency, at its one door
            except ImportError:
                raise PicturesMissing("pictures of charts need quickjs; install lowcode[charts]") from None
            made = quickjs.Context()
            made.set_memory_limit(BYTES)
            made.set_max_stack_size(1024 * 1024)
            made.eval(SURROUNDINGS + built("drawing/charts.js"))
            made.eval(
                "var lowcode_draw = (o, w, h, f) => lowcode.draw(o, w, h, f), lowcode_words = (j) => lowcode.words(j), "
                "lowcode_outlines = (n, j) => { lowcode.outlines(n, j); };"
            )
            self._engine, self._known = made, set()  # only what can draw: the script may be missing
        self._engine.set_time_limit(SECONDS)
        return self._engine


def png(svg: str, scale: float = 2) -> bytes:
    """A picture as PNG, set in the packaged font on every machine alike."""
    try:
        import resvg_py  # an optional dependency, at its one door
    except ImportError:
        raise PicturesMissing("pictures as PNG need resvg-py; install lowcode[charts]") from None
    made = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=scale, font_files=[str(font())], skip_system_fonts=True, font_family="Noto Sans SC",
        sans_serif_family="Noto Sans SC",
    )  # fmt: skip
    return bytes(made)


def pdf(svg: str) -> bytes:
    """A picture as a PDF of one page of its size; its words stay words."""
    try:
        import typst  # an optional dependency, at its one door
    except ImportError:
        raise PicturesMissing("pictures as PDF need typst; install lowcode[pdf]") from None
    folders: list[Any] = [str(font().parent)]
    page = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.sheet), format: "svg")'
    made = typst.compile(
        page.encode(),
        sys_inputs={"sheet": svg},
        font_paths=folders,
        ignore_system_fonts=True,
        format="pdf",
    )
    return bytes(made)


@lru_cache(maxsize=1)
def font() -> Path:
    """The packaged font with Chinese signs; found, not imported: only the file is wanted."""
    spec = find_spec(FONT[0])
    for folder in list(spec.submodule_search_locations or ()) if spec else []:
        for path in sorted(Path(folder).rglob(FONT[1])):
            return path
    raise PicturesMissing(f"pictures need the font of {FONT[0]}; install lowcode[charts]")


def built(name: str) -> str:
    """A file that was built with the page."""
    found = files("lowcode").joinpath("web", "static", name)
    if not found.is_file():
        raise PicturesMissing(f"{name} has not been built; run `./dev web`, or install a wheel, which carries it")
    return found.read_text(encoding="utf-8")


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)
