"""A bar code (Code 128) as SVG: digits in pairs where that is shorter, everything else as characters."""

from __future__ import annotations

WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
""".split()  # noqa: SIM905 - a table, read by its columns
START_CHARACTERS, START_PAIRS, TO_PAIRS, TO_CHARACTERS, STOP = 104, 105, 99, 100, 106


class NotEncodable(ValueError):
    """A bar code of this kind holds printable ASCII only."""


def symbols_of(content: str) -> list[int]:
    """The symbols of a text, check symbol and stop included."""
    if not content or any(not 32 <= ord(character) < 127 for character in content):
        raise NotEncodable(content)
    symbols: list[int] = []
    pairs = False
    position = 0
    while position < len(content):
        run = len(content) - position - len(content[position:].lstrip("0123456789"))
        long_enough = run >= 4 or (run >= 2 and run == len(content))
        if long_enough and not pairs:
            if run % 2 and symbols:
                symbols.append(ord(content[position]) - 32)
                position += 1
            symbols.append(TO_PAIRS if symbols else START_PAIRS)
            pairs = True
        elif pairs and run < 2:
            symbols.append(TO_CHARACTERS)
            pairs = False
        elif not symbols:
            symbols.append(START_CHARACTERS)
        if pairs:
            symbols.append(int(content[position : position + 2]))
            position += 2
        else:
            symbols.append(ord(content[position]) - 32)
            position += 1
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % 103
    return [*symbols, check, STOP]


def barcode_svg(content: str, height: float = 40.0) -> str:
    """The bars of a text, with the quiet zone a scanner needs."""
    position = 10
    bars = []
    for symbol in symbols_of(content):
        for index, width in enumerate(map(int, WIDTHS[symbol])):
            if index % 2 == 0:
                bars.append(f"M{position} 0h{width}v{height:g}h-{width}z")
            position += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {position + 10} {height:g}" preserveAspectRatio="none" '
        f'shape-rendering="crispEdges"><path d="{"".join(bars)}"/></svg>'
    )
