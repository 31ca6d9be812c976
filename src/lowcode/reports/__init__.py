"""The report engine: questions about many records, answered by the database, never wrong by a join.

What goes in: `reports/*.json`. A **report** groups the records of a form by dimensions and computes measures of each
group; a **dataset** names dimensions and measures once for many reports; a **funnel** reads the history of a state,
which any report may ask as `form.field`, one row for each stay; a **dashboard** lays reports on a grid under common
filters. What comes out: rows of values with their columns, totals computed at their own level, and for every cell the
condition that finds the records behind it, and why it is what it is.

Measures are defined once and made of one another: formulas, shares, ranks, the periods before. Dimensions are fields,
periods of time, bands of numbers, and hierarchies that are walked down. Measures of several forms in one report are
counted each at its own grain and then put side by side, so no join ever counts a record twice. Row permission and
hidden fields hold inside every aggregate.

The rooms, in reading order:

* `definition`  what may be written; `charts/` one file per kind of chart with its closed options, and how it is drawn
* `compile`     documents to `plan`: every expression checked against the form it speaks of; `asking` holds one
                document meanwhile, `dimensions`, `measures` and `funnels` are compiled apart, `checks` is what is
                asked in the end
* `plan`        what was understood
* `run`         pure: periods, combining, sorting, filling, the conditions of a drill; `calculations` what is made of
                other measures; `parts` what adds up; `forecasts` what comes next in a series, `foreseeing` in a report
* `pictures`    charts drawn without a browser, as SVG and PNG; `outlines` thins maps to what a picture shows,
                `outlined` fills one that was drawn
* `operations/` `query` builds and runs the statements, `scans` holds what they counted, `answer` makes rows of it,
                `drawing` what is seen, `outlooks` says how well forecasts did; `export` writes a workbook, `board`
                answers a whole board, `crossing` narrows a tile by what was pressed on another, `exploring` combines
                freely
* `boards/`     people's own boards, boards as files, links to them, boards by mail and chat; `notes` are the texts on
                them, `designing` and `words` are for the designer of those that everybody has
* `mirror/`     a columnar copy that answers questions about many records; `sql/` questions written in SQL
* `designing`   what the designer asks: a report as it would be is checked and run, within `limits`; `words` is what
                charts, aggregates and options are called there
* `tables`      what it remembers of those; `forgetting` takes whoever was erased out of it
* `facets`      what it adds to the app as a person sees it
* `engine`      how the house holds it

`chinese` has the messages of `diagnostics` in Chinese, for who designs on the page.
"""
