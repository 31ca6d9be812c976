"""Paper as one self-contained HTML page: styles inside, pictures inside, no script, nothing fetched.

On the screen it is a sheet on a desk; printed by a browser, its margins carry header, footer and page numbers.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from lowcode.printing.outputs.kind import Draw

SHEET = Path(__file__).with_name("sheet.css")
PAGES_ALONE = (
    "body{margin:0;padding:6mm;background:#e9ecf1;text-align:center}"
    ".sheet{max-width:100%;height:auto;background:#fff;box-shadow:0 1px 6px rgba(20,30,50,.18);margin:0 auto 6mm}"
    ".said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    "@media print{body{padding:0;background:none}.sheet{box-shadow:none;margin:0;display:block;break-after:page}"
    ".said{display:none}}"
)
"""The look of a paper that is shown as pictures of its pages; its words stand beside them for whoever sees none."""
PAGE, PAGES = "\ue000", "\ue001"
FAMILIES = {
    "sans": '"Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","Helvetica Neue",Arial,sans-serif',
    "serif": '"Noto Serif SC","Source Han Serif SC","Songti SC",SimSun,"Times New Roman",serif',
}
Node = Mapping[str, Any]


def document(tree: Node, draw: Draw) -> bytes:
    """The file of a print tree. What stands at places of the sheet is shown as pictures of its pages, as it will be
    printed."""
    if not tree["placed"] and tree["background"] is None:
        return page(tree).encode()
    sheets = "".join(
        f'<img class="sheet" alt="{escape(tree["title"])} {place}" '
        f'src="data:image/svg+xml;base64,{base64.b64encode(each).decode()}">'
        for place, each in enumerate(draw(tree, "svg"), 1)
    )
    sheet = tree["page"]
    said = "".join(nodes(each["body"]) for each in tree["placed"]) + nodes(tree["body"])
    return (
        f'<!doctype html><html lang="{escape(tree["language"])}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(tree["title"])}</title>'
        f"<style>@page{{size:{sheet['width']}mm {sheet['height']}mm;margin:0}}{PAGES_ALONE}"
        f".sheet{{width:{sheet['width']}mm}}</style></head><body>{sheets}"
        f'<div class="said">{said}</div></body></html>\n'
    ).encode()


def page(tree: Node) -> str:
    """The whole page of a print tree."""
    sheet, margin, theme = tree["page"], tree["page"]["margin"], tree["theme"]
    variables = (
        f":root{{--ink:{theme['color']};--accent:{theme['accent']};--size:{theme['size']}pt;"
        f"--sans:{FAMILIES['sans']};--serif:{FAMILIES['serif']};--font:var(--{theme['font']});"
        f"--width:{sheet['width']}mm;--height:{sheet['height']}mm;"
        f"--margin:{margin['top']}mm {margin['right']}mm {margin['bottom']}mm {margin['left']}mm}}"
        f"@page{{size:{sheet['width']}mm {sheet['height']}mm;"
        f"margin:{margin['top']}mm {margin['right']}mm {margin['bottom']}mm {margin['left']}mm;{_boxes(tree)}}}"
    )
    first = tree["header"] if tree["first_header"] is None else tree["first_header"]
    last = tree["furniture"].get("last_footer", tree["footer"])
    parts = [
        _watermark(tree["watermark"]),
        f'<header class="furniture">{nodes(first)}</header>' if first else "",
        nodes(tree["body"]),
        f'<footer class="furniture">{nodes(last)}</footer>' if last else "",
        f'<p class="reprint">{words(tree["reprint"])}</p>' if tree["reprint"] else "",
    ]
    return (
        f'<!doctype html><html lang="{escape(tree["language"])}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(tree["title"])}</title>'
        f"<style>{variables}{SHEET.read_text(encoding='utf-8')}</style></head>"
        f'<body><main class="sheet">{"".join(parts)}</main></body></html>\n'
    )


def nodes(children: Iterable[Node]) -> str:
    """The elements of nodes."""
    return "".join(DRAWN[node["type"]](node) for node in children)


def words(text: str) -> str:
    """Words with line breaks; a page's number is known to the printing browser only."""
    return escape(text.replace(PAGE, "").replace(PAGES, "")).replace("\n", "<br>")


def _boxes(tree: Node) -> str:
    """Texts with page numbers go into the margins of the printed page, where a browser can count."""
    boxes = []
    for node in tree["footer"]:
        if node["type"] == "text" and (PAGE in node["text"] or PAGES in node["text"]):
            side = {"left": "left", "right": "right"}.get(node["style"].get("align", "left"), "center")
            content = "".join(
                " counter(page) " if part == PAGE else " counter(pages) " if part == PAGES else f'"{_css(part)}"'
                for part in _split(node["text"])
            )
            boxes.append(f"@bottom-{side}{{content:{content};font:8pt var(--font);color:#5d6673}}")
    return "".join(boxes)


def _split(text: str) -> list[str]:
    parts = [""]
    for character in text:
        if character in (PAGE, PAGES):
            parts += [character, ""]
        else:
            parts[-1] += character
    return [part for part in parts if part]


def _css(text: str) -> str:
    """A text inside a CSS string inside a style element."""
    return "".join(c if c.isalnum() or c in " -/.,:，。、：第页共" else f"\\{ord(c):x} " for c in text)


def _style(style: Node, **more: Any) -> str:
    rules = {
        "font-size": f"{style['size']}pt" if "size" in style else None,
        "font-weight": style.get("weight"),
        "font-family": f"var(--{style['font']})" if "font" in style else None,
        "letter-spacing": f"{style['spacing']}em" if "spacing" in style else None,
        "color": style.get("color"),
        "background": style.get("background"),
        "text-align": style.get("align"),
        "padding": f"{style['padding']}mm" if "padding" in style else None,
        **more,
    }
    if "border" in style:
        side = "" if style["border"] == "all" else f"-{style['border']}"
        rules[f"border{side}"] = f"0.6pt solid {style.get('border_color', '#c9ced6')}"
    said = ";".join(f"{name}:{value}" for name, value in rules.items() if value is not None)
    return f' style="{escape(said)}"' if said else ""


def _text(node: Node) -> str:
    numbered = PAGE in node["text"] or PAGES in node["text"]
    return f"<p{' class=numbered' if numbered else ''}{_style(node['style'])}>{words(node['text'])}</p>"


def _fields(node: Node) -> str:
    label = f"{node['label_width']}mm" if node["label_width"] is not None else "max-content"
    tracks = " ".join([f"{label} 1fr"] * node["columns"])
    items = "".join(_field(item) for item in node["items"])
    return f'<dl class="fields"{_style(node["style"], **{"grid-template-columns": tracks})}>{items}</dl>'


def _field(item: Node) -> str:
    span = _style(item["style"], **{"grid-column": f"span {2 * item['span'] - 1}"})
    value = f'<div class="rich">{_rich(item["content"])}</div>' if "content" in item else words(item["value"])
    value = _picture(item["picture"]) if "picture" in item else value
    return f"<dt>{words(item['label'])}</dt><dd{span}>{value}</dd>"


def _table(node: Node) -> str:
    columns = node["columns"]
    head = "".join(
        f'<th scope="col"{_style({"align": each["align"]}, width=_width(each["width"]))}>{words(each["title"])}</th>'
        for each in columns
    )
    marked = node["marked"]
    drawn = node.get("pictures", {})
    rows = "".join(_row(row, columns, marked.get(str(place)), drawn, place) for place, row in enumerate(node["rows"]))
    totals = "".join(_total(total, len(columns), node["value_width"]) for total in node["totals"])
    names = " ".join(["lines", *(["zebra"] if node["zebra"] else [])])
    foot = f'<tbody class="totals">{totals}</tbody>' if totals else ""
    table = f'<table class="{names}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot}</table>'
    return f'<div class="scroll"{_style(node["style"])}>{table}</div>'


def _row(row: list[str], columns: list[Node], mark: Node | None, drawn: Node, number: int) -> str:
    """A row; a marked one begins with words over several columns."""
    kind, span = (mark["kind"], mark["span"]) if mark is not None else ("", 1)
    first = f' colspan="{span}"' if span > 1 else ""
    cells = []
    for place, (column, cell) in enumerate(zip([columns[0], *columns[span:]], row, strict=True)):
        over = first if place == 0 else ""
        look = "" if over else _style({**column["style"], "align": column["align"]})
        node = drawn.get(f"{number}/{place}")
        cells.append(f"<td{over}{look}>{words(cell) if node is None else _picture(node)}</td>")
    return f"<tr{f' class={kind}' if kind else ''}>{''.join(cells)}</tr>"


def _total(total: Node, columns: int, width: float) -> str:
    wide = _style({}, **{"min-width": f"{width}mm"})
    text, label, value = (words(total[part]) for part in ("text", "label", "value"))
    cells = f"<span>{text}</span><span>{label}</span><span{wide}>{value}</span>"
    strong = " class=strong" if total["strong"] else ""
    return f'<tr{strong}><td colspan="{columns}"><div class="total">{cells}</div></td></tr>'


def _width(width: float | None) -> str | None:
    return None if width is None else f"{width}mm"


def _columns(node: Node) -> str:
    align = {"top": "start", "middle": "center", "bottom": "end"}[node["align"]]
    tracks = " ".join(f"minmax(0,{width}fr)" for width in node["widths"])
    rules = {"grid-template-columns": tracks, "gap": f"{node['gap']}mm", "align-items": align}
    columns = "".join(f"<div>{nodes(column)}</div>" for column in node["columns"])
    return f'<div class="columns"{_style({}, **rules)}>{columns}</div>'


def _image(node: Node) -> str:
    caption = f"<figcaption>{words(node['caption'])}</figcaption>" if node.get("caption") else ""
    return f"<figure{_style({'align': node['align']})}>{_picture(node)}{caption}</figure>"


def _picture(node: Node, **rules: Any) -> str:
    form = node.get("format", "svg")
    media = {"svg": "image/svg+xml", "jpg": "image/jpeg"}.get(form, f"image/{form}")
    data = base64.b64encode(node["svg"].encode()).decode() if "svg" in node else node["data"]
    size = {"width": _width(node.get("width")), "height": _width(node.get("height"))}
    alt = escape(node.get("alt", node.get("caption", "")))
    return f'<img src="data:{media};base64,{data}" alt="{alt}"{_style({}, **size, **rules)}>'


def _stamp(node: Node) -> str:
    shift = f"translate({node['right']}mm,{node['down']}mm)"
    seal = _picture({"svg": node["svg"], "width": node["size"], "height": node["size"], "alt": node.get("alt", "")})
    return f'<div class="stamp {node["align"]}"><div{_style({}, transform=shift)}>{seal}</div></div>'


def _signature(node: Node) -> str:
    parties = []
    for party in node["parties"]:
        title = f"<h4>{words(party['title'])}</h4>" if party["title"] else ""
        lines = "".join(
            f"<dt>{words(item['label'])}</dt><dd>{_picture(item['picture']) if 'picture' in item else ''}"
            f"{words(item['value'])}</dd>"
            for item in party["items"]
        )
        stamp = _stamp(party["stamp"]) if party["stamp"] is not None else ""
        parties.append(f"<div>{stamp}{title}<dl>{lines}</dl></div>")
    return f'<div class="signature">{"".join(parties)}</div>'


def _watermark(mark: Node | None) -> str:
    if mark is None:
        return ""
    look = _style({"size": mark["size"], "color": mark["color"]})
    return f'<div class="watermark" aria-hidden="true"{look}><span>{words(mark["text"])}</span></div>'


def _rich(content: Iterable[Any]) -> str:
    """Elements of the closed set `rich` lets through; their names come from it, never from the text."""
    written = []
    for piece in content:
        if isinstance(piece, str):
            written.append(words(piece))
        elif piece["tag"] in ("br", "hr"):
            written.append(f"<{piece['tag']}>")
        elif piece["tag"] == "table":
            rows = "".join(f"<tr>{''.join(_rich_cell(cell) for cell in row['cells'])}</tr>" for row in piece["rows"])
            written.append(f"<table>{rows}</table>")
        else:
            align = {"align": piece["align"]} if "align" in piece else {}
            start = f' start="{piece["start"]}"' if piece.get("start", 1) != 1 else ""
            written.append(f"<{piece['tag']}{start}{_style(align)}>{_rich(piece['content'])}</{piece['tag']}>")
    return "".join(written)


def _rich_cell(cell: Node) -> str:
    tag = "th" if cell["head"] else "td"
    return f'<{tag} colspan="{cell["span"]}"{_style({"align": cell["align"]})}>{_rich(cell["content"])}</{tag}>'


def _line(node: Node) -> str:
    rule = f"{node['thickness']}pt solid {node.get('color', '#c9ced6')}"
    return f"<hr{_style({}, **{'border-top': rule})}>"


DRAWN: Mapping[str, Callable[[Node], str]] = {
    "text": _text,
    "boxes": _text,
    "fields": _fields,
    "table": _table,
    "columns": _columns,
    "image": _image,
    "stamp": _stamp,
    "signature": _signature,
    "keep": lambda node: f'<div class="keep">{nodes(node["body"])}</div>',
    "line": _line,
    "space": lambda node: f"<div{_style({}, height=_width(node['height']))}></div>",
    "page_break": lambda node: '<div class="page-break"></div>',
    "rich": lambda node: f'<div class="rich"{_style(node["style"])}>{_rich(node["content"])}</div>',
}
"""How each kind of node is drawn."""
