"""The print engine: templates as trees of blocks, and the papers made of them.

What goes in: `printing/*.json` (a template: page furniture, blocks whose values are expressions) and the facts of one
record as the person printing may see them. What comes out: a **print tree** (plain data, everything already computed,
formatted and in one language), and from it HTML for the screen, PDF, or images of the pages.

A paper is a pure function of (template, snapshot): both are kept with each print, so it can be made again and proven.

The rooms, in reading order:

* `definition`  what may be written in a template
* `blocks/`     its parts, one file per kind of block: what may be written, how it is compiled, how it draws itself;
                with them `style`, `formats`, `values`, `drawing/` (seals and codes as SVG), and `guarded` and `rich`,
                the door for Jinja2 text
* `compile`     documents to `plan`
* `paths`       what a path of a template names: the record at the end of its links
* `sheets`      what is said of the sheet: its size, the form under it, the labels it is cut into
* `plan`        what was understood
* `run/`        plan and `snapshot` to the print tree
* `outputs/`    one file per output: html, pdf (typst, our own prelude), png; `fonts` and `glyphs`; `worker/`, the
                process in which typst and Jinja2 run, with limits of time and memory
* `operations/`, `tables`  how it is asked, and what it remembers
* `facets`, `engine`        what it adds to the page of a record, and how the house holds it

`chinese` has the messages of `diagnostics` in Chinese, for who designs on the page.
"""
