"""Decision tables (DMN 1.5): cells are read, rows are indexed, policies answer, findings name overlaps and gaps.

`cells` reads unary tests → `table` holds what was understood with its `index` → `decide` answers and explains;
`findings` looks for overlaps, unreached rows and gaps when a table is edited. All of this is pure. `workbook` and `dmn`
write a table to a file and read it back, and `statement` decides for all records of a form in one SQL statement.
`operations` is what can be asked, and `designing` what the designer of tables asks beside, with the `words` it shows.
"""
