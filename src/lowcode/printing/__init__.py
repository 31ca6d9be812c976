"""The print engine: templates as trees of blocks, and the papers made of them.

What goes in: `printing/*.json` (a template: page furniture, blocks whose values are expressions) and the facts of one
record as the person printing may see them. What comes out: a **print tree** (plain data, everything already computed,
formatted and in one language), and from it HTML for the screen, PDF, or images of the pages.

A paper is a pure function of (template, snapshot): both are kept with each print, so it can be made again and proven.

The rooms, in reading order:

* `definition`  what may be written; `style` and `blocks/` (one file per kind of block) are its parts
* `compile`     documents to `plan`
* `plan`        what was understood
* `run`         plan and `snapshot` to the print tree; `formats` says how values look in a language
* `drawing/`    seals, QR codes, bar codes as SVG; `rich` and `guarded` are the door for Jinja2 text
* `outputs/`    one file per output: html, pdf (typst, our own prelude), png
* `worker/`     the process in which typst and Jinja2 run, with limits of time and memory
* `fonts`       the faces papers are set in; `glyphs` says which characters no face can draw
* `reading`     the facts of a record, as the person printing may see them
* `operations`, `tables`, `engine`  how it is asked, what it remembers, how the house holds it; `facets` what it adds
                to a record's page
"""
