"""Decision tables (DMN 1.5): cells are read, rows are indexed, policies answer, findings name overlaps and gaps.

`cells` reads unary tests → `table` holds what was understood with its `index` → `decide` answers and explains;
`findings` looks for overlaps, unreached rows and gaps when a table is edited. Everything here is pure.
"""
